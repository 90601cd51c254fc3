"""A preset of the descent laboratory as plain data: one surface, one start, one or more runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from core.descent import Descent, Stop
from core.surface import Surface, quadratic
from core.surfaces import SURFACES

View: TypeAlias = Literal["plane", "line", "relief"]


@dataclass(frozen=True)
class Run:
    """An optimizer with its numbers and switches, and its schedule."""

    optimizer: str = "gradient_descent"
    numbers: Mapping[str, float] = field(default_factory=dict[str, float])
    switches: tuple[str, ...] = ()
    schedule: str = "constant"
    schedule_numbers: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True)
class DescentPreset:
    """Runs over one surface, with a sentence on what to watch.

    `surface`: a name of the catalogue, or a symmetric matrix H of ½ xᵀHx. `lecture`: the items of
    the lecture that it shows. `window`: what part of each axis to show, if not the surface's own.
    `at`: the point at which to stand; None plays.
    """

    name: str
    title: str
    group: str
    watch: str
    surface: str | tuple[tuple[float, ...], ...]
    start: tuple[float, ...]
    runs: tuple[Run, ...]
    stop: Stop
    lecture: tuple[str, ...] = ()
    ascend: bool = False
    view: View = "plane"
    window: tuple[tuple[float, float], ...] | None = None
    at: int | None = None

    def descents(self) -> list[Descent]:
        """Return the runs, ready to run."""
        return [
            Descent(
                self._surface(),
                self.start,
                run.optimizer,
                run.numbers,
                run.switches,
                run.schedule,
                run.schedule_numbers,
                self.ascend,
                self.stop,
            )
            for run in self.runs
        ]

    def _surface(self) -> Surface:
        if isinstance(self.surface, str):
            return SURFACES[self.surface]
        return quadratic(self.surface, self.start)


def rated(optimizer: str, learning_rate: float) -> Run:
    """Return a run at a constant learning rate."""
    return Run(optimizer, {"learning_rate": learning_rate})


def descending(learning_rate: float) -> Run:
    """Return plain gradient descent at a constant learning rate."""
    return rated("gradient_descent", learning_rate)


def level(most: int = 200) -> Stop:
    """Return the usual stop: where the gradient is shorter than 1e-6, or after so many steps."""
    return Stop(most, gradient_norm=1e-6)
