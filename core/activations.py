"""Activation functions g(Z) and their slopes g'(Z), evaluated so that no tail is lost.

Slopes are functions of Z, not of A: at z = 40 the sigmoid's a(1 - a) is 0 where the true slope is
4.2e-18. A new activation is one entry here and one worked example in the tests.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.calls import larger, row_maximum, row_sum, smaller
from core.equation import Array, Call, Equation, equation

LEAKY_SLOPE = 0.01
_GELU_CUBIC = 0.044715
_SQRT_2_OVER_PI = math.sqrt(2 / math.pi)
_SQRT_1_OVER_2PI = math.sqrt(1 / (2 * math.pi))


@equation("identity", r"A = Z", "...->...", cell="Z", title="Identity: the value passes unchanged")
def identity(Z: Array, out: Array) -> Iterator[Call]:
    yield np.copyto, out, Z


@equation(
    "identity.slope", r"slope = 1", "...->...", cell="identity_slope(Z)", title="Slope of identity"
)
def identity_slope(Z: Array, out: Array) -> Iterator[Call]:
    yield np.copyto, out, np.ones_like(Z)


@equation(
    "sigmoid",
    r"A = \sigma(Z) = \frac{1}{1 + e^{-Z}}",
    "...->...",
    cell="sigmoid(Z)",
    title="Sigmoid: squeezes every value between 0 and 1",
)
def sigmoid(Z: Array, out: Array) -> Iterator[Call]:
    """σ(z) = (1 if z ≥ 0 else e) / (1 + e) with e = exp(-|z|): exact in both tails."""
    e, positive = np.empty_like(out), np.empty(out.shape, bool)
    yield np.copysign, Z, -1.0, e
    yield np.exp, e, e
    yield np.greater_equal, Z, 0.0, positive
    yield np.copyto, out, positive
    yield from larger(out, e, out)
    yield np.add, e, 1.0, e
    yield np.divide, out, e, out


@equation(
    "sigmoid.slope",
    r"slope = \sigma(Z)\,\sigma(-Z)",
    "...->...",
    cell="sigmoid_slope(Z)",
    title="Slope of the sigmoid",
)
def sigmoid_slope(Z: Array, out: Array) -> Iterator[Call]:
    """σ(z)σ(-z) = 1 / (2 cosh(z/2))²; the square comes last, so that only a true 0 underflows."""
    yield np.multiply, Z, 0.5, out
    yield np.cosh, out, out
    yield np.divide, 0.5, out, out
    yield np.square, out, out


@equation(
    "tanh",
    r"A = \tanh(Z)",
    "...->...",
    cell="tanh(Z)",
    title="Hyperbolic tangent: squeezes every value between −1 and 1",
)
def tanh(Z: Array, out: Array) -> Iterator[Call]:
    yield np.tanh, Z, out


@equation(
    "tanh.slope",
    r"slope = \frac{1}{\cosh^2 Z} = 1 - \tanh^2 Z",
    "...->...",
    cell="tanh_slope(Z)",
    title="Slope of the hyperbolic tangent",
)
def tanh_slope(Z: Array, out: Array) -> Iterator[Call]:
    """(1 / cosh z)², which keeps its digits where 1 - tanh² z has lost them (|z| > 19)."""
    yield np.cosh, Z, out
    yield np.divide, 1.0, out, out
    yield np.square, out, out


@equation(
    "relu",
    r"A = \max(Z, 0)",
    "...->...",
    cell="relu(Z)",
    title="Rectified linear unit: negative values become 0",
)
def relu(Z: Array, out: Array) -> Iterator[Call]:
    yield from larger(Z, np.zeros_like(Z), out)


@equation(
    "relu.slope",
    r"slope = [Z > 0]",
    "...->...",
    cell="relu_slope(Z)",
    title="Slope of the rectified linear unit (0 at the kink)",
)
def relu_slope(Z: Array, out: Array) -> Iterator[Call]:
    positive = np.empty(out.shape, bool)
    yield np.greater, Z, 0.0, positive
    yield np.copyto, out, positive


@equation(
    "leaky_relu",
    r"A = \max(Z,\; 0.01\, Z)",
    "...->...",
    cell="leaky_relu(Z)",
    title="Leaky rectified linear unit: negative values shrink to a hundredth",
)
def leaky_relu(Z: Array, out: Array) -> Iterator[Call]:
    yield np.multiply, Z, LEAKY_SLOPE, out
    yield from larger(Z, out, out)


@equation(
    "leaky_relu.slope",
    r"slope = \begin{cases} 1 & Z > 0 \\ 0.01 & Z \le 0 \end{cases}",
    "...->...",
    cell="leaky_relu_slope(Z)",
    title="Slope of the leaky rectified linear unit (0.01 at the kink)",
)
def leaky_relu_slope(Z: Array, out: Array) -> Iterator[Call]:
    yield from relu_slope.recipe(Z, out)
    yield from larger(out, np.full_like(out, LEAKY_SLOPE), out)


@equation(
    "elu",
    r"A = \begin{cases} Z & Z > 0 \\ e^{Z} - 1 & Z \le 0 \end{cases}",
    "...->...",
    cell="elu(Z)",
    title="Exponential linear unit: negative values level off at −1",
)
def elu(Z: Array, out: Array) -> Iterator[Call]:
    """max(z, expm1(min(z, 0))): e^z - 1 lies above z everywhere below 0."""
    yield from smaller(Z, np.zeros_like(Z), out)
    yield np.expm1, out, out
    yield from larger(Z, out, out)


@equation(
    "elu.slope",
    r"slope = \begin{cases} 1 & Z > 0 \\ e^{Z} & Z \le 0 \end{cases}",
    "...->...",
    cell="elu_slope(Z)",
    title="Slope of the exponential linear unit",
)
def elu_slope(Z: Array, out: Array) -> Iterator[Call]:
    yield from smaller(Z, np.zeros_like(Z), out)
    yield np.exp, out, out


def _normal_cdf(Z: Array, out: Array) -> None:
    """Write Φ(z) = ½ erfc(-z/√2), by the standard library's erfc: NumPy has none."""
    scaled = (Z * -math.sqrt(0.5)).ravel().tolist()
    out[...] = np.fromiter(map(math.erfc, scaled), float, Z.size).reshape(Z.shape)
    out *= 0.5


