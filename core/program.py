"""Programs: the static list of steps of a computation, built once and run many times.

A program knows the name, axes and shape of every slot, but holds no numbers. Bound to buffers, it
is a flat list of NumPy calls: the training loop's fast path (`Loop`) and what a trace is made from
(`core.trace`) are the same calls in the same order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.equation import Array, Call, Equation
from core.errors import EquationError

PHASES = ("forward", "loss", "backward", "update")
SAMPLES = "samples"
"""The axis of the samples: what has it depends on how many there are."""


@dataclass(frozen=True)
class Slot:
    """A place for one tensor: X, Z[2], dW[1], … with the names of its axes and its shape.

    `offset` is 1 for a value that the next iteration starts from (an updated weight); a `fixed`
    slot keeps its value through all iterations (X, Y, the learning rate). `initial` fills an input
    that needs no array from outside (the state of an optimizer).
    """

    symbol: str
    layer: int | None
    axes: tuple[str, ...]
    shape: tuple[int, ...]
    offset: int = 0
    fixed: bool = False
    initial: float | None = None

    @property
    def name(self) -> str:
        """The slot's name without an iteration, such as "Z[2]" or "L"."""
        return self.symbol if self.layer is None else f"{self.symbol}[{self.layer}]"

    def id(self, iteration: int) -> str:
        """The tensor's id in an iteration, such as "Z[2]@0"."""
        return f"{self.name}@{0 if self.fixed else iteration + self.offset}"

    @property
    def size(self) -> int:
        """The number of cells."""
        return prod(self.shape)


@dataclass(frozen=True)
class Step:
    """One equation applied: operands and result are indices of slots."""

    phase: str
    equation: Equation
    operands: tuple[int, ...]
    result: int


@dataclass(frozen=True)
class Program:
    """Slots, the steps that fill them, and which result the next iteration starts from."""

    slots: tuple[Slot, ...]
    steps: tuple[Step, ...]
    carries: Mapping[int, int] = field(default_factory=dict[int, int])
    dtype: np.dtype[Any] = field(default_factory=lambda: np.dtype(np.float64))

    @property
    def inputs(self) -> tuple[int, ...]:
        """The slots that a step reads and none fills."""
        made = {step.result for step in self.steps}
        read = {index for step in self.steps for index in step.operands}
        return tuple(sorted(read - made))

    def slot(self, name: str, offset: int = 0) -> int:
        """Return the index of the slot with this name."""
        for index, slot in enumerate(self.slots):
            if slot.name == name and slot.offset == offset:
                return index
        raise EquationError(f"The program has no slot {name}.")

    def only(self, results: Iterable[int]) -> "Program":
        """Return the program with just the steps that these results need.

        Slots keep their indices, so that the same buffers serve both programs.
        """
        needed, kept = set(results), list[Step]()
        for step in reversed(self.steps):
            if step.result in needed:
                needed.update(step.operands)
                kept.append(step)
        carries = {made: start for made, start in self.carries.items() if made in needed}
        return replace(self, steps=tuple(reversed(kept)), carries=carries)

    def cells(self, iterations: int) -> int:
        """Count the cells of a trace of so many iterations, without making it."""
        made = sum(self.slots[step.result].size for step in self.steps)
        return sum(self.slots[index].size for index in self.inputs) + made * iterations


class ProgramBuilder:
    """Collects slots and steps; every result's shape follows from the equation's index rule."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._slots = list[Slot]()
        self._steps = list[Step]()
        self._carries = dict[int, int]()
        self._dtype = dtype

    def input(
        self,
        symbol: str,
        layer: int | None,
        axes: tuple[str, ...],
        shape: tuple[int, ...],
        *,
        fixed: bool = False,
    ) -> int:
        """Add a slot that is given from outside."""
        return self._add(Slot(symbol, layer, axes, shape, fixed=fixed))

    def step(
        self,
        phase: str,
        equation: Equation,
        operands: Sequence[int],
        symbol: str,
        layer: int | None,
    ) -> int:
        """Add a step and the slot of its result, whose axes and shape follow from the operands."""
        axes, shape = self._infer(equation, operands)
        return self._append(phase, equation, operands, Slot(symbol, layer, axes, shape))

    def state(
        self,
        symbol: str,
        like: int | None,
        axes: tuple[str, ...] = (),
        shape: tuple[int, ...] = (),
    ) -> int:
        """Add a slot that starts at 0: one like another slot, or of these axes and shape."""
        slot = Slot(symbol, None, axes, shape) if like is None else self._named_like(symbol, like)
        return self._add(replace(slot, initial=0.0))

    def beside(self, equation: Equation, operands: Sequence[int], symbol: str, like: int) -> int:
        """Add a step of the update whose result is like another slot."""
        return self._append("update", equation, operands, self._named_like(symbol, like))

    def update(self, equation: Equation, operands: Sequence[int], start: int) -> int:
        """Add a step whose result is the value that `start` has in the next iteration."""
        slot = replace(self._slots[start], offset=1)
        result = self._append("update", equation, operands, slot)
        self._carries[result] = start
        return result

    def build(self) -> Program:
        """Return the finished program."""
        return Program(tuple(self._slots), tuple(self._steps), dict(self._carries), self._dtype)

    def _named_like(self, symbol: str, like: int) -> Slot:
        parent = self._slots[like]
        # Both W[1] and b[1] have a velocity: vW[1] and vb[1].
        suffix = parent.symbol if parent.layer is not None else ""
        return Slot(symbol + suffix, parent.layer, parent.axes, parent.shape)

    def _append(self, phase: str, equation: Equation, operands: Sequence[int], slot: Slot) -> int:
        result = self._add(slot)
        self._steps.append(Step(phase, equation, tuple(operands), result))
        return result

    def _add(self, slot: Slot) -> int:
        self._slots.append(slot)
        return len(self._slots) - 1

    def _infer(
        self, equation: Equation, operands: Sequence[int]
    ) -> tuple[tuple[str, ...], tuple[int, ...]]:
        slots = [self._slots[index] for index in operands]
        shape = equation.rule.result_shape([slot.shape for slot in slots])
        if equation.rule.is_elementwise:
            return slots[0].axes, shape
        named = {
            letter: axis
            for word, slot in zip(equation.rule.operands, slots, strict=True)
            for letter, axis in zip(word, slot.axes, strict=True)
        }
        return tuple(named[letter] for letter in equation.rule.sources()), shape


Values = dict[int, Array]


def read_inputs(program: Program, inputs: Mapping[str, object]) -> Values:
    """Copy the given arrays into the program's input slots.

    Raises: EquationError where one is missing or has another shape.
    """
    values: Values = {}
    for index in program.inputs:
        slot = program.slots[index]
        if slot.name not in inputs and slot.initial is not None:
            values[index] = np.full(slot.shape, slot.initial, program.dtype)
            continue
        if slot.name not in inputs:
            raise EquationError(f"The program needs {slot.name}.")
        array: NDArray[Any] = np.array(inputs[slot.name], dtype=program.dtype, order="C")
        if array.shape != slot.shape:
            raise EquationError(f"{slot.name} is {array.shape}, not {slot.shape}.")
        values[index] = array
    return values


def step_calls(step: Step, values: Values) -> list[Call]:
    """List the NumPy calls of one step on these buffers."""
    operands = tuple(values[index] for index in step.operands)
    return step.equation.calls(operands, values[step.result])


def run_calls(calls: Iterable[Call]) -> None:
    """Run NumPy calls one after the other: the loop under everything."""
    for function, *arguments in calls:
        function(*arguments)
