"""The long way from ∂L/∂A to ∂L/∂Z, beside the short one: why things cancel, and where it breaks.

Every number comes from the equations that a program records: the loss's ∂L/∂A, the activation's
slope or its Jacobian, their product, and the fused gradient where the pair has one.
"""

from dataclasses import dataclass, replace

import numpy as np

from core.activations import ACTIVATIONS
from core.affine import hadamard
from core.conventions import LECTURE, Conventions
from core.equation import Array
from core.network import find_loss
from core.squashing import softmax_jacobian


@dataclass(frozen=True)
class LongWay:
    """Each factor of the chain rule through the outputs, and what cancels to the same.

    `local` is g′(Z) (N, outputs), or for softmax each sample's Jacobian (N, outputs, outputs);
    `short` is the fused gradient, or with the identity ∂L/∂A itself, which nothing has to be
    multiplied with; None where the pair has neither. `from_outputs` and `from_scores` are each
    sample's loss, computed from A and, where the pair is fused, from Z. Numbers that aren't finite
    stay as they come out.

    Shapes: Z, Y, A, dA, product, short (N, outputs); the losses (N,).
    """

    Z: Array
    Y: Array
    A: Array
    dA: Array
    local: Array
    product: Array
    short: Array | None
    from_outputs: Array
    from_scores: Array | None

    @property
    def difference(self) -> Array | None:
        """The product less the short way's gradient."""
        with np.errstate(all="ignore"):
            return None if self.short is None else self.product - self.short


def long_way(
    Z: Array, Y: Array, activation: str, loss: str, conventions: Conventions = LECTURE
) -> LongWay:
    """Go both ways for a batch of pre-activations.

    The loss is that of the conventions; samples are rows here in every layout.
    Shapes: Z, Y (N, outputs).
    Raises: SpecificationError where the loss and the activation don't go together.
    """
    found = find_loss(loss, activation)
    A = ACTIVATIONS[activation].value(Z)
    own = replace(conventions, layout=LECTURE.layout).own
    dA = own(found.dA)(A, Y)
    local, product = _through(activation, Z, A, dA)
    fusion = found.fusions.get(activation)
    direct = dA if activation == "identity" else None
    return LongWay(
        Z,
        Y,
        A,
        dA,
        local,
        product,
        own(fusion.dZ)(A, Y) if fusion else direct,
        own(found.sample)(A, Y),
        fusion.sample(Z, Y) if fusion else None,
    )


def long_ways(
    Z: Array, Y: Array, activation: str, loss: str, conventions: Conventions = LECTURE
) -> list[LongWay]:
    """Go both ways for each row alone, so that 1/N is 1.

    Shapes: Z, Y (rows, outputs).
    Raises: SpecificationError where the loss and the activation don't go together.
    """
    pairs = zip(Z, Y, strict=True)
    return [long_way(z[None], y[None], activation, loss, conventions) for z, y in pairs]


def _through(activation: str, Z: Array, A: Array, dA: Array) -> tuple[Array, Array]:
    """Return the activation's local derivative and its product with ∂L/∂A."""
    found = ACTIVATIONS[activation]
    if found.slope:
        slope = found.slope(Z)
        return slope, hadamard(dA, slope)
    assert found.jacobian_product, "an activation has a slope or a Jacobian product"
    return softmax_jacobian(A), found.jacobian_product(dA, A)
