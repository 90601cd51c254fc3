"""The state: it is in the address, edits can be undone, an old answer never replaces a new one."""

import json
import re
from contextlib import suppress

from playwright.sync_api import Error, Page, Route, expect

from tests.web.conftest import open_page


def cells(page: Page, tensor: str) -> list[str]:
    return page.locator(f'#every-matrix [data-tensor="{tensor}"] [data-cell]').all_text_contents()


def test_a_reload_shows_the_same_moment(page: Page):
    open_page(page, "/propagate?preset=ce_softmax&seed=5&lr=0.3&at=12&pin=Z[1]@0:3")
    before = cells(page, "W[1]@0"), page.get_by_test_id("written-sum").inner_text()
    page.reload()
    page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")
    assert before == (cells(page, "W[1]@0"), page.get_by_test_id("written-sum").inner_text())
    expect(page.get_by_test_id("step-title")).to_contain_text("db[3]")


def test_back_and_forward_undo_and_redo_an_edit(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=5")
    first = cells(page, "W[1]@0")
    page.get_by_role("button", name="New seed").click()
    expect(page).to_have_url(re.compile("seed="))
    page.wait_for_function(f"() => {{ {CHANGED % json.dumps(first)} }}")
    second = cells(page, "W[1]@0")
    assert first != second
    page.go_back()
    page.wait_for_function(f"() => {{ {CHANGED % json.dumps(second)} }}")
    assert cells(page, "W[1]@0") == first
    page.go_forward()
    page.wait_for_function(f"() => {{ {CHANGED % json.dumps(first)} }}")
    assert cells(page, "W[1]@0") == second


CHANGED = """return %s[0] !== document.querySelector(
    '#every-matrix [data-tensor="W[1]@0"] [data-cell="0"]').textContent.trim()"""


def test_every_preset_can_be_chosen(page: Page):
    open_page(page, "/propagate?at=1")
    menu = page.get_by_test_id("preset")
    for name in menu.locator("option").evaluate_all("all => all.map(o => o.value)"):
        menu.select_option(name)
        expect(page).to_have_url(re.compile(f"preset={name}(&|$)"))
        expect(page.get_by_test_id("error")).to_have_count(0)
        page.get_by_test_id("to-end").click()
        expect(page.get_by_test_id("step-title")).not_to_contain_text("Starting")


def test_a_wrong_address_gets_a_sentence_and_a_working_page(page: Page):
    open_page(page, "/propagate?preset=nonsense&lr=fast&sizes=5-x-3&act=tanhh&at=-4&pin=Q[9]:77")
    body = page.locator("body")
    for word in ("nonsense", "fast", "5-x-3", "tanhh"):
        expect(body).to_contain_text(word)
    expect(page.locator("#every-matrix [data-tensor]").first).to_be_visible()


def test_a_bad_target_keeps_the_last_good_picture_and_says_what_is_wrong(page: Page):
    open_page(page, "/propagate?preset=ce_softmax&at=5")
    before = cells(page, "Z[1]@0")
    expect(page.get_by_test_id("preset-changed")).to_have_count(0)
    rows = page.get_by_role("textbox", name=re.compile("Y"))
    rows.fill("1 1 0\n0 1 0\n0 0 1")
    rows.press("Tab")
    expect(page.get_by_test_id("error")).to_contain_text("add up to 2")
    assert cells(page, "Z[1]@0") == before
    # What is said of the preset is no longer said of what is on the screen.
    expect(page.get_by_test_id("preset-changed")).to_be_visible()
    rows.fill("0 1 0\n0 1 0\n0 0 1")
    rows.press("Tab")
    expect(page.get_by_test_id("error")).to_have_count(0)
    # Samples that come back have the targets that they had.
    samples = page.get_by_role("textbox", name=re.compile("X"))
    all_samples = samples.input_value()
    samples.fill(all_samples.split("\n")[0])
    samples.press("Tab")
    expect(rows).to_have_value("0, 1, 0")
    samples.fill(all_samples)
    samples.press("Tab")
    expect(rows).to_have_value("0, 1, 0\n0, 1, 0\n0, 0, 1")


def lens_top_of(page: Page) -> float:
    box = page.locator("#lens").bounding_box()
    assert box
    return box["y"]


def test_an_old_answer_never_replaces_a_newer_one(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=5")
    first = cells(page, "W[1]@0")
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/api/trace", hold_the_first)
    lens_top = lens_top_of(page)
    page.get_by_role("button", name="New seed").click()
    # It is said at once, and drawn once it lasts.
    board = page.locator(".board")
    expect(board).to_have_attribute("aria-busy", "true", timeout=100)
    expect(board).to_have_class(re.compile(r"\bstale\b"))
    # Nothing moves for it.
    expect(page.get_by_test_id("computing")).to_be_in_viewport()
    assert lens_top_of(page) == lens_top
    page.get_by_role("button", name="New seed").click()
    for _ in range(100):
        if cells(page, "W[1]@0") != first:
            break
        page.wait_for_timeout(50)
    page.wait_for_function("() => !document.querySelector('.stale')")
    expect(board).to_have_attribute("aria-busy", "false")
    newest = cells(page, "W[1]@0")
    assert newest != first
    # The page has cancelled it, or gets the old answer now; neither may show.
    with suppress(Error):
        held[0].continue_()
    page.wait_for_timeout(300)
    assert cells(page, "W[1]@0") == newest


def test_a_server_that_has_gone_leaves_the_picture_and_a_sentence(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=5")
    before = cells(page, "Z[1]@0")
    page.route("**/api/trace", lambda route: route.fulfill(status=503, body="gone"))
    page.get_by_role("button", name="New seed").click()
    expect(page.get_by_test_id("error")).to_be_visible()
    expect(page.get_by_test_id("changed")).to_have_text("There is no answer to the last edit.")
    assert cells(page, "Z[1]@0") == before
