"""The pictures of the training studio say what the mathematics says."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Request, expect

from core.network import Layer, Network
from core.predictions import class_of
from core.regions import activations_at
from tests.web.conftest import open_page

Json = dict[str, Any]
END = "at=1000000"
MOONS = f"/train?preset=moons&epochs=40&{END}"
# 32 units in two lanes, and features in the place of the inputs.
SPIRAL = (
    f'/train?preset=spiral&data={{"name":"spiral","features":["x1","x2","sin_x1"]}}&epochs=2&{END}'
)
PLACES = {
    preset: f"/train?preset={preset}&epochs=2&{END}"
    for preset in ("moons", "sine", "digits", "iris")
}


class Asked:
    """What the page asks the server for, the newest last."""

    def __init__(self, page: Page) -> None:
        self.bodies: list[tuple[str, Json]] = []
        page.on("request", self._hear)

    def _hear(self, request: Request) -> None:
        if request.method == "POST":
            self.bodies.append((request.url.rsplit("/", 1)[1], request.post_data_json))

    def last(self, call: str, key: str = "network") -> Json:
        """The newest body of a call that has such a key."""
        return next(body for name, body in reversed(self.bodies) if name == call and key in body)


@pytest.fixture
def asked(page: Page) -> Asked:
    return Asked(page)


def network_of(body: Json) -> Network:
    layers = body["network"]["layers"]
    return Network(
        tuple(Layer(np.array(e["W"]), np.array(e["b"]), e["activation"]) for e in layers)
    )


def numbers_of(body: Json) -> list[Any]:
    return [(layer["W"], layer["b"]) for layer in body["network"].get("layers", [])]


def values_at(body: Json, points: Any) -> list[np.ndarray[Any, Any]]:
    """Every layer's values, computed here; a request says how its inputs were standardised."""
    mean, std = np.array(body.get("mean", 0.0)), np.array(body.get("std", 1.0))
    return activations_at(network_of(body), (np.array(points) - mean) / std)


def open_still(page: Page, path: str) -> None:
    """Open the studio where all is computed and the playhead stands on the last moment."""
    open_page(page, path)
    expect(page.get_by_test_id("live")).to_have_text("newest", timeout=30_000)
    expect(page.get_by_test_id("mean-loss")).to_be_visible()
    page.wait_for_load_state("networkidle")


def open_typed(page: Page, path: str) -> None:
    """Open the field of a bias by the keyboard."""
    open_still(page, path)
    page.locator('[data-neuron="1:3"]').press("w")
    expect(page.get_by_label("Bias of layer 1, unit 4")).to_be_focused()


