"""The workers in a real server: the one error shape, departed clients, and nothing left behind."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.app.processes import alive, noted, until
from tests.app.servers import Server, serving
from tests.conftest import complaints

LONG = 60


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that says nothing beside its requests, also when it ends."""
    with serving(tmp_path_factory.mktemp("served")) as server:
        yield server
        server.process.terminate()
        server.process.wait(20)
    assert not complaints(server.log)


def failure(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "where", "expected", "given"}
    return answer.status_code, body["error"]["code"]


def test_failures_have_the_one_shape(served: Server, tmp_path: Path) -> None:
    assert failure(served.get("/refused")) == (400, "invalid_specification")
    assert failure(served.get("/killed")) == (503, "worker_lost")
    slow = served.get("/blocked", note=str(tmp_path / "slow"), seconds=0.5)
    assert failure(slow) == (413, "too_slow")
    with httpx.stream("GET", served.address + "/stream", timeout=30) as first:
        assert first.status_code == 200
        lines = first.iter_lines()  # its end would close the connection
        next(lines)
        busy = served.get("/stream")
        assert failure(busy) == (503, "busy")
        assert int(busy.headers["retry-after"]) > 0


def test_work_ends_when_its_client_leaves(served: Server, tmp_path: Path) -> None:
    note = tmp_path / "id"
    with pytest.raises(httpx.ReadTimeout):
        served.get("/awaited", timeout=1.5, note=str(note), seconds=LONG)
    assert until(lambda: not alive(noted(note)))
    with httpx.stream("GET", served.address + "/stream", timeout=30) as stream:
        lines = stream.iter_lines()
        worker = int(next(lines))
        assert alive(worker)
    assert until(lambda: not alive(worker))
    assert served.get("/answer").status_code == 200


def end(server: Server, how: signal.Signals) -> None:
    """Send a signal as it comes: Ctrl+C reaches every process of the terminal."""
    if how == signal.SIGINT:
        os.killpg(server.process.pid, how)
    else:
        server.process.send_signal(how)
    server.process.wait(20)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_behind(tmp_path: Path, how: signal.Signals) -> None:
    note = tmp_path / "id"

    def blocked(server: Server) -> None:
        with suppress(httpx.TransportError):
            server.get("/blocked", note=str(note), seconds=LONG)

    with serving(tmp_path) as server, ThreadPoolExecutor() as threads:
        threads.submit(blocked, server)
        worker = noted(note)
        end(server, how)
        assert until(lambda: not alive(worker)), "the worker outlived its server"
    # uvicorn itself reports the request that it cut off.
    said = server.log.read_text().partition("ERROR:    Cancel 1 running task(s)")[0]
    assert "Traceback" not in said
    assert "Warning" not in server.log.read_text()
