"""The story: the trace as a table and as sentences, by keyboard, to be heard and to be copied."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import open_page
from tests.web.numbers import as_shown, read_back

Json = dict[str, Any]
CLIPBOARD = (
    """() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }"""
)
COPIED = "() => window.copied"
NODES = """() => document.querySelectorAll("#lens *").length"""


@pytest.fixture
def trace(server: str, presets: dict[str, Json]) -> Json:
    return httpx.post(f"{server}/api/trace", json=presets["mse_identity"]["request"]).json()


def written(value: float) -> str:
    text = as_shown(value, 17)
    return f"({text})" if text.startswith("−") else text


def sentences(trace: Json) -> Iterator[str]:
    """Z[2] in words, from the API's numbers alone."""
    numbers = {id: tensor["data"] for id, tensor in trace["tensors"].items()}
    for p in range(3):
        for j in range(4):
            a, w = numbers["A[1]@0"][7 * p : 7 * p + 7], numbers["W[2]@0"][7 * j : 7 * j + 7]
            terms = [f"{written(x)} · {written(y)}" for x, y in zip(a, w, strict=True)]
            total = " + ".join([*terms, written(numbers["b[2]@0"][j])])
            result = as_shown(numbers["Z[2]@0"][4 * p + j], 17)
            yield f"Z[2], row {p + 1}, unit {j + 1} = {total} = {result}."


def test_each_sentence_is_made_of_the_api_s_numbers_and_pins_its_own(page: Page, trace: Json):
    open_page(page, "/propagate?preset=mse_identity&at=3&lens=story&digits=17")
    chapter = page.locator('[data-chapter="Z[2]@0"]')
    expect(chapter).to_have_attribute("aria-current", "step")
    heading = chapter.get_by_role("heading", level=3)
    expect(heading).to_have_text("Step 3, forward: Z[2], the pre-activation of layer 2, 3 × 4")
    told = chapter.locator("[data-sentence]")
    expect(told.locator("[aria-hidden]")).to_have_text(list(sentences(trace)))
    spoken = told.first.locator(".visually-hidden").inner_text()
    assert spoken.startswith("Z of layer 2, row 1, unit 1 equals ")
    assert spoken.count(" times ") == 7
    assert not set(spoken) & set("=·+−()[]/")
    told.nth(5).focus()
    page.keyboard.press("Enter")
    expect(told.nth(5)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("written-sum")).to_be_visible()
    assert "pin=Z[2]@0:5" in page.url


def test_the_table_has_every_step_and_opens_to_its_numbers(page: Page, trace: Json):
    open_page(page, "/propagate?preset=mse_identity&at=3&lens=story")
    rows = page.get_by_test_id("story-table").locator("tr[data-step]")
    expect(rows).to_have_count(len(trace["steps"]))
    for row, step in zip(rows.all_inner_texts(), trace["steps"], strict=True):
        assert trace["equations"][step["equation"]]["title"] in row
        for id in (*step["operands"].values(), step["result"]):
            name = id.partition("@")[0]
            assert ("X" if name == "A[0]" else name) in row
    expect(rows.nth(2).locator(".katex").first).to_be_attached()
    page.get_by_role("button", name="Show the 21 numbers of Z[1]").click()
    cells = page.get_by_test_id("story-table").locator("[data-story-cell]")
    titles = [read_back(cell.get_attribute("title") or "") for cell in cells.all()]
    assert titles == trace["tensors"]["Z[1]@0"]["data"]


def test_the_table_follows_the_playhead_and_leads_it(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=3&lens=story")
    current = page.get_by_test_id("story-table").locator("tr[aria-current=step]")
    expect(current).to_have_attribute("data-step", "3")
    page.keyboard.press("ArrowRight")
    expect(current).to_have_attribute("data-step", "4")
    page.get_by_role("button", name="Go to step 12").click()
    expect(current).to_have_attribute("data-step", "12")
    expect(page.locator("section[aria-current=step]")).to_have_attribute("data-chapter", "dW[3]@0")


def test_every_iteration_can_be_reached(page: Page):
    open_page(page, "/propagate?preset=linear_regression&at=2&lens=story")
    story = page.get_by_test_id("story")
    expect(story.get_by_role("heading")).to_have_text("The trace in words, iteration 1 of 8")
    page.get_by_role("button", name="Next iteration").click()
    expect(story.get_by_role("heading")).to_have_text("The trace in words, iteration 2 of 8")
    expect(page.locator('[data-chapter="Z[1]@1"]')).to_have_attribute("aria-current", "step")


def test_the_story_can_be_copied_in_four_forms(page: Page, trace: Json):
    open_page(page, "/propagate?preset=mse_identity&at=3&lens=story&digits=17")
    page.evaluate(CLIPBOARD)
    page.get_by_test_id("copy-text").click()
    expect(page.get_by_test_id("copied")).to_have_text("Copied as text: 29 steps.")
    text: str = page.evaluate(COPIED)
    assert "\n".join(sentences(trace)) in text
    page.get_by_test_id("copy-tsv").click()
    expect(page.get_by_test_id("copied")).to_contain_text("TSV")
    head, *lines = [line.split("\t") for line in page.evaluate(COPIED).rstrip().split("\r\n")]
    assert len(lines) == len(trace["steps"])
    for line, step in zip(lines, trace["steps"], strict=True):
        row = dict(zip(head, line, strict=True))
        assert row["phase"] == step["phase"]
        assert flat(json.loads(row["values"])) == trace["tensors"][step["result"]]["data"]
    page.get_by_test_id("copy-csv").click()
    expect(page.get_by_test_id("copied")).to_contain_text("CSV")
    assert page.evaluate(COPIED).startswith("step,phase,equation,latex,")
    page.get_by_test_id("copy-markdown").click()
    expect(page.get_by_test_id("copied")).to_contain_text("markdown")
    assert "\n## Step 3, forward: Z[2]" in page.evaluate(COPIED)


def flat(values: Any) -> list[float]:
    if not isinstance(values, list):
        return [values]
    return [number for each in values for number in flat(each)]


def test_what_the_browser_won_t_copy_stands_there_to_be_copied_by_hand(page: Page):
    open_page(page, "/propagate?preset=demo_2&at=1&lens=story")
    refuse = "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }"
    page.evaluate(refuse)
    page.get_by_test_id("copy-text").click()
    assert "Z[1], row 1, unit 1 = " in page.get_by_label("The text to copy").input_value()


def test_a_link_near_the_start_leads_to_the_story(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=3")
    link = page.get_by_role("link", name="Skip to the story")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#story-heading")).to_be_focused()
    expect(page.locator("#story-heading")).to_be_in_viewport()
    page.wait_for_url("**lens=story**")


def test_a_large_trace_draws_only_what_is_opened(page: Page):
    open_page(page, "/propagate?preset=mse_identity&sizes=5-64-64-3&at=3&lens=story")
    page.get_by_role("button", name="Show the 4096 numbers of dW[2]").click()
    chapter = page.locator('[data-chapter="dW[2]@0"]')
    chapter.get_by_role("button", name="Read 4096 sentences").click()
    expect(chapter.locator("[data-sentence]")).to_have_count(20)
    page.get_by_role("button", name="Next sentences").last.click()
    expect(chapter.locator("[data-sentence]").first).to_have_attribute("data-sentence", "20")
    assert page.evaluate(NODES) < 3000
