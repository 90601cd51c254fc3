"""Numbers as the reader wants them: 2 to 17 digits, scientific, exact fractions."""

import re
from fractions import Fraction
from typing import Any, TypeAlias

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import PHONE, SIDEWAYS, open_page
from tests.web.numbers import as_shown, read_back
from tests.web.test_numbers_shown import READ_MATRICES, Shown

F: TypeAlias = Fraction
ADDRESS = (
    "/propagate?preset=linear_regression&sizes=2-2-1&act=relu,identity&lr=0.1&n=1"
    "&x=1,2;-3,0.7&y=1;0&at=40&digits={digits}"
    "#w=0.5,-0.1;0.3333333333333333,2/0.1,-0.375~1,-0.25/0.2"
)
OVERFLOWING = """() => [...document.querySelectorAll("[data-cell]")]
  .filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent)"""

# Tables and bars of the lenses: numbers cut off, and numbers not below their head.
CUT_OFF = """() => [...document.querySelectorAll("#lens .number, #lens .value")]
  .filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.textContent)"""
ASIDE = """() => [...document.querySelectorAll("#lens .row.head")].flatMap((head) =>
  [...head.parentElement.querySelectorAll("[data-row]")].flatMap((row) =>
    [...row.children].map((cell, i) =>
      Math.abs(cell.getBoundingClientRect().right - head.children[i].getBoundingClientRect().right)
    ))).filter((pixels) => pixels > 0.5)"""


def by_hand() -> dict[str, list[F]]:
    """The same step of the same network in fractions, apart from the server."""
    X, Y = [(F(1), F(2)), (F(-3), F(7, 10))], [F(1), F(0)]
    W, b = [(F(1, 2), F(-1, 10)), (F(1, 3), F(2))], [F(1, 10), F(-3, 8)]
    V, c, eta = [F(1), F(-1, 4)], F(1, 5), F(1, 10)
    Z1 = [[x[0] * w[0] + x[1] * w[1] + b[j] for j, w in enumerate(W)] for x in X]
    A1 = [[max(z, F(0)) for z in row] for row in Z1]
    Z2 = [row[0] * V[0] + row[1] * V[1] + c for row in A1]
    dZ2 = [(z - y) / 2 for z, y in zip(Z2, Y, strict=True)]
    dZ1 = [[d * V[j] * (z > 0) for j, z in enumerate(row)] for d, row in zip(dZ2, Z1, strict=True)]
    dW1 = [sum(dZ1[p][j] * X[p][k] for p in (0, 1)) for j in (0, 1) for k in (0, 1)]
    return {
        "Z[1]@0": [z for row in Z1 for z in row],
        "Z[2]@0": Z2,
        "L@0": [sum((z - y) ** 2 / 2 for z, y in zip(Z2, Y, strict=True)) / 2],
        "dZ[2]@0": dZ2,
        "dW[1]@0": [F(d) for d in dW1],
        "b[2]@1": [c - eta * sum(dZ2)],
        "W[1]@1": [w - eta * d for w, d in zip([*W[0], *W[1]], dW1, strict=True)],
    }


def shown_text(value: Fraction) -> str:
    return str(value).replace("-", "−")


