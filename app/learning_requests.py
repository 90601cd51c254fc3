"""How a network learns, as requests say it: optimizer, schedule, penalty, and where it begins."""

from typing import Annotated, Any, TypeAlias, cast

import numpy as np
from pydantic import Discriminator, Field, Tag

from app.fields import Matrix, Number, OneOf, Request, StepsDone, Vector
from core import OPTIMIZERS
from core.equation import Array
from core.schedules import SCHEDULES

MOST_STATES = 200

OptimizerName: TypeAlias = Annotated[str, OneOf("optimizer", tuple(OPTIMIZERS))]
ScheduleName: TypeAlias = Annotated[str, OneOf("schedule", tuple(SCHEDULES))]
Share: TypeAlias = Annotated[Number, Field(ge=0)]


def _rank(value: Any) -> str:
    """Tell a number, a vector and a matrix apart, so that an error is about what was meant."""
    if not isinstance(value, list):
        return "number"
    rows = cast(list[object], value)
    return "matrix" if rows and isinstance(rows[0], list) else "vector"


AnyArray: TypeAlias = Annotated[
    Annotated[Number, Tag("number")]
    | Annotated[Vector, Tag("vector")]
    | Annotated[Matrix, Tag("matrix")],
    Discriminator(_rank),
]
State: TypeAlias = Annotated[dict[str, AnyArray], Field(max_length=MOST_STATES, fail_fast=True)]


class OptimizerNumbers(Request):
    """The numbers and switches that an optimizer may take; a missing one has its default."""

    learning_rate: Annotated[Number, Field(gt=0)] | None = None
    momentum: Number | None = None
    dampening: Number | None = None
    alpha: Number | None = None
    beta1: Number | None = None
    beta2: Number | None = None
    epsilon: Number | None = None
    weight_decay: Number | None = None
    centered: bool | None = None

    def numbers(self) -> dict[str, float]:
        """Return the numbers that are given."""
        given = self.model_dump(exclude={"name", "centered"}, exclude_none=True)
        return {name: float(number) for name, number in given.items()}

    def switches(self) -> tuple[str, ...]:
        """Return the switches that are on."""
        return ("centered",) if self.centered else ()


class OptimizerChoice(OptimizerNumbers):
    """An optimizer with its numbers."""

    name: OptimizerName = "gradient_descent"


class ScheduleChoice(Request):
    """A schedule with its numbers; a missing one has its default."""

    name: ScheduleName = "constant"
    gamma: Annotated[Number, Field(ge=0)] | None = None
    period: Annotated[Number, Field(ge=1)] | None = None
    lowest: Annotated[Number, Field(ge=0)] | None = None

    def numbers(self) -> dict[str, float]:
        """Return the numbers that are given."""
        return self.model_dump(exclude={"name"}, exclude_none=True)


class PenaltyChoice(Request):
    """R = l1 Σ|W| + ½ l2 Σ W² over all weights, beside the loss."""

    l1: Share = 0.0
    l2: Share = 0.0


class StartChoice(Request):
    """Where a run begins: after so many steps, with the states that a snapshot has."""

    step: StepsDone
    state: State = Field(default_factory=dict[str, float | list[float] | list[list[float]]])

    def states(self) -> dict[str, Array]:
        """Return the states as arrays."""
        return {name: np.asarray(given, float) for name, given in self.state.items()}
