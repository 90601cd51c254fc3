"""Identity, sigmoid, tanh and softmax, with their slopes; no tail is lost."""

from collections.abc import Iterator

import numpy as np

from core.calls import larger, row_maximum, row_sum
from core.equation import Array, Call, equation


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


def softmax_jacobian(A: Array) -> Array:
    """Return each row's Jacobian ∂a_j/∂z_k = a_j (δ_jk - a_k), which a pass never forms.

    Shapes: A (N, classes) to (N, classes, classes).
    """
    return A[:, :, None] * (np.eye(A.shape[1], dtype=A.dtype) - A[:, None, :])
