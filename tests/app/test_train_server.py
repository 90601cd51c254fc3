"""Trainings in a real server: many at once, departed clients, slow readers, light requests."""

import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from tests.app.events import Event, all_events, of, read_events
from tests.app.failures import read_failure
from tests.app.processes import alive, children, ticks, until
from tests.app.servers import Server, serving
from tests.app.test_train import MOONS
from tests.conftest import complaints

Json = dict[str, Any]
FOR_LONG: Json = MOONS | {"epochs": 10**6, "rows_every": 1000, "snapshots_every": 10**6}
SILENT: Json = FOR_LONG | {"rows_every": 10**7, "snapshots_every": 10**7}
STREAMS = 2
MEGABYTE = 2**20


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with two streams, which says nothing beside its requests."""
    with serving(tmp_path_factory.mktemp("served"), "app.main:app", STREAMS) as server:
        yield server
        server.process.terminate()
        server.process.wait(20)
    assert not complaints(server.log)


@pytest.fixture
def here(served: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.address, timeout=30) as client:
        yield client


def resident(process: int) -> int:
    """The memory of a process, in bytes."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * 4096


def computing(server: Server, least: int, within: float) -> set[int]:
    """The workers that compute for so many ticks, as soon as there is one."""
    before = {process: ticks(process) for process in children(server.process.pid)}
    found = set[int]()

    def some() -> bool:
        for process in children(server.process.pid):
            if ticks(process) > before.setdefault(process, 0) + least:
                found.add(process)
        return bool(found)

    until(some, within)
    return found


def calm(server: Server) -> None:
    """Wait until no worker computes: one that has just been started loads what it needs."""
    assert until(lambda: not computing(server, 10, within=0.5))


def busy_ones(server: Server) -> set[int]:
    """The workers that compute just now, and for longer than one that has just been started."""
    found = computing(server, 100, within=20)
    assert found, "nobody computes"
    return found


def test_two_clients_train_at_once_and_one_leaves(served: Server, here: httpx.Client):
    with here.stream("POST", "/api/train", json=FOR_LONG) as staying:
        kept = read_events(staying)
        assert next(kept).name == "start"
        with here.stream("POST", "/api/train", json=FOR_LONG) as leaving:
            other = read_events(leaving)
            assert [next(other).name for _ in range(3)] == ["start", "row", "snapshot"]
            full = here.post("/api/train", json=MOONS)
            assert full.status_code == 503
            assert read_failure(full)["code"] == "busy"
            assert int(full.headers["retry-after"]) > 0
        # Its place is free again, and the one who stayed noticed nothing.
        assert until(lambda: here.post("/api/train", json=MOONS).status_code == 200)
        steps = [next(kept).data["step"] for _ in range(20)]
        assert steps == sorted(steps)
    assert served.get("/healthz").status_code == 200


@pytest.mark.parametrize("body", [FOR_LONG, SILENT], ids=["with rows", "silent"])
def test_the_work_stops_when_its_client_leaves(served: Server, here: httpx.Client, body: Json):
    calm(served)
    with here.stream("POST", "/api/train", json=body) as answer:
        events = read_events(answer)
        assert [next(events).name for _ in range(3)] == ["start", "row", "snapshot"]
        workers = busy_ones(served)
        assert all(alive(worker) for worker in workers)
    # Far sooner than the run would end, and than the next heartbeat where it is silent.
    assert until(lambda: not any(alive(worker) for worker in workers), within=1)
    assert until(lambda: here.post("/api/train", json=MOONS).status_code == 200)


def test_the_start_arrives_before_the_work_is_done(served: Server, here: httpx.Client):
    with here.stream("POST", "/api/train", json=FOR_LONG) as answer:
        events = read_events(answer)
        assert next(events).name == "start"
        before = {process: ticks(process) for process in children(served.process.pid)}
        # Twenty thousand of five million steps.
        assert {next(events).name for _ in range(21)} == {"row", "snapshot"}
        assert any(ticks(process) > worked for process, worked in before.items())


def unread(server: Server, body: Json) -> socket.socket:
    """Ask for a training and read nothing."""
    host, port = server.address.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)))
    content = orjson.dumps(body)
    head = (
        f"POST /api/train HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n"
        f"content-length: {len(content)}\r\nconnection: close\r\n\r\n"
    )
    connection.sendall(head.encode() + content)
    return connection


def read_all(connection: socket.socket) -> list[Event]:
    with connection, connection.makefile("rb") as file:
        raw = file.read()
    head, _, chunks = raw.partition(b"\r\n\r\n")
    assert b" 200 " in head.splitlines()[0]
    answer = httpx.Response(
        200,
        headers={"content-type": "text/event-stream; charset=utf-8"},
        content=b"".join(unchunked(chunks)),
    )
    return list(read_events(answer))


def unchunked(raw: bytes) -> Iterator[bytes]:
    place = 0
    while place < len(raw):
        end = raw.index(b"\r\n", place)
        length = int(raw[place:end], 16)
        yield raw[end + 2 : end + 2 + length]
        place = end + 2 + length + 2


def test_a_slow_reader_holds_its_own_training_back(served: Server, here: httpx.Client):
    rows = 20_000
    body = MOONS | {"epochs": rows // 5, "rows_every": 1, "snapshots_every": 10**6}
    calm(served)
    before = resident(served.process.pid)
    connection = unread(served, body)
    (worker,) = busy_ones(served)
    last = [0]

    def rests() -> bool:
        was, last[0] = last[0], ticks(worker)
        return not until(lambda: ticks(worker) > last[0] + 2, within=1.0) and was > 0

    assert until(rests, within=30)
    # All rows together are about 8 MB: the server doesn't gather them.
    assert resident(served.process.pid) - before < 5 * MEGABYTE
    assert all_events(here, MOONS)[-1].name == "end"
    events = read_all(connection)
    assert [row["step"] for row in of(events, "row")] == list(range(rows + 1))
    assert events[-1].data["reason"] == "epochs"


def test_light_requests_are_answered_while_others_train(here: httpx.Client):
    trace: Json = {"network": MOONS["network"], "X": [[1, 2]]}
    network: Json = {"network": MOONS["network"], "view": [[0, 1], [0, 1]]}
    with (
        here.stream("POST", "/api/train", json=FOR_LONG) as one,
        here.stream("POST", "/api/train", json=FOR_LONG) as two,
    ):
        streams = [read_events(one), read_events(two)]
        firsts = [next(events) for events in streams]
        assert [event.name for event in firsts] == ["start"] * 2

        def ask(number: int) -> int:
            light = httpx.get if number % 3 == 0 else httpx.post
            path, body = [("/healthz", None), ("/api/trace", trace), ("/api/regions", network)][
                number % 3
            ]
            more = {} if body is None else {"json": body}
            return light(str(here.base_url.join(path)), timeout=30, **more).status_code

        with ThreadPoolExecutor(4) as threads:
            assert set(threads.map(ask, range(30))) == {200}
        assert all(next(events).name in ("row", "snapshot") for events in streams)


def test_a_lost_worker_is_the_last_event(served: Server, here: httpx.Client):
    calm(served)
    with here.stream("POST", "/api/train", json=SILENT) as answer:
        events = read_events(answer)
        assert [next(events).name for _ in range(3)] == ["start", "row", "snapshot"]
        for worker in busy_ones(served):
            os.kill(worker, signal.SIGKILL)
        last = list(events)
    assert [event.name for event in last] == ["error"]
    assert last[0].data["error"]["code"] == "worker_lost"
