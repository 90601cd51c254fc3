"""Regions: a network's outputs and hidden units as functions of two inputs.

The forward pass of the program runs over the points in pieces, so that a large network's layers are
never held for all points at once.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from core.equation import Array
from core.errors import BudgetError
from core.loop import Loop
from core.network import Network
from core.passes import build_program
from core.stopping import IsOver, never

PIECE = 2048
"""Points at once: small enough for a processor's cache, large enough for NumPy."""


def activations_at(
    network: Network,
    points: Array,
    layers: Sequence[int] | None = None,
    is_over: IsOver = never,
) -> list[Array]:
    """Return the activations of these layers (from 1, or all) at points.

    Shapes: points (P, inputs) to (P, units) for each layer.
    Raises: BudgetError once `is_over` says so; it is asked before each piece.
    """
    chosen = list(layers or range(1, len(network.layers) + 1))
    found: list[Array] = [np.empty((len(points), network.sizes[layer])) for layer in chosen]
    program = build_program(network.sizes, network.activations, min(PIECE, len(points)))
    loop = Loop(program, {"A[0]": points[:PIECE], **network.inputs()})
    for piece in _pieces(len(points)):
        if is_over():
            raise BudgetError(f"It was stopped at point {piece.start + 1:,}: its time was up.")
        loop.value("A[0]")[...] = points[piece]
        loop.run()
        for layer, out in zip(chosen, found, strict=True):
            out[piece] = loop.value(f"A[{layer}]")
    return found


def grid(view: Sequence[Sequence[float]], shape: Sequence[int]) -> Array:
    """Return the points of a grid, row by row, the lowest row first.

    Shapes: view ((x1 from, to), (x2 from, to)), shape (rows, columns) to (rows · columns, 2).
    """
    x = np.linspace(view[0][0], view[0][1], shape[1])
    y = np.linspace(view[1][0], view[1][1], shape[0])
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def _pieces(count: int) -> Iterator[slice]:
    """Cut so many points into pieces of one size; the last one may overlap the one before."""
    for start in range(0, count, PIECE):
        first = max(0, min(start, count - PIECE))
        yield slice(first, min(first + PIECE, count))
