"""Traces: a program's run with every number kept, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from core.equation import Array, Equation
from core.program import Program, Slot, Step, Values, read_inputs, run_calls, step_calls


@dataclass(frozen=True)
class Tensor:
    """One array of a run, with its slot and the iteration it belongs to."""

    id: str
    slot: Slot
    iteration: int
    data: Array


@dataclass(frozen=True)
class TraceStep:
    """One step of a run: operands by role and the result, as tensor ids."""

    phase: str
    equation: Equation
    operands: dict[str, str]
    result: str


@dataclass(frozen=True)
class Divergence:
    """The first result that wasn't finite; the trace ends before it.

    `step` counts the steps of the program, from 0, not those of a training.
    """

    step: int
    tensor: str
    cell: tuple[int, ...]
    value: str

    @property
    def message(self) -> str:
        """One sentence that names the program's step and the cell."""
        return f"Step {self.step + 1}: {self.finding}"

    @property
    def finding(self) -> str:
        """What went wrong in which cell, as the end of a sentence."""
        place = ", ".join(str(index + 1) for index in self.cell)
        where = f"cell ({place}) of {self.tensor}" if place else self.tensor
        reason = {"nan": "isn't a number", "+inf": "grew past the largest float"}
        return f"{where} {reason.get(self.value, 'fell past the lowest float')}."


@dataclass
class Trace:
    """Everything one run computed, each tensor once; `first` is its first iteration's number."""

    equations: dict[str, Equation] = field(default_factory=dict[str, Equation])
    tensors: dict[str, Tensor] = field(default_factory=dict[str, Tensor])
    steps: list[TraceStep] = field(default_factory=list[TraceStep])
    diverged: Divergence | None = None
    first: int = 0

    @property
    def outcome(self) -> str:
        """ "complete" or "diverged"."""
        return "diverged" if self.diverged else "complete"

    def __getitem__(self, id: str) -> Array:
        """Return a tensor's array by its id, such as "Z[2]@0"."""
        return self.tensors[id].data


def run_trace(
    program: Program, inputs: Mapping[str, object], iterations: int = 1, start: int = 0
) -> Trace:
    """Run a program and keep every result; the first iteration is numbered `start`.

    Shapes: those of the program's slots.
    Raises: EquationError where an input is missing or misshapen.
    """
    trace = Trace(first=start)
    values = read_inputs(program, inputs)
    for index in program.inputs:
        _keep(trace, program.slots[index], start, values[index])
    with np.errstate(all="ignore"):
        for iteration in range(start, start + iterations):
            for step in program.steps:
                if not _record(trace, program, step, iteration, values):
                    return trace
            for made, following in program.carries.items():
                values[following] = values[made]
    return trace


def _record(trace: Trace, program: Program, step: Step, iteration: int, values: Values) -> bool:
    """Compute one step into a new array and keep it; return whether it may go on."""
    slot = program.slots[step.result]
    out = np.empty(slot.shape, program.dtype)
    values[step.result] = out
    run_calls(step_calls(step, values))
    if not _may_go_on(out, step.equation):
        trace.diverged = _divergence(len(trace.steps), slot.id(iteration), out)
        return False
    _keep(trace, slot, iteration, out)
    trace.equations.setdefault(step.equation.id, step.equation)
    trace.steps.append(_traced(program, step, iteration))
    return True


def traced_steps(program: Program, iteration: int) -> list[TraceStep]:
    """Return the steps of one iteration by tensor ids, without running them."""
    return [_traced(program, step, iteration) for step in program.steps]


def _traced(program: Program, step: Step, iteration: int) -> TraceStep:
    ids = [program.slots[index].id(iteration) for index in step.operands]
    operands = dict(zip(step.equation.roles, ids, strict=True))
    return TraceStep(step.phase, step.equation, operands, program.slots[step.result].id(iteration))


def _may_go_on(out: Array, equation: Equation) -> bool:
    if equation.may_be_unbounded:
        return not np.isnan(out).any()
    return bool(np.isfinite(out).all())


def _divergence(step: int, tensor: str, out: Array) -> Divergence:
    broken = np.isnan(out) if np.isnan(out).any() else ~np.isfinite(out)
    flat = int(np.argmax(broken))
    cell = tuple(int(index) for index in np.unravel_index(flat, out.shape))
    value = float(out[cell])
    name = "nan" if np.isnan(value) else "+inf" if value > 0 else "-inf"
    return Divergence(step, tensor, cell, name)


def _keep(trace: Trace, slot: Slot, iteration: int, data: Array) -> None:
    id = slot.id(iteration)
    trace.tensors[id] = Tensor(id, slot, iteration + slot.offset if not slot.fixed else 0, data)
