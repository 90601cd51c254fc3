"""Provenance both ways, the sum behind a cell, and one row of the batch."""

import re
from typing import Any

import httpx
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.web.conftest import open_page
from tests.web.numbers import as_shown, read_back

Json = dict[str, Any]
SMALL = {
    "network": {
        "sizes": [2, 3, 2],
        "activations": ["tanh", "identity"],
        "init": {"scheme": "torch_linear", "seed": 3},
    },
    "loss": "mse",
    "X": [[1, -2], [0.5, 1.5]],
    "Y": [[1, 0.5], [0, 1]],
    "optimizer": {"name": "gradient_descent", "learning_rate": 0.1},
}
SMALL_PATH = (
    "/propagate?preset=mse_identity&sizes=2-3-2&act=tanh,identity&seed=3"
    "&x=1,-2;0.5,1.5&y=1,0.5;0,1&at=99&hops=all"
)
FOLLOWED = """(marks) => [...document.querySelectorAll("#every-matrix [data-tensor]")].flatMap(
  (matrix) => [...matrix.querySelectorAll("[data-cell]")]
    .filter((cell) => marks.some((mark) => cell.classList.contains(mark)))
    .map((cell) => `${matrix.dataset.tensor}:${cell.dataset.cell}`)).sort()"""
BACK = ["operand-forward", "operand-backward", "far-forward", "far-backward"]
FORWARD = ["fed", "far-fed"]
DIMMED = """() => [...document.querySelectorAll(".neuron.dimmed")].map(
  (neuron) => neuron.dataset.neuron).sort()"""
NUDGE = 0.375


