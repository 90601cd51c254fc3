"""Nudges: one cell moved by many amounts, and what L makes of it beside the gradient's promise."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.equation import Array
from core.errors import SpecificationError
from core.gradient_source import GradientSource


@dataclass(frozen=True)
class Nudge:
    """A cell's moves, each with the loss that follows.

    `amounts` are the moves as represented: the cell after less the cell before. `predicted` is
    ε · gradient, `actual` is L after less L before, `left_over` the actual less the predicted.
    `kinks` are the places at which a unit is on another side of a kink than before.
    Shapes: all arrays (amounts,).
    """

    gradient: str
    cell: int
    value: float
    loss: float
    backprop: float
    amounts: Array
    values: Array
    losses: Array
    predicted: Array
    actual: Array
    left_over: Array
    kinks: tuple[int, ...]


def nudge(source: GradientSource, gradient: str, flat: int, amounts: Sequence[float]) -> Nudge:
    """Move the tensor of a gradient at one cell by each of these amounts.

    Raises: SpecificationError for a gradient, a cell or an amount that there isn't.
    """
    if not len(amounts) or not np.isfinite(amounts).all():
        raise SpecificationError(
            "A nudge needs an amount at least, and every amount must be finite.",
            where=["amounts"],
            expected="finite numbers",
            given=list(amounts),
        )
    subject = source.subject(gradient)
    source.check(subject)
    cell = source.cell(subject, flat)
    backprop = float(subject.backprop[cell])
    with np.errstate(all="ignore"), source.probe(subject) as probe:
        here = probe.here(cell)
        _check_range(here.value, amounts, probe.tensor)
        moves = [probe.at(cell, here.value + amount) for amount in amounts]
        values, losses = (
            np.array(each) for each in zip(*((m.value, m.loss) for m in moves), strict=True)
        )
        represented = values - here.value
        # With + 0, since 0 times a negative gradient is −0, and no move predicts no change.
        predicted, actual = represented * backprop + 0.0, losses - here.loss
    return Nudge(
        gradient=gradient,
        cell=flat,
        value=here.value,
        loss=here.loss,
        backprop=backprop,
        amounts=represented,
        values=values,
        losses=losses,
        predicted=predicted,
        actual=actual,
        left_over=actual - predicted,
        kinks=tuple(place for place, move in enumerate(moves) if move.sides != here.sides),
    )


def _check_range(value: float, amounts: Sequence[float], tensor: Array) -> None:
    """Raise SpecificationError where an amount leads out of the range of the tensor's numbers."""
    largest = float(np.finfo(tensor.dtype).max)
    for place, amount in enumerate(amounts):
        if not abs(value + amount) <= largest:
            raise SpecificationError(
                f"{value:.6g} moved by {amount:.6g} is no number of {tensor.dtype} any more.",
                where=["amounts", place],
                expected=f"a sum of at most {largest:.7g} either way",
                given=amount,
            )
