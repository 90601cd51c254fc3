"""Recorded quantities: every number of every step, as the trace of that step gives it."""

from typing import Any

import httpx
import pytest

from app.answers import PathAnswer
from core.optimizers import OPTIMIZERS
from core.schedules import SCHEDULES
from core.searches import SEARCHES
from tests.app.failures import read_failure

Json = dict[str, Any]
LECTURE: Json = {"surface": {"name": "lecture_quadratic"}, "start": [3, 3]}
ROSENBROCK: Json = {"surface": {"name": "rosenbrock"}, "start": [-1.2, 1]}
STEPS = 6
CASES: dict[str, Json] = {
    **{name: {"optimizer": {"name": name}} for name in [*OPTIMIZERS, *SEARCHES]},
    **{f"schedule {name}": {"schedule": {"name": name}} for name in SCHEDULES},
    "weight decay": {"optimizer": {"name": "momentum", "weight_decay": 0.1, "dampening": 0.5}},
    "centered": {"optimizer": {"name": "rmsprop", "centered": True}},
    "adam on a schedule": {"optimizer": {"name": "adam"}, "schedule": {"name": "cosine"}},
    "ascent": {"direction": "ascend"},
    "one variable": {"surface": {"name": "double_well"}, "start": [2]},
    "bfgs in a ravine": {**ROSENBROCK, "optimizer": {"name": "bfgs"}},
    "adamw in a ravine": {**ROSENBROCK, "optimizer": {"name": "adamw"}},
}


def ask(client: httpx.Client, body: Json) -> Json:
    answer = client.post("/api/descent", json={**LECTURE, "quantities": True, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("case", CASES)
def test_every_number_is_the_trace_s_bit_for_bit(client: httpx.Client, case: str) -> None:
    body = {**LECTURE, **CASES[case], "stop": {"max_iterations": STEPS}}
    path = ask(client, body)
    found = PathAnswer.model_validate(path, strict=True, extra="forbid").quantities
    assert found is not None
    quantities = path["quantities"]
    assert set(quantities["tensors"]) == {*quantities["constants"], *quantities["columns"]}
    assert len(quantities["lines"]) == len(quantities["steps"])
    for k in range(path["iterations"]):
        trace = client.post("/api/descent-trace", json={**body, "iteration": k}).json()
        told = {id: now(id, k, quantities) for id in quantities["tensors"]}
        assert dict(told.values()) == {
            id: tensor["data"] for id, tensor in trace["tensors"].items()
        }
        if k == 0:
            assert quantities["steps"] == trace["steps"]
            assert quantities["equations"] == trace["equations"]
            for id, head in quantities["tensors"].items():
                assert head == {key: trace["tensors"][id][key] for key in head}


def now(id: str, k: int, quantities: Json) -> tuple[str, list[float]]:
    """Return a tensor's id and data in iteration k."""
    if id in quantities["constants"]:
        return id, quantities["constants"][id]
    name, _, first = id.partition("@")
    data = quantities["columns"][id][k]
    assert isinstance(data, list) == bool(quantities["tensors"][id]["shape"])
    return f"{name}@{int(first) + k}", data if isinstance(data, list) else [data]


def test_a_column_has_an_entry_a_step(client: httpx.Client) -> None:
    path = ask(client, {"optimizer": {"learning_rate": 0.2}, "stop": {"gradient_norm": 1e-6}})
    columns = path["quantities"]["columns"]
    assert {len(column) for column in columns.values()} == {38}
    assert columns["theta@0"] == path["theta"][:-1]
    assert columns["theta@1"] == path["theta"][1:]
    assert columns["L@0"] == path["value"][:-1]
    assert path["quantities"]["constants"] == {"eta@0": [0.2]}


def test_they_are_there_only_when_they_are_asked_for(client: httpx.Client) -> None:
    assert ask(client, {"quantities": False})["quantities"] is None
    answer = client.post("/api/descent", json=LECTURE)
    assert answer.json()["quantities"] is None
    for path in ("/api/descent-trace", "/api/modes"):
        assert client.post(path, json={**LECTURE, "quantities": True}).status_code == 422


@pytest.mark.parametrize("learning_rate", [0.3, 50.0])
def test_a_path_that_diverges_keeps_its_complete_steps(
    client: httpx.Client, learning_rate: float
) -> None:
    path = ask(client, {"optimizer": {"learning_rate": learning_rate}})
    assert path["stopped_by"] == "diverged"
    columns = path["quantities"]["columns"]
    assert {len(column) for column in columns.values()} == {path["iterations"]}
    assert columns["theta@1"] == path["theta"][1:]


def test_a_step_with_a_number_that_isn_t_finite_ends_the_columns(client: httpx.Client) -> None:
    """AdaGrad's sum of squares overflows, and the point then stands still, at a finite place."""
    body: Json = {
        "surface": {"matrix": [[1e200, 0], [0, 1e200]]},
        "start": [3, 3],
        "optimizer": {"name": "adagrad"},
    }
    path = ask(client, body)
    assert (path["iterations"], path["stopped_by"]) == (1, "stationary")
    assert {len(column) for column in path["quantities"]["columns"].values()} == {0}
    trace = client.post("/api/descent-trace", json=body).json()
    assert trace["outcome"] == "diverged"


def test_a_path_without_a_step(client: httpx.Client) -> None:
    path = ask(client, {"start": [0, 0]})
    assert path["iterations"] == 0
    assert {len(column) for column in path["quantities"]["columns"].values()} == {0}


def test_the_numbers_of_one_answer_are_limited(client: httpx.Client, catalog: Json) -> None:
    most = catalog["limits"]["quantity_cells"]
    body = {**LECTURE, "quantities": True, "optimizer": {"name": "adam"}}
    over = {**body, "stop": {"max_iterations": 50_000, "gradient_norm": 1e3}}
    answer = client.post("/api/descent", json=over)
    assert answer.status_code == 413
    failure = read_failure(answer)
    assert f"{most:,} recorded numbers" in failure["message"]
    assert failure["where"] == ["body", "quantities"] or failure["where"] == ["quantities"]
    assert client.post("/api/descent", json={**over, "quantities": False}).status_code == 200


def test_the_lines_are_finished_formulas(client: httpx.Client) -> None:
    path = ask(client, {"schedule": {"name": "exponential"}, "stop": {"max_iterations": 1}})
    latex = [line["latex"] for line in path["quantities"]["lines"]]
    assert latex == [
        r"f(\theta^{k}) = x_1^2 + x_1 x_2 + 4 x_2^2",
        r"\nabla f(\theta^{k})",
        r"k \leftarrow k + 1",
        r"\eta^{k} = \eta_0\, \gamma^{k}",
        r"\theta^{k+1} = \theta^{k} - \eta^{k}\, \nabla f(\theta^{k})",
    ]
