"""A step of a training on /propagate: it is the run's own, whatever the run learns by."""

import json
import re
from typing import Any

import httpx
import numpy as np
from playwright.sync_api import Page, expect

from tests.web.conftest import open_page
from tests.web.numbers import read_back
from tests.web.test_numbers_shown import READ_MATRICES, Shown
from tests.web.test_train import MOONS, events_of, moons, step

LEARNS: dict[str, Any] = {
    "optimizer": {"name": "adam", "learning_rate": 0.02, "beta1": 0.8},
    "schedule": {"name": "cosine", "period": 60},
    "penalty": {"l2": 0.01},
}
WRITTEN = "opt=adam,learning_rate:0.02,beta1:0.8,schedule:cosine,period:60&l2=0.01"
PINNED = "/propagate?preset=mse_identity&opt=adamw,schedule:step&l1=0.01&at=39&pin=m_hatW[1]@0:3"


def wait_for_trace(page: Page) -> None:
    page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")


def numbers(shown: Shown, id: str) -> list[float]:
    cells = shown[id]
    return [read_back(cells[str(cell)][1]) for cell in range(len(cells))]


def test_a_step_of_adam_with_a_schedule_and_a_penalty_leads_to_the_next_snapshot(
    page: Page, server: str
):
    open_page(page, f"{MOONS}&batch=20&at=45&{WRITTEN}")
    moment = step(page)
    events = events_of(server, moons(server, **LEARNS))
    assert moment % events[0][1]["steps_per_epoch"] != 0
    following = next(
        data for name, data in events if name == "snapshot" and data["step"] == moment + 1
    )
    page.get_by_test_id("open-step").click()
    page.wait_for_url(re.compile("/propagate"))
    wait_for_trace(page)
    for _ in range(2):  # As it is handed over, and from its address alone.
        page.keyboard.press("End")
        shown: Shown = page.evaluate(READ_MATRICES)
        for number, layer in enumerate(following["layers"], start=1):
            for name in ("W", "b"):
                expected = np.ravel(layer[name]).tolist()
                assert numbers(shown, f"{name}[{number}]@{moment + 1}") == expected
        for name, state in following["state"].items():
            assert numbers(shown, f"{name}@{moment + 1}") == np.ravel(state).tolist(), name
        expect(page.get_by_test_id("optimizer")).to_have_value("adam")
        expect(page.get_by_label("L2, λ₂")).to_have_value("0.01")
        expect(page.get_by_test_id("start")).to_contain_text(f"after {moment} steps")
        page.reload()
        wait_for_trace(page)


def test_another_optimizer_is_chosen_and_begins_afresh(page: Page):
    open_page(page, f"{MOONS}&batch=20&at=45&{WRITTEN}")
    page.get_by_test_id("open-step").click()
    page.wait_for_url(re.compile("/propagate"))
    wait_for_trace(page)
    page.get_by_test_id("optimizer").select_option("rmsprop")
    expect(page.get_by_test_id("start")).to_have_count(0)
    page.get_by_text("More numbers and the schedule").click()
    page.get_by_label("Centered").check()
    field = page.get_by_role("textbox", name="Memory of the squares")
    field.fill("0.5")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"opt=rmsprop,alpha:0\.5,centered:1,schedule:cosine"))
    page.keyboard.press("Escape")
    page.get_by_test_id("to-end").click()
    expect(page.locator('#every-matrix [data-tensor="cW[1]@0"]')).to_have_count(1)
    alpha = page.locator('#every-matrix [data-tensor="alpha@0"] [data-cell="0"]')
    expect(alpha).to_have_attribute("title", "0.99 → 0.5")


def test_a_number_that_the_optimizer_keeps_is_written_out(page: Page, server: str, presets: Any):
    body = presets["mse_identity"]["request"] | {
        "optimizer": {"name": "adamw"},
        "schedule": {"name": "step"},
        "penalty": {"l1": 0.01},
    }
    tensors = httpx.post(f"{server}/api/trace", json=body).json()["tensors"]
    open_page(page, PINNED)
    page.get_by_test_id("to-end").click()
    inspector = page.get_by_test_id("inspector")
    expect(inspector.locator(".result strong")).to_have_attribute(
        "title", str(tensors["m_hatW[1]@0"]["data"][3]).replace("-", "−")
    )
    written = page.get_by_test_id("written-sum")
    operands = written.get_by_role("button")
    expect(operands).to_have_count(2)
    expect(operands.first).to_have_attribute("title", re.compile(r"^mW\[1\]: "))
    mean = str(tensors["mW[1]@1"]["data"][3]).replace("-", "−")
    expect(operands.first).to_have_attribute("title", re.compile(re.escape(mean)))


def test_every_lens_looks_at_the_step_that_was_handed_over(page: Page, server: str):
    open_page(page, f"{MOONS}&batch=20&at=45&{WRITTEN}")
    moment = step(page)
    with page.expect_request("**/api/trace") as sent:
        page.get_by_test_id("open-step").click()
        page.wait_for_url(re.compile("/propagate"))
    wait_for_trace(page)
    handed, body = page.url, {"network": {}} | json.loads(sent.value.post_data or "{}")
    trace = httpx.post(f"{server}/api/trace", json=body).json()["tensors"]

    def look(lens: str, more: str = "") -> None:
        page.goto(f"{handed.split('#')[0]}&lens={lens}{more}#{handed.partition('#')[2]}")
        wait_for_trace(page)

    look("check")
    expect(page.get_by_test_id("check-summary")).to_contain_text("gradients agree")
    cell = page.locator('[data-row="0"] [data-column="back-propagation"]').first
    gradient = trace[f"dW[1]@{moment}"]["data"]
    assert read_back(cell.get_attribute("title") or "") == gradient[0]
    expect(page.get_by_test_id("best-step")).to_contain_text("Measured best")
    expect(page.get_by_test_id("nudge-loss")).to_have_attribute("title", re.compile(r"\d"))
    look("cancel")
    product = page.locator('[data-line="the short way"] td').first
    output = max(int(id[3]) for id in trace if id.startswith("dZ["))
    expected = trace[f"dZ[{output}]@{moment}"]["data"][0]
    expect(product).to_have_attribute("title", re.compile(r"\d"))
    assert read_back(product.get_attribute("title") or "") == expected
    look("update", f"&n=3&branch={moment + 2}~gradient_descent,learning_rate:0.5")
    expect(page.get_by_test_id("update-title")).to_contain_text(
        f"iteration {moment + 1} of {moment + 3}"
    )
    effects = httpx.post(f"{server}/api/update-effect", json=body | {"iterations": 3}).json()
    before = str(effects["runs"][0]["losses"][0])
    expect(page.get_by_test_id("update-before")).to_have_attribute("title", before)
    expect(page.get_by_test_id("branch-list")).to_contain_text(f"from iteration {moment + 2}: ")
    expect(page.get_by_test_id("branch-list")).to_contain_text(re.compile(r"η = 0\.5 *ends at L"))
    expect(page.get_by_test_id("compare-sentence")).to_contain_text("After 1 update.")
    page.get_by_test_id("update-scrub").focus()
    page.keyboard.press("End")
    expect(page.get_by_test_id("update-title")).to_contain_text(f"iteration {moment + 3} of")
    page.get_by_test_id("branch").click()
    expect(page).to_have_url(re.compile(f";{moment + 3}~adam"))
    expect(page.get_by_test_id("branch-list")).not_to_contain_text("The run goes")
