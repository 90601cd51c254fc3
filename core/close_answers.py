"""Close answers: which typed numbers may be the numbers of an array, told from floats alone.

Comparing fractions is exact but slow: so they only decide where the floats come close.
"""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from core.equation import Array
from core.typed_number import FRACTION_ERROR, ROUNDING, TINY, Typed

_HALF_UNIT = 0.51
_FORGIVEN = 10 * FRACTION_ERROR
"""More, relatively, than a float's own rounding and what `Typed` forgives a fraction."""
_LEAST = 1e-300
"""Below it floats lose digits."""
_LAST = Fraction(float(np.finfo(float).max))


class CloseAnswers:
    """Answers by flat cell; `epsilon` is that of the numbers that they are compared with."""

    def __init__(self, typed: Mapping[int, Typed], epsilon: float) -> None:
        self._cells = np.array(list(typed), np.intp)
        self._values = np.array([_float(each.value) for each in typed.values()])
        units = np.array([_float(each.unit or Fraction(0)) for each in typed.values()])
        least = np.where(self._values == 0, TINY, _LEAST)
        self._reach = np.maximum(_HALF_UNIT * units, least)
        self._share = _FORGIVEN + ROUNDING * epsilon

    def to(self, numbers: Array) -> list[int]:
        """List all cells whose answer may be right for the finite number there, and few others.

        Shapes: numbers like the tensor.
        """
        there = numbers.ravel()[self._cells].astype(float)
        with np.errstate(all="ignore"):
            near = np.abs(there - self._values) <= self._reach + self._share * np.abs(there)
        return self._cells[np.isfinite(there) & near].tolist()


def _float(number: Fraction) -> float:
    """Return the nearest float; past all of them it is the last one."""
    return float(max(-_LAST, min(number, _LAST)))
