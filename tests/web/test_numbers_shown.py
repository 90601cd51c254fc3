"""The numbers in the page are the API's numbers."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import LECTURE, open_page
from tests.web.numbers import as_shown, read_back

READ_MATRICES = """() => Object.fromEntries(
  [...document.querySelectorAll("#every-matrix [data-tensor]")].map((matrix) => [
    matrix.dataset.tensor,
    Object.fromEntries([...matrix.querySelectorAll("[data-cell]")].map((cell) => [
      cell.dataset.cell, [cell.textContent.trim(), cell.title],
    ])),
  ]),
)"""

Shown = dict[str, dict[str, tuple[str, str]]]


@pytest.mark.parametrize("name", LECTURE)
def test_every_cell_of_every_matrix_is_the_api_s(
    page: Page, server: str, presets: dict[str, Any], name: str
):
    trace = httpx.post(f"{server}/api/trace", json=presets[name]["request"]).json()
    open_page(page, f"/propagate?preset={name}&at={len(trace['steps'])}")
    shown: Shown = page.evaluate(READ_MATRICES)
    assert set(shown) == set(trace["tensors"])
    for id, tensor in trace["tensors"].items():
        assert len(shown[id]) == len(tensor["data"]), id
        for cell, value in enumerate(tensor["data"]):
            text, title = shown[id][str(cell)]
            assert text == as_shown(value), (id, cell)
            assert read_back(title) == value, (id, cell)


@pytest.mark.parametrize("digits", [2, 6, 8, "4f"])
def test_the_number_of_digits_is_the_reader_s_choice(
    page: Page, server: str, presets: dict[str, Any], digits: int | str
):
    trace = httpx.post(f"{server}/api/trace", json=presets["demo_2"]["request"]).json()
    open_page(page, "/propagate?preset=demo_2&at=2")
    page.get_by_test_id("digits").select_option(str(digits))
    shown: Shown = page.evaluate(READ_MATRICES)
    for cell, value in enumerate(trace["tensors"]["Z[1]@0"]["data"]):
        assert shown["Z[1]@0"][str(cell)][0] == as_shown(value, digits)


@pytest.mark.parametrize("name", ["demo_2", "demo_2_float32"])
def test_the_lecture_s_demo_numbers_stand_on_the_page(page: Page, name: str):
    open_page(page, f"/propagate?preset={name}&at=2")
    shown: Shown = page.evaluate(READ_MATRICES)
    assert [text for text, _ in shown["Z[1]@0"].values()] == ["−2.4591", "3.1721", "6.2782"]
    assert [text for text, _ in shown["A[1]@0"].values()] == ["0.0788", "0.9598", "0.9981"]
    expect(page.get_by_test_id("digits")).to_have_value("4f")


def test_another_preset_goes_back_to_significant_digits(page: Page):
    open_page(page, "/propagate?preset=demo_2&at=2")
    page.get_by_test_id("preset").select_option("mse_identity")
    expect(page.get_by_test_id("digits")).to_have_value("4")
    page.get_by_test_id("digits").select_option("6")
    page.get_by_test_id("preset").select_option("demo_1")
    expect(page.get_by_test_id("digits")).to_have_value("6")


def test_a_number_that_isn_t_computed_yet_is_not_shown(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=0")
    cells = page.locator('#every-matrix [data-tensor="Z[1]@0"] [data-cell]')
    assert set(cells.all_text_contents()) == {"·"}
    page.keyboard.press("ArrowRight")
    expect(cells.first).not_to_have_text("·")
    page.keyboard.press("ArrowLeft")
    expect(cells.first).to_have_text("·")


def test_unbounded_gradients_are_shown_as_such(page: Page):
    # At z = 800 the sigmoid is exactly 1, so with a target of 0 the gradient of A is unbounded.
    open_page(
        page, "/propagate?preset=logistic_regression&sizes=2-1&x=1000,1000;1,1&y=0;1&n=4&lr=2&at=40"
    )
    shown: Shown = page.evaluate(READ_MATRICES)
    texts = {text for cells in shown.values() for text, _ in cells.values()}
    assert "NaN" not in texts
    assert texts & {"+∞", "−∞"}


def test_a_diverged_run_says_where(page: Page):
    open_page(page, "/propagate?preset=mse_identity&lr=1e200&n=5")
    expect(page.get_by_test_id("diverged")).to_contain_text("Lp@1")


def test_one_sample_alone_is_a_trace_of_one_row(page: Page, server: str, presets: dict[str, Any]):
    request = presets["mse_identity"]["request"]
    alone = {**request, "X": request["X"][1:2], "Y": request["Y"][1:2]}
    trace = httpx.post(f"{server}/api/trace", json=alone).json()
    open_page(page, f"/propagate?preset=mse_identity&sample=2&at={len(trace['steps'])}")
    shown: Shown = page.evaluate(READ_MATRICES)
    for id in ("Z[1]@0", "dW[1]@0", "L@0"):
        values = [read_back(title) for _, title in shown[id].values()]
        assert values == trace["tensors"][id]["data"], id
