"""Typed formulas as surfaces: differentiated by SymPy in a worker, and kept for later requests."""

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

from app.workers import run
from core.errors import SpecificationError
from core.formula import Derived, Tree
from core.formula_latex import formula_latex
from core.formula_reader import read_formula
from core.formula_surface import formula_surface
from core.surface import Surface

SECONDS = 4.0
"""For the derivatives of one formula; most take a hundredth of that."""
MOST_KEPT = 256


@dataclass(frozen=True)
class Described:
    """A surface as it is set, with its derivatives; a part is None where it is too long to read."""

    surface: Surface
    latex: str
    gradient_latex: tuple[str | None, ...]
    hessian_latex: tuple[tuple[str | None, ...], ...]


@lru_cache(MOST_KEPT)
def surface_of(text: str) -> Surface:
    """Return the surface of a formula.

    Raises: FormulaError where it can't be read, SpecificationError where it is defined nowhere,
    TooSlowError where its derivatives take too long.
    """
    tree = read_formula(text)
    return formula_surface(text, tree, _derived(tree))


def describe(surface: Surface) -> Described:
    """Return a surface with the LaTeX of its derivatives."""
    n = surface.dimension
    try:
        tree = read_formula(surface.expression)
        derived = _derived(tree)
    except SpecificationError:
        # A matrix may hold numbers that are too large or too small to be typed.
        return Described(surface, surface.latex, (None,) * n, ((None,) * n,) * n)
    return Described(surface, formula_latex(tree), derived.gradient_latex, derived.hessian_latex)


@lru_cache(MOST_KEPT)
def _derived(tree: Tree) -> Derived:
    return run(differentiate, tree, seconds=SECONDS)


def differentiate(tree: Tree) -> Derived:
    """Return the derivatives of a formula; imports SymPy, which only the workers do."""
    return import_module("core.derivatives").derivatives_of(tree)
