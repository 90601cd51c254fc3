"""The page /train: it trains on the real server, and every recorded moment can be seen again."""

import json
import re
from typing import Any
from urllib.parse import quote

import httpx
import numpy as np
import orjson
from playwright.sync_api import Locator, Page, Route, expect

from tests.web.conftest import PHONE, SIDEWAYS, open_page
from tests.web.numbers import as_shown, read_back

DATA = {"name": "moons", "test_share": 0.3}
MOONS = f"/train?preset=moons&data={quote(json.dumps(DATA))}&epochs=20"
STOOD = f"{MOONS}&batch=20&at=42"
DIVERGING = (
    "/train?preset=linear_regression&opt=gradient_descent,learning_rate:50"
    "&epochs=200&batch=full&at=0"
)
STEP = "Number(/step (\\d+)/.exec(document.querySelector('#moment-heading').textContent)?.[1])"
SLOW = "/train?preset=digits&epochs=2000&batch=10"


def events_of(server: str, body: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    answer = httpx.post(f"{server}/api/train", json=body, timeout=60)
    assert answer.status_code == 200, answer.text
    blocks = [
        block.splitlines() for block in answer.text.split("\n\n") if block.startswith("event")
    ]
    return [(event[7:], orjson.loads(data[6:])) for event, data, *_ in blocks]


def moons(server: str, **more: Any) -> dict[str, Any]:
    """The body that the page sends for its preset, but for its rhythm."""
    presets = httpx.get(f"{server}/api/catalog").json()["train_presets"]
    request = next(each["request"] for each in presets if each["name"] == "moons")
    usual = {"data": DATA, "batch_size": 20, "epochs": 20, "rows_every": 1, "snapshots_every": 1}
    return request | usual | more


def shown(page: Page, name: str, letter: str = "A") -> float:
    """Every digit of a number of the shown moment."""
    cell = page.get_by_test_id(f"now-{letter}-{name}")
    return float((cell.get_attribute("title") or "").replace("−", "-"))


def optimizer(server: str, rate: float) -> dict[str, Any]:
    return moons(server)["optimizer"] | {"learning_rate": rate}


def expect_shown(page: Page, name: str, number: float, letter: str = "A") -> None:
    text = re.sub(r"e\+?(-?)0*", r"e\1", repr(number)).replace("-", "−")
    expect(page.get_by_test_id(f"now-{letter}-{name}")).to_have_attribute("title", text)


def step(page: Page) -> int:
    text = page.locator("#moment-heading").inner_text()
    return int(re.findall(r"At step (\d+)", text)[0])


def expect_step(page: Page, number: int) -> None:
    expect(page.locator("#moment-heading")).to_have_text(re.compile(rf"At step {number}\b"))


def scrub(page: Page, index: int) -> None:
    page.get_by_test_id("scrubber").evaluate(
        "(e, i) => { e.value = i; e.dispatchEvent(new Event('input', {bubbles: true})); }", index
    )


def test_it_opens_training_and_moving(page: Page):
    open_page(page, "/train")
    page.wait_for_function(
        f"() => {{ const n = {STEP}; window.first ??= n; return n > window.first; }}"
    )
    expect(page.get_by_test_id("play")).to_have_attribute("aria-label", "Pause")
    expect(page.get_by_test_id("standing-A")).to_contain_text("All epochs are done.")


def test_the_numbers_are_the_server_s(page: Page, server: str):
    open_page(page, STOOD)
    expect_step(page, 42)
    rows = {row["step"]: row for event, row in events_of(server, moons(server)) if event == "row"}
    assert shown(page, "Loss L, training") == rows[42]["loss"]
    assert shown(page, "Loss L, test") == rows[42]["test_loss"]
    assert shown(page, "Accuracy, training") == rows[42]["accuracy"]
    row = page.locator('[data-testid="rows"] tr[data-step="42"]')
    expect(row).to_have_attribute("aria-current", "step")
    page.keyboard.press("ArrowRight")
    expect_step(page, 43)
    assert shown(page, "Loss L, training") == rows[43]["loss"]
    page.keyboard.press("Home")
    expect_step(page, 0)
    assert shown(page, "Loss L, training") == rows[0]["loss"]


def test_a_column_of_the_test_stands_only_where_there_is_one(page: Page):
    open_page(page, STOOD)
    heads = page.get_by_test_id("rows").locator("thead")
    expect(heads).to_contain_text("accuracy test")
    open_page(page, "/train?preset=moons&epochs=5&at=3")
    expect(heads).to_contain_text("accuracy")
    expect(heads).not_to_contain_text("test")


def test_the_standardisation_is_shown_for_the_followed_row(page: Page, server: str):
    choice = DATA | {"standardise": True}
    address = f"/train?preset=moons&data={quote(json.dumps(choice))}&epochs=2&at=0&sample=3"
    open_page(page, address)
    found = httpx.post(f"{server}/api/dataset", json={"data": choice}).json()
    card = page.get_by_test_id("standardised")
    card.locator("summary").click()
    expect(card).to_contain_text("row 3")
    for i, row in enumerate(card.locator("tbody tr").all()):
        titles = [cell.get_attribute("title") or "" for cell in row.locator("td").all()]
        shown = [float(title.replace("−", "-")) for title in titles]
        expected = [found["raw"][2], found["mean"], found["std"], found["X"][2]]
        assert shown == [numbers[i] for numbers in expected]


def test_the_weights_are_those_of_the_shown_moment(page: Page, server: str):
    open_page(page, STOOD)
    page.get_by_test_id("weights").locator("summary").click()
    events = events_of(server, moons(server))
    snapshots = {each["step"]: each for event, each in events if event == "snapshot"}

    def first_cell() -> str | None:
        return page.locator('[data-tensor="W[1]"] [data-cell="0"]').get_attribute("title")

    for moment in (42, 41):
        expect_step(page, moment)
        expected = str(snapshots[moment]["layers"][0]["W"][0][0]).replace("-", "−")
        page.wait_for_function(
            '([text]) => document.querySelector(\'[data-tensor="W[1]"] [data-cell="0"]\')'
            "?.getAttribute('title')?.includes(text)",
            arg=[expected],
        )
        assert first_cell() is not None
        page.keyboard.press("ArrowLeft")


def test_the_histograms_count_the_weights_of_the_shown_moment(page: Page, server: str):
    open_page(page, STOOD)
    page.get_by_test_id("weights").locator("summary").click()
    events = events_of(server, moons(server))
    layers = next(e["layers"] for kind, e in events if kind == "snapshot" and e["step"] == 42)
    for i, layer in enumerate(layers):
        weights = np.ravel(layer["W"])
        reach = np.abs(weights).max()
        picture = page.get_by_role("img", name=f"Histogram of the weights of layer {i + 1}")
        expect(picture).to_have_attribute("aria-label", re.compile(f"to {as_shown(reach)}$"))
        bars = picture.locator("rect").evaluate_all(
            "(all) => all.map((e) => +e.attributes.height.value)"
        )
        counts, _ = np.histogram(weights, bins=41, range=(-reach, reach))
        assert counts.sum() == weights.size
        np.testing.assert_allclose(np.array(bars) / max(bars), counts / counts.max(), atol=1e-9)


RELU = (
    f"/train?preset=moons&data={quote(json.dumps(DATA))}&net=8:relu,8:relu&batch=full&epochs=40"
    "&opt=gradient_descent,learning_rate:1&at=30"
)


def heights(chart: Locator) -> list[Any]:
    """The y of every point of each line of a chart, the whole run's."""
    paths = chart.locator("path").evaluate_all("(all) => all.map((e) => e.getAttribute('d'))")
    lines = [np.array(re.findall(r"[ML][\d.]+ ([\d.]+)", path), float) for path in paths]
    return [line for line in lines if len(line) == 41]


def test_the_charts_are_the_rows(page: Page, server: str):
    open_page(page, RELU)
    expect(page.get_by_test_id("standing-A")).to_contain_text("All epochs are done.")
    sizes, kinds = [2, 8, 8, 1], ["relu", "relu", "sigmoid"]
    network = moons(server)["network"] | {"sizes": sizes, "activations": kinds}
    body = moons(server, network=network, batch_size=None, epochs=40) | {
        "optimizer": {"name": "gradient_descent", "learning_rate": 1}
    }
    rows = [row for event, row in events_of(server, body) if event == "row"]
    assert [row["step"] for row in rows] == list(range(41))
    assert max(rows[30]["dead"] + rows[30]["saturated"]) > 0

    def expect_chart(name: str, lines: dict[str, list[float]], scale: Any = np.asarray) -> None:
        chart = page.get_by_test_id(f"chart-{name}")
        told = ", ".join(f"{line} {as_shown(values[30])}" for line, values in lines.items())
        label = re.compile(re.escape(f"at step 30: {told}") + "$")
        expect(chart.get_by_role("img")).to_have_attribute("aria-label", label)
        drawn = heights(chart)
        assert len(drawn) == len(lines), name
        shown, expected = np.concatenate(drawn), scale(np.concatenate(list(lines.values())))
        slope, start = np.polyfit(expected, shown, 1)
        assert slope < 0
        np.testing.assert_allclose(slope * expected + start, shown, atol=0.11)

    parts = {"training": "accuracy", "test": "test_accuracy"}
    expect_chart("accuracy", {k: [row[v] for row in rows] for k, v in parts.items()})
    for name, column, scale in (
        ("gradient", "gradient_norm", np.log10),
        ("saturated", "saturated", np.asarray),
        ("dead", "dead", np.asarray),
    ):
        layers = range(len(rows[0][column]))
        expect_chart(name, {f"layer {i + 1}": [r[column][i] for r in rows] for i in layers}, scale)


def test_what_to_watch_stays_while_settings_are_tried(page: Page):
    open_page(page, "/train?preset=moons&at=3")
    watch = page.get_by_test_id("watch")
    expect(watch).to_contain_text("until every point is right")
    expect(watch).not_to_contain_text("You changed settings")
    page.get_by_label("Learning rate η").fill("0.02")
    page.get_by_label("Learning rate η").press("Enter")
    expect(page.get_by_test_id("preset")).to_have_value("")
    expect(watch).to_contain_text("until every point is right")
    expect(watch).to_contain_text("You changed settings of “Two moons” since.")
    page.get_by_test_id("data").select_option("circles")
    expect(page.get_by_test_id("watch")).to_have_count(0)


def test_the_numbers_of_the_data_are_a_table(page: Page, server: str):
    choice = {"name": "iris", "test_share": 0.2, "standardise": True}
    page.set_viewport_size(PHONE)
    open_page(page, f"/train?preset=iris&data={quote(json.dumps(choice))}&epochs=2&at=0&sample=149")
    data = httpx.post(f"{server}/api/dataset", json={"data": choice}).json()
    page.get_by_role("button", name="Settings").click()
    expect(page.get_by_test_id("data-summary")).to_contain_text("X is 120 × 4, Y is 120 × 3.")
    page.get_by_test_id("show-numbers").click()
    table = page.get_by_test_id("data-table")
    expect(page.get_by_test_id("data-shape")).to_contain_text("X, 120 × 4 (N × n), and Y, 120 × 3")
    expect(table.locator("thead")).to_contain_text("petal width")

    def expect_row(row: int, rows: list[list[float]]) -> None:
        cells = table.locator(f'tr[data-row="{row}"] td')
        expect(cells.first).to_have_text("test" if row in data["test"] else "training")
        numbers = rows[row] + data["Y"][row]
        expect(cells).to_have_count(1 + len(numbers))
        assert [read_back(c.get_attribute("title") or "") for c in cells.all()[1:]] == numbers

    # The followed row is in sight; of the others only those near it are there.
    expect(table.locator('tr[aria-current="true"] th')).to_have_text("149")
    expect_row(148, data["X"])
    expect(table.locator('tr[data-row="0"]')).to_have_count(0)
    table.get_by_label("As measured").check()
    expect_row(148, data["raw"])
    table.get_by_role("region").evaluate("(frame) => frame.scrollTo(0, 0)")
    expect_row(0, data["raw"])
    assert not page.evaluate(SIDEWAYS)
    page.keyboard.press("Escape")
    expect(table).to_be_hidden()


def test_a_batch_an_epoch_and_more_epochs(page: Page, server: str):
    open_page(page, STOOD)
    page.get_by_test_id("reset").click()
    expect_step(page, 0)
    page.get_by_test_id("one-batch").click()
    expect_step(page, 1)
    page.keyboard.press("b")
    expect_step(page, 2)
    page.get_by_test_id("one-epoch").click()
    expect_step(page, 7)
    page.get_by_test_id("epochs").click()
    expect_step(page, 77)
    rows = {row["step"]: row for event, row in events_of(server, moons(server)) if event == "row"}
    assert shown(page, "Loss L, training") == rows[77]["loss"]


def test_more_epochs_than_were_planned(page: Page, server: str):
    open_page(page, f"{MOONS}&batch=20&at=140")
    expect_step(page, 140)
    page.get_by_test_id("one-epoch").click()
    expect_step(page, 147)
    events = events_of(server, moons(server, epochs=21))
    rows = {row["step"]: row for event, row in events if event == "row"}
    assert shown(page, "Loss L, training") == rows[147]["loss"]


def test_new_weights_are_another_run_and_reset_is_the_same(page: Page, server: str):
    open_page(page, STOOD)
    page.get_by_test_id("reset").click()
    expect_step(page, 0)
    before = shown(page, "Loss L, training")
    page.get_by_test_id("new-weights").click()
    expect(page).to_have_url(re.compile(r"w=\w+:\d+"))
    events = events_of(server, moons(server, steps=0))
    first = next(row for event, row in events if event == "row")
    assert before == first["loss"]
    cell = page.get_by_test_id("now-A-Loss L, training")
    page.get_by_test_id("reset").click()
    expect_step(page, 0)
    expect(cell).not_to_have_attribute("title", str(before))
    page.go_back()
    expect(page).not_to_have_url(re.compile(r"w=\w+:\d+"))
    page.get_by_test_id("reset").click()
    expect_shown(page, "Loss L, training", before)
    expect_step(page, 0)


def test_pause_stops_and_play_goes_on_with_the_same_numbers(page: Page):
    open_page(page, SLOW)
    page.get_by_test_id("live").click()
    expect(page.get_by_test_id("live")).to_have_text("live")
    page.wait_for_function(f"() => {STEP} > 0")
    page.get_by_test_id("play").click()
    expect(page.get_by_test_id("standing-A")).to_contain_text("Paused at step")
    paused = page.get_by_test_id("standing-A").inner_text()
    page.wait_for_timeout(400)
    assert page.get_by_test_id("standing-A").inner_text() == paused
    page.get_by_test_id("play").click()
    expect(page.get_by_test_id("standing-A")).to_contain_text("Training, at step")
    page.get_by_test_id("play").click()
    expect(page.get_by_test_id("standing-A")).to_contain_text("Paused")


def test_scrubbing_back_while_it_trains(page: Page):
    open_page(page, SLOW)
    page.wait_for_function("() => Number(document.querySelector('[data-testid=scrubber]').max) > 3")
    scrub(page, 1)
    held = step(page)
    expect(page.get_by_test_id("live")).to_have_text("to the newest")
    page.wait_for_timeout(300)
    assert step(page) == held
    expect(page.get_by_test_id("standing-A")).to_contain_text("Training, at step")
    page.get_by_test_id("live").click()
    page.wait_for_function(
        f"([held]) => {STEP} > held",
        arg=[held],
    )


def test_divergence_names_the_cell_and_the_step(page: Page):
    page.goto(DIVERGING)
    expect(page.get_by_test_id("standing-A")).to_contain_text(
        re.compile(r"diverged after [\d,]+ step")
    )
    expect(page.get_by_test_id("standing-A")).to_contain_text(re.compile(r"[A-Z]\[?\d?\]?"))


def test_the_next_step_opens_in_propagate_with_the_same_numbers(page: Page, server: str):
    open_page(page, f"{MOONS}&batch=3&at=42")
    # Until the run is that far, the page shows the newest moment that it has.
    expect_step(page, 42)
    page.get_by_test_id("open-step").click()
    page.wait_for_url(re.compile("/propagate"))
    page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")
    body = moons(server, batch_size=3) | {"iteration": 42}
    del body["rows_every"], body["snapshots_every"]
    trace = httpx.post(f"{server}/api/train-trace", json=body, timeout=60).json()
    page.keyboard.press("End")
    cell = page.locator('[data-tensor^="A[0]"] [data-cell="0"]').first
    first = str(trace["tensors"]["A[0]@0"]["data"][0]).replace("-", "−")
    expect(cell).to_have_attribute("title", re.compile(re.escape(first)))


def test_an_edit_taken_back_before_its_run_is_here_is_not_shown(page: Page):
    open_page(page, STOOD)
    expect(page.get_by_test_id("live")).to_have_text("to the newest")

    def late(route: Route) -> None:
        page.wait_for_timeout(400)
        route.continue_()

    page.route("**/api/train", late)
    units = page.get_by_label("Units of layer 1")
    before = units.input_value()
    for size in ("3", before):
        units.fill(size)
        units.press("Enter")
    expect(page.get_by_test_id("live")).to_have_text("newest", timeout=30_000)
    page.get_by_test_id("weights").locator("summary").click()
    cells = page.locator('[data-tensor="W[1]"] [data-cell]')
    expect(cells).to_have_count(2 * int(before))


def test_layers_units_and_loss_are_edited_and_back_undoes_it(page: Page):
    open_page(page, STOOD)
    page.get_by_test_id("add-layer").click()
    expect(page).to_have_url(re.compile("net=8:tanh,8:tanh,8:tanh"))
    page.get_by_role("button", name="Remove layer 3").click()
    page.get_by_label("Units of layer 1").fill("3")
    page.get_by_label("Units of layer 1").press("Enter")
    expect(page).to_have_url(re.compile("net=3:tanh,8:tanh"))
    page.get_by_test_id("loss").select_option("cross_entropy")
    expect(page.get_by_label("Activation of the outputs")).to_have_value("softmax")
    expect(page.get_by_test_id("standing-A")).to_contain_text("All epochs are done.")
    page.go_back()
    expect(page.get_by_test_id("loss")).to_have_value("binary_cross_entropy")


def test_a_wrong_address_gets_sentences(page: Page):
    open_page(page, f"{MOONS}&loss=nonsense&batch=-4&net=0:tanh&at=0")
    problems = page.get_by_test_id("problem")
    expect(problems).to_have_count(3)
    expect(problems.first).to_contain_text("in the address isn't")


def test_what_the_server_refuses_gets_its_sentence(page: Page):
    page.goto('/train?preset=moons&data={"name":"nonsense"}')
    expect(page.get_by_test_id("error")).to_contain_text("nonsense")


def test_it_fits_a_phone(page: Page):
    page.set_viewport_size(PHONE)
    open_page(page, STOOD)
    assert not page.evaluate(SIDEWAYS)
    page.get_by_role("button", name="Settings").click()
    expect(page.get_by_test_id("preset")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Details").click()
    expect(page.get_by_test_id("standing-A")).to_be_visible()
