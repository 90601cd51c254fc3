"""Predict, then reveal: what is asked is nowhere on the page, and wrong answers are named."""

import re
from typing import Any

import httpx
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from core.typed_number import read_number
from tests.web.conftest import open_page
from tests.web.numbers import as_shown

SEEDED = "/propagate?preset=mse_identity&lens=exercise&exercise=7.4.medium"
PLACES = {
    "choose": "/propagate?preset=mse_identity&lens=exercise&at=3&pin=Z[1]@0:3",
    "asked": "/propagate?preset=mse_identity&lens=exercise&exercise=dW[3]@0",
}
MATRIX = "/propagate?preset=mse_identity&lens=exercise&exercise=db[2]@0"
EVERYTHING = """() => document.documentElement.outerHTML
  + [...document.querySelectorAll("input, textarea")].map((field) => field.value).join(" ")"""
FOCUSED = "() => document.activeElement?.getAttribute('aria-label')"


@pytest.fixture(scope="module")
def trace(server: str, presets: dict[str, Any]) -> dict[str, Any]:
    return httpx.post(f"{server}/api/trace", json=presets["mse_identity"]["request"]).json()


def asked(page: Page) -> tuple[str, list[int]]:
    """The tensor that is asked, and the cells that are still open."""
    cells = page.get_by_test_id("answers").locator("input")
    title = page.get_by_test_id("question").text_content() or ""
    name = title.split(",")[0].strip()
    numbers = cells.evaluate_all("all => all.map(each => Number(each.dataset.cell))")
    return f"{name}@0", numbers


def field(page: Page, cell: int) -> Locator:
    return page.get_by_test_id("answers").locator(f'input[data-cell="{cell}"]')


def answer(page: Page, cell: int, text: str) -> None:
    field(page, cell).fill(text)
    with page.expect_response("**/api/answer-check"):
        page.get_by_test_id("check").click()


def open_answered(page: Page, path: str) -> None:
    """Open the lens; where something is asked, answer it wrongly and take the link."""
    open_page(page, path)
    if "exercise=" in path:
        answer(page, 0, "12.5")
        expect(page.get_by_test_id("verdicts")).to_contain_text("Not right")
        page.get_by_test_id("hand-out").click()


def score(page: Page) -> list[str]:
    names = ("score-first", "score-later", "score-revealed")
    return [page.get_by_test_id(name).inner_text() for name in names]


def texts_of(value: float) -> list[str]:
    """How a number could stand on the page, however short, as soon as it says something."""
    return [as_shown(value, digits) for digits in (4, 6, 8)] + [str(value), str(-value)]


def test_a_seeded_exercise_names_a_wrong_sign_and_counts_what_is_right(
    page: Page, trace: dict[str, Any]
):
    open_page(page, SEEDED)
    tensor, [cell] = asked(page)
    value = trace["tensors"][tensor]["data"][cell]
    html = page.evaluate(EVERYTHING).replace("−", "-")
    for text in texts_of(value):
        assert text.replace("−", "-") not in html
    answer(page, cell, f"{-value:.5g}")
    verdicts = page.get_by_test_id("verdicts")
    expect(verdicts).to_contain_text("A slip")
    expect(verdicts).to_contain_text("The sign is wrong.")
    expect(verdicts.locator(".katex").first).to_be_visible()
    expect(field(page, cell)).to_be_focused()
    assert score(page) == ["0", "0", "0"]
    answer(page, cell, f"{value:.3g}")
    expect(page.get_by_test_id("summary")).to_have_text("1 right.")
    expect(page.get_by_test_id("answers").locator(f'[data-answer="{cell}"]')).to_contain_text(
        as_shown(value)
    )
    assert score(page) == ["0", "1", "0"]
    # The next question: the focus is on its button, and the playhead follows.
    expect(page.get_by_test_id("next")).to_be_focused()
    page.keyboard.press("Enter")
    following, [other] = asked(page)
    assert following != tensor
    answer(page, other, f"{trace['tensors'][following]['data'][other]:.4g}")
    expect(page.get_by_test_id("score-first")).to_have_text("1")
    page.reload()
    expect(page.get_by_test_id("exercise-progress")).to_contain_text("2 of 4")
    assert score(page) == ["1", "1", "0"]


