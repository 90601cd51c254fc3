"""Conventions: shapes, formulas, numbers, the drawing and the exported code all follow a switch."""

import re
import subprocess
import sys
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import open_page
from tests.web.numbers import as_shown, read_back
from tests.web.test_numbers_shown import READ_MATRICES, Shown

LAYOUTS = ("rows_out_in", "columns", "rows_in_out")
START = "/propagate?preset=mse_identity"
ELSEWHERE = {"layout": "columns", "half": False, "reduction": "sum"}
ADDRESS = "&layout=columns&half=no&reduction=sum"
BLACKBOARD = """() => [...document.querySelectorAll('[data-testid="blackboard"] [data-tensor]')]
  .map((each) => each.dataset.tensor)"""
NEURONS = """() => [...document.querySelectorAll("[data-neuron]")].map(
  (each) => [each.dataset.neuron, each.getAttribute("aria-label")])"""
MIDDLES = """() => Object.fromEntries(
[...document.querySelectorAll("[data-neuron]")].map((each) => {
  const { x, y, width, height } = each.getBoundingClientRect();
  return [each.dataset.neuron, [x + width / 2, y + height / 2]];
}))"""


def traced(server: str, request: dict[str, Any], **conventions: Any) -> dict[str, Any]:
    body = request | {"conventions": conventions}
    return httpx.post(f"{server}/api/trace", json=body).json()


@pytest.mark.parametrize(
    ("name", "conventions", "address", "expected"),
    [
        ("mse_identity", ELSEWHERE, ADDRESS, "7×3"),
        ("ce_softmax", ELSEWHERE, ADDRESS, "7×3"),
        ("mse_identity", {"layout": "rows_in_out"}, "&layout=rows_in_out", "3×7"),
    ],
)
def test_every_number_and_shape_is_the_convention_s(
    page: Page,
    server: str,
    presets: dict[str, Any],
    name: str,
    conventions: dict[str, Any],
    address: str,
    expected: str,
):
    trace = traced(server, presets[name]["request"], **conventions)
    open_page(page, f"/propagate?preset={name}{address}&at={len(trace['steps'])}")
    shown: Shown = page.evaluate(READ_MATRICES)
    assert set(shown) == set(trace["tensors"])
    for id, tensor in trace["tensors"].items():
        for cell, value in enumerate(tensor["data"]):
            text, title = shown[id][str(cell)]
            assert text == as_shown(value), (id, cell)
            assert read_back(title) == value, (id, cell)
    shape = page.locator('#every-matrix [data-tensor="Z[1]@0"] .shape').inner_text()
    assert re.sub(r"\s", "", shape) == expected


def test_the_equation_is_written_in_its_own_order(page: Page):
    orders, formulas = [], []
    for layout in LAYOUTS:
        open_page(page, f"{START}&layout={layout}&at=1")
        orders.append(page.evaluate(BLACKBOARD))
        transposed = page.get_by_test_id("blackboard").locator(".transposed")
        expect(transposed).to_have_count(1 if layout == "rows_out_in" else 0)
        formula = page.get_by_test_id("inspector").locator(".katex-html").first
        formulas.append(re.sub(r"[\s\u200b]", "", formula.text_content() or ""))
    assert formulas == ["Z(1)=XW(1)⊤⊕b(1)", "Z(1)=W(1)X⊕b(1)", "Z(1)=XW(1)⊕b(1)"]
    assert orders == [
        ["A[0]@0", "W[1]@0", "b[1]@0", "Z[1]@0"],
        ["W[1]@0", "A[0]@0", "b[1]@0", "Z[1]@0"],
        ["A[0]@0", "W[1]@0", "b[1]@0", "Z[1]@0"],
    ]


def pin_of_edge(page: Page, start: str, end: str) -> str:
    """Click on an edge, near where it starts, and return the cell that is pinned."""
    middles = page.evaluate(MIDDLES)
    (x1, y1), (x2, y2) = middles[start], middles[end]
    part = 0.22
    page.mouse.click(x1 + (x2 - x1) * part, y1 + (y2 - y1) * part)
    expect(page).to_have_url(re.compile(r"pin="))
    found = re.search(r"pin=([^&]+)", page.url)
    assert found
    return found.group(1)


def test_the_drawing_is_the_same_in_every_layout(page: Page):
    labels, pins = [], []
    for layout in LAYOUTS:
        open_page(page, f"{START}&layout={layout}&at=25")
        labels.append(page.evaluate(NEURONS))
        pins.append(pin_of_edge(page, "0:0", "1:6"))
        # A weight's gradient is pinned as the step makes it; both lie at the same place.
        place = re.compile("^(to unit 7, from unit 1|from unit 1, to unit 7)$")
        expect(page.get_by_test_id("inspector").get_by_text(place)).to_have_count(1)
    assert labels[0] == labels[1] == labels[2]
    assert "gradient" in str(labels[0])
    cells = [int(pin.rpartition(":")[2]) for pin in pins]
    assert cells == [6 * 5, 6 * 5, 6]


