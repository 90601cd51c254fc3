"""Every page, for everyone: no axe violation and no sideways scroll, in all sizes and themes."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import open_page

AXE = (
    Path(__file__).resolve().parents[2] / "static" / "node_modules" / "axe-core" / "axe.min.js"
).read_text()
PLACES = {
    "landing": "/",
    "forward": "/propagate?preset=mse_identity&at=2.5",
    "pinned": "/propagate?preset=ce_softmax&at=13&pin=dA[2]@0:3",
    "many": "/propagate?preset=xor&at=30",
    "diverged": "/propagate?preset=mse_identity&lr=1e200&n=5",
    "wrong": "/propagate?preset=nonsense&at=3",
}
PHONE = {"width": 390, "height": 844}
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def visit(page: Page, name: str) -> None:
    if name == "landing":
        page.goto("/")
        page.wait_for_load_state("networkidle")
    else:
        open_page(page, PLACES[name])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("name", PLACES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    page: Page, name: str, size: str, scheme: str
):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    if size == "phone":
        page.set_viewport_size(PHONE)
    visit(page, name)
    assert page.evaluate(SIDEWAYS) <= 0
    page.evaluate(AXE)
    found = page.evaluate("async () => (await axe.run()).violations")
    assert [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in found] == []


def test_on_a_phone_the_rail_and_the_inspector_are_sheets(page: Page):
    page.set_viewport_size(PHONE)
    open_page(page, "/propagate?preset=mse_identity&at=3")
    preset = page.get_by_test_id("preset")
    expect(preset).not_to_be_in_viewport()
    page.get_by_role("button", name="Settings").click()
    expect(preset).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(preset).not_to_be_in_viewport()
    page.locator('#every-matrix [data-tensor="Z[2]@0"] [data-cell="0"]').click()
    expect(page.get_by_test_id("written-sum")).to_be_in_viewport()


def test_the_transport_bar_stays_on_the_screen(page: Page):
    page.set_viewport_size(PHONE)
    open_page(page, "/propagate?preset=mse_identity&at=3")
    page.mouse.wheel(0, 3000)
    expect(page.get_by_test_id("play")).to_be_in_viewport()


def test_keyboard_help_opens_with_a_question_mark(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=3")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_theme_can_be_chosen_and_stays(page: Page):
    page.goto("/")
    colour = "() => getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(colour)
    page.get_by_role("button", name="theme").click()
    dark = page.evaluate(colour)
    assert dark != light
    page.goto("/propagate?preset=demo_1&at=1")
    assert page.evaluate(colour) == dark
