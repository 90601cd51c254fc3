"""Traces on the wire: the core's numbers, digit for digit, in the documented shape."""

import json
import math
import struct
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from app.answers import TraceAnswer
from core import EQUATIONS, PRESETS, Experiment
from core.network import Layer, Network
from core.program import PHASES
from core.trace import Trace

Json = dict[str, Any]


def no_constant(text: str) -> None:
    raise AssertionError(f"the answer holds {text}, which isn't JSON")


def read(answer: httpx.Response) -> Json:
    """Read a trace by a strict parser and by its documented model."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    trace = json.loads(answer.content, parse_constant=no_constant)
    TraceAnswer.model_validate_json(answer.content, strict=True, extra="forbid")
    check_shape(trace)
    return trace


def check_shape(trace: Json) -> None:
    """Check what holds of every trace: one assignment, operands first, flat finite data."""
    made = {step["result"] for step in trace["steps"]}
    assert len(made) == len(trace["steps"])
    known = set(trace["tensors"]) - made
    for step in trace["steps"]:
        assert step["phase"] in PHASES
        assert list(step["operands"]) == trace["equations"][step["equation"]]["roles"]
        assert set(step["operands"].values()) <= known
        assert step["result"] not in known
        known.add(step["result"])
    assert known == set(trace["tensors"])
    assert set(trace["equations"]) == {step["equation"] for step in trace["steps"]}
    for id, tensor in trace["tensors"].items():
        check_tensor(id, tensor)


def check_tensor(id: str, tensor: Json) -> None:
    layer = "" if tensor["layer"] is None else f"[{tensor['layer']}]"
    assert id == f"{tensor['symbol']}{layer}@{tensor['iteration']}"
    assert len(tensor["axes"]) == len(tensor["shape"])
    assert len(tensor["data"]) == int(np.prod(tensor["shape"], dtype=int))
    assert tensor["title"]
    assert tensor["latex"]
    empty = [cell for cell, value in enumerate(tensor["data"]) if value is None]
    assert [item["cell"] for item in tensor.get("unbounded", [])] == empty


def same_bits(wire: list[float], array: np.ndarray[Any, Any]) -> bool:
    """Whether the numbers are the array's, row by row, down to the sign of zero."""
    flat = array.astype(np.float64).ravel(order="C")
    return struct.pack(f"{len(wire)}d", *wire) == flat.tobytes()


def whole(tensor: Json) -> list[float]:
    """A tensor's numbers, with those that are unbounded."""
    data = list(tensor["data"])
    for each in tensor.get("unbounded") or []:
        assert data[each["cell"]] is None
        data[each["cell"]] = each["sign"] * math.inf
    return data


def assert_same(wire: Json, trace: Trace) -> None:
    assert list(wire["tensors"]) == list(trace.tensors)
    for id, tensor in trace.tensors.items():
        given = wire["tensors"][id]
        assert tuple(given["shape"]) == tensor.data.shape, id
        assert tuple(given["axes"]) == tensor.slot.axes, id
        assert same_bits(whole(given), tensor.data), id
    steps = [(step.phase, step.equation.id, step.operands, step.result) for step in trace.steps]
    assert [tuple(step.values()) for step in wire["steps"]] == steps
    for id, equation in wire["equations"].items():
        assert equation["latex"] == EQUATIONS[id].latex
        assert equation["reads"] == EQUATIONS[id].rule.text
        assert equation["cell"] == json.loads(json.dumps(EQUATIONS[id].cell))


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_the_core_s_numbers_bit_for_bit(
    client: httpx.Client, requests: dict[str, Json], name: str
) -> None:
    trace = read(client.post("/api/trace", json=requests[name]))
    assert_same(trace, PRESETS[name].experiment().trace())


@pytest.mark.parametrize("name", ["demo_2", "demo_2_float32"])
def test_the_lecture_s_demo(client: httpx.Client, requests: dict[str, Json], name: str) -> None:
    tensors = read(client.post("/api/trace", json=requests[name]))["tensors"]
    assert [round(z, 4) for z in tensors["Z[1]@0"]["data"]] == [-2.4591, 3.1721, 6.2782]
    assert [round(a, 4) for a in tensors["A[1]@0"]["data"]] == [0.0788, 0.9598, 0.9981]


def golden() -> Json:
    return json.loads((Path(__file__).parents[1] / "examples" / "golden_5743.json").read_text())


GOLDEN_CASES = {
    "mse_id": ("identity", "mse"),
    "bce_sigmoid": ("sigmoid", "binary_cross_entropy"),
    "ce_softmax": ("softmax", "cross_entropy"),
}