def test_a_sample_is_a_column_in_words_and_symbols_where_samples_are_columns(page: Page):
    open_page(page, f"{START}&layout=columns&at=29&pin=dW[3]@0:6&row=2")
    chooser = page.get_by_test_id("sample")
    expect(chooser.locator("optgroup").first).to_have_attribute("label", "A column of the batch")
    expect(chooser.locator("option").nth(2)).to_have_text("Batch, column 2")
    row = page.get_by_test_id("row-share")
    expect(row).to_contain_text("Column 2 of 3 through the network")
    expect(row).to_contain_text("its columns side by side")
    expect(row).not_to_contain_text(re.compile(r"\brows?\b"))
    Z = row.locator('[data-tensor="Z[1], column 2"]')
    Z.scroll_into_view_if_needed()
    name = Z.locator(".katex-html").first
    assert re.sub(r"[\s\u200b]", "", name.text_content() or "") in ("Z:,2(1)", "Z(1):,2")
    sums = page.get_by_test_id("sample-sum")
    expect(sums).to_contain_text("its column of dZ[3] times its column of A[2], laid flat.")
    open_page(page, f"{START}&layout=columns&at=29&pin=db[3]@0:1")
    expect(sums).to_contain_text("adds the columns up.")
    open_page(page, f"{START}&at=29&pin=dW[3]@0:6&row=2")
    expect(sums).to_contain_text("its row of dZ[3], stood upright, times its row of A[2].")
    expect(row).to_contain_text("Row 2 of 3 through the network")


def test_a_sample_alone_is_chosen_in_every_layout(page: Page):
    open_page(page, f"{START}&layout=columns&at=1")
    page.get_by_test_id("sample").select_option("1")
    head = page.locator('#every-matrix [data-tensor="A[0]@0"] .heads .head')
    expect(head).to_have_text(["2"])
    cells = page.locator('#every-matrix [data-tensor="A[0]@0"] [data-cell]')
    expect(cells).to_have_text(["−2", "2", "−1", "5", "2"])


def loss(page: Page, expected: float) -> float:
    """The loss on the page, once it is about what it should be."""
    # What is far from the screen is drawn when it comes near; the title has what was there before.
    cell = page.locator('#every-matrix [data-tensor="L@0"] [data-cell]')
    cell.scroll_into_view_if_needed()
    expect(cell).to_have_text(as_shown(expected))
    return read_back((cell.get_attribute("title") or "nan").rpartition("→")[2])


def choose(page: Page, key: str, value: str) -> None:
    page.get_by_test_id(f"convention-{key}").locator(f'input[value="{value}"]').check()


def test_the_switches_are_in_the_address_and_can_be_undone(
    page: Page, server: str, presets: dict[str, Any]
):
    lecture = traced(server, presets["mse_identity"]["request"])["tensors"]["L@0"]["data"][0]
    open_page(page, f"{START}&at=29")
    assert loss(page, lecture) == lecture
    back = page.get_by_role("button", name="As in the lecture")
    expect(back).to_have_count(0)
    choose(page, "half", "no")
    assert loss(page, 2 * lecture) == pytest.approx(2 * lecture, rel=1e-14)
    choose(page, "reduction", "sum")
    choose(page, "layout", "columns")
    expect(page).to_have_url(re.compile("layout=columns&half=no&reduction=sum"))
    assert loss(page, 6 * lecture) == pytest.approx(6 * lecture, rel=1e-14)
    shape = page.locator('#every-matrix [data-tensor="A[0]@0"] .shape')
    expect(shape).to_have_text(re.compile(r"5\s*×\s*3"))
    page.get_by_role("button", name="Undo").click()
    expect(page).not_to_have_url(re.compile("layout="))
    expect(shape).to_have_text(re.compile(r"3\s*×\s*5"))
    back.click()
    expect(page).not_to_have_url(re.compile("half=|reduction="))
    page.get_by_test_id("loss").select_option("")
    expect(page.get_by_test_id("convention-layout")).to_be_visible()
    expect(page.get_by_test_id("convention-half")).to_have_count(0)


def test_the_code_is_that_of_what_is_shown(
    page: Page, server: str, presets: dict[str, Any], tmp_path: Any
):
    body = presets["mse_identity"]["request"] | {"conventions": ELSEWHERE}
    scripts = httpx.post(f"{server}/api/code", json=body).json()["scripts"]
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_page(page, f"{START}{ADDRESS}&at=29&lens=code")
    code = page.get_by_test_id("code-text")
    expect(code).to_contain_text("Z1 = W1 @ X + b1[:, None]")
    assert code.text_content() == scripts[0]["text"]
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_test_id("code")).to_contain_text("Copied.")
    assert page.evaluate("() => navigator.clipboard.readText()") == scripts[0]["text"]
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download", exact=True).click()
    path = tmp_path / saved.value.suggested_filename
    saved.value.save_as(path)
    assert path.name == "chainrule_numpy.py"
    run = [sys.executable, str(path)]
    printed = subprocess.run(run, check=True, capture_output=True, text=True).stdout
    expected = traced(server, presets["mse_identity"]["request"], **ELSEWHERE)
    assert printed.startswith(f"L = {expected['tensors']['L@0']['data'][0]!r}\n")
    page.get_by_role("tab", name="PyTorch").click()
    expect(page).to_have_url(re.compile("language=pytorch"))
    expect(code).to_contain_text("L.backward()")
    choose(page, "layout", "rows_in_out")
    expect(code).to_contain_text("Z1 = X @ W1 + b1")


def test_the_code_is_reached_and_scrolled_by_keyboard(page: Page):
    open_page(page, f"{START}&at=29&lens=code")
    code = page.get_by_test_id("code-text")
    page.get_by_role("tab", name="NumPy").focus()
    page.keyboard.press("Tab")
    expect(code).to_be_focused()
    page.keyboard.press("PageDown")
    page.wait_for_function(
        """() => document.querySelector('[data-testid="code-text"]').scrollTop > 0"""
    )


def test_code_that_is_too_long_is_refused_with_a_sentence(page: Page):
    open_page(page, "/propagate?preset=mse_identity&sizes=5-300-300-3&at=0&lens=code")
    expect(page.get_by_test_id("code").get_by_role("alert")).to_contain_text("50,000 numbers")
