"""Editing live: what is changed on the page is what the API computes for it, and can be undone."""

import json
import re
from typing import Any
from urllib.parse import unquote

import httpx
from playwright.sync_api import FloatRect, Locator, Page, Route, expect

from tests.web.conftest import PHONE, SIDEWAYS, open_page
from tests.web.numbers import as_shown, read_back

Numbers = dict[str, list[float | None]]
SHOWN = """() => Object.fromEntries(
  [...document.querySelectorAll("#every-matrix [data-tensor]")].map((matrix) => [
    matrix.dataset.tensor,
    [...matrix.querySelectorAll("[data-cell]")]
      .map((cell) => [cell.title, cell.classList.contains("edited")]),
  ]))"""


# Each is an event of its own, as from a person; between two of them the page takes in the change.
TYPED = """async (field, texts) => {
  for (const text of texts) {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve));
  }
}"""
CLICKED = """async (button, times) => {
  for (let i = 0; i < times; i++) {
    button.click();
    await new Promise((resolve) => setTimeout(resolve));
  }
}"""


def cell(page: Page, tensor: str, number: int) -> Locator:
    return page.locator(f'#every-matrix [data-tensor="{tensor}"] [data-cell="{number}"]')


def given_weights(page: Page) -> list[dict[str, Any]]:
    """Read the weights behind the # of the address."""
    page.wait_for_function("() => location.hash.startsWith('#w=')")
    text = unquote(page.url.split("#w=")[1])

    def rows(matrix: str) -> list[list[float]]:
        return [[float(number) for number in row.split(",")] for row in matrix.split(";")]

    layers = [layer.split("/") for layer in text.split("~")]
    return [{"W": rows(W), "b": rows(b)[0]} for W, b in layers]


def numbers_of(server: str, request: dict[str, Any]) -> Numbers:
    answer = httpx.post(f"{server}/api/trace", json=request)
    return {id: tensor["data"] for id, tensor in answer.json()["tensors"].items()}


def with_weights(request: dict[str, Any], layers: list[dict[str, Any]]) -> dict[str, Any]:
    activations = request["network"]["activations"]
    pairs = zip(layers, activations, strict=True)
    network = {"layers": [{**layer, "activation": activation} for layer, activation in pairs]}
    return {**request, "network": network}


def assert_shows(page: Page, numbers: Numbers, before: Numbers) -> None:
    """Every matrix has the numbers, and marks those that differ from the ones before."""
    shown: dict[str, list[tuple[str, bool]]] = page.evaluate(SHOWN)
    assert set(shown) == set(numbers)
    for id, cells in shown.items():
        assert [read_back(title.split(" → ")[-1]) for title, _ in cells] == numbers[id], id
        changed = [old != new for old, new in zip(before[id], numbers[id], strict=True)]
        assert [is_marked for _, is_marked in cells] == changed, id
        for (title, is_marked), old in zip(cells, before[id], strict=True):
            assert not is_marked or read_back(title.split(" → ")[0]) == old, id


def box_of(page: Page, key: str) -> FloatRect:
    box = page.locator(f'.network [data-neuron="{key}"]').bounding_box()
    assert box
    return box


def middle(page: Page, one: str, other: str) -> tuple[float, float]:
    """Find the middle of an edge, or with the same neuron twice that of the neuron."""
    boxes = box_of(page, one), box_of(page, other)
    x = sum(box["x"] + box["width"] / 2 for box in boxes) / 2
    y = sum(box["y"] + box["height"] / 2 for box in boxes) / 2
    return x, y


def drag(page: Page, one: str, other: str, pixels: int) -> None:
    """Drag an edge or a neuron so far up."""
    x, y = middle(page, one, other)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - pixels, steps=12)
    page.mouse.up()


def settle(page: Page) -> None:
    expect(page.get_by_test_id("changed")).to_contain_text("of")


