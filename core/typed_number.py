"""Typed numbers: the text of an answer, with how exactly it was meant."""

import re
from dataclasses import dataclass
from fractions import Fraction

from core.errors import SpecificationError

LONGEST = 40
"""Characters of an answer."""
FEWEST_DIGITS = 2
LARGEST_EXPONENT = 400
"""Past every float64; Fraction would otherwise take minutes for 1e999999999."""
TINY = 1e-12
"""Too near to 0 to be told from what rounding leaves of it: such a number is right as 0."""
ROUNDING = 8
"""Rounding errors of the arithmetic itself that are forgiven, in units of its last place."""
FRACTION_ERROR = 1e-9
"""How far, relatively, a fraction may be from the float that stands for it."""

_DECIMAL = re.compile(r"([+-]?)(\d+\.?\d*|\.\d+)(?:e([+-]?\d{1,4}))?", re.IGNORECASE | re.ASCII)
_FRACTION = re.compile(r"[+-]?\d+/[1-9]\d*", re.ASCII)


@dataclass(frozen=True)
class Typed:
    """A number as it was typed: a decimal stands for all that round to it, a fraction for itself.

    `unit` is one in the last digit typed; `digits` are the significant ones.
    """

    value: Fraction
    unit: Fraction | None
    digits: int

    def is_rounded(self, number: float, epsilon: float, size: float = 0.0) -> bool:
        """Whether it is this number, rounded to the digits typed.

        `size` is that of the terms that were added up to it: what rounding leaves of them is
        larger than the number's own last place where they cancel.
        """
        slack = _slack(number, epsilon, size)
        if self.value == 0:
            return abs(Fraction(number)) < max(slack, Fraction(TINY))
        if self.unit is None:
            slack = max(slack, abs(Fraction(number)) * Fraction(FRACTION_ERROR))
            return abs(Fraction(number) - self.value) <= slack
        return abs(Fraction(number) - self.value) <= self.unit / 2 + slack

    def is_right(self, number: float, epsilon: float, size: float = 0.0) -> bool:
        """Whether it is this number, with enough digits to say so."""
        return self.is_exact(number, epsilon, size) or (
            self.digits >= FEWEST_DIGITS and self.is_rounded(number, epsilon, size)
        )

    def is_exact(self, number: float, epsilon: float, size: float = 0.0) -> bool:
        """Whether it is this number itself, up to the rounding of the arithmetic."""
        slack = _slack(number, epsilon, size)
        if self.value == 0:
            return abs(Fraction(number)) < max(slack, Fraction(TINY))
        return abs(Fraction(number) - self.value) <= slack

    def is_fraction(self, number: Fraction) -> bool:
        """Whether it is this fraction, or has two digits of it or more."""
        if self.value == number:
            return True
        is_rounded = self.unit is not None and abs(number - self.value) <= self.unit / 2
        return is_rounded and self.digits >= FEWEST_DIGITS


def _slack(number: float, epsilon: float, size: float) -> Fraction:
    # As fractions: near the end of the range a product would overflow.
    return max(abs(Fraction(number)), Fraction(size)) * ROUNDING * Fraction(epsilon)


def read_number(text: str, where: list[str | int]) -> Typed:
    """Read "-0.25", "1.2e-3" or "1/3"; a minus sign may be the long one.

    Raises: SpecificationError for anything else.
    """
    bare = re.sub(r"\s*/\s*", "/", text.strip().replace("−", "-"))
    if len(text) <= LONGEST and _FRACTION.fullmatch(bare):
        return Typed(Fraction(bare), None, FEWEST_DIGITS)
    found = _DECIMAL.fullmatch(bare) if len(text) <= LONGEST else None
    if found is None or abs(int(found[3] or 0)) > LARGEST_EXPONENT:
        raise _unreadable(text, where)
    return _decimal(found[1], found[2], int(found[3] or 0))


def _decimal(sign: str, mantissa: str, exponent: int) -> Typed:
    whole, _, decimals = mantissa.partition(".")
    unit = Fraction(10) ** (exponent - len(decimals))
    count = int(whole + decimals)
    value = unit * (-count if sign == "-" else count)
    return Typed(value, unit, len(str(count)) if count else 0)


def _unreadable(text: str, where: list[str | int]) -> SpecificationError:
    hint = " Write a point, not a comma." if "," in text else ""
    given = f"“{text.strip()[:LONGEST]}”" if text.strip() else "nothing"
    return SpecificationError(
        f"Expected a number such as −0.25, 1.2e-3 or 1/3, got {given}.{hint}",
        where=where,
        expected="a decimal number or a fraction",
        given=text[:LONGEST],
    )
