"""Branches: the same experiment, learning otherwise from one of its iterations on.

A branch starts from the trunk's parameters at an iteration, with another optimizer or other numbers
of the same one, which then keeps its states (a velocity, running means). Its iterations are
numbered on, so that tensors of the same id can be compared cell by cell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from core.equation import Array
from core.errors import SpecificationError
from core.experiment import Experiment
from core.learning import Start, state_slots
from core.network import Layer, Network
from core.program import Slot
from core.trace import Trace, run_trace

SCHEDULE_COUNT = "k"
"""The state in which a schedule counts the steps."""


@dataclass(frozen=True)
class Branch:
    """What changes from iteration `at` on: how so many iterations learn.

    Without a schedule it keeps the trunk's.
    """

    at: int
    iterations: int
    optimizer: str
    numbers: Mapping[str, float] = field(default_factory=dict[str, float])
    switches: tuple[str, ...] = ()
    schedule: str | None = None
    schedule_numbers: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, eq=False)
class Run:
    """A trunk or a branch: its trace holds the forward pass and loss after its last update too."""

    experiment: Experiment
    start: int
    trace: Trace

    @property
    def end(self) -> int:
        """The iteration after the last update."""
        return self.start + self.experiment.iterations

    def found(self, name: str, iteration: int) -> Array | None:
        """Return a tensor by name, None from where a run that diverged doesn't reach."""
        tensor = self.trace.tensors.get(f"{name}@{iteration}")
        return None if tensor is None else tensor.data


def run_branches(experiment: Experiment, branches: Sequence[Branch]) -> list[Run]:
    """Run the trunk, then each branch from it.

    Raises: SpecificationError where there is nothing to learn, a branch starts at no iteration, or
    its optimizer doesn't take its numbers.
    """
    if not experiment.trains:
        raise SpecificationError(
            "An update needs a loss and an optimizer.",
            where=["loss" if experiment.loss is None else "optimizer"],
            expected="a loss, targets Y and an optimizer",
            given=None,
        )
    trunk = _run(experiment)
    return [trunk, *(_branch(trunk, branch, place) for place, branch in enumerate(branches))]


def _branch(trunk: Run, branch: Branch, place: int) -> Run:
    iteration = branch.at
    if not trunk.start <= iteration <= trunk.end:
        raise SpecificationError(
            f"Branch {place + 1} starts at iteration {iteration}, but the run goes from "
            f"{trunk.start} to {trunk.end}.",
            where=["branches", place, "at"],
            expected=f"{trunk.start} to {trunk.end}",
            given=iteration,
        )
    fresh = replace(
        trunk.experiment,
        network=_network_at(trunk, iteration, place),
        optimizer=branch.optimizer,
        learning_rate=None,
        numbers=branch.numbers,
        switches=branch.switches,
        iterations=branch.iterations,
        start=None,
        **_schedule(branch),
    )
    try:
        states = _states(trunk, fresh, iteration)
        return _run(replace(fresh, start=Start(iteration, states)))
    except SpecificationError as error:
        error.where = ["branches", place, *error.where]
        raise


def _schedule(branch: Branch) -> dict[str, Any]:
    if branch.schedule is None:
        return {}
    return {"schedule": branch.schedule, "schedule_numbers": branch.schedule_numbers}


def _network_at(trunk: Run, iteration: int, place: int) -> Network:
    layers = list[Layer]()
    for number, layer in enumerate(trunk.experiment.network.layers, start=1):
        W, b = (trunk.found(f"{symbol}[{number}]", iteration) for symbol in ("W", "b"))
        if W is None or b is None:
            raise SpecificationError(
                f"The run diverges before iteration {iteration}, so nothing can branch there.",
                where=["branches", place, "at"],
                expected="an iteration that the run reaches",
                given=iteration,
            )
        given = trunk.experiment.conventions.axes.of_weights(W)
        layers.append(Layer(given, b, layer.activation))
    return Network(tuple(layers))


