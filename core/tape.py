"""Tapes: formulas as a flat list of NumPy calls on numbers or arrays, each common part once."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, cast

import numpy as np

from core.formula import CONSTANTS, Tree
from core.squashing import sigmoid
from core.surface import Number

Operation: TypeAlias = Callable[[Number, Number], Number]


def _unary(function: Callable[[Number], Number]) -> Operation:
    return lambda a, _: function(a)


def _sigmoid(z: Number) -> Number:
    result = sigmoid(np.asarray(z, float))
    return result if np.ndim(z) else result[()]


_OPERATIONS: dict[str, Operation] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b,
    "neg": lambda a, _: -a,
    "atan": _unary(np.arctan),
    "abs": lambda a, _: abs(a),
    "sigmoid": _unary(_sigmoid),
    "square": lambda a, _: a * a,
    **{
        name: _unary(getattr(np, name))
        for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "log", "sqrt", "sign")
    },
}


def _shaped(result: Number, like: Number) -> Number:
    """Spread a constant out over the places of the variables."""
    return result if np.ndim(result) == np.ndim(like) else np.full(np.shape(like), result)


class Tape:
    """Several formulas of the same variables, computed together.

    Takes floats or arrays of one shape; gives a number or an array a formula.
    """

    def __init__(self, variables: Sequence[str], trees: Sequence[Tree]) -> None:
        self._variables = tuple(variables)
        self._places: dict[Tree, int] = {name: place for place, name in enumerate(variables)}
        self._constants = list[np.float64]()
        self._steps = list[tuple[Operation, int, int]]()
        self._collect(trees)
        self._results = [self._place(tree) for tree in trees]

    @property
    def is_constant(self) -> bool:
        """Whether no result depends on the variables."""
        moving = set(range(len(self._variables)))
        first = len(self._variables) + len(self._constants)
        for place, (_, a, b) in enumerate(self._steps, first):
            if moving.intersection((a, b)):
                moving.add(place)
        return moving.isdisjoint(self._results)

    def __call__(self, *x: Number) -> list[Number]:
        # np.float64 instead of float: 1/0 is infinite, not an error.
        is_point = isinstance(x[0], float)
        cells: list[Number] = [np.float64(each) for each in x] if is_point else list(x)
        cells += self._constants
        for operation, a, b in self._steps:
            cells.append(operation(cells[a], cells[b]))
        results = [cells[place] for place in self._results]
        return results if is_point else [_shaped(result, x[0]) for result in results]

    def _collect(self, trees: Sequence[Tree]) -> None:
        """Give every constant its place, before the steps."""
        for tree in trees:
            if isinstance(tree, tuple):
                self._collect(cast(Sequence[Tree], tree[1:]))
            elif tree not in self._places:
                number = CONSTANTS[tree] if isinstance(tree, str) else float(tree)
                self._places[tree] = len(self._variables) + len(self._constants)
                self._constants.append(np.float64(number))

    def _place(self, tree: Tree) -> int:
        """Return where a part's number stands, after the steps that it takes."""
        if tree not in self._places:
            operation, *parts = cast(tuple[Any, ...], tree)
            if operation == "**" and parts[1] == 2:
                operation, parts = "square", parts[:1]
            places = [self._place(part) for part in parts]
            first = len(self._variables) + len(self._constants)
            self._steps.append((_OPERATIONS[operation], places[0], places[-1]))
            self._places[tree] = first + len(self._steps) - 1
        return self._places[tree]
