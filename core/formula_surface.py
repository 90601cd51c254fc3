"""Surfaces from typed formulas: the value as it is typed, gradient and Hessian derived."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.equation import Array
from core.errors import SpecificationError
from core.formula import Derived, Tree, is_polynomial, variables_in
from core.formula_latex import formula_latex
from core.surface import Number, Surface, level_optima
from core.tape import Tape

REACH = 4.0
_STARTS = (3.0, 1.0, 2.0, 0.5, 0.1, -1.0, -3.0)
"""All variables alike; the first where the formula and its slope are finite."""


def formula_surface(text: str, tree: Tree, derived: Derived) -> Surface:
    """Return the surface of a formula with its derivatives.

    Raises: SpecificationError where it has no value at any of a few points to start from.
    """
    variables = variables_in(tree)
    n = len(variables)
    value, gradient = Tape(variables, [tree]), Tape(variables, derived.gradient)
    bends = Tape(variables, [bend for row in derived.hessian for bend in row])

    def hessian(*x: Number) -> Sequence[Sequence[Number]]:
        flat = bends(*x)
        return [flat[row * n : (row + 1) * n] for row in range(n)]

    surface = Surface(
        "formula",
        "Your formula",
        formula_latex(tree),
        text,
        lambda *x: value(*x)[0],
        gradient,
        hessian,
        ((-REACH, REACH),) * n,
        (_STARTS[0],) * n,
        # |x| has no curvature either, and x1*x2/x2 has a hole: neither is a quadratic.
        is_quadratic=bends.is_constant and is_polynomial(tree),
    )
    has_center = surface.is_quadratic and _is_defined(surface, np.zeros(n))
    return _around_optimum(surface) if has_center else _with_start(surface)


def _around_optimum(surface: Surface) -> Surface:
    """Look at a quadratic where it is level."""
    optima = level_optima(surface)
    if not optima:
        return surface
    middle = [0.0 if abs(at) < REACH else at for at in optima[0].at]
    return replace(
        surface,
        optima=optima,
        view=tuple((at - REACH, at + REACH) for at in middle),
        start=tuple(at + _STARTS[0] for at in middle),
    )


def _with_start(surface: Surface) -> Surface:
    """Start where the formula has a value and a slope."""
    for each in _STARTS:
        start = (each,) * surface.dimension
        if _is_defined(surface, np.array(start)):
            return replace(surface, start=start)
    places = ", ".join(f"{each:g}" for each in _STARTS)
    raise SpecificationError(
        "This formula has no real value, or no slope, at any of the points that were tried.",
        where=["surface", "expression"],
        expected=f"a value where all variables are {places}",
        given=surface.expression,
    )


def _is_defined(surface: Surface, theta: Array) -> bool:
    with np.errstate(all="ignore"):
        numbers = [surface.value(*theta), *surface.gradient(*theta)]
    return bool(np.isfinite(np.array(numbers, float)).all())