def _states(trunk: Run, fresh: Experiment, iteration: int) -> dict[str, Array]:
    """Return the states that a branch starts from: the trunk's, as far as it keeps the same ones.

    Another optimizer starts its own; the schedule's count of steps goes on in any case: from the
    trunk's, or where that has none, from the iteration.
    """
    slots = fresh.program.slots
    wanted = {name: slots[index] for name, index in state_slots(fresh.program).items()}
    keeps = fresh.optimizer == trunk.experiment.optimizer
    states, layout = dict[str, Array](), fresh.conventions.axes
    for name, slot in wanted.items():
        found = trunk.found(name, iteration) if keeps else None
        state = np.zeros(slot.shape) if found is None else found
        # They are given as W is, (out, in), whatever the layout.
        states[name] = layout.of_weights(state) if state.ndim == 2 else state
    if SCHEDULE_COUNT in states:
        count = trunk.found(SCHEDULE_COUNT, iteration)
        states[SCHEDULE_COUNT] = np.array(float(iteration)) if count is None else count
    return states


def _run(experiment: Experiment) -> Run:
    trace = experiment.trace()
    run = Run(experiment, experiment.start.step if experiment.start else 0, trace)
    if trace.diverged is None:
        _look_ahead(run)
    return run


def _look_ahead(run: Run) -> None:
    """Add the forward pass and the loss at the parameters that the last update left."""
    program, trace, inputs = run.experiment.program, run.trace, run.experiment.inputs
    results = [step.result for step in program.steps if step.phase in ("forward", "loss")]
    ahead = {name: trace[f"{name}@{run.end}"] for name in run.experiment.network.inputs()}
    after = run_trace(program.only(results), {**inputs, **ahead}, start=run.end)
    trace.tensors |= {id: after.tensors[id] for id in after.tensors if id not in trace.tensors}
    if after.diverged:
        trace.diverged = replace(after.diverged, step=len(trace.steps) + after.diverged.step)


@dataclass(frozen=True)
class Comparison:
    """One tensor in two runs, at every iteration that both reach, from `first` on.

    `largest` is the flat cell with the largest difference at each iteration.
    Shapes: one, other and difference (iterations, *tensor).
    """

    slot: Slot
    first: int
    one: Array
    other: Array
    difference: Array
    largest: list[int]


def compare_runs(one: Run, other: Run, name: str) -> Comparison:
    """Compare a tensor cell by cell.

    Raises: SpecificationError where there is no such tensor, or nothing to compare.
    """
    slot = _changing_slot(one, name)
    first, end = max(one.start, other.start), min(one.end, other.end)
    pairs = list[tuple[Array, Array]]()
    for iteration in range(first, end + 1):
        mine, theirs = one.found(name, iteration), other.found(name, iteration)
        if mine is None or theirs is None:
            break
        pairs.append((mine, theirs))
    if not pairs:
        raise SpecificationError(
            f"There is no iteration in which both runs have {name}.",
            where=["other"],
            expected="two runs that overlap",
            given=f"iterations {one.start} to {one.end}, and {other.start} to {other.end}",
        )
    mine, theirs = (np.array(column, float) for column in zip(*pairs, strict=True))
    with np.errstate(all="ignore"):
        difference = theirs - mine
    sizes = np.nan_to_num(np.abs(difference)).reshape(len(pairs), -1)
    return Comparison(
        slot, first, mine, theirs, difference, [int(cell) for cell in sizes.argmax(axis=1)]
    )


def _changing_slot(run: Run, name: str) -> Slot:
    """Return the slot of a tensor that is another one in every iteration."""
    names = {tensor.slot.name: tensor.slot for tensor in run.trace.tensors.values()}
    changing = {each: slot for each, slot in names.items() if not slot.fixed}
    if name not in changing:
        raise SpecificationError(
            f"There is no tensor called “{name[:60]}” that changes from iteration to iteration.",
            where=["tensor"],
            expected=list(changing),
            given=name[:60],
        )
    return changing[name]
