"""Reading typed formulas: into a tree, never run as text.

The size of a formula and of every constant in it is bounded here, before anything computes with it.
"""

import ast
import re
from difflib import get_close_matches
from fractions import Fraction
from typing import cast

from core.formula import (
    CONSTANTS,
    FUNCTIONS,
    LINE,
    PLANE,
    FormulaError,
    Tree,
    largest_power,
    names_in,
    value_of_constant,
)

MOST_CHARACTERS = 300
MOST_PARTS = 80
LARGEST_EXPONENT = 20
LARGEST_POWER = 400
"""Of exponents within one another: ((7*x)**20)**20 multiplies its 7 so many times."""
LARGEST_NUMBER = 1e15
LARGEST_CONSTANT = 1e100
_ALIASES = {"ln": "log", "arctan": "atan"}
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}
_SPELLINGS = {
    "₁": "1",
    "₂": "2",
    "²": "**2",
    "³": "**3",
    "^": "**",
    "·": "*",
    "⋅": "*",
    "×": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
    "π": "pi",
}
_SUPERSCRIPTS = "²³"
_SILENT = "#\\"
"""Python leaves out what follows the one, and joins lines by the other."""
_IMPLICIT = re.compile(r"(?<![\w.])(?>\d+\.?\d*|\.\d+)(?>(?:[eE][+-]?\d+)?)(?=[A-Za-z(])")


def read_formula(text: str) -> Tree:
    """Return the tree of a formula.

    Raises: FormulaError, with the character at which it can't be read.
    """
    return _Reader(text).tree()


