"""Cell formulas: how one cell of a result is made, written so that a reader can follow the numbers.

A formula is a small Python expression over the roles of an equation's operands, read in the light
of its index rule: letters of the result are fixed, and `sum`, `max` and `logsumexp` run over all
other letters. `Z[o]` takes Z with its free letter set to the result's o, and `count(s)` is the
length of axis s. The formula is data: it is what the browser writes out with the real numbers and
what the tests hold against the NumPy calls.
"""

import ast
from typing import TypeAlias

from core.errors import EquationError

Formula: TypeAlias = "str | float | list[Formula]"

_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}
REDUCTIONS = ("sum", "max", "logsumexp")
_LATEX = {
    "exp": r"\exp",
    "sqrt": r"\surd",
    "log": r"\ln",
    "tanh": r"\tanh",
    "sigmoid": r"\sigma",
    "cospi": r"\cos\pi",
}


def parse_cell(text: str) -> Formula:
    """Turn "sum(A * W) + b" into ["+", ["sum", ["*", "A", "W"]], "b"].

    Raises: EquationError for anything outside the small language.
    """
    return _convert(ast.parse(text, mode="eval").body)


def _convert(node: ast.expr) -> Formula:
    match node:
        case ast.BinOp(left, operator, right) if type(operator) in _OPERATORS:
            return [_OPERATORS[type(operator)], _convert(left), _convert(right)]
        case ast.UnaryOp(ast.USub(), operand):
            return ["neg", _convert(operand)]
        case ast.Subscript(ast.Name(role), ast.Name(letter)):
            return ["at", role, letter]
        case ast.Call(ast.Name("count"), [ast.Name(letter)]):
            return ["count", letter]
        case ast.Call(ast.Name(name), [argument]) if name in REDUCTIONS:
            return [name, _convert(argument)]
        case ast.Call(ast.Name(name), [argument]):
            return ["apply", name, function_latex(name), _convert(argument)]
        case ast.Name(role):
            return role
        case ast.Constant(float() | int() as number):
            return float(number)
        case _:
            raise EquationError(f"“{ast.unparse(node)}” has no place in a cell formula.")


def function_latex(name: str) -> str:
    """Return how a function's name is set: "tanh_slope" is the derivative of "tanh"."""
    if name.endswith("_slope"):
        return function_latex(name.removesuffix("_slope")) + "'"
    return _LATEX.get(name, rf"\operatorname{{{name.replace('_', ' ')}}}")
