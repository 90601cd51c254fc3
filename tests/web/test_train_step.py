"""One training step in three spaces on /train: what the server says, and all that is seen of it."""

import re
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from tests.web.conftest import open_page
from tests.web.test_train import STOOD, expect_step, moons, scrub

PLACES = {
    "plane": STOOD,
    "classes": "/train?preset=wine&epochs=5&at=0",
    "fit": "/train?preset=linear_regression&epochs=5&at=0",
}


def open_card(page: Page) -> None:
    page.get_by_test_id("step-card").locator("summary").click()
    expect(page.get_by_test_id("step-card").get_by_role("status")).to_contain_text("on a batch of")


def number(page: Page, name: str) -> float:
    """Every digit of one of the card's numbers."""
    return float((page.get_by_test_id(name).get_attribute("title") or "").replace("−", "-"))


def step_of(server: str, iteration: int) -> dict[str, Any]:
    body = moons(server, iteration=iteration)
    answer = httpx.post(f"{server}/api/train-step", json=body, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_its_numbers_are_the_server_s(page: Page, server: str):
    open_page(page, STOOD)
    open_card(page)
    expect(page.get_by_test_id("step-terms")).to_have_count(0)
    found = step_of(server, 42)
    for name, value in (
        ("step-before", found["batch"]["before"]["goal"]),
        ("step-after", found["batch"]["after"]["goal"]),
        ("step-promised-change", found["predicted"]),
        ("step-actual-change", found["batch"]["change"]),
        ("step-ratio", found["ratio"]),
        ("step-rate", found["learning_rate"]),
        ("step-training-before", found["training"]["before"]["goal"]),
        ("step-training-after", found["training"]["after"]["goal"]),
        ("step-training-change", found["training"]["change"]),
    ):
        assert number(page, name) == value, name
    # −η‖g‖² is the promise of plain gradient descent, and this is Adam.
    expect(page.get_by_test_id("step-steepest")).to_have_count(0)
    expect(page.get_by_test_id("step-sentence")).to_contain_text("The gradient promised −")


def test_loss_and_penalty_are_apart(page: Page, server: str):
    open_page(page, f"{STOOD}&l2=0.01")
    open_card(page)
    body = moons(server, iteration=42, penalty={"l2": 0.01})
    found = httpx.post(f"{server}/api/train-step", json=body, timeout=60).json()
    for part in ("batch", "training"):
        for moment in ("before", "after"):
            for term in ("loss", "penalty", "goal"):
                assert number(page, f"step-{part}-{term}-{moment}") == found[part][moment][term]
    assert number(page, "step-training-change") == found["training"]["change"]
    expect(page.get_by_test_id("step-terms")).to_contain_text("both together")


def test_every_parameter_can_be_read(page: Page, server: str):
    open_page(page, STOOD)
    open_card(page)
    change = page.get_by_role("application", name="Layer 2, change")
    change.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    readout = page.get_by_test_id("step-parameter")
    expect(readout).to_contain_text("W[2] 3,2")
    layer = step_of(server, 42)["layers"][1]
    for part, key in (("before", "W"), ("gradient", "dW"), ("change", "W_change")):
        shown = readout.locator(f'[data-part="{part}"]').inner_text()
        assert float(shown.replace("−", "-")) == layer[key][2][1], part
    after = float(readout.locator('[data-part="after"]').inner_text().replace("−", "-"))
    assert after == layer["W_next"][2][1]
    box = change.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + 3)
    expect(readout).to_contain_text("b[2] 1")


def test_another_moment_has_another_step_and_none_is_asked_for_when_closed(page: Page):
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.url) if "train-step" in each.url else None)
    open_page(page, STOOD)
    scrub(page, 30)
    assert not asked
    open_card(page)
    status = page.get_by_test_id("step-card").get_by_role("status")
    before = number(page, "step-before")
    scrub(page, 10)
    expect(status).to_have_text(re.compile(r"^\s*Step (?!30)\d+ →"))
    assert number(page, "step-before") != before


def test_the_step_can_be_taken(page: Page):
    open_page(page, STOOD)
    open_card(page)
    take = page.get_by_test_id("take-step")
    expect(take).to_be_disabled()
    page.get_by_test_id("reset").click()
    expect_step(page, 0)
    status = page.get_by_test_id("step-card").get_by_role("status")
    expect(status).to_contain_text("Step 0 → 1")
    promised_end = number(page, "step-training-after")
    take.click()
    expect_step(page, 1)
    expect(status).to_contain_text("Step 1 → 2")
    assert number(page, "step-training-before") == promised_end


def test_a_step_that_diverges_has_a_sentence(page: Page):
    rate = "opt=gradient_descent,learning_rate:1e200"
    address = f"/train?preset=linear_regression&{rate}&batch=full&at=0"
    page.goto(address)
    card = page.get_by_test_id("step-card")
    card.locator("summary").click()
    expect(page.get_by_test_id("step-sentence")).to_contain_text("grew past the largest float")
    expect(page.get_by_test_id("step-after")).to_have_text("not finite")
    expect(page.get_by_test_id("take-step")).to_be_disabled()
