"""What data a request trains on: a set of the catalogue, a table, or points drawn by hand."""

from typing import Annotated, Literal, TypeAlias

import numpy as np
from pydantic import Field, Tag

from app.fields import USUAL, Count, Index, Matrix, Number, OneOf, Request, Seed, told_apart
from app.limits import LIMITS
from core.dataset import FARTHEST, DataSet, Samples, Split, classified, measured, prepare
from core.datasets import DATA_SETS, load
from core.errors import SpecificationError
from core.features import FEATURES, with_features
from core.table import TableSizeError, read_samples

DataSetName: TypeAlias = Annotated[str, OneOf("data set", tuple(DATA_SETS))]
FeatureName: TypeAlias = Annotated[str, OneOf("feature", tuple(FEATURES))]
FeatureNames: TypeAlias = Annotated[
    list[FeatureName], Field(min_length=1, max_length=len(FEATURES), fail_fast=True)
]
# What a table can have too much of, and the limit that says so.
TABLE_LIMITS = {
    "characters": "table_characters",
    "rows": "table_rows",
    "columns": "data_columns",
    "classes": "data_classes",
}


class Divided(Request):
    """How samples become training and test rows.

    `features` are made of two inputs, which they replace; without them, a network gets the inputs.
    """

    test_share: Annotated[Number, Field(ge=0, le=0.9)] | None = None
    split_seed: Seed = 0
    standardise: bool | None = None
    one_hot: bool = False
    features: FeatureNames | None = None

    def read(self) -> Samples:
        """Return the samples before they are divided."""
        raise NotImplementedError

    def prepared(self) -> DataSet:
        """Return the data set.

        Raises: LimitError, SpecificationError.
        """
        samples = self.read()
        LIMITS.check("samples", len(samples.X), "data")
        if self.features is not None:
            samples = with_features(samples, self.features)
        usual = self.usual()
        split = Split(
            usual.test_share if self.test_share is None else self.test_share,
            self.split_seed,
            usual.standardise if self.standardise is None else self.standardise,
            self.one_hot,
        )
        return prepare(samples, split)

    def usual(self) -> Split:
        """Return what holds where the request doesn't say."""
        return Split()

    def heading(self) -> tuple[str, str, str]:
        """Return name, title and source."""
        return "own", "Your own data", ""


class NamedData(Divided):
    """A data set of the catalogue."""

    name: DataSetName
    samples: Count | None = None
    noise: Annotated[Number, Field(ge=0, le=10)] | None = None
    seed: Seed = 0

    def read(self) -> Samples:
        """Draw them, or read them.

        Raises: SpecificationError for a number that the set doesn't take.
        """
        return load(self.name, self.samples, self.noise, self.seed)

    def usual(self) -> Split:
        chosen = DATA_SETS[self.name]
        return Split(chosen.test_share, 0, chosen.standardise)

    def heading(self) -> tuple[str, str, str]:
        chosen = DATA_SETS[self.name]
        return chosen.name, chosen.title, chosen.source


class TableText(Request):
    """Comma-separated text; what is null is guessed."""

    text: str
    header: bool | None = None
    target: str | Index | None = None
    task: Literal["classification", "regression"] | None = None


class TableData(Divided):
    """A table of one's own."""

    table: TableText

    def read(self) -> Samples:
        """Read them.

        Raises: TableError, LimitError.
        """
        table = self.table
        try:
            return read_samples(table.text, table.header, table.target, table.task)
        except TableSizeError as error:
            LIMITS.check(TABLE_LIMITS[error.size], error.count, *error.where)
            raise


class Points(Request):
    """Points drawn by hand, with classes (from 0) or with numbers."""

    X: Matrix
    labels: Annotated[list[Index], Field(min_length=1, fail_fast=True)] | None = None
    Y: Matrix | None = None


class PointData(Divided):
    """Points of one's own."""

    points: Points

    def read(self) -> Samples:
        """Return them.

        Raises: LimitError, SpecificationError where they have no targets, or too many or too few.
        """
        points = self.points
        if points.labels is not None and points.Y is not None:
            raise SpecificationError(
                "Points have labels or Y, not both.",
                where=["data", "points"],
                expected="labels (classes) or Y (numbers)",
                given="both",
            )
        targets = points.labels if points.labels is not None else points.Y
        if targets is None or len(targets) != len(points.X):
            raise SpecificationError(
                "Points need a label each, or a row of numbers each.",
                where=["data", "points"],
                expected=len(points.X),
                given=None if targets is None else len(targets),
            )
        self._check_range("X", points.X)
        if points.labels is None:
            assert points.Y is not None
            self._check_range("Y", points.Y)
            return measured(np.array(points.X), np.array(points.Y))
        count = max(2, max(points.labels) + 1)
        LIMITS.check("data_classes", count, "data", "points", "labels")
        classes = [str(each) for each in range(count)]
        return classified(np.array(points.X), points.labels, classes)

    @staticmethod
    def _check_range(name: str, rows: list[list[float]]) -> None:
        LIMITS.check("data_columns", len(rows[0]), "data", "points", name)
        farthest = max(abs(number) for row in rows for number in row)
        if farthest > FARTHEST:
            raise SpecificationError(
                f"{name} holds a number beyond {FARTHEST:g}.",
                where=["data", "points", name],
                expected=f"up to {FARTHEST:g} either way",
                given=farthest,
            )


AnyData: TypeAlias = Annotated[
    Annotated[NamedData, USUAL]
    | Annotated[TableData, Tag("table")]
    | Annotated[PointData, Tag("points")],
    told_apart(table=TableData, points=PointData),
]


class DataRequest(Request):
    """Data to look at."""

    data: AnyData