def test_a_drag_on_an_edge_is_computed_and_marked_and_undone_at_once(
    page: Page, server: str, presets: dict[str, Any]
):
    request = presets["mse_identity"]["request"]
    before = numbers_of(server, request)
    open_page(page, "/propagate?preset=mse_identity&at=29")
    drag(page, "0:0", "1:0", 60)
    layers = given_weights(page)
    dragged = layers[0]["W"][0][0]
    assert dragged > read_back(str(before["W[1]@0"][0])) + 0.05
    expect(cell(page, "W[1]@0", 0)).to_have_text(as_shown(dragged))
    after = numbers_of(server, with_weights(request, layers))
    assert after["W[1]@0"][1:] == before["W[1]@0"][1:]
    settle(page)
    assert_shows(page, after, before)
    page.get_by_test_id("mark-changes").uncheck()
    expect(page.locator("#every-matrix .edited")).to_have_count(0)
    page.get_by_test_id("mark-changes").check()
    # However many moves it had, a drag is one edit; what the undo changed back is marked.
    page.get_by_role("button", name="Undo").click()
    expect(cell(page, "W[1]@0", 0)).to_have_text(as_shown(before["W[1]@0"][0] or 0))
    page.wait_for_function("() => location.hash === ''")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    assert_shows(page, before, after)


