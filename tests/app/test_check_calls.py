"""Difference curves, nudges, pasted gradients, effects and branches on the wire."""

import dataclasses
import json
from typing import Any

import httpx
import numpy as np
import pytest
from pydantic import BaseModel

from app.check_answers import (
    DifferenceCurveAnswer,
    GradientCheckAnswer,
    GradientComparisonAnswer,
    NudgeAnswer,
)
from app.effect_answers import BranchComparisonAnswer, UpdateEffectAnswer
from core import PRESETS
from core.branches import Branch, compare_runs, run_branches
from core.difference_curve import difference_curve
from core.gradient_check import TOLERANCES
from core.gradient_comparison import Facts, compare_gradient
from core.nudge import nudge
from core.update_effect import effect_of
from tests.app.failures import no_constant, read_failure

Json = dict[str, Any]
SLOWER = {"at": 1, "iterations": 3, "optimizer": {"learning_rate": 0.05}}
MODELS: dict[str, type[BaseModel]] = {
    "gradient-check": GradientCheckAnswer,
    "difference-curve": DifferenceCurveAnswer,
    "nudge": NudgeAnswer,
    "gradient-comparison": GradientComparisonAnswer,
    "update-effect": UpdateEffectAnswer,
    "branch-comparison": BranchComparisonAnswer,
}


def ask(client: httpx.Client, call: str, body: Json) -> Json:
    answer = client.post(f"/api/{call}", json=body)
    assert answer.status_code == 200, answer.text
    MODELS[call].model_validate_json(answer.content, strict=True, extra="forbid")
    return json.loads(answer.content, parse_constant=no_constant)


@pytest.fixture
def body(requests: dict[str, Json]) -> Json:
    """The lecture's network, four iterations."""
    return requests["ce_softmax"] | {"iterations": 4}


def experiment():
    return dataclasses.replace(PRESETS["ce_softmax"].experiment(), iterations=4)


def test_named_gradients_are_checked_cell_by_cell(client: httpx.Client, body: Json) -> None:
    names = ["dZ[1]", "dA[0]", "dA[3]"]
    wire = ask(client, "gradient-check", body | {"gradients": names, "iteration": 2})
    check = experiment().at(2).check_gradients(names)
    assert [item["gradient"] for item in wire["parameters"]] == names
    for item, expected in zip(wire["parameters"], check.parameters, strict=True):
        assert item["numeric"] == expected.numeric.ravel().tolist()
        assert item["errors"] == expected.errors.ravel().tolist()
        assert item["verdicts"] == list(expected.verdicts)
    assert wire["left_out"] == []


def test_an_unbounded_gradient_is_left_out(client: httpx.Client) -> None:
    layer = {"W": [[800]], "b": [0], "activation": "sigmoid"}
    body = {"network": {"layers": [layer]}, "X": [[1]], "Y": [[0]]}
    body |= {"loss": "binary_cross_entropy", "gradients": ["dA[1]"]}
    wire = ask(client, "gradient-check", body)
    assert wire["parameters"] == []
    assert [item["gradient"] for item in wire["left_out"]] == ["dA[1]"]


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_the_curve_is_the_core_s(client: httpx.Client, body: Json, precision: str) -> None:
    given = body | {"gradient": "dW[2]", "cell": 5, "precision": precision}
    wire = ask(client, "difference-curve", given)
    source = dataclasses.replace(experiment(), precision=precision).gradient_source()
    found = difference_curve(source, "dW[2]", 5)
    for name in ("steps", "central", "forward", "central_error", "forward_error", "rounding"):
        expected = [None if np.isnan(value) else float(value) for value in getattr(found, name)]
        assert wire[name] == expected, name
    assert (wire["best"], wire["forward_best"]) == (found.best, found.forward_best)
    own = ask(client, "difference-curve", given | {"steps": [1e-3, 1e-6]})
    assert own["steps"] == [1e-3, 1e-6]


