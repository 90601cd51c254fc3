"""What went wrong in a run: how it grew, what blew up first and from what, which units died.

Everything is read from a trace that was computed; nothing is computed anew but sizes.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.equation import Array
from core.monitor import norm_of
from core.program import SAMPLES, Program
from core.trace import Trace, TraceStep, traced_steps
from core.unit_health import unit_health

MOST_HOPS = 40


@dataclass(frozen=True)
class Hop:
    """One number on the way back from a cell: the largest, in size, of those that made the last."""

    tensor: str
    cell: tuple[int, ...]
    value: float


@dataclass(frozen=True)
class Growth:
    """How large things were in one iteration, by layer; None where the run ended before."""

    iteration: int
    loss: float | None
    largest_weight: list[float | None]
    gradient_norm: list[float | None]


@dataclass(frozen=True)
class Unit:
    """A hidden unit that learns nothing, or next to nothing, and since when.

    `state` is "dead" or "saturated"; `nearest` is its pre-activation that is closest to where it
    would learn, on the sample `sample`; `slope` is its mean slope.
    """

    layer: int
    unit: int
    state: str
    since: int
    nearest: float
    sample: int
    slope: float


@dataclass(frozen=True)
class Diagnosis:
    """A run's growth, the units that stopped learning, and the way back from what broke."""

    growth: list[Growth]
    units: list[Unit]
    cause: list[Hop]


def diagnose(trace: Trace, program: Program, activations: Sequence[str]) -> Diagnosis:
    """Say how a run went; `activations` are the network's, layer by layer."""
    iterations = _iterations(trace, program)
    growth = [_growth(trace, iteration, len(activations)) for iteration in iterations]
    hidden = list(enumerate(activations[:-1], start=1))
    units = [found for layer, name in hidden for found in _units(trace, layer, name, iterations)]
    return Diagnosis(growth, units, list(_cause(trace, program)))


def _iterations(trace: Trace, program: Program) -> range:
    """The iterations that were begun."""
    steps = len(trace.steps) + bool(trace.diverged)
    return range(trace.first, trace.first + max(1, math.ceil(steps / len(program.steps))))


def _growth(trace: Trace, iteration: int, layers: int) -> Growth:
    names = range(1, layers + 1)
    loss = _array(trace, f"L@{iteration}")
    return Growth(
        iteration,
        None if loss is None else float(loss),
        [_largest(_array(trace, f"W[{layer}]@{iteration}")) for layer in names],
        [_norm(trace, layer, iteration) for layer in names],
    )


def _array(trace: Trace, id: str) -> Array | None:
    tensor = trace.tensors.get(id)
    return None if tensor is None else tensor.data


def _by_sample(trace: Trace, id: str) -> Array | None:
    """A tensor with one sample a row, whatever the layout."""
    tensor = trace.tensors.get(id)
    if tensor is None:
        return None
    return tensor.data if tensor.slot.axes[0] == SAMPLES else tensor.data.T


def _largest(array: Array | None) -> float | None:
    return None if array is None else float(np.abs(array).max())


def _norm(trace: Trace, layer: int, iteration: int) -> float | None:
    dW, db = _array(trace, f"dW[{layer}]@{iteration}"), _array(trace, f"db[{layer}]@{iteration}")
    return None if dW is None or db is None else norm_of(dW, db)


def _units(trace: Trace, layer: int, activation: str, iterations: range) -> Iterator[Unit]:
    """List the units that don't learn at the end, with the iteration since when."""
    states = [_states(trace, layer, activation, iteration) for iteration in iterations]
    known = [state for state in states if state is not None]
    if not known:
        return
    for unit, state in enumerate(known[-1]):
        if state:
            since = iterations[_since([each[unit] == state for each in known])]
            yield _unit(trace, layer, unit, state, since, iterations[len(known) - 1])


def _states(trace: Trace, layer: int, activation: str, iteration: int) -> list[str] | None:
    slopes = _by_sample(trace, f"slope[{layer}]@{iteration}")
    if slopes is None:
        return None
    dead, flat = unit_health(slopes, activation)
    return ["dead" if d else "saturated" if s else "" for d, s in zip(dead, flat, strict=True)]


def _since(held: list[bool]) -> int:
    """The index from which it held to the end."""
    return len(held) - next((i for i, each in enumerate(reversed(held)) if not each), len(held))


def _unit(trace: Trace, layer: int, unit: int, state: str, since: int, last: int) -> Unit:
    by_sample = [_by_sample(trace, f"{symbol}[{layer}]@{last}") for symbol in ("slope", "Z")]
    slopes, Z = (array[:, unit] for array in by_sample if array is not None)
    sample = int(np.argmax(Z)) if state == "dead" else int(np.argmin(np.abs(Z)))
    mean = float(np.abs(slopes).mean())
    return Unit(layer, unit, state, since, float(Z[sample]), sample, mean)


def _cause(trace: Trace, program: Program) -> Iterator[Hop]:
    """Walk back from the cell that broke, each time to the largest number that it was made from."""
    if trace.diverged is None:
        return
    made = {step.result: step for step in trace.steps}
    iteration, place = divmod(trace.diverged.step, len(program.steps))
    step: TraceStep | None = traced_steps(program, trace.first + iteration)[place]
    cell = trace.diverged.cell
    for _ in range(MOST_HOPS):
        if step is None:
            return
        hop = _largest_operand(trace, step, cell)
        yield hop
        step, cell = made.get(hop.tensor), hop.cell


def _largest_operand(trace: Trace, step: TraceStep, cell: tuple[int, ...]) -> Hop:
    hops = [
        _largest_read(trace[id], id, step.equation.rule.reads(cell, place))
        for place, id in enumerate(step.operands.values())
    ]
    return max(hops, key=lambda hop: abs(hop.value))


def _largest_read(array: Array, id: str, index: tuple[int | slice, ...]) -> Hop:
    """The largest of the cells that an index picks; a whole axis is searched."""
    mask = np.zeros(array.shape, bool)
    mask[index] = True
    sizes = np.where(mask, np.abs(array), -1.0)
    cell = tuple(int(i) for i in np.unravel_index(int(np.argmax(sizes)), array.shape))
    return Hop(id, cell, float(array[cell]))
