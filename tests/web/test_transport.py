"""The transport bar: playing, stepping, scrubbing, by mouse and by keyboard, on a paused clock."""

from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import open_page

OPENED, PAUSED = datetime(2026, 1, 1, 12, 0), datetime(2026, 1, 1, 12, 5)
AT = "() => Number(new URLSearchParams(location.search).get('at'))"


def open_with_stopped_clock(page: Page, path: str) -> None:
    """Open a page whose time then stands still but for `page.clock.run_for`."""
    page.clock.install(time=OPENED)
    open_page(page, path)
    page.clock.pause_at(PAUSED)


def step_title(page: Page) -> str:
    return page.get_by_test_id("step-title").inner_text()


def test_the_page_opens_moving_in_the_middle_of_the_forward_pass(page: Page):
    page.clock.install()
    open_page(page, "/propagate")
    expect(page.get_by_test_id("play")).to_have_accessible_name("Pause")
    before = step_title(page)
    page.clock.run_for(1500)
    assert step_title(page) != before


def test_pausing_freezes_exactly_and_stepping_lands_on_whole_steps(page: Page):
    open_with_stopped_clock(page, "/propagate?preset=mse_identity&at=0")
    page.keyboard.press("Space")
    page.clock.run_for(1500)
    page.keyboard.press("Space")
    page.clock.run_for(1000)
    at = page.evaluate(AT)
    assert at == pytest.approx(2.5, abs=0.1)
    page.clock.run_for(2000)
    assert page.evaluate(AT) == at
    page.keyboard.press("ArrowRight")
    page.clock.run_for(1000)
    assert page.evaluate(AT) == 3
    page.keyboard.press("ArrowLeft")
    page.clock.run_for(1000)
    assert page.evaluate(AT) == 2


def test_one_step_takes_600_ms_at_normal_speed_and_half_at_twice_the_speed(page: Page):
    open_with_stopped_clock(page, "/propagate?preset=mse_identity&at=0&speed=2")
    page.keyboard.press("Space")
    page.clock.run_for(1200)
    page.keyboard.press("Space")
    page.clock.run_for(1000)
    assert page.evaluate(AT) == pytest.approx(4, abs=0.1)


def test_home_and_end(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=3")
    page.keyboard.press("End")
    assert step_title(page).startswith("b[3]")
    expect(page.get_by_test_id("step-forward")).to_be_disabled()
    page.keyboard.press("Home")
    expect(page.get_by_test_id("step-back")).to_be_disabled()
    assert step_title(page).startswith("Z[1]")


def test_the_buttons_do_what_the_keys_do(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=3")
    for button, title in (
        ("step-forward", "A[2]"),
        ("step-back", "Z[2]"),
        ("to-end", "b[3]"),
        ("to-start", "Z[1]"),
    ):
        page.get_by_test_id(button).click()
        assert step_title(page).startswith(title), button


def test_the_scrubber_goes_to_any_step(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=0")
    page.get_by_test_id("scrubber").fill("9")
    assert step_title(page).startswith("dA[3]")
    page.get_by_test_id("scrubber").focus()
    page.keyboard.press("ArrowRight")
    assert step_title(page).startswith("slope[3]")


def test_the_phases_of_the_scrubber_look_different(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=0")
    looks = page.locator(".scrubber [data-phase]").evaluate_all(
        """(spans) => spans.map((span) => {
            const style = getComputedStyle(span);
            return [span.dataset.phase, style.color, style.backgroundImage];
        })"""
    )
    assert [phase for phase, *_ in looks] == ["forward", "loss", "backward", "update"]
    assert len({color for _, color, _ in looks}) == 4
    assert len({pattern for *_, pattern in looks}) == 4, "colour isn't the only carrier"


def test_speed_is_chosen_by_keyboard_too(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=0")
    page.keyboard.press("]")
    expect(page.get_by_test_id("speed")).to_have_value("2")
    page.keyboard.press("[")
    page.keyboard.press("[")
    expect(page.get_by_test_id("speed")).to_have_value("0.5")


def test_the_update_changes_the_weights(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=0")
    page.keyboard.press("End")
    new = page.locator('#every-matrix [data-tensor="W[1]@1"] [data-cell="0"]')
    old = page.locator('#every-matrix [data-tensor="W[1]@0"] [data-cell="0"]')
    assert new.get_attribute("title") != old.get_attribute("title")


def test_with_reduced_motion_nothing_plays_by_itself(page: Page):
    page.emulate_media(reduced_motion="reduce")
    open_page(page, "/propagate")
    expect(page.get_by_test_id("play")).to_have_accessible_name("Play")
    page.keyboard.press("End")
    assert step_title(page).startswith("b[3]")
