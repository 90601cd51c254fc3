"""A layer's Jacobian on the wire."""

from typing import Any

import httpx
import numpy as np
import pytest

from app.jacobian_requests import JacobianAnswer
from tests.app.failures import read_failure

Json = dict[str, Any]
PATH = "/api/jacobian"


def test_a_softmax_row_is_a_times_delta_less_a(
    client: httpx.Client, requests: dict[str, Json]
) -> None:
    body = requests["ce_softmax"]
    answer = client.post(PATH, json=body | {"layer": 3, "sample": 1})
    assert answer.status_code == 200, answer.text
    JacobianAnswer.model_validate_json(answer.content, strict=True, extra="forbid")
    tensor = client.post("/api/trace", json=body).json()["tensors"]["A[3]@0"]
    a = np.reshape(tensor["data"], tensor["shape"])[1]
    assert answer.json()["tensor"] == "Z[3]@0"
    assert np.array(answer.json()["jacobian"]) == pytest.approx(np.diag(a) - np.outer(a, a))


def test_an_element_wise_layer_has_its_slopes_on_the_diagonal(
    client: httpx.Client, requests: dict[str, Json]
) -> None:
    body = requests["ce_softmax"]
    jacobian = client.post(PATH, json=body | {"layer": 1, "sample": 2}).json()["jacobian"]
    slope = client.post("/api/trace", json=body).json()["tensors"]["slope[1]@0"]
    assert np.array(jacobian) == pytest.approx(
        np.diag(np.reshape(slope["data"], slope["shape"])[2])
    )


@pytest.mark.parametrize("layer", [1, 3])
def test_a_sample_is_the_same_one_where_samples_are_columns(
    client: httpx.Client, requests: dict[str, Json], layer: int
) -> None:
    body = requests["ce_softmax"] | {"layer": layer, "sample": 2}
    rows = client.post(PATH, json=body).json()["jacobian"]
    columns = client.post(PATH, json=body | {"conventions": {"layout": "columns"}}).json()
    assert np.array(columns["jacobian"]) == pytest.approx(np.array(rows), rel=1e-12)


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ({"layer": 4}, 400),
        ({"layer": 0}, 422),
        ({"layer": 3, "sample": 3}, 400),
        ({"layer": 3, "iteration": 7}, 400),
        ({"layer": 3, "sample": -1}, 422),
    ],
)
def test_a_place_that_is_nowhere_gets_a_sentence(
    client: httpx.Client, requests: dict[str, Json], place: Json, status: int
) -> None:
    answer = client.post(PATH, json=requests["ce_softmax"] | place)
    assert answer.status_code == status
    assert read_failure(answer)["where"][-1] == list(place)[-1]
