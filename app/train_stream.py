"""A training as server-sent events: framed in the worker, handed on by the server as they are."""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.errors import error_document
from app.wire import divergence_json
from app.worker_errors import WorkerError
from app.workers import Stream, disconnected
from app.workers import stream as begin
from core.history import End, Event, Rhythm, follow
from core.monitor import Row
from core.training import Snapshot, Training

HEARTBEAT_SECONDS = 5.0
SPARE_SECONDS = 30.0
"""For a run that ends by itself when its time is up to say so."""
HEARTBEAT = b": still training\n\n"
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
"""The second one tells a proxy in front not to gather events."""

MESSAGES = {
    "epochs": "All epochs are done.",
    "steps": "All steps that were asked for are done.",
    "loss_change": "The loss changed less in one epoch than the criterion asks.",
    "gradient_norm": "The gradient is smaller than the criterion asks.",
    "time": "The time that one run may take is over: go on from the last snapshot.",
}


@dataclass(frozen=True)
class Run:
    """What a worker is asked for: a training with its rhythm, and from where to where."""

    training: Training
    rhythm: Rhythm
    start: Snapshot | None = None
    most_steps: int | None = None
    seconds: float = 600.0


def framed_events(run: Run) -> Iterator[bytes]:
    """Train, and give out events as bytes; this is what a worker does."""
    deadline = time.monotonic() + run.seconds
    # What doesn't fit is found here, before the first event.
    events = follow(run.training, run.rhythm, run.start, run.most_steps, deadline)
    yield framed("start", _start(run), run.start.step if run.start else 0)
    for event in events:
        yield framed_event(event)


def framed_event(event: Event) -> bytes:
    """Write a row, a snapshot or the end."""
    match event:
        case Row():
            return framed("row", asdict(event), event.step)
        case Snapshot():
            return framed("snapshot", _snapshot(event), event.step)
        case End():
            return framed("end", _end(event), event.step)


def framed(name: str, document: object, id: int | None = None) -> bytes:
    """Write one server-sent event."""
    data = orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)
    last = b"" if id is None else b"\nid: %d" % id
    return b"event: " + name.encode() + b"\ndata: " + data + last + b"\n\n"


def _start(run: Run) -> dict[str, Any]:
    training = run.training
    network, batches = training.network, training.batches
    return {
        "samples": {
            "train": len(training.X),
            "test": 0 if training.test_X is None else len(training.test_X),
        },
        "batch_size": batches.size,
        "steps_per_epoch": batches.per_epoch,
        "steps": training.steps,
        "parameters": sum(layer.W.size + layer.b.size for layer in network.layers),
        "layers": [
            {"units": len(layer.W), "activation": layer.activation} for layer in network.layers
        ],
    }


def _snapshot(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "step": snapshot.step,
        "layers": [{"W": W, "b": b} for W, b in snapshot.layers],
        # A 0-dimensional array is no list and no number to orjson.
        "state": {
            name: array if array.ndim else float(array) for name, array in snapshot.state.items()
        },
        "goal": snapshot.goal,
    }


def _end(end: End) -> dict[str, Any]:
    cell = None if end.cell is None else divergence_json(end.cell)
    message = (
        MESSAGES[end.reason]
        if cell is None
        else f"The training diverged in step {end.step:,}: {cell['message']}"
    )
    return {
        "reason": end.reason,
        "step": end.step,
        "message": message,
        "cell": cell,
        "rows": end.rows,
        "snapshots": end.snapshots,
        "seconds": end.seconds,
    }


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
    gone = asyncio.ensure_future(disconnected(request))
    try:
        yield first
        async with stream, aclosing(_until(stream, gone)) as messages:
            async for message in messages:
                yield message
    except WorkerError as error:
        yield framed("error", error_document(error.code, str(error)))
    finally:
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)


async def _until(stream: Stream, gone: "asyncio.Future[None]") -> AsyncGenerator[bytes]:
    """Give out the messages, and a heartbeat where there is none for long, while it is read."""
    while True:
        reading = asyncio.ensure_future(stream.read())
        try:
            while not reading.done():
                await asyncio.wait(
                    (reading, gone),
                    timeout=HEARTBEAT_SECONDS,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if gone.done():
                    return
                if not reading.done():
                    yield HEARTBEAT
            kind, message = reading.result()
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
        if kind != "message":
            return
        yield message
