"""An event stream that nobody begins to read: its work ends all the same."""

import asyncio

from starlette.requests import Request
from starlette.types import Message

from app.train_events import framed_events
from app.train_requests import TrainRequest
from app.train_stream import EventStream
from app.worker_process import Conditions
from app.workers import Settings, Workers
from tests.app.processes import alive, until
from tests.app.test_train import MOONS

SCOPE = {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}}


async def gone() -> Message:
    return {"type": "http.disconnect"}


async def stuck(_: Message) -> None:
    """A connection that takes nothing, not even the headers."""
    await asyncio.Event().wait()


async def answer_nobody(workers: Workers) -> int:
    """Answer a client that has gone before the headers were sent; return the worker's id."""
    spec = TrainRequest.model_validate(MOONS | {"epochs": 10**6, "rows_every": 10**6}).run()
    stream = await workers.stream(framed_events, spec, seconds=60)
    _, first = await stream.read()
    (worker,) = workers.streams._workers
    await EventStream(Request(SCOPE, gone), first, stream)(SCOPE, gone, stuck)
    return worker.process.pid or 0


def test_a_client_that_leaves_before_the_headers() -> None:
    workers = Workers(Settings(1, 1, Conditions()))
    try:
        worker = asyncio.run(answer_nobody(workers))
        assert worker
        assert until(lambda: not alive(worker))
    finally:
        workers.close()
