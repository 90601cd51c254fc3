"""Matrices as text: JSON, what NumPy and PyTorch print, or lines of numbers."""

import re
from dataclasses import dataclass
from itertools import islice

import numpy as np

from core.equation import Array
from core.errors import SpecificationError

EXPECTED = "a matrix as JSON, as NumPy or PyTorch prints it, or one row of numbers a line"
LONGEST_WORD = 40
FEWEST_DECIMALS = 3
"""With fewer, numbers count as exact instead of rounded."""
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_WRAPPING = re.compile(r"^(?:\w+\s*=\s*)?(?:(?:np\.|numpy\.|torch\.)?(?:array|tensor|matrix)\s*\()")
_WORD = re.compile(r"[^\s,;\[\]]+")
_SETTINGS = re.compile(r"\b(?:dtype|device|requires_grad|grad_fn)\s*=")


@dataclass(frozen=True)
class Printed:
    """A matrix that was read, and how far rounding to its printed digits can have moved a cell.

    Shapes: both (rows, columns).
    """

    values: Array
    resolution: Array

    @property
    def transposed(self) -> "Printed":
        """The same with rows and columns exchanged."""
        return Printed(self.values.T, self.resolution.T)

    def reshaped(self, shape: tuple[int, ...]) -> "Printed":
        """Return the same cells in another shape."""
        return Printed(self.values.reshape(shape), self.resolution.reshape(shape))


def holds_more(text: str, cells: int) -> bool:
    """Whether a text has more numbers than these, without reading any of them."""
    return any(islice(_WORD.finditer(_unwrapped(text)), cells, None))


def read_matrix(text: str) -> Printed:
    """Read the rows of a matrix; a list of numbers alone is one row.

    Raises: SpecificationError that names the row and the word that isn't a number.
    """
    body = _unwrapped(text)
    if "..." in body or "…" in body:
        raise _unreadable("The matrix has numbers left out (…): print it in full.", "…")
    rows = [_words(row) for row in _rows(body)]
    rows = [row for row in rows if row]
    if not rows:
        raise _unreadable("There are no numbers in this text.", text)
    numbers = [[_number(word, place) for word in row] for place, row in enumerate(rows, start=1)]
    for place, row in enumerate(numbers, start=1):
        if len(row) != len(numbers[0]):
            message = f"Row {place} has {len(row)} numbers, but row 1 has {len(numbers[0])}."
            raise _unreadable(message, len(row))
    return Printed(np.array(numbers), _resolution(rows))


def _unwrapped(text: str) -> str:
    """Take away what surrounds the numbers: array(…, dtype=…)."""
    body = _WRAPPING.sub("", text.strip().replace("−", "-"))
    settings = _SETTINGS.search(body)
    return body[: settings.start()] if settings else body.rstrip(") \n")


def _rows(body: str) -> list[str]:
    """Split at brackets where there are any, and else at the ends of lines."""
    if "[" not in body:
        return re.split(r"[\n;]", body)
    return re.split(r"\]", body.replace("[", " "))


def _words(row: str) -> list[str]:
    return [word for word in re.split(r"[\s,;]+", row) if word]


def _number(word: str, row: int) -> float:
    # A long word would be tried in too many ways.
    if len(word) <= LONGEST_WORD and _NUMBER.fullmatch(word) and np.isfinite(number := float(word)):
        return number
    raise _unreadable(f"Row {row}: “{word[:LONGEST_WORD]}” isn't a finite number.", word)


def _resolution(rows: list[list[str]]) -> Array:
    """Return half a unit of the last place that was printed.

    Zeros at the end may have been left away, so that the longest number of all says how many
    decimals there are; with exponents it is the longest mantissa. A few decimals are meant exactly.
    """
    decimals = max(_decimals(word) for row in rows for word in row)
    half = 0.5 * 10.0**-decimals if decimals >= FEWEST_DECIMALS else 0.0
    # Never more than the number itself, whatever its exponent.
    return np.array(
        [[min(half * _power(word), abs(float(word)) or half) for word in row] for row in rows]
    )


def _decimals(word: str) -> int:
    mantissa = word.lower().partition("e")[0]
    return len(mantissa.partition(".")[2])


def _power(word: str) -> float:
    """Return the power of ten that a number is written with; infinite beyond a float's range."""
    return float(f"1e{word.lower().partition('e')[2] or 0}")


def _unreadable(message: str, given: object) -> SpecificationError:
    short = given[:LONGEST_WORD] if isinstance(given, str) else given
    return SpecificationError(message, where=["text"], expected=EXPECTED, given=short)
