"""What the tests have done in worker processes."""

import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.errors import SpecificationError, UnknownNameError


def process_id() -> int:
    return os.getpid()


def forever(note: str | None = None) -> None:
    """Never return; first leave the process's id in a file."""
    if note is not None:
        Path(note).write_text(str(os.getpid()))
    while True:
        pass


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def refused() -> None:
    raise SpecificationError("No.", where=["layers", 1], expected=3, given=2)


def unknown() -> None:
    raise UnknownNameError("loss", "mee", ["mse"], ["loss"])


def broken() -> None:
    raise ZeroDivisionError("one over nothing")


def not_picklable() -> Any:
    return lambda: None


def greedy() -> int:
    return len(bytearray(4 * 2**30))


def conditions() -> dict[str, Any]:
    """What the process may do, and how many threads it has once NumPy has worked."""
    import numpy as np

    np.ones((300, 300)) @ np.ones((300, 300))
    threads = len(list(Path("/proc/self/task").iterdir())) if sys.platform == "linux" else None
    return {
        "threads": threads,
        "niceness": os.nice(0),
        "memory": resource.getrlimit(resource.RLIMIT_AS)[0],
        "interrupts": signal.getsignal(signal.SIGINT) == signal.SIG_IGN,
    }


def loaded(module: str) -> bool:
    return module in sys.modules


def count_to(last: int) -> Iterator[int]:
    yield from range(1, last + 1)


def count_then_fail(last: int) -> Iterator[int]:
    yield from range(1, last + 1)
    refused()


def count_and_note(last: int, note: str) -> Iterator[bytes]:
    """Yield messages of 10 kB, with the number of those begun in a file."""
    for number in range(1, last + 1):
        Path(note).write_text(str(number))
        yield bytes(10_000)


def own_id_for_ever() -> Iterator[int]:
    while True:
        yield os.getpid()
        time.sleep(0.01)


def own_id_then_silence() -> Iterator[int]:
    yield os.getpid()
    forever()