@equation(
    "gelu",
    r"A = Z\,\Phi(Z)",
    "...->...",
    cell="gelu(Z)",
    title="Gaussian error linear unit: Z times the normal probability of being below Z",
)
def gelu(Z: Array, out: Array) -> Iterator[Call]:
    """Source: Hendrycks and Gimpel (2016), "Gaussian error linear units", section 2."""
    yield _normal_cdf, Z, out
    yield np.multiply, Z, out, out


@equation(
    "gelu.slope",
    r"slope = \Phi(Z) + Z\,\varphi(Z)",
    "...->...",
    cell="gelu_slope(Z)",
    title="Slope of the Gaussian error linear unit",
)
def gelu_slope(Z: Array, out: Array) -> Iterator[Call]:
    density = np.empty_like(out)
    yield np.square, Z, density
    yield np.multiply, density, -0.5, density
    yield np.exp, density, density
    yield np.multiply, density, _SQRT_1_OVER_2PI, density
    yield np.multiply, density, Z, density
    yield _normal_cdf, Z, out
    yield np.add, out, density, out


def _gelu_tanh_argument(Z: Array, out: Array) -> Iterator[Call]:
    """2u = 2√(2/π)(z + 0.044715 z³); ½(1 + tanh u) = σ(2u) keeps the left tail's digits."""
    yield np.square, Z, out
    yield np.multiply, out, _GELU_CUBIC, out
    yield np.add, out, 1.0, out
    yield np.multiply, out, Z, out
    yield np.multiply, out, 2 * _SQRT_2_OVER_PI, out


@equation(
    "gelu_tanh",
    r"A = \tfrac12 Z \,(1 + \tanh u),\quad u = \sqrt{\tfrac{2}{\pi}}\,(Z + 0.044715\, Z^3)",
    "...->...",
    cell="gelu_tanh(Z)",
    title="Gaussian error linear unit, approximated with tanh",
)
def gelu_tanh(Z: Array, out: Array) -> Iterator[Call]:
    argument = np.empty_like(out)
    yield from _gelu_tanh_argument(Z, argument)
    yield from sigmoid.recipe(argument, out)
    yield np.multiply, out, Z, out


