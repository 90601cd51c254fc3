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
from core.errors import SpecificationError

Number: TypeAlias = Any
"""A float or an array of floats: NumPy treats both alike."""
FLAT = 1e-12
"""Curvatures this many times the largest one's size count as none."""
Box: TypeAlias = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Optimum:
    """A known stationary point: "minimum", "maximum" or "saddle"."""

    kind: str
    at: tuple[float, ...]
    value: float


@dataclass(frozen=True)
class Surface:
    """A function of one or two variables; `expression` is its formula as it can be typed.

    Shapes: value of n numbers is a number; gradient gives n numbers, hessian n rows of n.
    """

    name: str
    title: str
    latex: str
    expression: str
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


def undefined_at(surface: Surface, theta: Array, name: str) -> SpecificationError:
    """Return the error of a point where a surface has no value, or no slope."""
    place = ", ".join(f"{at:g}" for at in theta)
    return SpecificationError(
        f"{surface.title} has no finite value or slope at ({place}).",
        where=[name],
        expected="a point where the formula is defined",
        given=theta.tolist(),
    )


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
    surface = Surface(
        "quadratic",
        "A quadratic by its matrix",
        r"\tfrac12\, x^\top H x",
        _quadratic_text(H),
        value,
        gradient,
        hessian,
        ((-reach, reach),) * len(H),
        tuple(start),
        is_quadratic=True,
    )
    return replace(surface, optima=level_optima(surface))


def level_optima(surface: Surface) -> tuple[Optimum, ...]:
    """Return the level point of a quadratic, or nothing where there is none or more than one."""
    origin = np.zeros(surface.dimension)
    H, slope = surface.hessian_at(origin), np.array(surface.gradient(*origin), float)
    curvatures = np.linalg.eigvalsh(H)
    if np.abs(curvatures).min() <= FLAT * np.abs(curvatures).max():
        return ()
    at = 0.0 - np.linalg.solve(H, slope)
    kind = "minimum" if curvatures[0] > 0 else "maximum" if curvatures[-1] < 0 else "saddle"
    return (Optimum(kind, tuple(at.tolist()), float(surface.value(*at))),)


def _quadratic_text(H: Array) -> str:
    """Write ½ xᵀHx as it can be typed, with every digit of its numbers."""
    if len(H) == 1:
        factors = {"x**2": H[0, 0] / 2}
    else:
        factors = {"x1**2": H[0, 0] / 2, "x1*x2": H[0, 1], "x2**2": H[1, 1] / 2}
    terms = [_term(float(factor), power) for power, factor in factors.items() if factor]
    return " ".join(terms).removeprefix("+ ") or f"0*{next(iter(factors))}"


def _term(factor: float, power: str) -> str:
    size = repr(abs(factor)).removesuffix(".0")
    return f"{'-' if factor < 0 else '+'} {'' if size == '1' else size + '*'}{power}"
