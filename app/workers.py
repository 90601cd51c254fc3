"""Work in other processes: one answer from a function, or a stream of what it yields.

A task's function, arguments and results are pickled, so the function is one that a module holds.
"""

import asyncio
import os
import time
from collections.abc import AsyncGenerator, Callable, Iterable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from app.crew import Crew, Worker
from app.worker_errors import (
    BusyError,
    TooLargeError,
    TooSlowError,
    WorkerLostError,
)
from app.worker_process import BLOCK, Answer, Conditions, Frames, RemoteError, Task

T = TypeVar("T")
MOST_WORKERS = 4
LOADED = ("core.derivatives", "app.train_events", "app.step_wire")
"""What a worker for tasks loads before it is ready: SymPy takes half a second."""
LOADED_TO_STREAM = ("app.train_events",)
TASKS_PER_WORKER = 200
"""After so many a worker is replaced, which returns the memory that it gathered."""
WAITING_PER_WORKER = 16
TASK_PATIENCE = 10.0
"""Seconds for which a task waits for a worker."""
STREAM_PATIENCE = 2.0


@dataclass(frozen=True)
class Settings:
    """How many workers there are for tasks, and how many more for streams."""

    tasks: int
    streams: int
    conditions: Conditions = field(default_factory=Conditions)
    stream_modules: tuple[str, ...] = ()

    @classmethod
    def chosen(cls) -> "Settings":
        """Read CHAINRULE_WORKERS and CHAINRULE_STREAMS; without them, count the processors."""
        tasks = _number("CHAINRULE_WORKERS", min(MOST_WORKERS, _share_of_processors()))
        conditions = Conditions(modules=LOADED)
        streams = _number("CHAINRULE_STREAMS", 2 * tasks)
        return cls(tasks, streams, conditions, LOADED_TO_STREAM)


def _share_of_processors() -> int:
    """Count the processors for each of the server's processes: every one has its own workers."""
    affinity = getattr(os, "sched_getaffinity", None)
    processors = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, processors // _number("WEB_CONCURRENCY", 1))


def _number(name: str, otherwise: int) -> int:
    text = os.environ.get(name) or str(otherwise)
    if not (text.isdecimal() and int(text) >= 1):
        raise SystemExit(f"{name} must be a number from 1, not {text!r}.")
    return int(text)


class Workers:
    """The worker processes of one server process: some for tasks and some for streams.

    They are two crews, so that long streams never keep short tasks waiting.
    """

    def __init__(self, settings: Settings) -> None:
        conditions = settings.conditions
        waiting = WAITING_PER_WORKER
        self.tasks = Crew(settings.tasks, waiting * settings.tasks, TASKS_PER_WORKER, conditions)
        streaming = replace(conditions, modules=settings.stream_modules)
        self.streams = Crew(settings.streams, settings.streams, TASKS_PER_WORKER, streaming)

    def warm(self) -> None:
        """Start a first worker of each kind in the background."""
        self.tasks.warm()
        self.streams.warm()

    def close(self) -> None:
        """End every worker, busy or not."""
        self.tasks.close()
        self.streams.close()

    def run(self, function: Callable[..., T], *args: Any, seconds: float) -> T:
        """Return what the function returns; the caller's thread waits.

        Raises: WorkerError, and what the function raises.
        """
        frame = Task(function, args, streams=False).frame()
        worker = _waited(self.tasks, TASK_PATIENCE)
        try:
            kind, value = _asked(worker, frame, seconds)
        except BaseException:
            self.tasks.dismiss(worker)
            raise
        self.tasks.give_back(worker)
        return value if kind == "result" else _raise(*value)

    async def run_async(self, function: Callable[..., T], *args: Any, seconds: float) -> T:
        """Return what the function returns; the task ends when the caller is cancelled.

        Raises: WorkerError, and what the function raises.
        """
        frame = Task(function, args, streams=False).frame()
        async with await _opened(self.tasks, frame, seconds, TASK_PATIENCE) as stream:
            await stream.read()
            return stream.result

    async def stream(
        self, function: Callable[..., Iterable[Any]], *args: Any, seconds: float
    ) -> "Stream":
        """Begin a stream of what the function yields, as it yields it.

        A reader that is slow holds the function back; one that leaves ends it.

        Raises: BusyError, WorkerLostError; reading it raises what the function raises.
        """
        frame = Task(function, args, streams=True).frame()
        stream = await _opened(self.streams, frame, seconds, STREAM_PATIENCE)
        # A stream lasts: the next one shall find a process that has started.
        self.streams.keep_one_ready()
        return stream


