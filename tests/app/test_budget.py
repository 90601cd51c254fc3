"""A computation ends when its time is up, and when nobody waits for it any more."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from starlette.requests import Request
from starlette.types import Message

from app.answer_requests import AnswerCheckRequest
from app.budget import SECONDS, Budget, answered
from app.descent_requests import DescentTraceRequest, ModesRequest, PathRequest, SweepRequest
from app.fraction_requests import FractionsRequest
from app.worker_errors import ClientGoneError
from core.errors import BudgetError
from core.stopping import IsOver

Json = dict[str, Any]


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


def test_a_computation_is_over_when_its_seconds_are(monkeypatch: pytest.MonkeyPatch):
    assert SECONDS <= 10
    monkeypatch.setattr("app.budget.SECONDS", 0.05)

    def work(budget: Budget) -> bytes:
        begun = time.monotonic()
        while not budget() and time.monotonic() - begun < 5:
            time.sleep(0.001)
        return b"over" if budget() else b"not over"

    assert asyncio.run(answered(connection(), work)).body == b"over"


LAYERS: Json = {
    "layers": [{"W": [[0.5] * 30] * 40, "b": [0.25] * 40, "activation": "identity"}],
}
RUN: Json = {"network": LAYERS, "X": [[0.5] * 30]}
SLOW: Json = {"optimizer": {"learning_rate": 1e-4}, "stop": {"max_iterations": 5000}}
DESCENT: Json = {"surface": {"name": "rosenbrock"}} | SLOW
LECTURE: Json = {"surface": {"name": "lecture_quadratic"}} | SLOW
WRONG: Json = {"tensor": "Z[1]@0", "answers": [{"cell": 0, "given": "123.5"}]}
BUDGETED: list[Callable[[IsOver], object]] = [
    FractionsRequest.model_validate(RUN).fractions,
    AnswerCheckRequest.model_validate(RUN | WRONG).checked,
    PathRequest.model_validate(DESCENT).path,
    DescentTraceRequest.model_validate(DESCENT | {"iteration": 4000}).trace,
    SweepRequest.model_validate(DESCENT | {"learning_rates": [1e-4, 1e-3]}).paths,
    ModesRequest.model_validate(LECTURE).modes,
]


@pytest.mark.parametrize("work", BUDGETED, ids=lambda work: type(work.__self__).__name__)
def test_every_long_computation_asks_whether_it_is_over(work: Callable[[IsOver], object]):
    assert work(lambda: False)
    with pytest.raises(BudgetError):
        work(lambda: True)
