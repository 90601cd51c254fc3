"""A second reading of the cell formulas, apart from the equations' NumPy calls."""

import math
from collections.abc import Callable, Iterator
from itertools import product

import numpy as np

from core.cells import Formula
from core.equation import Array, Equation

Cell = tuple[int, ...]


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def _phi(z: float) -> float:
    return math.erfc(-z / math.sqrt(2)) / 2


def _gelu_tanh(z: float) -> float:
    return z / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))


def _by_difference(function: Callable[[float], float]) -> Callable[[float], float]:
    return lambda z: (function(z + 1e-6) - function(z - 1e-6)) / 2e-6


FUNCTIONS: dict[str, Callable[[float], float]] = {
    "exp": math.exp,
    "log": math.log,
    "log1p": math.log1p,
    "abs": abs,
    "sigmoid": _sigmoid,
    "tanh": math.tanh,
    "cospi": lambda z: math.cos(math.pi * z),
    "floor": math.floor,
    "later": lambda t: float(t > 1),
    "side": lambda z: 1.0 if z > 0 else -1.0,
    "sign": lambda z: float(np.sign(z)),
    "sqrt": math.sqrt,
    "relu": lambda z: max(z, 0.0),
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "elu": lambda z: z if z > 0 else math.expm1(z),
    "gelu": lambda z: z * _phi(z),
    "gelu_tanh": _gelu_tanh,
    "softplus": lambda z: math.log1p(math.exp(z)),
    "silu": lambda z: z * _sigmoid(z),
}
FUNCTIONS |= {f"{name}_slope": _by_difference(function) for name, function in FUNCTIONS.items()}
FUNCTIONS["identity_slope"] = lambda _: 1.0


class Reading:
    """One equation's formula over given operands."""

    def __init__(self, equation: Equation, operands: tuple[Array, ...]) -> None:
        self.equation = equation
        self.operands = dict(zip(equation.roles, operands, strict=True))
        self.words = dict(zip(equation.roles, equation.rule.operands, strict=True))
        self.lengths = equation.rule.lengths([operand.shape for operand in operands])

    def value(self, cell: Cell) -> float:
        """The formula's value at one cell of the result."""
        rule = self.equation.rule
        place = {} if rule.is_elementwise else dict(zip(rule.result, cell, strict=True))
        return self._value(self.equation.cell, place, cell)

    def _value(self, formula: Formula, place: dict[str, int], cell: Cell) -> float:
        if isinstance(formula, float):
            return formula
        if isinstance(formula, str):
            return self._operand(formula, place, cell)
        head, *rest = formula
        match head:
            case "sum" | "max" | "logsumexp":
                terms = [self._value(rest[0], each, cell) for each in self._settings(place)]
                reduce = {"sum": math.fsum, "max": max, "logsumexp": _logsumexp}
                return reduce[head](terms)
            case "at":
                role, letter = rest
                free = next(
                    each for each in self.words[role] if each not in self.equation.rule.result
                )
                return self._operand(role, {**place, free: place[letter]}, cell)
            case "count":
                return float(self.lengths[rest[0]])
            case "apply":
                return FUNCTIONS[rest[0]](self._value(rest[2], place, cell))
            case "neg":
                return -self._value(rest[0], place, cell)
            case _:
                left, right = (self._value(each, place, cell) for each in rest)
                return _arithmetic(head, left, right)

    def _operand(self, role: str, place: dict[str, int], cell: Cell) -> float:
        word = self.words[role]
        index = cell if word == "..." else tuple(place[letter] for letter in word)
        return float(self.operands[role][index])

    def _settings(self, place: dict[str, int]) -> Iterator[dict[str, int]]:
        free = [letter for letter in self.lengths if letter not in self.equation.rule.result]
        for indices in product(*(range(self.lengths[letter]) for letter in free)):
            yield {**place, **dict(zip(free, indices, strict=True))}


def _logsumexp(terms: list[float]) -> float:
    return float(np.log(np.sum(np.exp(terms))))


def _arithmetic(operator: str, left: float, right: float) -> float:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left / right
        case "**":
            return left**right
    raise AssertionError(operator)
