"""A computation ends when its time is up, and when nobody waits for it any more."""

import asyncio
import threading
import time

import pytest
from starlette.requests import Request
from starlette.types import Message

from app.budget import Budget, answered
from app.worker_errors import ClientGoneError


def connection(leaves: threading.Event | None = None) -> Request:
    """A connection that stays, or whose client leaves then."""

    async def receive() -> Message:
        while leaves is None or not leaves.is_set():
            await asyncio.sleep(0.001)
        return {"type": "http.disconnect"}

    return Request({"type": "http"}, receive)


def test_what_a_thread_writes_is_the_answer():
    answer = asyncio.run(answered(connection(), lambda _: b"{}"))
    assert (answer.body, answer.media_type) == (b"{}", "application/json")


def test_a_computation_ends_when_its_client_leaves():
    started, ended = threading.Event(), threading.Event()

    def work(budget: Budget) -> bytes:
        started.set()
        while not budget():
            time.sleep(0.001)
        ended.set()
        return b""

    with pytest.raises(ClientGoneError):
        asyncio.run(answered(connection(started), work))
    assert ended.wait(5)


def test_an_error_of_the_computation_arrives():
    def fail(_: Budget) -> bytes:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(answered(connection(), fail))


def test_time_runs_out():
    assert not Budget(60)()
    assert Budget(-1)()
