"""What all calls of the API share: strict JSON in, and failures in the one shape."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, TypeAlias, TypeVar

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from pydantic import BaseModel

from app.errors import ErrorAnswer, error_response

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Responses: TypeAlias = dict[int | str, dict[str, Any]]

FAILURES: Responses = {
    400: {"model": ErrorAnswer, "description": "It fits the schema but not the mathematics"},
    413: {"model": ErrorAnswer, "description": "Over one of the published limits"},
    415: {
        "model": ErrorAnswer,
        "description": "Not JSON, or a content encoding other than gzip or deflate",
    },
    422: {"model": ErrorAnswer, "description": "It doesn't fit the schema"},
    503: {"model": ErrorAnswer, "description": "Busy, or a worker was lost: try again"},
}


def _not_json(content_type: str) -> Response:
    return error_response(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        "The body must be JSON, with the header Content-Type: application/json.",
        ["headers", "content-type"],
        "application/json",
        content_type or None,
    )


class StrictJsonRequest(Request):
    """A request read by a strict parser: no NaN, no lone surrogate, no deep nesting."""

    async def says_otherwise(self) -> bool:
        """Whether there is a body that isn't announced as JSON."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return kind != "application/json" and bool(await self.body())

    async def json(self) -> Any:
        return orjson.loads(await self.body())


class StrictJsonRoute(APIRoute):
    """A route that takes such requests, and no other body."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_strictly(request: Request) -> Response:
            strict = StrictJsonRequest(request.scope, request.receive)
            if request.method == "POST" and await strict.says_otherwise():
                return _not_json(request.headers.get("content-type", ""))
            return await handle(strict)

        return handle_strictly


class Calls:
    """Makes functions calls of the API, on a router of its own."""

    def __init__(self) -> None:
        self.router = APIRouter(route_class=StrictJsonRoute)

    def __call__(
        self,
        path: str,
        summary: str,
        answer: type[BaseModel] | None = None,
        responses: Responses | None = None,
        **more: Any,
    ) -> Callable[[Endpoint], Endpoint]:
        """Make a function a call: what fails, fails in the one shape."""
        return self.router.post(
            path,
            summary=summary,
            response_model=answer,
            responses=FAILURES | (responses or {}),
            **more,
        )


def json_answer(content: bytes) -> Response:
    """Answer with JSON that is written already."""
    return Response(content, media_type="application/json")
