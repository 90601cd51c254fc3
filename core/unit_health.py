"""When a unit is dead or saturated: what every part of the product means by these words."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from core.activations import ACTIVATIONS
from core.equation import Array

SATURATED = 0.01
"""A unit is saturated whose mean slope is less than this share of its activation's steepest."""
ROUNDING = 1e-5
"""How far, relatively, a mean may be off in float32."""
STEEPEST_WITHIN = np.linspace(-8.0, 8.0, 1601)

Mask = NDArray[np.bool_]


def unit_health(slopes: Array, activation: str) -> tuple[Mask, Mask]:
    """Say which units are dead, and which are saturated.

    Dead is who has slope 0 on every sample, so that nothing can move it; saturated who isn't dead
    but flat: the mean slope is a small share of the steepest.
    Shapes: slopes (N, units) to (units,) twice.
    """
    total = np.add.reduce(np.abs(slopes), axis=0)
    # A sum of sizes is 0 where each of them is.
    dead = np.equal(total, 0)
    # A mean of equal slopes may round below them: leaky ReLU's small one is just this share.
    least = SATURATED * steepest(activation) * (1 - ROUNDING)
    flat = np.less(total / len(slopes), least)
    return dead, flat & ~dead


@cache
def steepest(activation: str) -> float:
    """Return an activation's largest slope, in size."""
    slope = ACTIVATIONS[activation].slope
    assert slope, "an activation that mixes units has no slope"
    return float(np.abs(slope(STEEPEST_WITHIN)).max())
