"""One real server for the tests of the API and of the pages."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

# Before any test loads NumPy, so that the tests compute with the server's kernels.
import app  # noqa: F401

ROOT = Path(__file__).resolve().parent.parent
START_WITHIN = 60.0
"""Seconds after which a server that doesn't answer counts as broken."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def complaints(log: Path) -> str:
    """What the log holds beside the requests, and those that weren't HTTP: faults, warnings."""
    expected = ("INFO:", "WARNING:  Invalid HTTP request")
    lines = log.read_text().splitlines()
    return "\n".join(line for line in lines if not line.startswith(expected))


def wait_until_healthy(
    process: subprocess.Popen[bytes], address: str, log: Path, path: str = "/healthz"
) -> None:
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if httpx.get(address + path, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    process.kill()
    pytest.fail(f"The server didn't start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server run as `tools/run.py` runs it; it may log no fault and no warning."""
    log = tmp_path_factory.mktemp("server") / "log"
    port = free_port()
    command = [sys.executable, "-W", "error", "-m", "uvicorn", "app.main:app"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    command += ["--http", "h11", "--timeout-graceful-shutdown", "2"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(process, address, log)
        yield address
        assert process.poll() is None, f"The server stopped by itself:\n{complaints(log)}"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    assert not complaints(log), f"The server complained:\n{complaints(log)}"


@pytest.fixture(scope="session")
def client(server: str) -> Iterator[httpx.Client]:
    """A client of the server, with time for the largest answers on a busy machine."""
    with httpx.Client(base_url=server, timeout=120) as client:
        yield client
