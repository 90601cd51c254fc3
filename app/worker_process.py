"""The process that does the work: it takes one task at a time from its socket and answers there.

It imports the standard library alone, so that the conditions hold before anything is loaded.
"""

import importlib
import multiprocessing
import os
import pickle
import signal
import socket
import struct
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["ready", "message", "result", "error"]
Answer = tuple[Kind, Any]
BLOCK = 2**18
_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True)
class Conditions:
    """Under which a worker works: bytes of address space, added niceness, modules to load first."""

    memory: int = 2 * 2**30
    niceness: int = 5
    modules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """A call to be made; if it `streams`, the function yields its messages."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    streams: bool

    def frame(self) -> bytes:
        """Return the task as bytes for a worker; the worker alone opens the inner ones."""
        return framed(pickle.dumps(self, pickle.HIGHEST_PROTOCOL))


class Frames:
    """Bytes as they arrive, given out as the objects that were sent."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def add(self, data: bytes) -> None:
        """Append what was received."""
        self._bytes += data

    def pop(self) -> Any:
        """Return the next object, or None while it isn't all here."""
        start = _LENGTH.size
        if len(self._bytes) < start:
            return None
        end = start + _LENGTH.unpack_from(self._bytes)[0]
        if len(self._bytes) < end:
            return None
        found = pickle.loads(self._bytes[start:end])
        del self._bytes[:end]
        return found


class RemoteError(Exception):
    """The text of an error's traceback in the worker, given as the cause of that error."""


def framed(found: object) -> bytes:
    """Return an object as bytes with their length before them."""
    data = pickle.dumps(found, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(data)) + data


def serve(channel: socket.socket, conditions: Conditions) -> None:
    """Do tasks until the server closes the channel."""
    _prepare(conditions)
    # A broken channel means that the server has gone or wants this process gone.
    with suppress(OSError), channel:
        channel.sendall(framed(("ready", None)))
        for data in _tasks(channel):
            for answer in _answers(data):
                channel.sendall(answer)


def _prepare(conditions: Conditions) -> None:
    # Ctrl+C in a terminal reaches every process in it; the server decides when workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    with suppress(OSError):
        os.nice(conditions.niceness)
    _limit_memory(conditions.memory)
    for name in conditions.modules:
        importlib.import_module(name)


def _end_with_the_server() -> None:
    server = multiprocessing.parent_process()
    assert server is not None
    server.join()
    os._exit(1)


def _limit_memory(most: int) -> None:
    # Neither every system has this limit nor does every one allow to set it.
    with suppress(ImportError, OSError, ValueError):
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _tasks(channel: socket.socket) -> Iterator[bytes]:
    frames = Frames()
    while received := channel.recv(BLOCK):
        frames.add(received)
        if (data := frames.pop()) is not None:
            yield data


def _answers(data: bytes) -> Iterator[bytes]:
    """Do a task: give out its messages, then its result or its error."""
    try:
        task: Task = pickle.loads(data)
        result = task.function(*task.args)
        if task.streams:
            for message in result:
                yield framed(("message", message))
            result = None
        yield framed(("result", result))
    except GeneratorExit:
        raise
    except BaseException as error:
        yield framed(("error", _portable(error)))


def _portable(error: BaseException) -> tuple[BaseException, str]:
    """Return an error that can be sent, with its traceback's text."""
    text = "".join(traceback.format_exception(error))
    if not isinstance(error, Exception):
        return RuntimeError(f"The task ended with {error!r}."), text
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}"), text
    return error, text
