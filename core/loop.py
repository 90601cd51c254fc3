"""Loops: a program bound to fixed buffers, to be run again and again.

Two sets of parameters take turns (one is read while the other is written), so that no equation
needs to know whether it works in place. Element-wise updates of all parameters are one call on one
long vector: the calls, not the arithmetic, are what a small network's step costs (`benchmarks/`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from graphlib import TopologicalSorter
from itertools import repeat
from typing import Any, TypeAlias

import numpy as np

from core.equation import Array, Call
from core.program import SAMPLES, Program, Step, Values, read_inputs, step_calls

Bound: TypeAlias = list[tuple[Callable[..., Any], tuple[Any, ...]]]
"""NumPy functions with their arguments, ready to be called."""
Group: TypeAlias = list[Step]
_NOTHING: Bound = []


class Loop:
    """Runs a program in place, one iteration a call.

    Shapes: those of the program's slots; `values` gives the live buffers, not copies.
    """

    def __init__(self, program: Program, inputs: Mapping[str, object]) -> None:
        plan = _Plan(program)
        self._bind(program, plan, plan.allocate())
        self._fill(program, inputs)

    def twin(
        self, program: Program, inputs: Mapping[str, object], results: Iterable[str] | None = None
    ) -> "Loop":
        """Return a loop on the same parameters for other samples, or for some results alone.

        Its program must have this one's slots in this one's order. Shared are the inputs that have
        no sample's axis, and what is carried from one iteration to the next. Set its `iteration` to
        this one's before it runs: they take turns together.
        """
        twin = object.__new__(Loop)
        wanted = None if results is None else program.only(map(program.slot, results))
        plan = _Plan(program, wanted)
        carried = {*program.carries, *program.carries.values()}
        given = {index for index in program.inputs if SAMPLES not in program.slots[index].axes}
        shared = {index: self._values[index] for index in carried | given}
        twin._bind(program, plan, plan.allocate() | shared)
        own = [index for index in program.inputs if index not in shared]
        for index in own:
            array: Array = np.asarray(inputs[program.slots[index].name], program.dtype)
            twin._values[index][...] = array
        return twin

    def ahead(self, program: Program, results: Iterable[str]) -> "Loop":
        """Return a loop on this one's very buffers that does a part of the next iteration ahead.

        Its program must have this one's slots in this one's order. Once it has run, at this one's
        `iteration`, tell this one with `skip_ahead`: it then does what is left alone.
        """
        part = object.__new__(Loop)
        wanted = program.only(map(program.slot, results))
        plan = _Plan(program, wanted)
        part._bind(program, plan, self._values)
        left = _Plan(self.program, replace(self.program, steps=_without(self.program, wanted)))
        self._left = [left.bind(values) for values in self._buffers]
        return part

    def skip_ahead(self) -> None:
        """Leave out of the next iteration what the part has done for it."""
        self._done_ahead = self.iteration

    def run(self, iterations: int = 1) -> None:
        """Run so many iterations. Values that stop being finite are the caller's to look for."""
        self.run_on(repeat(_NOTHING, iterations))

    def run_on(self, batches: Iterable[Bound]) -> None:
        """Run an iteration a batch: the calls that fill the inputs' buffers first."""
        with np.errstate(all="ignore"):
            for fill in batches:
                for function, arguments in fill:
                    function(*arguments)
                self.step()

    def step(self) -> None:
        """Run one iteration, with NumPy's warnings as they are set."""
        turns = self._left if self.iteration == self._done_ahead else self._turns
        for function, arguments in turns[self.iteration % len(turns)]:
            function(*arguments)
        self.iteration += 1

    def value(self, name: str) -> Array:
        """Return the live buffer of a slot, such as "L", "Z[1]" or the current "W[2]"."""
        return self._buffers[self.iteration % len(self._buffers)][self._places[name]]

    def last(self) -> Values:
        """Return the live buffers of all slots as the last iteration read and filled them."""
        return self._buffers[(self.iteration - 1) % len(self._buffers)]

    def now(self) -> Values:
        """Return the live buffers of all slots as the next iteration reads them."""
        return self._buffers[self.iteration % len(self._buffers)]

    def _bind(self, program: Program, plan: "_Plan", values: Values) -> None:
        self.program = program
        # Asked for at every iteration of a path: a search among the slots would cost a tenth of it.
        self._places = {
            slot.name: index for index, slot in enumerate(program.slots) if slot.offset == 0
        }
        self.iteration = 0
        self._values = values
        self._buffers = [values]
        if program.carries:
            self._buffers.append(_swapped(program, values))
        self._turns = [plan.bind(values) for values in self._buffers]
        self._left = self._turns
        self._done_ahead = -1

    def _fill(self, program: Program, inputs: Mapping[str, object]) -> None:
        for index, array in read_inputs(program, inputs).items():
            self._values[index][...] = array


