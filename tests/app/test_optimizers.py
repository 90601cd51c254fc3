"""Every optimizer trains a network over the API, and every number of its update is in the trace."""

from typing import Any

import httpx
import numpy as np
import pytest

from core import OPTIMIZERS, PRESETS, Experiment
from tests.app.failures import read_failure

Json = dict[str, Any]
STATES = {
    "gradient_descent": set[str](),
    "branch_descent": set[str](),
    "sign_descent": set[str](),
    "momentum": {"vW", "vb"},
    "nesterov": {"vW", "vb"},
    "adagrad": {"sW", "sb"},
    "rmsprop": {"sW", "sb"},
    "adam": {"mW", "mb", "vW", "vb"},
    "adamw": {"mW", "mb", "vW", "vb"},
}


def ask(client: httpx.Client, request: Json, optimizer: Json) -> Json:
    answer = client.post("/api/trace", json={**request, "optimizer": optimizer, "iterations": 3})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_number_of_an_update_is_in_the_trace(
    client: httpx.Client, requests: dict[str, Json], name: str
) -> None:
    trace = ask(client, requests["xor"], {"name": name})
    preset = PRESETS["xor"].experiment()
    experiment = Experiment(
        preset.network, preset.X, preset.Y, preset.loss, optimizer=name, iterations=3
    )
    expected = experiment.trace()
    assert set(trace["tensors"]) == set(expected.tensors)
    for id, tensor in trace["tensors"].items():
        np.testing.assert_array_equal(tensor["data"], expected[id].ravel())
        assert tensor["latex"]
        assert tensor["title"]
    symbols = {tensor["symbol"] for tensor in trace["tensors"].values()}
    assert STATES[name] <= symbols
    assert f"{min(STATES[name], default='W')}[1]@3" in trace["tensors"]


def test_states_are_set_with_their_parameter(
    client: httpx.Client, requests: dict[str, Json]
) -> None:
    tensors = ask(client, requests["xor"], {"name": "adam"})["tensors"]
    assert tensors["mW[1]@1"]["latex"] == "m_{W}^{(1)}"
    assert tensors["m_hatb[2]@0"]["latex"] == r"\hat m_{b}^{(2)}"
    assert tensors["beta1@0"]["data"] == [0.9]
    assert tensors["t@3"]["data"] == [3]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("momentum", "velocity"),
        ("nesterov", "velocity"),
        ("adam", "mean of the squared gradients"),
        ("adamw", "mean of the squared gradients"),
    ],
)
def test_v_is_called_what_it_is_in_its_optimizer(
    client: httpx.Client, requests: dict[str, Json], name: str, title: str
) -> None:
    tensors = ask(client, requests["xor"], {"name": name})["tensors"]
    assert {tensors[id]["title"] for id in ("vW[1]@0", "vb[2]@3")} == {title}


@pytest.mark.parametrize(
    ("optimizer", "status", "words"),
    [
        ({"name": "adam", "momentum": 0.9}, 400, "Adam takes no momentum"),
        ({"name": "momentum", "momentum": 1.0}, 400, "below 1"),
        ({"name": "adam", "centered": True}, 400, "Adam takes no centered"),
        ({"name": "newton"}, 422, "optimizer called"),
        ({"learning_rate": 0}, 422, "greater than 0"),
        ({"weight_decay": -1}, 400, "at least 0"),
    ],
)
def test_what_an_optimizer_doesn_t_take_is_refused(
    client: httpx.Client, requests: dict[str, Json], optimizer: Json, status: int, words: str
) -> None:
    answer = client.post("/api/trace", json={**requests["xor"], "optimizer": optimizer})
    assert answer.status_code == status, answer.text
    assert words in read_failure(answer)["message"]