class Stream:
    """The messages of one task as they come: read it to its end, or close it to end the task."""

    def __init__(self, crew: Crew, worker: Worker, seconds: float) -> None:
        self.result: Any = None
        self._crew, self._worker = crew, worker
        self._seconds, self._late, self._over = seconds, False, False
        self._frames = Frames()
        self._held: Answer | None = None
        self._loop = asyncio.get_running_loop()
        # Also for a reader that never comes back.
        self._alarm = self._loop.call_later(seconds, self._time_is_up)

    async def __aenter__(self) -> "Stream":
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def __aiter__(self) -> "Stream":
        return self

    async def __anext__(self) -> Any:
        kind, value = await self.read()
        if kind == "message":
            return value
        raise StopAsyncIteration

    async def send(self, frame: bytes) -> None:
        """Give the worker its task."""
        with suppress(OSError):  # reading says what became of the worker
            await self._loop.sock_sendall(self._worker.channel, frame)

    async def read(self) -> tuple[str, Any]:
        """Return the next message, or the end. Raises: WorkerError, and what the task raises."""
        if self._over:
            return "result", self.result
        try:
            kind, value = await self._next()
        except BaseException:
            self.close()
            raise
        if kind == "message":
            return kind, value
        self._finish()
        self.result = value if kind == "result" else _raise(*value)
        return kind, self.result

    async def read_ready(self) -> list[Any]:
        """Return the messages that have come, at least one; none once the task has ended.

        Raises: WorkerError, and what the task raises.
        """
        kind, value = await self.read()
        found = [value] if kind == "message" else []
        while found and self._held is None and (answer := self._frames.pop()) is not None:
            if answer[0] == "message":
                found.append(answer[1])
            else:
                self._held = answer
        return found

    def close(self) -> None:
        """End the task, if it hasn't ended: its process goes and another one comes."""
        if not self._over:
            self._over = True
            self._alarm.cancel()
            self._crew.dismiss(self._worker)

    def _finish(self) -> None:
        self._over = True
        self._alarm.cancel()
        self._crew.give_back(self._worker)

    async def _next(self) -> tuple[str, Any]:
        if self._held is not None:
            answer, self._held = self._held, None
            return answer
        while (answer := self._frames.pop()) is None:
            try:
                received = await self._loop.sock_recv(self._worker.channel, BLOCK)
            except OSError:
                received = b""
            if not received:
                raise TooSlowError(self._seconds) if self._late else WorkerLostError
            self._frames.add(received)
        return answer

    def _time_is_up(self) -> None:
        self._late = True
        self._worker.kill()


async def _opened(crew: Crew, frame: bytes, seconds: float, patience: float) -> Stream:
    worker = await _awaited(crew, patience)
    worker.channel.setblocking(False)
    stream = Stream(crew, worker, seconds)
    try:
        await stream.send(frame)
    except BaseException:
        stream.close()
        raise
    return stream


async def _awaited(crew: Crew, patience: float) -> Worker:
    promise = crew.lease()
    # Busy is who has no room; a process that is only starting will be there.
    patience = TASK_PATIENCE if crew.is_starting else patience
    try:
        return await asyncio.wait_for(asyncio.wrap_future(promise), patience)
    except TimeoutError as error:
        crew.give_up(promise)
        raise BusyError from error
    except asyncio.CancelledError:
        crew.give_up(promise)
        raise


def _waited(crew: Crew, patience: float) -> Worker:
    promise: Future[Worker] = crew.lease()
    try:
        return promise.result(patience)
    except FutureTimeoutError as error:
        crew.give_up(promise)
        raise BusyError from error


def _asked(worker: Worker, frame: bytes, seconds: float) -> tuple[str, Any]:
    """Send a task and return its answer. Raises: TooSlowError, WorkerLostError."""
    end = time.monotonic() + seconds
    frames = Frames()
    try:
        worker.channel.settimeout(seconds)
        worker.channel.sendall(frame)
        while (answer := frames.pop()) is None:
            worker.channel.settimeout(max(1e-3, end - time.monotonic()))
            received = worker.channel.recv(BLOCK)
            if not received:
                raise WorkerLostError
            frames.add(received)
    except TimeoutError as error:
        raise TooSlowError(seconds) from error
    except OSError as error:
        raise WorkerLostError from error
    return answer


def _raise(error: BaseException, text: str) -> Any:
    if isinstance(error, MemoryError):
        error = TooLargeError()
    raise error from RemoteError(f"\n{text}")


WORKERS = Workers(Settings.chosen())
"""The server's workers; no process starts before it is warmed or used."""
run, run_async, stream = WORKERS.run, WORKERS.run_async, WORKERS.stream


@asynccontextmanager
async def lifespan(_: object) -> AsyncGenerator[None]:
    """Warm the workers while the server starts, and end them when it stops."""
    WORKERS.warm()
    yield
    await asyncio.to_thread(WORKERS.close)