def tensors_of(server: str, body: Json) -> dict[str, Json]:
    answer = httpx.post(f"{server}/api/trace", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["tensors"]


@pytest.fixture(scope="module")
def small(server: str) -> Json:
    """The small experiment with its weights given, so that each can be changed."""
    tensors = tensors_of(server, SMALL)
    layers = [
        {
            "W": np.reshape(
                tensors[f"W[{layer}]@0"]["data"], tensors[f"W[{layer}]@0"]["shape"]
            ).tolist(),
            "b": tensors[f"b[{layer}]@0"]["data"],
            "activation": activation,
        }
        for layer, activation in enumerate(("tanh", "identity"), start=1)
    ]
    return SMALL | {"network": {"layers": layers}}


def given_cells(body: Json) -> dict[str, list[Any]]:
    """Every given number, as the list that holds it and its place there."""
    places: dict[str, list[Any]] = {}

    def add(tensor: str, rows: list[Any]) -> None:
        flat = [(row, place) for row in rows for place in range(len(row))]
        places.update({f"{tensor}:{cell}": list(at) for cell, at in enumerate(flat)})

    add("A[0]@0", body["X"])
    add("Y@0", body["Y"])
    for layer, given in enumerate(body["network"]["layers"], start=1):
        add(f"W[{layer}]@0", given["W"])
        add(f"b[{layer}]@0", [given["b"]])
    return places


def changed(server: str, body: Json, cell: str) -> set[str]:
    """Which cells of the trace change when a given number does: brute force."""
    before = tensors_of(server, body)
    row, place = given_cells(body)[cell]
    old = row[place]
    row[place] = old + NUDGE
    after = tensors_of(server, body)
    row[place] = old
    return {
        f"{id}:{index}"
        for id, tensor in after.items()
        for index, value in enumerate(tensor["data"])
        if value != before[id]["data"][index]
    }


@pytest.mark.parametrize("cell", ["A[0]@0:1", "W[1]@0:3"])
def test_forward_reaches_what_a_change_changes(page: Page, server: str, small: Json, cell: str):
    open_page(page, f"{SMALL_PATH}&pin={cell}&way=forward")
    expect(page.get_by_test_id("hops-forward")).to_be_visible()
    lit = set(page.evaluate(FOLLOWED, FORWARD))
    # Slopes of the identity are 1 whatever Z is: its derivative is the one that doesn't move.
    still = {each for each in lit if each.startswith("slope[2]")}
    assert lit - still == changed(server, small, cell) - {cell}
    assert still
    counted = page.get_by_test_id("hops-forward").locator(".summary").inner_text()
    assert int(re.search(r"(\d+) number", counted).group(1)) == len(lit)  # pyright: ignore[reportOptionalMemberAccess]


def test_back_reaches_the_given_numbers_that_change_it(page: Page, server: str, small: Json):
    pin = "dZ[1]@0:4"
    open_page(page, f"{SMALL_PATH}&pin={pin}&way=back")
    expect(page.get_by_test_id("hops-back")).to_be_visible()
    lit = set(page.evaluate(FOLLOWED, BACK))
    expected = {cell for cell in given_cells(small) if pin in changed(server, small, cell)}
    # Sample 2, unit 2: of sample 1 nothing, of W[1] its own row.
    assert expected == {cell for cell in lit if cell in given_cells(small)}
    assert "A[0]@0:0" not in lit
    assert "A[0]@0:2" in lit


def test_one_hop_and_all_hops_and_both_ways(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=29&pin=Z[2]@0:0")
    one = page.evaluate(FOLLOWED, BACK)
    assert {cell.split(":")[0] for cell in one} == {"A[1]@0", "W[2]@0", "b[2]@0"}
    # On the network: the hidden units it was made from are lit, the inputs and the outputs aren't.
    off = [f"0:{unit}" for unit in range(5)] + ["2:1", "2:2", "2:3", "3:0", "3:1", "3:2"]
    assert page.evaluate(DIMMED) == off
    card = page.get_by_test_id("number-card")
    card.get_by_text("All hops").click()
    expect(page).to_have_url(re.compile("hops=all"))
    assert page.evaluate(DIMMED) == off[5:]
    assert "A[0]@0:0" in page.evaluate(FOLLOWED, BACK)
    assert page.evaluate(FOLLOWED, FORWARD) == []
    card.get_by_text("Both").click()
    expect(page).to_have_url(re.compile("way=both"))
    assert "W[1]@1:0" in page.evaluate(FOLLOWED, FORWARD)
    thumbnail = page.get_by_role("button", name=re.compile(r"^A\[0\]@0, .*5 of 15 on the path"))
    expect(thumbnail).to_have_count(1)


def test_the_list_of_hops_goes_on_to_its_end(page: Page):
    path = "/propagate?preset=mse_identity&sizes=5-20-4-3&n=5&at=999&pin=b[1]@0:0"
    open_page(page, f"{path}&way=forward&hops=all")
    hops = page.get_by_test_id("hops-forward")
    found = re.search(r"of (\d+) matrices", hops.locator(".summary").inner_text())
    assert found
    groups = hops.locator("[data-hops]")
    expect(groups).to_have_count(40)
    more = hops.get_by_test_id("more-matrices")
    expect(more).to_have_text(f"+ 40 of {int(found[1]) - 40} more matrices, farther away")
    while more.count():
        more.click()
    expect(groups).to_have_count(int(found[1]))
    # A matrix of 100 numbers: five, then 60, then all.
    weights = hops.locator('[data-hops="W[1]@2"]')
    for shown, text in ((5, "+ 55 of 95 more"), (60, "+ 40 more")):
        expect(weights.locator(".chip")).to_have_count(shown)
        expect(weights.locator(".more")).to_contain_text(text)
        weights.locator(".more").click()
    expect(weights.locator(".chip")).to_have_count(100)
    expect(weights.locator(".more")).to_have_count(0)


def lit_edges(page: Page) -> set[str]:
    """The edges that glow, as "layer:out:in"; all of the others are faint."""
    return set((page.locator(".network canvas").first.get_attribute("data-lit") or "").split())


def test_the_path_runs_along_its_edges_alone(page: Page):
    # Forward only: on the way back every weight is touched.
    open_page(page, "/propagate?preset=mse_identity&loss=none&at=99&pin=A[1]@0:3")
    card = page.get_by_test_id("number-card")
    into, out_of = {f"1:3:{k}" for k in range(5)}, {f"2:{j}:3" for j in range(4)}
    after = {f"3:{i}:{j}" for i in range(3) for j in range(4)}
    assert lit_edges(page) == set()
    card.get_by_text("All hops").click()
    expect(page).to_have_url(re.compile("hops=all"))
    assert lit_edges(page) == into
    card.get_by_text("Feeds", exact=True).first.click()
    expect(page).to_have_url(re.compile("way=forward"))
    assert lit_edges(page) == out_of | after
    card.get_by_text("Both").click()
    expect(page).to_have_url(re.compile("way=both"))
    assert lit_edges(page) == into | out_of | after
    card.get_by_text("One hop").click()
    expect(page).not_to_have_url(re.compile("hops"))
    assert lit_edges(page) == out_of
    page.keyboard.press("Escape")
    expect(page.locator(".network canvas[data-lit]")).to_have_count(0)


def test_walking_back_and_forth_along_the_trail(page: Page, server: str, presets: dict[str, Json]):
    tensors = tensors_of(server, presets["mse_identity"]["request"])
    open_page(page, "/propagate?preset=mse_identity&at=29&pin=dW[2]@0:3&hops=all")
    card = page.get_by_test_id("number-card")
    # A number of the list, by keyboard; then one of the sum.
    chip = card.locator('[data-hops="dZ[2]@0"] button').first
    chip.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"pin=dZ\[2\]@0:0&trail=dW\[2\]@0:3"))
    # ⊙: a tile for each of the two factors.
    tiles = page.get_by_test_id("sum-picture").get_by_role("button")
    expect(tiles.locator(".caption")).to_have_text(["dA[2] 1,1", "slope[2] 1,1"])
    factors = [tensors[id]["data"][0] for id in ("dA[2]@0", "slope[2]@0")]
    expect(tiles.locator(".value")).to_have_text([as_shown(factor) for factor in factors])
    page.get_by_test_id("sum-picture").get_by_role("button", name=re.compile(r"^dA\[2\]")).click()
    expect(page).to_have_url(re.compile(r"pin=dA\[2\]@0:0&trail=dW\[2\]@0:3,dZ\[2\]@0:0"))
    trail = page.get_by_test_id("trail")
    expect(trail.get_by_role("listitem")).to_have_text(["dW[2] 1,4", "dZ[2] 1,1", "dA[2] 1,1"])
    page.reload()
    page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")
    expect(trail.get_by_role("listitem")).to_have_count(3)
    # A crumb leads to its own number, however far back.
    trail.get_by_role("button", name="dW[2] 1,4").click()
    expect(page).to_have_url(re.compile(r"pin=dW\[2\]@0:3&hops"))
    page.go_back()
    expect(trail.get_by_role("listitem")).to_have_count(3)
    page.keyboard.press("Backspace")
    expect(page).to_have_url(re.compile(r"pin=dZ\[2\]@0:0&trail=dW\[2\]@0:3&"))
    trail.get_by_role("button", name="dW[2] 1,4").click()
    expect(trail).to_have_count(0)
    expect(page).to_have_url(re.compile(r"pin=dW\[2\]@0:3&hops"))
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("following")).to_have_count(0)


