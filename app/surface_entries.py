"""Surfaces as the API gives them: in the catalogue, and with their derivatives."""

from pydantic import BaseModel

from app.formulas import Described
from core.surface import Surface


class OptimumEntry(BaseModel):
    """A known stationary point."""

    kind: str
    at: list[float]
    value: float


class SurfaceEntry(BaseModel):
    """A function of one or two variables, where to look at it and where to start.

    `expression`: the formula as it can be typed.
    """

    name: str
    title: str
    latex: str
    expression: str
    dimension: int
    quadratic: bool
    view: list[list[float]]
    start: list[float]
    optima: list[OptimumEntry]
    source: str


class SurfaceAnswer(SurfaceEntry):
    """A surface with its derivatives; LaTeX is null where it is too long to be read."""

    gradient_latex: list[str | None]
    hessian_latex: list[list[str | None]]


def surface_entry(surface: Surface) -> SurfaceEntry:
    """Return a surface as the catalogue holds it."""
    return SurfaceEntry(
        name=surface.name,
        title=surface.title,
        latex=surface.latex,
        expression=surface.expression,
        dimension=surface.dimension,
        quadratic=surface.is_quadratic,
        view=[list(side) for side in surface.view],
        start=list(surface.start),
        optima=[
            OptimumEntry(kind=item.kind, at=list(item.at), value=item.value)
            for item in surface.optima
        ],
        source=surface.source,
    )


def surface_answer(found: Described) -> SurfaceAnswer:
    """Return a surface with its derivatives."""
    entry = surface_entry(found.surface).model_copy(update={"latex": found.latex})
    return SurfaceAnswer.model_validate(
        {
            **entry.model_dump(),
            "gradient_latex": found.gradient_latex,
            "hessian_latex": found.hessian_latex,
        }
    )
