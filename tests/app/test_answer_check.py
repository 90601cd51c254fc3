"""Typed answers over the API: verdicts, slips, and what can't be asked."""

from typing import Any

import httpx
import numpy as np
import pytest

from app.limits import LIMITS
from tests.app.failures import read_failure

Json = dict[str, Any]


def ask(
    client: httpx.Client, request: Json, tensor: str, answers: list[Json], **more: Any
) -> httpx.Response:
    body = {**request, "tensor": tensor, "answers": answers, **more}
    return client.post("/api/answer-check", json=body)


@pytest.fixture(scope="module")
def lecture(requests: dict[str, Json]) -> Json:
    return requests["mse_identity"]


@pytest.fixture(scope="module")
def tensors(client: httpx.Client, lecture: Json) -> Json:
    return client.post("/api/trace", json=lecture).json()["tensors"]


def test_each_answer_has_its_verdict(client: httpx.Client, lecture: Json, tensors: Json):
    dZ, A = (np.reshape(tensors[id]["data"], tensors[id]["shape"]) for id in ("dZ[2]@0", "A[1]@0"))
    dA = np.reshape(tensors["dA[2]@0"]["data"], tensors["dA[2]@0"]["shape"])
    right, forgotten = dZ.T @ A, dA.T @ A
    answers = [
        {"cell": 0, "given": f"{right.flat[0]:.3g}"},
        {"cell": 1, "given": f"{forgotten.flat[1]:.6g}"},
        {"cell": 2, "given": f"{right.flat[2] * 1.02:.6g}"},
        {"cell": 3, "given": f"{right.flat[3] + 7:.6g}"},
    ]
    answer = ask(client, lecture, "dW[2]@0", answers)
    assert answer.status_code == 200
    found = answer.json()["answers"]
    assert [each["verdict"] for each in found] == ["right", "slip", "near", "wrong"]
    assert [each["cell"] for each in found] == [0, 1, 2, 3]
    assert all(each["sentence"].endswith(".") for each in found)
    [slip] = found[1]["slips"]
    assert slip["name"] == "slope_forgotten"
    assert slip["sentence"] == found[1]["sentence"]
    assert r"\partial A^{(2)}" in slip["latex"]


def test_the_true_value_is_told_only_when_asked(client: httpx.Client, lecture: Json, tensors: Json):
    value = tensors["Z[1]@0"]["data"][8]
    answers = [{"cell": 8, "given": "12.5"}]
    hidden = ask(client, lecture, "Z[1]@0", answers)
    assert hidden.json()["answers"][0]["value"] is None
    assert f"{value:.3g}" not in hidden.text
    told = ask(client, lecture, "Z[1]@0", answers, reveal=True).json()
    assert told["answers"][0]["value"] == value


def test_a_fraction_is_an_answer(client: httpx.Client):
    network = {"layers": [{"W": [[1]], "b": [0], "activation": "identity"}]}
    request = {"network": network, "X": [[1], [0], [0]], "Y": [[0], [0], [0]], "loss": "mse"}
    found = ask(client, request, "dZ[1]@0", [{"cell": 0, "given": "1/3"}]).json()
    assert found["answers"][0]["verdict"] == "right"


def test_right_is_what_the_fractions_say_too(client: httpx.Client):
    layers = [{"W": [[1, 1]], "b": [0], "activation": "identity"}]
    layers.append({"W": [[1]], "b": [0], "activation": "identity"})
    request = {"network": {"layers": layers}, "X": [[3e9 + 0.1, -3e9]]}
    text = client.post("/api/fractions", json=request).json()["fractions"]["Z[2]@0"][0]
    found = ask(client, request, "Z[2]@0", [{"cell": 0, "given": text}]).json()
    assert (text, found["answers"][0]["verdict"]) == ("1/10", "right")


def test_a_number_near_the_end_of_the_range_is_checked(client: httpx.Client):
    network = {"layers": [{"W": [[1]], "b": [0], "activation": "identity"}]}
    answer = ask(client, {"network": network, "X": [[1e308]]}, "Z[1]@0", [ONE])
    assert answer.status_code == 200
    assert answer.json()["answers"][0]["verdict"] == "wrong"


ONE: Json = {"cell": 0, "given": "1.0"}


@pytest.mark.parametrize(
    ("more", "status", "where"),
    [
        ({"tensor": "Z[7]@0"}, 400, ["tensor"]),
        ({"tensor": "A[0]@0"}, 400, ["tensor"]),
        ({"answers": [{"cell": 0, "given": "five"}]}, 400, ["answers", 0, "given"]),
        (
            {"answers": [{"cell": 0, "given": "1.0"}, {"cell": 0, "given": "1.1"}]},
            400,
            ["answers", 1, "cell"],
        ),
        ({"answers": [{"cell": 99, "given": "1.0"}]}, 400, ["answers"]),
        ({"answers": [{"cell": 1e30, "given": "1.0"}]}, 400, ["answers"]),
        ({"answers": []}, 422, ["answers"]),
        ({"answers": [{"cell": -1, "given": "1.0"}]}, 422, ["answers"]),
        ({"answers": [{"cell": 0, "given": "1" * 41}]}, 422, ["answers"]),
        ({"answers": [{"cell": 0, "given": 1.5}]}, 422, ["answers"]),
    ],
)
def test_what_can_t_be_checked_has_one_sentence(
    client: httpx.Client, lecture: Json, more: Json, status: int, where: list[str | int]
):
    body = {"tensor": "Z[1]@0", "answers": [{"cell": 0, "given": "1.0"}], **more}
    answer = client.post("/api/answer-check", json={**lecture, **body})
    assert answer.status_code == status
    assert read_failure(answer)["where"][: len(where)] == where


def test_too_many_answers_are_refused(client: httpx.Client, lecture: Json):
    answers = [{"cell": cell, "given": "1.0"} for cell in range(LIMITS.answers + 1)]
    answer = ask(client, lecture, "Z[1]@0", answers)
    assert answer.status_code == 413
    assert "answers in one check" in read_failure(answer)["message"]