def test_the_nudge_is_the_core_s(client: httpx.Client, body: Json) -> None:
    amounts = [-0.5, -0.01, 0, 0.25]
    given = body | {"gradient": "dA[0]", "cell": 3, "amounts": amounts, "iteration": 1}
    wire = ask(client, "nudge", given)
    found = nudge(experiment().at(1).gradient_source(), "dA[0]", 3, amounts)
    for name in ("amounts", "values", "losses", "predicted", "actual", "left_over"):
        assert wire[name] == getattr(found, name).tolist(), name
    assert (wire["value"], wire["loss"]) == (found.value, found.loss)


def test_a_pasted_gradient_is_compared(client: httpx.Client, body: Json) -> None:
    trace = experiment().trace()
    text = repr(3 * trace["dW[1]@0"])
    wire = ask(client, "gradient-comparison", body | {"gradient": "dW[1]", "text": text})
    assert wire["verdict"] == "fail"
    assert wire["relation"]["factor"] == pytest.approx(3)
    assert "1/N is missing" in wire["relation"]["message"]
    assert wire["backprop"] == trace["dW[1]@0"].ravel().tolist()
    assert len(wire["verdicts"]) == len(wire["numeric"]) == 35
    (check,) = experiment().check_gradients(["dW[1]"]).parameters
    own = compare_gradient(check, text, Facts(3, 3, 0.1), TOLERANCES["float64"])
    assert wire["numeric"] == check.numeric.ravel().tolist()
    for name in ("given", "resolution", "difference", "numeric_difference", "errors"):
        assert wire[name] == getattr(own, name).ravel().tolist(), name
    assert (wire["largest"], wire["relative_error"]) == (own.largest, own.relative_error)
    step = repr(-0.1 * trace["dW[1]@0"])
    wire = ask(client, "gradient-comparison", body | {"gradient": "dW[1]", "text": step})
    assert "not the gradient" in wire["relation"]["message"]


def test_a_pasted_gradient_is_compared_at_its_iteration(client: httpx.Client, body: Json) -> None:
    trace = client.post("/api/trace", json=body).json()["tensors"]["dW[1]@2"]
    text = repr(np.reshape(trace["data"], trace["shape"]))
    more = {"gradient": "dW[1]", "text": text, "iteration": 2}
    wire = ask(client, "gradient-comparison", body | more)
    assert wire["backprop"] == pytest.approx(trace["data"], rel=1e-12)
    assert wire["verdict"] == "pass"


@pytest.mark.parametrize(("precision", "verdict"), [("float64", "fail"), ("float32", "pass")])
def test_a_pasted_gradient_has_the_tolerance_of_its_precision(
    client: httpx.Client, precision: str, verdict: str
) -> None:
    """L = (10 w)²/2 at w = 1: a thousandth off is float32's tolerance, above its noise."""
    layer = {"W": [[1]], "b": [0], "activation": "identity"}
    body = {"network": {"layers": [layer]}, "X": [[10]], "Y": [[0]], "loss": "mse"}
    body |= {"precision": precision, "gradient": "dW[1]", "text": "100.1"}
    assert ask(client, "gradient-comparison", body)["verdict"] == verdict


WHOLE: Json = {"half": False, "reduction": "sum"}


@pytest.mark.parametrize(
    ("conventions", "factor", "words"),
    [
        ({}, 2, "the ½ of ½(a − y)² is missing"),
        ({}, 0.2, "the mean was taken over the outputs too"),
        (WHOLE, 0.5, "the 2 of the derivative is missing"),
        (WHOLE, 1 / 3, "L is the sum over the samples here"),
    ],
)
def test_a_pasted_gradient_is_told_by_the_request_s_own_numbers(
    client: httpx.Client, conventions: Json, factor: float, words: str
) -> None:
    network = {"sizes": [2, 4, 5], "activations": ["tanh", "identity"]}
    body = {"network": network, "X": [[1, 2], [0.5, -1], [3, 0]], "Y": [[1] * 5] * 3, "loss": "mse"}
    body |= {"conventions": conventions}
    trace = client.post("/api/trace", json=body).json()["tensors"]["dW[2]@0"]
    text = repr(factor * np.reshape(trace["data"], trace["shape"]))
    wire = ask(client, "gradient-comparison", body | {"gradient": "dW[2]", "text": text})
    assert words in wire["relation"]["message"]


