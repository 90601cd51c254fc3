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
    """A hidden unit that learns nothing any more, or next to nothing, and since which iteration.

    `nearest` is its pre-activation closest to where it would learn, on the row `sample`, counted
    from 0; `slope` is its mean slope.
    """

    layer: int
    unit: int
    state: Literal["dead", "saturated"]
    since: int
    nearest: float
    sample: int
    slope: float


class DiagnosisAnswer(BaseModel):
    """What broke first and from what, how the run grew, and the units that stopped learning.

    `cause`: from the broken cell back, each time the largest number that the last was made from.
    """

    diverged: DivergenceAnswer | None
    iteration: int | None
    cause: list[HopAnswer]
    growth: list[GrowthAnswer]
    units: list[UnitAnswer]


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
        return DiagnosisAnswer.model_validate(
            {
                "diverged": None if broken is None else divergence_json(broken),
                "iteration": None if broken is None else trace.first + broken.step // steps,
                "cause": [vars(hop) for hop in found.cause],
                "growth": [vars(each) for each in found.growth],
                "units": [vars(unit) for unit in found.units],
            }
        )
