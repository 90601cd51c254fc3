"""The published limits: what is at one passes, what is over one is refused before it costs."""

import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import httpx
import pytest

from app.check_requests import GradientCheckRequest
from app.limits import LIMITS, LimitError
from app.requests import TraceRequest
from tests.app.failures import read_failure

Json = dict[str, Any]
LITTLE = 4 * 2**20
"""Bytes that refusing a request may allocate: half of one matrix of 1024 by 1024."""


def network(sizes: list[int]) -> Json:
    return {
        "sizes": sizes,
        "activations": ["identity"] * (len(sizes) - 1),
        "init": {"scheme": "zeros"},
    }


def layers(count: int) -> Json:
    return {"network": network([1] * (count + 1)), "X": [[1]]}


def given_layers(count: int) -> Json:
    layer = {"W": [[1]], "b": [0], "activation": "identity"}
    return {"network": {"layers": [layer] * count}, "X": [[1]]}


def units(count: int) -> Json:
    return {"network": network([1, count]), "X": [[1]]}


def inputs(count: int) -> Json:
    return {"network": network([count, 1]), "X": [[0] * min(count, 2000)]}


def given_units(count: int) -> Json:
    layer = {"W": [[1]] * count, "b": [0] * count, "activation": "identity"}
    return {"network": {"layers": [layer]}, "X": [[1]]}


def samples(count: int) -> Json:
    return {"network": network([1, 1]), "X": [[1]] * count}


def iterations(count: int) -> Json:
    return {
        "network": network([1, 1]),
        "X": [[1]],
        "Y": [[1]],
        "loss": "mse",
        "iterations": count,
    }


COUNTED: dict[str, tuple[str, Callable[[int], Json], list[str | int]]] = {
    "layers": ("layers", layers, ["network"]),
    "given layers": ("layers", given_layers, ["network"]),
    "units": ("units", units, ["network", "sizes", 1]),
    "inputs": ("units", inputs, ["network", "sizes", 0]),
    "given units": ("units", given_units, ["network", "layers", 0, "W"]),
    "samples": ("samples", samples, ["X"]),
    "iterations": ("iterations", iterations, ["iterations"]),
}


def assert_refused(answer: httpx.Response, limit: str, given: int) -> Json:
    assert answer.status_code == 413
    error = read_failure(answer)
    most = getattr(LIMITS, limit)
    assert error["code"] == "limit_exceeded"
    assert error["expected"] == {limit: most}
    assert error["given"] == given
    assert f"{most:,}" in error["message"]
    assert f"{given:,}" in error["message"]
    return error


@pytest.mark.parametrize("case", COUNTED)
def test_exactly_at_the_limit(client: httpx.Client, catalog: Json, case: str) -> None:
    limit, make, _ = COUNTED[case]
    answer = client.post("/api/trace", json=make(catalog["limits"][limit]))
    assert answer.status_code == 200
    assert answer.json()["outcome"] == "complete"


@pytest.mark.parametrize("path", ["/api/trace", "/api/gradient-check"])
@pytest.mark.parametrize("case", COUNTED)
def test_one_over_the_limit(client: httpx.Client, catalog: Json, case: str, path: str) -> None:
    limit, make, where = COUNTED[case]
    over = catalog["limits"][limit] + 1
    error = assert_refused(client.post(path, json=make(over)), limit, over)
    assert error["where"] == where


def cells_of(sizes: list[int], count: int) -> int:
    """X, each layer's W and b, and each layer's Z and A."""
    return count * sizes[0] + sum(n * k + k + 2 * count * k for n, k in pairwise(sizes))


def test_cells_at_the_limit_and_one_over(client: httpx.Client, catalog: Json) -> None:
    most = catalog["limits"]["cells"]
    width = catalog["limits"]["units"]
    found = {
        cells: (n, k, count)
        for n in range(1, 40)
        for k in range(width // 2, width + 1)
        for count in [(most - n * k - k) // (n + 2 * k)]
        for cells in [cells_of([n, k], count)]
        if cells == most
    }
    n, k, count = found[most]
    body = {"network": network([n, k]), "X": [[0] * n] * count}
    answer = client.post("/api/trace", json=body)
    assert answer.status_code == 200
    assert answer.content.count(b"0.0") == most
    # One sample more is n + 2 k cells more.
    body["X"] = [[0] * n] * (count + 1)
    answer = client.post("/api/trace", json=body)
    assert_refused(answer, "cells", most + n + 2 * k)


def test_cells_count_every_iteration(client: httpx.Client) -> None:
    body = iterations(1000) | {"network": network([1, 250]), "Y": [[0] * 250]}
    # Once X, W, b, Y and η; then each time Z, A, dA, slope, dZ, dW, db, W, b and Lp, L.
    given = (1 + 3 * 250 + 1) + 1000 * (9 * 250 + 2)
    assert_refused(client.post("/api/trace", json=body), "cells", given)


def check_body(sizes: list[int], count: int) -> Json:
    return {
        "network": network(sizes),
        "X": [[0] * sizes[0]] * count,
        "Y": [[0] * sizes[-1]] * count,
        "loss": "mse",
    }


def test_check_operations_at_the_limit_and_over(client: httpx.Client, catalog: Json) -> None:
    most = catalog["limits"]["check_operations"]
    parameters, count = 10_000, 10
    assert 2 * parameters**2 * count == most
    answer = client.post("/api/gradient-check", json=check_body([99, 100], count))
    assert answer.status_code == 200
    assert answer.json()["verdict"] == "pass"
    answer = client.post("/api/gradient-check", json=check_body([99, 100], count + 1))
    error = assert_refused(answer, "check_operations", 2 * parameters**2 * (count + 1))
    assert error["where"] == ["network"]


HUGE: dict[str, Json] = {
    "units": units(10**9),
    "inputs": inputs(10**9),
    "layers": layers(10**5),
    "iterations": iterations(10**15),
    "more than 64 bits of cells": {"network": network([2**62, 2**62]), "X": [[1]]},
    "cells of legal sizes": {"network": network([1024] * 17), "X": [[0] * 1024]},
}


@pytest.mark.parametrize("path", ["/api/trace", "/api/gradient-check"])
@pytest.mark.parametrize("case", HUGE)
def test_huge_requests_are_refused(client: httpx.Client, case: str, path: str) -> None:
    answer = client.post(path, json=HUGE[case])
    assert answer.status_code == 413
    error = read_failure(answer)
    assert error["code"] == "limit_exceeded"
    assert next(iter(error["expected"])) in LIMITS.as_dict()


@pytest.mark.parametrize("model", [TraceRequest, GradientCheckRequest])
@pytest.mark.parametrize("case", HUGE)
def test_huge_requests_are_refused_before_anything_is_allocated(
    case: str, model: type[TraceRequest]
) -> None:
    request = model.model_validate(HUGE[case])
    tracemalloc.start()
    try:
        with pytest.raises(LimitError):
            request.experiment()
        assert tracemalloc.get_traced_memory()[1] < LITTLE
    finally:
        tracemalloc.stop()


def test_the_refusal_allocates_nothing_even_just_above_a_limit() -> None:
    """Every layer at its limit: 100 MB of weights that must not be drawn to be refused."""
    body = {"network": network([1024] * 13), "X": [[0] * 1024] * 4}
    request = TraceRequest.model_validate(body)
    tracemalloc.start()
    try:
        with pytest.raises(LimitError):
            request.experiment()
        assert tracemalloc.get_traced_memory()[1] < LITTLE
    finally:
        tracemalloc.stop()
