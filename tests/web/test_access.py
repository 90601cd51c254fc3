"""Every page in its states, for everyone: axe finds nothing, nothing scrolls sideways."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.web import (
    test_check,
    test_descent,
    test_dial,
    test_exercise,
    test_line,
    test_relief,
    test_train_pictures,
    test_train_step,
    test_update,
)
from tests.web.conftest import PHONE, SIDEWAYS, open_page

AXE = (
    Path(__file__).resolve().parents[2] / "static" / "node_modules" / "axe-core" / "axe.min.js"
).read_text()
VIOLATIONS = """async ({ exclude, ...options }) => (
  await axe.run(exclude ? { exclude } : document,
    { resultTypes: ["violations"], selectors: false, ...options })
).violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 160))])"""
ALL_RULES: dict[str, Any] = {}
COLOUR = ["color-contrast", "link-in-text-block"]
# All else that axe looks at is the same in both themes; colours, which take it longest, are the
# same on all screens, but for what a phone has alone.
RULES_OF_COLOUR = {"runOnly": COLOUR}
ALL_BUT_COLOUR = {"rules": {rule: {"enabled": False} for rule in COLOUR}}
# Colours that are on their way to others are no colours to judge.
STILL = "() => !document.getAnimations().some((each) => each instanceof CSSTransition)"

# What is on its way from the server; all has come when nothing is for a few frames.
COUNT = """() => {
  window.onTheWay = 0;
  const send = window.fetch;
  window.fetch = async (...request) => {
    window.onTheWay++;
    try { return await send(...request); } finally { window.onTheWay--; }
  };
}"""
ARRIVED = """async () => {
  for (let frame = 0; frame < 6; frame++) {
    if (window.onTheWay > 0) return false;
    await new Promise((resolve) => setTimeout(resolve, 16));
  }
  return document.fonts.status === "loaded";
}"""
# What is seen at the left edge of a sheet, as high as the button that closes it.
IN_STRIP = """() => {
  const { top, height } = document.querySelector(".rail .corner button").getBoundingClientRect();
  return document.elementFromPoint(30, top + height / 2).classList[0];
}"""

Open = Callable[[Page, str], object]
States = dict[str, str]
PROPAGATE = {
    "forward": "/propagate?preset=mse_identity&at=2.5",
    "pinned": "/propagate?preset=ce_softmax&at=13&pin=dA[2]@0:3",
    "walked": "/propagate?preset=mse_identity&sizes=5-3-3&act=relu,identity&at=19"
    "&pin=dW[2]@0:3&trail=W[2]@1:3&way=both&hops=all&row=2&without=3",
    "jacobian": "/propagate?preset=mse_identity&sizes=5-2-3&act=tanh,softmax&at=19&pin=dZ[2]@0:4",
    "many": "/propagate?preset=xor&at=30",
    "diverged": "/propagate?preset=mse_identity&sizes=5-2-3&act=relu,identity&lr=1e200&n=5",
    "optimizer": "/propagate?preset=xor&opt=adamw,schedule:step&l1=0.01&at=39&pin=m_hatW[1]@0:3",
    "wrong": "/propagate?preset=nonsense&at=3",
    "cancel": "/propagate?preset=ce_softmax&lens=cancel&probe=40,1&at=3",
    "shapes": "/propagate?preset=xor&lens=shapes&at=12",
    "health": "/propagate?preset=dead_relu&lens=health&at=3",
    "story": "/propagate?preset=xor&at=3&lens=story&pin=Z[2]@0:2",
    "fractions": "/propagate?preset=linear_regression&at=30&digits=fractions",
    "columns": "/propagate?preset=xor&layout=columns&half=no&reduction=sum&at=4",
    "code": "/propagate?preset=xor&layout=columns&at=4&lens=code",
}


def open_relief(page: Page, path: str) -> None:
    open_page(page, path)
    test_relief.frames_settle(page)


def open_cards(page: Page, path: str) -> None:
    """Open the training studio, and what is folded there."""
    open_page(page, path)
    page.get_by_test_id("weights").locator("summary").click()
    test_train_step.open_card(page)


ROOMS: dict[str, tuple[Open, States]] = {
    "landing": (Page.goto, {"": "/"}),
    "propagate": (open_page, PROPAGATE),
    "check": (test_check.open_lens, test_check.PLACES),
    "update": (test_update.open_lens, test_update.PLACES),
    "exercise": (test_exercise.open_answered, test_exercise.PLACES),
    "descent": (open_page, test_descent.PLACES),
    "line": (open_page, test_line.PLACES),
    "dial": (test_dial.open_with_sweep, test_dial.PLACES),
    "relief": (open_relief, test_relief.PLACES),
    "train": (open_cards, test_train_step.PLACES),
    "pictures": (test_train_pictures.open_still, test_train_pictures.PLACES),
    "typed": (test_train_pictures.open_typed, {"spiral": test_train_pictures.SPIRAL}),
    "twins": (test_train_pictures.open_twins, test_train_pictures.TWINS),
}
STATES = [
    pytest.param(open_state, path, id=f"{room}-{name}")
    for room, (open_state, places) in ROOMS.items()
    for name, path in places.items()
]
# Of a page whose parts scroll by themselves: by how many pixels it is longer than the window.
LONGER = """() => document.querySelector(".instrument") ?
  document.documentElement.scrollHeight - innerHeight : 0"""
FIRST = [
    pytest.param(open_state, next(iter(places.values())), id=room)
    for room, (open_state, places) in ROOMS.items()
]

WHOLE = {next(iter(places.values())) for _, places in ROOMS.values()}


def open_for_axe(page: Page, open_state: Open, path: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.add_init_script(f"({COUNT})()")
    open_state(page, path)
    page.wait_for_function(ARRIVED)
    page.evaluate(AXE)
    assert page.evaluate(SIDEWAYS) <= 0
    assert page.evaluate(LONGER) <= 0


def violations(page: Page, options: dict[str, Any], path: str) -> list[Any]:
    """Ask axe; the many numbers of "Every matrix" are looked at in a room's first state alone."""
    exclude = None if path in WHOLE else [["#every-matrix"]]
    return page.evaluate(VIOLATIONS, {**options, "exclude": exclude})


