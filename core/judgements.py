"""Judgements: whether a typed number is right, and if not, which slip it follows.

Right: the true value rounded to the digits typed, of which there are at least two, or the value
itself. Near: within `NEAR` of the true value, relatively: an arithmetic slip, or too few digits.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from core.close_answers import CloseAnswers
from core.equation import Array
from core.errors import BudgetError, SpecificationError
from core.slip import Slip
from core.slips import slips_of
from core.stopping import IsOver, never
from core.trace import Trace
from core.typed_number import TINY, Typed

NEAR = 0.05
"""An answer within 5 % of the true value is near."""
NEAR_ZERO = 0.01
"""Where the true value is 0, an answer of at most this size is near."""
LISTED = 100
"""Names that an error lists."""


@dataclass(frozen=True)
class Named:
    """A slip that gives the number typed."""

    name: str
    sentence: str
    latex: str


@dataclass(frozen=True)
class Judgement:
    """What is to be said about one cell's answer; `value` is the true one."""

    cell: int
    verdict: str
    sentence: str
    slips: tuple[Named, ...]
    value: float


def no_fractions() -> Sequence[Fraction | None]:
    """Say that no cell's exact value is known."""
    return ()


def judge(
    trace: Trace,
    tensor: str,
    answers: Mapping[int, Typed],
    fractions: Callable[[], Sequence[Fraction | None]] = no_fractions,
    is_over: IsOver = never,
) -> list[Judgement]:
    """Judge the answers for cells of one tensor, by flat index.

    `fractions` gives its cells' exact values, or none; it is asked where an answer seems wrong,
    since the true value may have lost digits that a hand keeps.

    Raises: SpecificationError where the tensor isn't computed or a cell can't be asked;
    BudgetError once `is_over` says so.
    """
    truth = _computed(trace, tensor)
    for cell in answers:
        _check_cell(truth, tensor, cell)
    epsilon = float(np.finfo(truth.dtype).eps)
    values = {cell: float(truth.flat[cell]) for cell in answers}
    sizes = _sizes(trace, tensor)
    wrong = {
        cell: typed
        for cell, typed in answers.items()
        if not typed.is_right(values[cell], epsilon, sizes(cell))
    }
    exact = fractions() if wrong else ()
    wrong = {cell: typed for cell, typed in wrong.items() if not _is_exact(typed, exact, cell)}
    with np.errstate(all="ignore"):  # a slip may leave the range where the true value doesn't
        named = _named(trace, tensor, wrong, values, epsilon, is_over) if wrong else {}
    return [
        _judged(cell, typed, values[cell], named.get(cell), epsilon)
        for cell, typed in answers.items()
    ]


def _is_exact(typed: Typed, exact: Sequence[Fraction | None], cell: int) -> bool:
    known = exact[cell] if exact else None
    return known is not None and typed.is_fraction(known)


def _sizes(trace: Trace, tensor: str) -> Callable[[int], float]:
    """Return how large the terms of a layer's sum are together, by cell; 0 for other equations."""
    step = next(step for step in trace.steps if step.result == tensor)
    if step.equation.id.split(".")[0] != "affine":
        return lambda _: 0.0
    # It adds products alone: with their sizes it adds the sizes.
    with np.errstate(all="ignore"):
        total = step.equation(*(np.abs(trace[id]) for id in step.operands.values()))
    return lambda cell: float(np.nan_to_num(total.flat[cell], posinf=0.0))


def _named(
    trace: Trace,
    tensor: str,
    answers: Mapping[int, Typed],
    values: Mapping[int, float],
    epsilon: float,
    is_over: IsOver,
) -> dict[int, tuple[Named, ...]]:
    """Find the slips behind each answer, one slip's array at a time."""
    found: dict[int, dict[tuple[str, str], Named]] = {cell: {} for cell in answers}
    # What is right as far as it goes follows no slip.
    doubtful = {
        cell: typed
        for cell, typed in answers.items()
        if not typed.is_rounded(values[cell], epsilon)
    }
    close = CloseAnswers(doubtful, epsilon)
    for slip in slips_of(trace, tensor):
        if is_over():
            raise BudgetError("Not every slip was tried on the answers: the time was up.")
        for cell in _followed(slip, doubtful, close, epsilon):
            key = (slip.name, slip.sentence)
            found[cell].setdefault(key, Named(slip.name, slip.sentence, slip.latex))
    return {cell: tuple(names.values()) for cell, names in found.items()}


def _followed(
    slip: Slip, answers: Mapping[int, Typed], close: CloseAnswers, epsilon: float
) -> Iterator[int]:
    """List the cells whose answer is this slip's value."""
    for cell in close.to(slip.values):
        if answers[cell].is_right(float(slip.values.flat[cell]), epsilon):
            yield cell


def _judged(
    cell: int, typed: Typed, value: float, named: tuple[Named, ...] | None, epsilon: float
) -> Judgement:
    if named is None:
        return Judgement(cell, "right", "Right.", (), value)
    if named:
        return Judgement(cell, "slip", " ".join(slip.sentence for slip in named), named, value)
    if typed.is_rounded(value, epsilon):
        return Judgement(
            cell, "near", "Right as far as it goes: type two digits or more.", (), value
        )
    if _is_near(typed, value):
        sentence = "A digit is off: look for an arithmetic slip, and round only at the end."
        return Judgement(cell, "near", sentence, (), value)
    return Judgement(cell, "wrong", "No usual slip gives this number.", (), value)


def _is_near(typed: Typed, value: float) -> bool:
    # As fractions: an answer may be past every float.
    most = Fraction(NEAR * abs(value) if abs(value) >= TINY else NEAR_ZERO)
    return abs(typed.value - Fraction(value)) <= most


def _computed(trace: Trace, tensor: str) -> Array:
    made = [step.result for step in trace.steps]
    if tensor not in trace.tensors:
        raise SpecificationError(
            f"This trace computes no tensor called “{tensor}”.",
            where=["tensor"],
            expected=made[:LISTED],
            given=tensor,
        )
    if tensor not in made:
        raise SpecificationError(
            f"{tensor} is given, not computed: there is nothing to predict.",
            where=["tensor"],
            expected=made[:LISTED],
            given=tensor,
        )
    return trace[tensor]


def _check_cell(truth: Array, tensor: str, cell: int) -> None:
    if cell >= truth.size:
        raise SpecificationError(
            f"{tensor} has {truth.size} cells, so there is no cell {cell}, counted from 0.",
            where=["answers"],
            expected=f"at most {truth.size - 1}",
            given=cell,
        )
    if not np.isfinite(truth.flat[cell]):
        raise SpecificationError(
            f"Cell {cell} of {tensor} is unbounded: there is no number to predict.",
            where=["answers"],
            expected="a cell with a finite value",
            given=cell,
        )