class _Reader:
    """Reads one text; keeps where each character of what Python parses came from."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._count = 0
        self._check_length()
        self._plain, self._places = self._spelled()

    def tree(self) -> Tree:
        if found := _IMPLICIT.search(self._plain):
            number, rest = found[0], self._plain[found.end() :][:8]
            raise self._error(f"Write a product with *, as in {number}*{rest}", found.end())
        tree = self._convert(self._parsed())
        self._check_variables(tree)
        return tree

    def _check_length(self) -> None:
        if not self._text.strip():
            raise FormulaError(
                "Type a formula, such as x1**2 + x2**2", self._text, 0, "a formula in x1 and x2"
            )
        if len(self._text) > MOST_CHARACTERS:
            raise FormulaError(
                f"A formula has at most {MOST_CHARACTERS} characters, not {len(self._text)}",
                self._text,
                MOST_CHARACTERS,
                f"at most {MOST_CHARACTERS} characters",
            )

    def _spelled(self) -> tuple[str, list[int]]:
        """Return the text in Python's spelling, with the place that each character had."""
        plain, places = list[str](), list[int]()
        for place, character in enumerate(self._text):
            spelled = " " if character.isspace() else _SPELLINGS.get(character, character)
            if not (spelled.isascii() and spelled.isprintable()) or character in _SILENT:
                raise FormulaError(
                    f"“{character if character.isprintable() else '?'}” has no place in a formula",
                    self._text,
                    place,
                    "letters, digits and + - * / ** ( )",
                )
            if character in _SUPERSCRIPTS and self._text[place - 1 : place] in tuple(_SUPERSCRIPTS):
                raise FormulaError(
                    "Write this exponent with **, as in x1**22", self._text, place, "one exponent"
                )
            plain.append(spelled)
            places += [place] * len(spelled)
        blanks = len(self._text) - len(self._text.lstrip())
        return "".join(plain)[blanks:], places[blanks:]

    def _error(self, message: str, column: int, expected: object = "a formula") -> FormulaError:
        last = len(self._text) - 1
        place = self._places[column] if column < len(self._places) else last
        return FormulaError(message, self._text, place, expected)

    def _parsed(self) -> ast.expr:
        try:
            return ast.parse(self._plain, mode="eval").body
        except SyntaxError as error:
            raise self._error(_sentence(error), max(0, (error.offset or 1) - 1)) from None
        except (ValueError, RecursionError, MemoryError):
            raise self._error("This is nested too deeply to be read", 0) from None

    def _convert(self, node: ast.expr) -> Tree:
        self._count += 1
        if self._count > MOST_PARTS:
            raise self._error(f"A formula has at most {MOST_PARTS} parts", node.col_offset)
        tree = self._node(node)
        self._check_constant(tree, node)
        return tree

    def _node(self, node: ast.expr) -> Tree:
        match node:
            case ast.BinOp(left, operator, right) if type(operator) in _OPERATORS:
                pair = self._convert(left), self._convert(right)
                self._check_exponent(operator, pair[1], right)
                made = (_OPERATORS[type(operator)], *pair)
                self._check_power(made, node)
                return made
            case ast.UnaryOp(ast.USub(), operand):
                return ("neg", self._convert(operand))
            case ast.UnaryOp(ast.UAdd(), operand):
                return self._convert(operand)
            case ast.Call(ast.Name(), [argument], []):
                return (self._function(cast(ast.Name, node.func)), self._convert(argument))
            case ast.Name(name):
                return self._name(name, node)
            case ast.Constant(int() | float() as number) if not isinstance(number, bool):
                return self._number(node)
            case _:
                raise self._error(_no_place(node), _start(node))

    def _function(self, node: ast.Name) -> str:
        name = _ALIASES.get(node.id, node.id)
        if name in FUNCTIONS:
            return name
        if name in (*PLANE, *LINE, *CONSTANTS):
            raise self._error(
                f"{name} isn't a function: write a product with *, as in {name}*(…)",
                node.col_offset,
            )
        raise self._unknown("function", node.id, list(FUNCTIONS), node)

    def _name(self, name: str, node: ast.expr) -> str:
        if name in (*PLANE, *LINE, *CONSTANTS):
            return name
        if _ALIASES.get(name, name) in FUNCTIONS:
            raise self._error(f"{name} needs its argument, as in {name}(x1)", node.col_offset)
        legal = [*PLANE, *LINE, *CONSTANTS]
        raise self._unknown("variable or constant", name, legal, node)

    def _unknown(self, kind: str, name: str, legal: list[str], node: ast.expr) -> FormulaError:
        near = get_close_matches(name, legal, n=1, cutoff=0.5)
        hint = f". Did you mean {near[0]}?" if near else f". There are {', '.join(legal)}."
        return self._error(f"There is no {kind} called “{name[:40]}”{hint}", node.col_offset, legal)

    def _number(self, node: ast.expr) -> Fraction:
        text = self._plain[node.col_offset : node.end_col_offset].replace("_", "")
        is_zero = not re.search("[1-9]", text.lower().partition("e")[0])
        # As a float first: 1e999999999 as a fraction would have a thousand million digits.
        if not (is_zero or 1 / LARGEST_NUMBER <= float(text) <= LARGEST_NUMBER):
            raise self._error(
                f"A number may be from {1 / LARGEST_NUMBER:.0e} to {LARGEST_NUMBER:.0e}",
                node.col_offset,
            )
        return Fraction(0) if is_zero else Fraction(text)

    def _check_exponent(self, operator: ast.operator, exponent: Tree, node: ast.expr) -> None:
        value = value_of_constant(exponent) if isinstance(operator, ast.Pow) else None
        if value is not None and not abs(value) <= LARGEST_EXPONENT:
            raise self._error(
                f"An exponent may be at most {LARGEST_EXPONENT} either way",
                node.col_offset,
                f"from -{LARGEST_EXPONENT} to {LARGEST_EXPONENT}",
            )

    def _check_power(self, tree: Tree, node: ast.expr) -> None:
        if largest_power(tree) > LARGEST_POWER:
            raise self._error(
                f"Powers of powers may multiply to {LARGEST_POWER} at most",
                node.col_offset,
                f"at most {LARGEST_POWER}",
            )

    def _check_constant(self, tree: Tree, node: ast.expr) -> None:
        value = value_of_constant(tree)
        if value is None or abs(value) <= LARGEST_CONSTANT:
            return
        part = self._plain[node.col_offset : node.end_col_offset]
        size = "is larger than can be computed with" if abs(value) > 1 else "isn't a real number"
        raise self._error(f"{part[:40]} {size}", node.col_offset, "a number")

    def _check_variables(self, tree: Tree) -> None:
        names = set(names_in(tree))
        if not names.intersection((*PLANE, *LINE)):
            raise self._error(
                "This is the same everywhere: use x1 and x2, or x alone", 0, "a variable"
            )
        if "x" in names and names.intersection(PLANE):
            raise self._error(
                "Use x1 and x2 for two variables, or x alone for one, not both",
                re.search(r"\bx\b", self._plain).start(),  # pyright: ignore[reportOptionalMemberAccess]
                "x1 and x2, or x",
            )


def _start(node: ast.expr) -> int:
    """Return the column where the part begins that has no place: after what is called."""
    if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Name):
        return node.args[-1].col_offset
    return node.col_offset


def _no_place(node: ast.expr) -> str:
    match node:
        case ast.Call(ast.Name(name), []):
            return f"{name[:40]} needs its argument"
        case ast.Call(ast.Name(name)):
            return f"{name[:40]} takes one argument"
        case ast.Call(ast.Call() | ast.BinOp() | ast.Constant()):
            return "Write a product with *"
        case ast.Compare() | ast.BoolOp() | ast.IfExp():
            return "A formula has no comparisons and no conditions"
        case ast.Constant():
            return f"{str(node.value)[:20]!r} isn't a number"
        case ast.BinOp():
            return "Of operators there are only + - * / and **"
        case ast.Tuple([]):
            return "These parentheses are empty"
        case ast.Tuple():
            return "A comma has no place here: decimals have a point, as in 0.5"
        case _:
            return "This has no place in a formula"


def _sentence(error: SyntaxError) -> str:
    if "never closed" in error.msg:
        return "This parenthesis is never closed"
    if "unmatched" in error.msg or "does not match" in error.msg:
        return "This closing parenthesis has no partner"
    return "This can't be read as a formula"
