"""The update and its effect: the arithmetic, the loss, the timeline, branches compared."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import open_page
from tests.web.numbers import as_shown, read_back

Json = dict[str, Any]
STOOD = "/propagate?preset=mse_identity&n=6&at=87&lens=update"
BRANCH = "branch=3~gradient_descent,learning_rate:0.5"
SECOND = {"at": 2, "iterations": 4, "optimizer": {"learning_rate": 0.5}}
PLACES = {
    "plain": f"{STOOD}&move=W[2]:9",
    "branches": f"{STOOD}&{BRANCH};1~adam&compare=AC:dZ[2]",
    "optimizer": "/propagate?preset=ce_softmax&opt=adam&at=10&lens=update&move=b[1]:2",
    "forward": "/propagate?preset=demo_1&at=2&lens=update",
}


def open_lens(page: Page, path: str) -> None:
    """Open the lens, and wait until its numbers are there."""
    open_page(page, path)
    expect(page.locator("#lens")).not_to_contain_text("Computing the update…")


@pytest.fixture
def body(presets: dict[str, Json]) -> Json:
    return presets["mse_identity"]["request"] | {"iterations": 6}


def ask(server: str, call: str, body: Json) -> Json:
    answer = httpx.post(f"{server}/api/{call}", json=body, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()


def title(locator: Locator) -> float:
    """Every digit of a number on the page."""
    return read_back(locator.get_attribute("title") or "")


def test_the_arithmetic_is_the_update_s(page: Page, server: str, body: Json):
    open_lens(page, PLACES["plain"])
    (run,) = ask(server, "update-effect", body | {"tensor": "W[2]"})["runs"]
    expect(page.get_by_test_id("update-title")).to_contain_text("iteration 3 of 6")
    written, moves = page.get_by_test_id("update-written"), run["moves"]
    expect(written).to_contain_text("to unit 2, from unit 3")
    for part, value in (
        ("before", moves["before"][2][9]),
        ("rate", 0.1),
        ("gradient", moves["gradient"][2][9]),
        ("after", moves["before"][3][9]),
    ):
        assert title(written.locator(f'[data-part="{part}"]')) == value, part
    rows = page.get_by_test_id("update-row").locator("tr")
    for place, column in enumerate((moves["before"][2], moves["scaled"][2], moves["before"][3])):
        tiles = rows.nth(place).locator(".tile")
        assert [title(tiles.nth(i)) for i in range(7)] == column[7:14]
    page.get_by_role("application", name="W[2], after").focus()
    page.keyboard.press("ArrowDown")
    expect(written).to_contain_text("to unit 3, from unit 3")
    expect(page).to_have_url(re.compile(r"move=W\[2\]:16"))
    page.get_by_test_id("moved").select_option("b[3]")
    expect(written).to_contain_text("unit 1")
    expect(page.get_by_test_id("update-row").locator("tr").first.locator(".tile")).to_have_count(3)


def test_the_loss_before_predicted_and_after(page: Page, server: str, body: Json):
    open_lens(page, STOOD)
    (run,) = ask(server, "update-effect", body)["runs"]
    trace = ask(server, "trace", body)["tensors"]
    for name, value in (
        ("before", trace["L@2"]["data"][0]),
        ("after", trace["L@3"]["data"][0]),
        ("promised-change", run["predicted"][2]),
        ("actual-change", run["changes"][2]),
        ("left-over", run["left_over"][2]),
        ("ratio", run["ratios"][2]),
        ("square", run["gradient_squares"][2]),
        ("steepest", run["steepest"][2]),
        ("rate", 0.1),
    ):
        shown = page.get_by_test_id(f"update-{name}")
        expect(shown).to_have_text(as_shown(value))
        assert title(shown) == value, name
    assert run["steepest"][2] == pytest.approx(-0.1 * run["gradient_squares"][2])


def test_another_optimizer_shows_its_real_step(page: Page, server: str, presets: dict[str, Json]):
    open_lens(page, PLACES["optimizer"])
    given = presets["ce_softmax"]["request"] | {"optimizer": {"name": "adam"}, "tensor": "b[1]"}
    moves = ask(server, "update-effect", given)["runs"][0]["moves"]
    written = page.get_by_test_id("update-written")
    assert title(written.locator('[data-part="change"]')) == moves["change"][0][2]
    assert moves["change"][0][2] == moves["before"][1][2] - moves["before"][0][2]
    expect(page.get_by_test_id("update-steepest")).to_have_count(0)
    expect(page.locator("#lens")).to_contain_text("doesn’t step along the gradient alone")
    expect(page.get_by_test_id("update-row")).to_contain_text("step (Adam)")
    page.get_by_test_id("run-several").click()
    expect(page.get_by_test_id("update-title")).to_contain_text("of 10")
    expect(page).to_have_url(re.compile("n=10"))


def test_the_timeline_is_scrubbed_by_key_and_by_click(page: Page):
    open_lens(page, STOOD)
    heading = page.get_by_test_id("update-title")
    page.get_by_test_id("update-scrub").focus()
    page.keyboard.press("ArrowRight")
    expect(heading).to_contain_text("iteration 4 of 6")
    expect(page.get_by_test_id("step-title")).to_contain_text("b[3]")
    chart = page.get_by_test_id("update-timeline").locator("svg.chart")
    box = chart.bounding_box()
    assert box
    chart.click(position={"x": box["width"] - 30, "y": 60})
    expect(heading).to_contain_text("iteration 6 of 6")
    expect(page).to_have_url(re.compile("at=174"))


def test_a_branch_is_drawn_compared_undone_and_in_the_address(page: Page, server: str, body: Json):
    open_lens(page, STOOD)
    form = page.get_by_test_id("branch-form")
    form.get_by_label("Learning rate η").fill("0.5")
    form.get_by_label("Learning rate η").press("Tab")
    page.get_by_test_id("branch").click()
    expect(page).to_have_url(re.compile(re.escape(BRANCH)))
    branches = page.get_by_test_id("branch-list")
    expect(branches).to_contain_text("from iteration 3: Gradient descent, η = 0.5")
    given = body | {"branches": [SECOND]}
    runs = ask(server, "update-effect", given)["runs"]
    expect(branches).to_contain_text(f"ends at L = {as_shown(runs[1]['losses'][-1])}")
    timeline = page.get_by_test_id("update-timeline")
    expect(timeline.locator("svg.chart path")).to_have_count(2)
    expect(timeline.locator("svg.chart circle")).to_have_count(7 + 5)

    compare_with(page, server, given, "W[1]", place=1)
    page.get_by_test_id("compare-tensor").select_option("Z[2]")
    page.get_by_test_id("update-scrub").focus()
    page.keyboard.press("ArrowRight")
    compare_with(page, server, given, "Z[2]", place=1)
    expect(page).to_have_url(re.compile(r"compare=AB:Z\[2\]&at=116"))

    page.reload()
    compare_with(page, server, given, "Z[2]", place=1)
    for _ in range(2):
        page.go_back()
    expect(page.get_by_test_id("compare")).to_have_count(0)
    expect(branches).not_to_contain_text("from iteration 3")
    page.go_forward()
    expect(branches).to_contain_text("from iteration 3")
    branches.get_by_role("button", name="Remove the branch").click()
    expect(page.get_by_test_id("compare")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("branch="))


def compare_with(page: Page, server: str, given: Json, tensor: str, place: int) -> None:
    """Hold the comparison on the page against the server's, cell by cell."""
    found = ask(server, "branch-comparison", given | {"tensor": tensor})
    largest = found["largest"][place]
    expect(page.get_by_test_id("compare-largest")).to_have_text(
        as_shown(found["difference"][place][largest])
    )
    rows = page.get_by_test_id("compare").get_by_role("grid")
    for cell in range(5):
        row = rows.locator(f'[data-row="{cell}"]')
        for column, key in (("A", "one"), ("B", "other"), ("B − A", "difference")):
            expected = found[key][place][cell]
            assert title(row.locator(f'[data-column="{column}"]')) == expected, (column, cell)


