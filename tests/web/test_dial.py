"""The step size on /descent: the stable band as a dial, the sweep, the modes, the arrows."""

import re
from itertools import pairwise
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, Response, expect

from tests.web.conftest import open_page
from tests.web.numbers import as_shown, read_back

BEST = "/descent?run=gradient_descent,learning_rate:0.2&max=500&at=3"
CALM = "/descent?run=gradient_descent,learning_rate:0.1&at=2"
RAVINE = "/descent?surface=rosenbrock&run=gradient_descent,learning_rate:0.001&max=400&at=20"
PLACES = {"best": BEST, "ravine": RAVINE}
LEFT, RIGHT = 44, 20
"""Margins of the sweep's chart, in pixels."""
LECTURE: dict[str, Any] = {
    "surface": {"name": "lecture_quadratic"},
    "start": [3, 3],
    "stop": {"max_iterations": 500, "gradient_norm": 1e-6},
}


def ask(server: str, call: str, body: dict[str, Any]) -> dict[str, Any]:
    return httpx.post(f"{server}/api/{call}", json=body).json()


def all_digits(scope: Locator) -> list[float]:
    """Every number of which a tooltip tells all digits."""
    titles = [each.get_attribute("title") for each in scope.locator("[title]").all()]
    return [read_back(title) for title in titles if title]


def open_with_sweep(page: Page, path: str) -> dict[str, Any]:
    """Open a page and return the sweep that it got."""
    with page.expect_response("**/api/sweep") as got:
        open_page(page, path)
    response: Response = got.value
    expect(page.get_by_test_id("sweep-words")).to_contain_text("Run A")
    return response.json()


def point_at(page: Page, rate: float, last: float) -> None:
    chart = page.get_by_test_id("sweep-chart")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    inside = box["width"] - LEFT - RIGHT
    page.mouse.move(box["x"] + LEFT + inside * rate / last, box["y"] + 60)


def test_the_band_has_the_numbers_of_the_api(page: Page, server: str):
    open_page(page, CALM)
    card = page.get_by_test_id("curvature")
    dial = page.get_by_test_id("dial")
    expect(dial).to_have_attribute("aria-valuetext", "η = 0.1: stable, without zig-zag")
    found = ask(server, "curvature", {"surface": LECTURE["surface"], "at": [3, 3]})
    expected = [found[name] for name in ("monotone_below", "stable_below", "best_step")]
    assert all_digits(card.locator("dl")) == [0.1, *expected, found["best_rate"]]
    assert expected == pytest.approx([0.12251482, 0.24502965, 0.2])


def test_the_keys_turn_the_dial_and_back_undoes_it(page: Page):
    open_page(page, CALM)
    dial = page.get_by_test_id("dial")
    before = page.evaluate("() => history.length")
    dial.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"learning_rate:0\.105"))
    assert page.evaluate("() => history.length") == before + 1
    page.keyboard.press("PageUp")
    expect(dial).to_have_attribute("aria-valuetext", "η = 0.155: stable, it zig-zags")
    expect(page.locator('[data-testid="iterates"] tr[aria-current]')).to_have_attribute(
        "data-k", "2"
    )
    page.keyboard.press("End")
    expect(dial).to_have_attribute("aria-valuetext", re.compile("past the limit, it diverges"))
    expect(page.get_by_test_id("ending-A")).to_contain_text("Diverged")
    page.go_back()
    expect(page).to_have_url(re.compile(r"learning_rate:0\.155"))
    expect(dial).to_have_attribute("aria-valuenow", "0.155")


def test_a_drag_on_the_dial_is_live_and_one_step_of_the_history(page: Page):
    open_page(page, CALM)
    dial = page.get_by_test_id("dial")
    dial.scroll_into_view_if_needed()
    box = dial.bounding_box()
    assert box is not None
    before = page.evaluate("() => history.length")
    most = float(dial.get_attribute("aria-valuemax") or 0)
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.1 / most, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, middle, steps=8)
    expect(page.get_by_test_id("ending-A")).to_contain_text("Diverged")
    expect(page).to_have_url(re.compile(r"learning_rate:0\.1&|learning_rate:0\.1$"))
    page.mouse.up()
    expect(page).not_to_have_url(re.compile(r"learning_rate:0\.1(&|$)"))
    assert page.evaluate("() => history.length") == before + 1
    eta = float(dial.get_attribute("aria-valuenow") or 0)
    assert eta == pytest.approx(0.8 * most, rel=0.01)
    page.go_back()
    expect(page.get_by_test_id("ending-A")).to_contain_text("Stopped at k = 76")


def test_the_best_step_is_one_press_away(page: Page):
    open_page(page, CALM)
    page.get_by_role("button", name="Use the best step").click()
    expect(page.get_by_test_id("ending-A")).to_contain_text("Stopped at k = 38")
    expect(page.get_by_role("button", name="Use the best step")).to_be_disabled()


