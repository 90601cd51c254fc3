"""Phrases of NumPy calls that several recipes share, each in the form that measured fastest."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from core.equation import Array, Call


def larger(a: Array, b: Array, out: Array) -> Iterator[Call]:
    """The larger of each two cells; a full array of zeros is faster to compare with than a 0."""
    yield partial(np.maximum, out=out), a, b


def smaller(a: Array, b: Array, out: Array) -> Iterator[Call]:
    """The smaller of each two cells."""
    yield partial(np.minimum, out=out), a, b


def row_maximum(rows: Array, out: Array) -> Iterator[Call]:
    """The largest cell of each row, taken down the columns of a copy: a fifth of the time."""
    columns = np.empty(rows.shape[::-1], rows.dtype)
    yield np.copyto, columns, rows.T
    yield np.maximum.reduce, columns, 0, None, out


def row_sum(rows: Array, out: Array) -> Iterator[Call]:
    """The sum of each row, as a product with ones: a sixth of np.add.reduce's time."""
    yield np.dot, rows, np.ones(rows.shape[1], rows.dtype), out


def column_sum(rows: Array, out: Array) -> Iterator[Call]:
    """The sum of each column, as a product with ones."""
    yield np.dot, np.ones(len(rows), rows.dtype), rows, out
