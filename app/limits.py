"""What one request may ask for; published in the catalogue and checked before any allocation."""

from dataclasses import asdict, dataclass

from core.errors import ChainruleError
from core.table import MOST_CHARACTERS, MOST_CLASSES, MOST_COLUMNS, MOST_ROWS


class LimitError(ChainruleError):
    """A request over one of the published limits."""

    def __init__(self, limit: str, most: int, given: int, where: list[str | int]) -> None:
        self.limit, self.most, self.given, self.where = limit, most, given, where
        super().__init__(f"At most {most:,} {TITLES[limit]}, not {_short(given)}.")


TITLES = {
    "layers": "layers",
    "units": "units in a layer",
    "samples": "samples",
    "iterations": "iterations",
    "cells": "cells in one answer",
    "answers": "answers in one check",
    "check_operations": "multiplications for one gradient check",
    "fraction_operations": "terms of sums for exact fractions",
    "code_numbers": "numbers written out in code",
    "difference_steps": "steps of one difference curve",
    "nudges": "amounts of one nudge",
    "branches": "branches of a run",
    "matrix_text": "characters of a matrix",
    "path_iterations": "iterations of a path",
    "quantity_cells": "recorded numbers of a path",
    "sweep_iterations": "iterations of all paths of a sweep",
    "field_cells": "cells of a field",
    "training_steps": "steps of a training",
    "training_cells": "numbers of a step on all samples",
    "training_rows": "rows of a training",
    "snapshot_numbers": "numbers in all snapshots of a training",
    "region_cells": "values of all units on a grid",
    "region_operations": "multiplications for one grid",
    "table_characters": "characters in a table",
    "table_rows": "rows in a table",
    "data_columns": "columns of data",
    "data_classes": "classes",
    "body_bytes": "bytes in a request",
}


@dataclass(frozen=True)
class Limits:
    """The limits.

    Units: layers, units and samples are counts; cells are float64 numbers of a trace;
    check_operations are multiply-adds of all loss evaluations; body_bytes count after
    decompression.
    """

    layers: int = 16
    units: int = 1024
    samples: int = 4096
    iterations: int = 1000
    cells: int = 2_000_000
    answers: int = 2000
    check_operations: int = 2_000_000_000
    fraction_operations: int = 100_000
    code_numbers: int = 50_000
    difference_steps: int = 200
    nudges: int = 1001
    branches: int = 4
    matrix_text: int = 1_000_000
    path_iterations: int = 100_000
    quantity_cells: int = 200_000
    sweep_iterations: int = 100_000
    field_cells: int = 250_000
    training_steps: int = 10_000_000
    training_cells: int = 10_000_000
    training_rows: int = 100_000
    snapshot_numbers: int = 50_000_000
    region_cells: int = 4_000_000
    region_operations: int = 5_000_000_000
    table_characters: int = MOST_CHARACTERS
    table_rows: int = MOST_ROWS
    data_columns: int = MOST_COLUMNS
    data_classes: int = MOST_CLASSES
    body_bytes: int = 16 * 2**20

    def check(self, limit: str, given: int, *where: str | int) -> None:
        """Raise LimitError where `given` is over the limit of this name."""
        most: int = getattr(self, limit)
        if given > most:
            raise LimitError(limit, most, given, list(where))

    def as_dict(self) -> dict[str, int]:
        """Return the limits by name."""
        return asdict(self)


def _short(number: int) -> str:
    return f"{number:,}" if number < 10**15 else "a number of over 15 digits"


LIMITS = Limits()