@pytest.mark.parametrize(
    ("run", "sentence", "can_turn"),
    [
        ("momentum", "Momentum has limits of its own", 1),
        ("newton", "limits of its own", 0),
        ("gradient_descent,learning_rate:0.1,schedule:step,gamma:0.5", "with its schedule", 0),
    ],
)
def test_the_band_says_for_whom_it_is(page: Page, run: str, sentence: str, can_turn: int):
    open_page(page, f"/descent?run={run}&at=0")
    card = page.get_by_test_id("curvature")
    expect(card).to_contain_text("The band is for plain gradient descent")
    expect(card).to_contain_text(sentence)
    expect(page.get_by_test_id("dial")).to_have_count(can_turn)
    expect(page.get_by_role("button", name="Use the best step")).to_have_count(0)


@pytest.mark.parametrize(
    ("rate", "sentence"),
    [
        (0.1, "η = 0.1: 76 iterations"),
        (0.2, "η = 0.2: 38 iterations"),
        (0.24, "η = 0.24: 410 iterations"),
        (0.25, "η = 0.25: diverged"),
        (0.005, "η = 0.005: not there after 500 iterations"),
    ],
)
def test_the_sweep_reads_the_lecture_s_numbers(page: Page, rate: float, sentence: str):
    swept = open_with_sweep(page, BEST)
    point_at(page, rate, swept["learning_rates"][-1])
    expect(page.get_by_test_id("sweep-words")).to_contain_text(sentence)


def test_the_sweep_names_the_fewest_and_the_run_s_own(page: Page, server: str):
    swept = open_with_sweep(page, BEST)
    met = [
        (count, rate)
        for count, rate, ending in zip(
            swept["iterations"], swept["learning_rates"], swept["stopped_by"], strict=True
        )
        if ending == "gradient_norm"
    ]
    count, rate = min(met)
    words = page.get_by_test_id("sweep-words")
    expect(words).to_contain_text(f"Fewest: {count} at η = {as_shown(rate, 5)}, f = ")
    expect(words).to_contain_text("Run A, η = 0.2: 38 iterations.")
    optimizer = {"name": "gradient_descent", "learning_rate": rate}
    path = ask(server, "descent", {**LECTURE, "optimizer": optimizer})
    assert (path["iterations"], path["stopped_by"]) == (count, "gradient_norm")
    assert count <= 38


def test_pointing_at_the_sweep_sets_the_rate(page: Page):
    swept = open_with_sweep(page, BEST)
    before = page.evaluate("() => history.length")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    last = swept["learning_rates"][-1]
    point_at(page, 0.2, last)
    page.mouse.down()
    point_at(page, 0.1, last)
    point_at(page, 0.15, last)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"learning_rate:0\.15(&|$)"))
    expect(page.get_by_test_id("ending-A")).to_contain_text("Stopped at k = 48")
    assert page.evaluate("() => history.length") == before + 1
    page.wait_for_timeout(600)
    assert not [url for url in asked if url.endswith("/api/sweep")]
    page.mouse.move(5, 5)
    expect(page.get_by_test_id("sweep-words")).to_contain_text("Run A, η = 0.15: 48 iterations.")


def test_where_no_rate_arrives_the_sweep_shows_how_low_each_gets(page: Page):
    swept = open_with_sweep(page, RAVINE)
    assert "gradient_norm" not in swept["stopped_by"]
    value, rate = min(
        (value, rate)
        for value, rate, ending in zip(
            swept["value"], swept["learning_rates"], swept["stopped_by"], strict=True
        )
        if ending != "diverged"
    )
    expect(page.get_by_test_id("sweep-words")).to_contain_text(
        f"Lowest: f = {as_shown(value)} at η = {as_shown(rate, 5)}."
    )


def test_a_rate_that_stops_far_out_is_not_the_best(page: Page):
    """Long steps leave the bump for ground so flat that the gradient's rule is met at once."""
    swept = open_with_sweep(
        page, "/descent?surface=bump&dir=ascend&run=gradient_descent,learning_rate:0.3&at=2"
    )
    met = [
        (count, rate, value)
        for count, rate, value, ending in zip(
            swept["iterations"],
            swept["learning_rates"],
            swept["value"],
            swept["stopped_by"],
            strict=True,
        )
        if ending == "gradient_norm"
    ]
    assert min(met)[2] < 0.01
    count, rate, _ = min(each for each in met if each[2] > 0.99)
    words = page.get_by_test_id("sweep-words")
    expect(words).to_contain_text(f"Fewest: {count} at η = {as_shown(rate, 5)}, f = 1.000 there.")
    expect(words).to_contain_text("Others met the rule sooner, but far from that value.")


def test_a_search_has_nothing_to_sweep(page: Page):
    open_page(page, "/descent?run=newton&at=0")
    expect(page.get_by_test_id("sweep")).to_contain_text("takes no learning rate")
    expect(page.get_by_test_id("sweep-chart")).to_have_count(0)


def test_a_refused_sweep_is_a_sentence(page: Page):
    page.route(
        "**/api/sweep",
        lambda route: route.fulfill(status=503, json={"error": {"message": "Too busy."}}),
    )
    open_page(page, BEST)
    expect(page.get_by_test_id("sweep-problem")).to_contain_text("Too busy.")