def test_a_bias_is_dragged_on_its_neuron_and_nudged_by_key(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=29")
    first = read_back(cell(page, "b[1]@0", 2).get_attribute("title") or "")
    drag(page, "1:2", "1:2", -40)
    lower = given_weights(page)[0]["b"][2]
    assert lower < first - 0.03
    neuron = page.locator('.network [data-neuron="1:2"]')
    neuron.focus()
    for _ in range(3):
        page.keyboard.press("Alt+ArrowUp")
    expect(neuron).to_have_attribute("aria-label", re.compile("bias"))
    page.wait_for_function(
        "(low) => Number(location.hash.split('/')[1].split('~')[0].split(',')[2]) > low", arg=lower
    )
    cell(page, "b[1]@0", 4).focus()
    page.keyboard.press("Shift+Alt+ArrowDown")
    expect(cell(page, "b[1]@0", 4)).to_have_attribute("title", re.compile("→"))
    # The drag, the three keys on the neuron that follow each other, and the key on the other cell.
    undo = page.get_by_role("button", name="Undo")
    for _ in range(3):
        expect(undo).to_be_enabled()
        undo.click()
    expect(undo).to_be_disabled()


def test_a_number_is_typed_into_its_cell(page: Page, server: str, presets: dict[str, Any]):
    request = presets["mse_identity"]["request"]
    before = numbers_of(server, request)
    open_page(page, "/propagate?preset=mse_identity&at=29")
    field, problem = page.get_by_test_id("cell-field"), page.get_by_test_id("cell-problem")

    cell(page, "A[0]@0", 7).dblclick()
    expect(field).to_have_value(str(request["X"][1][2]))
    field.fill("1,5 cm")
    field.press("Enter")
    expect(problem).to_have_text("Expected a number, got “1,5 cm”.")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.press("Escape")
    expect(field).to_have_count(0)
    expect(cell(page, "A[0]@0", 7)).to_be_focused()
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()

    # A figure begins a new number; Tab takes it and goes on to the next cell.
    page.keyboard.press("4")
    expect(field).to_have_value("4")
    field.press("Tab")
    expect(field).to_have_value(str(request["X"][1][3]))
    field.press("Escape")
    X = [list(row) for row in request["X"]]
    X[1][2] = 4
    expect(cell(page, "A[0]@0", 7)).to_have_text("4")
    settle(page)
    after = numbers_of(server, {**request, "X": X})
    assert_shows(page, after, before)

    # What was typed last counts as before, for the next edit.
    target = cell(page, "Y@0", 4)
    target.focus()
    page.keyboard.press("F2")
    field.fill("−0.5")
    field.press("Enter")
    expect(target).to_have_text("−0.5000".rstrip("0"))
    Y = [list(row) for row in request["Y"]]
    Y[1][1] = -0.5
    expect(cell(page, "L@0", 0)).to_have_attribute("title", re.compile("→"))
    assert_shows(page, numbers_of(server, {**request, "X": X, "Y": Y}), after)
    expect(page).to_have_url(re.compile("x=.*y="))

    # A computed number can't be typed.
    cell(page, "Z[1]@0", 0).dblclick()
    expect(field).to_have_count(0)


def test_enter_on_the_pinned_cell_opens_it(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=29&pin=W[2]@0:3")
    cell(page, "W[2]@0", 3).focus()
    page.keyboard.press("Enter")
    page.get_by_test_id("cell-field").fill("0.125")
    page.keyboard.press("Enter")
    expect(cell(page, "W[2]@0", 3)).to_have_text("0.125")
    assert given_weights(page)[1]["W"][0][3] == 0.125
    page.reload()
    expect(cell(page, "W[2]@0", 3)).to_have_text("0.125")

    # What is too large is said where one is, beside what was typed, and can be taken back.
    weight, message = cell(page, "W[1]@0", 3), page.get_by_test_id("diverged")
    before = weight.text_content() or ""
    weight.evaluate("(cell) => cell.scrollIntoView({ block: 'start' })")
    weight.focus()
    page.keyboard.press("F2")
    page.get_by_test_id("cell-field").fill("1e308")
    page.get_by_test_id("cell-field").press("Enter")
    expect(message).to_contain_text("the numbers given are too large")
    expect(message).to_be_in_viewport(ratio=1)
    page.wait_for_timeout(100)
    boxes = message.bounding_box(), weight.bounding_box()
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]
    message.get_by_role("button", name="Undo the last edit").click()
    expect(message).to_have_count(0)
    expect(page.locator("cr-transport")).to_contain_text("29 / 29")
    expect(weight).to_have_text(before)


def test_a_weight_is_the_same_one_in_every_layout(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=29&layout=rows_in_out")
    # Here W[1] is 5 × 7: row 2, column 1 leads from input 2 to unit 1.
    cell(page, "W[1]@0", 7).dblclick()
    page.keyboard.type("0.5")
    page.keyboard.press("Enter")
    expect(cell(page, "W[1]@0", 7)).to_have_text("0.5")
    assert given_weights(page)[0]["W"][0][1] == 0.5
    drag(page, "0:0", "1:0", 60)
    assert given_weights(page)[0]["W"][0][1] == 0.5
    expect(cell(page, "W[1]@0", 0)).to_have_text(as_shown(given_weights(page)[0]["W"][0][0]))


def test_a_size_keeps_edited_numbers_and_draws_the_others(
    page: Page, server: str, presets: dict[str, Any]
):
    request = presets["mse_identity"]["request"]
    open_page(page, "/propagate?preset=mse_identity&at=29")
    cell(page, "W[1]@0", 0).dblclick()
    page.keyboard.type("0.75")
    page.keyboard.press("Enter")
    kept = given_weights(page)
    more = page.get_by_role("button", name="One unit more: layer 1")
    more.click()
    more.click()
    expect(page).to_have_url(re.compile("sizes=5-9-4-3"))
    expect(page.get_by_label("Units of layer 1")).to_have_value("9")
    page.wait_for_function("() => location.hash.startsWith('#w=')")
    layers = given_weights(page)
    init = request["network"]["init"]
    network = {**request["network"], "sizes": [5, 9, 4, 3], "init": init}
    drawn = numbers_of(server, {**request, "network": network})
    assert [row[:5] for row in layers[0]["W"][:7]] == kept[0]["W"]
    assert [number for row in layers[0]["W"][7:] for number in row] == drawn["W[1]@0"][35:]
    assert [row[:7] for row in layers[1]["W"]] == kept[1]["W"]
    assert layers[2] == kept[2]
    expect(page.locator('#every-matrix [data-tensor="W[1]@0"] [data-cell]')).to_have_count(45)
    page.get_by_role("button", name="One unit fewer: layer 1").click()
    page.get_by_role("button", name="One unit fewer: layer 1").click()
    expect(page.locator('#every-matrix [data-tensor="W[1]@0"] [data-cell]')).to_have_count(35)
    assert given_weights(page) == kept
    page.get_by_role("button", name="One unit more: inputs").click()
    expect(page.locator('#every-matrix [data-tensor="A[0]@0"] [data-cell]')).to_have_count(18)


def test_the_activation_of_one_layer_is_changed(page: Page, server: str, presets: dict[str, Any]):
    request = presets["mse_identity"]["request"]
    before = numbers_of(server, request)
    open_page(page, "/propagate?preset=mse_identity&at=29")
    page.get_by_label("Activation of layer 2").select_option("softplus")
    network = {**request["network"], "activations": ["tanh", "softplus", "identity"]}
    after = numbers_of(server, {**request, "network": network})
    assert after["A[1]@0"] == before["A[1]@0"]
    assert after["A[2]@0"] != before["A[2]@0"]
    settle(page)
    assert_shows(page, after, before)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Activation of layer 2")).to_have_value("tanh")
    expect(cell(page, "L@0", 0)).to_have_text(as_shown(before["L@0"][0] or 0))
    assert_shows(page, before, after)


def test_the_loss_is_changed(page: Page, server: str, presets: dict[str, Any]):
    request = presets["ce_softmax"]["request"]
    before = numbers_of(server, request)
    open_page(page, "/propagate?preset=ce_softmax&at=99")
    page.get_by_test_id("loss").select_option("mse")
    after = numbers_of(server, {**request, "loss": "mse"})
    assert after["Z[3]@0"] == before["Z[3]@0"]
    assert after["L@0"] != before["L@0"]
    assert after["dW[1]@0"] != before["dW[1]@0"]
    settle(page)
    assert_shows(page, after, before)


def test_a_hundred_edits_are_undone_and_redone(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=29")
    rate = page.get_by_role("textbox", name="Learning rate")
    undo, redo = page.get_by_role("button", name="Undo"), page.get_by_role("button", name="Redo")
    for out in ("0", "1e-400"):
        rate.fill(out)
        rate.press("Enter")
        expect(page.get_by_text(f"Expected a number above 0, got “{out}”.")).to_be_visible()
    expect(undo).to_be_disabled()
    # As a quick hand does it, no edit waits for the answer to the one before.
    rate.evaluate(TYPED, [str(edit) for edit in range(1, 101)])
    expect(cell(page, "eta@0", 0)).to_have_text("100")
    shown = 100
    for depth in (99, 60, 2, 1):
        undo.evaluate(CLICKED, shown - depth)
        expect(rate).to_have_value(str(depth))
        expect(cell(page, "eta@0", 0)).to_have_text(str(depth))
        shown = depth
    undo.click()
    expect(undo).to_be_disabled()
    expect(rate).to_have_value("0.1")
    expect(cell(page, "eta@0", 0)).to_have_text("0.1")
    for depth in (1, 37, 99):
        redo.evaluate(CLICKED, depth - (0 if depth == 1 else shown))
        expect(rate).to_have_value(str(depth))
        expect(cell(page, "eta@0", 0)).to_have_text(str(depth))
        shown = depth
    redo.click()
    expect(redo).to_be_disabled()
    expect(cell(page, "eta@0", 0)).to_have_text("100")
    page.wait_for_function("() => location.search.includes('lr=100&')")


def test_a_drag_on_a_slow_server_never_shows_old_numbers_as_current(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=29")
    weight = cell(page, "W[1]@0", 0)
    first = weight.text_content() or ""
    held: list[Route] = []
    page.route("**/api/trace", lambda route: held.append(route))
    drag(page, "0:0", "1:0", 60)
    expect(page.locator(".board.stale")).to_have_count(1)
    expect(page.get_by_role("status")).to_contain_text("belong to the settings before")
    # Two requests alone are on their way; the newest edit waits for an answer.
    asked = [json.loads(route.request.post_data or "") for route in held]
    weights = [body["network"]["layers"][0]["W"][0][0] for body in asked]
    newest = given_weights(page)[0]["W"][0][0]
    assert len({*weights, newest}) == 3
    expect(weight).to_have_text(first.strip())
    # The answers come in the other order: the older one is left out.
    held[1].continue_()
    expect(weight).to_have_text(as_shown(weights[1]))
    held[0].continue_()
    expect(page.locator(".board.stale")).to_have_count(1)
    for _ in range(100):
        if len(held) > 2:
            break
        page.wait_for_timeout(20)
    page.wait_for_timeout(200)
    expect(weight).to_have_text(as_shown(weights[1]))
    last = json.loads(held[2].request.post_data or "")
    assert last["network"]["layers"][0]["W"][0][0] == newest
    held[2].continue_()
    expect(weight).to_have_text(as_shown(newest))
    expect(page.locator(".board.stale")).to_have_count(0)
    assert len(held) == 3


def test_the_number_at_the_pointer_goes_ahead_of_a_slow_answer_and_leaves_with_the_drag(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=29")
    weight = cell(page, "W[1]@0", 0)
    first = weight.get_attribute("title") or ""
    held: list[Route] = []
    is_slow = [True]
    page.route("**/api/trace", lambda route: held.append(route) if is_slow else route.continue_())
    x, y = middle(page, "0:0", "1:0")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 8)
    tag = page.locator(".network .tag")
    expect(tag).to_contain_text(f"W[1]: {first} →")
    begun = tag.text_content() or ""
    page.mouse.move(x, y - 20, steps=4)
    expect(tag).not_to_have_text(begun)
    page.wait_for_timeout(500)  # The address is written with the newest number.
    wanted = (tag.text_content() or "").split("→")[1].strip()
    assert read_back(wanted) == given_weights(page)[0]["W"][0][0] > read_back(first)
    expect(weight).to_have_attribute("title", first)
    is_slow.clear()
    for route in held:
        route.continue_()
    page.mouse.move(x, y - 21)
    expect(tag).not_to_contain_text(f"→ {wanted}")
    newest = (tag.text_content() or "").split("→")[1].strip()
    page.mouse.up()
    expect(tag).to_have_count(0)
    expect(weight).to_have_attribute("title", f"{first} → {newest}")


def test_on_a_phone_a_tap_on_the_pinned_number_opens_it(new_context: Any):
    page: Page = new_context(has_touch=True).new_page()
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    open_page(page, "/propagate?preset=mse_identity&at=29&pin=A[0]@0:1")
    cell(page, "A[0]@0", 1).tap()
    field = page.get_by_test_id("cell-field")
    field.fill("x")
    field.press("Enter")
    expect(page.get_by_test_id("cell-problem")).to_be_in_viewport()
    field.fill("3")
    field.press("Enter")
    expect(cell(page, "A[0]@0", 1)).to_have_text("3")
    assert page.evaluate(SIDEWAYS) == 0


def test_a_large_matrix_draws_what_is_in_its_frame(page: Page):
    open_page(page, wide() + "&at=4&pin=W[2]@0:4095")
    matrix = page.locator('#every-matrix [data-tensor="W[2]@0"]')
    # Off the screen it draws nothing; on it, what is in its frame: the pinned cell, its last.
    matrix.scroll_into_view_if_needed()
    expect(matrix.locator('[data-cell="4095"]')).to_be_visible()
    assert 50 < matrix.locator("[data-cell]").count() < 1000
    grid = matrix.get_by_role("grid")
    expect(grid).to_have_attribute("aria-rowcount", "64")
    expect(grid).to_have_attribute("aria-colcount", "64")
    frame = grid.bounding_box()
    heads = matrix.locator(".heads").bounding_box()
    side = matrix.locator(".side").last.bounding_box()
    assert frame
    assert heads
    assert side
    assert abs(heads["y"] - frame["y"]) < 3
    assert abs(side["x"] - frame["x"]) < 3
    expect(matrix.locator(".head").last).to_have_text("64")
    expect(matrix.locator(".side").last).to_have_text("64")
    # The keyboard reaches what isn't drawn: up to the first column and the first row.
    matrix.locator('[data-cell="4095"]').focus()
    page.keyboard.press("Home")
    expect(matrix.locator(f'[data-cell="{63 * 64}"]')).to_be_focused()
    expect(matrix.locator(".head").first).to_have_text("1")
    for _ in range(63):
        page.keyboard.press("ArrowUp")
    expect(matrix.locator('[data-cell="0"]')).to_be_focused()
    expect(matrix.locator('[aria-rowindex="1"] [aria-colindex="1"]')).to_be_focused()


def wide() -> str:
    X = ";".join(",".join(str((7 * p + 3 * k) % 19) for k in range(64)) for p in range(2))
    return f"/propagate?preset=ce_softmax&sizes=64-64-64-3&x={X}&y=1,0,0;0,1,0"
