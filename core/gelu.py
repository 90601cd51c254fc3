"""The Gaussian error linear unit, exact and with tanh, with their slopes."""

import math
from collections.abc import Iterator

import numpy as np

from core.calls import larger, smaller
from core.equation import Array, Call, equation
from core.squashing import sigmoid, sigmoid_slope

_GELU_CUBIC = 0.044715
_SQRT_2_OVER_PI = math.sqrt(2 / math.pi)
_SQRT_1_OVER_2PI = math.sqrt(1 / (2 * math.pi))


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
