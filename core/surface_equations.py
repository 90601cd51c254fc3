"""A surface's value and gradient as equations of a program."""

from collections.abc import Callable, Iterator

from core.cells import Formula
from core.equation import Array, Call, Equation
from core.index_rule import IndexRule
from core.surface import Surface


def _written(
    surface: Surface, id: str, title: str, latex: str, rule: str, write: Callable[..., None]
) -> Equation:
    """Return an equation that a Python function computes from this surface."""

    def recipe(theta: Array, out: Array) -> Iterator[Call]:
        yield write, theta, out

    cell: Formula = ["apply", surface.name, "f", "theta"]
    return Equation(id, title, latex, IndexRule.parse(rule), cell, ("theta",), recipe)


def value_equation(surface: Surface) -> Equation:
    """Return f(θ) as an equation."""

    def write(theta: Array, out: Array) -> None:
        out[...] = surface.value(*theta)

    latex = rf"f(theta) = {surface.latex}"
    return _written(surface, "surface.value", "The value of the surface", latex, "n->", write)


def gradient_equation(surface: Surface) -> Equation:
    """Return ∇f(θ) as an equation."""

    def write(theta: Array, out: Array) -> None:
        out[...] = surface.gradient(*theta)

    latex = r"dtheta = \nabla f(theta)"
    return _written(surface, "surface.gradient", "The gradient", latex, "n->m", write)
