"""Paths and fields over the API."""

from typing import Any

import httpx
import numpy as np
import pytest

from app.answers import TraceAnswer
from core.descent import Descent, Stop
from core.optimizers import OPTIMIZERS
from core.schedules import SCHEDULES
from core.searches import SEARCHES
from core.surfaces import SURFACES
from tests.app.failures import read_failure

Json = dict[str, Any]
LECTURE: Json = {"surface": {"name": "lecture_quadratic"}, "start": [3, 3]}


def ask(client: httpx.Client, **more: Any) -> Json:
    answer = client.post("/api/descent", json={**LECTURE, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(("learning_rate", "steps"), [(0.1, 76), (0.2, 38), (0.24, 410)])
def test_the_lecture_s_path(client: httpx.Client, learning_rate: float, steps: int) -> None:
    optimizer = {"name": "gradient_descent", "learning_rate": learning_rate}
    found = ask(client, optimizer=optimizer, stop={"gradient_norm": 1e-6})
    assert (found["iterations"], found["stopped_by"]) == (steps, "gradient_norm")
    assert len(found["theta"]) == len(found["value"]) == steps + 1
    assert len(found["step_size"]) == steps
    assert found["value"][0] == 54
    assert found["gradient"][0] == [9, 27]


@pytest.mark.parametrize("learning_rate", [0.25, 0.3])
def test_divergence_is_an_answer(client: httpx.Client, learning_rate: float) -> None:
    optimizer = {"learning_rate": learning_rate}
    found = ask(client, optimizer=optimizer, stop={"gradient_norm": 1e-6})
    assert found["stopped_by"] == "diverged"
    assert None not in found["value"]


@pytest.mark.parametrize("name", [*OPTIMIZERS, *SEARCHES])
def test_every_optimizer_s_path_is_the_core_s_bit_for_bit(client: httpx.Client, name: str) -> None:
    found = ask(client, optimizer={"name": name}, stop={"max_iterations": 20})
    path = Descent(SURFACES["lecture_quadratic"], (3, 3), name, stop=Stop(max_iterations=20)).run()
    for column in ("theta", "value", "gradient", "gradient_norm", "step_size"):
        np.testing.assert_array_equal(found[column], getattr(path, column))


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_runs(client: httpx.Client, name: str) -> None:
    found = ask(client, schedule={"name": name}, stop={"max_iterations": 5})
    assert found["step_size"][0] == pytest.approx(0.1)


@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_has_a_path_and_a_field(client: httpx.Client, name: str) -> None:
    surface = SURFACES[name]
    body = {"surface": {"name": name}}
    assert client.post("/api/descent", json=body).status_code == 200
    shape = [7, 9][-surface.dimension :]
    field = client.post("/api/field", json={**body, "shape": shape}).json()
    assert field["shape"] == (shape if surface.dimension == 2 else [9])
    assert field["undefined"] == []
    assert field["x"][0] == surface.view[0][0]
    if surface.dimension == 2:
        expected = float(surface.value(field["x"][3], field["y"][2]))
        assert field["values"][2 * 9 + 3] == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("name", [*OPTIMIZERS, *SEARCHES])
def test_one_iteration_in_full(client: httpx.Client, name: str) -> None:
    body = {**LECTURE, "optimizer": {"name": name}, "stop": {"max_iterations": 9}}
    path = client.post("/api/descent", json=body).json()
    k = min(5, path["iterations"] - 1)
    answer = client.post("/api/descent-trace", json={**body, "iteration": k})
    trace = TraceAnswer.model_validate(answer.json()).model_dump()
    tensors = trace["tensors"]
    assert tensors[f"theta@{k}"]["data"] == path["theta"][k]
    assert tensors[f"L@{k}"]["data"] == [path["value"][k]]
    assert tensors[f"dtheta@{k}"]["data"] == path["gradient"][k]
    assert tensors[f"theta@{k + 1}"]["data"] == path["theta"][k + 1]
    made = set(tensors) - {step["result"] for step in trace["steps"]}
    for step in trace["steps"]:
        assert set(step["operands"].values()) <= made
        made.add(step["result"])
    assert all(tensor["latex"] and tensor["title"] for tensor in tensors.values())


def test_a_sweep_of_learning_rates(client: httpx.Client) -> None:
    body = {**LECTURE, "stop": {"gradient_norm": 1e-6}}
    rates = [0.05, 0.1, 0.2, 0.24, 0.25]
    answer = client.post("/api/sweep", json={**body, "learning_rates": rates})
    found = answer.json()
    assert found["iterations"][:4] == [160, 76, 38, 410]
    assert found["stopped_by"] == ["gradient_norm"] * 4 + ["diverged"]
    assert found["learning_rates"] == rates
    over = client.post("/api/sweep", json={**body, "learning_rates": [0.1] * 101})
    assert over.status_code == 413
    assert "sweep" in read_failure(over)["message"]


def test_the_lecture_s_curvature(client: httpx.Client) -> None:
    body = {"surface": {"name": "lecture_quadratic"}, "at": [3, 3]}
    found = client.post("/api/curvature", json=body).json()
    assert (found["value"], found["gradient"]) == (54, [9, 27])
    assert found["hessian"] == [[2, 1], [1, 8]]
    assert found["eigenvalues"] == pytest.approx([5 - 10**0.5, 5 + 10**0.5])
    assert found["monotone_below"] == pytest.approx(0.12251482)
    assert found["stable_below"] == pytest.approx(0.24502965)
    assert found["best_step"] == pytest.approx(0.2)
    assert found["best_rate"] == pytest.approx(10**0.5 / 5)
    flat, steep = np.array(found["eigenvectors"])
    assert np.degrees(np.arctan(flat[1] / flat[0])) == pytest.approx(-9.217, abs=1e-3)
    assert float(flat @ steep) == pytest.approx(0, abs=1e-15)


def test_off_a_valley_there_is_no_stable_step(client: httpx.Client) -> None:
    body = {"surface": {"name": "saddle"}, "at": [1, 1]}
    found = client.post("/api/curvature", json=body).json()
    assert found["eigenvalues"] == [-2, 2]
    names = ("monotone_below", "stable_below", "best_step", "best_rate")
    assert [found[name] for name in names] == [None] * 4


def test_ascent_and_a_quadratic_by_its_matrix(client: httpx.Client) -> None:
    found = ask(
        client,
        surface={"matrix": [[2, 1], [1, 8]]},
        direction="ascend",
        stop={"max_iterations": 1},
    )
    assert found["theta"][1] == pytest.approx([3.9, 5.7])


REFUSED: dict[str, tuple[Json, int, str]] = {
    "an unknown surface": ({"surface": {"name": "rosenbrok"}}, 422, "rosenbrock"),
    "an unknown optimizer": ({"optimizer": {"name": "adm"}}, 422, "adam"),
    "an unknown schedule": ({"schedule": {"name": "cosin"}}, 422, "cosine"),
    "a step size of 0": ({"optimizer": {"learning_rate": 0}}, 422, "greater than 0"),
    "a momentum of 1": ({"optimizer": {"name": "momentum", "momentum": 1}}, 400, "below 1"),
    "a number of another optimizer": ({"optimizer": {"momentum": 0.9}}, 400, "takes no momentum"),
    "a start of one number": ({"start": [1]}, 400, "2 variables"),
    "a start of three": ({"start": [1, 2, 3]}, 422, "at most 2"),
    "a start far away": ({"start": [1e9, 0]}, 422, "less than or equal"),
    "a threshold of 0": ({"stop": {"gradient_norm": 0}}, 422, "greater than 0"),
    "too many iterations": ({"stop": {"max_iterations": 10**6}}, 413, "iterations of a path"),
    "a matrix that isn't symmetric": ({"surface": {"matrix": [[1, 2], [3, 4]]}}, 400, "symmetric"),
    "exact search off a quadratic": (
        {"surface": {"name": "beale"}, "optimizer": {"name": "exact_line_search"}},
        400,
        "quadratic",
    ),
    "a number for a search": (
        {"optimizer": {"name": "newton", "learning_rate": 0.1}},
        400,
        "takes no",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_a_sentence(client: httpx.Client, name: str) -> None:
    change, status, words = REFUSED[name]
    answer = client.post("/api/descent", json={**LECTURE, **change})
    assert answer.status_code == status, answer.text
    assert words in read_failure(answer)["message"]


def test_a_field_is_bounded(client: httpx.Client) -> None:
    body = {"surface": {"name": "beale"}, "shape": [1000, 1000]}
    answer = client.post("/api/field", json=body)
    assert answer.status_code == 413
    assert "cells of a field" in read_failure(answer)["message"]
