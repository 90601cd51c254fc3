"""A training as server-sent events: framed in the worker, handed on by the server as they are."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.errors import UNEXPECTED, error_document
from app.train_events import Run, framed, framed_events
from app.worker_errors import WorkerError
from app.workers import Stream
from app.workers import stream as begin

HEARTBEAT_SECONDS = 5.0
SPARE_SECONDS = 30.0
"""For a run that ends by itself when its time is up to say so."""
HEARTBEAT = b": still training\n\n"
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
"""The second one tells a proxy in front not to gather events."""


class EventStream(StreamingResponse):
    """A worker's events as they come; the work ends when its client has gone."""

    def __init__(self, request: Request, first: bytes, stream: Stream) -> None:
        self._stream = stream
        events = _sent(request, first, stream)
        super().__init__(events, headers=HEADERS, media_type="text/event-stream")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            # Also where not one event was asked for.
            self._stream.close()


async def stream_events(request: Request, run: Run) -> EventStream:
    """Begin a training and answer with its events.

    Raises: WorkerError, and SpecificationError where a snapshot doesn't fit.
    """
    stream = await begin(framed_events, run, seconds=run.seconds + SPARE_SECONDS)
    _, first = await stream.read()
    return EventStream(request, first, stream)


async def _sent(request: Request, first: bytes, stream: Stream) -> AsyncGenerator[bytes]:
    """Hand on a worker's events; what fails now is an event too, with the one error shape."""
    try:
        yield first
        async with stream, aclosing(_messages(stream)) as messages:
            async for message in messages:
                yield message
    except WorkerError as error:
        yield framed("error", error_document(error.code, str(error)))
    except Exception as error:
        logging.getLogger("chainrule").error("%s failed", request.url.path, exc_info=error)
        yield framed("error", error_document("internal_error", UNEXPECTED))


async def _messages(stream: Stream) -> AsyncGenerator[bytes]:
    """Give out what has come, and a heartbeat where nothing comes for long, while it is read."""
    while True:
        reading = asyncio.ensure_future(stream.read_ready())
        try:
            while not await _comes_in_time(reading):
                yield HEARTBEAT
            messages = reading.result()
        finally:
            await _end(reading)
        if not messages:
            return
        yield b"".join(messages)


async def _comes_in_time(reading: asyncio.Future[list[bytes]]) -> bool:
    done, _ = await asyncio.wait((reading,), timeout=HEARTBEAT_SECONDS)
    return bool(done)


async def _end(reading: asyncio.Future[list[bytes]]) -> None:
    """Let nobody wait for it: the client may have gone."""
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
