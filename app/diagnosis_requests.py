"""How a run went: what it is asked with, and how it is written."""

from typing import Literal

from pydantic import BaseModel

from app.answers import DivergenceAnswer
from app.requests import TraceRequest
from app.wire import divergence_json
from core.diagnosis import diagnose


class HopAnswer(BaseModel):
    """A number on the way back from the cell that broke."""

    tensor: str
    cell: list[int]
    value: float


class GrowthAnswer(BaseModel):
    """How large things were in an iteration, by layer; null where the run ended before."""

    iteration: int
    loss: float | None
    largest_weight: list[float | None]
    gradient_norm: list[float | None]


class UnitAnswer(BaseModel):
    """A unit that learns nothing, or next to nothing: since and until which iteration.

    `until` is the iteration in which it learns again, null where it stays so. `nearest` is its
    pre-activation closest to 0 in iteration `since`, on the row `sample`, counted from 0; `slope`
    is its mean slope there. `cancels`: it is an output whose slope the loss cancels, so that it
    learns all the same.
    """

    layer: int
    unit: int
    state: Literal["dead", "saturated"]
    since: int
    until: int | None
    nearest: float
    sample: int
    slope: float
    cancels: bool


class UnboundedCell(BaseModel):
    """The first infinite number, and from the output that it divides by back to what made it."""

    iteration: int
    tensor: str
    cell: list[int]
    sign: Literal[-1, 1]
    cause: list[HopAnswer]


class DiagnosisAnswer(BaseModel):
    """What broke first and from what, how the run grew, and the units that stopped learning.

    `unbounded` is the first number that is infinite though the run went on. `units` has the first
    to stop first.
    `cause`: from the broken cell back, each time the largest number that the last was made from.
    """

    diverged: DivergenceAnswer | None
    iteration: int | None
    cause: list[HopAnswer]
    growth: list[GrowthAnswer]
    units: list[UnitAnswer]
    unbounded: UnboundedCell | None


class DiagnosisRequest(TraceRequest):
    """An experiment whose run is looked through."""

    def answer(self) -> DiagnosisAnswer:
        """Return the diagnosis.

        Raises: LimitError, SpecificationError.
        """
        experiment = self.experiment()
        trace = experiment.trace()
        found = diagnose(trace, experiment.program, experiment.network.activations)
        broken, steps = trace.diverged, len(experiment.program.steps)
        infinite = found.unbounded
        return DiagnosisAnswer.model_validate(
            {
                "diverged": None if broken is None else divergence_json(broken),
                "iteration": None if broken is None else trace.first + broken.step // steps,
                "cause": [vars(hop) for hop in found.cause],
                "growth": [vars(each) for each in found.growth],
                "units": [vars(unit) for unit in found.units],
                "unbounded": infinite
                and vars(infinite) | {"cause": [vars(hop) for hop in infinite.cause]},
            }
        )