@pytest.mark.parametrize("rows", ["batch", "single"])
@pytest.mark.parametrize("case", GOLDEN_CASES)
def test_the_golden_network(client: httpx.Client, case: str, rows: str) -> None:
    numbers = golden()
    output, loss = GOLDEN_CASES[case]
    layers = [
        {"W": W, "b": b, "activation": activation}
        for W, b, activation in zip(
            numbers["W"], numbers["b"], ["tanh", "tanh", output], strict=True
        )
    ]
    count = 3 if rows == "batch" else 1
    body = {
        "network": {"layers": layers},
        "X": numbers["X"][:count],
        "Y": numbers["Y"][:count],
        "loss": loss,
    }
    tensors = read(client.post("/api/trace", json=body))["tensors"]
    expected = numbers["cases"][f"{case}/{rows}"]
    assert tensors["L@0"]["data"] == pytest.approx([expected["L"]], rel=1e-12, abs=1e-12)
    for symbol in ("Z", "A", "dA", "dZ", "dW", "db"):
        for layer, matrix in enumerate(expected[symbol], start=1):
            tensor = tensors[f"{symbol}[{layer}]@0"]
            assert tensor["data"] == pytest.approx(
                np.ravel(matrix).tolist(), rel=1e-12, abs=1e-12
            ), f"{symbol}[{layer}]"


def test_float32_numbers_are_sent_as_the_float64_numbers_that_they_are(
    client: httpx.Client, requests: dict[str, Json]
) -> None:
    tensors = read(client.post("/api/trace", json=requests["demo_2_float32"]))["tensors"]
    trace = PRESETS["demo_2_float32"].experiment().trace()
    for id, tensor in tensors.items():
        assert trace[id].dtype == np.float32
        assert tensor["data"] == [float(value) for value in trace[id].ravel()]
    assert any(value != round(value, 8) for value in tensors["Z[1]@0"]["data"])


def given_network() -> Json:
    return {
        "layers": [
            {"W": [[1, 2], [3, 4], [5, 6]], "b": [0.5, -0.5, 0], "activation": "relu"},
            {"W": [[1, -1, 0.25]], "b": [2], "activation": "identity"},
        ]
    }


def test_given_weights_and_axes(client: httpx.Client) -> None:
    body = {"network": given_network(), "X": [[1, -1], [2, 0]], "Y": [[1], [0]], "loss": "mse"}
    trace = read(client.post("/api/trace", json=body))
    tensors = trace["tensors"]
    assert tensors["W[1]@0"]["data"] == [1, 2, 3, 4, 5, 6]
    assert tensors["W[1]@0"]["shape"] == [3, 2]
    assert tensors["W[1]@0"]["axes"] == ["units[1]", "units[0]"]
    assert tensors["A[0]@0"]["axes"] == ["samples", "units[0]"]
    # By hand: the first sample gives -0.5, -1.5, -1, the second 2.5, 5.5, 10.
    assert tensors["Z[1]@0"]["data"] == [-0.5, -1.5, -1, 2.5, 5.5, 10]
    assert tensors["A[1]@0"]["data"] == [0, 0, 0, 2.5, 5.5, 10]
    assert tensors["Z[2]@0"]["data"] == [2, 1.5]
    assert tensors["L@0"]["data"] == [(0.5 + 1.125) / 2]
    assert tensors["L@0"]["shape"] == []
    network = Network(
        tuple(
            Layer(np.array(layer["W"], float), np.array(layer["b"], float), layer["activation"])
            for layer in body["network"]["layers"]
        )
    )
    assert_same(trace, Experiment(network, body["X"], body["Y"], loss="mse").trace())


def test_forward_only(client: httpx.Client) -> None:
    trace = read(client.post("/api/trace", json={"network": given_network(), "X": [[1, 2]]}))
    assert {step["phase"] for step in trace["steps"]} == {"forward"}
    assert list(trace["tensors"])[-1] == "A[2]@0"
    assert not {"Y@0", "L@0", "eta@0"} & set(trace["tensors"])


def test_without_an_optimizer_there_is_no_update(client: httpx.Client) -> None:
    body = {"network": given_network(), "X": [[1, 2]], "Y": [[1]], "loss": "mse", "optimizer": None}
    trace = read(client.post("/api/trace", json=body))
    assert {step["phase"] for step in trace["steps"]} == {"forward", "loss", "backward"}
    assert "dW[1]@0" in trace["tensors"]
    assert "eta@0" not in trace["tensors"]


