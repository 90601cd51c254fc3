"""A network over the plane: outputs and hidden units on grids, and at points."""

from typing import Any

import httpx
import numpy as np
import pytest

from core.network import make_network
from core.regions import activations_at
from tests.app.failures import read_failure

Json = dict[str, Any]
SIZES, NAMES = [2, 4, 3, 2], ["tanh", "relu", "softmax"]
NETWORK = make_network(SIZES, NAMES, "xavier_uniform", 4)
BODY: Json = {
    "network": {
        "layers": [
            {"W": layer.W.tolist(), "b": layer.b.tolist(), "activation": layer.activation}
            for layer in NETWORK.layers
        ]
    },
    "view": [[-1, 2], [5, 7]],
}


def shape(answer: httpx.Response, name: str) -> tuple[int, ...]:
    return tuple(map(int, answer.headers[f"x-{name}-shape"].split(",")))


def test_outputs_and_hidden_units_on_grids(client: httpx.Client):
    body = BODY | {"shape": [20, 30], "neurons": [5, 4], "mean": [0.5, 6], "std": [2, 0.5]}
    answer = client.post("/api/regions", json=body)
    assert answer.headers["content-type"] == "application/octet-stream"
    outputs, neurons = shape(answer, "outputs"), shape(answer, "neurons")
    assert (outputs, neurons) == ((2, 20, 30), (7, 5, 4))
    numbers = np.frombuffer(answer.content, "<f4")
    assert len(numbers) == 2 * 20 * 30 + 7 * 5 * 4
    large, small = numbers[: 2 * 600].reshape(outputs), numbers[2 * 600 :].reshape(neurons)
    # Cell [row 3, column 7]: x1 grows with columns and x2 with rows.
    x = np.array([[-1 + 3 * 7 / 29, 5 + 2 * 3 / 19]])
    at = activations_at(NETWORK, (x - [0.5, 6]) / [2, 0.5])
    np.testing.assert_allclose(large[:, 3, 7], at[2][0], rtol=1e-6)
    x = np.array([[-1 + 3 * 1 / 3, 5 + 2 * 4 / 4]])
    at = activations_at(NETWORK, (x - [0.5, 6]) / [2, 0.5])
    np.testing.assert_allclose(small[:, 4, 1], np.concatenate([at[0][0], at[1][0]]), rtol=1e-6)


def test_the_grid_of_a_picture_is_the_usual_one(client: httpx.Client):
    answer = client.post("/api/regions", json=BODY)
    assert shape(answer, "outputs") == (2, 150, 150)
    assert shape(answer, "neurons") == (0, 0, 0)
    assert len(answer.content) == 4 * 2 * 150 * 150


def test_every_layer_at_points(client: httpx.Client):
    points = [[0.5, 6.0], [-3.0, 1.0]]
    body = {"network": BODY["network"], "at": points, "mean": [0, 1], "std": [1, 2]}
    found = client.post("/api/regions", json=body).json()["activations"]
    expected = activations_at(NETWORK, (np.array(points) - [0, 1]) / [1, 2])
    assert [np.shape(layer) for layer in found] == [(2, 4), (2, 3), (2, 2)]
    for layer, own in zip(found, expected, strict=True):
        np.testing.assert_array_equal(layer, own)


def test_points_may_have_more_than_two_numbers(client: httpx.Client):
    network = {"sizes": [3, 2], "activations": ["identity"]}
    answer = client.post("/api/regions", json={"network": network, "at": [[1, 2, 3]]})
    assert np.shape(answer.json()["activations"]) == (1, 1, 2)


WIDE = {"sizes": [2, 1000, 1], "activations": ["tanh", "sigmoid"]}
HEAVY = {"sizes": [2, 1024, 1024, 1], "activations": ["tanh", "tanh", "sigmoid"]}


