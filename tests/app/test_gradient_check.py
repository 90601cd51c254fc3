"""The gradient check on the wire."""

import json
from typing import Any

import httpx
import numpy as np
import pytest

from app.check_answers import GradientCheckAnswer
from core import PRESETS
from tests.app.failures import no_constant, read_failure

Json = dict[str, Any]
TRAINED = [name for name, preset in PRESETS.items() if preset.loss]


def read(answer: httpx.Response) -> Json:
    assert answer.status_code == 200, answer.text
    GradientCheckAnswer.model_validate_json(answer.content, strict=True, extra="forbid")
    return json.loads(answer.content, parse_constant=no_constant)


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("name", TRAINED)
def test_presets_pass(
    client: httpx.Client, requests: dict[str, Json], name: str, precision: str
) -> None:
    body = requests[name] | {"precision": precision}
    check = read(client.post("/api/gradient-check", json=body))
    trace = client.post("/api/trace", json=body).json()
    assert check["verdict"] == "pass"
    assert check["tolerance"]["passes"] < check["tolerance"]["fails"]
    ids = [f"{item['tensor']}@0" for item in check["parameters"]]
    assert ids == [id for id in trace["tensors"] if id[0] in "Wb" and id.endswith("@0")]
    for item in check["parameters"]:
        tensor = trace["tensors"][f"d{item['tensor']}@0"]
        assert item["shape"] == tensor["shape"]
        assert item["backprop"] == pytest.approx(tensor["data"], rel=1e-6, abs=1e-9)
        assert len(item["numeric"]) == len(item["steps"]) == len(item["backprop"])
        assert np.all(np.array(item["steps"]) > 0)
        assert item["kinks"] == []
        assert item["verdict"] == "pass"
        assert item["noise"] >= 0


def test_the_numbers_are_the_core_s(client: httpx.Client, requests: dict[str, Json]) -> None:
    wire = read(client.post("/api/gradient-check", json=requests["ce_softmax"]))
    check = PRESETS["ce_softmax"].experiment().check_gradients()
    for item, expected in zip(wire["parameters"], check.parameters, strict=True):
        assert item["tensor"] == expected.name
        assert item["backprop"] == expected.backprop.ravel().tolist()
        assert item["numeric"] == expected.numeric.ravel().tolist()
        assert item["steps"] == expected.steps.ravel().tolist()
        assert item["relative_error"] == expected.relative_error
        assert item["largest_difference"] == expected.largest_difference
        assert item["noise"] == expected.noise


def one_weight(activation: str, weight: float, x: float) -> Json:
    layer = {"W": [[weight]], "b": [0], "activation": activation}
    return {"network": {"layers": [layer]}, "X": [[x]], "Y": [[1]], "loss": "mse"}


def test_a_kink_is_flagged_and_left_out(client: httpx.Client) -> None:
    check = read(client.post("/api/gradient-check", json=one_weight("relu", 0, 1)))
    assert [item["kinks"] for item in check["parameters"]] == [[0], [0]]
    assert {item["relative_error"] for item in check["parameters"]} == {None}
    assert {item["verdict"] for item in check["parameters"]} == {check["verdict"]} == {"kink"}


@pytest.mark.parametrize(
    ("weight", "x"), [(1e200, 1e200), (1e200, 1e-40), (-0.9, 1.45e154)], ids=["Z", "L", "dW"]
)
def test_a_gradient_that_is_not_finite_is_an_error(
    client: httpx.Client, weight: float, x: float
) -> None:
    body = one_weight("identity", weight, x)
    answer = client.post("/api/gradient-check", json=body)
    assert answer.status_code == 400
    error = read_failure(answer)
    assert error["code"] == "invalid_specification"
    assert "isn't finite" in error["message"]


def test_a_nudge_that_overflows_fails(client: httpx.Client) -> None:
    """The gradient is finite, but the loss a step further on is not: null, and no pass."""
    check = read(client.post("/api/gradient-check", json=one_weight("identity", 1e-160, 1e160)))
    (weights, _) = check["parameters"]
    assert weights["numeric"] == [None]
    assert weights["relative_error"] is None
    assert weights["verdict"] == check["verdict"] == "fail"
