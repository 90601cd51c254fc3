"""Surfaces of one's own on /descent: a typed formula, a matrix, and what is wrong with one."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import open_page
from tests.web.test_descent import CALM


def choose(page: Page, title: str) -> None:
    page.get_by_test_id("surface").select_option(label=title)


def test_a_formula_is_computed_like_the_named_surface(page: Page):
    open_page(page, CALM)
    choose(page, "A formula you type")
    formula = page.get_by_test_id("formula")
    expect(formula).to_have_value(re.compile(r"x1"))
    expect(page).to_have_url(re.compile(r"\?f=x1"))
    expect(page.get_by_test_id("ending-A")).to_contain_text("Stopped at k = 76: ‖∇f‖ < 1e−6.")
    formula.fill("(1 - x1)**2 + 100*(x2 - x1**2)**2")
    formula.press("Enter")
    expect(page).to_have_url(re.compile(r"100"))
    expect(page.get_by_test_id("surface-formula").locator(".katex")).to_be_visible()
    page.get_by_text("Gradient and Hessian").click()
    expect(page.get_by_test_id("derivatives").locator(".katex")).to_have_count(3)
    page.reload()
    expect(formula).to_have_value("(1 - x1)**2 + 100*(x2 - x1**2)**2")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x1**2 + foo(x2)", "foo"),
        ("x1 +* 2", "character"),
        ("__import__('os')", "character"),
        ("10**10**10 + x1", "character"),
        ("x1 + y", "“y”"),
    ],
)
def test_a_wrong_formula_gets_a_sentence_and_the_last_picture_stays(
    page: Page, text: str, words: str
):
    open_page(page, CALM)
    choose(page, "A formula you type")
    formula = page.get_by_test_id("formula")
    formula.fill(text)
    formula.press("Enter")
    expect(page.get_by_test_id("formula-problem")).to_contain_text(words)
    expect(formula).to_have_value(text)
    expect(page.get_by_test_id("ending-A")).to_contain_text("Stopped at k = 76")


def test_a_formula_in_x_has_one_variable(page: Page):
    open_page(page, CALM)
    choose(page, "A formula you type")
    formula = page.get_by_test_id("formula")
    formula.fill("x**2")
    formula.press("Enter")
    heads = page.locator('[data-testid="iterates"] thead th')
    expect(heads).to_have_text(["k", "x", "f", re.compile("f′|∇f"), "η"])


def test_a_matrix_is_a_quadratic(page: Page):
    open_page(page, CALM)
    choose(page, "A quadratic by its matrix")
    expect(page.get_by_test_id("ending-A")).to_contain_text("Stopped at k = 76: ‖∇f‖ < 1e−6.")
    entry = page.get_by_label("H₂₂")
    entry.fill("2")
    entry.blur()
    expect(page).to_have_url(re.compile("H=2,1,1,2"))
    expect(page.get_by_test_id("curvature")).to_contain_text("3")


def test_a_formula_of_the_address_that_is_refused_is_left_out_with_its_sentence(page: Page):
    open_page(page, "/descent?f=x1**&at=2")
    expect(page.get_by_test_id("problem")).to_contain_text("left out")
    expect(page.get_by_test_id("ending-A")).to_contain_text("Stopped at k = 76")
