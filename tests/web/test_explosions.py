"""Explosions explained: which cell first, in which iteration, from what; and which units died."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import open_page


def test_what_broke_first_is_named_and_followed_back(
    page: Page, server: str, presets: dict[str, dict[str, Any]]
) -> None:
    found = httpx.post(f"{server}/api/diagnosis", json=presets["exploding"]["request"]).json()
    open_page(page, "/propagate?preset=exploding&at=3")
    page.get_by_role("button", name="See what led to it").click()
    first = page.get_by_test_id("first-broken")
    expect(first).to_contain_text("Z[2], sample 1, unit 1")
    expect(first).to_contain_text("in iteration 6")
    hops = page.get_by_test_id("cause").locator("li")
    expect(hops).to_have_count(len(found["cause"]))
    titles = [hop.locator("button").get_attribute("title") or "" for hop in hops.all()]
    values = [float(title.replace("−", "-")) for title in titles]
    assert values == [hop["value"] for hop in found["cause"]]
    hops.nth(1).locator("button").click()
    tensor = found["cause"][1]["tensor"]
    expect(page).to_have_url(re.compile(re.escape(f"pin={tensor}:")))


def test_dead_units_are_marked_and_explained(page: Page) -> None:
    open_page(page, "/propagate?preset=dead_relu&lens=health&at=3")
    units = page.get_by_test_id("units").locator("li")
    expect(units).to_have_count(3)
    expect(units.first).to_contain_text("Layer 1, unit 1 is dead since iteration 4")
    expect(units.first).to_contain_text("on every sample the slope is 0")
    expect(page.locator('[data-neuron="1:0"]')).to_have_attribute("aria-label", re.compile("dead"))
    expect(page.locator("text.note")).to_have_count(3)
    page.get_by_role("tab", name="Numbers").click()
    expect(page.locator("text.note")).to_have_count(0)


@pytest.mark.parametrize("layout", ["rows_out_in", "columns"])
def test_a_dead_unit_leads_to_its_pre_activation(
    page: Page, server: str, presets: dict[str, dict[str, Any]], layout: str
) -> None:
    body = presets["dead_relu"]["request"] | {"conventions": {"layout": layout}}
    unit = httpx.post(f"{server}/api/diagnosis", json=body).json()["units"][1]
    open_page(page, f"/propagate?preset=dead_relu&layout={layout}&lens=health&at=3")
    page.get_by_test_id("units").locator("button").nth(1).click()
    samples, units = 3, 8
    cell = {
        "rows_out_in": unit["sample"] * units + unit["unit"],
        "columns": unit["unit"] * samples + unit["sample"],
    }[layout]
    expect(page).to_have_url(re.compile(rf"pin=Z\[1\]@9:{cell}(&|$)"))


def test_saturated_units_are_told_from_dead_ones(page: Page) -> None:
    open_page(page, "/propagate?preset=saturated&lens=health&at=3")
    expect(page.get_by_test_id("first-broken")).to_contain_text("Every number stayed finite")
    expect(page.get_by_test_id("units").locator("li").first).to_contain_text("is saturated")
