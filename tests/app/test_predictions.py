"""Predictions on a data set over the API."""

from typing import Any

import httpx
import pytest

from tests.app.failures import read_failure

Json = dict[str, Any]
NETWORK = {
    "sizes": [2, 3, 1],
    "activations": ["tanh", "sigmoid"],
    "init": {"scheme": "xavier_uniform", "seed": 2},
}


def ask(client: httpx.Client, **more: Any) -> httpx.Response:
    body = {"data": {"name": "moons"}, "network": NETWORK, "loss": "binary_cross_entropy"} | more
    return client.post("/api/predictions", json=body)


def test_every_row_has_its_output_its_loss_and_its_class(client: httpx.Client):
    found = ask(client).json()
    data = client.post("/api/dataset", json={"data": {"name": "moons"}}).json()
    body = {"network": NETWORK, "X": data["X"], "Y": data["Y"], "loss": "binary_cross_entropy"}
    tensors = client.post("/api/trace", json=body).json()["tensors"]
    assert [row[0] for row in found["outputs"]] == tensors["A[2]@0"]["data"]
    assert found["losses"] == tensors["Lp@0"]["data"]
    says = [int(row[0] > 0.5) for row in found["outputs"]]
    assert found["predicted"] == says
    assert found["correct"] == [own == true for own, true in zip(says, data["labels"], strict=True)]
    assert sum(map(sum, found["confusion"])) == len(data["train"])
    assert sum(map(sum, found["test_confusion"])) == len(data["test"])
    assert sorted(found["sampling"]["order"]) == data["train"]


def test_outputs_can_be_left_out(client: httpx.Client):
    short, whole = ask(client, outputs=False).json(), ask(client).json()
    assert short.pop("outputs") is None
    assert len(whole.pop("outputs")) == 200
    assert short == whole


def test_numbers_have_residuals(client: httpx.Client):
    network = {"layers": [{"W": [[2]], "b": [0.5], "activation": "identity"}]}
    data = {"points": {"X": [[1], [3]], "Y": [[2], [9]]}, "test_share": 0}
    found = ask(client, data=data, network=network, loss="mse").json()
    assert found["residuals"] == [[0.5], [-2.5]]
    short = ask(client, data=data, network=network, loss="mse", outputs=False).json()
    assert (short["outputs"], short["residuals"]) == (None, None)
    assert ask(client).json()["residuals"] is None


def test_a_loss_that_is_not_finite_is_null(client: httpx.Client):
    network = {"layers": [{"W": [[1e200]], "b": [0], "activation": "identity"}]}
    data = {"points": {"X": [[1e5], [0]], "Y": [[0], [0]]}, "test_share": 0}
    found = ask(client, data=data, network=network, loss="mse").json()
    assert found["losses"] == [None, 0]
    assert found["loss"] is None


@pytest.mark.parametrize(
    ("more", "status", "where"),
    [
        ({"loss": "cross_entropy"}, 400, ["loss"]),
        ({"data": {"name": "iris"}}, 400, ["network"]),
        ({"data": {"name": "nowhere"}}, 422, ["data"]),
        ({"network": {**NETWORK, "sizes": [2, 4000, 1]}}, 413, ["network", "sizes", 1]),
    ],
)
def test_what_does_not_fit_has_one_sentence(
    client: httpx.Client, more: Json, status: int, where: list[str]
):
    answer = ask(client, **more)
    assert answer.status_code == status
    failure = read_failure(answer)
    assert failure["where"][: len(where)] == where