@pytest.mark.parametrize(
    ("changed", "status", "where"),
    [
        ({"view": None}, 400, ["view"]),
        ({"view": [[0, 1]]}, 422, ["view"]),
        ({"network": {"sizes": [3, 1], "activations": ["tanh"]}}, 400, ["network"]),
        ({"at": [[1, 2, 3]]}, 400, ["at"]),
        ({"mean": [1]}, 400, ["mean"]),
        ({"std": [1, 0]}, 400, ["std"]),
        ({"shape": [1000, 1000]}, 413, ["shape"]),
        ({"neurons": [1000, 1000]}, 413, ["neurons"]),
        ({"shape": [10**30, 1]}, 413, ["shape"]),
        ({"network": WIDE, "neurons": [100, 100]}, 413, ["network"]),
        ({"network": HEAVY}, 413, ["network"]),
    ],
)
def test_what_has_no_regions(
    client: httpx.Client, changed: Json, status: int, where: list[str | int]
):
    answer = client.post("/api/regions", json=BODY | changed)
    assert answer.status_code == status, answer.text
    assert read_failure(answer)["where"] == where


FEATURES = ["x1_x2", "sin_x1", "x2"]
PLAIN: Json = {
    "network": {
        "layers": [
            {"W": [[1.0, -2.0, 0.5], [0.0, 1.0, 3.0]], "b": [0.25, 0.0], "activation": "tanh"},
            {"W": [[2.0, -1.0]], "b": [0.5], "activation": "identity"},
        ]
    },
    "features": FEATURES,
    "mean": [0.1, 0.2, 0.3],
    "std": [2.0, 3.0, 4.0],
}


def network_at(inputs: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    first, last = PLAIN["network"]["layers"]
    X = (inputs - PLAIN["mean"]) / PLAIN["std"]
    return np.tanh(X @ np.array(first["W"]).T + first["b"]) @ np.array(last["W"]).T + last["b"]


def test_features_are_made_of_the_plane_before_they_are_standardised(client: httpx.Client):
    body = PLAIN | {"view": [[-1, 2], [5, 7]], "shape": [3, 4], "neurons": [2, 3], "inputs": True}
    answer = client.post("/api/regions", json=body)
    assert [shape(answer, name) for name in ("outputs", "neurons", "inputs")] == [
        (1, 3, 4),
        (2, 2, 3),
        (3, 2, 3),
    ]
    numbers = np.frombuffer(answer.content, "<f4")
    x1, x2 = np.meshgrid(np.linspace(-1, 2, 3), np.linspace(5, 7, 2))
    inputs = np.stack([x1 * x2, np.sin(x1), x2])
    np.testing.assert_allclose(numbers[12 + 12 :].reshape(3, 2, 3), inputs, rtol=1e-6)
    x1, x2 = np.meshgrid(np.linspace(-1, 2, 4), np.linspace(5, 7, 3))
    points = np.stack([x1 * x2, np.sin(x1), x2], axis=-1).reshape(-1, 3)
    np.testing.assert_allclose(numbers[:12], network_at(points)[:, 0], rtol=1e-6)


def test_features_are_made_of_points(client: httpx.Client):
    found = client.post("/api/regions", json=PLAIN | {"at": [[1.5, -2.0]]}).json()
    inputs = np.array([[-3.0, np.sin(1.5), -2.0]])
    np.testing.assert_allclose(found["inputs"], inputs)
    np.testing.assert_allclose(found["activations"][-1], network_at(inputs))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"at": [[1, 2, 3]]}, "have 3"),
        ({"at": [[1, 2]], "features": ["x1", "x2"]}, "2 features"),
        ({"at": [[1, 2]], "features": ["x1", "x2", "x1"]}, "stands once"),
        ({"at": [[1, 2]], "mean": [0, 0]}, "for 3 inputs"),
    ],
)
def test_features_that_don_t_fit(client: httpx.Client, change: Json, words: str):
    answer = client.post("/api/regions", json=PLAIN | change)
    assert words in read_failure(answer)["message"]
