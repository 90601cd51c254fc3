"""Effects: what each update of a run does to the parameters, and to the loss that it followed."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.branches import Run
from core.equation import Array
from core.errors import SpecificationError
from core.first_order import finite, inner_product, kept_promise, total
from core.penalty import followed
from core.program import Slot


@dataclass(frozen=True)
class Moves:
    """One parameter over a run: before each update, and what the update adds.

    `scaled` is −η · gradient where that is the whole change: for plain gradient descent.
    Shapes: before has one entry more than gradient, change and scaled, an entry an update; each
    entry like the parameter.
    """

    slot: Slot
    before: list[Array]
    gradient: list[Array]
    change: list[Array]
    scaled: list[Array] | None


@dataclass(frozen=True)
class Effect:
    """The loss before and after every update that was reached, and what was promised of it.

    `losses` has the loss, with the penalty where there is one, at the start and after each update.
    `predicted` is Σ g·Δθ, to first order the change of the loss; `steepest` is −η‖g‖² where the
    step is plain gradient descent's; `ratios` are the actual change over the predicted one, None
    where they are too small to compare. `left_over` is the actual change less the predicted one.
    """

    losses: list[float]
    learning_rates: list[float | None]
    gradient_squares: list[float | None]
    predicted: list[float | None]
    steepest: list[float | None] | None
    changes: list[float]
    left_over: list[float | None]
    ratios: list[float | None]
    moves: Moves


def effect_of(run: Run, name: str) -> Effect:
    """Return what a run's updates did, with the moves of one parameter.

    Raises: SpecificationError where there is no such parameter.
    """
    names = list(run.experiment.network.inputs())
    if name not in names:
        raise SpecificationError(
            f"There is no parameter called “{name[:60]}”.",
            where=["tensor"],
            expected=names,
            given=name[:60],
        )
    losses = _losses(run)
    updates = range(run.start, run.start + len(losses) - 1)
    rates = _learning_rates(run, updates)
    gradients = [[_gradient(run, each, iteration) for each in names] for iteration in updates]
    moves = [[_change(run, each, iteration) for each in names] for iteration in updates]
    predicted = [inner_product(*pair) for pair in zip(gradients, moves, strict=True)]
    squares = [inner_product(each, each) for each in gradients]
    changes = [after - before for before, after in pairwise(losses)]
    befores = losses[:-1]
    return Effect(
        losses=losses,
        learning_rates=rates,
        gradient_squares=squares,
        predicted=predicted,
        steepest=_steepest(run, rates, squares),
        changes=changes,
        left_over=[
            None if promise is None else change - promise
            for change, promise in zip(changes, predicted, strict=True)
        ],
        ratios=[kept_promise(*each) for each in zip(changes, predicted, befores, strict=True)],
        moves=_moves(run, name, updates, rates),
    )


def _losses(run: Run) -> list[float]:
    """Return the losses up to the first that isn't there or isn't finite."""
    slots = run.experiment.program.slots
    names = ["L", *(slot.name for slot in slots if slot.symbol == "R")]
    losses = list[float]()
    for iteration in range(run.start, run.end + 1):
        parts = [run.found(name, iteration) for name in names]
        loss = total([None if part is None else float(part) for part in parts])
        if loss is None:
            break
        losses.append(loss)
    return losses


def _gradient(run: Run, name: str, iteration: int) -> Array | None:
    """Return the gradient that a parameter follows."""
    return run.found(followed(name, penalised=run.experiment.penalised), iteration)


def _change(run: Run, name: str, iteration: int) -> Array | None:
    before, after = run.found(name, iteration), run.found(name, iteration + 1)
    return None if before is None or after is None else after - before


def _learning_rates(run: Run, updates: range) -> list[float | None]:
    """Return η as each update reads it: a schedule makes one for each iteration."""
    rates = dict[int, float]()
    for step in run.trace.steps:
        made = run.trace.tensors[step.result]
        if made.slot.offset and "eta" in step.operands:
            rates.setdefault(made.iteration - 1, float(run.trace[step.operands["eta"]]))
    return [rates.get(iteration) for iteration in updates]


def _is_plain(run: Run) -> bool:
    """Whether a step goes along the gradient alone, which weight decay doesn't."""
    decays = any(slot.symbol == "decay" for slot in run.experiment.program.slots)
    return run.experiment.optimizer == "gradient_descent" and not decays


def _steepest(
    run: Run, rates: list[float | None], squares: list[float | None]
) -> list[float | None] | None:
    if not _is_plain(run):
        return None
    return [
        None if rate is None or square is None else finite(-rate * square)
        for rate, square in zip(rates, squares, strict=True)
    ]


def _moves(run: Run, name: str, updates: range, rates: list[float | None]) -> Moves:
    before = [run.found(name, iteration) for iteration in (*updates, updates.stop)]
    gradients = [_gradient(run, name, iteration) for iteration in updates]
    changes = [_change(run, name, iteration) for iteration in updates]
    program = run.experiment.program
    return Moves(
        program.slots[program.slot(name)],
        _known(before),
        _known(gradients),
        _known(changes),
        _scaled(_known(gradients), rates) if _is_plain(run) else None,
    )


def _scaled(gradients: list[Array], rates: list[float | None]) -> list[Array]:
    """Return −η · gradient, in the precision of the gradient, as the update computes it."""
    return [
        -np.multiply(gradient, np.array(rate, gradient.dtype))
        for gradient, rate in zip(gradients, rates, strict=True)
        if rate is not None
    ]


def _known(arrays: list[Array | None]) -> list[Array]:
    return [array for array in arrays if array is not None]
