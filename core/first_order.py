"""First order: what a gradient promises of a step, and how much of that comes true."""

import math
from collections.abc import Iterable

import numpy as np

from core.equation import Array

RESOLUTION = 1e-12
"""A change below this share of what changed is mostly rounding, so that no ratio is formed."""


def inner_product(pairs: Iterable[tuple[Array | None, Array | None]]) -> float | None:
    """Return Σ x·y over pairs of arrays; None where one is missing or a number isn't finite."""
    terms = list[float]()
    with np.errstate(all="ignore"):
        for one, other in pairs:
            if one is None or other is None:
                return None
            terms.append(float(np.vdot(one, other)))
    return finite(math.fsum(terms)) if all(map(math.isfinite, terms)) else None


def kept_promise(actual: float | None, predicted: float | None, before: float) -> float | None:
    """Return actual / predicted; None where they are too small to compare."""
    if actual is None or not predicted or abs(predicted) < RESOLUTION * abs(before):
        return None
    return finite(actual / predicted)


def finite(value: float) -> float | None:
    """Return the value, or None where it isn't finite."""
    return value if math.isfinite(value) else None
