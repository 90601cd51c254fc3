"""Both ways, wrong shapes and the diagnosis, over a real server."""

import time
from typing import Any

import httpx
import numpy as np
import orjson
import pytest

from app.inquiry_api import the_long_ways
from app.long_way_requests import LongWaysAnswer, LongWaysRequest
from tests.app.failures import read_failure

Json = dict[str, Any]


def ask(client: httpx.Client, path: str, body: Json) -> Json:
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("name", ["ce_softmax", "bce_sigmoid", "mse_identity"])
def test_both_ways_end_at_the_trace_s_gradient(
    client: httpx.Client, requests: dict[str, Json], name: str
) -> None:
    trace = ask(client, "/api/trace", requests[name])
    way = ask(client, "/api/long-way", requests[name])
    gradient = np.array(trace["tensors"]["dZ[3]@0"]["data"]).reshape(3, 3)
    np.testing.assert_allclose(way["product"], gradient, atol=1e-15)
    assert np.ravel(way["dA"]).tolist() == trace["tensors"]["dA[3]@0"]["data"]
    assert (way["jacobian"] is None) == (name != "ce_softmax")
    np.testing.assert_array_equal(way["short"], gradient)


def test_what_is_not_finite_has_a_name(client: httpx.Client) -> None:
    body = {
        "activation": "sigmoid",
        "loss": "binary_cross_entropy",
        "Z": [[800.0], [37.0]],
        "Y": [[0.0], [0.0]],
    }
    far, past = ask(client, "/api/long-ways", body)["rows"]
    assert (far["dA"], far["slope"], far["product"]) == ([["+inf"]], [[0.0]], [["nan"]])
    assert (far["short"], far["difference"]) == ([[1.0]], [["nan"]])
    assert (past["product"], past["short"]) == ([["+inf"]], [[1.0]])
    assert (far["loss_from_outputs"], far["loss_from_scores"]) == (["+inf"], [800.0])


def test_a_wrong_product_is_refused_or_answered(
    client: httpx.Client, requests: dict[str, Json]
) -> None:
    found = ask(client, "/api/shape-trial", requests["mse_identity"] | {"step": 0})
    assert (found["code"], found["result"]["shape"]) == ("A @ W.T + b", [3, 7])
    assert [each["shape"] for each in found["operands"]] == [[3, 5], [7, 5], [7]]
    by_name = {trial["name"]: trial for trial in found["trials"]}
    assert "mismatch in its core dimension" in by_name["no_transpose"]["error"]
    plain = ask(client, "/api/shape-trial", requests["mse_identity"] | {"step": 1})
    assert (plain["code"], plain["trials"]) == (None, [])


@pytest.mark.parametrize(("size", "is_sent"), [(64, True), (65, False)])
def test_of_a_large_wrong_result_there_is_the_shape_alone(
    client: httpx.Client, size: int, is_sent: bool
) -> None:
    network = {"sizes": [size, size], "activations": ["identity"]}
    body = {"network": network, "X": [[0.5] * size] * size, "step": 0}
    for trial in ask(client, "/api/shape-trial", body)["trials"]:
        assert trial["shape"] == [size, size]
        assert (trial["data"] is not None) == is_sent
        assert trial["verdict"] == "numbers"
        assert trial["largest_difference"] > 0


def test_a_step_is_one_of_the_trace_s(client: httpx.Client, requests: dict[str, Json]) -> None:
    body = requests["mse_identity"]
    steps = ask(client, "/api/trace", body)["steps"]
    last = ask(client, "/api/shape-trial", body | {"step": len(steps) - 1})
    assert last["equation"] == steps[-1]["equation"]
    answer = client.post("/api/shape-trial", json=body | {"step": len(steps)})
    assert answer.status_code == 400
    assert read_failure(answer)["where"] == ["step"]


def test_a_wrong_product_that_leaves_the_range_differs_by_infinity(client: httpx.Client) -> None:
    layer = {"W": [[0, 1e200], [0, 0]], "b": [0, 0], "activation": "identity"}
    body = {"network": {"layers": [layer]}, "X": [[1e200, 0]], "step": 0}
    trials = ask(client, "/api/shape-trial", body)["trials"]
    (wrong,) = [trial for trial in trials if trial["name"] == "no_transpose"]
    assert wrong["data"] == [0.0, "+inf"]
    assert wrong["largest_difference"] == "+inf"