WALK = ["dW[1]", "dZ[1]", "dA[1]", "dZ[2]", "dA[2]", "dZ[3]", "dA[3]"]
WALK += ["A[3]", "Z[3]", "A[2]", "Z[2]", "A[1]", "Z[1]", "A[0]"]


def pinned(tensor: str) -> re.Pattern[str]:
    return re.compile(re.escape(f"pin={tensor}@0:"))


def test_the_whole_walk_from_a_gradient_to_the_inputs_leads_back(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=29")
    rate = page.get_by_role("textbox", name="Learning rate")
    rate.fill("0.2")
    rate.press("Enter")
    page.locator('#every-matrix [data-tensor="dW[1]@0"] [data-cell="8"]').click()
    card, trail = page.get_by_test_id("number-card"), page.get_by_test_id("trail")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for tensor in WALK[1:]:
        card.locator(f'[data-hops="{tensor}@0"] button').first.click()
        expect(page).to_have_url(pinned(tensor))
    crumbs = trail.get_by_role("listitem")
    ends = ["dW[1] 2,4", "dZ[1] 1,2", "… 7 more", "Z[2] 1,1", "A[1] 1,1", "Z[1] 1,1", "X 1,1"]
    expect(crumbs).to_have_text([*ends[:3], "A[2] 1,1", *ends[3:]])
    trail.get_by_role("button", name="Show 7 numbers between").click()
    expect(crumbs).to_have_count(len(WALK) + 1)
    trail.get_by_role("button", name="Fold").click()
    expect(crumbs).to_have_count(8)
    # The browser's Back leads from pin to pin as the crumbs do, and nothing is computed for it.
    for tensor in ("Z[1]", "A[1]"):
        page.go_back()
        expect(page).to_have_url(pinned(tensor))
    page.go_forward()
    expect(card.locator(".title")).to_contain_text("sample 1, unit 1")
    expect(page).to_have_url(pinned("Z[1]"))
    # How long the step takes is asked once the page has come to rest.
    assert [url for url in asked if "/api/" in url and "step-times" not in url] == []
    # For undo a pin is no step, after a reload neither: it takes the edit back.
    page.reload()
    page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")
    expect(crumbs).to_have_count(8)
    page.get_by_role("button", name="Undo").click()
    expect(rate).to_have_value("0.1")
    expect(trail).to_have_count(0)
    page.go_forward()
    page.go_forward()
    page.go_forward()
    expect(page).to_have_url(pinned("dZ[1]"))
    trail.get_by_role("button", name="dW[1] 2,4").click()
    expect(page).to_have_url(pinned("dW[1]"))
    expect(trail).to_have_count(0)


def middle(page: Page, one: str, other: str) -> tuple[float, float]:
    """The middle of the edge between two neurons."""
    boxes = [page.locator(f'[data-neuron="{key}"]').bounding_box() for key in (one, other)]
    centres = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes if box]
    (x1, y1), (x2, y2) = centres
    return (x1 + x2) / 2, (y1 + y2) / 2


