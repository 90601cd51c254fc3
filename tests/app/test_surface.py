"""Surfaces over the API: typed formulas, matrices, and what is refused, where and why."""

from typing import Any

import httpx
import numpy as np
import pytest

from core.surfaces import SURFACES
from tests.app.failures import read_failure

Json = dict[str, Any]
LECTURE = "x1**2 + x1*x2 + 4*x2**2"


def failed(answer: httpx.Response, status: int, code: str | None = None) -> Json:
    assert answer.status_code == status, answer.text
    failure = read_failure(answer)
    assert code in (None, failure["code"])
    return failure


def describe(client: httpx.Client, surface: Json) -> httpx.Response:
    return client.post("/api/surface", json={"surface": surface})


def test_a_formula_comes_with_its_derivatives(client: httpx.Client):
    found = describe(client, {"expression": LECTURE}).json()
    assert found["name"] == "formula"
    assert found["expression"] == LECTURE
    assert found["gradient_latex"] == ["2 x_1 + x_2", "x_1 + 8 x_2"]
    assert found["hessian_latex"] == [["2", "1"], ["1", "8"]]
    assert found["quadratic"] is True
    assert found["dimension"] == 2
    assert found["optima"] == [{"kind": "minimum", "at": [0, 0], "value": 0}]


@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_of_the_catalogue_can_be_described(client: httpx.Client, name: str):
    found = describe(client, {"name": name}).json()
    assert len(found["gradient_latex"]) == found["dimension"]
    assert all(found["gradient_latex"])
    again = describe(client, {"expression": found["expression"]}).json()
    assert again["gradient_latex"] == found["gradient_latex"]
    assert again["latex"] == found["latex"]


def test_a_matrix_is_written_out(client: httpx.Client):
    found = describe(client, {"matrix": [[2, -1.5], [-1.5, 0.2]]}).json()
    assert found["expression"] == "x1**2 - 1.5*x1*x2 + 0.1*x2**2"
    assert found["optima"][0]["kind"] == "saddle"
    assert describe(client, {"matrix": [[1e300]]}).json()["gradient_latex"] == [None]
    assert describe(client, {"matrix": [[0, 0], [0, 0]]}).json()["expression"] == "0*x1**2"


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("descent", {"start": [3, 3], "optimizer": {"name": "newton"}}),
        ("descent", {"start": [3, 3], "stop": {"gradient_norm": 1e-6}}),
        ("descent-trace", {"start": [3, 3], "iteration": 2}),
        ("sweep", {"start": [3, 3], "learning_rates": [0.1, 0.2]}),
        ("modes", {"start": [3, 3]}),
        ("curvature", {"at": [3, 3]}),
        ("field", {"view": [[-4, 4], [-4, 4]], "shape": [5, 6]}),
    ],
)
def test_a_formula_gives_what_the_named_surface_gives(client: httpx.Client, path: str, more: Json):
    answers = [
        client.post(f"/api/{path}", json={"surface": surface, **more}).json()
        for surface in ({"expression": LECTURE}, {"name": "lecture_quadratic"})
    ]
    numbers = [list(_numbers(answer)) for answer in answers]
    assert len(numbers[0]) > 3
    np.testing.assert_allclose(*numbers, rtol=1e-12, atol=1e-12)


def _numbers(value: Any) -> list[float]:
    match value:
        case dict():
            return [number for item in value.values() for number in _numbers(item)]
        case list():
            return [number for item in value for number in _numbers(item)]
        case bool() | str() | None:
            return []
        case _:
            return [float(value)]


@pytest.mark.parametrize(
    ("text", "character", "words"),
    [
        ("x1 +* 2", 5, "can't be read as a formula"),
        ("__import__('os')", 1, "no function called “__import__”"),
        ("10**10**10 + x1", 5, "exponent may be at most 20"),
        ("x1 + y", 6, "no variable or constant called “y”"),
        ("1/0 + x1", 1, "isn't a real number"),
        ("(x1", 1, "never closed"),
        ("", 1, "Type a formula"),
        ("1" * 301, 301, "at most 300 characters"),
    ],
)
def test_a_formula_that_can_t_be_read(client: httpx.Client, text: str, character: int, words: str):
    for path, more in (("surface", {}), ("descent", {"start": [1, 1]}), ("field", {})):
        answer = client.post(f"/api/{path}", json={"surface": {"expression": text}, **more})
        failure = failed(answer, 400, "invalid_formula")
        assert words in failure["message"]
        assert failure["message"].endswith(f"(character {character})")
        assert failure["where"] == ["surface", "expression"]


@pytest.mark.parametrize("text", [5, None, ["x1"], "x" * 1001])
def test_an_expression_is_a_short_text(client: httpx.Client, text: Any):
    failure = failed(describe(client, {"expression": text}), 422)
    assert failure["where"] == ["surface", "expression"]


def test_a_formula_that_takes_too_long_is_given_up_and_the_server_goes_on(client: httpx.Client):
    heavy = "exp(x1*" * 25 + "x2" + ")" * 25
    failure = failed(describe(client, {"expression": heavy}), 413, "too_slow")
    assert "simpler" in failure["message"]
    assert describe(client, {"expression": "x1*x2"}).status_code == 200


@pytest.mark.parametrize(
    ("path", "more", "where"),
    [("descent", {"start": [-1, 1]}, "start"), ("curvature", {"at": [-1, 1]}, "at")],
)
def test_a_point_outside_the_domain(client: httpx.Client, path: str, more: Json, where: str):
    answer = client.post(f"/api/{path}", json={"surface": {"expression": "log(x1) + x2"}, **more})
    failure = failed(answer, 400, "invalid_specification")
    assert failure["where"] == [where]
    assert "no finite value" in failure["message"]
    assert "(-1, 1)" in failure["message"]


def test_a_path_that_leaves_the_domain_has_diverged(client: httpx.Client):
    body = {
        "surface": {"expression": "log(x1) + x2"},
        "start": [1, 1],
        "optimizer": {"name": "gradient_descent", "learning_rate": 0.5},
    }
    path = client.post("/api/descent", json=body).json()
    assert (path["stopped_by"], path["iterations"]) == ("diverged", 1)


def test_a_field_lists_the_cells_without_a_value(client: httpx.Client):
    body = {"surface": {"expression": "log(x)"}, "view": [[-1, 1]], "shape": [5]}
    field = client.post("/api/field", json=body).json()
    assert field["undefined"] == [0, 1, 2]
    assert field["values"][3:] == [np.log(0.5), 0]


@pytest.mark.parametrize("given", [0, -0.1, None, "NaN"])
def test_a_step_of_nothing(client: httpx.Client, given: Any):
    body = {
        "surface": {"name": "lecture_quadratic"},
        "optimizer": {"name": "gradient_descent", "learning_rate": given},
    }
    answer = client.post("/api/descent", json=body)
    if given is None:
        assert answer.status_code == 200
        return
    failure = failed(answer, 422)
    assert failure["where"] == ["optimizer", "learning_rate"]


def test_not_a_number_is_no_json(client: httpx.Client):
    body = '{"surface": {"name": "lecture_quadratic"}, "start": [NaN, 1]}'
    answer = client.post("/api/descent", content=body, headers={"content-type": "application/json"})
    assert "NaN" in failed(answer, 422, "json_invalid")["message"]