def _swapped(program: Program, values: Values) -> Values:
    """Return the buffers with every carried pair exchanged."""
    swapped = dict(values)
    for made, start in program.carries.items():
        swapped[made], swapped[start] = values[start], values[made]
    return swapped


class _Plan:
    """Which updates are one call, and which slots lie end to end in one vector for that."""

    def __init__(self, program: Program, wanted: Program | None = None) -> None:
        self._program = program
        self._turns = {**program.carries, **{b: a for a, b in program.carries.items()}}
        self._pools = set[tuple[int, ...]]()
        self._pooled = set[int]()
        groups = self._ordered(self._merge())
        self._groups = groups if wanted is None else _only(groups, set(wanted.steps))

    def allocate(self) -> Values:
        """Return buffers for all slots."""
        dtype = self._program.dtype
        values: Values = {
            index: np.zeros(slot.shape, dtype) for index, slot in enumerate(self._program.slots)
        }
        for indices in self._pools:
            values.update(self._pool(indices))
        return values

    def bind(self, values: Values) -> Bound:
        """List all calls of one iteration on these buffers."""
        calls = [call for group in self._groups for call in self._calls(group, values)]
        return [(function, tuple(arguments)) for function, *arguments in calls]

    def _merge(self) -> list[Group]:
        """Put the element-wise updates together that differ only in the parameter they are of."""
        groups: dict[object, Group] = {}
        for index, step in enumerate(self._program.steps):
            groups.setdefault(self._key(step) or index, []).append(step)
        merged = list[Group]()
        # The largest first: a slot can lie in one vector alone.
        for group in sorted(groups.values(), key=len, reverse=True):
            fits = len(group) > 1 and self._claim(_columns(group))
            merged += [group] if fits else [[step] for step in group]
        return merged

    def _key(self, step: Step) -> object:
        if step.phase != "update" or not step.equation.rule.is_elementwise:
            return None
        scalars = [index for index in step.operands if not self._program.slots[index].axes]
        return step.equation.id, *scalars

    def _claim(self, columns: list[tuple[int, ...]]) -> bool:
        """Lay the columns out as vectors, unless a slot of theirs lies in another one already."""
        own = {column for column in columns if len(set(column)) == len(column)}
        for column in list(own):
            turning = [self._turns[index] for index in column if index in self._turns]
            # What takes turns with a vector must be one too: all of it, or none.
            if turning and len(turning) < len(column):
                return False
            own |= {tuple(turning)} if turning else set()
        for column in own - self._pools:
            if self._pooled.intersection(column):
                return False
        self._pools |= own
        self._pooled.update(index for column in own for index in column)
        return True

    def _ordered(self, groups: list[Group]) -> list[Group]:
        """Order the groups so that each comes after what it reads."""
        maker = {step.result: place for place, group in enumerate(groups) for step in group}
        reads = {
            place: {maker[index] for step in group for index in step.operands if index in maker}
            for place, group in enumerate(groups)
        }
        return [groups[place] for place in TopologicalSorter(reads).static_order()]

    def _pool(self, indices: tuple[int, ...]) -> Values:
        """Lay the slots end to end in one new vector."""
        slots = [self._program.slots[index] for index in indices]
        sizes = [slot.size for slot in slots]
        parts = np.split(np.zeros(sum(sizes), self._program.dtype), np.cumsum(sizes)[:-1])
        return {
            index: part.reshape(slot.shape)
            for index, slot, part in zip(indices, slots, parts, strict=True)
        }

    def _calls(self, group: Group, values: Values) -> list[Call]:
        if len(group) == 1:
            return step_calls(group[0], values)
        *operands, out = (
            base_of(values[column[0]]) if column in self._pools else values[column[0]]
            for column in _columns(group)
        )
        return group[0].equation.calls(tuple(operands), out)


def _only(groups: list[Group], wanted: set[Step]) -> list[Group]:
    """Leave out the steps that aren't wanted; a group that loses some falls apart."""
    kept = list[Group]()
    for group in groups:
        steps = [step for step in group if step in wanted]
        kept += [steps] if len(steps) == len(group) else [[step] for step in steps]
    return kept


def _without(program: Program, other: Program) -> tuple[Step, ...]:
    done = set(other.steps)
    return tuple(step for step in program.steps if step not in done)


def _columns(group: Group) -> list[tuple[int, ...]]:
    """Return, for each operand and the result, the slots of the group's steps."""
    return list(zip(*((*step.operands, step.result) for step in group), strict=True))


def base_of(view: Array) -> Array:
    """Return the array in which a view lies."""
    while view.base is not None:
        view = view.base
    return view
