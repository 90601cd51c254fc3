"""Exact fractions: a trace's cells once more, from the cell formulas, in rational arithmetic.

A number of the inputs stands for the fraction that its shortest decimal text is: 0.1 for 1/10. As
long as every step is rational, so is every result; a function such as tanh ends it, except where
its value is rational all the same (tanh 0). What has no fraction is `None`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import isfinite, prod
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import ArrayLike

from core.cells import Formula
from core.equation import Array, Equation
from core.errors import BudgetError
from core.exact_functions import FUNCTIONS, ONE, ZERO, Exact
from core.program import Program
from core.trace import Trace, TraceStep

LARGEST_DENOMINATOR = 10**6
"""Of an input's decimal text."""
LARGEST_PERIOD = 1000
"""Of an input that is no short decimal but the float nearest to p/q, as 0.3333333333333333 is."""
MOST_BITS = 512
"""Of a numerator or denominator to go on computing with."""
MOST_DIGITS = 12
"""Of a numerator and denominator to be read."""
AGREEMENT = 1e-6
"""How far a fraction may be from the trace's number, relatively, or where that is below 1."""
CHECK_EVERY = 1000

Values: TypeAlias = list[Exact]
Fractions: TypeAlias = dict[str, Values]


def exact_input(number: float) -> Exact:
    """Return the fraction with a small denominator that a number was typed for, if there is one."""
    typed = Fraction(repr(float(number)))
    if typed.denominator <= LARGEST_DENOMINATOR:
        return typed
    near = Fraction(number).limit_denominator(LARGEST_PERIOD)
    return near if float(near) == number else None


def fraction_text(value: Exact) -> str | None:
    """Write "-3/8" or "2", or nothing where it has none that is short enough to be read."""
    if value is None or max(abs(value.numerator), value.denominator) >= 10**MOST_DIGITS:
        return None
    return str(value)


def exact_operations(program: Program, iterations: int) -> int:
    """Count the terms of all cells' sums, without computing one."""
    terms = 0
    for step in program.steps:
        shapes = [program.slots[index].shape for index in step.operands]
        lengths = step.equation.rule.lengths(shapes)
        each = prod(lengths[letter] for letter in _free(step.equation))
        terms += program.slots[step.result].size * each
    return terms * iterations


def exact_fractions(
    trace: Trace,
    inputs: Mapping[str, object],
    is_over: Callable[[], bool] = lambda: False,
    until: str | None = None,
) -> Fractions:
    """Return every tensor of a trace as fractions, flat; `inputs` as they were typed, by slot name.

    It ends once it has the tensor `until`. A cell keeps its fraction where the trace has the same
    number: rounding can put a unit on the other side of its kink.

    Raises: BudgetError once `is_over` says so; it is asked now and then.
    """
    made = {step.result for step in trace.steps}
    found: Fractions = {
        id: _given(inputs.get(tensor.slot.name, tensor.data))
        for id, tensor in trace.tensors.items()
        if id not in made
    }
    counted = 0
    for step in trace.steps:
        reading, result = _Reading(trace, step, found), trace[step.result]
        values: Values = []
        for cell in np.ndindex(*result.shape):
            values.append(_agreeing(_bounded(reading.value(cell)), float(result[cell])))
            counted += reading.terms
            if counted > CHECK_EVERY:
                counted = 0
                _check(is_over)
        found[step.result] = values
        if step.result == until:
            break
    return found


def _check(is_over: Callable[[], bool]) -> None:
    if is_over():
        raise BudgetError("The fractions took too long: try a smaller network or fewer iterations.")


def _given(array: object) -> Values:
    numbers: Array = np.asarray(cast(ArrayLike, array), dtype=float)
    return [exact_input(number) for number in numbers.ravel().tolist()]


def _bounded(value: Exact) -> Exact:
    if value is None:
        return None
    bits = max(value.numerator.bit_length(), value.denominator.bit_length())
    return value if bits <= MOST_BITS else None


def _agreeing(value: Exact, traced: float) -> Exact:
    if value is None or not isfinite(traced):
        return None
    room = Fraction(AGREEMENT) * max(ONE, abs(Fraction(traced)))
    return value if abs(value - Fraction(traced)) <= room else None


def _free(equation: Equation) -> list[str]:
    """The letters that a sum runs over."""
    words = "".join(word for word in equation.rule.operands if word != "...")
    return [letter for letter in dict.fromkeys(words) if letter not in equation.rule.result]