def test_two_branches_are_compared_with_each_other(page: Page, server: str, body: Json):
    open_lens(page, f"{STOOD}&{BRANCH};1~adam&compare=BC:L")
    adam = {"at": 0, "iterations": 6, "optimizer": {"name": "adam"}}
    given = body | {"branches": [SECOND, adam], "tensor": "L", "one": 1, "other": 2}
    found = ask(server, "branch-comparison", given)
    # The third iteration is the first that both have.
    expect(page.get_by_test_id("compare-largest")).to_have_text(as_shown(found["difference"][0][0]))


def test_with_a_penalty_the_lens_has_the_names_of_the_trace(page: Page, server: str, body: Json):
    open_lens(page, "/propagate?preset=mse_identity&l1=0.1&l2=0.5&n=2&lens=update&at=27")
    trace = ask(server, "trace", body | {"iterations": 2, "penalty": {"l1": 0.1, "l2": 0.5}})
    written, tensors = page.get_by_test_id("update-written"), trace["tensors"]
    # The step at the playhead is rW[3], so that the update of W[3] is written out.
    assert trace["steps"][26]["result"] == "rW[3]@0"
    assert title(written.locator('[data-part="gradient"]')) == tensors["rW[3]@0"]["data"][0]
    row = page.get_by_test_id("update-row").locator("tr").nth(1)
    expect(row.get_by_role("rowheader")).to_contain_text("gradient with the penalty’s")
    expect(page.get_by_test_id("update-timeline")).to_contain_text("L + R over the iterations")
    expect(page.get_by_test_id("branch-list")).to_contain_text("ends at L + R =")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("moved")).to_contain_text("W[2], as the step")


def test_a_run_that_diverges_says_so(page: Page):
    open_page(page, "/propagate?preset=mse_identity&lr=1e200&n=5&lens=update&at=3")
    timeline = page.get_by_test_id("update-timeline")
    expect(timeline).to_contain_text("diverges")


def test_without_an_update_it_says_what_to_do(page: Page):
    open_lens(page, PLACES["forward"])
    expect(page.locator("#lens")).to_contain_text("choose both under “Loss and learning”")
