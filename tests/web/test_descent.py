"""The page /descent: the numbers of the API, the state in the address, and for everyone."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import PHONE, open_page

CALM = "/descent?run=gradient_descent,learning_rate:0.1&at=2"
RAVINE = (
    "/descent?surface=rosenbrock&run=gradient_descent,learning_rate:0.001"
    "&run=adam,learning_rate:0.1,schedule:step,gamma:0.5&max=400&at=20&sel=2"
)
PLACES = {
    "calm": CALM,
    "ravine": RAVINE,
    "diverged": "/descent?run=gradient_descent,learning_rate:0.25&max=500&at=9",
    "wrong": "/descent?surface=nonsense&at=3",
}


def path_of(server: str, rate: float, **more: Any) -> dict[str, Any]:
    body = {
        "surface": {"name": "lecture_quadratic"},
        "start": [3, 3],
        "optimizer": {"name": "gradient_descent", "learning_rate": rate},
        "stop": {"max_iterations": 200, "gradient_norm": 1e-6},
        **more,
    }
    return httpx.post(f"{server}/api/descent", json=body).json()


def titles(page: Page, k: int) -> list[float | None]:
    """Every digit of a row: x1, x2, f, the gradient's norm and the step size."""
    cells = page.locator(f'[data-testid="iterates"] tr[data-k="{k}"] td')
    texts = [cell.get_attribute("title") for cell in cells.all()]
    return [None if text is None else float(text.replace("−", "-")) for text in texts]


def test_the_table_holds_the_numbers_of_the_api(page: Page, server: str):
    open_page(page, CALM)
    path = path_of(server, 0.1)
    assert path["iterations"] == 76
    for k in (0, 1, 2, 3, 40, 76):
        step = path["step_size"][k] if k < 76 else None
        expected = [*path["theta"][k], path["value"][k], path["gradient_norm"][k], step]
        assert titles(page, k) == expected
    first = page.locator('[data-testid="iterates"] tr[data-k="1"]')
    expect(first).to_contain_text("2.1")
    expect(first).to_contain_text("5.40000")


def test_the_step_is_written_out_with_its_numbers(page: Page):
    open_page(page, CALM.replace("at=2", "at=0"))
    arithmetic = page.get_by_test_id("arithmetic")
    expect(arithmetic).to_contain_text(re.compile(r"3\s−\s0\.1\s·\s9\s*= 2\.1"))
    expect(arithmetic).to_contain_text(re.compile(r"3\s−\s0\.1\s·\s27\s*= 0\.3"))
    page.keyboard.press("ArrowRight")
    expect(arithmetic).to_contain_text("Step 1 → 2")
    expect(page.get_by_test_id("curvature")).to_contain_text("0.24503")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("run=gradient_descent,learning_rate:0.1", "Stopped at k = 76: ‖∇f‖ < 1e−6."),
        ("run=gradient_descent,learning_rate:0.2", "Stopped at k = 38: ‖∇f‖ < 1e−6."),
        ("run=gradient_descent&ef=1e-3&eg=off", "Stopped at k = 20: |Δf| < 0.001."),
        ("run=gradient_descent,learning_rate:0.25&max=500", "Diverged"),
        ("run=newton", "Stopped at k = 1: ‖∇f‖ < 1e−6."),
    ],
)
def test_the_ending_says_what_fired_and_when(page: Page, query: str, sentence: str):
    open_page(page, f"/descent?{query}&at=0")
    expect(page.get_by_test_id("ending-A")).to_contain_text(sentence)


def test_a_row_and_the_keys_move_the_playhead(page: Page):
    open_page(page, CALM)
    current = page.locator('[data-testid="iterates"] tr[aria-current]')
    expect(current).to_have_attribute("data-k", "2")
    page.locator('[data-testid="iterates"] tr[data-k="5"]').click()
    expect(current).to_have_attribute("data-k", "5")
    page.keyboard.press("ArrowLeft")
    expect(current).to_have_attribute("data-k", "4")
    page.keyboard.press("End")
    expect(current).to_have_attribute("data-k", "76")
    expect(page).to_have_url(re.compile("at=76"))


