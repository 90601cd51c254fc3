"""All slips of a step: those of its equation, and those that are made with any number.

A slip is the value that one well-known mistake gives, so that a wrong answer can be named by it.
"""

from collections.abc import Iterator

import numpy as np

from core import backward_slips, forward_slips, gradient_slips, update_slips
from core.program import SAMPLES
from core.slip import RULES, Case, Slip, original, scaled, turns
from core.trace import Trace

FAMILIES = (forward_slips, backward_slips, gradient_slips, update_slips)
"""The modules whose rules are known: importing them declares the rules."""


def slips_of(trace: Trace, tensor: str) -> Iterator[Slip]:
    """List what the slips would give for a tensor that a step of the trace makes.

    Shapes: every slip's values are like the tensor; NaN where the slip isn't possible.
    """
    step = next(step for step in trace.steps if step.result == tensor)
    case = Case(trace, step)
    for slip in _all(case):
        yield case.given_back(slip)


def _all(at: Case) -> Iterator[Slip]:
    for rule in RULES.get(original(at.own), []):
        yield from rule(at)
    yield from _anywhere(at)


def _anywhere(at: Case) -> Iterator[Slip]:
    yield from at.slip("wrong_sign", "The sign is wrong.", r"-<result>", -at.result)
    for power in (1, -1):
        yield from at.slip(
            "decimal_point",
            "The decimal point is one place off.",
            rf"10^{{{power}}} \cdot <result>",
            scaled(at.result, 10.0**power),
        )
    if at.result.ndim == 2:
        yield from at.slip(
            "indices_swapped",
            "Row and column were swapped: this is the number of the cell with the indices turned.",
            r"<result>_{ji}",
            _turned(at),
        )
    yield from _other_samples(at)


def _turned(at: Case) -> np.ndarray[tuple[int, ...], np.dtype[np.floating]]:
    rows, columns = at.result.shape
    values = np.full_like(at.result, np.nan)
    shared = min(rows, columns)
    values[:shared, :shared] = at.result[:shared, :shared].T
    return values


def _other_samples(at: Case) -> Iterator[Slip]:
    """The right number of another sample: the student's eye was on another row."""
    if SAMPLES not in at.tensor.slot.axes[:1]:
        return
    for shift in turns(len(at.result)):
        if shift:
            yield from at.slip(
                "another_sample",
                f"This is the number of another sample: you read another {at.line}.",
                r"L_{p'}" if at.tensor.slot.symbol == "Lp" else r"<result>_{p'}",
                np.roll(at.result, shift, axis=0),
            )
