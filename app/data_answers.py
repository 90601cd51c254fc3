"""Data sets as the API gives them, and as the catalogue lists them."""

from typing import Any, Literal

import numpy as np
import orjson
from pydantic import BaseModel

from core.dataset import DataSet, constant_columns
from core.datasets import DATA_SETS, MOST_SAMPLES
from core.features import FEATURES


class MeasuredAnswer(BaseModel):
    """Two inputs as they were measured, before features were made of them."""

    features: list[str]
    X: list[list[float]]


class DataAnswer(BaseModel):
    """A data set: `X` as the network gets it, `raw` before it was standardised where it was.

    `measured` are the inputs of which the features were made, where they were.

    `train` and `test` are indices of rows; for classes, `Y` has a column each, or one of 0 and 1.
    `constant` are the features with one value in all training rows: their `std` counts as 1.
    """

    name: str
    title: str
    task: Literal["classification", "regression"]
    features: list[str]
    targets: list[str]
    classes: list[str] | None
    X: list[list[float]]
    raw: list[list[float]] | None
    measured: MeasuredAnswer | None
    Y: list[list[float]]
    labels: list[int] | None
    train: list[int]
    test: list[int]
    mean: list[float] | None
    std: list[float] | None
    constant: list[str]
    image_shape: list[int] | None
    source: str


class FeatureEntry(BaseModel):
    """A function of two inputs that a network can get; `usual`: it does where none is chosen."""

    name: str
    title: str
    latex: str
    usual: bool


class DataSetEntry(BaseModel):
    """A data set of the catalogue; `takes` are the numbers that may be chosen."""

    name: str
    title: str
    description: str
    task: Literal["classification", "regression"]
    samples: int
    noise: float
    test_share: float
    standardise: bool
    takes: list[str]
    fewest: int
    most: int
    sizes: list[int]
    source: str


def data_json(data: DataSet, heading: tuple[str, str, str]) -> bytes:
    """Write a data set."""
    samples = data.samples
    name, title, source = heading
    measured = samples.measured
    flat = constant_columns(samples.X[data.train])
    document: dict[str, Any] = {
        "name": name,
        "title": title,
        "task": samples.task,
        "features": samples.features,
        "targets": samples.targets,
        "classes": samples.classes or None,
        "X": data.X,
        "raw": None if data.mean is None else samples.X,
        "measured": measured and {"features": measured.features, "X": measured.X},
        "Y": data.Y,
        "labels": samples.labels,
        "train": data.train,
        "test": data.test,
        "mean": data.mean,
        "std": data.std,
        "constant": [samples.features[place] for place in np.flatnonzero(flat)],
        "image_shape": samples.image_shape,
        "source": source,
    }
    return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)


def feature_entries() -> list[FeatureEntry]:
    """List the features that two inputs can be turned into."""
    return [
        FeatureEntry(name=each.name, title=each.title, latex=each.latex, usual=each.usual)
        for each in FEATURES.values()
    ]


def data_set_entries() -> list[DataSetEntry]:
    """List the catalogue's data sets."""
    return [
        DataSetEntry(
            name=each.name,
            title=each.title,
            description=each.description,
            task="classification" if each.task == "classification" else "regression",
            samples=each.samples,
            noise=each.noise,
            test_share=each.test_share,
            standardise=each.standardise,
            takes=["samples", "noise", "seed"] if each.is_drawn else [],
            fewest=each.fewest if each.is_drawn else each.samples,
            most=MOST_SAMPLES if each.is_drawn else each.samples,
            sizes=list(each.sizes),
            source=each.source,
        )
        for each in DATA_SETS.values()
    ]
