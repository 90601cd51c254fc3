"""Losses under other conventions: the squared error without its ½, and the sum over the samples.

1/N is in the mean and in the gradients of a mean. Under the sum it is nowhere.
"""

from collections.abc import Iterator

import numpy as np

from core.calls import row_sum
from core.equation import Array, Call, Equation, equation
from core.losses import (
    binary_cross_entropy_gradient,
    cross_entropy_gradient,
    mean,
    ratio,
    sigmoid_binary_cross_entropy_gradient,
    softmax_cross_entropy_gradient,
    squared_error,
    squared_error_gradient,
)


@equation(
    "sum",
    r"L = \sum_{p=1}^{N} Lp",
    "s->",
    cell="sum(Lp)",
    title="The loss: the sum of the samples' losses",
)
def total(Lp: Array, out: Array) -> Iterator[Call]:
    """Shapes: Lp (N,) to the scalar L."""
    yield np.add.reduce, Lp, 0, None, out


@equation(
    "mse.sample.whole",
    r"Lp = \sum_k \bigl(A_{pk} - Y_{pk}\bigr)^2",
    "sk,sk->s",
    cell="sum((A - Y) ** 2)",
    title="Loss of each sample: the squared error",
)
def whole_squared_error(A: Array, Y: Array, out: Array) -> Iterator[Call]:
    """Shapes: A, Y (N, outputs) to (N,)."""
    difference = np.empty_like(A)
    yield np.subtract, A, Y, difference
    yield np.square, difference, difference
    yield from row_sum(difference, out)


@equation(
    "mse.dA.whole",
    r"dA = \frac{2}{N}\,(A - Y)",
    "sk,sk->sk",
    cell="2 * (A - Y) / count(s)",
    title="Gradient of the loss with respect to the outputs",
)
def whole_squared_error_gradient(A: Array, Y: Array, out: Array) -> Iterator[Call]:
    """Shapes: all (N, outputs)."""
    yield np.subtract, A, Y, out
    yield np.multiply, out, 2.0, out
    yield np.divide, out, float(len(A)), out


@equation(
    "mse.dA.sum",
    r"dA = A - Y",
    "...,...->...",
    cell="A - Y",
    title="Gradient of the loss with respect to the outputs",
)
def summed_squared_error_gradient(A: Array, Y: Array, out: Array) -> Iterator[Call]:
    """Shapes: all alike."""
    yield np.subtract, A, Y, out


@equation(
    "mse.dA.whole.sum",
    r"dA = 2\,(A - Y)",
    "...,...->...",
    cell="2 * (A - Y)",
    title="Gradient of the loss with respect to the outputs",
)
def whole_summed_squared_error_gradient(A: Array, Y: Array, out: Array) -> Iterator[Call]:
    """Shapes: all alike."""
    yield np.subtract, A, Y, out
    yield np.multiply, out, 2.0, out


@equation(
    "bce.dA.sum",
    r"dA = -\frac{Y}{A} + \frac{1 - Y}{1 - A}",
    "...,...->...",
    cell="-(Y / A) + (1 - Y) / (1 - A)",
    title="Gradient of binary cross entropy with respect to the outputs",
    may_be_unbounded=True,
)
def summed_binary_cross_entropy_gradient(A: Array, Y: Array, out: Array) -> Iterator[Call]:
    """Shapes: all alike. Unbounded where an output is 0 or 1 and the target is not."""
    no, other, term = np.empty_like(A), np.empty_like(A), np.empty_like(A)
    yield np.subtract, 1.0, Y, no
    yield np.subtract, 1.0, A, other
    yield ratio, no, other, term
    yield ratio, Y, A, out
    yield np.subtract, term, out, out


@equation(
    "ce.dA.sum",
    r"dA = -\frac{Y}{A}",
    "...,...->...",
    cell="-(Y / A)",
    title="Gradient of cross entropy with respect to the outputs",
    may_be_unbounded=True,
)
def summed_cross_entropy_gradient(A: Array, Y: Array, out: Array) -> Iterator[Call]:
    """Shapes: all alike. Unbounded where the true class has probability 0."""
    yield ratio, Y, A, out
    yield np.negative, out, out


@equation(
    "sigmoid_bce.dZ.sum",
    r"dZ = A - Y",
    "...,...->...",
    cell="A - Y",
    title="Sigmoid and binary cross entropy together: the long way cancels to this",
)
def summed_sigmoid_gradient(A: Array, Y: Array, out: Array) -> Iterator[Call]:
    """Shapes: all alike."""
    yield np.subtract, A, Y, out


@equation(
    "softmax_ce.dZ.sum",
    r"dZ = A - Y",
    "...,...->...",
    cell="A - Y",
    title="Softmax and cross entropy together: the long way cancels to this",
)
def summed_softmax_gradient(A: Array, Y: Array, out: Array) -> Iterator[Call]:
    """Shapes: all alike. The targets of a sample add up to 1."""
    yield np.subtract, A, Y, out


WHOLE: dict[str, Equation] = {
    squared_error.id: whole_squared_error,
    squared_error_gradient.id: whole_squared_error_gradient,
}
"""What stands for an equation where the squared error has no ½, by id."""
SUMMED: dict[str, Equation] = {
    mean.id: total,
    squared_error_gradient.id: summed_squared_error_gradient,
    whole_squared_error_gradient.id: whole_summed_squared_error_gradient,
    binary_cross_entropy_gradient.id: summed_binary_cross_entropy_gradient,
    cross_entropy_gradient.id: summed_cross_entropy_gradient,
    sigmoid_binary_cross_entropy_gradient.id: summed_sigmoid_gradient,
    softmax_cross_entropy_gradient.id: summed_softmax_gradient,
}
"""What stands for an equation where the samples' losses are added up, by id."""
