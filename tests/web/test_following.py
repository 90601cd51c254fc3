"""Following a number: what lights up is what the index rules say, and the sum adds up."""

import math
from typing import Any

import httpx
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core import EQUATIONS
from tests.web.conftest import open_page
from tests.web.numbers import as_shown, read_back

LIT = """(marks) => Object.fromEntries(
  [...document.querySelectorAll("#every-matrix [data-tensor]")].map((matrix) => [
    matrix.dataset.tensor,
    [...matrix.querySelectorAll("[data-cell]")]
      .filter((cell) => marks.some((mark) => cell.classList.contains(mark)))
      .map((cell) => Number(cell.dataset.cell)).sort((a, b) => a - b),
  ]).filter(([, cells]) => cells.length > 0),
)"""
OPERANDS = ["operand-forward", "operand-backward"]


def trace_of(server: str, preset: dict[str, Any]) -> dict[str, Any]:
    return httpx.post(f"{server}/api/trace", json=preset["request"]).json()


def operand_cells(trace: dict[str, Any], step: dict[str, Any], flat: int) -> dict[str, list[int]]:
    """The cells that the core's index rule says one result cell reads."""
    equation = EQUATIONS[step["equation"]]
    shape = trace["tensors"][step["result"]]["shape"]
    cell = tuple(int(index) for index in np.unravel_index(flat, shape)) if shape else ()
    expected: dict[str, list[int]] = {}
    for place, role in enumerate(equation.roles):
        id = step["operands"][role]
        own = trace["tensors"][id]["shape"]
        numbers = np.arange(math.prod(own)).reshape(own)
        expected[id] = sorted(np.ravel(numbers[equation.rule.reads(cell, place)]).tolist())
    return expected


@pytest.mark.parametrize("name", ["mse_identity", "ce_softmax"])
def test_every_step_lights_the_operands_of_its_last_cell(
    page: Page, server: str, presets: dict[str, Any], name: str
):
    trace = trace_of(server, presets[name])
    open_page(page, f"/propagate?preset={name}&at=0")
    for step in trace["steps"]:
        page.keyboard.press("ArrowRight")
        last = len(trace["tensors"][step["result"]]["data"]) - 1
        matrix = page.locator(f'#every-matrix [data-tensor="{step["result"]}"]')
        matrix.locator(f'[data-cell="{last}"]').hover()
        lit = page.evaluate(LIT, OPERANDS)
        assert lit == operand_cells(trace, step, last), step


def test_an_operand_lights_the_results_that_it_feeds(page: Page):
    # W[1] row 3 is read by unit 3 of every sample: column 3 of the 3 × 7 matrix Z[1].
    open_page(page, "/propagate?preset=mse_identity&at=1")
    page.locator('#every-matrix [data-tensor="W[1]@0"] [data-cell="12"]').hover()
    assert page.evaluate(LIT, ["fed"]) == {"Z[1]@0": [2, 9, 16]}


def test_pinning_writes_the_sum_out(page: Page, server: str, presets: dict[str, Any]):
    tensors = trace_of(server, presets["mse_identity"])["tensors"]
    open_page(page, "/propagate?preset=mse_identity&at=1")
    page.locator('#every-matrix [data-tensor="Z[1]@0"] [data-cell="8"]').click()
    terms = page.get_by_test_id("written-sum").locator(".operand")
    titles = [
        read_back(text.split(": ")[1])
        for text in terms.evaluate_all("all => all.map(t => t.title)")
    ]
    # Sample 2, unit 2: five products and the bias.
    x, w = tensors["A[0]@0"]["data"][5:10], tensors["W[1]@0"]["data"][5:10]
    assert titles == [number for pair in zip(x, w, strict=True) for number in pair] + [
        tensors["b[1]@0"]["data"][1]
    ]
    assert sum(a * b for a, b in zip(x, w, strict=True)) + titles[-1] == pytest.approx(
        tensors["Z[1]@0"]["data"][8], rel=1e-14
    )
    expect(page.get_by_test_id("inspector")).to_contain_text(as_shown(tensors["Z[1]@0"]["data"][8]))


def test_escape_lets_go_of_the_pin(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=1&pin=Z[1]@0:8")
    expect(page.get_by_test_id("written-sum")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("written-sum")).to_have_count(0)
    page.wait_for_function("() => !location.search.includes('pin')")


def test_a_long_sum_shows_its_ends_and_adds_up_the_rest(page: Page, server: str):
    inputs = ",".join(str(number % 7) for number in range(70))
    path = "/propagate?preset=linear_regression&sizes=70-1&init=torch_linear&seed=1&y=1&n=1"
    open_page(page, f"{path}&x={inputs}&at=1&pin=Z[1]@0:0")
    request = {
        "network": {
            "sizes": [70, 1],
            "activations": ["identity"],
            "init": {"scheme": "torch_linear", "seed": 1},
        },
        "X": [[number % 7 for number in range(70)]],
    }
    tensors = httpx.post(f"{server}/api/trace", json=request).json()["tensors"]
    x, w = tensors["A[0]@0"]["data"], tensors["W[1]@0"]["data"]
    rest = sum(a * b for a, b in list(zip(x, w, strict=True))[4:-4])
    expect(page.get_by_test_id("written-sum")).to_contain_text("62 more terms")
    expect(page.get_by_test_id("written-sum")).to_contain_text(as_shown(rest))


def test_a_cell_is_followed_by_keyboard_alone(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=1")
    cell = page.locator('#every-matrix [data-tensor="Z[1]@0"] [data-cell="0"]')
    cell.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    # Inside a matrix the arrows move the focus, not the playhead: to sample 2, unit 2.
    expect(page.locator('#every-matrix [data-tensor="Z[1]@0"] [data-cell="8"]')).to_be_focused()
    lit = page.evaluate(LIT, OPERANDS)
    assert lit["A[0]@0"] == [5, 6, 7, 8, 9]
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("written-sum")).to_be_visible()


def test_the_formula_lights_up_with_its_operands(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=1")
    lit = page.get_by_test_id("inspector").locator(".lit")
    expect(lit).to_have_count(0)
    page.locator('#every-matrix [data-tensor="Z[1]@0"] [data-cell="0"]').hover()
    expect(lit.first).to_be_visible()
