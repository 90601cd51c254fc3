"""The gradient check: central differences beside every gradient, the V, the nudge, one's own."""

import json
import re
from typing import Any

import httpx
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.web.conftest import open_page
from tests.web.numbers import as_shown, read_back

Json = dict[str, Any]
STOOD = "/propagate?preset=ce_softmax&at=28&lens=check"
PLACES = {
    "plain": f"{STOOD}&check=dA[0]:3&nudge=0.4",
    "kinks": "/propagate?preset=xor&at=3&lens=check&act=relu,sigmoid&check=dZ[1]:0",
    "forward": "/propagate?preset=demo_1&at=2&lens=check",
}


def open_lens(page: Page, path: str) -> None:
    """Open the lens, and wait until it says something."""
    open_page(page, path)
    expect(page.locator("#lens")).not_to_contain_text("Checking…")


def title(locator: Locator) -> float:
    """Every digit of a number on the page."""
    return read_back(locator.get_attribute("title") or "")


@pytest.fixture
def body(presets: dict[str, Json]) -> Json:
    return presets["ce_softmax"]["request"]


def ask(server: str, call: str, body: Json) -> Json:
    answer = httpx.post(f"{server}/api/{call}", json=body, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_central_differences_stand_beside_any_gradient(page: Page, server: str, body: Json):
    open_lens(page, STOOD)
    expect(page.get_by_test_id("check-summary")).to_contain_text("All 13 gradients agree")
    cells = page.get_by_test_id("check-cells")
    for name in ("dW[1]", "dZ[2]", "dA[0]"):
        page.locator(f'[data-gradient="{name}"]').click()
        expect(page.get_by_test_id("checked-cell")).to_contain_text(f"One cell: {name}")
        (found,) = ask(server, "gradient-check", body | {"gradients": [name]})["parameters"]
        for cell in (0, 4):
            row = cells.locator(f'[data-row="{cell}"]')
            for column, key in (
                ("back-propagation", "backprop"),
                ("central difference", "numeric"),
                ("relative error", "errors"),
            ):
                assert title(row.locator(f'[data-column="{column}"]')) == found[key][cell], name
            expect(row).to_contain_text("pass")
        chosen = page.locator(f'[data-gradient="{name}"]')
        expect(chosen).to_have_attribute("aria-pressed", "true")
        expect(chosen).to_contain_text("pass")
        check_colours(page, found["errors"])
    expect(page.get_by_test_id("miss-legend")).to_contain_text("≤ 1e−12")
    terms = page.get_by_test_id("check-terms")
    expect(terms).to_contain_text("|a − n| / (|a| + |n|)")
    assert title(terms.locator(".numbers")) == found["steps"][0] / 2
    expect(page).to_have_url(re.compile(r"check=dA\[0\]:0"))
    row = cells.locator('[data-row="0"]')
    row.focus()
    for key in ("ArrowDown", "ArrowDown", "End", "Home", "ArrowDown"):
        page.keyboard.press(key)
    expect(cells.locator('[data-row="1"]')).to_be_focused()
    expect(page.get_by_test_id("checked-cell")).to_contain_text("dA[0], sample 1, unit 2")


def check_colours(page: Page, errors: list[float]) -> None:
    """Each relative error is coloured by its logarithm, from 1e-12 on, the passing ones too."""
    cells = page.locator('[data-testid="check-cells"] [data-column="relative error"]')
    painted: list[str] = cells.evaluate_all(
        "all => all.map(each => getComputedStyle(each).backgroundColor)"
    )
    alphas = [float(re.split(r"[ /,)]+", colour)[-2]) for colour in painted]
    for alpha, error in zip(alphas, errors, strict=False):
        share = (np.log10(error) + 12) / 12 if error else 0
        assert alpha == pytest.approx(np.clip(share, 0, 1), abs=0.006)
    assert any(alphas), "nothing is coloured"


def test_a_kink_is_named_and_left_out(page: Page):
    """A unit whose input is 0 sits on the kink of relu."""
    open_lens(page, PLACES["kinks"])
    expect(page.get_by_test_id("check-cells").locator(".row.kink").first).to_contain_text("kink")
    best = page.get_by_test_id("best-step")
    expect(best).to_contain_text("No h is best: w − h and w + h lie on both sides of a kink")
    expect(best).not_to_contain_text("<")


def test_the_v_names_its_sides_and_its_best_step(page: Page, server: str, body: Json):
    open_lens(page, f"{STOOD}&check=dW[2]:5")
    found = ask(server, "difference-curve", body | {"gradient": "dW[2]", "cell": 5})
    figure = page.get_by_test_id("difference-curve")
    for words in ("rounding, ~ε/h", "truncation, ~h²", "absolute error |n − a|"):
        expect(figure).to_contain_text(words)
    best = page.get_by_test_id("best-step").locator("b")
    expect(best).to_have_count(2)
    assert title(best.first) == found["steps"][found["best"]]
    assert title(best.last) == found["central_error"][found["best"]]
    figure.locator("summary").click()
    rows = figure.locator("tbody tr")
    expect(rows).to_have_count(len(found["steps"]))
    assert title(rows.nth(8).locator("td").nth(1)) == found["central_error"][8]
    assert title(rows.nth(8).locator("td").nth(2)) == found["forward_error"][8]
    # The drawn V falls by two decades a decade on the right: from 1e-2 to 1e-4, four decades.
    path = figure.locator("path.central").get_attribute("d") or ""
    heights = [float(point.split(" ")[1]) for point in re.findall(r"[ML]([\d. ]+)", path)]
    assert heights[4] < heights[12] < heights[20]


def test_a_nudge_moves_the_loss_by_about_the_gradient(page: Page, server: str, body: Json):
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "nudge" in request.url else None)
    open_lens(page, f"{STOOD}&check=dW[1]:8")
    slider = page.get_by_test_id("nudge-slider")
    expect(page.get_by_test_id("nudge-actual")).to_have_attribute("title", "0")
    first = len(asked)
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("nudge=0.99(&|$)"))
    assert len(asked) == first, "dragging asks nothing"
    check_nudge(page, server, body, 0.99)
    page.get_by_label("ε", exact=True).fill("0.123456")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("nudge=0.123456"))
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=nudge]').classList.contains('stale')"
    )
    check_nudge(page, server, body, 0.123456)
    assert len(asked) == first + 1


