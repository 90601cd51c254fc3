"""Activation functions g(Z) and their slopes g'(Z), by name.

Slopes are functions of Z, not of A: at z = 40 the sigmoid's a(1 - a) is 0 where the true slope is
4.2e-18. A new activation is one entry here and one worked example in the tests.
"""

from dataclasses import dataclass

from core.equation import Equation
from core.gelu import gelu, gelu_slope, gelu_tanh, gelu_tanh_slope
from core.rectifiers import (
    elu,
    elu_slope,
    leaky_relu,
    leaky_relu_slope,
    relu,
    relu_slope,
    silu,
    silu_slope,
    softplus,
    softplus_slope,
)
from core.squashing import (
    identity,
    identity_slope,
    sigmoid,
    sigmoid_slope,
    softmax,
    softmax_jacobian_product,
    tanh,
    tanh_slope,
)


@dataclass(frozen=True)
class Activation:
    """An activation: its value, and its slope or, where outputs mix, its Jacobian's product."""

    name: str
    title: str
    value: Equation
    slope: Equation | None = None
    jacobian_product: Equation | None = None
    kinks: tuple[float, ...] = ()


ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation("identity", "Identity", identity, identity_slope),
        Activation("sigmoid", "Sigmoid", sigmoid, sigmoid_slope),
        Activation("tanh", "tanh", tanh, tanh_slope),
        Activation("relu", "ReLU", relu, relu_slope, kinks=(0.0,)),
        Activation("leaky_relu", "Leaky ReLU", leaky_relu, leaky_relu_slope, kinks=(0.0,)),
        Activation("elu", "ELU", elu, elu_slope),
        Activation("gelu", "GELU", gelu, gelu_slope),
        Activation("gelu_tanh", "GELU (tanh)", gelu_tanh, gelu_tanh_slope),
        Activation("softplus", "Softplus", softplus, softplus_slope),
        Activation("silu", "SiLU (swish)", silu, silu_slope),
        Activation("softmax", "Softmax", softmax, jacobian_product=softmax_jacobian_product),
    )
}
