"""What goes wrong with a step's shapes: what it is asked with, and how it is written."""

from typing import Literal

from pydantic import BaseModel

from app.fields import Index
from app.requests import TraceRequest
from app.special_numbers import SpecialNumber, special, specials
from core.errors import SpecificationError
from core.trace import Trace, TraceStep
from core.wrong_products import PRODUCTS, Trial, trials

MOST_CELLS = 4096
"""Cells of a wrong result that are sent; of a larger one there is the shape alone."""


class OperandShape(BaseModel):
    """An operand of the step."""

    role: str
    tensor: str
    shape: list[int]


class TrialAnswer(BaseModel):
    """A mistake and what NumPy makes of it.

    `verdict`: it "fails", gives the "same" numbers, other "numbers" of the right shape, or silently
    another "shape". `data` is row-major, null for a refused or a large result. For an update,
    `parameter` names what the result would replace.
    """

    name: str
    title: str
    code: str
    parameter: str | None
    verdict: Literal["fails", "same", "numbers", "shape"]
    error: str | None
    shape: list[int] | None
    data: list[SpecialNumber] | None
    largest_difference: SpecialNumber | None
    is_transposed: bool


class ShapeTrialAnswer(BaseModel):
    """A step's expression with its shapes and its well-known mistakes, if there are any."""

    step: int
    equation: str
    code: str | None
    operands: list[OperandShape]
    result: OperandShape
    trials: list[TrialAnswer]


class ShapeTrialRequest(TraceRequest):
    """An experiment and one of its steps."""

    step: Index = 0

    def answer(self) -> ShapeTrialAnswer:
        """Make the step's mistakes.

        Raises: LimitError, SpecificationError.
        """
        trace = self.experiment().trace()
        if self.step >= len(trace.steps):
            raise SpecificationError(
                f"The trace has no step {self.step}.",
                where=["step"],
                expected=f"a step from 0 to {len(trace.steps) - 1}",
                given=self.step,
            )
        return _written(trace, self.step, trace.steps[self.step])


def _written(trace: Trace, index: int, step: TraceStep) -> ShapeTrialAnswer:
    product = PRODUCTS.get(step.equation.id)
    return ShapeTrialAnswer(
        step=index,
        equation=step.equation.id,
        code=product.code if product else None,
        operands=[_operand(trace, role, id) for role, id in step.operands.items()],
        result=_operand(trace, "result", step.result),
        trials=[_trial(each) for each in trials(trace, step)],
    )


def _operand(trace: Trace, role: str, id: str) -> OperandShape:
    return OperandShape(role=role, tensor=id, shape=list(trace[id].shape))


def _trial(trial: Trial) -> TrialAnswer:
    result = trial.result
    flat = None if result is None or result.size > MOST_CELLS else specials(result.ravel())
    return TrialAnswer(
        name=trial.wrong.name,
        title=trial.wrong.title,
        code=trial.wrong.code,
        parameter=trial.wrong.parameter,
        verdict=trial.verdict,  # pyright: ignore[reportArgumentType]
        error=trial.error,
        shape=None if result is None else list(result.shape),
        data=flat,
        largest_difference=None
        if trial.largest_difference is None
        else special(trial.largest_difference),
        is_transposed=trial.is_transposed,
    )
