"""Whether processes live, and waiting until something is so."""

import os
import time
from collections.abc import Callable
from pathlib import Path


def alive(process_id: int) -> bool:
    """Whether a process or one of its threads runs; one that only waits to be collected doesn't."""
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    if not Path("/proc/self/task").exists():
        return True
    return any(map(_runs, Path(f"/proc/{process_id}/task").glob("*/stat")))


def _runs(thread: Path) -> bool:
    try:
        return thread.read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(is_so: Callable[[], object], within: float = 20.0) -> bool:
    """Wait until something is so; give up after a time that only a fault can take."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.02)
    return False


def children(process: int) -> set[int]:
    """The processes that a process has started."""
    files = Path(f"/proc/{process}/task").glob("*/children")
    return {int(word) for file in files for word in file.read_text().split()}


def ticks(process: int) -> int:
    """How long a process has computed."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def noted(path: Path) -> int:
    """The process id that a task leaves in a file."""
    assert until(lambda: path.exists() and path.read_text()), "the task never began"
    return int(path.read_text())