Place: TypeAlias = dict[str, int]


class _Reading:
    """One step's cell formula over the fractions of its operands."""

    def __init__(self, trace: Trace, step: TraceStep, found: Fractions) -> None:
        self._equation = step.equation
        self._shapes = {role: trace[id].shape for role, id in step.operands.items()}
        self._values = {role: found[id] for role, id in step.operands.items()}
        self._words = dict(zip(step.equation.roles, step.equation.rule.operands, strict=True))
        self._lengths = step.equation.rule.lengths(list(self._shapes.values()))
        self._free = _free(step.equation)
        self.terms = prod(self._lengths[letter] for letter in self._free)

    def value(self, cell: tuple[int, ...]) -> Exact:
        """The formula's value at one cell of the result."""
        rule = self._equation.rule
        self._cell = cell
        self._fixed = {} if rule.is_elementwise else dict(zip(rule.result, cell, strict=True))
        return self._read(self._equation.cell, self._fixed)

    def _read(self, formula: Formula, place: Place) -> Exact:
        if isinstance(formula, str):
            return self._operand(formula, place)
        if not isinstance(formula, list):
            return Fraction(formula)
        head, *parts = formula
        match cast(str, head):
            case "sum" | "max" | "logsumexp" as name:
                terms = [self._read(parts[0], each) for each in self._settings(place)]
                return _REDUCTIONS[name](terms)
            case "at":
                return self._operand(cast(str, parts[0]), self._rebound(parts, place))
            case "count":
                return Fraction(self._lengths[cast(str, parts[0])])
            case "apply":
                return _applied(cast(str, parts[0]), self._read(parts[2], place))
            case operator:
                return _combined(operator, [self._read(part, place) for part in parts])

    def _operand(self, role: str, place: Place) -> Exact:
        word, shape = self._words[role], self._shapes[role]
        index = self._cell if word == "..." else tuple(place[letter] for letter in word)
        flat = 0
        for each, length in zip(index, shape, strict=True):
            flat = flat * length + each
        return self._values[role][flat]

    def _rebound(self, parts: Sequence[Formula], place: Place) -> Place:
        """Z[o]: the role's free letter takes the result's index."""
        role, letter = cast(tuple[str, str], parts)
        free = next(each for each in self._words[role] if each in self._free)
        return {**place, free: self._fixed[letter]}

    def _settings(self, place: Place) -> Iterator[Place]:
        for indices in product(*(range(self._lengths[letter]) for letter in self._free)):
            yield {**place, **dict(zip(self._free, indices, strict=True))}


def _applied(name: str, argument: Exact) -> Exact:
    # Identity's slope is 1 whatever its argument.
    if argument is None:
        return ONE if name == "identity_slope" else None
    return FUNCTIONS[name](argument)


def _sum(terms: Sequence[Exact]) -> Exact:
    total = ZERO
    for term in terms:
        if term is None:
            return None
        total += term
    return total


def _largest(terms: Sequence[Exact]) -> Exact:
    known = [term for term in terms if term is not None]
    return max(known) if len(known) == len(terms) else None


def _logsumexp(terms: Sequence[Exact]) -> Exact:
    return terms[0] if len(terms) == 1 else None


_REDUCTIONS: Mapping[str, Callable[[Sequence[Exact]], Exact]] = {
    "sum": _sum,
    "max": _largest,
    "logsumexp": _logsumexp,
}


def _combined(operator: str, parts: Sequence[Exact]) -> Exact:
    # 0 times any number is 0, and the losses define 0/0 as 0.
    factors = {"*": parts, "/": parts[:1]}.get(operator, ())
    if ZERO in factors:
        return ZERO
    known = [part for part in parts if part is not None]
    return _computed(operator, known) if len(known) == len(parts) else None


def _computed(operator: str, parts: Sequence[Fraction]) -> Exact:
    match operator, parts:
        case "neg", [z]:
            return -z
        case "+", [a, b]:
            return a + b
        case "-", [a, b]:
            return a - b
        case "*", [a, b]:
            return a * b
        case "/", [a, b]:
            return a / b if b else None
        case "**", [a, b]:
            return _power(a, b)
        case _:
            raise AssertionError(operator)


def _power(base: Fraction, exponent: Fraction) -> Exact:
    if exponent.denominator != 1 or (base == 0 and exponent < 0):
        return None
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    return base ** int(exponent) if bits * abs(exponent) <= MOST_BITS else None
