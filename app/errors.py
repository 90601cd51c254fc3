"""Every failure in one shape: {"error": {"code", "message", "where", "expected", "given"}}."""

import logging
import math
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from itertools import islice
from typing import Any, cast

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.status import HTTP_413_CONTENT_TOO_LARGE, HTTP_422_UNPROCESSABLE_CONTENT

from app.limits import LimitError
from app.security import HEADERS
from app.worker_errors import WorkerError
from core.errors import BudgetError, SpecificationError, UnknownNameError

LONGEST_TEXT = 200
LONGEST_LIST = 20
DEEPEST = 3
UNEXPECTED = "The server failed on this request; others are not affected."


class ErrorBody(BaseModel):
    """What went wrong, where, what was expected and what was given."""

    code: str
    message: str
    where: list[str | int]
    expected: Any = None
    given: Any = None


class ErrorAnswer(BaseModel):
    """The one shape of every failure."""

    error: ErrorBody


def error_response(
    status: int,
    code: str,
    message: str,
    where: Sequence[str | int] = (),
    expected: object = None,
    given: object = None,
) -> Response:
    """Answer with the one error shape."""
    content = orjson.dumps(error_document(code, message, where, expected, given))
    return Response(content, status, media_type="application/json")


def error_document(
    code: str,
    message: str,
    where: Sequence[str | int] = (),
    expected: object = None,
    given: object = None,
) -> dict[str, object]:
    """Return the one error shape, short and free of what JSON can't carry."""
    error = {
        "code": code,
        "message": message,
        "where": list(where),
        "expected": expected,
        "given": given,
    }
    return {"error": _plain(error)}


def add_error_handlers(app: FastAPI) -> None:
    """Turn every exception that can leave a route into the one shape."""
    app.add_exception_handler(RequestValidationError, _schema_error)
    app.add_exception_handler(SpecificationError, _specification_error)
    app.add_exception_handler(LimitError, _limit_error)
    app.add_exception_handler(WorkerError, _worker_error)
    app.add_exception_handler(BudgetError, _budget_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected_error)


async def _schema_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # FastAPI's own answer echoes the whole input, which fails where that holds a NaN.
    errors: Sequence[dict[str, Any]] = error.errors()
    first = errors[0]
    if first["type"] == "json_invalid":
        return _not_json(first)
    where = _place(first["loc"])
    context = first.get("ctx", {})
    more = f" ({len(errors) - 1} more after this one.)" if len(errors) > 1 else ""
    return error_response(
        HTTP_422_UNPROCESSABLE_CONTENT,
        first["type"],
        _sentence(where, first) + more,
        where,
        context.get("expected", first["msg"]),
        context.get("given", first.get("input")),
    )


def _place(location: Sequence[str | int]) -> list[str | int]:
    """Return the path in the body, without the tag that pydantic adds after a union's name."""
    match list(location[1:]):
        case [("network" | "surface" | "data") as union, _, *rest]:
            return [union, *rest]
        case [("start" | "from") as start, "state", name, _, *rest]:
            return [start, "state", name, *rest]
        case where:
            return where


def _not_json(error: dict[str, Any]) -> Response:
    reason = str(error.get("ctx", {}).get("error", error["msg"]))
    return error_response(
        HTTP_422_UNPROCESSABLE_CONTENT,
        "json_invalid",
        f"The body isn't JSON: {reason}. JSON has no NaN and no Infinity.",
        expected="one JSON document in UTF-8",
        given=f"{reason}, at byte {error['loc'][-1]}",
    )


def _sentence(where: Sequence[str | int], error: dict[str, Any]) -> str:
    message = str(error["msg"])
    match error["type"]:
        case "model_attributes_type":
            return f"{_name(where)} must be a JSON object."
        case "extra_forbidden":
            return f"There is no field called “{str(where[-1])[:60]}” here."
        case "unknown_name" | "ragged_rows" | "too_many_fields":
            return message
        case _:
            return f"{_name(where)}: {message[:1].lower()}{message[1:]}."


def _name(where: Sequence[str | int]) -> str:
    return ".".join(str(part) for part in where) or "The body"


async def _specification_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, SpecificationError)
    unknown = isinstance(error, UnknownNameError)
    status = HTTP_422_UNPROCESSABLE_CONTENT if unknown else HTTPStatus.BAD_REQUEST
    return error_response(
        status, error.code, error.message, error.where, error.expected, error.given
    )


async def _limit_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, LimitError)
    return limit_response(error)


def limit_response(error: LimitError) -> Response:
    """Answer 413, naming the limit and what was given."""
    return error_response(
        HTTP_413_CONTENT_TOO_LARGE,
        "limit_exceeded",
        str(error),
        error.where,
        {error.limit: error.most},
        error.given,
    )


async def _budget_error(_: Request, error: Exception) -> Response:
    return error_response(HTTP_413_CONTENT_TOO_LARGE, "too_slow", str(error))


async def _worker_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, WorkerError)
    answer = error_response(error.status, error.code, str(error))
    if error.retry_after is not None:
        answer.headers["retry-after"] = str(error.retry_after)
    return answer


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    message = {
        HTTPStatus.NOT_FOUND: f"There is nothing at {request.url.path}.",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.url.path} doesn't take {request.method}.",
    }.get(status, str(error.detail))
    answer = error_response(
        status,
        status.phrase.lower().replace(" ", "_"),
        message,
        expected=(error.headers or {}).get("Allow"),
        given=f"{request.method} {request.url.path}",
    )
    answer.headers.update(error.headers or {})
    return answer


async def _unexpected_error(request: Request, error: Exception) -> Response:
    logging.getLogger("chainrule").error("%s failed", request.url.path, exc_info=error)
    answer = error_response(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal_error",
        UNEXPECTED,
    )
    # This handler alone answers outside the middleware that adds them.
    answer.headers.update(HEADERS)
    return answer


def _plain(value: object, depth: int = 0) -> object:
    """Return a short copy that JSON can carry: no NaN, no huge integer, no lone surrogate."""
    match value:
        case None | bool():
            return value
        case str():
            text = value.encode("utf-8", "replace").decode("utf-8")
            return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"
        case int():
            return value if abs(value) < 2**53 else f"an integer of {value.bit_length()} bits"
        case float():
            return value if math.isfinite(value) else str(value)
        case dict() if depth < DEEPEST:
            pairs = islice(cast(dict[object, object], value).items(), LONGEST_LIST)
            return {str(_plain(str(key))): _plain(item, depth + 1) for key, item in pairs}
        case list() | tuple() if depth < DEEPEST:
            items = islice(cast(Iterable[object], value), LONGEST_LIST)
            return [_plain(item, depth + 1) for item in items]
        case list() | tuple() | dict():
            # Not str(): that would recurse as deep as the input does.
            return "…"
        case _:
            return _plain(str(value)[: LONGEST_TEXT + 1])
