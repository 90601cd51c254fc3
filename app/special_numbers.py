"""Numbers of an inquiry that may not be finite: a number, or "nan", "+inf" or "-inf" by name."""

import math
from typing import Any, Literal, TypeAlias, cast

import numpy as np

from core.equation import Array

SpecialNumber: TypeAlias = float | Literal["nan", "+inf", "-inf"]


def special(number: float) -> SpecialNumber:
    """Write one number."""
    if math.isfinite(number):
        return number
    return "nan" if math.isnan(number) else "+inf" if number > 0 else "-inf"


def specials(array: Array) -> Any:
    """Write an array as nested lists."""
    numbers = array.tolist()
    return numbers if np.isfinite(array).all() else _named(numbers)


def _named(value: Any) -> Any:
    if not isinstance(value, list):
        return special(value)
    return [_named(each) for each in cast(list[Any], value)]
