"""Shapes: what fits, and what NumPy does with what doesn't."""

import re

from playwright.sync_api import Page, expect

from tests.web.conftest import open_page


def test_a_product_is_checked_and_tried_wrong(page: Page) -> None:
    open_page(page, "/propagate?preset=mse_identity&lens=shapes&at=1")
    right = page.get_by_test_id("right-shapes")
    expect(right).to_contain_text("W.T")
    expect(right).to_contain_text("5 = 5")
    page.get_by_role("button", name="W isn't transposed").click()
    trial = page.get_by_test_id("trial")
    expect(trial).to_contain_text("5 ≠ 7")
    expect(trial).to_contain_text("NumPy refuses")
    expect(page.get_by_test_id("numpy-error")).to_contain_text("mismatch in its core dimension")


def test_broadcasting_is_shown_for_what_it_does(page: Page) -> None:
    """E15: a weight gradient as a column, taken from a row, silently makes a square."""
    open_page(page, "/propagate?preset=logistic_regression&n=1&lens=shapes&at=7")
    expect(page.get_by_test_id("step-title")).to_contain_text("dW[1]")
    page.get_by_role("button", name="Its transpose, taken from W").click()
    trial = page.get_by_test_id("trial")
    expect(trial).to_contain_text("silently makes 2 × 2")
    expect(trial.locator("td")).to_have_count(4)
    page.get_by_role("button", name="The factors are swapped").click()
    expect(trial).to_contain_text("the right numbers, turned on their side. 2 × 1 instead of 1 × 2")
    open_page(page, "/propagate?preset=logistic_regression&n=1&lens=shapes&at=6")
    page.get_by_role("button", name="The targets are a list, (N,)").click()
    expect(trial).to_contain_text("silently makes 6 × 6")


def test_a_column_makes_a_square_of_a_bias_and_a_square_matrix_hides_its_transpose(
    page: Page,
) -> None:
    """E06: b − η · a column is silently 3 × 3. E15 on a square W: the shape fits, all else not."""
    open_page(page, "/propagate?preset=mse_identity&lens=shapes&at=13")
    expect(page.get_by_test_id("step-title")).to_contain_text("db[3]")
    page.get_by_role("button", name="A column, taken from b").click()
    trial = page.get_by_test_id("trial")
    expect(trial).to_contain_text("silently makes 3 × 3 of it instead of keeping 3")
    expect(trial.locator("td")).to_have_count(9)
    open_page(page, "/propagate?preset=mse_identity&sizes=5-3-3-3&lens=shapes&at=12")
    expect(page.get_by_test_id("step-title")).to_contain_text("dW[3]")
    page.get_by_role("button", name="Its transpose, taken from W").click()
    expect(trial).to_contain_text("W keeps its shape 3 × 3: the silent case.")
    expect(trial).to_contain_text(re.compile("new numbers are wrong, off by up to [0-9]"))
    expect(trial.get_by_text("⚠")).to_be_visible()


def test_a_step_without_a_product_leads_to_the_next_one(page: Page) -> None:
    open_page(page, "/propagate?preset=mse_identity&lens=shapes&at=2")
    expect(page.get_by_test_id("shapes")).to_contain_text("no product")
    page.get_by_role("button", name="Go to the next product").click()
    expect(page.get_by_test_id("right-shapes")).to_contain_text("7 = 7")
