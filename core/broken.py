"""The operation that broke: the terms of the first cell that isn't finite, with their numbers.

The sum that failed is taken apart at its signs, so that the term that overflowed stands there with
its factors, and ∞ − ∞ with both sides.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias, cast

import numpy as np

from core.cells import REDUCTIONS, Formula
from core.equation import Array
from core.trace import Trace, TraceStep

MOST_TERMS = 4
_FUNCTIONS: Mapping[str, tuple[str, Any]] = {
    "log": ("ln(", np.log),
    "log1p": ("ln(1 + ", np.log1p),
    "exp": ("exp(", np.exp),
    "sqrt": ("√(", np.sqrt),
    "abs": ("abs(", np.abs),
    "sign": ("sign(", np.sign),
}
_SIGNS = {"+": " + ", "-": " − ", "*": " · ", "/": " / ", "**": " ^ "}


@dataclass(frozen=True)
class Hop:
    """One number on the way back from a cell: the largest, in size, of those that made the last."""

    tensor: str
    cell: tuple[int, ...]
    value: float


Part: TypeAlias = str | Hop
Place: TypeAlias = dict[str, int]


@dataclass(frozen=True)
class Term:
    """One term of a sum: the numbers that it reads between the signs, and its value."""

    parts: list[Part]
    value: float


@dataclass(frozen=True)
class Broken:
    """The sum of a broken cell: those terms that tell most of how it failed, and all counted.

    `infinite` has how many terms are +∞ and −∞. None are shown where a function of the formula
    isn't written out.
    """

    terms: list[Term]
    count: int
    infinite: tuple[int, int]


def broken_cell(trace: Trace, step: TraceStep, cell: tuple[int, ...]) -> Broken:
    """Write out the cell that a step failed to compute."""
    with np.errstate(all="ignore"):
        terms = list(_Reading(trace, step, cell).terms())
    values = [term.value for term in terms]
    return Broken(_telling(terms), len(terms), (values.count(np.inf), values.count(-np.inf)))


def _is_written(formula: Formula) -> bool:
    """Whether a term can be written out: a sum within a product can't."""
    if not isinstance(formula, list):
        return True
    head, *parts = formula
    if head == "apply":
        return parts[0] in _FUNCTIONS and _is_written(parts[2])
    return head not in REDUCTIONS and all(map(_is_written, parts))


def _telling(terms: Sequence[Term]) -> list[Term]:
    """The first of either infinity, then the others that aren't finite, then the largest."""
    firsts = [
        next((place for place, term in enumerate(terms) if term.value == wanted), -1)
        for wanted in (np.inf, -np.inf)
    ]

    def rank(place: int) -> tuple[bool, bool, float]:
        size = abs(terms[place].value)
        return place not in firsts, bool(np.isfinite(size)), -size if np.isfinite(size) else 0.0

    chosen = sorted(sorted(range(len(terms)), key=rank)[:MOST_TERMS])
    return [terms[place] for place in chosen]


class _Reading:
    """A step's cell formula over the numbers of its operands."""

    def __init__(self, trace: Trace, step: TraceStep, cell: tuple[int, ...]) -> None:
        rule = step.equation.rule
        self._formula, self._cell = step.equation.cell, cell
        self._ids = step.operands
        self._arrays: dict[str, Array] = {role: trace[id] for role, id in step.operands.items()}
        self._words = dict(zip(step.equation.roles, rule.operands, strict=True))
        self._lengths = rule.lengths([array.shape for array in self._arrays.values()])
        self._free = [letter for letter in self._lengths if letter not in rule.result]
        self._fixed: Place = (
            {} if rule.is_elementwise else dict(zip(rule.result, cell, strict=True))
        )

    def terms(self) -> Iterator[Term]:
        found = list(self._taken_apart(self._formula, self._fixed, 1))
        if not all(_is_written(formula) for _, formula, _ in found):
            return
        for sign, formula, place in found:
            parts, value = self._written(formula, place)
            yield Term(parts if sign > 0 else ["−", *parts], float(sign * value))

    def _taken_apart(
        self, formula: Formula, place: Place, sign: int
    ) -> Iterator[tuple[int, Formula, Place]]:
        match formula:
            case ["+" | "-" as head, first, second]:
                yield from self._taken_apart(first, place, sign)
                yield from self._taken_apart(second, place, sign if head == "+" else -sign)
            case ["neg", inner]:
                yield from self._taken_apart(inner, place, -sign)
            case ["sum", inner]:
                for setting in self._settings(place):
                    yield from self._taken_apart(inner, setting, sign)
            case ["/", ["+" | "-" | "neg" | "sum", *_] as inner, float() | ["count", _]]:
                yield from self._taken_apart(inner, place, sign)
            case _:
                yield sign, formula, place

    def _written(self, formula: Formula, place: Place) -> tuple[list[Part], Any]:
        match formula:
            case str():
                return self._operand(formula, place)
            case ["at", str(role), str(letter)]:
                free = next(each for each in self._words[role] if each in self._free)
                return self._operand(role, {**place, free: self._fixed[letter]})
            case ["count", str(letter)]:
                return [str(self._lengths[letter])], self._lengths[letter]
            case ["apply", str(name), _, argument]:
                parts, value = self._written(argument, place)
                word, function = _FUNCTIONS[name]
                return [word, *parts, ")"], function(value)
            case ["neg", inner]:
                parts, value = self._within(inner, place)
                return ["−", *parts], -value
            case [str(head), first, second]:
                (left, a), (right, b) = self._within(first, place), self._within(second, place)
                # The losses define 0 · ln 0 as 0.
                is_nothing = head == "*" and not a and "log" in str(second)
                return [*left, _SIGNS[head], *right], 0.0 if is_nothing else _combined(head, a, b)
            case _:
                number = cast(float, formula)
                return [f"{number:g}"], number

    def _within(self, formula: Formula, place: Place) -> tuple[list[Part], Any]:
        """A part of a larger formula: a product or a sum stands in brackets."""
        parts, value = self._written(formula, place)
        return (["(", *parts, ")"] if len(parts) > 1 else parts), value

    def _operand(self, role: str, place: Place) -> tuple[list[Part], Any]:
        word = self._words[role]
        cell = self._cell if word == "..." else tuple(place[letter] for letter in word)
        value = self._arrays[role][cell]
        return [Hop(self._ids[role], cell, float(value))], value

    def _settings(self, place: Place) -> Iterator[Place]:
        for indices in product(*(range(self._lengths[letter]) for letter in self._free)):
            yield {**place, **dict(zip(self._free, indices, strict=True))}


def _combined(head: str, a: Any, b: Any) -> Any:
    match head:
        case "+":
            return a + b
        case "-":
            return a - b
        case "/":
            return np.divide(a, b)
        case "**":
            return a**b
        case _:
            return a * b
