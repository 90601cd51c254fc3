"""Quantities: every number of every iteration of a run, a column a slot of the program.

A column's name is the slot's id in iteration 0, so that the program's steps say what each row is.
"""

from dataclasses import dataclass

import numpy as np

from core.equation import Array
from core.loop import Loop
from core.program import Program


@dataclass(frozen=True)
class Quantities:
    """What each iteration read and made; a row ends up here only if all of it is finite.

    Shapes: a column of a slot of shape (…) is (K, …); a constant has its slot's shape.
    """

    program: Program
    columns: dict[int, Array]
    constants: dict[int, Array]

    @property
    def iterations(self) -> int:
        """The number of rows."""
        return len(next(iter(self.columns.values())))


class Recorder:
    """Copies a loop's buffers, once an iteration."""

    def __init__(self, loop: Loop) -> None:
        program = loop.program
        shown = sorted({*program.inputs, *(step.result for step in program.steps)})
        self._loop = loop
        self._fixed = [index for index in shown if program.slots[index].fixed]
        self._varying = [index for index in shown if not program.slots[index].fixed]
        self._rows = list[Array]()

    def keep(self) -> None:
        """Keep what the iteration that has just run read and made."""
        buffers = self._loop.last()
        self._rows.append(np.concatenate([buffers[index].ravel() for index in self._varying]))

    def quantities(self, iterations: int) -> Quantities:
        """Return so many of the iterations kept, or those before the first that isn't finite."""
        table = self._table(iterations)
        slots = self._loop.program.slots
        ends = np.cumsum([slots[index].size for index in self._varying])
        parts = np.split(table, ends[:-1], axis=1)
        columns = {
            index: np.ascontiguousarray(part).reshape(len(table), *slots[index].shape)
            for index, part in zip(self._varying, parts, strict=True)
        }
        buffers = self._loop.last()
        constants = {index: buffers[index].copy() for index in self._fixed}
        return Quantities(self._loop.program, columns, constants)

    def _table(self, iterations: int) -> Array:
        program = self._loop.program
        width = sum(program.slots[index].size for index in self._varying)
        table = np.array(self._rows[:iterations], program.dtype).reshape(-1, width)
        broken = np.flatnonzero(~np.isfinite(table).all(axis=1))
        return table[: broken[0]] if len(broken) else table
