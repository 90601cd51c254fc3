# A lambda's parameters can't be annotated; here they are floats or arrays of floats.
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false
"""A surface: a function of one or two variables with its gradient, Hessian, and known optima.

Every function takes x1, x2 as numbers or as arrays of any one shape, so that a path and a field of
contours are made by the same code.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from core.equation import Array

Number: TypeAlias = Any
"""A float or an array of floats: NumPy treats both alike."""
Box: TypeAlias = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Optimum:
    """A known stationary point: "minimum", "maximum" or "saddle"."""

    kind: str
    at: tuple[float, ...]
    value: float


@dataclass(frozen=True)
class Surface:
    """A function of one or two variables.

    Shapes: value of n numbers is a number; gradient gives n numbers, hessian n rows of n.
    """

    name: str
    title: str
    latex: str
    value: Callable[..., Number]
    gradient: Callable[..., Sequence[Number]]
    hessian: Callable[..., Sequence[Sequence[Number]]]
    view: Box
    start: tuple[float, ...]
    optima: tuple[Optimum, ...] = ()
    source: str = ""
    is_quadratic: bool = False

    @property
    def dimension(self) -> int:
        """The number of variables."""
        return len(self.view)

    def hessian_at(self, theta: Array) -> Array:
        """Return the Hessian as a matrix."""
        return np.array(self.hessian(*theta.tolist()), float)


def negated(surface: Surface) -> Surface:
    """Return −f: to climb f is to descend it."""

    def value(*x: Number) -> Number:
        return -surface.value(*x)

    def gradient(*x: Number) -> Sequence[Number]:
        return tuple(-part for part in surface.gradient(*x))

    def hessian(*x: Number) -> Sequence[Sequence[Number]]:
        return tuple(tuple(-part for part in row) for row in surface.hessian(*x))

    return replace(surface, value=value, gradient=gradient, hessian=hessian)


def quadratic(matrix: Sequence[Sequence[float]], start: Sequence[float]) -> Surface:
    """Return ½ xᵀHx for a symmetric H.

    Shapes: matrix (1, 1) or (2, 2); start as long as its sides.
    """
    H = np.array(matrix, float)

    def value(*x: Number) -> Number:
        return sum(part * slope for part, slope in zip(x, gradient(*x), strict=True)) / 2

    def gradient(*x: Number) -> Sequence[Number]:
        return tuple(sum(h * part for h, part in zip(row, x, strict=True)) for row in H)

    def hessian(*x: Number) -> Sequence[Sequence[Number]]:
        return tuple(tuple(h + 0 * x[0] for h in row) for row in H)

    reach = 4 / 3 * max(1.0, *(abs(number) for number in start))
    return Surface(
        "quadratic",
        "A quadratic by its matrix",
        r"\tfrac12\, x^\top H x",
        value,
        gradient,
        hessian,
        ((-reach, reach),) * len(H),
        tuple(start),
        (Optimum("minimum", (0.0,) * len(H), 0.0),) if np.linalg.eigvalsh(H).min() > 0 else (),
        is_quadratic=True,
    )
