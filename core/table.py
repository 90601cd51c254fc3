"""Tables of one's own: comma-separated text into samples, with errors that say line and column."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.dataset import CLASSIFICATION, REGRESSION, Samples
from core.errors import SpecificationError, UnknownNameError

MOST_ROWS, MOST_COLUMNS, MOST_CLASSES = 5000, 100, 20
_MISSING = {"", "na", "nan", "null", "none", "?"}
_DELIMITERS = ",;\t"

Task = Literal["classification", "regression"]


class TableError(SpecificationError):
    """A table that can't be read; the message says in which line and column, from 1."""

    code = "invalid_table"

    def __init__(self, message: str, expected: object, given: object) -> None:
        super().__init__(message, where=["data", "table", "text"], expected=expected, given=given)


@dataclass(frozen=True)
class Table:
    """Rows of text with the number of the line each stands in, and names of the columns."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]


def read_samples(
    text: str,
    header: bool | None = None,
    target: str | int | None = None,
    task: Task | None = None,
) -> Samples:
    """Return the samples of a table; what isn't said is guessed: header, last column, task.

    Raises: TableError, UnknownNameError for a column that isn't there.
    """
    table = read_table(text, header)
    column = _target_column(table, target)
    cells = [row[column] for row in table.rows]
    kind = task or (REGRESSION if _looks_measured(cells) else CLASSIFICATION)
    others = [index for index in range(len(table.names)) if index != column]
    X = _numbers(table, others)
    features = tuple(table.names[index] for index in others)
    if kind == REGRESSION:
        Y = _numbers(table, [column])
        return Samples(X, features, Y=Y, targets=(table.names[column],))
    classes = _classes(cells, table.names[column])
    places = {name: place for place, name in enumerate(classes)}
    labels = np.array([places[cell] for cell in cells], np.intp)
    return Samples(X, features, labels, classes, targets=(table.names[column],))


def read_table(text: str, header: bool | None = None) -> Table:
    """Return the cells of a text; the delimiter is a comma, a semicolon or a tab.

    Raises: TableError.
    """
    rows, lines = _split(text)
    if not rows:
        raise TableError("The table is empty.", "at least two rows", text[:40])
    _check_widths(rows, lines)
    has_header = _looks_like_header(rows) if header is None else header
    names = rows[0] if has_header else tuple(f"column {i + 1}" for i in range(len(rows[0])))
    _check_names(names)
    start = 1 if has_header else 0
    if len(rows) - start < 2:
        raise TableError(
            "The table has fewer than two rows of data.", "two rows", len(rows) - start
        )
    if len(rows) - start > MOST_ROWS:
        raise TableError(f"A table has at most {MOST_ROWS} rows.", MOST_ROWS, len(rows) - start)
    return Table(tuple(names), tuple(rows[start:]), tuple(lines[start:]))


def _split(text: str) -> tuple[list[tuple[str, ...]], list[int]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True, strict=True)
    rows, lines = list[tuple[str, ...]](), list[int]()
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(tuple(cell.strip() for cell in row))
                lines.append(reader.line_num)
    except csv.Error as error:
        raise TableError(
            f"Line {reader.line_num}: a quotation mark isn't closed, or stands in a wrong place.",
            "cells separated by commas",
            str(error),
        ) from None
    return rows, lines


def _check_widths(rows: Sequence[Sequence[str]], lines: Sequence[int]) -> None:
    width = len(rows[0])
    if not 2 <= width <= MOST_COLUMNS:
        raise TableError(
            f"A table has from 2 to {MOST_COLUMNS} columns: features and a target.",
            [2, MOST_COLUMNS],
            width,
        )
    for row, line in zip(rows, lines, strict=True):
        if len(row) != width:
            raise TableError(
                f"Line {line} has {len(row)} cells, but the first row has {width}.",
                width,
                len(row),
            )


def _check_names(names: Sequence[str]) -> None:
    for place, name in enumerate(names):
        if name in names[:place]:
            raise TableError(f"Two columns are called “{name[:40]}”.", "different names", name[:40])


def _looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """A first row without numbers above a column with one names the columns."""
    if any(_number(cell) is not None for cell in rows[0]):
        return False
    return any(_number(cell) is not None for cell in (rows[1] if len(rows) > 1 else ()))


def _target_column(table: Table, target: str | int | None) -> int:
    count = len(table.names)
    if target is None:
        return count - 1
    if isinstance(target, int):
        if 0 <= target < count:
            return target
        raise SpecificationError(
            f"The table has the columns 0 to {count - 1}, and no column {target}.",
            where=["data", "table", "target"],
            expected=[0, count - 1],
            given=target,
        )
    if target not in table.names:
        raise UnknownNameError("column", target, table.names, ["data", "table", "target"])
    return table.names.index(target)


def _looks_measured(cells: Sequence[str]) -> bool:
    """Numbers that aren't a few small whole ones are measured, not classes."""
    numbers = [_number(cell) for cell in cells]
    if any(number is None for number in numbers):
        return False
    return any(number != int(number or 0) for number in numbers) or len(set(cells)) > MOST_CLASSES


def _classes(cells: Sequence[str], name: str) -> tuple[str, ...]:
    found = sorted(set(cells), key=lambda cell: (_number(cell) is None, _number(cell) or 0, cell))
    if not 2 <= len(found) <= MOST_CLASSES:
        raise TableError(
            f"The column “{name[:40]}” has {len(found)} different values; "
            f"classes are from 2 to {MOST_CLASSES}.",
            [2, MOST_CLASSES],
            len(found),
        )
    return tuple(found)


def _numbers(
    table: Table, columns: Sequence[int]
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array(
        [
            [_cell(row[column], line, column, table) for column in columns]
            for row, line in zip(table.rows, table.lines, strict=True)
        ]
    )


def _cell(text: str, line: int, column: int, table: Table) -> float:
    number = _number(text)
    if number is not None:
        return number
    place = f"Line {line}, column {column + 1} ({table.names[column][:40]})"
    if text.lower() in _MISSING:
        raise TableError(f"{place}: the value is missing.", "a number", text)
    raise TableError(f"{place}: “{text[:40]}” isn't a number.", "a number", text[:40])


def _number(text: str) -> float | None:
    try:
        number = float(text.replace("−", "-"))
    except ValueError:
        return None
    # "nan", "inf" and "1_000" are numbers to Python alone.
    return number if math.isfinite(number) and "_" not in text else None
