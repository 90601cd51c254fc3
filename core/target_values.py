"""The noiseless target g of a data set, by the function that its samples were drawn around."""

from dataclasses import dataclass

import numpy as np

from core.dataset import Samples
from core.equation import Array

POINTS = 201
MARGIN = 0.25
"""How far a curve goes on either side of the samples, in parts of their range."""


@dataclass(frozen=True)
class TargetValues:
    """g of every row, and where there is one input its curve.

    Shapes: rows (N, k), x (P,), curve (P, k).
    """

    rows: Array
    x: Array | None = None
    curve: Array | None = None


def target_values(samples: Samples) -> TargetValues | None:
    """Return what the target is known to be; None where it isn't."""
    if samples.target is None:
        return None
    rows = samples.target(samples.X)
    if samples.X.shape[1] != 1:
        return TargetValues(rows)
    low, high = float(samples.X.min()), float(samples.X.max())
    more = MARGIN * (high - low)
    x: Array = np.linspace(low - more, high + more, POINTS)
    return TargetValues(rows, x, samples.target(x[:, None]))