def test_edges_pin_weights_and_neurons_the_number_at_hand(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=17&row=2")
    page.mouse.click(*middle(page, "2:3", "3:2"))
    expect(page).to_have_url(re.compile(r"pin=W\[3\]@0:11"))
    card = page.get_by_test_id("number-card")
    card.get_by_role("button", name="dW[3]", exact=True).click()
    expect(page).to_have_url(re.compile(r"pin=dW\[3\]@0:11"))
    # The step at hand makes dW[2] from dZ[2] and A[1]: the neuron stands for its dZ, in row 2.
    page.locator('[data-neuron="2:1"]').press("Enter")
    expect(page).to_have_url(re.compile(r"pin=dZ\[2\]@0:5"))
    expect(card.get_by_role("button", name="slope[2]", exact=True)).to_be_visible()


def test_the_sum_is_a_tile_a_product(page: Page, server: str, presets: dict[str, Json]):
    tensors = tensors_of(server, presets["mse_identity"]["request"])
    open_page(page, "/propagate?preset=mse_identity&at=29&pin=Z[1]@0:8")
    lines = page.get_by_test_id("sum-picture").locator("li")
    expect(lines).to_have_count(6)
    x, w = tensors["A[0]@0"]["data"][5:10], tensors["W[1]@0"]["data"][5:10]
    total = 0.0
    for place, (a, b) in enumerate(zip(x, w, strict=True)):
        total += a * b
        texts = lines.nth(place).locator(".value").all_inner_texts()
        assert texts == [as_shown(a), as_shown(b), as_shown(a * b)]
        expect(lines.nth(place).locator(".running")).to_have_text(f"Σ {as_shown(total)}")
    expect(lines.last.locator(".value")).to_have_text(as_shown(tensors["b[1]@0"]["data"][1]))
    result = page.get_by_test_id("sum-picture").locator(".result .strong")
    expect(result).to_have_text(as_shown(tensors["Z[1]@0"]["data"][8]))


def numbers_in(matrix: Locator) -> list[float]:
    titles = matrix.locator("[data-cell]").evaluate_all("all => all.map(cell => cell.title)")
    return [read_back(title) for title in titles]


def test_dw_is_taken_apart_by_samples(page: Page, server: str, presets: dict[str, Json]):
    tensors = tensors_of(server, presets["mse_identity"]["request"])
    dZ, A = (np.reshape(tensors[id]["data"], tensors[id]["shape"]) for id in ("dZ[3]@0", "A[2]@0"))
    open_page(page, "/propagate?preset=mse_identity&at=29&pin=dW[3]@0:6")
    section = page.get_by_test_id("sample-sum")
    for sample in range(3):
        own = section.locator(f'[data-summand="{sample}"] [data-tensor^="sample "]')
        assert numbers_in(own) == np.outer(dZ[sample], A[sample]).ravel().tolist()
    whole = tensors["dW[3]@0"]["data"]
    assert numbers_in(section.locator('[data-tensor="dW[3], the sum"]')) == whole
    section.locator('[data-toggle="1"]').uncheck()
    expect(page).to_have_url(re.compile("without=2"))
    partial = section.get_by_test_id("partial-matrix")
    expect(partial).to_contain_text("without sample 2: not dW[3]")
    expect(section.locator('[data-tensor="dW[3], the sum"]')).to_have_count(0)
    expected = np.outer(dZ[0], A[0]) + np.outer(dZ[2], A[2])
    assert numbers_in(partial) == pytest.approx(expected.ravel().tolist(), rel=1e-12)
    line = page.get_by_test_id("partial-sum")
    expect(line).to_contain_text("without sample 2")
    expect(line).to_contain_text(as_shown(expected.ravel()[6]))
    expect(page.get_by_test_id("sum-picture").locator(".strong")).to_have_text(as_shown(whole[6]))


def test_samples_that_are_shown_together_leave_out_what_is_left_out(page: Page):
    x = list(range(1, 11))
    X, Y = ";".join(map(str, x)), ";".join(str(number % 3) for number in x)
    path = f"/propagate?preset=linear_regression&sizes=1-1&x={X}&y={Y}&n=1&at=99"
    open_page(page, f"{path}&pin=dW[1]@0:0&without=5")
    dZ = numbers_in(page.locator('#every-matrix [data-tensor="dZ[1]@0"]'))
    together = page.get_by_test_id("sample-sum").locator('[data-tensor^="the other samples"]')
    # Samples 4 to 7, of which 5 is left out.
    expected = sum(dZ[sample] * x[sample] for sample in (3, 5, 6))
    assert numbers_in(together) == pytest.approx([expected], rel=1e-12)


def test_db_multiplies_by_a_vector_of_ones(page: Page):
    open_page(page, "/propagate?preset=mse_identity&at=29&pin=db[3]@0:1")
    ones = page.get_by_test_id("ones")
    expect(ones).to_have_text("(1, 1, 1)")
    page.get_by_test_id("sum-picture").locator("input").last.uncheck()
    expect(ones).to_have_text("(1, 1, 0)")
    factors = page.get_by_test_id("sample-sum").locator("[data-summand] .factor")
    expect(factors).to_have_text(["1", "1", "0"])
    expect(page.get_by_test_id("sum-picture").locator("li").last).to_contain_text("0")


def test_one_over_n_enters_in_the_loss_and_once_on_the_way_back(
    page: Page, server: str, presets: dict[str, Json]
):
    tensors = tensors_of(server, presets["mse_identity"]["request"])
    made = [id for id in tensors if id[0] != "Y" and not re.match(r"A\[0\]|eta|[Wb]\[.*@0", id)]
    open_page(page, "/propagate?preset=mse_identity&at=29")
    entered: list[str] = []
    card = page.get_by_test_id("number-card")
    for id in made:
        page.locator(f'#every-matrix [data-tensor="{id}"] [data-cell="0"]').click()
        expect(card.locator(".title .muted, .title").first).to_be_visible()
        expect(page).to_have_url(re.compile(re.escape(f"pin={id}:0")))
        if card.get_by_test_id("one-over-n").count():
            entered.append(id)
            expect(card.get_by_test_id("one-over-n-note")).to_contain_text("1/N enters here")
        elif id.startswith("d"):
            note = card.get_by_test_id("one-over-n-note")
            expect(note).to_contain_text("already in dA[3]")
    assert entered == ["L@0", "dA[3]@0"]


def test_softmax_shows_its_jacobian(page: Page, server: str, presets: dict[str, Json]):
    request = presets["mse_identity"]["request"]
    request = request | {
        "network": request["network"] | {"activations": ["tanh", "tanh", "softmax"]}
    }
    place = {"layer": 3, "sample": 1}
    jacobian = httpx.post(f"{server}/api/jacobian", json=request | place).json()["jacobian"]
    open_page(page, "/propagate?preset=mse_identity&act=tanh,tanh,softmax&at=29&pin=dZ[3]@0:4")
    matrix = page.get_by_test_id("jacobian").locator('[data-tensor="Jacobian"]')
    expect(matrix.locator("[data-cell]")).to_have_count(9)
    assert numbers_in(matrix) == np.ravel(jacobian).tolist()
    ringed = matrix.locator(".operand-backward")
    assert [int(each.get_attribute("data-cell") or "") for each in ringed.all()] == [3, 4, 5]
    tensors = tensors_of(server, request)
    dA = tensors["dA[3]@0"]["data"][3:6]
    assert np.dot(jacobian[1], dA) == pytest.approx(tensors["dZ[3]@0"]["data"][4])
    # Until the other sample's is there, this one is marked as not being it.
    held: list[Route] = []
    page.route("**/api/jacobian", lambda route: held.append(route))
    page.locator('#every-matrix [data-tensor="dZ[3]@0"] [data-cell="0"]').click()
    section = page.get_by_test_id("jacobian")
    expect(section).to_contain_text("for sample 1")
    expect(section.locator(".stale")).to_have_count(1)
    expect(section).to_contain_text("Out of date")
    held[0].continue_()
    expect(section.locator(".stale")).to_have_count(0)
    place["sample"] = 0
    jacobian = httpx.post(f"{server}/api/jacobian", json=request | place).json()["jacobian"]
    assert numbers_in(matrix) == np.ravel(jacobian).tolist()


def test_a_row_of_the_batch_has_its_share(page: Page, server: str, presets: dict[str, Json]):
    request = presets["mse_identity"]["request"]
    alone = tensors_of(server, request | {"X": request["X"][1:2], "Y": request["Y"][1:2]})
    open_page(page, "/propagate?preset=mse_identity&at=29")
    page.locator('#every-matrix [data-tensor="Z[1]@0"] [data-sample="1"]').click()
    expect(page).to_have_url(re.compile("row=2"))
    expect(page.get_by_test_id("sample")).to_have_value("row1")
    band = page.locator('#every-matrix [data-tensor="dZ[2]@0"] .band-row')
    assert [int(each.get_attribute("data-cell") or "") for each in band.all()] == [4, 5, 6, 7]
    section = page.get_by_test_id("row-share")
    for id in ("Z[1]@0", "A[3]@0", "Lp@0"):
        own = section.locator(f'[data-tensor="{id.removesuffix("@0")}, row 2"]')
        assert numbers_in(own) == pytest.approx(alone[id]["data"], rel=1e-12), id
    # The lecture's six unknowns, and the parameters': alone there is no 1/3.
    for id in ("dW[1]@0", "db[2]@0", "dW[3]@0", "L@0"):
        share = numbers_in(section.locator(f'[data-share="{id}"] [data-tensor$="share of row 2"]'))
        assert [3 * each for each in share] == pytest.approx(alone[id]["data"], rel=1e-9), id
    expect(page.get_by_test_id("share-note")).to_contain_text("1/N = 1/3")
    # The network is the row's: a neuron shows one number, not a stripe a sample.
    expect(page.locator('[data-neuron="0:0"]')).to_have_attribute("aria-label", re.compile(": −2$"))
    section.get_by_role("button", name="Compute it alone").click()
    expect(page.get_by_test_id("sample")).to_have_value("1")
    expect(page.locator('#every-matrix [data-tensor="Z[1]@0"] [data-cell]')).to_have_count(7)


def test_how_long_a_step_takes_is_told_of_the_step_at_hand(
    page: Page, server: str, presets: dict[str, Json]
):
    body = presets["mse_identity"]["request"] | {"iterations": 1}
    count = len(httpx.post(f"{server}/api/step-times", json=body).json()["seconds"])
    asked = list[Route]()
    page.route("**/api/step-times", lambda route: asked.append(route))
    with page.expect_request("**/api/step-times"):
        open_page(page, f"/propagate?preset=mse_identity&n=2&at={count + 4}")
    told = page.get_by_test_id("step-time")

    def answer(repeats: int, first: int) -> None:
        """The first step takes so many µs, each one after it 1 µs more."""
        page.wait_for_timeout(100)
        seconds = [(first + step) * 1e-6 for step in range(count)]
        asked[-1].fulfill(json={"repeats": repeats, "seconds": seconds})

    answer(25, 1)
    # Every iteration has the same steps: this is the fourth of the second one.
    expect(told).to_contain_text("Takes 4 µs here")
    expect(told).to_contain_text("the median of 25 runs")
    page.keyboard.press("Home")
    expect(told).to_contain_text("Takes 1 µs here")
    with page.expect_request("**/api/step-times"):
        rate = page.get_by_role("textbox", name="Learning rate")
        rate.fill("0.2")
        rate.press("Enter")
    # What was measured before isn't told of what is computed now.
    expect(told).not_to_contain_text("Takes")
    answer(1, 101)
    expect(told).to_contain_text("Takes 101 µs here")
    expect(told).to_contain_text("the median of 1 run on")
    sent = [route.request.post_data_json for route in asked]
    assert [each["iterations"] for each in sent] == [1, 1]
    assert sent[1]["optimizer"]["learning_rate"] == 0.2
