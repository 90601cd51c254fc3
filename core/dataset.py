"""Data sets: samples in rows, with targets as the losses want them, split and standardised."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.equation import Array, Indices
from core.errors import SpecificationError

CLASSIFICATION, REGRESSION = "classification", "regression"
FARTHEST = 1e100
"""How far from 0 a given number may lie: the squares of standardising must stay finite."""


@dataclass(frozen=True)
class Samples:
    """What a generator, a file, a table or a hand gives: labels for classes, Y for numbers.

    Where X holds features that were made of it, `measured` are the samples as they were given.
    Shapes: X (N, n), labels (N,) or Y (N, k).
    """

    X: Array
    features: tuple[str, ...]
    labels: Indices | None = None
    classes: tuple[str, ...] = ()
    Y: Array | None = None
    targets: tuple[str, ...] = ()
    image_shape: tuple[int, int] | None = None
    measured: "Samples | None" = None

    @property
    def task(self) -> str:
        """ "classification" or "regression"."""
        return CLASSIFICATION if self.labels is not None else REGRESSION


@dataclass(frozen=True)
class DataSet:
    """Samples ready for a network; `samples.X` isn't standardised, `X` is as the network gets it.

    Shapes: X (N, n), Y (N, k), train and test index the rows, mean and std (n,).
    """

    samples: Samples
    X: Array
    Y: Array
    train: Indices
    test: Indices
    mean: Array | None = None
    std: Array | None = None


@dataclass(frozen=True)
class Split:
    """How samples become a data set; `one_hot` gives two classes two columns instead of one."""

    test_share: float = 0.0
    seed: int = 0
    standardise: bool = False
    one_hot: bool = False


def prepare(samples: Samples, split: Split) -> DataSet:
    """Return a data set.

    Raises: SpecificationError where the split leaves nothing to train on, or where numbers are to
    have a column a class.
    """
    if split.one_hot and samples.labels is None:
        raise SpecificationError(
            "Only classes can have a column each: these targets are numbers.",
            where=["data", "one_hot"],
            expected=False,
            given=True,
        )
    train, test = _split(samples, split)
    mean, std = _moments(samples.X[train]) if split.standardise else (None, None)
    X = samples.X if mean is None or std is None else (samples.X - mean) / std
    Y = samples.Y if samples.labels is None else _class_targets(samples, split.one_hot)
    assert Y is not None
    return DataSet(
        samples, np.ascontiguousarray(X), np.ascontiguousarray(Y), train, test, mean, std
    )


def _moments(X: Array) -> tuple[Array, Array]:
    """Return mean and spread of each column; a constant one has its value as mean, and spread 1."""
    mean, std = X.mean(axis=0), X.std(axis=0)
    flat = constant_columns(X) | (std == 0)
    mean[flat], std[flat] = X[0, flat], 1.0
    return mean, std


def constant_columns(X: Array) -> NDArray[np.bool_]:
    """Say which columns have one value only: rounding can leave such a one a std of 1e-17."""
    return np.asarray(X.min(axis=0) == X.max(axis=0))


def _class_targets(samples: Samples, one_hot: bool) -> Array:
    labels = samples.labels
    assert labels is not None
    if len(samples.classes) == 2 and not one_hot:
        return labels[:, None].astype(float)
    return np.eye(len(samples.classes))[labels]


def _split(samples: Samples, split: Split) -> tuple[Indices, Indices]:
    """Draw the test rows, of every class its share; both parts keep the order of the rows."""
    state = np.random.RandomState(split.seed)
    N = len(samples.X)
    groups = [np.arange(N)] if samples.labels is None else _by_class(samples.labels)
    picked = [_drawn(group, split.test_share, state) for group in groups]
    test = np.sort(np.concatenate(picked)).astype(np.intp)
    train = np.setdiff1d(np.arange(N), test).astype(np.intp)
    if len(train) == 0:
        raise SpecificationError(
            "No sample is left to train on.",
            where=["data", "test_share"],
            expected="a share that leaves a sample of every class",
            given=split.test_share,
        )
    return train, test


def _by_class(labels: Indices) -> list[Indices]:
    return [np.flatnonzero(labels == label) for label in np.unique(labels)]


def _drawn(group: Indices, share: float, state: np.random.RandomState) -> Indices:
    # One permutation whatever the share, so that a larger test set contains the smaller one.
    order = state.permutation(group)
    return order[: min(len(group) - 1, round(share * len(group)))]


def named_features(count: int) -> tuple[str, ...]:
    """Return x₁, x₂, … as names."""
    return tuple(f"x{index + 1}" for index in range(count)) if count > 1 else ("x",)


def classified(X: Array, labels: Sequence[int] | Indices, classes: Sequence[str]) -> Samples:
    """Return samples of classes with the usual names of features."""
    rows = np.ascontiguousarray(X, float)
    return Samples(rows, named_features(rows.shape[1]), np.asarray(labels, np.intp), tuple(classes))


def measured(X: Array, Y: Array) -> Samples:
    """Return samples with numbers as targets."""
    rows, numbers = np.ascontiguousarray(X, float), np.ascontiguousarray(Y, float)
    targets = (
        ("y",) if numbers.shape[1] == 1 else tuple(f"y{k + 1}" for k in range(numbers.shape[1]))
    )
    return Samples(rows, named_features(rows.shape[1]), Y=numbers, targets=targets)


def with_names(samples: Samples, features: Sequence[str], targets: Sequence[str] = ()) -> Samples:
    """Return the same samples with other names."""
    return replace(samples, features=tuple(features), targets=tuple(targets) or samples.targets)