def test_effects_are_the_core_s(client: httpx.Client, body: Json) -> None:
    wire = ask(client, "update-effect", body | {"tensor": "W[3]", "branches": [SLOWER]})
    branch = Branch(1, 3, "gradient_descent", {"learning_rate": 0.05})
    runs = run_branches(experiment(), [branch])
    assert wire["tensor"]["shape"] == [3, 4]
    assert [run["start"] for run in wire["runs"]] == [0, 1]
    for item, run in zip(wire["runs"], runs, strict=True):
        effect = effect_of(run, "W[3]")
        for name in ("losses", "predicted", "steepest", "changes", "ratios", "learning_rates"):
            assert item[name] == getattr(effect, name), name
        for name in ("before", "gradient", "change", "scaled"):
            expected = [array.ravel().tolist() for array in getattr(effect.moves, name)]
            assert item["moves"][name] == expected, name
        assert item["diverged"] is None


def test_a_branch_has_its_own_switches_and_schedule(client: httpx.Client, body: Json) -> None:
    optimizer = {"name": "rmsprop", "learning_rate": 0.05, "centered": True}
    schedule = {"name": "exponential", "gamma": 0.25}
    choice = {"at": 1, "iterations": 3, "optimizer": optimizer, "schedule": schedule}
    (_, wire) = ask(client, "update-effect", body | {"branches": [choice]})["runs"]
    numbers, halving = {"learning_rate": 0.05}, {"gamma": 0.25}
    branch = Branch(1, 3, "rmsprop", numbers, ("centered",), "exponential", halving)
    effect = effect_of(run_branches(experiment(), [branch])[1], "W[1]")
    assert (wire["optimizer"], wire["start"]) == ("rmsprop", 1)
    assert wire["learning_rates"] == effect.learning_rates
    assert wire["learning_rates"] == pytest.approx([0.0125, 0.003125, 0.00078125])
    assert wire["losses"] == effect.losses
    plain = choice | {"optimizer": optimizer | {"centered": False}}
    (_, other) = ask(client, "update-effect", body | {"branches": [plain]})["runs"]
    assert other["losses"] != wire["losses"]


def test_branches_are_compared(client: httpx.Client, body: Json) -> None:
    wire = ask(client, "branch-comparison", body | {"tensor": "Z[2]", "branches": [SLOWER]})
    branch = Branch(1, 3, "gradient_descent", {"learning_rate": 0.05})
    found = compare_runs(*run_branches(experiment(), [branch]), "Z[2]")
    assert wire["first"] == wire["tensor"]["iteration"] == found.first == 1
    for name in ("one", "other", "difference"):
        assert wire[name] == [array.ravel().tolist() for array in getattr(found, name)]
    assert wire["largest"] == found.largest


def test_a_diverging_run_says_so(client: httpx.Client, requests: dict[str, Json]) -> None:
    given = requests["mse_identity"] | {"iterations": 4, "optimizer": {"learning_rate": 1e200}}
    (run,) = ask(client, "update-effect", given)["runs"]
    assert run["diverged"]["message"].endswith(".")
    assert len(run["changes"]) == len(run["losses"]) - 1 < 4


