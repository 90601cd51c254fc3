"""The affine map of a layer, its three gradients, and the element-wise product of the chain rule.

Source: Rumelhart, Hinton and Williams (1986), "Learning representations by back-propagating
errors", equations (4) to (7), in matrix form with one sample in a row.
"""

from collections.abc import Iterator

import numpy as np

from core.calls import column_sum
from core.equation import Array, Call, equation


@equation(
    "affine",
    r"Z = A\, W^\top \oplus b",
    "sk,ok,o->so",
    cell="sum(A * W) + b",
    title="Weighted sum of the inputs plus the bias",
)
def affine(A: Array, W: Array, b: Array, out: Array) -> Iterator[Call]:
    """Shapes: A (N, in), W (out, in), b (out,) to Z (N, out)."""
    yield np.dot, A, W.T, out
    yield np.add, out, b, out


@equation(
    "affine.dW",
    r"dW = dZ^\top A",
    "so,sk->ok",
    cell="sum(dZ * A)",
    title="Gradient of the weights, summed over the samples",
)
def weight_gradient(dZ: Array, A: Array, out: Array) -> Iterator[Call]:
    """Shapes: dZ (N, out), A (N, in) to dW (out, in)."""
    yield np.dot, dZ.T, A, out


@equation(
    "affine.db",
    r"db = \mathbf{1}_N^\top\, dZ",
    "so->o",
    cell="sum(dZ)",
    title="Gradient of the bias, summed over the samples",
)
def bias_gradient(dZ: Array, out: Array) -> Iterator[Call]:
    """Shapes: dZ (N, out) to db (out,)."""
    yield from column_sum(dZ, out)


@equation(
    "affine.dA",
    r"dA = dZ\, W",
    "so,ok->sk",
    cell="sum(dZ * W)",
    title="Gradient of the previous layer's activations",
)
def input_gradient(dZ: Array, W: Array, out: Array) -> Iterator[Call]:
    """Shapes: dZ (N, out), W (out, in) to dA (N, in)."""
    yield np.dot, dZ, W, out


@equation(
    "hadamard",
    r"dZ = dA \odot slope",
    "...,...->...",
    cell="dA * slope",
    title="Chain rule through an element-wise activation",
)
def hadamard(dA: Array, slope: Array, out: Array) -> Iterator[Call]:
    """Shapes: all (N, units)."""
    yield np.multiply, dA, slope, out
