"""How long steps take: what it is asked with, and how it is written."""

from pydantic import BaseModel

from app.requests import TraceRequest
from core.timing import measure_steps


class StepTimesAnswer(BaseModel):
    """How long each step of one iteration takes on this server, now.

    `seconds` has an entry a step: the median of `repeats` runs of its NumPy calls alone.
    """

    repeats: int
    seconds: list[float]


class StepTimesRequest(TraceRequest):
    """An experiment whose steps are timed."""

    def answer(self) -> StepTimesAnswer:
        """Measure them.

        Raises: LimitError, SpecificationError.
        """
        experiment = self.experiment()
        measured = measure_steps(experiment.program, experiment.inputs)
        return StepTimesAnswer(repeats=measured.repeats, seconds=measured.seconds)
