"""ReLU and its smooth relatives, with their slopes."""

from collections.abc import Iterator

import numpy as np

from core.calls import larger, smaller
from core.equation import Array, Call, equation
from core.squashing import sigmoid

LEAKY_SLOPE = 0.01


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
