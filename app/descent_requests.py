"""What the descent laboratory's calls take."""

import math
from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias

import numpy as np
from pydantic import Field, Tag

from app.fields import USUAL, Count, Index, Matrix, Number, OneOf, Request, told_apart
from app.formulas import Described, describe, surface_of
from app.learning_requests import OptimizerNumbers, ScheduleChoice
from app.limits import LIMITS
from core import OPTIMIZERS
from core.curvature import Curvature, curvature_at
from core.descent import Descent, Path, Stop, sweep
from core.errors import SpecificationError
from core.modes import Modes, modes_of
from core.searches import SEARCHES
from core.stopping import IsOver
from core.surface import Surface, quadratic
from core.surfaces import SURFACES
from core.trace import Trace

DEFAULT_SIDE = 120
FARTHEST = 1e6
"""How far from 0 a start or a view may lie."""

Place: TypeAlias = Annotated[Number, Field(ge=-FARTHEST, le=FARTHEST)]
Start: TypeAlias = Annotated[list[Place], Field(min_length=1, max_length=2)]
Side: TypeAlias = Annotated[list[Place], Field(min_length=2, max_length=2)]
SurfaceName: TypeAlias = Annotated[str, OneOf("surface", tuple(SURFACES))]
DescentOptimizerName: TypeAlias = Annotated[str, OneOf("optimizer", (*OPTIMIZERS, *SEARCHES))]


def _check_dimension(surface: Surface, name: str, given: int) -> None:
    if given != surface.dimension:
        raise SpecificationError(
            f"{surface.title} has {surface.dimension} variables, but {name} has {given}.",
            where=[name],
            expected=surface.dimension,
            given=given,
        )


class ScalarField:
    """A surface's values on a grid.

    Shapes: x (columns,), y (rows,) and values (rows, columns); in one variable only x.
    """

    def __init__(
        self, surface: Surface, view: Sequence[Sequence[float]], shape: Sequence[int]
    ) -> None:
        sides = [
            np.linspace(side[0], side[1], count)
            for side, count in zip(view, shape[::-1], strict=True)
        ]
        self.axes = sides
        with np.errstate(all="ignore"):
            values = surface.value(*np.meshgrid(*sides))
        self.values = np.asarray(values, float)


class NamedSurface(Request):
    """A surface of the catalogue."""

    name: SurfaceName

    def surface(self) -> Surface:
        """Return it."""
        return SURFACES[self.name]


class MatrixSurface(Request):
    """½ xᵀHx for a symmetric matrix H of one or two rows."""

    matrix: Matrix

    def surface(self) -> Surface:
        """Return it.

        Raises: SpecificationError where H isn't symmetric, or too large.
        """
        rows = self.matrix
        if len(rows) > 2 or len(rows[0]) != len(rows) or rows[0][-1] != rows[-1][0]:
            raise SpecificationError(
                "A quadratic needs a symmetric matrix of one or two rows.",
                where=["surface", "matrix"],
                expected="[[a]] or [[a, b], [b, c]]",
                given=rows,
            )
        return quadratic(rows, (3.0,) * len(rows))


class FormulaSurface(Request):
    """A formula in x1 and x2, or in x alone, such as "x1**2 + x1*x2 + 4*x2**2"."""

    expression: Annotated[str, Field(max_length=1000)]

    def surface(self) -> Surface:
        """Return it, differentiated.

        Raises: FormulaError where it can't be read.
        """
        return surface_of(self.expression)


AnySurface: TypeAlias = Annotated[
    Annotated[NamedSurface, USUAL]
    | Annotated[MatrixSurface, Tag("matrix")]
    | Annotated[FormulaSurface, Tag("expression")],
    told_apart(matrix=MatrixSurface, expression=FormulaSurface),
]


class DescentOptimizer(OptimizerNumbers):
    """An optimizer of networks, or a search that only a surface can have."""

    name: DescentOptimizerName = "gradient_descent"


class StopChoice(Request):
    """When to stop: after so many iterations, or when a criterion is met, or both are."""

    max_iterations: Count = 1000
    value_change: Annotated[Number, Field(gt=0)] | None = None
    gradient_norm: Annotated[Number, Field(gt=0)] | None = None
    require: Literal["either", "both"] = "either"


