"""Descent: a path over a surface, by the same optimizers and equations that train networks."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.equation import Array
from core.errors import BudgetError, SpecificationError, UnknownNameError
from core.loop import Loop
from core.optimizers import OPTIMIZERS, record_updates
from core.program import Program, ProgramBuilder
from core.quantities import Quantities, Recorder
from core.schedules import SCHEDULES, record_schedule, schedule_scalars
from core.searches import SEARCHES, Search, steepest
from core.settings import Settings, settle
from core.stopping import REQUIRE, IsOver, fired, never
from core.surface import Surface, negated, undefined_at
from core.surface_equations import gradient_equation, value_equation
from core.trace import Trace, run_trace

AXES = ("variables",)
ASK_EVERY = 64
"""Steps between two questions whether the time is up."""
RUNAWAY = 1e12
"""Values this many times the first one's size count as divergence."""


@dataclass(frozen=True)
class Stop:
    """When a descent ends; with both criteria, `require` says whether either is enough.

    A small |Δf| alone says little: it scales with the step size.
    """

    max_iterations: int = 1000
    value_change: float | None = None
    gradient_norm: float | None = None
    require: str = "either"

    def fires(self, change: float, norm: float) -> str | None:
        """Return the criterion that is met, if that is enough to stop."""
        criteria = {
            "value_change": (self.value_change, change),
            "gradient_norm": (self.gradient_norm, norm),
        }
        return fired(criteria, self.require)


@dataclass(frozen=True)
class Path:
    """One entry a point; `step_size` has one entry fewer.

    Shapes: theta and gradient (K + 1, n), value and gradient_norm (K + 1,), step_size (K,).
    """

    theta: Array
    value: Array
    gradient: Array
    gradient_norm: Array
    step_size: Array
    stopped_by: str
    quantities: Quantities | None = None

    @property
    def iterations(self) -> int:
        """The number of steps taken."""
        return len(self.step_size)


@dataclass(frozen=True, eq=False)
class Descent:
    """An optimizer on a surface, ready to run.

    Shapes: start (n,).
    Raises: SpecificationError where the parts don't go together, UnknownNameError for a name.
    """

    surface: Surface
    start: Sequence[float]
    optimizer: str = "gradient_descent"
    numbers: Mapping[str, float] | None = None
    switches: tuple[str, ...] = ()
    schedule: str = "constant"
    schedule_numbers: Mapping[str, float] | None = None
    ascend: bool = False
    stop: Stop = Stop()

    def program(self) -> Program:
        """Return the program of one iteration."""
        self._check_names()
        builder = ProgramBuilder(np.dtype(np.float64))
        theta = builder.input("theta", None, AXES, (self.surface.dimension,))
        builder.step("forward", value_equation(self.surface), (theta,), "L", None)
        gradient = builder.step(
            "backward", gradient_equation(self.surface), (theta,), "dtheta", None
        )
        if self.ascend:
            gradient = builder.beside(steepest, (gradient,), "g", gradient)
        goal = negated(self.surface) if self.ascend else self.surface
        if self.optimizer in SEARCHES:
            SEARCHES[self.optimizer][1](Search(builder, goal, theta, gradient))
        else:
            self._record(builder, theta, gradient)
        return builder.build()

    def inputs(self) -> dict[str, object]:
        """Return the arrays that the program starts from, by slot."""
        named: dict[str, object] = {"theta": list(self.start)}
        if self.optimizer in SEARCHES:
            return named
        scalars = self.settings.scalars
        return named | schedule_scalars(self.schedule, scalars, self.schedule_numbers or {})

    def trace(self, iteration: int, is_over: IsOver = never) -> Trace:
        """Return every number of one iteration, from the path's point of this index on.

        Raises: BudgetError once `is_over` says so.
        """
        loop = Loop(self.program(), self.inputs())
        while loop.iteration < iteration:
            loop.run(min(ASK_EVERY, iteration - loop.iteration))
            _check_budget(loop.iteration, is_over)
        slots = [loop.program.slots[index] for index in loop.program.inputs]
        now = {slot.name: loop.value(slot.name) for slot in slots}
        return run_trace(loop.program, now, start=iteration)

    @property
    def settings(self) -> Settings:
        """The optimizer's numbers, those that aren't given at their defaults."""
        return settle(self.optimizer, self.numbers or {}, self.switches)

    def run(self, record: bool = False, is_over: IsOver = never) -> Path:
        """Follow the path until it stops; `record` keeps every number of every step.

        Raises: BudgetError once `is_over` says so; it is asked now and then.
        """
        return _Walk(self, record, is_over).path()

    def _record(self, builder: ProgramBuilder, theta: int, gradient: int) -> None:
        switches = dict.fromkeys(self.settings.switches, True)
        scalars = record_schedule(builder, self.schedule)
        optimizer = OPTIMIZERS[self.optimizer]
        record_updates(builder, optimizer, [(theta, gradient)], switches, scalars)

    def _check_names(self) -> None:
        known = [*OPTIMIZERS, *SEARCHES]
        if self.optimizer not in known:
            raise UnknownNameError("optimizer", self.optimizer, known, ["optimizer", "name"])
        if self.schedule not in SCHEDULES:
            raise UnknownNameError("schedule", self.schedule, SCHEDULES, ["schedule", "name"])
        if self.optimizer in SEARCHES:
            self._check_search()
        if self.stop.require not in REQUIRE:
            raise UnknownNameError("rule", self.stop.require, REQUIRE, ["stop", "require"])
        if len(self.start) != self.surface.dimension:
            raise SpecificationError(
                f"{self.surface.title} has {self.surface.dimension} variables, "
                f"but the start has {len(self.start)} numbers.",
                where=["start"],
                expected=self.surface.dimension,
                given=list(self.start),
            )

    def _check_search(self) -> None:
        given = [*(self.numbers or {}), *self.switches]
        given += [] if self.schedule == "constant" else [f"the schedule {self.schedule}"]
        if given:
            title = SEARCHES[self.optimizer][0]
            raise SpecificationError(
                f"{title} finds its own step size and takes no {given[0]}.",
                where=["optimizer"],
                expected="a name alone",
                given=given,
            )


