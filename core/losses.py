"""Losses: the loss of each sample, their mean, and the gradients of the mean.

L = (1/N) Σ_p L_p is one equation for all losses, so that 1/N is in L and in its gradient alone.
Source of the ½: the lecture defines the squared error as ½‖ŷ - y‖², so that its gradient is ŷ - y.

Where the loss undoes the output activation (sigmoid with binary cross entropy, softmax with cross
entropy) the pair is *fused*: L comes from Z and dZ = (A - Y)/N, which stay finite where ∂L/∂A
does not. Any other legal pair goes the long way: L and ∂L/∂A from A, then the activation's
Jacobian.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.activations import ACTIVATIONS
from core.calls import larger, row_maximum, row_sum
from core.equation import Array, Call, Equation, equation


@equation(
    "mean",
    r"L = \frac{1}{N}\sum_{p=1}^{N} Lp",
    "s->",
    cell="sum(Lp) / count(s)",
    title="The loss: the mean of the samples' losses",
)
def mean(Lp: Array, out: Array) -> Iterator[Call]:
    """Shapes: Lp (N,) to the scalar L."""
    yield np.add.reduce, Lp, 0, None, out
    yield np.divide, out, float(len(Lp)), out


@equation(
    "mse.sample",
    r"Lp = \tfrac12 \sum_k \bigl(A_{pk} - Y_{pk}\bigr)^2",
    "sk,sk->s",
    cell="sum((A - Y) ** 2) / 2",
    title="Loss of each sample: half the squared error",
)
def squared_error(A: Array, Y: Array, out: Array) -> Iterator[Call]:
    """Shapes: A, Y (N, outputs) to (N,)."""
    difference = np.empty_like(A)
    yield np.subtract, A, Y, difference
    yield np.square, difference, difference
    yield from row_sum(difference, out)
    yield np.multiply, out, 0.5, out


def _mean_difference(A: Array, Y: Array, out: Array) -> Iterator[Call]:
    yield np.subtract, A, Y, out
    yield np.divide, out, float(len(A)), out


@equation(
    "mse.dA",
    r"dA = \frac{1}{N}\,(A - Y)",
    "sk,sk->sk",
    cell="(A - Y) / count(s)",
    title="Gradient of the loss with respect to the outputs",
)
def squared_error_gradient(A: Array, Y: Array, out: Array) -> Iterator[Call]:
    """Shapes: all (N, outputs)."""
    yield from _mean_difference(A, Y, out)


def _times_log(y: Array, a: Array, out: Array) -> None:
    """Write y ln a, with 0 ln 0 = 0."""
    out.fill(0)
    np.log(a, out, where=y != 0)
    np.multiply(out, y, out)


def ratio(y: Array, a: Array, out: Array) -> None:
    """Write y / a, with 0 / 0 = 0 and y / 0 = ±∞: the true limit is unbounded."""
    out.fill(0)
    np.divide(y, a, out, where=y != 0)


@equation(
    "bce.sample",
    r"Lp = -\sum_k \bigl(Y_{pk} \ln A_{pk} + (1 - Y_{pk}) \ln(1 - A_{pk})\bigr)",
    "sk,sk->s",
    cell="sum(-(Y * log(A) + (1 - Y) * log(1 - A)))",
    title="Loss of each sample: binary cross entropy",
)
def binary_cross_entropy(A: Array, Y: Array, out: Array) -> Iterator[Call]:
    """Shapes: A, Y (N, outputs) to (N,)."""
    yes, no, term, other = (np.empty_like(A) for _ in range(4))
    yield np.subtract, 1.0, Y, no
    yield np.subtract, 1.0, A, other
    yield _times_log, no, other, term
    yield _times_log, Y, A, yes
    yield np.add, yes, term, term
    yield from row_sum(term, out)
    yield np.negative, out, out


@equation(
    "bce.dA",
    r"dA = \frac{1}{N}\left(-\frac{Y}{A} + \frac{1 - Y}{1 - A}\right)",
    "sk,sk->sk",
    cell="(-(Y / A) + (1 - Y) / (1 - A)) / count(s)",
    title="Gradient of binary cross entropy with respect to the outputs",
    may_be_unbounded=True,
)
def binary_cross_entropy_gradient(A: Array, Y: Array, out: Array) -> Iterator[Call]:
    """Shapes: all (N, outputs). Unbounded where an output is 0 or 1 and the target is not."""
    no, other, term = np.empty_like(A), np.empty_like(A), np.empty_like(A)
    yield np.subtract, 1.0, Y, no
    yield np.subtract, 1.0, A, other
    yield ratio, no, other, term
    yield ratio, Y, A, out
    yield np.subtract, term, out, out
    yield np.divide, out, float(len(A)), out


@equation(
    "ce.sample",
    r"Lp = -\sum_k Y_{pk} \ln A_{pk}",
    "sk,sk->s",
    cell="-sum(Y * log(A))",
    title="Loss of each sample: cross entropy",
)
def cross_entropy(A: Array, Y: Array, out: Array) -> Iterator[Call]:
    """Shapes: A, Y (N, classes) to (N,)."""
    term = np.empty_like(A)
    yield _times_log, Y, A, term
    yield from row_sum(term, out)
    yield np.negative, out, out


@equation(
    "ce.dA",
    r"dA = -\frac{1}{N}\,\frac{Y}{A}",
    "sk,sk->sk",
    cell="-(Y / A) / count(s)",
    title="Gradient of cross entropy with respect to the outputs",
    may_be_unbounded=True,
)
def cross_entropy_gradient(A: Array, Y: Array, out: Array) -> Iterator[Call]:
    """Shapes: all (N, classes). Unbounded where the true class has probability 0."""
    yield ratio, Y, A, out
    yield np.divide, out, -float(len(A)), out


@equation(
    "sigmoid_bce.sample",
    r"Lp = \sum_k \bigl(\max(Z_{pk}, 0) - Z_{pk} Y_{pk} + \ln(1 + e^{-|Z_{pk}|})\bigr)",
    "sk,sk->s",
    cell="sum(relu(Z) - Z * Y + log1p(exp(-abs(Z))))",
    title="Loss of each sample: binary cross entropy, from Z so that it can't overflow",
)
def sigmoid_binary_cross_entropy(Z: Array, Y: Array, out: Array) -> Iterator[Call]:
    """Shapes: Z, Y (N, outputs) to (N,)."""
    term, product = np.empty_like(Z), np.empty_like(Z)
    yield np.multiply, Z, Y, product
    yield from larger(Z, np.zeros_like(Z), term)
    yield np.subtract, term, product, product
    yield np.copysign, Z, -1.0, term
    yield np.exp, term, term
    yield np.log1p, term, term
    yield np.add, term, product, term
    yield from row_sum(term, out)


@equation(
    "sigmoid_bce.dZ",
    r"dZ = \frac{1}{N}\,(A - Y)",
    "sk,sk->sk",
    cell="(A - Y) / count(s)",
    title="Sigmoid and binary cross entropy together: the long way cancels to this",
)
def sigmoid_binary_cross_entropy_gradient(A: Array, Y: Array, out: Array) -> Iterator[Call]:
    """Shapes: all (N, outputs)."""
    yield from _mean_difference(A, Y, out)


@equation(
    "softmax_ce.sample",
    r"Lp = \sum_k Y_{pk}\,\Bigl(\ln \sum_j e^{Z_{pj}} - Z_{pk}\Bigr)",
    "sk,sk->s",
    cell="sum(Y * (logsumexp(Z) - Z))",
    title="Loss of each sample: cross entropy, from Z so that it can't overflow",
)
def softmax_cross_entropy(Z: Array, Y: Array, out: Array) -> Iterator[Call]:
    """Shapes: Z, Y (N, classes) to (N,)."""
    row, shifted, power = np.empty(len(Z), Z.dtype), np.empty_like(Z), np.empty_like(Z)
    yield from row_maximum(Z, row)
    yield np.subtract, Z, row[:, None], shifted
    yield np.exp, shifted, power
    yield from row_sum(power, row)
    yield np.log, row, row
    yield np.subtract, row[:, None], shifted, shifted
    yield np.multiply, shifted, Y, shifted
    yield from row_sum(shifted, out)


@equation(
    "softmax_ce.dZ",
    r"dZ = \frac{1}{N}\,(A - Y)",
    "sk,sk->sk",
    cell="(A - Y) / count(s)",
    title="Softmax and cross entropy together: the long way cancels to this",
)
def softmax_cross_entropy_gradient(A: Array, Y: Array, out: Array) -> Iterator[Call]:
    """Shapes: all (N, classes). The rows of Y add up to 1."""
    yield from _mean_difference(A, Y, out)


@dataclass(frozen=True)
class Fusion:
    """A loss and an output activation whose composition has a simpler gradient."""

    sample: Equation
    dZ: Equation


@dataclass(frozen=True)
class Loss:
    """A loss: each sample's loss and its gradient from A, and its fusions by output activation."""

    name: str
    title: str
    sample: Equation
    dA: Equation
    outputs: tuple[str, ...]
    targets: str
    fusions: dict[str, Fusion]


LOSSES = {
    loss.name: loss
    for loss in (
        Loss(
            "mse",
            "Mean squared error",
            squared_error,
            squared_error_gradient,
            tuple(ACTIVATIONS),
            "Any numbers.",
            {},
        ),
        Loss(
            "binary_cross_entropy",
            "Binary cross entropy",
            binary_cross_entropy,
            binary_cross_entropy_gradient,
            ("sigmoid", "softmax"),
            "Numbers between 0 and 1, one for each output.",
            {
                "sigmoid": Fusion(
                    sigmoid_binary_cross_entropy, sigmoid_binary_cross_entropy_gradient
                )
            },
        ),
        Loss(
            "cross_entropy",
            "Cross entropy",
            cross_entropy,
            cross_entropy_gradient,
            ("softmax",),
            "Each row one-hot, or probabilities that add up to 1.",
            {"softmax": Fusion(softmax_cross_entropy, softmax_cross_entropy_gradient)},
        ),
    )
}