class DescentRequest(Request):
    """A path over a surface."""

    surface: AnySurface
    start: Start | None = None
    optimizer: DescentOptimizer = DescentOptimizer()
    schedule: ScheduleChoice = ScheduleChoice()
    direction: Literal["descend", "ascend"] = "descend"
    stop: StopChoice = StopChoice()

    def descent(self) -> Descent:
        """Return the descent, once it is known to be within the limits.

        Raises: LimitError, SpecificationError.
        """
        LIMITS.check("path_iterations", self.stop.max_iterations, "stop", "max_iterations")
        surface = self.surface.surface()
        return Descent(
            surface,
            self.start or surface.start,
            self.optimizer.name,
            self.optimizer.numbers(),
            self.optimizer.switches(),
            self.schedule.name,
            self.schedule.numbers(),
            ascend=self.direction == "ascend",
            stop=Stop(**self.stop.model_dump()),
        )


class PathRequest(DescentRequest):
    """A path, and with `quantities` every number of every iteration."""

    quantities: bool = False

    def path(self, is_over: IsOver) -> Path:
        """Return the path.

        Raises: LimitError, SpecificationError, BudgetError.
        """
        descent = self.descent()
        if self.quantities:
            cells = descent.program().cells(self.stop.max_iterations)
            LIMITS.check("quantity_cells", cells, "quantities")
        return descent.run(self.quantities, is_over)


class ModesRequest(DescentRequest):
    """A path whose error is taken apart."""

    def modes(self, is_over: IsOver) -> Modes:
        """Return its modes.

        Raises: LimitError, SpecificationError.
        """
        return modes_of(self.descent(), is_over)


class DescentTraceRequest(DescentRequest):
    """One iteration of a path."""

    iteration: Index = 0

    def trace(self, is_over: IsOver) -> Trace:
        """Return every number of the iteration.

        Raises: LimitError, SpecificationError.
        """
        LIMITS.check("path_iterations", self.iteration, "iteration")
        return self.descent().trace(self.iteration, is_over)


class SweepRequest(DescentRequest):
    """The same descent with many learning rates."""

    learning_rates: Annotated[
        list[Annotated[Number, Field(gt=0)]], Field(min_length=1, fail_fast=True)
    ]

    def paths(self, is_over: IsOver) -> list[Path]:
        """Return a path a learning rate.

        Raises: LimitError, SpecificationError.
        """
        steps = len(self.learning_rates) * self.stop.max_iterations
        LIMITS.check("sweep_iterations", steps, "learning_rates")
        return sweep(self.descent(), self.learning_rates, is_over)


class SurfaceRequest(Request):
    """A surface to be described."""

    surface: AnySurface

    def described(self) -> Described:
        """Return it with its derivatives.

        Raises: FormulaError where a formula can't be read.
        """
        return describe(self.surface.surface())


class CurvatureRequest(Request):
    """A point of a surface."""

    surface: AnySurface
    at: Start

    def curvature(self) -> Curvature:
        """Return the curvature there.

        Raises: SpecificationError where the point has another number of variables.
        """
        surface = self.surface.surface()
        _check_dimension(surface, "at", len(self.at))
        return curvature_at(surface, self.at)


class FieldRequest(Request):
    """A surface on a grid of rows × columns over a view, or over the surface's own."""

    surface: AnySurface
    view: Annotated[list[Side], Field(min_length=1, max_length=2)] | None = None
    shape: Annotated[list[Count], Field(min_length=1, max_length=2)] | None = None

    def field(self) -> "ScalarField":
        """Return the field, once it is known to be within the limits.

        Raises: LimitError, SpecificationError.
        """
        surface = self.surface.surface()
        view = self.view or surface.view
        shape = self.shape or [DEFAULT_SIDE] * surface.dimension
        LIMITS.check("field_cells", math.prod(shape), "shape")
        _check_dimension(surface, "view", len(view))
        _check_dimension(surface, "shape", len(shape))
        return ScalarField(surface, view, shape)