def test_the_modes_have_the_numbers_of_the_api(page: Page, server: str):
    open_page(page, BEST)
    optimizer = {"name": "gradient_descent", "learning_rate": 0.2}
    found = ask(server, "modes", {**LECTURE, "optimizer": optimizer})
    for i in (0, 1):
        chart = page.get_by_test_id(f"mode-{i + 1}")
        expect(chart).to_be_visible()
        expected = [found["eigenvalues"][i], found["factors"][i], found["coordinates"][3][i]]
        assert all_digits(chart) == expected
    rates = page.get_by_test_id("modes-rate")
    assert all_digits(rates) == [found["predicted_rate"], found["measured_rate"][3]]
    assert found["predicted_rate"] == pytest.approx(10**0.5 / 5)


def test_the_steep_mode_zig_zags_and_the_flat_one_does_not(page: Page):
    open_page(page, BEST)
    for i, sides in ((1, {1}), (2, {1, -1})):
        chart = page.get_by_test_id(f"mode-{i}")
        zero = float(chart.locator(".zero").get_attribute("y1") or 0)
        heights = [float(dot.get_attribute("cy") or 0) for dot in chart.locator(".dot").all()]
        assert len(heights) == 39
        signs = [1 if height < zero else -1 for height in heights]
        assert set(signs) == sides
        if i == 2:
            assert all(a != b for a, b in pairwise(signs))
    expect(page.get_by_test_id("mode-2")).to_contain_text("swaps sides at each step, shrinks")


def test_a_click_on_a_mode_jumps_there(page: Page):
    open_page(page, BEST)
    chart = page.get_by_test_id("mode-1").locator("svg")
    dot = chart.locator(".dot").nth(12)
    x = float(dot.get_attribute("cx") or 0)
    chart.click(position={"x": x, "y": 40})
    expect(page.get_by_test_id("mode-1")).to_contain_text("at k = 12")
    expect(page).to_have_url(re.compile("at=12"))


def test_without_a_centre_the_modes_say_why(page: Page):
    open_page(page, RAVINE)
    expect(page.get_by_test_id("modes-problem")).to_contain_text("isn't a quadratic")


COUNT = """([canvas, name]) => {
  const style = getComputedStyle(document.documentElement).getPropertyValue(name);
  const [r, g, b] = style.match(/\\d+/g).map(Number);
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3] > 200 && Math.hypot(data[i] - r, data[i + 1] - g, data[i + 2] - b) < 50)
      count++;
  return count;
}"""


def drawn(page: Page, colour: str) -> int:
    """How many pixels of the paths' canvas have nearly this colour of the theme."""
    canvas = page.get_by_test_id("plot").locator("canvas").nth(1)
    return page.evaluate(COUNT, [canvas.element_handle(), colour])


@pytest.mark.parametrize(
    ("run", "colours"),
    [
        ("gradient_descent,learning_rate:0.1", []),
        ("momentum,learning_rate:0.05", ["--forward", "--backward"]),
        ("nesterov,learning_rate:0.05", ["--forward", "--backward"]),
        ("adam,learning_rate:0.5", ["--forward"]),
    ],
)
def test_a_step_is_drawn_with_its_parts(page: Page, run: str, colours: list[str]):
    with page.expect_response(
        lambda response: response.url.endswith("/api/descent") and "quantities" in response.text()
    ):
        open_page(page, f"/descent?run={run}&at=2")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    found = [name for name in ("--forward", "--backward") if drawn(page, name) > 20]
    assert found == colours


def test_the_step_ahead_is_an_arrow_until_the_last(page: Page):
    open_page(page, "/descent?run=newton&at=0")
    ahead = drawn(page, "--run-1")
    page.keyboard.press("End")
    expect(page.locator('[data-testid="iterates"] tr[aria-current]')).to_have_attribute(
        "data-k", "1"
    )
    page.locator('[data-testid="iterates"] tr[data-k="0"]').click()
    page.wait_for_timeout(200)
    assert drawn(page, "--run-1") == ahead
    # The marker alone has about 280 pixels; the step is 4.2 units long.
    assert ahead > 500


def test_the_directions_stand_on_the_map_on_request(page: Page):
    open_page(page, BEST)
    box = page.get_by_label("On the map")
    before = drawn(page, "--text")
    box.check()
    page.wait_for_timeout(200)
    assert drawn(page, "--text") > before + 200
    box.uncheck()
    page.wait_for_timeout(200)
    assert drawn(page, "--text") == before


def test_nothing_moves_when_the_answers_come(page: Page):
    held: list[Any] = []
    page.route("**/api/sweep", lambda route: held.append(route))
    page.route("**/api/modes", lambda route: held.append(route))
    open_page(page, BEST)
    page.wait_for_timeout(900)
    table = page.get_by_test_id("iterates")
    before = table.evaluate("(table) => table.offsetTop")
    assert len(held) == 2
    for route in held:
        route.continue_()
    expect(page.get_by_test_id("mode-2")).to_be_visible()
    expect(page.get_by_test_id("sweep-words")).to_contain_text("Fewest")
    assert table.evaluate("(table) => table.offsetTop") == before
