"""The history of a training: rows and snapshots at a rhythm, as they are computed, and its end."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from core.monitor import Monitor, Row
from core.stepper import CHUNK, Stepper
from core.stopping import IsOver, never
from core.trace import Divergence
from core.training import Snapshot, Training

ROW_SECONDS = 0.05
SNAPSHOT_SECONDS = 0.06
"""The least time between two of them, where the clock gives the rhythm."""
SHARE = 0.1
"""The share of the time that rows, and that snapshots, may take then."""
LOOK_SECONDS = 0.01
"""About how long steps are taken without a look at the clock."""


@dataclass(frozen=True)
class Rhythm:
    """How many steps lie between two rows and two snapshots; None: what a viewer can follow.

    With `live` a viewer can follow a longer rhythm too: what the clock asks for comes in between.
    """

    rows: int | None = None
    snapshots: int | None = None
    live: bool = False


@dataclass(frozen=True)
class End:
    """How a training ended, with what has been given out and how long it all took."""

    reason: str
    step: int
    cell: Divergence | None
    rows: int
    snapshots: int
    seconds: float


Event: TypeAlias = Row | Snapshot | End


class _Pace:
    """When the next row or snapshot is due: at every so many steps, by the clock, or by both."""

    def __init__(self, every: int | None, seconds: float, live: bool) -> None:
        self._every, self._seconds = every, seconds
        self._has_clock = live or not every
        self._next = -math.inf
        self.count = 0

    def is_due(self, step: int) -> bool:
        if self._every and step % self._every == 0:
            return True
        return self._has_clock and time.perf_counter() >= self._next

    def steps_left(self, step: int) -> float:
        return self._every - step % self._every if self._every else math.inf

    def made(self, began: float) -> None:
        """Count one; what takes long comes less often."""
        now = time.perf_counter()
        self._next = max(began + self._seconds, now + (now - began) * (1 / SHARE - 1))
        self.count += 1


@dataclass
class _Clock:
    """The time that the steps themselves take."""

    steps: int = 0
    seconds: float = 0.0
    pace: float = field(default=LOOK_SECONDS)
    """Seconds a step, as it was last."""

    def add(self, steps: int, seconds: float) -> None:
        self.steps += steps
        self.seconds += seconds
        self.pace = seconds / max(steps, 1)

    def take(self) -> float | None:
        """Return the mean time of a step since the last time, and begin anew."""
        mean = self.seconds / self.steps if self.steps else None
        self.steps, self.seconds = 0, 0.0
        return mean


def follow(
    training: Training,
    rhythm: Rhythm = Rhythm(),
    start: Snapshot | None = None,
    most_steps: int | None = None,
    is_over: IsOver = never,
) -> Iterator[Event]:
    """Train, and give out rows and snapshots; there is one of each where it begins and ends.

    Once `is_over` says so the training ends by itself; it can go on from its last snapshot.
    Raises: SpecificationError where the snapshot doesn't fit.
    """
    return _History(training, rhythm, start, most_steps, is_over).events()


class _History:
    def __init__(
        self,
        training: Training,
        rhythm: Rhythm,
        start: Snapshot | None,
        most_steps: int | None,
        is_over: IsOver,
    ) -> None:
        self._began = time.perf_counter()
        self._stop, self._is_over = training.stop, is_over
        self._stepper = Stepper(training, start)
        self._monitor = Monitor(self._stepper)
        self._all = training.steps
        self._last = min(self._all, math.inf if most_steps is None else most_steps)
        self._rows = _Pace(rhythm.rows, ROW_SECONDS, rhythm.live)
        self._snapshots = _Pace(rhythm.snapshots, SNAPSHOT_SECONDS, rhythm.live)
        self._pairs = rhythm.live
        self._clock = _Clock()
        self._goal = start.goal if start else None
        self._looked = self._stepper.step
        self._cell: Divergence | None = None

    def events(self) -> Iterator[Event]:
        yield from self._given(always=True)
        reason = self._reason()
        while reason is None:
            self._advance()
            reason = self._reason()
            yield from self._given(always=reason is not None)
        reason = "diverged" if self._cell else reason
        yield self._end(reason)

    def _advance(self) -> None:
        stepper, began = self._stepper, time.perf_counter()
        before = stepper.step
        stepper.advance(self._room())
        self._clock.add(stepper.step - before, time.perf_counter() - began)

    def _room(self) -> int:
        """How many steps can be taken before something is due."""
        step, per_epoch = self._stepper.step, self._stepper.batches.per_epoch
        room = min(
            CHUNK,
            LOOK_SECONDS / self._clock.pace,
            self._rows.steps_left(step),
            self._snapshots.steps_left(step),
            self._last - step,
        )
        if self._stop.looks:
            room = min(room, per_epoch - step % per_epoch)
        return max(1, int(room))

    def _given(self, always: bool) -> Iterator[Event]:
        """Give out what is due here, or both at the beginning and the end."""
        step = self._stepper.step
        has_snapshot = always or self._snapshots.is_due(step)
        # What is followed is seen with its loss.
        has_row = always or self._rows.is_due(step) or (self._pairs and has_snapshot)
        if self._cell is None and has_row:
            began = time.perf_counter()
            row = self._monitor.row(self._clock.take())
            if row.is_finite:
                self._rows.made(began)
                yield row
            else:
                self._cell = self._monitor.divergence()
        if has_snapshot:
            began = time.perf_counter()
            snapshot = self._stepper.snapshot(self._goal)
            self._snapshots.made(began)
            yield snapshot

    def _reason(self) -> str | None:
        stepper = self._stepper
        if stepper.diverged or self._cell:
            self._cell = self._cell or stepper.diverged
            return "diverged"
        if fired := self._looked_at():
            return fired
        if stepper.step >= self._last:
            return "epochs" if self._last == self._all else "steps"
        return "time" if self._is_over() else None

    def _looked_at(self) -> str | None:
        """Look at the criteria, once after every epoch."""
        step = self._stepper.step
        if not self._stop.looks or step == self._looked or step % self._stepper.batches.per_epoch:
            return None
        self._looked = step
        row = self._monitor.row()
        change = math.inf if self._goal is None else abs(row.goal - self._goal)
        self._goal = row.goal
        return self._stop.fires(change, math.hypot(*row.gradient_norm))

    def _end(self, reason: str) -> End:
        return End(
            reason,
            self._stepper.step,
            self._cell,
            self._rows.count,
            self._snapshots.count,
            time.perf_counter() - self._began,
        )
