"""Derivatives of typed formulas, by SymPy: the one module that needs it.

Trees go in and trees come out, so that what computes with them knows nothing of SymPy. No number is
rounded: those of a tree are fractions, and stay so.
"""

from fractions import Fraction
from importlib import import_module
from typing import Any, TypeVar, cast

from core.errors import SpecificationError
from core.formula import Derived, Tree, variables_in

T = TypeVar("T")
sympy: Any = import_module("sympy")
"""It comes without types."""
LONGEST_LATEX = 2000
"""Characters of LaTeX beyond which nobody reads it, and setting it would take seconds."""
LARGEST = 10**300
"""Of a number; floats end at 1.8e308."""


class Sigmoid(sympy.Function):
    """σ(z), with σ′(z) = σ(z)σ(−z): exact in both tails."""

    def fdiff(self, _: int = 1) -> Any:
        z = cast(Any, self).args[0]
        return cast(Any, Sigmoid)(z) * cast(Any, Sigmoid)(-z)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\sigma{power}\left({printer.doprint(cast(Any, self).args[0])}\right)"


class Size(sympy.Function):
    """|z| of a real number, with slope 0 at its kink."""

    def fdiff(self, _: int = 1) -> Any:
        return Side(cast(Any, self).args[0])

    def _latex(self, printer: Any, exp: Any = None) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\left|{printer.doprint(cast(Any, self).args[0])}\right|{power}"


class Side(sympy.Function):
    """The sign of a real number; flat on both sides."""

    def fdiff(self, _: int = 1) -> Any:
        return sympy.Integer(0)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        return (
            rf"\operatorname{{sign}}{power}\left({printer.doprint(cast(Any, self).args[0])}\right)"
        )


_FUNCTIONS: dict[str, Any] = {
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tan": sympy.tan,
    "atan": sympy.atan,
    "sinh": sympy.sinh,
    "cosh": sympy.cosh,
    "tanh": sympy.tanh,
    "exp": sympy.exp,
    "log": sympy.log,
    "sqrt": sympy.sqrt,
    "abs": Size,
    "sigmoid": Sigmoid,
    "sign": Side,
}
_NAMES = {function: name for name, function in _FUNCTIONS.items() if name != "sqrt"} | {
    sympy.Abs: "abs",
    sympy.sign: "sign",
}
_CONSTANTS = {"pi": sympy.pi, "e": sympy.E}


def derivatives_of(tree: Tree) -> Derived:
    """Return the derivatives of a formula by its variables."""
    symbols = [_symbol(name) for name in variables_in(tree)]
    value = _expression(tree)
    gradient = [sympy.diff(value, symbol) for symbol in symbols]
    bends = {
        (i, j): sympy.diff(slope, symbols[j])
        for i, slope in enumerate(gradient)
        for j in range(i + 1)
    }
    return Derived(
        tuple(_tree(slope) for slope in gradient),
        _symmetric({place: _tree(bend) for place, bend in bends.items()}, len(symbols)),
        tuple(_latex(slope) for slope in gradient),
        _symmetric({place: _latex(bend) for place, bend in bends.items()}, len(symbols)),
    )


def _symmetric(lower: dict[tuple[int, int], T], n: int) -> tuple[tuple[T, ...], ...]:
    """Mirror the half below the diagonal, so that both halves are the same numbers."""
    return tuple(tuple(lower[max(i, j), min(i, j)] for j in range(n)) for i in range(n))


def _symbol(name: str) -> Any:
    return sympy.Symbol(name, real=True)


def _latex(expression: Any) -> str | None:
    names = {_symbol("x1"): "x_1", _symbol("x2"): "x_2", _symbol("x"): "x"}
    text = str(sympy.latex(expression, symbol_names=names, ln_notation=True))
    return text if len(text) <= LONGEST_LATEX else None


def _expression(tree: Tree) -> Any:
    match tree:
        case Fraction():
            return sympy.Rational(tree.numerator, tree.denominator)
        case str():
            return _CONSTANTS.get(tree) or _symbol(tree)
        case (str(operation), *parts):
            return _applied(operation, [_expression(part) for part in parts])
        case _:
            raise TypeError(tree)


def _applied(operation: str, parts: list[Any]) -> Any:
    match operation, parts:
        case "+", [a, b]:
            return a + b
        case "-", [a, b]:
            return a - b
        case "*", [a, b]:
            return a * b
        case "/", [a, b]:
            return a / b
        case "**", [a, b]:
            return a**b
        case "neg", [a]:
            return -a
        case _:
            return _FUNCTIONS[operation](*parts)


def _tree(expression: Any) -> Tree:
    if expression.is_Rational:
        return _fraction(int(expression.p), int(expression.q))
    if expression.is_Symbol:
        return str(expression)
    if expression.is_Add:
        return _sum(expression)
    if expression.is_Mul:
        return _product(expression)
    if expression.is_Pow:
        return _power(*expression.args)
    return _other(expression)


def _fraction(top: int, bottom: int) -> Fraction:
    if abs(top) > LARGEST * bottom:
        raise SpecificationError(
            "The numbers in this formula's derivatives are larger than can be computed with.",
            where=["surface", "expression"],
            expected="smaller numbers, or smaller powers of them",
            given=f"an integer of {top.bit_length()} bits",
        )
    return Fraction(top, bottom)


def _other(expression: Any) -> Tree:
    for name, constant in _CONSTANTS.items():
        if expression == constant:
            return name
    if expression.func == sympy.DiracDelta:
        return Fraction(0)  # A kink has a slope on either side and no curvature.
    if expression.func in _NAMES:
        return (_NAMES[expression.func], *(_tree(part) for part in expression.args))
    # Infinity or "not a number": the formula has a derivative nowhere.
    return ("log", Fraction(-1))


def _sum(expression: Any) -> Tree:
    first, *others = expression.as_ordered_terms()
    total = _tree(first)
    for term in others:
        is_negative = term.could_extract_minus_sign()
        total = ("-", total, _tree(-term)) if is_negative else ("+", total, _tree(term))
    return total


def _product(expression: Any) -> Tree:
    coefficient, rest = expression.as_coeff_Mul()
    if coefficient == -1:
        return ("neg", _tree(rest))
    # Not as_numer_denom(): it would multiply out the denominators within every power.
    factors = expression.as_ordered_factors()
    below = [1 / factor for factor in factors if _is_below(factor)]
    above = [factor for factor in factors if not _is_below(factor)]
    top = _multiplied(above)
    return ("/", top, _multiplied(below)) if below else top


def _is_below(factor: Any) -> bool:
    return factor.is_Pow and factor.exp.is_Rational and factor.exp < 0


def _multiplied(factors: list[Any]) -> Tree:
    trees = [_tree(factor) for factor in factors] or [Fraction(1)]
    product = trees[0]
    for tree in trees[1:]:
        product = ("*", product, tree)
    return product


def _power(base: Any, exponent: Any) -> Tree:
    if exponent == sympy.Rational(1, 2):
        return ("sqrt", _tree(base))
    if exponent.is_Rational and exponent < 0:
        return ("/", Fraction(1), _power(base, -exponent) if exponent != -1 else _tree(base))
    return ("**", _tree(base), _tree(exponent))