def test_iterations_make_new_tensors(client: httpx.Client) -> None:
    body = {
        "network": given_network(),
        "X": [[1, -1], [2, 0]],
        "Y": [[1], [0]],
        "loss": "mse",
        "optimizer": {"name": "gradient_descent", "learning_rate": 0.001},
        "iterations": 3,
    }
    tensors = read(client.post("/api/trace", json=body))["tensors"]
    assert [id for id in tensors if id.startswith("W[1]")] == [f"W[1]@{i}" for i in range(4)]
    assert "Z[1]@2" in tensors
    assert "Z[1]@3" not in tensors
    assert tensors["eta@0"]["data"] == [0.001]
    for iteration in range(3):
        old, slope, new = (
            np.array(tensors[id]["data"])
            for id in (f"W[1]@{iteration}", f"dW[1]@{iteration}", f"W[1]@{iteration + 1}")
        )
        assert np.array_equal(new, old - slope * 0.001)
        assert new.tolist() != old.tolist()
    losses = [tensors[f"L@{iteration}"]["data"][0] for iteration in range(3)]
    assert losses[0] > losses[1] > losses[2]


def test_the_same_request_gives_the_same_bytes(
    client: httpx.Client, requests: dict[str, Json]
) -> None:
    first, second = (client.post("/api/trace", json=requests["xor"]) for _ in range(2))
    assert first.content == second.content


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_a_diverged_trace_ends_before_the_first_number_that_is_not_finite(
    client: httpx.Client, requests: dict[str, Json], precision: str
) -> None:
    rate = 1e200 if precision == "float64" else 1e35
    body = requests["mse_identity"] | {
        "optimizer": {"learning_rate": rate},
        "iterations": 9,
        "precision": precision,
    }
    trace = read(client.post("/api/trace", json=body))
    assert trace["outcome"] == "diverged"
    found = trace["diverged"]
    assert found["step"] == len(trace["steps"])
    assert found["tensor"] not in trace["tensors"]
    assert found["value"] in ("nan", "+inf", "-inf")
    assert found["tensor"] in found["message"]
    assert all(index >= 0 for index in found["cell"])
    for tensor in trace["tensors"].values():
        assert None not in tensor["data"]
        assert np.isfinite(tensor["data"]).all()


def test_a_complete_trace_says_so(client: httpx.Client, requests: dict[str, Json]) -> None:
    trace = read(client.post("/api/trace", json=requests["xor"]))
    assert trace["outcome"] == "complete"
    assert trace["diverged"] is None
    assert not any("unbounded" in tensor for tensor in trace["tensors"].values())


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_an_unbounded_gradient_is_said_with_its_sign(client: httpx.Client, precision: str) -> None:
    # Z = 800 gives a = 1, Z = -800 gives a = 0: both exactly, and both the wrong answer here.
    body = {
        "network": {
            "layers": [{"W": [[800], [-800], [0]], "b": [0, 0, 0], "activation": "sigmoid"}]
        },
        "X": [[1]],
        "Y": [[0, 1, 1]],
        "loss": "binary_cross_entropy",
        "optimizer": None,
        "precision": precision,
    }
    trace = read(client.post("/api/trace", json=body))
    assert trace["outcome"] == "complete"
    tensors = trace["tensors"]
    assert tensors["A[1]@0"]["data"] == [1, 0, 0.5]
    assert tensors["dA[1]@0"]["data"] == [None, None, -2]
    assert tensors["dA[1]@0"]["unbounded"] == [{"cell": 0, "sign": 1}, {"cell": 1, "sign": -1}]
    assert tensors["dZ[1]@0"]["data"] == [1, -1, -0.5]
    assert tensors["L@0"]["data"] == pytest.approx([1600 + np.log(2)])


def test_an_unbounded_gradient_of_cross_entropy(client: httpx.Client) -> None:
    body = {
        "network": {"layers": [{"W": [[0], [800]], "b": [0, 0], "activation": "softmax"}]},
        "X": [[1], [0]],
        "Y": [[1, 0], [1, 0]],
        "loss": "cross_entropy",
    }
    tensors = read(client.post("/api/trace", json=body))["tensors"]
    assert tensors["dA[1]@0"]["data"][0] is None
    assert tensors["dA[1]@0"]["unbounded"] == [{"cell": 0, "sign": -1}]
    assert tensors["dZ[1]@0"]["data"] == [-0.5, 0.5, -0.25, 0.25]
