"""Explosions explained: which cell first, in which iteration, from what; and which units died."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import open_page
from tests.web.numbers import read_back

Json = dict[str, Any]
FAR_OUT = "/propagate?preset=logistic_regression&x=1000,1000;1,1&y=0;1&n=4&lr=2"
# Neurons on the path of the pinned number, the others are dimmed.
LIT = ".neuron:not(.dimmed) circle.mark"


def test_what_broke_first_is_named_and_followed_back(
    page: Page, server: str, presets: dict[str, Json]
) -> None:
    found = httpx.post(f"{server}/api/diagnosis", json=presets["exploding"]["request"]).json()
    open_page(page, "/propagate?preset=exploding&at=3")
    page.get_by_role("button", name="See what led to it").click()
    first = page.get_by_test_id("first-broken")
    expect(first).to_contain_text("Z[2], sample 1, unit 1")
    expect(first).to_contain_text("in iteration 6")
    expect(page.get_by_test_id("failure")).to_contain_text("∞ − ∞ is no number")
    terms = page.get_by_test_id("broken-terms").locator("li")
    expect(terms).to_have_count(len(found["broken"]["terms"]))
    factors = terms.first.locator("button")
    for factor, part in zip(factors.all(), found["broken"]["terms"][0]["parts"][::2], strict=True):
        assert read_back(factor.get_attribute("title") or "") == part["value"]
    expect(terms.first).to_contain_text("∞")
    hops = page.get_by_test_id("cause").locator("li")
    expect(hops).to_have_count(len(found["cause"]))
    titles = [hop.locator("button").get_attribute("title") or "" for hop in hops.all()]
    values = [float(title.replace("−", "-")) for title in titles]
    assert values == [hop["value"] for hop in found["cause"]]
    for place in (1, len(found["cause"]) - 1):
        check_hop(page, hops.nth(place), found["cause"][place])
    first.get_by_role("button").click()
    check_update_that_never_was(page)


def check_update_that_never_was(page: Page) -> None:
    """Where the run ends: no update, no loss that it ends at, and no more iterations than begun."""
    page.get_by_role("tab", name="Update").click()
    expect(page.get_by_test_id("update-title")).to_have_text(re.compile(r"iteration 6\sof 6$"))
    expect(page.get_by_test_id("no-update")).to_be_visible()
    trunk = page.get_by_test_id("branch-list").locator("li").first
    expect(trunk).to_contain_text("diverges")
    expect(trunk).not_to_contain_text("ends at")


def check_hop(page: Page, hop: Locator, expected: Json) -> None:
    """Follow a hop: the number, its sum and its path through the network are there."""
    hop.locator("button").click()
    tensor = expected["tensor"]
    expect(page).to_have_url(re.compile(re.escape(f"pin={tensor}:") + r".*&hops=all"))
    card = page.get_by_test_id("number-card")
    expect(card).not_to_contain_text("Not computed yet")
    if "@0" not in tensor:
        result = card.locator(".result strong")
        expect(result).to_have_attribute("title", re.compile(r"\d"))
        assert read_back(result.get_attribute("title") or "") == expected["value"]
        expect(page.get_by_test_id("written-sum").get_by_role("button").first).to_be_visible()
    expect(page.locator(LIT).first).to_be_attached()


def test_an_unbounded_number_is_named_with_its_cause(
    page: Page, server: str, presets: dict[str, Json]
) -> None:
    more = {"X": [[1000, 1000], [1, 1]], "Y": [[0], [1]], "iterations": 4}
    body = presets["logistic_regression"]["request"] | more | {"optimizer": {"learning_rate": 2}}
    found = httpx.post(f"{server}/api/diagnosis", json=body).json()["unbounded"]
    open_page(page, f"{FAR_OUT}&lens=health&at=3")
    named = page.get_by_test_id("first-unbounded")
    expect(named).to_contain_text("dA[1], sample 2, unit 1 is unbounded (−∞) in iteration 2")
    expect(named).to_contain_text("∂L/∂Z comes from A − Y")
    expect(page.get_by_test_id("health")).not_to_contain_text("Every number stayed finite")
    hops = page.get_by_test_id("unbounded-cause").locator("li")
    expect(hops).to_have_count(len(found["cause"]))
    check_hop(page, hops.nth(1), found["cause"][1])
    named.get_by_role("button").click()
    expect(page.get_by_test_id("number-card")).to_contain_text("Unbounded: the true value")
    expect(page.get_by_test_id("step-title")).to_contain_text("dA[1]")
    unit = page.get_by_test_id("units").locator("li")
    expect(unit).to_contain_text("Layer 1, unit 1 is saturated since iteration 2")
    expect(unit).to_contain_text("the output learns all the same")


def test_dead_units_are_marked_and_explained(page: Page) -> None:
    open_page(page, "/propagate?preset=dead_relu&lens=health&at=3")
    units = page.get_by_test_id("units").locator("li")
    expect(page.get_by_test_id("first-unit")).to_contain_text(
        "Layer 1, unit 8 was the first of 4 cases: it is dead from the start."
    )
    expect(units).to_have_count(4)
    expect(units.first).to_contain_text("on every sample the slope is 0")
    recovered = "was saturated since iteration 2, and recovered in iteration 4"
    expect(units.nth(2)).to_contain_text(f"Layer 2, unit 1 {recovered}")
    expect(page.locator("text.note")).to_have_count(1)
    units.nth(3).get_by_role("button").click()
    expect(page.get_by_test_id("step-title")).to_contain_text("Z[1]")
    expect(page.locator(".head .badge")).to_contain_text("iteration 4 of 10")
    expect(page.locator(LIT).first).to_be_attached()
    expect(page.locator('[data-neuron="1:0"]')).to_have_attribute("aria-label", re.compile("dead"))
    expect(page.locator("text.note")).to_have_count(3)
    page.get_by_role("tab", name="Numbers").click()
    expect(page.locator("text.note")).to_have_count(0)


@pytest.mark.parametrize("layout", ["rows_out_in", "columns"])
def test_a_dead_unit_leads_to_its_pre_activation(
    page: Page, server: str, presets: dict[str, Json], layout: str
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
    expect(page).to_have_url(re.compile(rf"pin=Z\[1\]@{unit['since']}:{cell}(&|$)"))
    expect(page.get_by_test_id("written-sum")).to_be_visible()


def test_saturated_units_are_told_from_dead_ones(page: Page) -> None:
    open_page(page, "/propagate?preset=saturated&lens=health&at=3")
    expect(page.get_by_test_id("first-broken")).to_contain_text("Every number stayed finite")
    expect(page.get_by_test_id("units").locator("li").first).to_contain_text("is saturated")
