"""Shapes: what fits, and what NumPy does with what doesn't."""

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
    open_page(page, "/propagate?preset=logistic_regression&n=1&lens=shapes&at=6")
    page.get_by_role("button", name="The targets are a list, (N,)").click()
    expect(trial).to_contain_text("silently makes 6 × 6")


def test_a_step_without_a_product_leads_to_the_next_one(page: Page) -> None:
    open_page(page, "/propagate?preset=mse_identity&lens=shapes&at=2")
    expect(page.get_by_test_id("shapes")).to_contain_text("no product")
    page.get_by_role("button", name="Go to the next product").click()
    expect(page.get_by_test_id("right-shapes")).to_contain_text("7 = 7")