def settle(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until the page shows the answer to what it asked last."""
    for _ in range(50):
        if holds():
            return
        page.wait_for_timeout(100)
    assert holds()


def point_at(page: Page, frame: Locator, x: float, y: float) -> tuple[float, float]:
    """Point at a place of a picture, given in parts of its size."""
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    assert box
    place = box["x"] + x * box["width"], box["y"] + y * box["height"]
    page.mouse.move(*place)
    return place


def shown_values(readout: Locator) -> list[float]:
    return [
        float(each.get_attribute("data-value") or "nan")
        for each in readout.locator("[data-value]").all()
    ]


def test_hovering_the_plane_reads_the_network_there_to_the_last_digit(page: Page, asked: Asked):
    open_still(page, MOONS)
    for x, y in ((0.2, 0.3), (0.7, 0.8)):
        point_at(page, page.get_by_test_id("plane"), x, y)
        readout = page.get_by_test_id("plane-readout")
        expect(readout.locator("[data-value]")).to_have_count(1)
        settle(
            page, lambda: shown_values(page.get_by_test_id("plane-readout")) == [read_there(asked)]
        )
        view = asked.last("regions", "view")["view"]
        [point] = asked.last("regions", "at")["at"]
        assert point[0] == pytest.approx(view[0][0] + x * (view[0][1] - view[0][0]), abs=0.02)
        assert point[1] == pytest.approx(view[1][1] - y * (view[1][1] - view[1][0]), abs=0.02)


def read_there(asked: Asked) -> float:
    """The first output at the point that the page asked for last, computed here."""
    body = asked.last("regions", "at")
    return values_at(body, body["at"])[-1][0, 0]


GROUND = """(plane) => {
  const canvas = plane.querySelector('.ground');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return { width: canvas.width, height: canvas.height, data: Array.from(data) };
}"""


MARKED = """(plane) => {
  const canvas = plane.querySelector('.over');
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((alpha, i) => i % 4 === 3 && alpha > 0).length;
}"""


def test_the_ground_has_each_side_of_the_boundary_in_its_colour(page: Page, asked: Asked):
    open_still(page, MOONS)
    expect(page).not_to_have_url(re.compile("discretise"))
    page.get_by_label("Discretise the output").check()
    expect(page).to_have_url(re.compile("discretise=1"))
    body = asked.last("regions", "view")
    picture = page.get_by_test_id("plane").evaluate(GROUND)
    assert (picture["width"], picture["height"]) == (150, 150)
    pixels = np.array(picture["data"]).reshape(150, 150, 4)
    (x0, x1), (y0, y1) = body["view"]
    xs, ys = np.linspace(x0, x1, 150), np.linspace(y1, y0, 150)  # the highest row is on top
    points = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    classes = class_of(values_at(body, points)[-1]).reshape(150, 150)
    assert 0.1 < classes.mean() < 0.9
    is_blue = pixels[..., 2] > pixels[..., 0]
    assert (is_blue == (classes == 1)).mean() > 0.999


def test_test_points_are_shown_and_hidden(page: Page):
    open_still(page, f'{MOONS}&data={{"name":"moons","test_share":0.3}}')
    plane, key = page.get_by_test_id("plane"), page.get_by_text("test (hollow)")
    expect(key).to_be_visible()
    drawn = plane.evaluate(MARKED)
    page.get_by_label("Show test points").uncheck()
    expect(key).to_be_hidden()
    expect(page).to_have_url(re.compile("test=0"))
    without = plane.evaluate(MARKED)
    assert 0.5 < without / drawn < 0.9
    page.reload()
    expect(page.get_by_label("Show test points")).not_to_be_checked()


def test_three_classes_have_three_grounds(page: Page, asked: Asked):
    open_still(page, f"/train?preset=spiral&epochs=60&discretise=1&{END}")
    body = asked.last("regions", "view")
    pixels = np.array(page.get_by_test_id("plane").evaluate(GROUND)["data"]).reshape(150, 150, 4)
    (x0, x1), (y0, y1) = body["view"]
    mesh = np.meshgrid(np.linspace(x0, x1, 150), np.linspace(y1, y0, 150))
    values = values_at(body, np.stack(mesh, axis=-1).reshape(-1, 2))[-1]
    classes = class_of(values).reshape(150, 150)
    colours = [{tuple(p) for p in pixels[classes == k].tolist()} for k in range(3)]
    most = [
        max(colours[k], key=lambda c: (pixels[classes == k] == c).all(axis=1).sum())
        for k in range(3)
    ]
    assert len(set(most)) == 3
    for k in range(3):
        assert (pixels[classes == k] == most[k]).all(axis=1).mean() > 0.99
    # All 32 units of the hidden layer are there to be clicked.
    expect(page.locator('[data-neuron^="1:"]')).to_have_count(32)
    page.locator('[data-neuron="1:17"]').click()
    expect(page.get_by_role("heading", name="Layer 1, unit 18")).to_be_visible()


def test_a_neuron_is_shown_large_and_read(page: Page, asked: Asked):
    open_still(page, MOONS)
    neuron = page.locator('[data-neuron="2:4"]')
    neuron.click()
    expect(neuron).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("heading", name="Layer 2, unit 5")).to_be_visible()
    page.wait_for_load_state("networkidle")
    short = asked.last("regions", "view")
    assert [len(layer["b"]) for layer in short["network"]["layers"]] == [8, 1]
    point_at(page, page.get_by_test_id("plane"), 0.4, 0.6)
    readout = page.get_by_test_id("plane-readout")
    expect(readout.locator("[data-value]")).to_have_count(1)

    def unit_there() -> float:
        body = asked.last("regions", "at")
        return values_at(body, body["at"])[1][0, 4]

    settle(page, lambda: shown_values(readout) == [unit_there()])
    body, [value] = asked.last("regions", "at"), shown_values(readout)
    assert value == pytest.approx(values_at(short, body["at"])[-1][0, 0])
    page.get_by_role("button", name="Back to the output").click()
    expect(page.get_by_role("heading", name="The network's output")).to_be_visible()


def test_an_edge_says_its_weight_and_a_neuron_its_bias_with_all_digits(page: Page, asked: Asked):
    open_still(page, MOONS)
    layers = asked.last("predictions")["network"]["layers"]
    neuron = page.locator('[data-neuron="1:2"]')
    neuron.hover()
    readout = page.get_by_test_id("network-readout")
    bias = re.search(r"bias = (\S+)", (readout.text_content() or "").replace("−", "-"))
    assert bias
    assert float(bias[1]) == layers[0]["b"][2]
    ends = [page.locator(f'[data-neuron="{key}"]').bounding_box() for key in ("2:0", "3:0")]
    (a, b) = ends
    assert a
    assert b
    # Near the output only this edge is at its height.
    part = 0.45
    page.mouse.move(
        a["x"] + a["width"] / 2 + part * (b["x"] - a["x"]),
        a["y"] + a["height"] / 2 + part * (b["y"] - a["y"]),
    )
    expect(readout).to_contain_text("weight from layer 2, unit 1 to")
    text = (readout.text_content() or "").replace("−", "-")
    assert float(text.rsplit("= ", 1)[1]) == layers[2]["W"][0][0]
    # A click makes it a number to type; the run begins again with it in the shown weights.
    page.mouse.down()
    page.mouse.up()
    field = page.get_by_test_id("weight-field").get_by_role("textbox")
    expect(field).to_be_focused()
    assert float(field.input_value()) == layers[2]["W"][0][0]
    field.fill("0.625")
    field.press("Enter")
    expect(page.get_by_test_id("scheme")).to_have_value("")
    layers[2]["W"][0][0] = 0.625
    settle(
        page, lambda: numbers_of(asked.last("train")) == numbers_of({"network": {"layers": layers}})
    )
    assert asked.last("train")["from"] is None
    expect(page).to_have_url(re.compile("w=.*0.625"))
    expect(page.get_by_test_id("standing-A")).to_contain_text("All epochs are done.")
    # A bias by its dot, which is at the lower left corner; this one isn't taken.
    corner = page.locator('[data-neuron="2:3"]').bounding_box()
    assert corner
    page.mouse.click(corner["x"], corner["y"] + corner["height"])
    expect(page.get_by_label("Bias of layer 2, unit 4")).to_be_visible()

    def shown_layer() -> Json:
        return asked.last("predictions")["network"]["layers"][1]

    settle(page, lambda: float(field.input_value()) == shown_layer()["b"][3])
    page.get_by_label("Which number of").select_option("1")
    settle(page, lambda: float(field.input_value()) == shown_layer()["W"][3][1])
    field.press("Escape")
    expect(field).to_have_count(0)
    page.go_back()
    expect(page.get_by_test_id("scheme")).not_to_have_value("")
    expect(page).not_to_have_url(re.compile("w="))


def test_points_are_drawn_and_erased_by_hand(page: Page, asked: Asked):
    open_still(page, MOONS)
    plane = page.get_by_test_id("plane")
    page.get_by_test_id("brush").click()
    page.get_by_role("button", name="class 1").click()
    place = point_at(page, plane, 0.06, 0.06)
    page.mouse.down()
    page.mouse.up()
    expect(page.get_by_text("201 of at most")).to_be_visible()
    drawn = asked.last("dataset", "data")["data"]["points"]
    view = asked.last("regions", "view")["view"]
    assert drawn["labels"][-1] == 1
    assert drawn["X"][-1][0] == pytest.approx(
        view[0][0] + 0.06 * (view[0][1] - view[0][0]), abs=0.02
    )
    assert drawn["X"][-1][1] == pytest.approx(
        view[1][1] - 0.06 * (view[1][1] - view[1][0]), abs=0.02
    )
    page.get_by_role("button", name="Eraser").click()
    page.mouse.move(*place)
    page.mouse.down()
    page.mouse.up()
    expect(page.get_by_text("200 of at most")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("201 of at most")).to_be_visible()


def test_a_stroke_draws_points_apart(page: Page, asked: Asked):
    open_still(page, MOONS)
    page.get_by_test_id("brush").click()
    x, y = point_at(page, page.get_by_test_id("plane"), 0.1, 0.1)
    page.mouse.down()
    page.mouse.move(x + 90, y, steps=30)
    page.mouse.up()
    expect(page.get_by_text(re.compile("of at most"))).not_to_contain_text("200 of")
    added = len(asked.last("dataset", "data")["data"]["points"]["X"]) - 200
    assert 7 <= added <= 11


def test_the_losses_have_the_mean_that_the_run_reports(page: Page, asked: Asked, base_url: str):
    open_still(page, MOONS)
    body = asked.last("predictions")
    found = httpx.post(f"{base_url}/api/predictions", json=body).json()
    mean = page.get_by_test_id("mean-loss")
    expect(mean).to_have_attribute("title", re.compile(re.escape(f"{found['loss']:.12g}"[:12])))
    slider = page.get_by_label("Good sampling?")
    slider.fill("10")
    title = page.get_by_test_id("sample-mean").get_attribute("title")
    assert float(title or "nan") == found["sampling"]["means"][9]
    slider.fill(str(len(found["sampling"]["means"])))
    whole = page.get_by_test_id("sample-mean").get_attribute("title")
    assert float(whole or "nan") == pytest.approx(found["loss"], rel=1e-12)
    # The worst row is the first.
    losses = page.get_by_test_id("losses")
    losses.focus()
    page.keyboard.press("ArrowDown")
    data = httpx.post(f"{base_url}/api/dataset", json={"data": body["data"]}).json()
    worst = max(data["train"], key=lambda row: found["losses"][row])
    expect(losses).to_have_attribute("aria-label", re.compile(f"Row {worst + 1}:"))


def test_the_fit_is_read_and_a_point_has_its_residual(page: Page, asked: Asked):
    open_still(page, f"/train?preset=sine&epochs=60&{END}")
    fit = page.get_by_test_id("fit")
    point_at(page, fit, 0.3, 0.5)
    readout = page.get_by_test_id("fit-readout")
    expect(readout.locator("[data-value]")).to_have_count(1)

    def last() -> float:
        body = next(b for n, b in reversed(asked.bodies) if n == "regions" and len(b["at"]) == 1)
        return values_at(body, body["at"])[-1][0, 0]

    settle(page, lambda: shown_values(readout) == [last()])
    fit.focus()
    page.keyboard.press("ArrowRight")
    page.mouse.move(0, 0)
    expect(readout).to_contain_text("target")
    expect(readout).to_contain_text("network")


def test_digits_count_their_mistakes_and_read_a_drawn_one(page: Page, asked: Asked, base_url: str):
    open_still(page, f"/train?preset=digits&epochs=3&{END}")
    body = asked.last("predictions")
    found = httpx.post(f"{base_url}/api/predictions", json=body).json()
    wrong = found["correct"].count(False)
    assert wrong > 0
    expect(page.get_by_test_id("wrong-count")).to_contain_text(f"{wrong} of 1797 wrong")
    worst = max(range(1797), key=lambda row: found["losses"][row])
    expect(page.get_by_text(re.compile(rf"^Row {worst + 1}: it is"))).to_be_visible()
    paper = page.get_by_test_id("paper")
    x, y = point_at(page, paper, 0.5, 0.15)
    page.mouse.down()
    page.mouse.move(x, y + 80, steps=12)
    page.mouse.up()
    bars = page.locator("figure", has=paper).locator(".value")
    expect(bars).to_have_count(10)

    def shown() -> list[float]:
        titles = [bar.get_attribute("title") or "" for bar in bars.all()]
        return [float(title.replace("−", "-")) for title in titles]

    def last() -> list[float]:
        drawn = asked.last("regions", "at")
        return values_at(drawn, drawn["at"])[-1][0].tolist()

    settle(page, lambda: shown() == last())
    assert sum(shown()) == pytest.approx(1)


def test_the_confusion_matrix_counts_the_test_rows(page: Page, asked: Asked, base_url: str):
    open_still(page, f'/train?preset=iris&data={{"name":"iris","test_share":0.3}}&epochs=20&{END}')
    found = httpx.post(f"{base_url}/api/predictions", json=asked.last("predictions")).json()
    rows = page.get_by_test_id("confusion").locator("tbody tr")

    def counts() -> list[list[int]]:
        return [[int(cell) for cell in row.locator("td").all_text_contents()] for row in rows.all()]

    assert counts() == found["test_confusion"]
    page.get_by_label("Rows counted").select_option("train")
    assert counts() == found["confusion"]


TWINS = {
    "plane": MOONS,
    "fit": f"/train?preset=sine&epochs=20&{END}",
    "digits": f"/train?preset=digits&epochs=2&{END}",
    "pairs": f"/train?preset=wine&epochs=5&{END}",
}


def open_twins(page: Page, path: str) -> None:
    """Open a run with a branch of it beside it, and the card of its next step."""
    open_still(page, path)
    page.keyboard.press("Home")
    # On a phone the button is in a sheet.
    branch = page.get_by_role("button", name=re.compile("^Branch"), include_hidden=True)
    branch.dispatch_event("click")
    expect(page.get_by_role("heading", name=re.compile("^Side by side"))).to_be_visible()
    expect(page.get_by_test_id("live")).to_have_text("newest", timeout=30_000)
    card = page.get_by_test_id("step-card")
    card.locator("summary").click()
    expect(card.get_by_role("status")).to_contain_text("on a batch of", timeout=30_000)


@pytest.mark.parametrize("picture", TWINS)
def test_two_runs_stand_side_by_side(page: Page, picture: str):
    open_twins(page, TWINS[picture])
    expect(page.get_by_test_id(picture)).to_have_count(2)


def test_a_product_of_the_inputs_is_an_input(page: Page, asked: Asked, server: str):
    open_still(page, f'/train?preset=moons&data={{"name":"pg_xor"}}&net=none&epochs=60&{END}')
    choices, inputs = page.get_by_test_id("features"), page.get_by_test_id("inputs")
    expect(choices.get_by_role("checkbox", checked=True)).to_have_count(2)
    choices.get_by_label("(x1_x2)").check()
    expect(inputs).to_have_text("3")
    expect(page).to_have_url(re.compile("x1_x2"))
    choices.get_by_label("(x1)").uncheck()
    expect(inputs).to_have_text("2")
    choices.get_by_label("(x2)").uncheck()
    expect(choices.get_by_label("(x1_x2)")).to_be_disabled()
    expect(page.get_by_test_id("standing-A")).to_contain_text("All epochs are done.")
    expect(page.locator("[data-neuron]")).to_have_count(2)
    page.locator('[data-neuron="0:0"]').click()
    expect(page.get_by_role("heading", name="Input x1·x2")).to_be_visible()
    point_at(page, page.get_by_test_id("plane"), 0.2, 0.3)
    readout = page.get_by_test_id("plane-readout")
    expect(readout).to_contain_text("x1·x2 =")
    settle(page, lambda: shown_values(readout) == [np.prod(asked.last("regions", "at")["at"][0])])
    page.get_by_test_id("open-step").click()
    page.wait_for_url(re.compile("/propagate"))
    page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")
    body = asked.last("train-trace", "iteration")
    assert body["data"]["features"] == ["x1_x2"]
    X = httpx.post(f"{server}/api/dataset", json={"data": {"name": "pg_xor"}}).json()["X"]
    products = {str(x1 * x2).replace("-", "−") for x1, x2 in X}
    cells = page.locator('[data-tensor^="A[0]"] [data-cell]')
    titles = [cell.get_attribute("title") or "" for cell in cells.all()[:5]]
    assert titles
    assert all(any(product in title for product in products) for title in titles)
    page.go_back()
    expect(page.get_by_test_id("inputs")).to_have_text("1")
    page.go_back()
    expect(page.get_by_test_id("inputs")).to_have_text("2")
