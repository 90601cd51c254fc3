"""Work in other processes: results, errors, limits, streams, and nothing left behind."""

import asyncio
import os
import pickle
import signal
import threading
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.limits import LimitError
from app.worker_errors import BusyError, TooLargeError, TooSlowError, WorkerLostError
from app.worker_process import Conditions
from app.workers import Settings, Workers
from core.errors import ChainruleError, SpecificationError, UnknownNameError
from tests.app import tasks
from tests.app.processes import alive, noted, until

LONG = 60.0
"""Seconds that no task here needs."""


@pytest.fixture(scope="module")
def shared() -> Iterator[Workers]:
    """Workers for the tests that leave them as they were."""
    workers = Workers(Settings(2, 2, Conditions(modules=("sqlite3",))))
    yield workers
    workers.close()


@pytest.fixture
def single() -> Iterator[Workers]:
    """One worker of each kind, for a test that ends it."""
    workers = Workers(Settings(1, 1))
    yield workers
    workers.close()


def in_time(work: Coroutine[Any, Any, Any]) -> Any:
    async def bounded() -> Any:
        return await asyncio.wait_for(work, LONG)

    return asyncio.run(bounded())


async def gathered(workers: Workers, function: Any, *args: Any) -> list[Any]:
    messages = await workers.stream(function, *args, seconds=LONG)
    return [message async for message in messages]


def test_results_come_back(shared: Workers) -> None:
    matrix = np.arange(90_000.0).reshape(300, 300)
    assert np.array_equal(shared.run(np.transpose, matrix, seconds=LONG), matrix.T)
    assert in_time(shared.run_async(divmod, 17, 5, seconds=LONG)) == (3, 2)
    assert shared.run(tasks.process_id, seconds=LONG) != os.getpid()


def test_own_errors_arrive_unchanged(shared: Workers) -> None:
    with pytest.raises(SpecificationError) as caught:
        shared.run(tasks.refused, seconds=LONG)
    found = caught.value
    assert (found.message, found.where, found.expected, found.given) == (
        "No.",
        ["layers", 1],
        3,
        2,
    )
    assert "in refused" in str(found.__cause__)
    with pytest.raises(UnknownNameError, match="Did you mean “mse”"):
        in_time(shared.run_async(tasks.unknown, seconds=LONG))


def test_errors_survive_pickling() -> None:
    errors: list[ChainruleError] = [
        SpecificationError("No.", where=["X"], expected=1, given=2),
        UnknownNameError("loss", "mee", ["mse"], ["loss"]),
        LimitError("layers", 16, 17, ["network"]),
    ]
    for error in errors:
        copy = pickle.loads(pickle.dumps(error))
        assert type(copy) is type(error)
        assert (str(copy), copy.args, vars(copy)) == (str(error), error.args, vars(error))


def test_other_errors_say_where_they_arose(shared: Workers) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        shared.run(tasks.broken, seconds=LONG)
    assert "in broken" in str(caught.value.__cause__)
    with pytest.raises(Exception, match=r"pickle|local object"):
        shared.run(tasks.not_picklable, seconds=LONG)


def test_workers_work_under_their_conditions(shared: Workers) -> None:
    found = shared.run(tasks.conditions, seconds=LONG)
    assert found["niceness"] >= os.nice(0) + 5 or found["niceness"] == 19
    assert found["interrupts"]
    # The main thread and the one that watches the server: none for BLAS.
    assert found["threads"] in (2, None)
    assert shared.run(tasks.loaded, "sqlite3", seconds=LONG)


def test_memory_is_bounded(shared: Workers) -> None:
    if shared.run(tasks.conditions, seconds=LONG)["memory"] != Conditions().memory:
        pytest.skip("this system limits no address space")
    with pytest.raises(TooLargeError):
        shared.run(tasks.greedy, seconds=LONG)


