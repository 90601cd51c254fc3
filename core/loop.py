"""Loops: a program bound to fixed buffers, to be run again and again.

Two sets of parameters take turns (one is read while the other is written), so that no equation
needs to know whether it works in place. Element-wise updates of all parameters are one call on one
long vector: the calls, not the arithmetic, are what a small network's step costs (`benchmarks/`).
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np

from core.equation import Array, Call
from core.program import Program, Step, Values, read_inputs, step_calls

Bound: TypeAlias = list[tuple[Callable[..., Any], tuple[Any, ...]]]
"""NumPy functions with their arguments, ready to be called."""


class Loop:
    """Runs a program in place, one iteration a call.

    Shapes: those of the program's slots; `values` gives the live buffers, not copies.
    """

    def __init__(self, program: Program, inputs: Mapping[str, object]) -> None:
        self.program = program
        self._values = _allocate(program)
        for index, array in read_inputs(program, inputs).items():
            self._values[index][...] = array
        self._turns = [_bind(program, self._values)]
        if program.carries:
            self._turns.append(_bind(program, _swapped(program, self._values)))
        self.iteration = 0

    def run(self, iterations: int = 1) -> None:
        """Run so many iterations. Values that stop being finite are the caller's to look for."""
        with np.errstate(all="ignore"):
            for _ in range(iterations):
                for function, arguments in self._turns[self.iteration % len(self._turns)]:
                    function(*arguments)
                self.iteration += 1

    def value(self, name: str) -> Array:
        """Return the live buffer of a slot, such as "L", "Z[1]" or the current "W[2]"."""
        index = self.program.slot(name)
        turned = self._values
        if self.program.carries and self.iteration % 2:
            turned = _swapped(self.program, self._values)
        return turned[index]


def _swapped(program: Program, values: Values) -> Values:
    """Return the buffers with every carried pair exchanged."""
    swapped = dict(values)
    for made, start in program.carries.items():
        swapped[made], swapped[start] = values[start], values[made]
    return swapped


def _allocate(program: Program) -> Values:
    values: Values = {
        index: np.zeros(slot.shape, program.dtype) for index, slot in enumerate(program.slots)
    }
    for group in _update_groups(program):
        for indices in _pools(group):
            values.update(_pool(program, indices))
    return values


def _update_groups(program: Program) -> list[list[Step]]:
    """Group the element-wise update steps that differ in nothing but the parameter they are of."""
    groups: dict[tuple[object, ...], list[Step]] = {}
    for step in program.steps:
        if step.phase == "update" and step.equation.rule.is_elementwise:
            scalars = [index for index in step.operands if program.slots[index].axes == ()]
            groups.setdefault((step.equation.id, *scalars), []).append(step)
    return list(groups.values())


def _pools(group: list[Step]) -> list[tuple[int, ...]]:
    """Return, for each operand and the result, the slots that should lie in one vector."""
    columns = list(zip(*((*step.operands, step.result) for step in group), strict=True))
    return [column for column in columns if len(set(column)) == len(column)]


def _pool(program: Program, indices: tuple[int, ...]) -> Values:
    """Lay the slots end to end in one new vector."""
    sizes = [program.slots[index].size for index in indices]
    parts = np.split(np.zeros(sum(sizes), program.dtype), np.cumsum(sizes)[:-1])
    return {
        index: part.reshape(program.slots[index].shape)
        for index, part in zip(indices, parts, strict=True)
    }


def _bind(program: Program, values: Values) -> Bound:
    """List all calls of one iteration, element-wise updates merged."""
    merged = {id(step) for group in _update_groups(program) for step in group}
    calls = list[Call]()
    for step in program.steps:
        if id(step) not in merged:
            calls += step_calls(step, values)
    for group in _update_groups(program):
        calls += _merged_calls(group, values)
    return [(function, tuple(arguments)) for function, *arguments in calls]


def _merged_calls(group: list[Step], values: Values) -> list[Call]:
    """List the calls of a group of updates on the vectors that their slots lie in."""
    pools = set(_pools(group))
    columns = zip(*((*step.operands, step.result) for step in group), strict=True)
    *operands, out = (
        _base(values[column[0]]) if column in pools else values[column[0]] for column in columns
    )
    return group[0].equation.calls(tuple(operands), out)


def _base(view: Array) -> Array:
    while view.base is not None:
        view = view.base
    return view
