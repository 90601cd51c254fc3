"""What a network's regions are asked with: its outputs and hidden units over the plane."""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

import numpy as np
import orjson
from pydantic import Field

from app.data_requests import FeatureNames
from app.descent_requests import Side
from app.fields import Count, Matrix, Request, Vector, as_array
from app.limits import LIMITS
from app.requests import AnyNetwork, built, check_size, shape_of
from core.equation import Array
from core.errors import SpecificationError
from core.features import INPUTS, features_at
from core.network import Network
from core.regions import activations_at, grid
from core.stopping import IsOver

Shape = Annotated[list[Count], Field(min_length=2, max_length=2)]
DEFAULT_SIDE = 150


@dataclass(frozen=True)
class Regions:
    """Units' values on a grid, row by row, the lowest row first.

    Inputs are as they were before they were standardised.
    Shapes: outputs (K, rows, columns), neurons (all hidden units, rows, columns) and, where they
    are asked for, inputs (n, rows, columns).
    """

    outputs: Array
    neurons: Array
    inputs: Array

    def content(self) -> bytes:
        """Return all as float32 numbers, little endian, one after the other."""
        parts = (self.outputs, self.neurons, self.inputs)
        return b"".join(part.astype("<f4").tobytes() for part in parts)

    def headers(self) -> dict[str, str]:
        """Return their shapes."""
        return {
            f"x-{name}-shape": ",".join(map(str, part.shape)) for name, part in vars(self).items()
        }


class RegionsRequest(Request):
    """A network with two inputs, and a grid over a view; or, with `at`, points.

    `features` are what the network gets in the place of the two inputs; `mean` and `std` are those
    by which what it gets was standardised. With `inputs` that comes too, on the neurons' grid.
    """

    network: AnyNetwork
    view: Annotated[list[Side], Field(min_length=2, max_length=2)] | None = None
    shape: Shape = Field(default_factory=lambda: [DEFAULT_SIDE, DEFAULT_SIDE])
    neurons: Shape | None = None
    inputs: bool = False
    features: FeatureNames | None = None
    mean: Vector | None = None
    std: Vector | None = None
    at: Matrix | None = None

    def regions(self, is_over: IsOver) -> Regions:
        """Return the values on the grid.

        Raises: LimitError, SpecificationError; BudgetError once `is_over` says so.
        """
        sizes, _ = shape_of(self.network)
        self._check_plane(sizes)
        self._check_grids(sizes)
        network, last = built(self.network), len(sizes) - 1
        outputs = self._on_grid(network, self.shape, [last], is_over)
        small = self.neurons or [0, 0]
        hidden = list(range(1, last)) if self.neurons else []
        neurons = self._on_grid(network, small, hidden, is_over)
        return Regions(outputs, neurons, self._inputs_on_grid(small))

    def values(self, is_over: IsOver) -> bytes:
        """Write the activations of all layers at the points.

        Raises: LimitError, SpecificationError; BudgetError once `is_over` says so.
        """
        points = as_array(self.at or [])
        sizes, _ = shape_of(self.network)
        self._check_inputs(sizes, points.shape[1])
        self._check_work(sizes, len(points), sum(sizes) * len(points))
        inputs = self._inputs_of(points)
        found = activations_at(built(self.network), self._standardised(inputs), is_over=is_over)
        document = {"inputs": inputs, "activations": found}
        return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)

    def _on_grid(
        self, network: Network, shape: list[int], layers: list[int], is_over: IsOver
    ) -> Array:
        if not layers:
            return np.empty((0, *shape))
        inputs = self._standardised(self._inputs_of(grid(self.view or [], shape)))
        found = np.concatenate(activations_at(network, inputs, layers, is_over), axis=1)
        return found.T.reshape(-1, *shape)

    def _inputs_on_grid(self, shape: list[int]) -> Array:
        if not self.inputs or not self.neurons:
            return np.empty((0, *shape))
        return self._inputs_of(grid(self.view or [], shape)).T.reshape(-1, *shape)

    def _inputs_of(self, points: Array) -> Array:
        """Return what the network gets at points, before it is standardised."""
        return points if self.features is None else features_at(points, self.features)

    def _standardised(self, points: Array) -> Array:
        mean, std = (as_array(self.mean or [0.0])), as_array(self.std or [1.0])
        return (points - mean) / std

    def _check_plane(self, sizes: tuple[int, ...]) -> None:
        if self.view is None:
            raise SpecificationError(
                "Regions need a view of the plane, or points with “at”.",
                where=["view"],
                expected="[[x1 from, to], [x2 from, to]]",
                given=None,
            )
        self._check_inputs(sizes, INPUTS)

    def _check_inputs(self, sizes: tuple[int, ...], given: int) -> None:
        check_size(self.network)
        if self.features is not None and given == INPUTS:
            given = len(self.features)
        if sizes[0] != given:
            kind = "points have {} numbers" if self.features is None else "data has {} features"
            raise SpecificationError(
                f"The network has {sizes[0]} inputs, but the {kind.format(given)}.",
                where=["at" if self.at else "network"],
                expected=sizes[0] if self.at else given,
                given=given if self.at else sizes[0],
            )
        for name, numbers in (("mean", self.mean), ("std", self.std)):
            if numbers is not None and len(numbers) != given:
                raise SpecificationError(
                    f"{name} has {len(numbers)} numbers for {given} inputs.",
                    where=[name],
                    expected=given,
                    given=len(numbers),
                )
        if 0 in (self.std or []):
            raise SpecificationError(
                "A standard deviation of 0 can't be divided by.",
                where=["std"],
                expected="numbers other than 0",
                given=self.std,
            )

    def _check_grids(self, sizes: tuple[int, ...]) -> None:
        grids = {"shape": math.prod(self.shape), "neurons": math.prod(self.neurons or [0])}
        for name, cells in grids.items():
            LIMITS.check("field_cells", cells, name)
        values = sizes[-1] * grids["shape"] + sum(sizes[:-1]) * grids["neurons"]
        self._check_work(sizes, sum(grids.values()), values)

    def _check_work(self, sizes: tuple[int, ...], points: int, values: int) -> None:
        check_size(self.network)
        LIMITS.check("region_cells", values, "network")
        operations = points * sum(n * k for n, k in pairwise(sizes))
        LIMITS.check("region_operations", operations, "network")