def test_an_endless_task_is_cut_off(single: Workers, tmp_path: Path) -> None:
    note = tmp_path / "id"
    # The worker is there before the time begins to run.
    assert single.run(divmod, 7, 2, seconds=LONG) == (3, 1)
    with pytest.raises(TooSlowError, match=r"longer than 2 seconds"):
        single.run(tasks.forever, str(note), seconds=2)
    assert until(lambda: not alive(noted(note)))
    with pytest.raises(TooSlowError):
        in_time(single.run_async(tasks.forever, seconds=0.5))
    assert single.run(divmod, 7, 2, seconds=LONG) == (3, 1)


def test_a_killed_worker_loses_only_its_task(tmp_path: Path) -> None:
    workers = Workers(Settings(2, 1))
    results: list[object] = []

    def other() -> None:
        try:
            workers.run(tasks.forever, str(tmp_path / "other"), seconds=LONG)
        except WorkerLostError as error:
            results.append(error)

    thread = threading.Thread(target=other)
    thread.start()
    try:
        running = noted(tmp_path / "other")
        with pytest.raises(WorkerLostError):
            workers.run(tasks.killed, seconds=LONG)
        assert alive(running)
        assert not results
        assert workers.run(divmod, 7, 2, seconds=LONG) == (3, 1)
    finally:
        workers.close()
        thread.join(LONG)
    assert len(results) == 1, "closing ends what still runs"
    assert not alive(running)


def test_an_idle_worker_that_was_killed_is_not_missed(single: Workers) -> None:
    for _ in range(3):
        worker = single.run(tasks.process_id, seconds=LONG)
        os.kill(worker, signal.SIGKILL)
        assert until(lambda worker=worker: not alive(worker))
    assert single.run(tasks.process_id, seconds=LONG) != worker


def test_a_worker_is_replaced_after_its_tasks(
    single: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single.tasks, "most_tasks", 2)
    seen = [single.run(tasks.process_id, seconds=LONG) for _ in range(4)]
    assert seen[0] == seen[1] != seen[2] == seen[3]
    assert until(lambda: not alive(seen[0]))


def test_cancelling_ends_the_task(single: Workers, tmp_path: Path) -> None:
    note = tmp_path / "id"

    async def cancelled() -> None:
        work = asyncio.create_task(single.run_async(tasks.forever, str(note), seconds=LONG))
        worker = await asyncio.to_thread(noted, note)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        assert await asyncio.to_thread(until, lambda: not alive(worker))
        assert await single.run_async(divmod, 7, 2, seconds=LONG) == (3, 1)

    in_time(cancelled())


def test_a_caller_who_leaves_the_queue_takes_no_worker(single: Workers, tmp_path: Path) -> None:
    async def leaving() -> None:
        first = asyncio.create_task(
            single.run_async(tasks.forever, str(tmp_path / "id"), seconds=LONG)
        )
        await asyncio.to_thread(noted, tmp_path / "id")
        waiting = [
            asyncio.create_task(single.run_async(divmod, 7, 2, seconds=LONG)) for _ in range(3)
        ]
        await asyncio.sleep(0)
        waiting[0].cancel()
        first.cancel()
        done = await asyncio.gather(*waiting, return_exceptions=True)
        assert isinstance(done[0], asyncio.CancelledError)
        assert done[1:] == [(3, 1), (3, 1)]

    in_time(leaving())


