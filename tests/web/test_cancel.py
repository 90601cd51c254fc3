"""Why things cancel: both ways on the page, number by number, and where the long one breaks."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.web.conftest import open_page

Json = dict[str, Any]
STALE = re.compile(r"\bstale\b")


def numbers(line: Locator) -> list[float]:
    titles = [cell.get_attribute("title") or "" for cell in line.locator("td").all()]
    return [float(title.replace("−", "-")) for title in titles]


@pytest.mark.parametrize("preset", ["bce_sigmoid", "ce_softmax", "mse_identity"])
def test_both_ways_are_the_server_s(
    page: Page, server: str, presets: dict[str, Json], preset: str
) -> None:
    way = httpx.post(f"{server}/api/long-way", json=presets[preset]["request"]).json()
    open_page(page, f"/propagate?preset={preset}&lens=cancel&at=3")
    table = page.get_by_test_id("both-ways")
    page.get_by_test_id("cancel-sample").select_option("1")
    expect(table.locator('[data-line="y"] td').nth(1)).to_have_text("1")
    assert numbers(table.locator('[data-line="∂L/∂a"]')) == way["dA"][1]
    assert numbers(table.locator('[data-line="the long way"]')) == way["product"][1]
    if preset == "mse_identity":
        expect(table.locator('[data-line="the short way"]')).to_have_count(0)
        expect(page.get_by_test_id("breaking")).to_have_count(0)
        return
    assert numbers(table.locator('[data-line="the short way"]')) == way["short"][1]
    assert numbers(table.locator('[data-line="difference"]')) == way["difference"][1]
    if preset == "ce_softmax":
        rows = page.get_by_test_id("jacobian").locator("tbody tr").all()
        assert [numbers(row) for row in rows] == way["jacobian"][1]


def test_the_long_way_breaks_and_the_short_one_does_not(page: Page) -> None:
    open_page(page, "/propagate?preset=bce_sigmoid&lens=cancel&probe=800,0&at=3")
    probe = page.get_by_test_id("probe")
    expect(probe.locator('[data-line="the long way"] td')).to_have_text("NaN")
    expect(probe.locator('[data-line="the short way"] td')).to_have_text("1")
    expect(probe.locator('[data-line="loss from a"] td')).to_have_text("+∞")
    expect(probe.locator('[data-line="loss from z"] td')).to_have_text("800")
    expect(page.get_by_test_id("verdict")).to_contain_text("multiplies ∞ by 0")
    page.get_by_role("button", name="37", exact=True).click()
    expect(probe.locator('[data-line="the long way"] td')).to_have_text("+∞")
    expect(page).to_have_url(re.compile("probe=37,0"))
    page.get_by_role("button", name="10", exact=True).click()
    expect(page.get_by_test_id("verdict")).to_contain_text("Both ways")
    expect(page.get_by_test_id("breaking").get_by_role("img")).to_have_count(5)


def test_an_answer_that_is_late_is_marked_and_keeps_its_own_z(page: Page) -> None:
    open_page(page, "/propagate?preset=bce_sigmoid&lens=cancel&probe=10,0&at=3")
    breaking = page.get_by_test_id("breaking")
    answer, dot = breaking.locator(".answer"), breaking.locator("circle").first
    expect(answer).not_to_have_class(STALE)
    held: list[Route] = []
    page.route("**/api/long-ways", lambda route: held.append(route))
    place, shown = dot.get_attribute("cx"), answer.inner_text()
    page.get_by_role("button", name="0", exact=True).click()
    expect(answer).to_have_class(STALE)
    expect(breaking.locator(".curves")).to_have_class(STALE)
    assert (dot.get_attribute("cx"), answer.inner_text()) == (place, shown)
    expect(answer).to_have_css("opacity", "0.6")
    held[0].continue_()
    expect(answer).not_to_have_class(STALE)
    expect(dot).not_to_have_attribute("cx", place or "")
