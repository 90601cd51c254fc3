"""How a failure must look."""

import json
from typing import Any

import httpx

Json = dict[str, Any]
KEYS = ["code", "message", "where", "expected", "given"]
LONGEST = 20_000
"""Bytes of a failure's answer: it never echoes what was sent at length."""


def no_constant(text: str) -> None:
    raise AssertionError(f"the answer holds {text}, which isn't JSON")


def read_failure(answer: httpx.Response) -> Json:
    """Return the error, having checked that it is in the one shape."""
    assert answer.headers["content-type"] == "application/json"
    assert len(answer.content) < LONGEST
    body = json.loads(answer.content, parse_constant=no_constant)
    assert list(body) == ["error"]
    error = body["error"]
    assert list(error) == KEYS
    assert error["code"] == error["code"].lower().replace(" ", "_")
    assert error["message"][:1].strip()
    assert error["message"].endswith((".", "?", ")"))
    assert isinstance(error["where"], list)
    assert all(type(part) in (str, int) for part in error["where"])
    return error