@equation(
    "gelu_tanh.slope",
    r"slope = \tfrac12 (1 + \tanh u) + \tfrac12 Z\, u' \,(1 - \tanh^2 u)",
    "...->...",
    cell="gelu_tanh_slope(Z)",
    title="Slope of the tanh approximation",
)
def gelu_tanh_slope(Z: Array, out: Array) -> Iterator[Call]:
    """Beyond ±100 the slope is 0 or 1 to the last bit; there u' overflows, and ∞ times 0 is NaN."""
    argument, inner, near = np.empty_like(out), np.empty_like(out), np.empty_like(out)
    yield from larger(Z, np.full_like(Z, -100.0), near)
    yield from smaller(near, np.full_like(Z, 100.0), near)
    yield from _gelu_tanh_argument(near, argument)
    yield np.square, near, inner
    yield np.multiply, inner, 3 * _GELU_CUBIC, inner
    yield np.add, inner, 1.0, inner
    yield np.multiply, inner, 2 * _SQRT_2_OVER_PI, inner
    yield np.multiply, inner, near, inner
    yield from sigmoid_slope.recipe(argument, out)
    yield np.multiply, inner, out, inner
    yield from sigmoid.recipe(argument, out)
    yield np.add, out, inner, out


@equation(
    "softplus",
    r"A = \ln(1 + e^{Z})",
    "...->...",
    cell="softplus(Z)",
    title="Softplus: a smooth rectified linear unit",
)
def softplus(Z: Array, out: Array) -> Iterator[Call]:
    """max(z, 0) + log1p(exp(-|z|)): a tenth of np.logaddexp's time (measured)."""
    positive_part = np.empty_like(out)
    yield from larger(Z, np.zeros_like(Z), positive_part)
    yield np.copysign, Z, -1.0, out
    yield np.exp, out, out
    yield np.log1p, out, out
    yield np.add, out, positive_part, out


@equation(
    "softplus.slope",
    r"slope = \sigma(Z)",
    "...->...",
    cell="softplus_slope(Z)",
    title="Slope of softplus: the sigmoid",
)
def softplus_slope(Z: Array, out: Array) -> Iterator[Call]:
    yield from sigmoid.recipe(Z, out)


@equation(
    "silu",
    r"A = Z\,\sigma(Z)",
    "...->...",
    cell="silu(Z)",
    title="Sigmoid linear unit (swish)",
)
def silu(Z: Array, out: Array) -> Iterator[Call]:
    yield from sigmoid.recipe(Z, out)
    yield np.multiply, out, Z, out


@equation(
    "silu.slope",
    r"slope = \sigma(Z)\,\bigl(1 + Z\,\sigma(-Z)\bigr)",
    "...->...",
    cell="silu_slope(Z)",
    title="Slope of the sigmoid linear unit",
)
def silu_slope(Z: Array, out: Array) -> Iterator[Call]:
    mirrored, factor = np.empty_like(out), np.empty_like(out)
    yield np.negative, Z, mirrored
    yield from sigmoid.recipe(mirrored, factor)
    yield np.multiply, factor, Z, factor
    yield np.add, factor, 1.0, factor
    yield from sigmoid.recipe(Z, out)
    yield np.multiply, out, factor, out


@equation(
    "softmax",
    r"A_{pj} = \frac{e^{Z_{pj}}}{\sum_k e^{Z_{pk}}}",
    "sk->so",
    cell="exp(Z[o] - max(Z)) / sum(exp(Z - max(Z)))",
    title="Softmax: turns each row into probabilities that add up to 1",
)
def softmax(Z: Array, out: Array) -> Iterator[Call]:
    """Shifted by each row's maximum, which leaves the result as it is and can't overflow."""
    row = np.empty(len(Z), Z.dtype)
    yield from row_maximum(Z, row)
    yield np.subtract, Z, row[:, None], out
    yield np.exp, out, out
    yield from row_sum(out, row)
    yield np.divide, out, row[:, None], out


@equation(
    "softmax.dZ",
    r"dZ = A \odot \bigl(dA - \langle dA, A \rangle\bigr)",
    "sk,sk->so",
    cell="A[o] * (dA[o] - sum(dA * A))",
    title="Chain rule through softmax: the gradient times its Jacobian",
)
def softmax_jacobian_product(dA: Array, A: Array, out: Array) -> Iterator[Call]:
    """The Jacobian of a row is diag(a) - aᵀa, and is never formed."""
    row = np.empty(len(A), A.dtype)
    yield np.multiply, dA, A, out
    yield from row_sum(out, row)
    yield np.subtract, dA, row[:, None], out
    yield np.multiply, out, A, out


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
