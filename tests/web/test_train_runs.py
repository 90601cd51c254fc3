"""Runs of /train side by side, and made again: branches, kept ones, links, lost connections."""

import json
import re
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.web.conftest import open_page
from tests.web.test_train import (
    STEP,
    STOOD,
    events_of,
    expect_shown,
    expect_step,
    moons,
    optimizer,
    shown,
    step,
)


def test_a_change_of_the_learning_branches_from_the_shown_moment(page: Page, server: str):
    open_page(page, STOOD)
    # A branch ends the run where it is; what is compared below is a whole one.
    expect(page.get_by_test_id("standing-A")).to_contain_text("All epochs are done.")
    page.get_by_label("Learning rate η").fill("0.1")
    page.get_by_label("Learning rate η").press("Enter")
    expect(page.get_by_test_id("pending")).to_contain_text("the run keeps the ones it had")
    assert step(page) == 42
    page.get_by_test_id("branch").click()
    expect(page.get_by_test_id("standing-B")).to_contain_text("It began at step 42 of run A.")
    expect(page.get_by_test_id("standing-B")).to_contain_text("All epochs are done.")
    page.keyboard.press("End")
    expect_step(page, 140)

    snapshot = next(
        each
        for event, each in events_of(server, moons(server))
        if event == "snapshot" and each["step"] == 42
    )
    body = moons(server, optimizer=optimizer(server, 0.1)) | {"from": snapshot}
    rows = {row["step"]: row for event, row in events_of(server, body) if event == "row"}
    assert shown(page, "Loss L, training", "B") == rows[140]["loss"]
    whole = {row["step"]: row for event, row in events_of(server, moons(server)) if event == "row"}
    assert shown(page, "Loss L, training", "A") == whole[140]["loss"]
    paths = page.get_by_test_id("chart-loss").locator("path")
    assert paths.count() >= 4
    page.get_by_role("button", name="Remove run A").click()
    expect(page.get_by_test_id("standing-A")).to_have_count(0)


def test_a_branch_makes_the_same_numbers_from_its_address(page: Page):
    open_page(page, STOOD)
    expect(page.get_by_test_id("standing-A")).to_contain_text("All epochs are done.")
    page.get_by_label("Learning rate η").fill("0.1")
    page.get_by_label("Learning rate η").press("Enter")
    page.get_by_test_id("branch").click()
    expect(page.get_by_test_id("standing-B")).to_contain_text("All epochs are done.")
    page.keyboard.press("End")
    expect_step(page, 140)
    expect(page).to_have_url(re.compile(r"from=42&was=opt%3D.*at=140"))
    before = shown(page, "Loss L, training", "B")
    page.reload()
    expect_shown(page, "Loss L, training", before, "B")
    expect_step(page, 140)
    expect(page.get_by_test_id("standing-B")).to_contain_text("It began at step 42 of run A.")
    # Trained on beyond the plan, the address says so.
    page.get_by_label("How many epochs").fill("3")
    page.get_by_test_id("epochs").click()
    expect_step(page, 161)
    beyond = shown(page, "Loss L, training", "B")
    expect(page).to_have_url(re.compile(r"at=161"))
    page.reload()
    expect_shown(page, "Loss L, training", beyond, "B")
    expect_step(page, 161)


def test_a_kept_run_is_compared_with_the_next_one(page: Page):
    open_page(page, STOOD)
    page.get_by_test_id("keep").click()
    page.get_by_label("Learning rate η").fill("0.05")
    page.get_by_label("Learning rate η").press("Enter")
    page.get_by_role("button", name="Start again").click()
    expect(page.get_by_test_id("standing-B")).to_contain_text("All epochs are done.")
    expect(page.get_by_test_id("standing-A")).to_be_visible()
    page.keyboard.press("End")
    assert shown(page, "Loss L, training", "A") != shown(page, "Loss L, training", "B")