def test_whoever_waited_too_long_is_told_and_takes_no_worker(
    single: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crowded() -> None:
        first = asyncio.create_task(
            single.run_async(tasks.forever, str(tmp_path / "id"), seconds=LONG)
        )
        await asyncio.to_thread(noted, tmp_path / "id")
        with monkeypatch.context() as patch:
            patch.setattr("app.workers.TASK_PATIENCE", 0.2)
            with pytest.raises(BusyError):
                await asyncio.to_thread(single.run, divmod, 7, 2, seconds=LONG)
        first.cancel()
        assert await asyncio.to_thread(single.run, divmod, 7, 2, seconds=LONG) == (3, 1)

    in_time(crowded())


def test_too_many_who_wait_are_told(single: Workers, tmp_path: Path) -> None:
    async def crowded() -> None:
        first = asyncio.create_task(
            single.run_async(tasks.forever, str(tmp_path / "id"), seconds=LONG)
        )
        await asyncio.to_thread(noted, tmp_path / "id")
        most = single.tasks.most_waiting
        waiting = [
            asyncio.create_task(single.run_async(divmod, 7, 2, seconds=LONG)) for _ in range(most)
        ]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await single.run_async(divmod, 7, 2, seconds=LONG)
        first.cancel()
        assert await asyncio.gather(*waiting) == [(3, 1)] * most

    in_time(crowded())


def test_a_stream_gives_every_message_in_order(shared: Workers) -> None:
    assert in_time(gathered(shared, tasks.count_to, 5_000)) == list(range(1, 5_001))
    assert in_time(gathered(shared, tasks.count_to, 0)) == []


def test_a_stream_ends_with_its_error(shared: Workers) -> None:
    async def failing() -> list[int]:
        messages = await shared.stream(tasks.count_then_fail, 3, seconds=LONG)
        found = [await anext(messages) for _ in range(3)]
        with pytest.raises(SpecificationError):
            await anext(messages)
        return found

    assert in_time(failing()) == [1, 2, 3]


def test_two_streams_run_at_once_and_a_third_is_told(shared: Workers) -> None:
    async def together() -> None:
        async with (
            await shared.stream(tasks.own_id_for_ever, seconds=LONG) as one,
            await shared.stream(tasks.own_id_for_ever, seconds=LONG) as two,
        ):
            seen = [{await anext(stream) for _ in range(3)} for stream in (one, two)]
            assert len(seen[0]) == len(seen[1]) == 1
            assert seen[0] != seen[1]
            with pytest.raises(BusyError):
                await shared.stream(tasks.count_to, 1, seconds=LONG)
        assert await asyncio.to_thread(until, lambda: not any(map(alive, seen[0] | seen[1])))
        assert await gathered(shared, tasks.count_to, 2) == [1, 2]

    in_time(together())


def test_a_slow_reader_holds_the_function_back(shared: Workers, tmp_path: Path) -> None:
    note = tmp_path / "number"

    async def slow() -> int:
        messages = await shared.stream(tasks.count_and_note, 2_000, str(note), seconds=LONG)
        await anext(messages)
        before = -1
        while (now := int(note.read_text() or 0)) != before:
            before = now
            await asyncio.sleep(0.2)
        return 1 + len([message async for message in messages]) if now < 200 else -now

    assert in_time(slow()) == 2_000


def test_a_stream_whose_worker_is_killed_says_so(single: Workers) -> None:
    async def lost() -> None:
        messages = await single.stream(tasks.own_id_for_ever, seconds=LONG)
        os.kill(await anext(messages), signal.SIGKILL)
        with pytest.raises(WorkerLostError):
            async for _ in messages:
                pass
        assert await gathered(single, tasks.count_to, 2) == [1, 2]

    in_time(lost())


def test_a_streams_time_is_bounded_read_or_not(single: Workers) -> None:
    async def late(silent: bool) -> None:
        function = tasks.own_id_then_silence if silent else tasks.own_id_for_ever
        messages = await single.stream(function, seconds=1)
        worker = await anext(messages)
        if not silent:  # nobody reads
            while alive(worker):
                await asyncio.sleep(0.05)
        with pytest.raises(TooSlowError):
            async for _ in messages:
                pass
        assert await asyncio.to_thread(until, lambda: not alive(worker))

    in_time(late(silent=True))
    in_time(late(silent=False))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"CHAINRULE_WORKERS": "3", "CHAINRULE_STREAMS": "7"}, (3, 7)),
        ({"CHAINRULE_WORKERS": "3"}, (3, 6)),
        ({"WEB_CONCURRENCY": "1000"}, (1, 2)),
        ({"CHAINRULE_WORKERS": "none"}, None),
    ],
)
def test_the_environment_chooses_how_many(
    given: dict[str, str], expected: tuple[int, int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CHAINRULE_WORKERS", "CHAINRULE_STREAMS", "WEB_CONCURRENCY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    if expected is None:
        with pytest.raises(SystemExit, match="CHAINRULE_WORKERS"):
            Settings.chosen()
        return
    chosen = Settings.chosen()
    assert (chosen.tasks, chosen.streams) == expected
