"""Equations: a formula, its index rule, its cell formula and the NumPy calls that compute it."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.cells import Formula, parse_cell
from core.errors import EquationError
from core.index_rule import IndexRule

Array: TypeAlias = NDArray[np.floating[Any]]
Indices: TypeAlias = NDArray[np.intp]
"""Whole numbers that pick rows, or name classes."""
Call: TypeAlias = tuple[Any, ...]
"""A NumPy function followed by its arguments; the last buffer among them receives the result."""
Recipe: TypeAlias = Callable[..., Iterator[Call]]

EQUATIONS: dict[str, "Equation"] = {}


@dataclass(frozen=True, eq=False)
class Equation:
    """A formula that can be shown, followed cell by cell, and computed.

    The recipe lists NumPy calls that write into `out`. It runs once, when a program is bound to its
    buffers; from then on the calls alone are repeated, with no Python in between.
    """

    id: str
    title: str
    latex: str
    rule: IndexRule
    cell: Formula
    roles: tuple[str, ...]
    recipe: Recipe
    may_be_unbounded: bool = False

    def calls(self, operands: tuple[Array, ...], out: Array) -> list[Call]:
        """List the NumPy calls that compute this equation from these buffers into `out`."""
        return [_with_arrays(call, out) for call in self.recipe(*operands, out)]

    def __call__(self, *operands: Array) -> Array:
        """Compute the result in a new array."""
        arrays = tuple(np.asarray(operand) for operand in operands)
        shape = self.rule.result_shape([array.shape for array in arrays])
        out = np.empty(shape, arrays[0].dtype)
        with np.errstate(all="ignore"):
            for function, *arguments in self.calls(arrays, out):
                function(*arguments)
        return out


def _with_arrays(call: Call, out: Array) -> Call:
    """Turn a recipe's float constants into arrays once: NumPy would at every call, for 0.15 µs."""
    return tuple(np.array(part, out.dtype) if isinstance(part, float) else part for part in call)


def equation(
    id: str, latex: str, rule: str, *, cell: str, title: str, may_be_unbounded: bool = False
) -> Callable[[Recipe], Equation]:
    """Declare an equation; the recipe's parameter names, less `out`, are the operands' roles.

    Raises: EquationError where the index rule doesn't fit the roles or the id is taken.
    """

    def declare(recipe: Recipe) -> Equation:
        roles = tuple(inspect.signature(recipe).parameters)[:-1]
        parsed = IndexRule.parse(rule)
        if len(parsed.operands) != len(roles):
            raise EquationError(f"“{rule}” doesn't index the operands {roles} of {id}.")
        if id in EQUATIONS:
            raise EquationError(f"There are two equations called {id}.")
        made = Equation(id, title, latex, parsed, parse_cell(cell), roles, recipe, may_be_unbounded)
        EQUATIONS[id] = made
        return made

    return declare
