"""How a run went: what it is asked with, and how it is written."""

from typing import Literal

from pydantic import BaseModel

from app.answers import DivergenceAnswer
from app.requests import TraceRequest
from app.special_numbers import SpecialNumber, special
from app.wire import divergence_json
from core.broken import Broken, Hop
from core.diagnosis import diagnose
from core.program import Program
from core.trace import Trace


class HopAnswer(BaseModel):
    """A number on the way back from the cell that broke."""

    tensor: str
    cell: list[int]
    value: float


class TermAnswer(BaseModel):
    """A term of the sum that broke: the numbers that it reads between the signs, and its value."""

    parts: list[str | HopAnswer]
    value: SpecialNumber


class BrokenAnswer(BaseModel):
    """The sum of the first cell that isn't finite, at its signs.

    `terms` are those that tell most of how it failed, out of `count`; `infinite` of these are +∞
    and −∞. `axes` and `shape` are those of the tensor, which the trace doesn't have.
    """

    terms: list[TermAnswer]
    count: int
    infinite: tuple[int, int]
    axes: list[str]
    shape: list[int]


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
    `broken`: the operation that failed. `cause`: from the broken cell back, each time the largest
    number that the last was made from.
    """

    diverged: DivergenceAnswer | None
    iteration: int | None
    broken: BrokenAnswer | None
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
                "broken": found.broken and _broken(experiment.program, trace, found.broken),
                "cause": [vars(hop) for hop in found.cause],
                "growth": [vars(each) for each in found.growth],
                "units": [vars(unit) for unit in found.units],
                "unbounded": infinite
                and vars(infinite) | {"cause": [vars(hop) for hop in infinite.cause]},
            }
        )


def _broken(program: Program, trace: Trace, broken: Broken) -> dict[str, object]:
    assert trace.diverged is not None, "what broke has its place"
    slot = program.slots[program.steps[trace.diverged.step % len(program.steps)].result]
    terms = [
        {
            "parts": [vars(part) if isinstance(part, Hop) else part for part in term.parts],
            "value": special(term.value),
        }
        for term in broken.terms
    ]
    return {**vars(broken), "terms": terms, "axes": slot.axes, "shape": slot.shape}
