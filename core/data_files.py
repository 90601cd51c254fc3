"""Data sets that come as files; core/data/README.md says whose they are."""

import gzip
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from core.dataset import Samples, classified, with_names

FOLDER = Path(__file__).resolve().parent / "data"
IRIS = ("sepal length", "sepal width", "petal length", "petal width")
WINE = (
    "alcohol",
    "malic acid",
    "ash",
    "alcalinity of ash",
    "magnesium",
    "total phenols",
    "flavanoids",
    "nonflavanoid phenols",
    "proanthocyanins",
    "color intensity",
    "hue",
    "OD280/OD315",
    "proline",
)
SIDE = 8


@cache
def iris() -> Samples:
    """Source: Fisher (1936)."""
    return _table("iris.csv", IRIS)


@cache
def wine() -> Samples:
    """Source: Forina et al., UCI Machine Learning Repository."""
    return _table("wine.csv", WINE)


@cache
def digits() -> Samples:
    """Source: Alpaydin and Kaynak (1998), UCI Machine Learning Repository."""
    with gzip.open(FOLDER / "digits.csv.gz", "rt") as file:
        rows = np.loadtxt(file, delimiter=",")
    pixels = [f"row {index // SIDE + 1}, column {index % SIDE + 1}" for index in range(SIDE**2)]
    made = classified(rows[:, :-1] / 16, rows[:, -1].astype(np.intp), [str(d) for d in range(10)])
    named = with_names(made, pixels)
    return _kept(replace(named, image_shape=(SIDE, SIDE)))


def _table(name: str, features: tuple[str, ...]) -> Samples:
    with (FOLDER / name).open() as file:
        _, _, *classes = file.readline().strip().split(",")
        rows = np.loadtxt(file, delimiter=",")
    made = classified(rows[:, :-1], rows[:, -1].astype(np.intp), classes)
    return _kept(with_names(made, features))


def _kept(samples: Samples) -> Samples:
    """Return the samples, safe to be read once and handed out to everyone."""
    samples.X.setflags(write=False)
    return samples