def sweep(descent: Descent, learning_rates: Sequence[float], is_over: IsOver = never) -> list[Path]:
    """Return the path of each learning rate, all else alike.

    Raises: BudgetError once `is_over` says so.
    """
    numbers = dict(descent.numbers or {})
    return [
        replace(descent, numbers={**numbers, "learning_rate": rate}).run(is_over=is_over)
        for rate in learning_rates
    ]


def _check_budget(taken: int, is_over: IsOver) -> None:
    if taken % ASK_EVERY == 0 and is_over():
        raise BudgetError(
            f"The path was stopped after {taken:,} steps, since its time was up: "
            "ask for fewer iterations, or take a simpler formula."
        )


class _Walk:
    """One run: the columns while they are being filled."""

    def __init__(self, descent: Descent, record: bool, is_over: IsOver) -> None:
        self._is_over = is_over
        self._stop = descent.stop
        self._surface = descent.surface
        self._loop = Loop(descent.program(), descent.inputs())
        self._recorder = Recorder(self._loop) if record else None
        self._theta = list[list[float]]()
        self._gradient = list[list[float]]()
        self._value = list[float]()
        self._norm = list[float]()
        self._steps = list[float]()

    def path(self) -> Path:
        with np.errstate(all="ignore"):
            reason = self._walk()
        taken = max(len(self._value) - 1, 0)
        return Path(
            np.array(self._theta),
            np.array(self._value),
            np.array(self._gradient),
            np.array(self._norm),
            np.array(self._steps[:taken]),
            reason,
            self._recorder.quantities(taken) if self._recorder else None,
        )

    def _walk(self) -> str:
        """Plain numbers: for two of them NumPy's calls would cost more than the step itself."""
        loop = self._loop
        while True:
            theta: list[float] = loop.value("theta").tolist()
            loop.step()
            value, gradient = float(loop.value("L")), loop.value("dtheta").tolist()
            norm = math.hypot(*gradient)
            if not self._is_sound(theta, value, norm):
                self._check_start(theta)
                return "diverged"
            self._theta.append(theta)
            self._value.append(value)
            self._gradient.append(gradient)
            self._norm.append(norm)
            if reason := self._reason(norm):
                return reason
            self._steps.append(float(loop.value("eta")))
            if self._recorder:
                self._recorder.keep()
            _check_budget(len(self._steps), self._is_over)

    def _check_start(self, theta: list[float]) -> None:
        if not self._theta:
            raise undefined_at(self._surface, np.array(theta), "start")

    def _is_sound(self, theta: list[float], value: float, norm: float) -> bool:
        largest = RUNAWAY * max(1.0, abs(self._value[0]) if self._value else abs(value))
        return all(map(math.isfinite, theta)) and math.isfinite(norm) and abs(value) <= largest

    def _stands_still(self) -> bool:
        return len(self._theta) > 1 and self._theta[-1] == self._theta[-2]

    def _reason(self, norm: float) -> str | None:
        change = abs(self._value[-1] - self._value[-2]) if len(self._value) > 1 else np.inf
        if fired := self._stop.fires(change, norm):
            return fired
        if norm == 0 or self._stands_still():
            return "stationary"
        return "max_iterations" if len(self._value) > self._stop.max_iterations else None
