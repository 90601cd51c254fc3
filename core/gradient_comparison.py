"""Comparisons: a gradient that someone else computed beside ours, and what the two have in common.

A backward pass written by hand is mostly right but for one slip, and most slips show as one factor
that all cells share, or as a transposed matrix.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.conventions import LECTURE, Conventions
from core.equation import Array
from core.errors import SpecificationError
from core.gradient_check import (
    VERDICTS,
    ParameterCheck,
    Tolerance,
    cell_errors,
    cell_verdicts,
    relative_error,
)
from core.matrix_text import Printed, holds_more, read_matrix

SAME_FACTOR = 1e-6
"""How far, relative to the largest cell, cells may miss a factor that they share."""


@dataclass(frozen=True)
class Facts:
    """The numbers that a forgotten or doubled factor comes from."""

    samples: int
    outputs: int
    learning_rate: float | None = None
    conventions: Conventions = LECTURE
    loss: str = "mse"


@dataclass(frozen=True)
class Relation:
    """What all cells share: given = factor · ours, or · oursᵀ, with a sentence on where from."""

    factor: float
    transposed: bool
    message: str


@dataclass(frozen=True)
class GradientComparison:
    """A given gradient beside ours and the central difference.

    `resolution` is how far printing can have rounded each cell. `largest` is the flat cell with the
    largest difference from ours. `turned` says that rows and columns were exchanged to compare it.
    `relation` is None where it is ours, or where the cells share no factor.
    Shapes: given, resolution, difference, numeric_difference and errors like the gradient.
    """

    check: ParameterCheck
    given: Array
    resolution: Array
    turned: bool
    difference: Array
    numeric_difference: Array
    errors: Array
    verdicts: tuple[str, ...]
    relative_error: float
    largest: int
    verdict: str
    relation: Relation | None


def compare_gradient(
    check: ParameterCheck, text: str, facts: Facts, tolerance: Tolerance
) -> GradientComparison:
    """Compare a gradient as text with ours, cell by cell.

    Raises: SpecificationError where the text can't be read or has another shape.
    """
    if holds_more(text, cells := check.backprop.size):
        raise _misshapen(check, f"more than {cells} {'cell' if cells == 1 else 'cells'}")
    printed, turned = _fitted(read_matrix(text), check)
    ours, given = check.backprop.astype(float), printed.values
    difference = given - ours
    # What the digits that were printed can't tell apart isn't a difference.
    beyond = np.maximum(np.abs(difference) - printed.resolution, 0.0)
    errors = cell_errors(given, ours)
    verdicts = cell_verdicts(beyond, errors, check.noise, tolerance)
    relation = _relation(printed, ours, turned, facts)
    verdict = max((*verdicts, "fail" if turned else "pass"), key=VERDICTS.index)
    return GradientComparison(
        check,
        given,
        printed.resolution,
        turned,
        difference,
        given - check.numeric,
        errors,
        verdicts,
        relative_error(given, ours),
        int(np.argmax(np.abs(difference))),
        verdict,
        relation,
    )


def _fitted(printed: Printed, check: ParameterCheck) -> tuple[Printed, bool]:
    """Return the given cells in the gradient's shape, and whether rows and columns were exchanged.

    A vector may stand upright or lie, which is no slip.
    """
    shape, wanted = check.backprop.shape, _wanted(check)
    for candidate, turned in ((printed, False), (printed.transposed, True)):
        if candidate.values.shape == wanted:
            return candidate.reshaped(shape), turned and len(shape) == 2
    raise _misshapen(check, printed.values.shape)


def _wanted(check: ParameterCheck) -> tuple[int, ...]:
    shape = check.backprop.shape
    return shape if len(shape) == 2 else (1, *shape)


def _misshapen(check: ParameterCheck, given: str | tuple[int, ...]) -> SpecificationError:
    wanted = _wanted(check)
    said = f"has {given}" if isinstance(given, str) else f"is {given[0]} × {given[1]}"
    return SpecificationError(
        f"{check.gradient} is {wanted[0]} × {wanted[1]}, but the given matrix {said}.",
        where=["text"],
        expected=list(wanted),
        given=given if isinstance(given, str) else list(given),
    )


def _relation(printed: Printed, ours: Array, turned: bool, facts: Facts) -> Relation | None:
    candidates = [(printed, turned)]
    if ours.ndim == 2 and ours.shape[0] == ours.shape[1] > 1:
        candidates.append((printed.transposed, True))
    for candidate, transposed in candidates:
        if found := _factor(candidate, ours, facts):
            factor, reason = found
            return _told(factor, reason, transposed) if transposed or reason else None
    return None


def _told(factor: float, reason: str, transposed: bool) -> Relation:
    turn = "Yours is ours transposed: rows and columns are exchanged." if transposed else ""
    return Relation(factor, transposed, " ".join(part for part in (turn, reason) if part))


def _factor(given: Printed, ours: Array, facts: Facts) -> tuple[float, str] | None:
    """Return the factor that all cells share, with a sentence; the sentence is empty for 1."""
    if _shares(given, ours, 1.0):
        return 1.0, ""
    if not ours.any():
        return None
    known = [(factor, reason) for factor, reason in _slips(facts) if _shares(given, ours, factor)]
    if known:
        reasons = "; or ".join(dict.fromkeys(reason for _, reason in known))
        return known[0][0], f"Every cell of yours is {_said(known[0][0])} times ours: {reasons}."
    if not given.values.any():
        return 0.0, "Every cell of yours is 0."
    with np.errstate(all="ignore"):
        factor = float(np.vdot(given.values, ours) / np.vdot(ours, ours))
    # A single cell shares a factor with anything.
    if np.count_nonzero(ours) < 2 or not factor or not _shares(given, ours, factor):
        return None
    return (
        factor,
        f"Every cell of yours is {_said(factor)} times ours, so that only a factor is wrong.",
    )


def _said(factor: float) -> str:
    return f"{factor:.6g}".replace("-", "−")


def _shares(given: Printed, ours: Array, factor: float) -> bool:
    with np.errstate(all="ignore"):
        expected = factor * ours
    if not np.isfinite(factor) or not np.isfinite(expected).all():
        return False
    allowed = given.resolution + SAME_FACTOR * np.abs(expected).max()
    return bool((np.abs(given.values - expected) <= allowed).all()) and bool(expected.any())


def _slips(facts: Facts) -> Iterator[tuple[float, str]]:
    """List the factors of the usual slips, and of each with the wrong sign too."""
    yield -1.0, "the sign is wrong, as with y − a instead of a − y"
    for factor, reason in _sizes(facts):
        yield factor, reason
        yield -factor, f"{reason}, and the sign is wrong"
    if facts.learning_rate:
        yield -facts.learning_rate, "this is the step −η · gradient, not the gradient"
        yield facts.learning_rate, "the learning rate η is in it already"


def _sizes(facts: Facts) -> Iterator[tuple[float, str]]:
    samples, outputs = float(facts.samples), float(facts.outputs)
    # Only a squared error has a 2 in its derivative, and may have a ½ against it.
    is_mean, is_square = facts.conventions.reduction == "mean", facts.loss == "mse"
    has_half = is_square and facts.conventions.half
    if samples > 1 and is_mean:
        yield samples, "1/N is missing, the mean over the samples"
        yield 1 / samples, "1/N is in it twice"
    elif samples > 1:
        yield 1 / samples, "1/N is in it, but L is the sum over the samples here"
    if has_half:
        yield 2.0, "the ½ of ½(a − y)² is missing"
        yield 0.5, "there is a ½ too many"
    elif is_square:
        yield 0.5, "the 2 of the derivative is missing: there is no ½ here"
        yield 2.0, "there is a 2 too many"
    if samples > 1 and is_mean and has_half:
        yield 2 * samples, "1/N and the ½ of ½(a − y)² are missing"
    if outputs > 1:
        yield 1 / outputs, "the mean was taken over the outputs too"
    if outputs > 1 and is_mean and has_half:
        yield 2 / outputs, "this is the mean over samples and outputs without the ½"
