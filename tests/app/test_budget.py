"""A computation ends when its time is up, and when nobody waits for it any more."""

import asyncio
import threading
import time

import pytest
from starlette.requests import Request
from starlette.types import Message

from app.budget import Budget, answered
from app.worker_errors import ClientGoneError


def connection(messages: list[Message]) -> Request:
    """A connection that gives these messages, and then nothing."""

    async def receive() -> Message:
        if messages:
            return messages.pop(0)
        await asyncio.Event().wait()
        raise AssertionError

    return Request({"type": "http"}, receive)


def test_what_a_thread_writes_is_the_answer():
    answer = asyncio.run(answered(connection([]), lambda _: b"{}"))
    assert (answer.body, answer.media_type) == (b"{}", "application/json")


def test_a_computation_ends_when_its_client_leaves():
    ended = threading.Event()

    def work(budget: Budget) -> bytes:
        while not budget():
            time.sleep(0.001)
        ended.set()
        return b""

    with pytest.raises(ClientGoneError):
        asyncio.run(answered(connection([{"type": "http.disconnect"}]), work))
    assert ended.wait(5)


def test_an_error_of_the_computation_arrives():
    def fail(_: Budget) -> bytes:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(answered(connection([]), fail))


def test_time_runs_out():
    assert not Budget(60)()
    assert Budget(-1)()