def test_a_kept_run_stays_beside_another_network_and_other_data(page: Page):
    open_page(page, STOOD)
    before = shown(page, "Loss L, training")
    page.get_by_test_id("keep").click()
    page.get_by_label("Activation of layer 2").select_option("relu")
    expect(page.get_by_test_id("standing-B")).to_contain_text("All epochs are done.")
    differences = page.get_by_test_id("differences")
    expect(differences).to_have_count(0)
    page.get_by_test_id("loss").select_option("mse")
    expect(differences).to_contain_text("run A: binary cross entropy; run B: mean squared error")
    # Other data, of another kind.
    page.get_by_test_id("data").select_option("reg_sine")
    expect(page.get_by_test_id("fit")).to_be_visible()
    expect(page.get_by_test_id("other-data")).to_contain_text("run A: Two moons, 140 training")
    expect(differences).to_contain_text("The runs learn different data")
    expect(page.get_by_test_id("standing-B")).to_contain_text("All epochs are done.")
    beside = page.get_by_test_id("beside")
    expect(beside.get_by_test_id("plane")).to_be_visible()
    expect(page.get_by_test_id("now-B-Accuracy, training")).to_have_text("none")
    # Its own numbers, picked out again.
    page.get_by_role("button", name="Show run A").click()
    page.locator('[data-testid="rows"] tr[data-step="42"]').click()
    expect_shown(page, "Loss L, training", before)
    expect(beside.get_by_test_id("fit")).to_be_visible()


def test_a_link_with_weights_opens_the_same_network(page: Page, server: str):
    open_page(page, STOOD)
    before = shown(page, "Loss L, training")
    page.evaluate(
        "() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }"
    )
    page.get_by_test_id("copy-weights").click()
    expect(page.get_by_text("with every weight in it")).to_be_visible()
    page.goto(page.evaluate("() => window.copied"))
    page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")
    expect_step(page, 42)
    assert shown(page, "Loss L, training") == before
    expect(page.get_by_test_id("standing-A")).to_contain_text("All epochs are done.")
    # With Adam's states, its next steps are those of the whole run.
    page.keyboard.press("ArrowRight")
    expect_step(page, 43)
    rows = {row["step"]: row for event, row in events_of(server, moons(server)) if event == "row"}
    assert shown(page, "Loss L, training") == rows[43]["loss"]
    page.get_by_test_id("reset").click()
    expect_step(page, 42)
    assert shown(page, "Loss L, training") == before


# The next stream breaks off after so many moments, as where the server is lost.
BREAK = """(moments) => {
  const ask = window.fetch;
  window.fetch = async (path, ...rest) => {
    const answer = await ask(path, ...rest);
    if (path !== "/api/train" || moments === null) return answer;
    const reader = answer.body.getReader();
    const text = new TextDecoder();
    let left = moments;
    moments = null;
    const body = new ReadableStream({ async pull(controller) {
      const piece = await reader.read();
      if (left > 0 && !piece.done) {
        left -= text.decode(piece.value).split("event: snapshot").length - 1;
        return controller.enqueue(piece.value);
      }
      void reader.cancel();
      controller.error(new TypeError("network error"));
    } });
    return new Response(body, { status: answer.status, headers: answer.headers });
  };
}"""


def test_a_lost_connection_goes_on_from_the_last_moment(page: Page):
    asked: list[dict[str, Any]] = []

    def hear(route: Route) -> None:
        asked.append(json.loads(route.request.post_data or ""))
        if len(asked) == 2:
            route.fulfill(status=503, json={"error": {"code": "busy", "message": "It is busy."}})
        else:
            route.continue_()

    page.add_init_script(f"({BREAK})(3)")
    page.route("**/api/train", hear)
    page.goto("/train?preset=digits&epochs=300&batch=10")
    error = page.get_by_test_id("error")
    expect(error).to_contain_text("The server can't be reached.")
    last = int(re.findall(r"Try again from step (\d+)", error.inner_text())[0])
    assert last > 0
    # Play goes on, and finds the server busy; then so does the button.
    page.keyboard.press("End")
    page.get_by_test_id("play").click()
    expect(error).to_contain_text("It is busy.")
    error.get_by_role("button", name="Try again").click()
    page.wait_for_function(f"([last]) => {STEP} > last", arg=[last])
    expect(error).to_have_count(0)
    assert [body["from"] and body["from"]["step"] for body in asked] == [None, last, last]
    page.get_by_test_id("play").click()
