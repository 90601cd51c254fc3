"""Any step of a training over /api/trace: optimizer, schedule, penalty, and where it begins."""

from typing import Any

import httpx
import numpy as np
import pytest

from core.optimizers import OPTIMIZERS
from tests.app.events import all_events, of
from tests.app.failures import read_failure
from tests.app.test_trace import read
from tests.app.test_train import MOONS

Json = dict[str, Any]
LEARNS: Json = {
    "optimizer": {"name": "adam", "learning_rate": 0.05, "beta1": 0.8, "weight_decay": 0.01},
    "schedule": {"name": "cosine", "period": 15, "lowest": 0.001},
    "penalty": {"l1": 0.001, "l2": 0.01},
}
STEP = 12
"""The third batch of the third epoch."""


def request_of(client: httpx.Client, body: Json, step: int = STEP) -> tuple[Json, Json]:
    """A request for this step of a training, and the snapshot that follows."""
    every_step = of(all_events(client, body | {"snapshots_every": 1}), "snapshot")
    here, following = every_step[step : step + 2]
    replayed = client.post("/api/train-trace", json=body | {"iteration": step, "from": here}).json()
    tensors = replayed["tensors"]
    layers = [
        layer | {"activation": activation}
        for layer, activation in zip(here["layers"], body["network"]["activations"], strict=True)
    ]
    X, Y = (
        np.reshape(tensors[id]["data"], tensors[id]["shape"]).tolist() for id in ("A[0]@0", "Y@0")
    )
    asked = {name: body[name] for name in ("loss", *LEARNS)}
    start = {"step": here["step"], "state": here["state"]}
    return asked | {"network": {"layers": layers}, "X": X, "Y": Y, "start": start}, following


def body_of(**more: Any) -> Json:
    body = MOONS | LEARNS | more
    del body["rows_every"]
    return body


def assert_leads_to(trace: Json, following: Json) -> None:
    step, tensors = following["step"], trace["tensors"]
    for number, layer in enumerate(following["layers"], start=1):
        for name in ("W", "b"):
            found = tensors[f"{name}[{number}]@{step}"]
            assert found["data"] == np.ravel(layer[name]).tolist(), name
    for name, state in following["state"].items():
        assert tensors[f"{name}@{step}"]["data"] == np.ravel(state).tolist(), name


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_step_in_the_middle_is_the_run_s_to_the_last_bit(client: httpx.Client, name: str):
    chosen = LEARNS["optimizer"] if name == "adam" else {"name": name, "learning_rate": 0.02}
    request, following = request_of(client, body_of(optimizer=chosen))
    trace = read(client.post("/api/trace", json=request))
    assert_leads_to(trace, following)
    assert trace["steps"][0]["result"] == f"Z[1]@{STEP}"
    assert trace["tensors"][f"rW[1]@{STEP}"]["title"] == "gradient with the penalty's"


def test_a_gradient_check_takes_the_same_body(client: httpx.Client):
    request, _ = request_of(client, body_of())
    check = client.post("/api/gradient-check", json=request).json()
    assert check["verdict"] == "pass"
    gradients = [item["gradient"] for item in check["parameters"]]
    assert gradients == ["dW[1]", "db[1]", "dW[2]", "db[2]", "rW[1]", "rW[2]"]
    trace = client.post("/api/trace", json=request).json()
    for item in check["parameters"]:
        tensor = trace["tensors"][f"{item['gradient']}@{STEP}"]
        assert item["backprop"] == pytest.approx(tensor["data"], rel=1e-12, abs=1e-15)


BODY: Json = {
    "network": {"sizes": [2, 1], "activations": ["sigmoid"], "init": {"seed": 1}},
    "X": [[1, 2]],
    "Y": [[1]],
    "loss": "binary_cross_entropy",
    "optimizer": {"name": "momentum"},
}
STATE: Json = {"t": 3, "vW[1]": [[0.1, 0.2]], "vb[1]": [0.3]}


@pytest.mark.parametrize("path", ["/api/trace", "/api/gradient-check"])
@pytest.mark.parametrize(
    ("changed", "status", "where", "words"),
    [
        ({"start": {"step": -1}}, 422, ["start", "step"], "greater"),
        ({"start": {"step": 1e30}}, 422, ["start", "step"], "less than"),
        ({"start": {"step": 2**64}}, 422, ["start", "step"], "less than"),
        ({"start": {"state": STATE}}, 422, ["start", "step"], "required"),
        ({"start": {"step": 3}}, 400, ["start", "state", "t"], "states t, vW[1], vb[1]"),
        ({"state": STATE | {"m": 1}}, 400, ["start", "state", "m"], "and no m"),
        ({"state": STATE | {"t": [3]}}, 400, ["start", "state", "t"], "another shape"),
        ({"state": STATE | {"vW[1]": [[1]]}}, 400, ["start", "state", "vW[1]"], "another shape"),
        ({"state": STATE | {"vb[1]": "x"}}, 422, ["start", "state", "vb[1]"], "number"),
        ({"state": STATE | {"vW[1]": [[1], [2, 3]]}}, 422, ["start", "state", "vW[1]"], "Row 2"),
        ({"state": STATE | {"vb[1]": []}}, 422, ["start", "state", "vb[1]"], "at least 1"),
        ({"optimizer": None}, 400, ["start"], "loss and an optimizer"),
        ({"loss": None, "Y": None}, 400, ["start"], "loss and an optimizer"),
        ({"schedule": {"name": "cosin"}}, 422, ["schedule", "name"], "cosine"),
        ({"schedule": {"name": "step"}}, 400, ["start", "state", "k"], "k is missing"),
        ({"penalty": {"l2": -1}}, 422, ["penalty", "l2"], "greater"),
        ({"precision": "float32", "penalty": {"l1": 1e39}}, 400, ["penalty", "l1"], "float32"),
        (
            {"precision": "float32", "state": STATE | {"t": 1e39}},
            400,
            ["start", "state", "t"],
            "float32",
        ),
    ],
)
def test_what_doesn_t_fit_has_one_sentence(
    client: httpx.Client,
    path: str,
    changed: Json,
    status: int,
    where: list[str | int] | None,
    words: str,
):
    start = {"start": {"step": 3, "state": changed.get("state", STATE)}}
    rest = {name: value for name, value in changed.items() if name != "state"}
    answer = client.post(path, json=BODY | start | rest)
    assert answer.status_code == status, answer.text
    failure = read_failure(answer)
    assert where is None or failure["where"] == where
    assert words in failure["message"]


def test_what_fits_is_taken(client: httpx.Client):
    trace = read(client.post("/api/trace", json=BODY | {"start": {"step": 3, "state": STATE}}))
    assert trace["tensors"]["t@4"]["data"] == [4.0]
