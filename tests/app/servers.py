"""A server of a test's own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.conftest import ROOT, free_port, wait_until_healthy


@dataclass
class Server:
    """A running server, where it listens and what it says."""

    process: subprocess.Popen[bytes]
    address: str
    log: Path

    def get(self, path: str, timeout: float = 30, **parameters: Any) -> httpx.Response:
        return httpx.get(self.address + path, params=parameters, timeout=timeout)


@contextmanager
def serving(
    folder: Path, app: str = "tests.app.worker_server:app", streams: int = 1
) -> Iterator[Server]:
    """Run a server with one worker for tasks and so many for streams."""
    port = free_port()
    address, log = f"http://127.0.0.1:{port}", folder / "log"
    command = [sys.executable, "-W", "error", "-m", "uvicorn", app]
    command += ["--port", str(port), "--http", "h11", "--timeout-graceful-shutdown", "2"]
    environment = {**os.environ, "CHAINRULE_WORKERS": "1", "CHAINRULE_STREAMS": str(streams)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_healthy(process, address, log, "/openapi.json")
        yield Server(process, address, log)
    finally:
        process.kill()
        process.wait()
