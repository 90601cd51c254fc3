"""When a unit is dead or saturated: what every part of the product means by these words."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from core.activations import ACTIVATIONS
from core.equation import Array

SATURATED = 0.01
"""A unit is saturated whose mean slope is less than this share of its activation's steepest."""
STEEPEST_WITHIN = np.linspace(-8.0, 8.0, 1601)

Mask = NDArray[np.bool_]


def dead_units(slopes: Array) -> Mask:
    """Say which units have slope 0 on every sample, so that nothing can move them.

    Shapes: slopes (N, units) to (units,).
    """
    return np.equal(np.max(np.abs(slopes), axis=0), 0)


def saturated_units(slopes: Array, activation: str) -> Mask:
    """Say which units aren't dead but are flat: their mean slope is a small share of the steepest.

    Shapes: slopes (N, units) to (units,).
    """
    mean = np.mean(np.abs(slopes), axis=0)
    return (mean < SATURATED * steepest(activation)) & ~dead_units(slopes)


@cache
def steepest(activation: str) -> float:
    """Return an activation's largest slope, in size."""
    slope = ACTIVATIONS[activation].slope
    assert slope, "an activation that mixes units has no slope"
    return float(np.abs(slope(STEEPEST_WITHIN)).max())