def test_fractions_are_those_worked_out_by_hand(page: Page):
    open_page(page, ADDRESS.format(digits="4"))
    page.get_by_test_id("digits").select_option("fractions")
    cells = page.locator('#every-matrix [data-tensor="W[1]@0"] [data-cell]')
    expect(cells).to_have_text(["1/2", "−1/10", "1/3", "2"])
    shown: Shown = page.evaluate(READ_MATRICES)
    for id, values in by_hand().items():
        assert [text for text, _ in shown[id].values()] == [shown_text(value) for value in values]
        titles = [read_back(title) for _, title in shown[id].values()]
        assert titles == pytest.approx([float(value) for value in values], rel=1e-12)
    assert "digits=fractions" in page.url
    page.locator('#every-matrix [data-tensor="Z[1]@0"] [data-cell="1"]').click()
    expect(page.get_by_test_id("written-sum")).to_contain_text("1 · 1/3")
    expect(page.get_by_test_id("inspector")).to_contain_text(shown_text(by_hand()["Z[1]@0"][1]))
    # 1 · 1/3 + 2 · 2 − 3/8: the products are exact, and so are the sums so far.
    lines = page.get_by_test_id("sum-picture").locator("li")
    for place, texts in enumerate((["1", "1/3", "1/3"], ["2", "2", "4"], ["−3/8"])):
        expect(lines.nth(place).locator(".value")).to_have_text(texts)
    expect(lines.locator(".running")).to_have_text(["Σ 1/3", "Σ 13/3", "Σ 95/24"])
    difference = by_hand()["Z[2]@0"][0] - 1
    squared = difference**2
    # (Z[2] − 1)², and half of it for sample 1 alone: half again, since N stays 2.
    page.locator('#every-matrix [data-tensor="Lp@0"] [data-cell="0"]').click()
    tile = page.get_by_test_id("sum-picture").locator(".tile .value.numbers")
    expect(tile).to_have_text([f"= {shown_text(each)}" for each in (difference, squared)])
    page.locator('#every-matrix [data-tensor="L@0"] [data-cell="0"]').click()
    page.get_by_test_id("sum-picture").locator("input").last.uncheck()
    partial = page.get_by_test_id("partial-sum").locator(".value")
    expect(partial).to_have_text(shown_text(squared / 4))


def test_the_lenses_write_fractions_too(page: Page):
    exact = {id: [shown_text(value) for value in values] for id, values in by_hand().items()}
    open_page(page, ADDRESS.format(digits="fractions").replace("&at=", "&lens=update&at="))
    row = page.get_by_test_id("update-row").locator("tr")
    expect(row.nth(0).locator(".tile")).to_have_text(["1/2", "−1/10"])
    expect(row.nth(2).locator(".tile")).to_have_text(exact["W[1]@1"][:2])
    added = [-value / 10 for value in by_hand()["dW[1]@0"][:2]]
    expect(row.nth(1).locator(".tile")).to_have_text([shown_text(value) for value in added])
    expect(page.get_by_test_id("update-before")).to_have_text(exact["L@0"])
    expect(page.get_by_test_id("update-rate")).to_have_text("1/10")
    expect(page.get_by_test_id("update-actual-change")).to_contain_text("≈")
    page.get_by_role("tab", name="Gradient check").click()
    cells = page.get_by_test_id("check-cells").locator('[data-row="0"] .number')
    page.locator('[data-gradient="dZ[2]"]').click()
    expect(cells.nth(0)).to_have_text(exact["dZ[2]@0"][0])
    expect(cells.nth(1)).to_contain_text("≈")
    page.get_by_role("tab", name="Why things cancel").click()
    both = page.get_by_test_id("both-ways")
    for line, id in (("z", "Z[2]@0"), ("the long way", "dZ[2]@0")):
        expect(both.locator(f'[data-line="{line}"] td')).to_have_text(exact[id][:1])


def test_what_has_no_fraction_is_marked_as_rounded(
    page: Page, server: str, presets: dict[str, Any]
):
    request = presets["mse_identity"]["request"]
    found = httpx.post(f"{server}/api/fractions", json=request).json()["fractions"]
    trace = httpx.post(f"{server}/api/trace", json=request).json()["tensors"]
    assert found["Z[1]@0"] is None
    open_page(page, "/propagate?preset=mse_identity&at=40&digits=fractions")
    first = page.locator('#every-matrix [data-tensor="Z[1]@0"] [data-cell="0"]')
    expect(first).to_have_text("≈" + as_shown(trace["Z[1]@0"]["data"][0]))
    shown: Shown = page.evaluate(READ_MATRICES)
    assert [text for text, _ in shown["slope[3]@0"].values()] == ["1"] * 9


