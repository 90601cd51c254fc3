"""Conventions on the wire, and the code that follows them."""

from typing import Any

import httpx
import numpy as np
import pytest

from app.answers import TraceAnswer
from app.code_requests import CodeAnswer
from core import PRESETS
from core.code_export import export_code
from core.conventions import HALVES, REDUCTIONS
from core.layouts import LAYOUTS
from tests.app.failures import read_failure

Json = dict[str, Any]
NAME = "mse_identity"


@pytest.fixture
def body(requests: dict[str, Json]) -> Json:
    return requests[NAME]


def tensors(client: httpx.Client, body: Json, **conventions: Any) -> Json:
    answer = client.post("/api/trace", json=body | {"conventions": conventions})
    assert answer.status_code == 200, answer.text
    TraceAnswer.model_validate_json(answer.content, strict=True, extra="forbid")
    return answer.json()["tensors"]


def array(tensor: Json) -> np.ndarray:
    return np.array(tensor["data"]).reshape(tensor["shape"])


def test_the_default_is_the_lecture_s(client: httpx.Client, body: Json) -> None:
    plain = client.post("/api/trace", json=body).content
    chosen = {"layout": "rows_out_in", "half": True, "reduction": "mean"}
    for conventions in ({}, chosen):
        answer = client.post("/api/trace", json=body | {"conventions": conventions})
        assert answer.content == plain


def test_given_numbers_stay_as_they_are_given(client: httpx.Client, body: Json) -> None:
    rows, columns, in_out = (tensors(client, body, layout=layout) for layout in LAYOUTS)
    np.testing.assert_array_equal(array(columns["A[0]@0"]), np.array(body["X"]).T)
    np.testing.assert_array_equal(array(columns["Y@0"]), np.array(body["Y"]).T)
    assert columns["W[1]@0"] == rows["W[1]@0"]
    np.testing.assert_array_equal(array(in_out["W[1]@0"]), array(rows["W[1]@0"]).T)
    assert in_out["A[0]@0"] == rows["A[0]@0"]
    assert columns["Z[1]@0"]["axes"] == ["units[1]", "samples"]
    assert in_out["dW[2]@0"]["axes"] == ["units[1]", "units[2]"]


def test_gradients_scale_as_they_should(client: httpx.Client, body: Json) -> None:
    lecture = tensors(client, body)
    whole, summed = tensors(client, body, half=False), tensors(client, body, reduction="sum")
    for id in ("L@0", "dW[1]@0", "db[3]@0", "dZ[2]@0"):
        np.testing.assert_allclose(array(whole[id]), 2 * array(lecture[id]), rtol=1e-13)
        np.testing.assert_allclose(array(summed[id]), 3 * array(lecture[id]), rtol=1e-13)


def test_the_gradient_check_has_the_layout_s_shapes(client: httpx.Client, body: Json) -> None:
    for layout in LAYOUTS:
        for half in (True, False):
            asked = body | {"conventions": {"layout": layout, "half": half, "reduction": "sum"}}
            check = client.post("/api/gradient-check", json=asked).json()
            assert check["verdict"] == "pass"
            first = check["parameters"][0]["shape"]
            assert first == ([5, 7] if layout == "rows_in_out" else [7, 5])


def test_the_catalogue_lists_the_choices(catalog: Json) -> None:
    found = catalog["conventions"]
    assert [each["name"] for each in found["layouts"]] == list(LAYOUTS)
    assert [each["value"] for each in found["halves"]] == [half.value for half in HALVES]
    assert [each["name"] for each in found["reductions"]] == list(REDUCTIONS)
    choices = [*found["layouts"], *found["halves"], *found["reductions"]]
    for each in choices:
        assert each["title"]
        assert "=" in each["latex"]
        assert each["description"].endswith(".")
    assert len({each["latex"] for each in choices}) == len(choices)
    assert found["halves"][0]["losses"] == ["mse"]
    assert "(out, in)" in found["given"]


@pytest.mark.parametrize(
    ("conventions", "where"),
    [
        ({"layout": "cols"}, "layout"),
        ({"reduction": "avg"}, "reduction"),
        ({"half": "yes"}, "half"),
        ({"order": "F"}, "order"),
    ],
)
@pytest.mark.parametrize("path", ["/api/trace", "/api/gradient-check", "/api/code"])
def test_what_isn_t_a_convention_is_refused(
    client: httpx.Client, body: Json, path: str, conventions: Json, where: str
) -> None:
    answer = client.post(path, json=body | {"conventions": conventions})
    assert answer.status_code == 422
    assert read_failure(answer)["where"] == ["conventions", where]


def test_training_has_the_lecture_s_conventions_alone(client: httpx.Client) -> None:
    answer = client.post("/api/train", json={"conventions": {"layout": "columns"}})
    assert answer.status_code == 422


def test_the_code_is_the_core_s(client: httpx.Client, body: Json) -> None:
    answer = client.post("/api/code", json=body)
    assert answer.status_code == 200
    CodeAnswer.model_validate_json(answer.content, strict=True, extra="forbid")
    scripts = answer.json()["scripts"]
    expected = export_code(PRESETS[NAME].experiment())
    told, _, text = scripts[0]["text"].partition("\n")
    assert told.startswith("# For the server's last bits: ")
    assert told.endswith(" OPENBLAS_NUM_THREADS=1 python chainrule_numpy.py")
    assert [text, scripts[1]["text"]] == [script.text for script in expected]
    assert [each["language"] for each in scripts] == ["numpy", "pytorch"]
    for each in scripts:
        compile(each["text"], each["filename"], "exec")


def test_the_code_follows_the_conventions(client: httpx.Client, body: Json) -> None:
    asked = body | {"conventions": {"layout": "columns", "half": False, "reduction": "sum"}}
    numpy, torch = (each["text"] for each in client.post("/api/code", json=asked).json()["scripts"])
    assert "Z1 = W1 @ X + b1[:, None]" in numpy
    assert "dA3 = 2 * (A3 - Y)" in numpy
    assert "L = Lp.sum()\n" in torch


def test_too_many_numbers_to_write_out_are_refused(client: httpx.Client, catalog: Json) -> None:
    most = catalog["limits"]["code_numbers"]
    network = {
        "sizes": [300, 300],
        "activations": ["tanh"],
        "init": {"scheme": "xavier_uniform"},
    }
    answer = client.post("/api/code", json={"network": network, "X": [[0.0] * 300]})
    assert answer.status_code == 413
    error = read_failure(answer)
    assert error["expected"] == {"code_numbers": most}
    assert error["given"] == 300 * 300 + 600
