"""Request bodies: bounded while they arrive, and while they are decompressed."""

import zlib
from http import HTTPStatus

from fastapi.responses import Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import error_response, limit_response
from app.limits import LIMITS, LimitError

# 32 lets zlib recognise gzip and zlib headers alike.
_ANY_HEADER = zlib.MAX_WBITS | 32
ENCODINGS = ("identity", "gzip", "deflate")


class BoundedBody:
    """ASGI middleware that reads the body up to the limit, decompresses it and hands it on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        body = await _read(MutableHeaders(scope=scope), receive)
        if isinstance(body, Response):
            await body(scope, receive, send)
        elif body is not None:
            await self.app(scope, _replay(body, receive), send)


async def _read(headers: MutableHeaders, receive: Receive) -> bytes | Response | None:
    """Return the body, the answer that refuses it, or None where the client has gone."""
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ENCODINGS:
        return _unknown_encoding(encoding)
    try:
        raw = await _receive_all(int(headers.get("content-length") or 0), receive)
        if raw is None or encoding == "identity":
            return raw
        body = _decompress(raw)
    except LimitError as error:
        return limit_response(error)
    except (zlib.error, EOFError):
        return _broken_encoding(encoding)
    del headers["content-encoding"]
    headers["content-length"] = str(len(body))
    return body


async def _receive_all(announced: int, receive: Receive) -> bytes | None:
    LIMITS.check("body_bytes", announced)
    parts, size = list[bytes](), 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        LIMITS.check("body_bytes", size)
        if not message.get("more_body", False):
            return b"".join(parts)


def _decompress(raw: bytes) -> bytes:
    decompressor = zlib.decompressobj(_ANY_HEADER)
    body = decompressor.decompress(raw, LIMITS.body_bytes + 1)
    LIMITS.check("body_bytes", len(body))
    if not decompressor.eof or decompressor.unused_data:
        raise EOFError
    return body


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body once, then what the connection gives."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return pending.pop() if pending else await receive()

    return replayed


def _unknown_encoding(encoding: str) -> Response:
    return error_response(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "unknown_encoding",
        "The body's content encoding isn't one that this server reads.",
        ["headers", "content-encoding"],
        list(ENCODINGS),
        encoding[:60],
    )


def _broken_encoding(encoding: str) -> Response:
    return error_response(
        HTTPStatus.BAD_REQUEST,
        "broken_encoding",
        f"The body says that it is {encoding}, but it can't be decompressed.",
        ["body"],
        f"one complete {encoding} stream",
        None,
    )
