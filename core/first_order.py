"""First order: what a gradient promises of a step, and how much of that comes true."""

import math
from collections.abc import Sequence

import numpy as np

from core.equation import Array

RESOLUTION = 1e-12
"""A change below this share of what changed is mostly rounding, so that no ratio is formed."""


def inner_product(some: Sequence[Array | None], others: Sequence[Array | None]) -> float | None:
    """Return the sum of all products of two numbers in the same place.

    None where an array is missing or the sum isn't finite.
    """
    pairs = zip(some, others, strict=True)
    with np.errstate(all="ignore"):
        return total([None if a is None or b is None else float(np.vdot(a, b)) for a, b in pairs])


def total(terms: Sequence[float | None]) -> float | None:
    """Return a sum, or None where a part of it is missing or it isn't finite."""
    known = [term for term in terms if term is not None and math.isfinite(term)]
    if len(known) < len(terms):
        return None
    try:
        return math.fsum(known)
    except OverflowError:
        return None


def kept_promise(actual: float | None, predicted: float | None, before: float) -> float | None:
    """Return actual / predicted; None where they are too small to compare."""
    if actual is None or not predicted or abs(predicted) < RESOLUTION * abs(before):
        return None
    return finite(actual / predicted)


def finite(value: float) -> float | None:
    """Return the value, or None where it isn't finite."""
    return value if math.isfinite(value) else None
