"""How a typed formula is set: as it was typed, not rearranged."""

from fractions import Fraction

from core.formula import Tree

_SYMBOLS = {"x1": "x_1", "x2": "x_2", "x": "x", "pi": r"\pi", "e": "e"}
_FUNCTIONS = {
    "atan": r"\arctan",
    "log": r"\ln",
    "sigmoid": r"\sigma",
    **{name: rf"\{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
}
_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(1, 6)
_BINDING = {
    "+": _SUM,
    "-": _SUM,
    "*": _PRODUCT,
    "/": _ATOM,
    "neg": _SIGN,
    "**": _POWER,
    "exp": _POWER,
}


def formula_latex(tree: Tree) -> str:
    """Return the LaTeX of a formula."""
    match tree:
        case Fraction():
            return _number(tree)
        case str():
            return _SYMBOLS[tree]
        case ("+", a, b):
            return f"{formula_latex(a)} + {_within(b, _SUM)}"
        case ("-", a, b):
            return f"{formula_latex(a)} - {_within(b, _PRODUCT)}"
        case ("*", a, b):
            return _product(_first(a), _within(b, _PRODUCT))
        case ("/", a, b):
            return rf"\frac{{{formula_latex(a)}}}{{{formula_latex(b)}}}"
        case ("neg", a):
            return f"-{_within(a, _PRODUCT)}"
        case ("**", a, b):
            return f"{_base(a)}^{{{formula_latex(b)}}}"
        case ("sqrt", a):
            return rf"\sqrt{{{formula_latex(a)}}}"
        case ("exp", a):
            return f"e^{{{formula_latex(a)}}}"
        case ("abs", a):
            return rf"\left|{formula_latex(a)}\right|"
        case (str(name), a):
            return rf"{_FUNCTIONS[name]}\left({formula_latex(a)}\right)"
        case _:
            raise TypeError(tree)


def _binding(tree: Tree) -> int:
    if isinstance(tree, Fraction):
        return _ATOM if tree >= 0 else _SIGN
    return _ATOM if isinstance(tree, str) else _BINDING.get(str(tree[0]), _ATOM)


def _within(tree: Tree, least: int) -> str:
    """Return a part's LaTeX, in parentheses where it binds less, or begins with a sign."""
    text = formula_latex(tree)
    return rf"\left({text}\right)" if _binding(tree) < least or text.startswith("-") else text


def _first(tree: Tree) -> str:
    """Return the first factor's LaTeX; a sign may stand before it."""
    text = formula_latex(tree)
    return rf"\left({text}\right)" if _binding(tree) < _PRODUCT else text


def _base(tree: Tree) -> str:
    text = formula_latex(tree)
    is_tall = isinstance(tree, tuple) and tree[0] in ("/", "**", "exp")
    return rf"\left({text}\right)" if is_tall or _binding(tree) < _ATOM else text


def _product(left: str, right: str) -> str:
    # Two numbers side by side would read as one.
    between = r" \cdot " if right[0].isdigit() or right.startswith(r"\frac") else r"\, "
    return left + between + right


def _number(number: Fraction) -> str:
    """Return a number as a decimal: what was typed is one."""
    if number.denominator == 1:
        return str(number.numerator)
    digits = 0
    while (number * 10**digits).denominator != 1:
        digits += 1
    whole, part = divmod(abs(number.numerator) * 10**digits // number.denominator, 10**digits)
    return f"{'-' if number < 0 else ''}{whole}.{part:0{digits}}"