def test_an_iteration_takes_120_ms(page: Page):
    page.clock.install()
    open_page(page, CALM.replace("at=2", "at=0"))
    page.clock.pause_at(page.evaluate("() => Date.now() + 1000"))
    page.get_by_test_id("play").click()
    page.clock.run_for(120 * 5 + 60)
    page.keyboard.press("Space")
    current = page.locator('[data-testid="iterates"] tr[aria-current]')
    expect(current).to_have_attribute("data-k", "5")


def test_the_start_moves_by_keys_and_by_dragging_and_back_undoes_it(page: Page, server: str):
    open_page(page, CALM)
    start = page.get_by_test_id("start")
    start.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"start=3\.1,3&"))
    first = page.locator('[data-testid="iterates"] tr[data-k="1"] td').first
    moved = path_of(server, 0.1, start=[3.1, 3])
    expect(first).to_have_attribute("title", str(moved["theta"][1][0]))

    box = start.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 16, box["y"] + 16)
    page.mouse.down()
    page.mouse.move(box["x"] - 60, box["y"] + 90, steps=6)
    page.mouse.up()
    expect(page).not_to_have_url(re.compile(r"start=3\.1,3&"))
    expect(first).not_to_have_attribute("title", str(moved["theta"][1][0]))
    page.go_back()
    expect(page).to_have_url(re.compile(r"start=3\.1,3&"))
    expect(first).to_have_attribute("title", str(moved["theta"][1][0]))


def test_the_pointer_reads_the_surface(page: Page):
    open_page(page, CALM)
    page.get_by_test_id("plot").hover(position={"x": 200, "y": 150})
    readout = page.get_by_test_id("readout")
    expect(readout).to_contain_text(re.compile(r"x1 = .*x2 = .*f = \d"))
    page.mouse.wheel(0, -300)
    expect(page).to_have_url(re.compile("view="))
    page.get_by_role("button", name="The whole surface").click()
    expect(page).not_to_have_url(re.compile("view="))


def test_runs_can_be_added_and_removed(page: Page):
    open_page(page, CALM)
    page.get_by_role("button", name="Add a run").click()
    expect(page.get_by_test_id("ending-B")).to_be_visible()
    page.get_by_role("button", name="Remove run A").click()
    expect(page.get_by_test_id("ending-B")).to_have_count(0)
    expect(page).to_have_url(re.compile("run=sign_descent"))


def test_a_reload_shows_the_same(page: Page):
    open_page(page, RAVINE)
    page.get_by_role("button", name="Zoom in").click()
    expect(page).to_have_url(re.compile("view="))
    before = titles(page, 20), page.url
    page.reload()
    page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")
    assert (titles(page, 20), page.url) == before
    expect(page.get_by_test_id("arithmetic")).to_contain_text("Step 20 → 21, Adam")


def test_a_wrong_address_gets_a_sentence(page: Page):
    open_page(page, PLACES["wrong"])
    expect(page.get_by_test_id("problem")).to_contain_text("“surface=nonsense” in the address")
    expect(page.get_by_test_id("ending-A")).to_contain_text("Stopped at k = 76")


def test_a_refusal_is_a_sentence_and_the_last_picture_stays(page: Page):
    open_page(page, CALM)
    rate = page.get_by_label("Learning rate")
    before = titles(page, 1)
    page.route(
        "**/api/descent",
        lambda route: route.fulfill(status=503, json={"error": {"message": "Too busy."}}),
    )
    rate.fill("0.2")
    rate.blur()
    expect(page.get_by_test_id("error")).to_contain_text("Too busy.")
    assert titles(page, 1) == before
    page.unroute("**/api/descent")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_test_id("ending-A")).to_contain_text("Stopped at k = 38")


def test_on_a_phone_the_settings_and_the_details_are_sheets(page: Page):
    page.set_viewport_size(PHONE)
    open_page(page, CALM)
    preset = page.get_by_test_id("preset")
    expect(preset).not_to_be_in_viewport()
    page.get_by_role("button", name="Settings").click()
    expect(preset).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(preset).not_to_be_in_viewport()
    page.get_by_role("button", name="Details").click()
    expect(page.get_by_test_id("arithmetic")).to_be_in_viewport()