@pytest.mark.parametrize("first", [0, 7])
def test_a_diverging_run_is_diagnosed(
    client: httpx.Client, requests: dict[str, Json], first: int
) -> None:
    optimizer = {"name": "gradient_descent", "learning_rate": 1e200}
    more = {"optimizer": optimizer, "iterations": 5, "start": {"step": first, "state": {}}}
    body = requests["mse_identity"] | more
    trace = ask(client, "/api/trace", body)
    found = ask(client, "/api/diagnosis", body)
    assert found["diverged"] == trace["diverged"]
    assert found["iteration"] == int(trace["diverged"]["tensor"].split("@")[1])
    assert abs(found["cause"][0]["value"]) > 1e150
    broken = found["broken"]
    assert 0 < len(broken["terms"]) <= broken["count"]
    assert any(isinstance(term["value"], str) for term in broken["terms"])
    assert len(broken["axes"]) == len(broken["shape"]) == len(found["diverged"]["cell"])
    assert found["growth"][0]["loss"] == trace["tensors"][f"L@{first}"]["data"][0]
    assert found["growth"][0]["iteration"] == first < found["iteration"]


def test_an_unbounded_number_is_diagnosed(client: httpx.Client, requests: dict[str, Json]) -> None:
    more = {"X": [[1000, 1000], [1, 1]], "Y": [[0], [1]], "iterations": 4}
    body = requests["logistic_regression"] | more | {"optimizer": {"learning_rate": 2}}
    trace = ask(client, "/api/trace", body)["tensors"]
    found = ask(client, "/api/diagnosis", body)
    unbounded = found["unbounded"]
    assert found["diverged"] is None
    assert (unbounded["iteration"], unbounded["tensor"], unbounded["sign"]) == (1, "dA[1]@1", -1)
    assert trace["dA[1]@1"]["unbounded"] == [{"cell": unbounded["cell"][0], "sign": -1}]
    assert unbounded["cause"][1]["value"] == trace["Z[1]@1"]["data"][1]
    assert [(unit["layer"], unit["state"], unit["cancels"]) for unit in found["units"]] == [
        (1, "saturated", True)
    ]


def test_every_step_of_an_iteration_is_timed(
    client: httpx.Client, requests: dict[str, Json]
) -> None:
    steps = ask(client, "/api/trace", requests["mse_identity"])["steps"]
    begun = time.perf_counter()
    found = ask(client, "/api/step-times", requests["mse_identity"])
    took = time.perf_counter() - begun
    assert len(found["seconds"]) == len(steps)
    assert 1 <= found["repeats"] <= 25
    assert all(each > 0 for each in found["seconds"])
    # A median is at most twice the mean, and all runs lie within the call.
    assert sum(found["seconds"]) * found["repeats"] < 2 * took


@pytest.mark.parametrize(
    ("path", "more", "where"),
    [
        ("/api/long-way", {"iteration": 9}, ["iteration"]),
        ("/api/long-way", {"loss": None, "Y": None}, ["loss"]),
        ("/api/shape-trial", {"step": 10_000}, ["step"]),
    ],
)
def test_bad_questions_get_the_one_error(
    client: httpx.Client, requests: dict[str, Json], path: str, more: Json, where: list[str]
) -> None:
    failure = read_failure(client.post(path, json=requests["mse_identity"] | more))
    assert failure["where"] == where


def test_rows_that_do_not_pair_up_are_refused(client: httpx.Client) -> None:
    body = {"activation": "softmax", "loss": "cross_entropy", "Z": [[1, 2]], "Y": [[1, 0, 0]]}
    failure = read_failure(client.post("/api/long-ways", json=body))
    assert (failure["where"], failure["expected"], failure["given"]) == (["Y"], [1, 2], [1, 3])


def test_targets_that_a_loss_has_no_meaning_for_are_refused(client: httpx.Client) -> None:
    body = {"activation": "softmax", "loss": "cross_entropy", "Z": [[1]], "Y": [[5]]}
    failure = read_failure(client.post("/api/long-ways", json=body))
    assert (failure["where"], failure["given"]) == (["Y", 0, 0], 5)


def test_as_many_rows_as_there_may_be_are_written_quickly() -> None:
    Z, Y = np.linspace(-1, 1, 2048 * 22).reshape(2048, 22), np.eye(22)[np.arange(2048) % 22]
    body = {"activation": "softmax", "loss": "cross_entropy", "Z": Z.tolist(), "Y": Y.tolist()}
    request = LongWaysRequest.model_validate(body)
    begun = time.process_time()
    answer = the_long_ways(request)
    assert time.process_time() - begun < 3
    rows = orjson.loads(answer.body)["rows"]
    LongWaysAnswer.model_validate({"rows": rows[:2]}, strict=True, extra="forbid")
    assert len(rows) == len(Z)
