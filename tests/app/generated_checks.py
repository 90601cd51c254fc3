"""Checks that Schemathesis runs on every answer to a generated request, beside its own."""

import json
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, HookContext
from schemathesis.generation import GenerationMode

KEYS = ["code", "message", "where", "expected", "given"]
MOST_STEPS = 50
BEYOND_SCHEMA = "ragged_rows"
"""The one thing that is answered 422 and that a JSON schema can't say."""


@schemathesis.hook
def map_body(context: HookContext, body: Any) -> Any:
    """Let no generated training run for minutes; `epochs` may be anything all the same."""
    is_training = context.operation is not None and context.operation.path == "/api/train"
    if is_training and isinstance(body, dict) and isinstance(body.get("steps", 0), int | None):
        return body | {"steps": min(body.get("steps") or MOST_STEPS, MOST_STEPS)}
    return body


@schemathesis.check
def failures_have_the_one_shape(
    _context: CheckContext, response: schemathesis.Response, _case: Case
) -> None:
    if response.status_code >= 400:
        body = json.loads(response.content)
        assert list(body) == ["error"], body
        assert list(body["error"]) == KEYS, body


@schemathesis.check
def what_fits_the_schema_is_not_called_misfitting(
    _context: CheckContext, response: schemathesis.Response, case: Case
) -> None:
    positive = case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE
    if positive and response.status_code == 422:
        assert json.loads(response.content)["error"]["code"] == BEYOND_SCHEMA, response.content
