"""The samples of a training that are given point by point."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field

from app.fields import Index, Matrix, Request, Seed, as_array
from app.limits import LIMITS
from core.equation import Array
from core.errors import SpecificationError


@dataclass(frozen=True)
class Split:
    """Samples to train with and to test with, one a row."""

    inputs: Array
    targets: Array
    test_inputs: Array
    test_targets: Array


class PointsChoice(Request):
    """Points with a class each, or with the numbers that the outputs should be."""

    X: Matrix
    labels: Annotated[list[Index], Field(min_length=1, fail_fast=True)] | None = None
    Y: Matrix | None = None


class DataChoice(Request):
    """Samples, and how many of them are kept apart to test with."""

    points: PointsChoice
    test_share: Annotated[float, Field(ge=0, le=0.9)] = 0.2
    split_seed: Seed = 0

    @property
    def classifies(self) -> bool:
        """Whether the targets are classes."""
        return self.points.labels is not None

    def split(self) -> Split:
        """Return the samples to train with and to test with.

        Raises: SpecificationError where samples and targets differ in number.
        """
        inputs, targets = as_array(self.points.X), self._targets()
        if len(inputs) != len(targets):
            raise SpecificationError(
                f"There are {len(inputs)} points, but {len(targets)} targets.",
                where=["data", "points"],
                expected=len(inputs),
                given=len(targets),
            )
        order = np.random.RandomState(self.split_seed).permutation(len(inputs))
        tests = np.sort(order[: int(self.test_share * len(inputs))])
        train = np.sort(order[len(tests) :])
        return Split(inputs[train], targets[train], inputs[tests], targets[tests])

    def _targets(self) -> Array:
        if self.points.labels is None:
            return as_array(self.points.Y or [])
        labels = np.array(self.points.labels)
        if labels.max() < 2:
            return labels[:, None].astype(float)
        LIMITS.check("units", int(labels.max()) + 1, "data", "points", "labels")
        return np.eye(int(labels.max()) + 1)[labels]
