"""One training step over the real server: the core's numbers, and one sentence otherwise."""

import math
from typing import Any

import httpx
import numpy as np
import pytest

BODY: dict[str, Any] = {
    "data": {"name": "moons", "samples": 60, "noise": 0.1, "seed": 0, "test_share": 0.2},
    "network": {
        "sizes": [2, 4, 1],
        "activations": ["tanh", "sigmoid"],
        "init": {"scheme": "xavier_uniform", "seed": 1},
    },
    "loss": "binary_cross_entropy",
    "optimizer": {"name": "gradient_descent", "learning_rate": 0.1},
    "batch_size": 10,
    "iteration": 7,
}


def ask(client: httpx.Client, path: str = "/api/train-step", **more: Any) -> httpx.Response:
    return client.post(path, json=BODY | more)


def test_it_is_the_trace_of_the_same_step(client: httpx.Client):
    found, trace = ask(client).json(), ask(client, "/api/train-trace").json()
    for number, layer in enumerate(found["layers"], start=1):
        for name, own in (
            (f"W[{number}]@7", layer["W"]),
            (f"dW[{number}]@7", layer["dW"]),
            (f"W[{number}]@8", layer["W_next"]),
            (f"b[{number}]@8", layer["b_next"]),
        ):
            assert np.array(own).ravel().tolist() == trace["tensors"][name]["data"], name
    assert found["batch"]["before"]["loss"] == trace["tensors"]["L@7"]["data"][0]
    assert found["learning_rate"] == 0.1
    assert (found["step"], found["penalised"], found["diverged"]) == (7, False, None)
    change = found["batch"]["change"]
    assert change == found["batch"]["after"]["goal"] - found["batch"]["before"]["goal"]
    assert found["ratio"] == change / found["predicted"]
    assert np.shape(found["outputs"]["before"]) == np.shape(found["outputs"]["after"]) == (10, 1)
    assert math.isclose(found["predicted"], found["steepest"], rel_tol=1e-10)


def test_its_rows_are_the_data_set_s(client: httpx.Client):
    found, trace = ask(client).json(), ask(client, "/api/train-trace").json()
    data = client.post("/api/dataset", json={"data": BODY["data"]}).json()
    assert set(found["rows"]) <= set(data["train"])
    X = [data["X"][row] for row in found["rows"]]
    assert np.array(X).ravel().tolist() == trace["tensors"]["A[0]@0"]["data"]


def test_a_step_that_diverges_has_a_sentence_and_only_numbers(client: httpx.Client):
    answer = ask(
        client,
        data={"name": "reg_sine", "samples": 40},
        network={
            "sizes": [1, 4, 1],
            "activations": ["relu", "identity"],
            "init": {"scheme": "xavier_uniform", "seed": 1},
        },
        loss="mse",
        optimizer={"name": "gradient_descent", "learning_rate": 1e150},
        iteration=0,
    )
    assert answer.status_code == 200, answer.text
    assert not any(word in answer.text for word in ("NaN", "Infinity"))
    found = answer.json()
    message = found["diverged"]["message"]
    assert message.startswith("In step 0 → 1, ")
    assert message.endswith(f"{found['diverged']['tensor']} grew past the largest float.")
    assert "Step" not in message
    assert found["batch"]["before"]["loss"] > 0
    assert found["batch"]["after"] is None
    assert found["ratio"] is None


@pytest.mark.parametrize(
    ("status", "where", "change"),
    [
        (422, ["body", "iteration"], {"iteration": -1}),
        (422, ["body", "iteration"], {"iteration": 1.5}),
        (422, ["body", "optimizer", "name"], {"optimizer": {"name": "magic"}}),
        (400, ["body", "network"], {"data": {"name": "iris"}}),
        (413, ["body", "iteration"], {"iteration": 10**9}),
    ],
)
def test_what_is_wrong_is_one_sentence(
    client: httpx.Client, status: int, where: list[str], change: dict[str, Any]
):
    answer = ask(client, **change)
    error = answer.json()["error"]
    assert answer.status_code == status
    assert error["where"][-1] == where[-1]
    assert error["message"].count("\n") == 0
    assert error["message"].endswith(".")