def test_what_is_asked_stands_nowhere_until_it_is_revealed(page: Page, trace: dict[str, Any]):
    order = [step["result"] for step in trace["steps"]]
    hidden = order[order.index("Z[2]@0") :]
    # Numbers with few digits stand in many places.
    numbers = [x for id in hidden for x in trace["tensors"][id]["data"] if len(str(x)) > 12]
    open_page(page, "/propagate?preset=mse_identity&exercise=Z[2]@0&pin=Z[2]@0:0")
    for key in ("End", "ArrowRight"):
        page.keyboard.press(key)
    for id in hidden:
        cells = page.locator(f'#every-matrix [data-tensor="{id}"] [data-cell]')
        assert set(cells.all_text_contents()) == {"?" if id == "Z[2]@0" else "·"}
    expect(page.get_by_test_id("inspector")).to_contain_text("Asked in the exercise")
    expect(page.get_by_test_id("written-sum")).to_have_count(0)
    neuron = page.locator('[data-neuron="2:1"]')
    expect(neuron).to_have_attribute("aria-label", re.compile(r"unit 2: \?, \?, \?; bias"))
    expect(page.get_by_test_id("step-title")).to_contain_text("Z[2]")
    expect(page.get_by_test_id("step-forward")).to_be_disabled()
    html = page.evaluate(EVERYTHING).replace("−", "-")
    assert not [x for x in numbers if str(x) in html]
    page.locator("#lens-exercise").click()
    page.get_by_test_id("reveal-all").click()
    expect(page.get_by_test_id("exercise-done")).to_be_visible()
    value = trace["tensors"]["Z[2]@0"]["data"][0]
    expect(page.get_by_test_id("answers")).to_contain_text(as_shown(value))
    assert score(page) == ["0", "0", "12"]
    page.get_by_test_id("score-reset").click()
    assert score(page) == ["0", "0", "0"]
    expect(page.get_by_test_id("answers").locator("input")).to_have_count(12)
    page.get_by_test_id("score-undo").click()
    assert score(page) == ["0", "0", "12"]


@pytest.mark.parametrize("lens", ["cancel", "shapes", "health"])
def test_a_view_that_asks_the_server_is_closed_while_an_exercise_is_open(page: Page, lens: str):
    asked_of: list[str] = []
    page.on("request", lambda request: asked_of.append(request.url.split("/api/")[-1]))
    open_page(page, f"/propagate?preset=mse_identity&lens={lens}&exercise=L@0")
    closed = page.get_by_test_id("lens-closed")
    expect(closed).to_be_visible()
    assert {url for url in asked_of if "/" not in url} == {"catalog", "trace"}
    closed.get_by_role("button", name="End the exercise").click()
    expect(closed).to_have_count(0)
    expect(page.get_by_role("tab", selected=True)).to_have_attribute("data-name", lens)