def check_nudge(page: Page, server: str, body: Json, amount: float) -> None:
    found = ask(server, "nudge", body | {"gradient": "dW[1]", "cell": 8, "amounts": [amount]})
    for name in ("predicted", "actual", "left_over"):
        shown = page.get_by_test_id(f"nudge-{name.replace('_', '-')}")
        expect(shown).to_have_text(as_shown(found[name][0]))
        assert title(shown) == found[name][0], name
    assert title(page.get_by_test_id("nudge-loss")) == found["losses"][0]
    assert found["predicted"][0] == pytest.approx(found["backprop"] * amount)


def test_a_pasted_gradient_is_compared_and_its_slip_named(page: Page, server: str, body: Json):
    open_lens(page, STOOD)
    trace = ask(server, "trace", body)["tensors"]["dW[1]@0"]
    ours = np.array(trace["data"]).reshape(trace["shape"])
    text, answer = page.get_by_test_id("own-gradient"), page.get_by_test_id("own-answer")
    text.fill(str(ours))
    expect(answer).to_contain_text("Yours is ours")
    text.fill(json.dumps((3 * ours).tolist()))
    expect(page.get_by_test_id("own-relation")).to_contain_text("1/N is missing")
    text.fill(repr(-ours.T))
    expect(page.get_by_test_id("own-relation")).to_contain_text("transposed")
    wrong = ours.copy()
    wrong[2, 3] += 0.5
    text.fill("\n".join(",".join(map(repr, row)) for row in wrong.tolist()))
    expect(answer).to_contain_text("at to unit 3, from unit 4")
    assert title(page.get_by_test_id("own-largest")) == wrong[2, 3] - ours[2, 3]
    expect(page.get_by_test_id("own-relation")).to_have_count(0)
    answer.get_by_role("button", name="Show it").click()
    row = page.get_by_role("grid", name="Your dW[1] beside ours").locator('[aria-selected="true"]')
    expect(row).to_contain_text("to unit 3, from unit 4")
    expect(row).to_contain_text("fail")
    text.fill("[[1, 2], [3, 4]]")
    expect(answer).to_contain_text("dW[1] is 7 × 5, but the given matrix is 2 × 2.")


def test_without_a_loss_it_says_what_to_do(page: Page):
    open_lens(page, PLACES["forward"])
    expect(page.locator("#lens")).to_contain_text("choose one under “Loss and learning”")
