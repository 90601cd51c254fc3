"""The functions of the cell formulas, as far as they are rational: a fraction in, perhaps one out.

`None` is a number that is no known fraction. tanh(0) is 0 and σ(0) is ½, but tanh(1) has none.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import floor, isqrt
from typing import TypeAlias

from core.rectifiers import LEAKY_SLOPE

Exact: TypeAlias = Fraction | None
Function: TypeAlias = Callable[[Fraction], Exact]

ZERO, HALF, ONE = Fraction(0), Fraction(1, 2), Fraction(1)
_LEAK = Fraction(str(LEAKY_SLOPE))
# By Niven's theorem these are all the angles in sixths of π whose cosine is rational, and no
# other rational multiple of π has a rational cosine.
_COSINES = {0: ONE, 2: HALF, 3: ZERO, 4: -HALF, 6: -ONE, 8: -HALF, 9: ZERO, 10: HALF}


def _only(point: int, value: Fraction) -> Function:
    """A function that is rational at one rational point alone."""
    return lambda z: value if z == point else None


def _square_root(z: Fraction) -> Exact:
    top, bottom = isqrt(max(z.numerator, 0)), isqrt(z.denominator)
    root = Fraction(top, bottom)
    return root if root * root == z else None


def _cosine_of_pi_times(z: Fraction) -> Exact:
    sixths = 6 * (z % 2)
    return _COSINES.get(int(sixths)) if sixths.denominator == 1 else None


def _sign(z: Fraction) -> Fraction:
    return Fraction((z > 0) - (z < 0))


FUNCTIONS: Mapping[str, Function] = {
    "abs": abs,
    "cospi": _cosine_of_pi_times,
    "elu": lambda z: z if z >= 0 else None,
    "elu_slope": lambda z: ONE if z >= 0 else None,
    "exp": _only(0, ONE),
    "floor": lambda z: Fraction(floor(z)),
    "gelu": _only(0, ZERO),
    "gelu_slope": _only(0, HALF),
    "gelu_tanh": _only(0, ZERO),
    "gelu_tanh_slope": _only(0, HALF),
    "identity_slope": lambda _: ONE,
    "later": lambda t: ONE if t > 1 else ZERO,
    "leaky_relu": lambda z: z if z > 0 else _LEAK * z,
    "leaky_relu_slope": lambda z: ONE if z > 0 else _LEAK,
    "log": _only(1, ZERO),
    "log1p": _only(0, ZERO),
    "relu": lambda z: max(z, ZERO),
    "relu_slope": lambda z: ONE if z > 0 else ZERO,
    "side": lambda z: ONE if z > 0 else -ONE,
    "sigmoid": _only(0, HALF),
    "sigmoid_slope": _only(0, Fraction(1, 4)),
    "sign": _sign,
    "silu": _only(0, ZERO),
    "silu_slope": _only(0, HALF),
    "softplus": lambda _: None,
    "softplus_slope": _only(0, HALF),
    "sqrt": _square_root,
    "tanh": _only(0, ZERO),
    "tanh_slope": _only(0, ONE),
}
