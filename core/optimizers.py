"""Optimizers: how a parameter moves, given its gradient."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.equation import Array, Call, Equation, equation


@equation(
    "gradient_descent",
    r"theta_next = theta - eta\, dtheta",
    "...,...,->...",
    cell="theta - eta * dtheta",
    title="Gradient descent: a step against the gradient",
)
def gradient_descent(theta: Array, dtheta: Array, eta: Array, out: Array) -> Iterator[Call]:
    """Shapes: theta, dtheta and the result alike; eta a scalar."""
    yield np.multiply, dtheta, eta, out
    yield np.subtract, theta, out, out


@dataclass(frozen=True)
class Parameter:
    """A number that an optimizer takes, with its default and its bounds."""

    name: str
    title: str
    latex: str
    default: float
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Optimizer:
    """An optimizer: its update equation and the parameters it takes."""

    name: str
    title: str
    step: Equation
    parameters: tuple[Parameter, ...]


LEARNING_RATE = Parameter("learning_rate", "Learning rate", r"\eta", 0.1)

OPTIMIZERS = {
    optimizer.name: optimizer
    for optimizer in (
        Optimizer("gradient_descent", "Gradient descent", gradient_descent, (LEARNING_RATE,)),
    )
}
