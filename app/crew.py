"""A bounded number of worker processes, each with a socket of its own.

Workers share no queue and no lock, so that one that is killed, at any moment, takes nothing with it
but its own task.
"""

import multiprocessing
import signal
import socket
import threading
from collections import deque
from concurrent.futures import Future
from multiprocessing import resource_tracker
from multiprocessing.process import BaseProcess

from app.worker_errors import BusyError, WorkerLostError
from app.worker_process import BLOCK, Conditions, Frames, serve

START_WITHIN = 60.0
"""Seconds after which a process that isn't ready counts as lost."""
CLOSE_WITHIN = 2.0
_SPAWN = multiprocessing.get_context("spawn")


class Worker:
    """A process and this side of its socket."""

    def __init__(self, conditions: Conditions) -> None:
        self.channel, theirs = socket.socketpair()
        self.tasks = 0
        self.process = _SPAWN.Process(
            target=serve, args=(theirs, conditions), name="chainrule-worker", daemon=True
        )
        with theirs:
            _start_without_interrupts(self.process)

    def await_ready(self) -> None:
        """Return when it can take a task. Raises: WorkerLostError."""
        frames = Frames()
        self.channel.settimeout(START_WITHIN)
        try:
            while frames.pop() is None:
                received = self.channel.recv(BLOCK)
                if not received:
                    raise WorkerLostError
                frames.add(received)
        except OSError as error:
            raise WorkerLostError from error

    def alive(self) -> bool:
        """Whether an idle worker is still there: a dead one's socket has ended."""
        self.channel.setblocking(False)
        try:
            return bool(self.channel.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def kill(self) -> None:
        """End the process at once; whoever reads its socket reads the end."""
        self.process.kill()


def _start_without_interrupts(process: BaseProcess) -> None:
    """Start a process that Ctrl+C can't reach, not even before it runs any Python."""
    # Starting the tracker unblocks the signal again, so it has to be there first.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Crew:
    """At most `size` workers, started when needed; at most `most_waiting` callers wait for one."""

    def __init__(
        self, size: int, most_waiting: int, most_tasks: int, conditions: Conditions
    ) -> None:
        self.size, self.most_waiting, self.most_tasks = size, most_waiting, most_tasks
        self.conditions = conditions
        self._lock = threading.Lock()
        self._open = True
        self._idle: list[Worker] = []
        self._workers = set[Worker]()
        self._waiting = deque[Future[Worker]]()
        self._starting = 0
        self._young = set[Worker]()
        self._threads = set[threading.Thread]()

    def lease(self) -> "Future[Worker]":
        """Return the promise of a worker. Raises: BusyError, WorkerLostError where closed."""
        promise = Future[Worker]()
        with self._lock:
            if not self._open:
                raise WorkerLostError
            self._waiting = deque[Future[Worker]](
                other for other in self._waiting if not other.cancelled()
            )
            if not self._idle and not self._room() and len(self._waiting) >= self.most_waiting:
                raise BusyError
            self._waiting.append(promise)
        self._serve_waiting()
        return promise

    def give_up(self, promise: "Future[Worker]") -> None:
        """Take back a lease that nobody waits for any more."""
        if not promise.cancel() and promise.exception() is None:
            self.give_back(promise.result())

    def give_back(self, worker: Worker) -> None:
        """Let the next one have a worker that has finished its task."""
        if worker.tasks >= self.most_tasks or not self._open or not worker.alive():
            self.dismiss(worker)
            return
        with self._lock:
            self._idle.append(worker)
        self._serve_waiting()

    def dismiss(self, worker: Worker) -> None:
        """End a worker at once, whatever it does, and hire another in the background."""
        worker.kill()
        worker.channel.close()
        with self._lock:
            self._workers.discard(worker)
            self._hire(replaced=worker)

    def warm(self) -> None:
        """Start a first worker in the background; a closed crew opens again."""
        with self._lock:
            self._open = True
            if not self._workers and not self._starting:
                self._hire()

    def keep_one_ready(self) -> None:
        """Start another worker in the background where none is idle, if there is room."""
        with self._lock:
            if not self._idle and not self._starting:
                self._hire()

    @property
    def is_starting(self) -> bool:
        """Whether there are workers on their way for all who wait."""
        with self._lock:
            return self._starting >= len(self._waiting) > 0

    def close(self) -> None:
        """End all workers, busy or not, and leave no process behind."""
        with self._lock:
            self._open = False
            workers, idle, waiting = [*self._workers, *self._young], self._idle, self._waiting
            threads = list(self._threads)
            self._idle, self._waiting = list[Worker](), deque[Future[Worker]]()
        for worker in workers:
            worker.kill()
        for worker in idle:
            self.dismiss(worker)
        for promise in waiting:
            _break(promise)
        for thread in threads:
            thread.join(CLOSE_WITHIN)
        for worker in workers:
            worker.process.join(CLOSE_WITHIN)

    def _room(self) -> bool:
        return len(self._workers) + self._starting < self.size

    def _serve_waiting(self) -> None:
        """Give idle workers to those who wait; hire while there is room."""
        while given := self._next_pair():
            promise, worker = given
            if not worker.alive():
                self._put_first(promise)
                self.dismiss(worker)
            elif promise.set_running_or_notify_cancel():
                worker.tasks += 1
                promise.set_result(worker)
            else:
                self.give_back(worker)
        with self._lock:
            if len(self._waiting) > self._starting:
                self._hire()

    def _next_pair(self) -> "tuple[Future[Worker], Worker] | None":
        with self._lock:
            if self._waiting and self._idle:
                return self._waiting.popleft(), self._idle.pop()
            return None

    def _put_first(self, promise: "Future[Worker]") -> None:
        with self._lock:
            self._waiting.appendleft(promise)

    def _hire(self, replaced: Worker | None = None) -> None:
        """Start a worker in the background, where there is room; the lock is held."""
        wanted = self._open and self._room()
        if wanted or replaced is not None:
            self._starting += wanted
            thread = threading.Thread(target=self._replace, args=(replaced, wanted), daemon=True)
            self._threads.add(thread)
            thread.start()

    def _replace(self, old: Worker | None, wanted: bool) -> None:
        if old is not None:
            old.process.join()
        if wanted:
            self._start_one()
        with self._lock:
            self._threads.discard(threading.current_thread())

    def _start_one(self) -> None:
        worker = self._started()
        with self._lock:
            self._starting -= 1
            lost = worker is None and bool(self._waiting)
            disappointed = self._waiting.popleft() if lost else None
            if worker is not None:
                self._workers.add(worker)
        if worker is not None:
            self.give_back(worker)
        if disappointed is not None:
            _break(disappointed)

    def _started(self) -> Worker | None:
        """Return a worker that is ready, or None where it couldn't be started."""
        try:
            worker = Worker(self.conditions)
        except OSError:
            return None
        with self._lock:
            self._young.add(worker)
        try:
            if self._open:
                worker.await_ready()
                return worker
        except WorkerLostError:
            pass
        finally:
            with self._lock:
                self._young.discard(worker)
        worker.kill()
        worker.channel.close()
        worker.process.join()
        return None


def _break(promise: "Future[Worker]") -> None:
    if promise.set_running_or_notify_cancel():
        promise.set_exception(WorkerLostError())