@pytest.mark.parametrize(
    ("asked_for", "code", "sentence"),
    [
        ("Z[2]@0", "W2.T @ A1 + b2[:, None]", "W was transposed: Z is W A ⊕ b"),
        ("dZ[2]@0", "dA2", "g′(Z[2]) is missing"),
        ("slope[1]@0", "1 - tanh(A1) ** 2", "g′ was taken at A[1] instead of Z[1]"),
        ("dW[3]@0", "dW3 / 3", "L is the sum over the samples here, without 1/N"),
        ("db[3]@0", "db3 * 1.02", "A digit is off"),
    ],
)
def test_a_slip_is_named_under_other_conventions(
    page: Page, server: str, presets: dict[str, Any], asked_for: str, code: str, sentence: str
):
    request = presets["mse_identity"]["request"]
    network = request["network"] | {"sizes": [5, 3, 3, 3]}
    conventions = {"layout": "columns", "half": False, "reduction": "sum"}
    body = request | {"network": network, "conventions": conventions}
    tensors = httpx.post(f"{server}/api/trace", json=body).json()["tensors"]
    known = {
        re.sub(r"[\[\]]|@0", "", id): np.reshape(each["data"], each["shape"])
        for id, each in tensors.items()
        if id.endswith("@0")
    }
    mistaken = eval(code, {"tanh": np.tanh}, known)
    address = "sizes=5-3-3-3&layout=columns&half=no&reduction=sum"
    open_page(page, f"/propagate?preset=mse_identity&{address}&lens=exercise&exercise={asked_for}")
    answer(page, 1, f"{mistaken.flat[1]:.6g}")
    expect(page.get_by_test_id("verdicts")).to_contain_text(sentence)
    expect(page.get_by_test_id("verdicts")).not_to_contain_text("1/N is missing")
    expect(page.get_by_test_id("verdicts").locator(".katex-error")).to_have_count(0)


def test_a_matrix_is_filled_in_by_keyboard_alone(page: Page, trace: dict[str, Any]):
    values = trace["tensors"]["db[2]@0"]["data"]
    open_page(page, MATRIX)
    field(page, 0).focus()
    page.keyboard.type(f"{values[0]:.4g}")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "db[2]@0, unit 2"
    page.keyboard.type("no number")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(FOCUSED) == "db[2]@0, unit 3"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "db[2]@0, unit 4"
    with page.expect_response("**/api/answer-check"):
        page.keyboard.press("Enter")
    expect(page.get_by_test_id("verdicts")).to_contain_text(
        re.compile("unit 2.*Expected a number such as.*got “no number”")
    )
    expect(field(page, 0)).to_be_focused()
    field(page, 1).fill(f"{3 * values[1]:.5g}")
    with page.expect_response("**/api/answer-check"):
        page.get_by_test_id("check").click()
    # The first was right; the second forgot 1/N.
    expect(page.get_by_test_id("verdicts")).to_contain_text("1/N is missing")
    expect(page.get_by_test_id("summary")).to_have_text("1 right, 1 to look at again.")
    assert asked(page)[1] == [1, 2, 3]
    assert read_number(f"{values[0]:.4g}", []).is_right(values[0], 1e-16)


def test_what_to_predict_is_chosen_and_handed_out(page: Page, trace: dict[str, Any]):
    open_page(page, "/propagate?preset=mse_identity&lens=exercise&at=3&pin=Z[2]@0:5")
    page.get_by_test_id("ask-cell").click()
    assert asked(page) == ("Z[2]@0", [5])
    page.get_by_role("button", name="End the exercise").click()
    page.get_by_test_id("ask-phase-name").select_option("backward")
    page.get_by_test_id("ask-phase").click()
    backward = [step["result"] for step in trace["steps"] if step["phase"] == "backward"]
    total = sum(len(trace["tensors"][id]["data"]) for id in backward)
    expect(page.get_by_test_id("exercise-progress")).to_contain_text(f"0 of {total}")
    page.get_by_role("button", name="End the exercise").click()
    page.get_by_test_id("difficulty").select_option("hard")
    page.get_by_test_id("ask-random").click()
    page.get_by_test_id("hand-out").click()
    link = page.get_by_test_id("exercise-link").input_value()
    assert link.endswith("/propagate?preset=mse_identity&lens=exercise&exercise=1.5.hard")
    first = asked(page)
    page.goto(link)
    expect(page.get_by_test_id("question")).to_be_visible()
    assert asked(page) == first
    page.go_back()
    expect(page.get_by_test_id("exercise-progress")).to_contain_text("of 5")