def switch_theme(page: Page, theme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=theme)
    page.wait_for_function(STILL)
    assert page.evaluate(SIDEWAYS) <= 0


@pytest.mark.parametrize(("open_state", "path"), STATES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page: Page, open_state: Open, path: str):
    open_for_axe(page, open_state, path)
    assert violations(page, ALL_RULES, path) == []
    switch_theme(page, "dark")
    assert violations(page, RULES_OF_COLOUR, path) == []


@pytest.mark.parametrize(("open_state", "path"), STATES)
def test_nor_on_a_phone(page: Page, open_state: Open, path: str):
    page.set_viewport_size(PHONE)
    open_for_axe(page, open_state, path)
    assert violations(page, ALL_BUT_COLOUR, path) == []


@pytest.mark.parametrize(("open_state", "path"), FIRST)
def test_nor_do_the_colours_of_a_phone(page: Page, open_state: Open, path: str):
    page.set_viewport_size(PHONE)
    # The page opens in the dark here, and is switched to light.
    page.emulate_media(color_scheme="dark")
    open_for_axe(page, open_state, path)
    assert violations(page, RULES_OF_COLOUR, path) == []
    switch_theme(page, "light")
    assert violations(page, RULES_OF_COLOUR, path) == []


def test_on_a_phone_the_rail_and_the_inspector_are_sheets(page: Page):
    page.set_viewport_size(PHONE)
    open_page(page, "/propagate?preset=mse_identity&at=3")
    preset = page.get_by_test_id("preset")
    expect(preset).not_to_be_in_viewport()
    page.get_by_role("button", name="Settings").click()
    expect(preset).to_be_in_viewport()
    # What is scrolled goes under the whole strip of the button that closes the sheet.
    page.locator(".rail").evaluate("rail => rail.scrollTo(0, 120)")
    assert page.evaluate(IN_STRIP) == "corner"
    page.keyboard.press("Escape")
    expect(preset).not_to_be_in_viewport()
    page.locator('#every-matrix [data-tensor="Z[2]@0"] [data-cell="0"]').click()
    expect(page.get_by_test_id("written-sum")).to_be_in_viewport()


def test_the_chosen_tab_and_the_transport_bar_are_on_the_screen(page: Page):
    page.set_viewport_size(PHONE)
    open_page(page, "/propagate?preset=mse_identity&at=3&lens=code")
    chosen = page.get_by_role("tablist", name="What to look at").get_by_role("tab", selected=True)
    expect(chosen).to_be_in_viewport()
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
