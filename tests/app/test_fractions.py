"""Exact fractions over the API."""

from fractions import Fraction
from typing import Any

import httpx
import pytest

from tests.app.failures import read_failure

Json = dict[str, Any]
BODY: Json = {
    "network": {
        "layers": [
            {"W": [[0.5, -0.1], [1 / 3, 2]], "b": [0.1, -0.375], "activation": "relu"},
            {"W": [[1, -0.25]], "b": [0.2], "activation": "tanh"},
        ]
    },
    "X": [[1, 2], [-3, 0.7]],
    "Y": [[1], [0]],
    "loss": "mse",
}


def test_each_tensor_of_the_trace_has_its_fractions_or_null(client: httpx.Client):
    answer = client.post("/api/fractions", json=BODY)
    assert answer.status_code == 200
    found = answer.json()["fractions"]
    tensors = client.post("/api/trace", json=BODY).json()["tensors"]
    assert set(found) == set(tensors)
    assert found["W[1]@0"] == ["1/2", "-1/10", "1/3", "2"]
    assert found["Z[1]@0"] == ["2/5", "95/24", "-147/100", "1/40"]
    assert found["A[2]@0"] is None  # tanh of no 0
    assert found["slope[1]@0"] == ["1", "1", "0", "1"]
    for id, texts in found.items():
        for text, number in zip(texts or [], tensors[id]["data"], strict=False):
            if text is not None:
                assert float(Fraction(text)) == pytest.approx(number, rel=1e-12, abs=1e-15)


def test_a_tensor_can_have_some_fractions(client: httpx.Client):
    layer = {"W": [[1], [0]], "b": [0, 0], "activation": "tanh"}
    answer = client.post("/api/fractions", json={"network": {"layers": [layer]}, "X": [[1]]})
    assert answer.json()["fractions"]["A[1]@0"] == [None, "0"]


def test_more_terms_than_the_limit_are_refused(client: httpx.Client):
    network = {"sizes": [400, 400], "activations": ["identity"], "init": {"scheme": "zeros"}}
    answer = client.post("/api/fractions", json={"network": network, "X": [[0] * 400]})
    assert answer.status_code == 413
    error = read_failure(answer)
    most = client.get("/api/catalog").json()["limits"]["fraction_operations"]
    assert error["expected"] == {"fraction_operations": most}
    assert error["given"] == 400 * 400 + 400


def test_a_bad_experiment_is_refused_as_its_trace_is(client: httpx.Client):
    wrong = BODY | {"Y": None}
    ours, theirs = (client.post(path, json=wrong) for path in ("/api/fractions", "/api/trace"))
    assert ours.status_code == theirs.status_code == 400
    assert read_failure(ours) == read_failure(theirs)
