"""Reading text as rows of cells: which character separates them, and where each row stands."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from core.errors import SpecificationError

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
GUESSED_FROM = 20
"""Rows that are looked at to find the delimiter."""
LONGEST_CELL = 131_072
"""The csv module's own limit."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_WITH_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)


class TableError(SpecificationError):
    """A table that can't be read; the message says in which line and column, from 1.

    `given` says the same as {"line", "column"}, null where it is about the table as a whole.
    """

    code = "invalid_table"

    def __init__(
        self, message: str, expected: object, line: int | None = None, column: int | None = None
    ) -> None:
        place = {"line": line, "column": column}
        super().__init__(message, where=["data", "table", "text"], expected=expected, given=place)


@dataclass(frozen=True)
class Row:
    """A row that isn't empty; `line` is where it begins, from 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Rows:
    """The first rows of a text; `count` counts those left out too."""

    delimiter: str
    rows: list[Row]
    count: int


def number_in(cell: str) -> float | None:
    """Return the number in a cell such as 3, −0.5 or 1e-3, where there is one.

    Python's float would also take "nan", "inf", "1_000" and the digits of every script.
    """
    plain = cell.replace("−", "-")
    return float(plain) if _NUMBER.fullmatch(plain) else None


def has_decimal_comma(cell: str) -> bool:
    """Whether the cell is a number but for its decimal comma."""
    return _WITH_COMMA.fullmatch(cell) is not None


def read_rows(text: str, most: int) -> Rows:
    """Return the first `most` rows that aren't empty, and how many there are.

    Raises: TableError where quotes don't fit.
    """
    text = text.removeprefix("\ufeff")
    delimiter = _guess_delimiter(text)
    found = _rows(text, delimiter)
    rows = list(islice(found, most))
    return Rows(delimiter, rows, len(rows) + sum(1 for _ in found))


def _rows(text: str, delimiter: str, strict: bool = True) -> Iterator[Row]:
    # Lines as csv knows them: str.splitlines would also break them at U+2028 and form feeds.
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=strict)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(line, tuple(cell.strip() for cell in cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise _unreadable(line, str(error)) from error


def _unreadable(line: int, reason: str) -> TableError:
    if reason.startswith("field larger"):
        return TableError(
            f"Line {line}: a cell is longer than {LONGEST_CELL:,} characters.", LONGEST_CELL, line
        )
    return TableError(
        f"Line {line}: quotes must open and close around a whole cell.",
        'quotes as in "a cell", and "" for a quote inside',
        line,
    )


def _guess_delimiter(text: str) -> str:
    return max(DELIMITERS, key=lambda delimiter: _fit(text, delimiter))


def _fit(text: str, delimiter: str) -> tuple[bool, bool, int]:
    """Say how well a delimiter fits: several columns, as many in every row, numbers in them."""
    try:
        rows = [row.cells for row in islice(_rows(text, delimiter, strict=False), GUESSED_FROM)]
    except TableError:
        return False, False, 0
    widths = {len(cells) for cells in rows}
    numbers = sum(
        number_in(cell) is not None or has_decimal_comma(cell) for cells in rows for cell in cells
    )
    return max(widths, default=0) > 1, len(widths) == 1, numbers
