"""Conventions: what a request may choose, and how the catalogue lists the choices."""

from typing import Annotated, TypeAlias

from pydantic import BaseModel, Field

from app.fields import OneOf, Request
from core.conventions import HALVES, REDUCTIONS, Conventions
from core.layouts import LAYOUTS
from core.loss_conventions import WHOLE
from core.losses import LOSSES

LayoutName: TypeAlias = Annotated[str, OneOf("layout", tuple(LAYOUTS))]
ReductionName: TypeAlias = Annotated[str, OneOf("reduction", tuple(REDUCTIONS))]
GIVEN = (
    "X and Y are given with one sample a row and W as (out, in), whatever the layout: "
    "the answer has them, and every other tensor, with the layout's axes."
)


class ConventionsChoice(Request):
    __doc__ = f"The conventions of a computation; the default is the lecture's. {GIVEN}"

    layout: LayoutName = "rows_out_in"
    half: Annotated[bool, Field(description="Whether the squared error has its ½.")] = True
    reduction: Annotated[ReductionName, Field(description="How the samples' losses become L.")] = (
        "mean"
    )

    def chosen(self) -> Conventions:
        """Return the conventions themselves."""
        return Conventions(self.layout, self.half, self.reduction)


class ChoiceEntry(BaseModel):
    """A choice with its formula and one sentence."""

    title: str
    latex: str
    description: str


class LayoutEntry(ChoiceEntry):
    """An order of the axes."""

    name: str


class HalfEntry(ChoiceEntry):
    """With or without the ½; it makes a difference to the losses `losses` alone."""

    value: bool
    losses: list[str]


class ReductionEntry(ChoiceEntry):
    """How the samples' losses become one number."""

    name: str


class ConventionsEntry(BaseModel):
    """All choices, the lecture's first, and how data are given under each of them."""

    layouts: list[LayoutEntry]
    halves: list[HalfEntry]
    reductions: list[ReductionEntry]
    given: str


def conventions_entry() -> ConventionsEntry:
    """Return the choices for the catalogue."""
    return ConventionsEntry(
        layouts=[
            LayoutEntry(
                name=each.name,
                title=each.title,
                latex=each.latex,
                description=each.description,
            )
            for each in LAYOUTS.values()
        ],
        halves=[
            HalfEntry(
                value=each.value,
                title=each.title,
                latex=each.latex,
                description=each.description,
                losses=[loss.name for loss in LOSSES.values() if loss.sample.id in WHOLE],
            )
            for each in HALVES
        ],
        reductions=[
            ReductionEntry(
                name=each.name,
                title=each.title,
                latex=each.latex,
                description=each.description,
            )
            for each in REDUCTIONS.values()
        ],
        given=GIVEN,
    )