def test_too_large_a_network_has_a_sentence_and_its_decimals(page: Page):
    open_page(page, "/propagate?preset=mse_identity&sizes=5-200-200-3&at=1&digits=fractions")
    expect(page.get_by_test_id("fractions-failure")).to_contain_text("At most 100,000 terms")
    page.get_by_test_id("digits").select_option("4")
    expect(page.get_by_test_id("fractions-failure")).to_have_count(0)


def test_17_digits_read_back_as_the_number_and_fit_their_cells(page: Page):
    page.set_viewport_size(PHONE)
    open_page(page, "/propagate?preset=ce_softmax&at=40&digits=17")
    shown: Shown = page.evaluate(READ_MATRICES)
    for id, cells in shown.items():
        for text, title in cells.values():
            assert read_back(text) == read_back(title), id
    assert page.evaluate(OVERFLOWING) == []
    assert page.evaluate(SIDEWAYS) <= 0


def test_long_numbers_fit_the_tables_of_the_lenses_on_every_screen(page: Page):
    check = "/propagate?preset=ce_softmax&lens=check&at=28"
    branch = "branch=3~gradient_descent,learning_rate:0.5"
    update = f"/propagate?preset=mse_identity&n=6&lens=update&at=87&{branch}"
    for path, table in ((check, "check-cells"), (update, "compare")):
        for digits in ("4", "17", "9e"):
            open_page(page, f"{path}&digits={digits}")
            expect(page.get_by_test_id(table).locator("[data-row]")).not_to_have_count(0)
            for size in (PHONE, {"width": 1440, "height": 900}):
                page.set_viewport_size(size)
                assert page.evaluate(CUT_OFF) == [], (path, digits)
                assert page.evaluate(ASIDE) == [], (path, digits)
            if path == update and digits == "17":
                assert_sentences_have_every_digit(page)


def assert_sentences_have_every_digit(page: Page) -> None:
    promised = page.get_by_test_id("update-promised-change").text_content() or ""
    expect(page.get_by_test_id("update-sentence")).to_contain_text(f"promised {promised};")
    ends = page.get_by_test_id("branch-list").locator(".end")
    expect(ends).to_have_text([re.compile(r"ends at L = 0\.\d{16,}")] * 2)


def test_the_columns_of_a_large_matrix_are_as_wide_as_its_fractions(page: Page):
    X = ",".join(f"{number}.{number:03}" for number in range(101, 531))
    path = f"/propagate?preset=linear_regression&sizes=430-1&init=zeros&x={X}&y=1&n=1&lr=0.1"
    open_page(page, f"{path}&at=40&digits=fractions")
    matrix = page.locator('#every-matrix [data-tensor="A[0]@0"]')
    matrix.scroll_into_view_if_needed()
    expect(matrix.locator('[data-cell="0"]')).to_have_text("101101/1000")
    assert page.evaluate(OVERFLOWING) == []
    wide = matrix.locator('[data-cell="0"]').bounding_box()
    page.get_by_test_id("digits").select_option("3")
    expect(matrix.locator('[data-cell="0"]')).to_have_text("101")
    narrow = matrix.locator('[data-cell="0"]').bounding_box()
    assert wide
    assert narrow
    assert narrow["width"] < wide["width"]


def test_scientific_form_has_the_same_digits_everywhere(page: Page):
    open_page(page, "/propagate?preset=ce_softmax&at=40&digits=7e")
    expect(page.get_by_test_id("digits")).to_have_value("7e")
    shown: Shown = page.evaluate(READ_MATRICES)
    for id, cells in shown.items():
        for text, title in cells.values():
            value = read_back(title)
            mantissa, _, power = f"{value:.6e}".partition("e")
            expected = f"{mantissa}e{int(power)}" if value else title
            assert text == expected.replace("-", "−"), id
    assert page.evaluate(OVERFLOWING) == []
