"""The OpenAPI document, and generated requests that hold the server to it."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

Json = dict[str, Any]
ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = 25
FAILURES = {"400", "413", "415", "422", "503"}
CALLS = {
    ("get", "/healthz"),
    ("get", "/api/catalog"),
    ("post", "/api/trace"),
    ("post", "/api/answer-check"),
    ("post", "/api/gradient-check"),
    ("post", "/api/code"),
    ("post", "/api/descent"),
    ("post", "/api/descent-trace"),
    ("post", "/api/sweep"),
    ("post", "/api/modes"),
    ("post", "/api/curvature"),
    ("post", "/api/field"),
    ("post", "/api/train"),
    ("post", "/api/train-trace"),
    ("post", "/api/regions"),
    ("post", "/api/fractions"),
    ("post", "/api/jacobian"),
}
POSTS = sorted(path for method, path in CALLS if method == "post")
# A schema can't say that shapes chain or that sizes are within the limits; that 422 is then
# for ragged rows alone is a check of `generated_checks`.
CONFIGURATION = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 400, 413, 422]
"""


def answer_schema(document: Json, path: str) -> str:
    operation = document["paths"][path]["post"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return schema["$ref"].rpartition("/")[2]


def test_the_document_lists_the_calls(document: Json) -> None:
    assert document["openapi"].startswith("3.1")
    found = {(method, path) for path, item in document["paths"].items() for method in item}
    assert found >= CALLS
    for method, path in found:
        assert document["paths"][path][method]["summary"]


@pytest.mark.parametrize("path", POSTS)
def test_failures_are_documented_in_the_one_shape(document: Json, path: str) -> None:
    responses = document["paths"][path]["post"]["responses"]
    assert set(responses) == {"200"} | FAILURES
    for status in FAILURES:
        schema = responses[status]["content"]["application/json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/ErrorAnswer"}
    error = document["components"]["schemas"]["ErrorBody"]
    assert set(error["properties"]) == {"code", "message", "where", "expected", "given"}


def untyped(schema: Any, place: str) -> list[str]:
    """List the places of a schema that say nothing about what stands there."""
    if not isinstance(schema, dict):
        return []
    found = [] if {"type", "$ref", "anyOf", "oneOf", "allOf", "const"} & set(schema) else [place]
    if schema.get("type") == "array" and "items" not in schema and "prefixItems" not in schema:
        found.append(f"{place}[]")
    for name, part in schema.get("properties", {}).items():
        found += untyped(part, f"{place}.{name}")
    for key in ("items", "additionalProperties"):
        found += untyped(schema.get(key), f"{place}[]")
    for part in (*schema.get("anyOf", []), *schema.get("oneOf", [])):
        found += untyped(part, place)
    return found


def test_everything_in_an_answer_is_typed(document: Json) -> None:
    assert answer_schema(document, "/api/trace") == "TraceAnswer"
    assert answer_schema(document, "/api/gradient-check") == "GradientCheckAnswer"
    assert answer_schema(document, "/api/descent") == "PathAnswer"
    assert answer_schema(document, "/api/modes") == "ModesAnswer"
    assert answer_schema(document, "/api/train-trace") == "TraceAnswer"
    assert answer_schema(document, "/api/regions") == "ActivationsAnswer"
    found = [
        place
        for name, schema in document["components"]["schemas"].items()
        for place in untyped(schema, name)
    ]
    # A cell's formula is a tree; what was expected and given can be anything.
    assert found == ["EquationAnswer.cell", "ErrorBody.expected", "ErrorBody.given"]


def test_names_are_enumerated(document: Json, catalog: Json) -> None:
    schemas = document["components"]["schemas"]
    activations = [entry["name"] for entry in catalog["activations"]]
    assert schemas["GivenLayer"]["properties"]["activation"]["enum"] == activations
    assert schemas["DrawnNetwork"]["properties"]["activations"]["items"]["enum"] == activations
    initialisers = [entry["name"] for entry in catalog["initialisers"]]
    assert schemas["Initialisation"]["properties"]["scheme"]["enum"] == initialisers
    for name in ("TraceRequest", "GivenLayer", "DrawnNetwork", "OptimizerChoice"):
        assert schemas[name]["additionalProperties"] is False


def test_generated_requests_find_no_fault(server: str, tmp_path: Path) -> None:
    """Valid, invalid and odd requests for every call: no 500, nothing that isn't documented."""
    configuration = tmp_path / "schemathesis.toml"
    configuration.write_text(CONFIGURATION)
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(configuration)]
    command += ["run", f"{server}/openapi.json", "--checks", "all", "--seed", "1", "--no-color"]
    command += ["--max-examples", str(EXAMPLES), "--generation-database", "none"]
    command += ["--suppress-health-check", "all", "--warnings", "off"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "SCHEMATHESIS_HOOKS": "tests.app.generated_checks",
    }
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    generated = re.search(r"(\d+) generated", done.stdout)
    assert generated, done.stdout
    assert int(generated[1]) > 4 * EXAMPLES
