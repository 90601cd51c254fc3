"""What went wrong in a run: how it grew, what blew up first and from what, which units died.

Units that stop learning are told as spells: one that recovers has an end.

Everything is read from a trace that was computed; nothing is computed anew but sizes.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from core.activations import ACTIVATIONS
from core.broken import Broken, Hop, broken_cell
from core.equation import Array
from core.monitor import norm_of
from core.program import SAMPLES, Program
from core.trace import Trace, TraceStep, traced_steps
from core.unit_health import unit_health

MOST_HOPS = 40


@dataclass(frozen=True)
class Growth:
    """How large things were in one iteration, by layer; None where the run ended before."""

    iteration: int
    loss: float | None
    largest_weight: list[float | None]
    gradient_norm: list[float | None]


@dataclass(frozen=True)
class Unit:
    """A unit that learns nothing, or next to nothing: since when, and if it recovers, until when.

    `state` is "dead" or "saturated"; `until` is the iteration in which it learns again, None where
    it stays so to the end. `nearest` is its pre-activation that is closest to 0, on the sample
    `sample` in iteration `since`; `slope` is its mean slope there. An output whose
    slope the loss cancels (`cancels`) learns all the same.
    """

    layer: int
    unit: int
    state: str
    since: int
    until: int | None
    nearest: float
    sample: int
    slope: float
    cancels: bool


@dataclass(frozen=True)
class Unbounded:
    """The first number of a run that is infinite since the true one is unbounded, and from what."""

    iteration: int
    tensor: str
    cell: tuple[int, ...]
    sign: int
    cause: list[Hop]


@dataclass(frozen=True)
class Diagnosis:
    """A run's growth, the units that stopped learning, and the way back from what broke.

    `units` has the first to stop first.
    """

    growth: list[Growth]
    units: list[Unit]
    cause: list[Hop]
    broken: Broken | None
    unbounded: Unbounded | None


def diagnose(trace: Trace, program: Program, activations: Sequence[str]) -> Diagnosis:
    """Say how a run went; `activations` are the network's, layer by layer."""
    iterations = _iterations(trace, program)
    growth = [_growth(trace, iteration, len(activations)) for iteration in iterations]
    units = [
        found
        for layer, name in enumerate(activations, start=1)
        for found in _units(trace, layer, name, iterations, _cancels(program, layer))
    ]
    units.sort(key=lambda unit: (unit.since, unit.layer, unit.unit))
    broken, cause = _broken(trace, program)
    return Diagnosis(growth, units, cause, broken, _unbounded(trace))


def _cancels(program: Program, layer: int) -> bool:
    """Whether ∂L/∂Z of a layer is computed without its slope."""
    made = {(slot.symbol, slot.layer) for slot in program.slots}
    return ("dZ", layer) in made and ("slope", layer) not in made


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


def _units(
    trace: Trace, layer: int, activation: str, iterations: range, cancels: bool
) -> Iterator[Unit]:
    """List the spells in which units don't learn."""
    slopes = [_slopes(trace, layer, activation, iteration) for iteration in iterations]
    # What a slope of 0 doesn't hold up isn't dead.
    dead = "saturated" if cancels else "dead"
    known = [_states(each, activation, dead) for each in slopes if each is not None]
    for unit, states in enumerate(zip(*known, strict=True)):
        for state, start, end in spells(states):
            since = iterations[start]
            until = None if end == len(known) else iterations[end]
            nearest, sample, slope = _nearest(trace, layer, unit, since, slopes[start])
            yield Unit(layer, unit, state, since, until, nearest, sample, slope, cancels)


def _slopes(trace: Trace, layer: int, activation: str, iteration: int) -> Array | None:
    """A layer's slopes, one sample a row: the trace's, or where a fused step needs none, g'(Z)."""
    kept = _by_sample(trace, f"slope[{layer}]@{iteration}")
    Z = _by_sample(trace, f"Z[{layer}]@{iteration}")
    slope = ACTIVATIONS[activation].slope
    if kept is not None or Z is None or slope is None:
        return kept
    with np.errstate(all="ignore"):  # far out a cosh overflows, and the slope is 0
        return np.asarray(slope(Z))


def _states(slopes: Array, activation: str, dead: str) -> list[str]:
    masks = zip(*unit_health(slopes, activation), strict=True)
    return [dead if is_dead else "saturated" if is_flat else "" for is_dead, is_flat in masks]


def spells(states: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Give each run of one state that isn't healthy, with its start and its end."""
    start = 0
    for state, run in groupby(states):
        end = start + len(list(run))
        if state:
            yield state, start, end
        start = end


def _nearest(
    trace: Trace, layer: int, unit: int, iteration: int, slopes: Array | None
) -> tuple[float, int, float]:
    """Return a unit's Z that is nearest to 0, its sample, and the unit's mean slope."""
    Z = _by_sample(trace, f"Z[{layer}]@{iteration}")
    assert Z is not None, "a slope has its pre-activation"
    assert slopes is not None, "a state has its slope"
    sample = int(np.argmin(np.abs(Z[:, unit])))
    return float(Z[sample, unit]), sample, float(np.abs(slopes[:, unit]).mean())


def _broken(trace: Trace, program: Program) -> tuple[Broken | None, list[Hop]]:
    """The operation that broke, and the way back, each time to the largest number read."""
    if trace.diverged is None:
        return None, []
    iteration, place = divmod(trace.diverged.step, len(program.steps))
    step = traced_steps(program, trace.first + iteration)[place]
    cell = trace.diverged.cell
    return broken_cell(trace, step, cell), list(_walk(trace, _largest_operand(trace, step, cell)))


def _walk(trace: Trace, hop: Hop) -> Iterator[Hop]:
    """Give a number, and then always the largest of those that made the last."""
    made = {step.result: step for step in trace.steps}
    for _ in range(MOST_HOPS - 1):
        yield hop
        step = made.get(hop.tensor)
        if step is None:
            return
        hop = _largest_operand(trace, step, hop.cell)
    yield hop


def _unbounded(trace: Trace) -> Unbounded | None:
    """Find the first infinite number, and the way back from the output that it divides by."""
    for step in trace.steps:
        infinite = np.isinf(trace[step.result])
        if not infinite.any():
            continue
        tensor = trace.tensors[step.result]
        flat = int(np.argmax(infinite))
        cell = tuple(int(i) for i in np.unravel_index(flat, infinite.shape))
        cause = list(_walk(trace, _output_read(trace, step, cell)))
        sign = 1 if tensor.data[cell] > 0 else -1
        return Unbounded(tensor.iteration, tensor.id, cell, sign, cause)
    return None


def _output_read(trace: Trace, step: TraceStep, cell: tuple[int, ...]) -> Hop:
    """The output that a derivative of the loss is unbounded at: it has rounded to its limit."""
    place, id = next(
        (place, id) for place, id in enumerate(step.operands.values()) if id.startswith("A[")
    )
    return _largest_read(trace[id], id, step.equation.rule.reads(cell, place))


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
