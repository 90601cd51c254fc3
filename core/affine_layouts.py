"""The affine map and its gradients where samples are columns, or where W is (in, out).

The products are those of `core.affine` with their axes in another order, so that the same cells
are multiplied and added.
"""

from collections.abc import Iterator

import numpy as np

from core.calls import row_sum
from core.equation import Array, Call, equation


@equation(
    "affine.columns",
    r"Z = W\, A \oplus b",
    "ok,ks,o->os",
    cell="sum(W * A) + b",
    title="Weighted sum of the inputs plus the bias, one sample in each column",
)
def affine_columns(W: Array, A: Array, b: Array, out: Array) -> Iterator[Call]:
    """Shapes: W (out, in), A (in, N), b (out,) to Z (out, N)."""
    yield np.dot, W, A, out
    yield np.add, out, b[:, None], out


@equation(
    "affine.dW.columns",
    r"dW = dZ\, A^\top",
    "os,ks->ok",
    cell="sum(dZ * A)",
    title="Gradient of the weights, summed over the samples",
)
def weight_gradient_columns(dZ: Array, A: Array, out: Array) -> Iterator[Call]:
    """Shapes: dZ (out, N), A (in, N) to dW (out, in)."""
    yield np.dot, dZ, A.T, out


@equation(
    "affine.db.columns",
    r"db = dZ\, \mathbf{1}_N",
    "os->o",
    cell="sum(dZ)",
    title="Gradient of the bias, summed over the samples",
)
def bias_gradient_columns(dZ: Array, out: Array) -> Iterator[Call]:
    """Shapes: dZ (out, N) to db (out,)."""
    yield from row_sum(dZ, out)


@equation(
    "affine.dA.columns",
    r"dA = W^\top dZ",
    "ok,os->ks",
    cell="sum(W * dZ)",
    title="Gradient of the previous layer's activations",
)
def input_gradient_columns(W: Array, dZ: Array, out: Array) -> Iterator[Call]:
    """Shapes: W (out, in), dZ (out, N) to dA (in, N)."""
    yield np.dot, W.T, dZ, out


@equation(
    "affine.in_out",
    r"Z = A\, W \oplus b",
    "sk,ko,o->so",
    cell="sum(A * W) + b",
    title="Weighted sum of the inputs plus the bias, one unit in each column of W",
)
def affine_in_out(A: Array, W: Array, b: Array, out: Array) -> Iterator[Call]:
    """Shapes: A (N, in), W (in, out), b (out,) to Z (N, out)."""
    yield np.dot, A, W, out
    yield np.add, out, b, out


@equation(
    "affine.dW.in_out",
    r"dW = A^\top dZ",
    "sk,so->ko",
    cell="sum(A * dZ)",
    title="Gradient of the weights, summed over the samples",
)
def weight_gradient_in_out(A: Array, dZ: Array, out: Array) -> Iterator[Call]:
    """Shapes: A (N, in), dZ (N, out) to dW (in, out)."""
    yield np.dot, A.T, dZ, out


@equation(
    "affine.dA.in_out",
    r"dA = dZ\, W^\top",
    "so,ko->sk",
    cell="sum(dZ * W)",
    title="Gradient of the previous layer's activations",
)
def input_gradient_in_out(dZ: Array, W: Array, out: Array) -> Iterator[Call]:
    """Shapes: dZ (N, out), W (in, out) to dA (N, in)."""
    yield np.dot, dZ, W.T, out
