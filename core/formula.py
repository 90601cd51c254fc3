"""Formulas as small trees: plain data, whatever made them.

A tree is plain data: a variable's name, a number (a Fraction, as exact as it was typed), or a tuple
of an operation's name and its parts, such as ("+", ("**", "x1", 2), ("sin", "x2")).
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, cast

from core.errors import SpecificationError

Tree: TypeAlias = "str | Fraction | tuple[str | Tree, ...]"

PLANE, LINE = ("x1", "x2"), ("x",)
FUNCTIONS: dict[str, Callable[[float], float]] = {
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "atan": math.atan,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "abs": abs,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
}
CONSTANTS = {"pi": math.pi, "e": math.e}


@dataclass(frozen=True)
class Derived:
    """A formula's first and second derivatives, as trees and as LaTeX; None where that is too long.

    Shapes: gradient and its LaTeX (n,), hessian and its LaTeX (n, n).
    """

    gradient: tuple[Tree, ...]
    hessian: tuple[tuple[Tree, ...], ...]
    gradient_latex: tuple[str | None, ...]
    hessian_latex: tuple[tuple[str | None, ...], ...]


class FormulaError(SpecificationError):
    """A formula that can't be read; the message says at which character, counted from 1."""

    code = "invalid_formula"

    def __init__(self, message: str, text: str, place: int, expected: object) -> None:
        super().__init__(
            f"{message} (character {place + 1})",
            where=["surface", "expression"],
            expected=expected,
            given=text,
        )
        self.place = place


def variables_in(tree: Tree) -> tuple[str, ...]:
    """Return x1 and x2, or x: the variables of the surface that a tree stands for."""
    return LINE if "x" in set(names_in(tree)) else PLANE


def value_of_constant(tree: Tree) -> float | None:
    """Return the number of a tree without variables; NaN or infinite where it has none."""
    match tree:
        case Fraction():
            return float(tree)
        case str():
            return CONSTANTS.get(tree)
        case (str(operation), *parts):
            values = [value_of_constant(part) for part in parts]
            if any(value is None for value in values):
                return None
            return _folded(operation, cast(list[float], values))
        case _:
            return None


def is_polynomial(tree: Tree) -> bool:
    """Whether a tree is a polynomial as it stands: smooth, and defined everywhere."""
    if value_of_constant(tree) is not None:
        return True
    match tree:
        case str():
            return True
        case ("+" | "-" | "*" | "neg", *parts):
            return all(is_polynomial(part) for part in parts)
        case ("/", a, b):
            return is_polynomial(a) and value_of_constant(b) is not None
        case ("**", a, b):
            power = value_of_constant(b)
            return power is not None and power >= 0 and power % 1 == 0 and is_polynomial(a)
        case _:
            return False


def largest_power(tree: Tree) -> float:
    """Return the largest product of constant exponents that stand within one another."""
    match tree:
        case (str(operation), *parts):
            inner = max(largest_power(part) for part in parts)
            power = value_of_constant(parts[-1]) if operation == "**" else None
            return inner if power is None else inner * max(1.0, abs(power))
        case _:
            return 1.0


def _folded(operation: str, values: list[float]) -> float:
    try:
        match operation, values:
            case "+", [a, b]:
                return a + b
            case "-", [a, b]:
                return a - b
            case "*", [a, b]:
                return a * b
            case "/", [a, b]:
                return a / b
            case "**", [a, b]:
                power = a**b
                return power if isinstance(power, float) else math.nan
            case "neg", [a]:
                return -a
            case _:
                return FUNCTIONS[operation](*values)
    except OverflowError:
        return math.inf
    except (ZeroDivisionError, ValueError):
        return math.nan


def names_in(tree: Tree) -> Iterator[str]:
    match tree:
        case str():
            yield tree
        case (_, *parts):
            for part in parts:
                yield from names_in(part)
        case _:
            return
