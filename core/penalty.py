"""The penalty on large weights: R = l1 Σ|W| + ½ l2 Σ W², for each layer, and its gradient.

Biases bear none, as they make no function steeper; the loss L and the penalty stay two numbers.
Source: Goodfellow, Bengio and Courville (2016), "Deep learning", section 7.1.
"""

from collections.abc import Iterator

import numpy as np

from core.equation import Array, Call, equation


@equation(
    "penalty",
    r"R = l1 \sum_{ok} |W_{ok}| + \tfrac12\, l2 \sum_{ok} W_{ok}^2",
    "ok,,->",
    cell="sum(l1 * abs(W) + l2 * W ** 2 / 2)",
    title="The penalty on a layer's weights",
)
def penalty(W: Array, l1: Array, l2: Array, out: Array) -> Iterator[Call]:
    """Shapes: W (out, in) to the scalar R."""
    size, square = np.empty_like(W), np.empty_like(W)
    yield np.abs, W, size
    yield np.multiply, size, l1, size
    yield np.square, W, square
    yield np.multiply, square, 0.5, square
    yield np.multiply, square, l2, square
    yield np.add, size, square, size
    yield np.add.reduce, size, None, None, out


@equation(
    "penalty.gradient",
    r"r = dtheta + l1\, \operatorname{sign}(theta) + l2\, theta",
    "...,...,,->...",
    cell="dtheta + l1 * sign(theta) + l2 * theta",
    title="The penalty's gradient is added to the loss's",
)
def penalty_gradient(
    dtheta: Array, theta: Array, l1: Array, l2: Array, out: Array
) -> Iterator[Call]:
    """Shapes: dtheta, theta and the result alike. At a weight of 0 the slope of |W| counts as 0."""
    term = np.empty_like(out)
    yield np.sign, theta, out
    yield np.multiply, out, l1, out
    yield np.add, dtheta, out, out
    yield np.multiply, theta, l2, term
    yield np.add, out, term, out


def followed(parameter: str, *, penalised: bool) -> str:
    """Name the gradient that an update follows: a weight's has the penalty's share."""
    return f"r{parameter}" if penalised and parameter.startswith("W") else f"d{parameter}"