FORWARD = {"loss": None, "Y": None, "iterations": 1}
CELL = {"gradient": "dW[1]", "cell": 0}
HUGE: Json = {
    "loss": "mse",
    "network": {"layers": [{"W": [[1e308]], "b": [0], "activation": "identity"}]},
    "X": [[0]],
    "Y": [[1]],
}
BAD: dict[str, tuple[str, Json, int, list[str | int]]] = {
    "gradient": ("difference-curve", {"gradient": "dQ"}, 400, ["gradient"]),
    "cell": ("nudge", {**CELL, "cell": 35, "amounts": [1]}, 400, ["cell"]),
    "negative cell": ("nudge", {**CELL, "cell": -1, "amounts": [1]}, 422, ["cell"]),
    "iteration": ("difference-curve", {**CELL, "iteration": 4}, 400, ["iteration"]),
    "amount out of the range": (
        "nudge",
        {**CELL, **HUGE, "iterations": 1, "iteration": None, "amounts": [1, 1e308]},
        400,
        ["amounts", 1],
    ),
    "no amounts": ("nudge", {**CELL, "amounts": []}, 422, ["amounts"]),
    "a step of 0": ("difference-curve", {**CELL, "steps": [0]}, 400, ["steps"]),
    "too many steps": ("difference-curve", {**CELL, "steps": [1e-3] * 201}, 413, ["steps"]),
    "too many amounts": ("nudge", {**CELL, "amounts": [1] * 1002}, 413, ["amounts"]),
    "words": ("gradient-comparison", {"gradient": "dW[1]", "text": "my numbers"}, 400, ["text"]),
    "shape": ("gradient-comparison", {"gradient": "dW[1]", "text": "[[1]]"}, 400, ["text"]),
    "long": ("gradient-comparison", {"gradient": "db[1]", "text": "1 " * 600_000}, 413, ["text"]),
    "check": ("gradient-check", {"gradients": ["dW[7]"]}, 400, ["gradient"]),
    "no loss": (
        "difference-curve",
        {**CELL, "loss": None, "Y": None, "iterations": 1},
        400,
        ["loss"],
    ),
    "start step": ("update-effect", {"start": {"step": 1e30}}, 422, ["start", "step"]),
    "compared start": ("branch-comparison", {"start": {"step": 2**64}}, 422, ["start", "step"]),
    "parameter": ("update-effect", {"tensor": "Z[1]"}, 400, ["tensor"]),
    "branches": ("update-effect", {"branches": [SLOWER] * 5}, 413, ["branches"]),
    "start": ("update-effect", {"branches": [SLOWER | {"at": 5}]}, 400, ["branches", 0, "at"]),
    "long branch": (
        "update-effect",
        {"branches": [SLOWER | {"iterations": 1001}]},
        413,
        ["branches", 0, "iterations"],
    ),
    "numbers": (
        "update-effect",
        {"branches": [SLOWER | {"optimizer": {"momentum": 0.5}}]},
        400,
        ["branches", 0, "optimizer", "momentum"],
    ),
    "tensor": ("branch-comparison", {"tensor": "Q", "branches": [SLOWER]}, 400, ["tensor"]),
    "run": ("branch-comparison", {"tensor": "L", "branches": [SLOWER], "other": 2}, 400, ["other"]),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_requests_get_one_sentence(client: httpx.Client, body: Json, case: str) -> None:
    call, changes, status, where = BAD[case]
    answer = client.post(f"/api/{call}", json=body | changes)
    assert answer.status_code == status, answer.text
    assert read_failure(answer)["where"] == where


def test_a_curve_of_a_network_too_large_to_check_is_within_the_limits(
    client: httpx.Client,
) -> None:
    """The whole check is refused; one cell, and its nudge, are not."""
    network = {"sizes": [64, 64, 64, 10], "activations": ["tanh", "tanh", "softmax"]}
    X, Y = np.zeros((64, 64)).tolist(), np.eye(10)[np.arange(64) % 10].tolist()
    body = {"network": network, "X": X, "Y": Y, "loss": "cross_entropy"}
    answer = client.post("/api/gradient-check", json=body)
    assert answer.status_code == 413
    assert read_failure(answer)["expected"] == {"check_operations": 2_000_000_000}
    ask(client, "difference-curve", body | {"gradient": "dW[3]"})
    ask(client, "nudge", body | {"gradient": "dW[3]", "amounts": [0.1] * 100})
