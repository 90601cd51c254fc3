"""Checks that Schemathesis runs on every answer to a generated request, beside its own."""

import json

import schemathesis
from schemathesis import Case, CheckContext
from schemathesis.generation import GenerationMode

KEYS = ["code", "message", "where", "expected", "given"]
BEYOND_SCHEMA = "ragged_rows"
"""The one thing that is answered 422 and that a JSON schema can't say."""


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
