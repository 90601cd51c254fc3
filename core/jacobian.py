"""The Jacobian of an activation on one sample: what a pass multiplies by, and never forms."""

import numpy as np

from core.activations import ACTIVATIONS
from core.equation import Array
from core.squashing import softmax_jacobian


def activation_jacobian(name: str, Z: Array) -> Array:
    """Return ∂a_j/∂z_k: the slopes on the diagonal, or a full matrix where outputs mix.

    Shapes: Z (units,) to (units, units).
    """
    activation = ACTIVATIONS[name]
    if activation.slope:
        return np.diag(activation.slope(Z))
    return softmax_jacobian(activation.value(Z[None]))[0]
