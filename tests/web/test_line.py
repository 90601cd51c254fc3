"""The page /descent in one variable: the numbers of the API, the increment, the lit branch."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import open_page
from tests.web.numbers import as_shown, read_back

STEPS = (
    "/descent?surface=parabola&start=3&run=sign_descent,learning_rate:0.5"
    "&run=sign_descent,learning_rate:0.4&run=gradient_descent,learning_rate:0.1&max=40"
)
ONE = "/descent?surface=parabola&start=3&run=gradient_descent,learning_rate:0.1"
PLACES = {
    "steps": f"{STEPS}&at=6",
    "halfway": f"{STEPS}&at=8.5&sel=2",
    "near": f"{ONE}&at=0&view=2.9999,3.0001&dx=0.00002",
    "wells": "/descent?surface=double_well&start=-0.2&run=adam,learning_rate:0.5&run=newton&at=9",
    "climbing": "/descent?surface=sine&dir=ascend&run=gradient_descent&at=2&dx=-1",
    "outside": f"{ONE}&at=0&view=-2,1",
}


def point(server: str, surface: str, x: float) -> dict[str, Any]:
    body = {"surface": {"name": surface}, "at": [x]}
    return httpx.post(f"{server}/api/curvature", json=body).json()


def path_of(server: str, rate: float, name: str, **more: Any) -> dict[str, Any]:
    body = {
        "surface": {"name": "parabola"},
        "start": [3],
        "optimizer": {"name": name, "learning_rate": rate},
        "stop": {"max_iterations": 40, "gradient_norm": 1e-6},
        **more,
    }
    return httpx.post(f"{server}/api/descent", json=body).json()


def number(found: Locator) -> float:
    """Every digit of a number, once it is there."""
    expect(found).to_have_attribute("title", re.compile(r"\d"))
    return read_back(found.get_attribute("title") or "")


def lit(page: Page, letter: str) -> Locator:
    return page.get_by_test_id(f"variant-{letter}").locator("li.lit")


def drag(page: Page, handle: Locator, by: float) -> None:
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y, steps=5)
    page.mouse.up()


def test_the_table_holds_the_numbers_of_the_api(page: Page, server: str):
    open_page(page, f"{STEPS}&at=3&sel=3")
    path = path_of(server, 0.1, "gradient_descent")
    heads = page.locator('[data-testid="iterates"] thead th').all_text_contents()
    assert heads == ["k", "x", "f", "|f′|", "η"]
    for k in (0, 1, 7, 39):
        cells = page.locator(f'[data-testid="iterates"] tr[data-k="{k}"] td').all()
        shown = [read_back(cell.get_attribute("title") or "") for cell in cells]
        assert shown == [
            path["theta"][k][0],
            path["value"][k],
            path["gradient_norm"][k],
            path["step_size"][k],
        ]


def test_the_increment_compares_the_curve_with_its_tangent(page: Page, server: str):
    open_page(page, f"{ONE}&at=0&dx=0.1")
    here, there = point(server, "parabola", 3), point(server, "parabola", 3 + 0.1)
    rise = there["value"] - here["value"]
    linear = here["gradient"][0] * 0.1
    assert (round(rise, 9), round(linear, 9)) == (0.61, 0.6)
    card = page.get_by_test_id("increment")
    assert number(card.get_by_test_id("dy")) == rise
    assert number(card.get_by_test_id("linear")) == linear
    assert number(card.get_by_test_id("left-over")) == rise - linear
    expect(card.get_by_test_id("left-over")).to_have_text(as_shown(rise - linear))
    expect(card).to_contain_text("1.000 · Δx², where ½ f″ = 1")


def test_the_increment_follows_its_field_its_handle_and_the_keys(page: Page, server: str):
    open_page(page, f"{ONE}&at=0&dx=0.5")
    rise = page.get_by_test_id("dy")
    expect(rise).to_have_text("3.25")
    handle = page.get_by_test_id("increment-handle")
    handle.focus()
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile(r"dx=0\.4&"))
    expect(rise).to_have_attribute("title", str(point(server, "parabola", 3.4)["value"] - 9))
    expect(page).to_have_url(re.compile(r"at=0$"))

    drag(page, handle, -200)
    dx = float(handle.get_attribute("aria-valuenow") or "")
    width = page.get_by_test_id("plot").evaluate("(plot) => plot.clientWidth")
    assert dx == pytest.approx(0.4 - 200 * 8 / width, abs=0.02)
    expect(page).to_have_url(re.compile(rf"dx={dx:g}&"))
    expected = point(server, "parabola", 3 + dx)["value"] - 9
    expect(rise).to_have_attribute("title", str(expected).replace("-", "−"))

    field = page.get_by_label("Increment Δx").and_(page.locator("input"))
    field.fill("0.1")
    field.blur()
    expect(rise).to_have_text("0.6100")
    expect(page).to_have_url(re.compile(r"dx=0\.1&"))
    page.reload()
    expect(rise).to_have_text("0.6100")


def test_until_it_is_chosen_the_increment_fits_the_window(page: Page):
    open_page(page, f"{ONE}&at=0&view=2.5,3.5")
    expect(page.get_by_test_id("increment-handle")).to_have_attribute("aria-valuenow", "0.1")
    expect(page.get_by_test_id("dy")).to_have_text("0.6100")
    expect(page).not_to_have_url(re.compile("dx="))


def test_a_bad_increment_gets_a_sentence(page: Page):
    open_page(page, f"{ONE}&at=0&dx=2e6")
    expect(page.get_by_test_id("problem")).to_contain_text("“dx=2e6” in the address")
    field = page.get_by_label("Increment Δx").and_(page.locator("input"))
    field.fill("much")
    field.blur()
    expect(page.get_by_test_id("increment")).to_contain_text("Expected a number from")


def test_zooming_in_makes_the_curve_its_tangent(page: Page):
    open_page(page, f"{ONE}&at=0")
    gap, share = page.get_by_test_id("gap"), page.get_by_test_id("gap-share")
    expect(gap).to_contain_text("any smooth curve becomes its tangent")
    before = number(share)
    for _ in range(4):
        page.get_by_role("button", name="Zoom in").click()
    expect(page).to_have_url(re.compile("view="))
    expect(share).not_to_have_attribute("title", str(before))
    page.wait_for_load_state("networkidle")
    middle = number(share)
    page.get_by_test_id("start").focus()
    for _ in range(12):
        page.keyboard.press("+")
    page.wait_for_load_state("networkidle")
    expect(share).not_to_have_attribute("title", str(middle))
    assert number(share) < 1 < middle < before
    page.keyboard.press("-")
    page.get_by_role("button", name="The whole surface").click()
    expect(share).to_have_attribute("title", str(before))


def test_at_the_bottom_the_page_says_why_zooming_changes_nothing(page: Page):
    open_page(page, f"{STEPS}&at=6")
    expect(page.get_by_test_id("gap")).to_contain_text("the height is fitted to the bend alone")
    open_page(page, f"{ONE}&at=0&view=-2,1")
    expect(page.get_by_test_id("gap")).to_have_text("The current point is outside of this window.")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (f"{ONE}&at=0", "f′ = 6 > 0: move left"),
        (f"{ONE.replace('start=3', 'start=-3')}&at=0", "f′ = −6 < 0: move right"),
        (f"{ONE}&dir=ascend&at=0", "f′ = 6 > 0: move right"),
        (f"{STEPS}&at=6", "f′ = 0: stay"),
    ],
)
def test_the_sign_of_the_slope_says_where_to_go(page: Page, query: str, sentence: str):
    open_page(page, query)
    expect(page.get_by_test_id("hint")).to_have_text(sentence)


def test_the_lines_that_run_are_lit_with_their_numbers(page: Page):
    open_page(page, f"{STEPS}&at=5")
    expect(lit(page, "A")).to_contain_text("0.5 − 1 · 0.5 = 0")
    expect(lit(page, "B")).to_have_attribute("data-line", "step")
    expect(page.get_by_test_id("remark-A")).to_have_text("f: 0.25 → 0, lower.")
    page.keyboard.press("ArrowRight")
    expect(lit(page, "A")).to_have_attribute("data-line", "while")
    expect(lit(page, "A")).to_contain_text("0 = 0")
    expect(page.get_by_test_id("remark-A")).to_have_text("f′ = 0 at k = 6: it has landed.")


def test_one_step_lands_and_the_other_never_does(page: Page, server: str):
    lands, hops = (path_of(server, rate, "sign_descent") for rate in (0.5, 0.4))
    assert (lands["iterations"], lands["theta"][6]) == (6, [0])
    assert hops["stopped_by"] == "max_iterations"
    open_page(page, f"{STEPS}&at=40")
    expect(page.get_by_test_id("remark-A")).to_contain_text("k = 6: it has landed")
    between = " and ".join(as_shown(hops["theta"][k][0], 5) for k in (39, 40))
    expect(page.get_by_test_id("remark-B")).to_contain_text(f"hops between {between}")
    expect(lit(page, "B")).to_have_count(0)


def test_the_branch_changes_with_the_sign(page: Page, server: str):
    catalog = httpx.get(f"{server}/api/catalog").json()
    if not any(each["name"] == "branch_descent" for each in catalog["optimizers"]):
        pytest.skip("the catalogue has no if/else form yet")
    open_page(page, "/descent?surface=parabola&start=3&run=branch_descent,learning_rate:0.4&at=7")
    first = lit(page, "A").evaluate_all("(lines) => lines.map((line) => line.dataset.line)")
    page.keyboard.press("ArrowRight")
    expect(lit(page, "A").last).not_to_have_attribute("data-line", first[-1])
    second = lit(page, "A").evaluate_all("(lines) => lines.map((line) => line.dataset.line)")
    assert {tuple(first), tuple(second)} == {("if", "then"), ("if", "else", "otherwise")}


def test_the_start_moves_by_keys_and_by_dragging_and_back_undoes_it(page: Page, server: str):
    open_page(page, f"{ONE}&at=0&max=40")
    start = page.get_by_test_id("start")
    start.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"start=3\.1&"))
    first = page.locator('[data-testid="iterates"] tr[data-k="1"] td').first
    moved = str(path_of(server, 0.1, "gradient_descent", start=[3.1])["theta"][1][0])
    expect(first).to_have_attribute("title", moved)
    drag(page, start, -150)
    expect(page).not_to_have_url(re.compile(r"start=3\.1&"))
    width = page.get_by_test_id("plot").evaluate("(plot) => plot.clientWidth")
    found = float(re.findall(r"start=([\d.]+)&", page.url)[0])
    assert found == pytest.approx(3.1 - 150 * 8 / width, abs=0.02)
    expect(first).not_to_have_attribute("title", moved)
    page.go_back()
    expect(first).to_have_attribute("title", moved)


def test_the_ground_can_be_dragged_and_the_pointer_reads_the_curve(page: Page, server: str):
    open_page(page, f"{ONE}&at=0")
    plot = page.get_by_test_id("plot")
    box = plot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 300, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 400, box["y"] + 60, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"view=-5\.\d+,2\.[89]\d+"))
    shown = [float(end) for end in re.findall(r"view=([-\d.]+),([-\d.]+)", page.url)[0]]
    width = plot.evaluate("(plot) => plot.clientWidth")
    assert shown == pytest.approx([-4 - 800 / width, 4 - 800 / width], abs=1e-4)

    page.mouse.move(box["x"] + 200, box["y"] + 90)
    readout = page.get_by_test_id("readout")
    expect(readout).to_contain_text("f =")
    x, f = (number(readout.locator("span[title]").nth(i)) for i in (0, 1))
    slope = number(readout.locator("span[title]").nth(2))
    there = point(server, "parabola", x)
    assert (f, slope) == (there["value"], there["gradient"][0])


def test_the_playhead_moves_what_stands_on_the_curve(page: Page):
    open_page(page, f"{ONE}&at=0&max=40")
    tangent = page.get_by_test_id("tangent")
    before = tangent.get_attribute("y1")
    page.keyboard.press("ArrowRight")
    expect(tangent).not_to_have_attribute("y1", str(before))
    expect(page.get_by_test_id("hint")).to_have_text("f′ = 4.8 > 0: move left")


def test_a_reload_shows_the_same(page: Page):
    open_page(page, f"{STEPS}&at=4&sel=2&dx=0.25")
    page.get_by_role("button", name="Zoom in").click()
    expect(page).to_have_url(re.compile("view="))
    page.wait_for_load_state("networkidle")
    share, rise = (page.get_by_test_id(name) for name in ("gap-share", "dy"))
    before = number(share), number(rise), page.url
    page.reload()
    page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")
    assert number(rise) == before[1]
    assert (number(share), page.url) == (pytest.approx(before[0], rel=1e-3), before[2])
