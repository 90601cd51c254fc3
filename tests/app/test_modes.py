"""A path's error in its modes over the API, and surfaces of one variable in every call."""

from typing import Any

import httpx
import pytest

from app.answers import ModesAnswer
from core.surfaces import SURFACES
from tests.app.failures import read_failure

Json = dict[str, Any]
LECTURE: Json = {"surface": {"name": "lecture_quadratic"}, "start": [3, 3]}
LINES = [name for name, surface in SURFACES.items() if surface.dimension == 1]


def ask(client: httpx.Client, body: Json) -> Json:
    answer = client.post("/api/modes", json=body)
    assert answer.status_code == 200, answer.text
    ModesAnswer.model_validate(answer.json(), strict=True, extra="forbid")
    return answer.json()


def test_the_lecture_s_modes(client: httpx.Client) -> None:
    stop = {"gradient_norm": 1e-6}
    found = ask(client, {**LECTURE, "optimizer": {"learning_rate": 0.2}, "stop": stop})
    assert found["center"] == [0, 0]
    assert found["factors"] == pytest.approx([10**0.5 / 5, -(10**0.5) / 5])
    assert found["predicted_rate"] == pytest.approx(0.6324555320336759)
    assert found["value_ratio"] == pytest.approx([0.4] * 38, rel=1e-12)
    assert len(found["coordinates"]) == len(found["predicted"]) == len(found["error"]) == 39
    assert len(found["measured_rate"]) == 38


def test_what_isn_t_a_number_is_null(client: httpx.Client) -> None:
    body = {"surface": {"name": "saddle"}, "start": [1, 1], "stop": {"max_iterations": 1}}
    assert ask(client, body)["value_ratio"] == [None]
    flat = ask(client, {"surface": {"matrix": [[0, 0], [0, 0]]}, "start": [1, 1]})
    assert (flat["predicted_rate"], flat["measured_rate"]) == (None, [])


def test_a_search_has_modes_without_a_prediction(client: httpx.Client) -> None:
    found = ask(client, {**LECTURE, "optimizer": {"name": "conjugate_gradient"}})
    assert found["factors"] is found["predicted"] is found["predicted_rate"] is None
    assert found["error"][2] == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("name", ["rosenbrock", "himmelblau", "bump"])
def test_a_path_that_doesn_t_come_to_rest_is_refused(client: httpx.Client, name: str) -> None:
    body = {"surface": {"name": name}, "stop": {"max_iterations": 3}}
    body["optimizer"] = {"learning_rate": 1e-4}
    answer = client.post("/api/modes", json=body)
    assert answer.status_code == 400
    failure = read_failure(answer)
    assert "isn't a quadratic" in failure["message"]
    assert failure["given"] == "max_iterations"


@pytest.mark.parametrize("name", LINES)
def test_one_variable_everywhere(client: httpx.Client, name: str) -> None:
    surface = SURFACES[name]
    body: Json = {"surface": {"name": name}, "optimizer": {"learning_rate": 0.1}}
    body["stop"] = {"gradient_norm": 1e-8}
    path = client.post("/api/descent", json={**body, "quantities": True}).json()
    assert path["stopped_by"] == "gradient_norm"
    assert all(norm >= 0 for norm in path["gradient_norm"])
    (end,) = path["theta"][-1]
    minima = [optimum.at[0] for optimum in surface.optima if optimum.kind == "minimum"]
    assert min(abs(end - minimum) for minimum in minima) < 1e-7
    curvature = client.post("/api/curvature", json={"surface": body["surface"], "at": [end]})
    (bend,) = curvature.json()["eigenvalues"]
    assert curvature.json()["eigenvectors"] == [[1]]
    assert curvature.json()["stable_below"] == pytest.approx(2 / bend)
    found = ask(client, body)
    assert found["predicted_rate"] == pytest.approx(abs(1 - 0.1 * bend))
    assert found["measured_rate"][-20] == pytest.approx(found["predicted_rate"], rel=0.02)
    sweep = client.post("/api/sweep", json={**body, "learning_rates": [0.05, 0.1]}).json()
    assert sweep["iterations"][1] == path["iterations"]
    field = client.post("/api/field", json={"surface": body["surface"], "shape": [5]}).json()
    assert (field["y"], len(field["x"]), len(field["values"])) == (None, 5, 5)
    assert field["values"][0] == pytest.approx(float(surface.value(surface.view[0][0])))
    trace = client.post("/api/descent-trace", json={**body, "iteration": 2}).json()
    assert trace["tensors"]["theta@3"]["data"] == path["theta"][3]
    assert path["quantities"]["columns"]["theta@1"][2] == path["theta"][3]


def test_a_matrix_of_one_row(client: httpx.Client) -> None:
    found = ask(client, {"surface": {"matrix": [[4]]}, "optimizer": {"learning_rate": 0.1}})
    assert found["factors"] == pytest.approx([0.6])
    assert found["coordinates"][0] == [3]
