"""Replays: a program that has run once; one of its tensors moves, and what follows runs again."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from core.activations import ACTIVATIONS
from core.cells import Formula
from core.equation import Array, Call
from core.program import Program, Step, Values, read_inputs, run_calls, step_calls

Cell = tuple[int, ...]
PIECEWISE = ("abs", "relu", "leaky_relu")
"""Functions that are lines with a kink."""


class Replay:
    """A program that has run once; any of its tensors can be moved.

    Shapes: those of the program's slots; the arrays are the live buffers.
    Raises: EquationError where an input is missing or misshapen.
    """

    def __init__(self, program: Program, inputs: Mapping[str, object]) -> None:
        self.program = program
        self.values: Values = read_inputs(program, inputs)
        for step in program.steps:
            self.values[step.result] = np.empty(program.slots[step.result].shape, program.dtype)
        self.run(self.calls(program.steps))

    def __getitem__(self, name: str) -> Array:
        return self.values[self.program.slot(name)]

    def calls(self, steps: Sequence[Step]) -> list[Call]:
        """List the NumPy calls of these steps."""
        return [call for step in steps for call in step_calls(step, self.values)]

    def run(self, calls: Sequence[Call]) -> None:
        """Run calls; values that aren't finite are the caller's to look for."""
        with np.errstate(all="ignore"):
            run_calls(calls)

    def between(self, name: str, goal: Sequence[str] = ("L",)) -> list[Step]:
        """Return the steps that lead from a tensor to the goal: those that its move changes."""
        start = self.program.slot(name)
        moved, steps = {start}, list[Step]()
        for step in self.program.only(map(self.program.slot, goal)).steps:
            if step.result != start and moved.intersection(step.operands):
                moved.add(step.result)
                steps.append(step)
        return steps

    @contextmanager
    def moving(
        self, name: str, activations: Sequence[str], goal: Sequence[str] = ("L",)
    ) -> Generator["Probe"]:
        """Give a probe of one tensor; afterwards all is as it was."""
        steps = self.between(name, goal)
        calls = self.calls(steps)
        keeps = all(_keeps_digits(step.equation.cell) for step in steps)
        yield Probe(self, name, calls, _kinked(self, activations, goal), goal, keeps)
        self.run(calls)


@dataclass(frozen=True)
class Moved:
    """A cell as it is represented, the goal there, and on which side of every kink each unit is."""

    value: float
    loss: float
    sides: tuple[bytes, ...]


class Probe:
    """One tensor that is moved cell by cell."""

    def __init__(
        self,
        replay: Replay,
        name: str,
        calls: list[Call],
        kinked: list[tuple[Array, float]],
        goal: Sequence[str],
        keeps_digits: bool,
    ) -> None:
        self.tensor = replay[name]
        self._calls = calls
        self._kinked = kinked
        self._goal = [replay[each] for each in goal]
        self._replay = replay
        self._keeps_digits = keeps_digits

    @property
    def leads_to_goal(self) -> bool:
        """Whether the goal depends on the tensor at all."""
        return bool(self._calls)

    @property
    def last_place(self) -> float:
        """How far the goal's neighbouring floats are apart: its last place as nothing is moved."""
        self._replay.run(self._calls)
        return sum(float(np.spacing(np.abs(each))) for each in self._goal)

    @property
    def rounding(self) -> float:
        """How far a rounding on the way moves the goal: its last place, or that of 1.

        A loss next to 0 comes from outputs next to 1, or from the logarithm of a sum next to 1, and
        is off by what is lost there; sums, products and relu alone keep a small number's digits.
        """
        self._replay.run(self._calls)
        least = 0.0 if self._keeps_digits else 1.0
        return sum(float(np.spacing(np.maximum(np.abs(each), least))) for each in self._goal)

    def at(self, cell: Cell, value: float) -> Moved:
        """Return the goal with one cell at another value; the cell is put back."""
        start = self.tensor[cell]
        self.tensor[cell] = value
        self._replay.run(self._calls)
        moved = Moved(
            float(self.tensor[cell]), sum(float(each) for each in self._goal), self._sides()
        )
        self.tensor[cell] = start
        return moved

    def here(self, cell: Cell) -> Moved:
        """Return the goal with nothing moved."""
        return self.at(cell, float(self.tensor[cell]))

    def _sides(self) -> tuple[bytes, ...]:
        return tuple(np.greater(array, kink).tobytes() for array, kink in self._kinked)


def _keeps_digits(formula: Formula) -> bool:
    """Whether a formula has sums, products and lines with a kink alone."""
    if not isinstance(formula, list):
        return True
    head, *parts = formula
    if head == "apply":
        return parts[0] in PIECEWISE and _keeps_digits(parts[-1])
    return head != "logsumexp" and all(_keeps_digits(part) for part in parts)


def _kinked(
    replay: Replay, activations: Sequence[str], goal: Sequence[str]
) -> list[tuple[Array, float]]:
    """Return the arrays that a kink of the goal lies in, with where."""
    kinked = [
        (replay[f"Z[{layer}]"], kink)
        for layer, name in enumerate(activations, start=1)
        for kink in ACTIVATIONS[name].kinks
    ]
    if len(goal) > 1 and replay["l1"]:  # |W| has a kink at 0.
        layers = range(1, len(activations) + 1)
        kinked += [(replay[f"W[{layer}]"], 0.0) for layer in layers]
    return kinked
