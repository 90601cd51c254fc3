"""Tables of one's own: comma-separated text into samples, with errors that say line and column."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from core.dataset import CLASSIFICATION, FARTHEST, REGRESSION, Indices, Samples
from core.equation import Array
from core.errors import SpecificationError, UnknownNameError
from core.table_reader import Row, TableError, has_decimal_comma, number_in, read_rows

MOST_CHARACTERS = 2_000_000
MOST_ROWS, MOST_COLUMNS, MOST_CLASSES = 4096, 100, 20
_MISSING = {"", "na", "n/a", "nan", "null", "none", "?"}

Task: TypeAlias = Literal["classification", "regression"]


class TableSizeError(TableError):
    """A table that is too large; `size` names what there is too much of."""

    def __init__(self, message: str, size: str, most: int, count: int) -> None:
        self.size, self.count = size, count
        super().__init__(message, most)


@dataclass(frozen=True)
class Table:
    """Rows of text cells under the columns' names."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]
    has_header: bool

    def column(self, place: int) -> list[str]:
        """Return the cells of a column."""
        return [row.cells[place] for row in self.rows]


def read_samples(
    text: str,
    header: bool | None = None,
    target: str | int | None = None,
    task: Task | None = None,
) -> Samples:
    """Return the samples of a table; what isn't said is guessed: header, last column, task.

    Raises: TableError, SpecificationError or UnknownNameError for a column that isn't there.
    """
    table = read_table(text, header)
    column = _target_column(table, target)
    kind = task or (REGRESSION if _looks_measured(table.column(column)) else CLASSIFICATION)
    others = [index for index in range(len(table.names)) if index != column]
    X = _numbers(table, others)
    features = tuple(table.names[index] for index in others)
    targets = (table.names[column],)
    if kind == REGRESSION:
        return Samples(X, features, Y=_numbers(table, [column]), targets=targets)
    labels, classes = _classes(table, column)
    return Samples(X, features, labels, classes, targets=targets)


def read_table(text: str, header: bool | None = None) -> Table:
    """Return the cells of a text; the delimiter is a comma, a semicolon or a tab.

    Raises: TableError; TableSizeError where there are too many characters, rows or columns.
    """
    _check_length(text)
    found = read_rows(text, MOST_ROWS + 1)
    rows = found.rows
    if not rows:
        raise TableError("The table is empty.", "at least two rows")
    has_header = _looks_like_header(rows) if header is None else header
    _check_size(found.count - has_header, len(rows[0].cells))
    _check_widths(rows)
    names = _names(rows[0]) if has_header else [_numbered(i) for i in range(len(rows[0].cells))]
    return Table(tuple(names), tuple(rows[has_header:]), has_header)


def _check_length(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise _too_large("characters", MOST_CHARACTERS, len(text))


def _check_size(rows: int, columns: int) -> None:
    if columns < 2:
        raise TableError(
            f"A table has from 2 to {MOST_COLUMNS} columns, features and a target, separated by "
            "commas, semicolons or tabs; this one has 1.",
            [2, MOST_COLUMNS],
        )
    if columns > MOST_COLUMNS:
        raise _too_large("columns", MOST_COLUMNS, columns)
    if rows < 2:
        raise TableError("The table has fewer than two rows of data.", "at least two rows")
    if rows > MOST_ROWS:
        raise _too_large("rows", MOST_ROWS, rows)


def _too_large(size: str, most: int, count: int) -> TableSizeError:
    message = f"A table has at most {most:,} {size}, not {count:,}."
    return TableSizeError(message, size, most, count)


def _check_widths(rows: Sequence[Row]) -> None:
    first, width = rows[0].line, len(rows[0].cells)
    for row in rows:
        if (given := len(row.cells)) != width:
            cells = "1 cell" if given == 1 else f"{given} cells"
            message = f"Line {row.line} has {cells}, but line {first} has {width}."
            raise TableError(message, width, row.line)


def _looks_like_header(rows: Sequence[Row]) -> bool:
    """A first row without numbers above a column with one names the columns."""
    if any(number_in(cell) is not None for cell in rows[0].cells):
        return False
    return len(rows) > 1 and any(number_in(cell) is not None for cell in rows[1].cells)


def _names(row: Row) -> list[str]:
    names = [cell or _numbered(place) for place, cell in enumerate(row.cells)]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise TableError(
                f"Line {row.line}, column {place + 1}: two columns are called “{name[:40]}”.",
                "different names",
                row.line,
                place + 1,
            )
    return names


def _numbered(place: int) -> str:
    return f"column {place + 1}"


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
    """Numbers are measured unless they are a few whole ones; a text among them is a slip."""
    numbers = {number for cell in cells if (number := number_in(cell)) is not None}
    if 2 * sum(number_in(cell) is not None for cell in cells) <= len(cells):
        return False
    return any(not number.is_integer() for number in numbers) or len(numbers) > MOST_CLASSES


def _classes(table: Table, column: int) -> tuple[Indices, tuple[str, ...]]:
    """Return each row's class and the classes' names: numbers in their order, then texts."""
    keys = [_class_key(table, row, column) for row in table.rows]
    found = sorted(set(keys))
    _check_classes(len(found), table.names[column][:40], column)
    places = {key: place for place, key in enumerate(found)}
    cells = table.column(column)
    names = {key: cells[keys.index(key)] for key in found}
    return np.array([places[key] for key in keys], np.intp), tuple(names[key] for key in found)


def _check_classes(count: int, name: str, column: int) -> None:
    if count < 2:
        message = f"The column “{name}” has 1 value; classes are from 2 to {MOST_CLASSES}."
        raise TableError(message, [2, MOST_CLASSES], column=column + 1)
    if count > MOST_CLASSES:
        message = (
            f"The column “{name}” has {count:,} different values; "
            f"classes are from 2 to {MOST_CLASSES}."
        )
        raise TableSizeError(message, "classes", MOST_CLASSES, count)


def _class_key(table: Table, row: Row, column: int) -> tuple[bool, float, str]:
    """Return what makes two cells one class: 1 and 1.0 are."""
    cell = row.cells[column]
    if cell.lower() in _MISSING:
        raise _cell_error(table, row, column, "the value is missing.")
    number = number_in(cell)
    return (True, 0.0, cell) if number is None else (False, number, "")


def _numbers(table: Table, columns: Sequence[int]) -> Array:
    return np.array([[_number(table, row, column) for column in columns] for row in table.rows])


def _number(table: Table, row: Row, column: int) -> float:
    cell = row.cells[column]
    number = number_in(cell)
    if number is not None and abs(number) <= FARTHEST:
        return number
    raise _cell_error(table, row, column, _objection(table, row, cell))


def _objection(table: Table, row: Row, cell: str) -> str:
    if cell.lower() in _MISSING:
        return "the value is missing."
    if number_in(cell) is not None:
        return f"“{cell[:40]}” is beyond {FARTHEST:g}."
    if has_decimal_comma(cell):
        return f"“{cell}” has a decimal comma; write a point."
    hint = " Is this line a header?" if row is table.rows[0] and not table.has_header else ""
    return f"“{cell[:40]}” isn't a number.{hint}"


def _cell_error(table: Table, row: Row, column: int, objection: str) -> TableError:
    place = f"Line {row.line}, column {column + 1} ({table.names[column][:40]})"
    return TableError(f"{place}: {objection}", "a number", row.line, column + 1)
