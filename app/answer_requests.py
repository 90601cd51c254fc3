"""What an exercise's answers are checked with, and how the verdicts are written."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, Field

from app.fields import Index, Request
from app.limits import LIMITS
from app.requests import TraceRequest
from core.errors import SpecificationError
from core.exact import exact_fractions, exact_operations
from core.judgements import Judgement, judge
from core.typed_number import LONGEST, Typed, read_number

MOST_TERMS = 20_000
"""Terms of sums up to which an answer is held against the exact fractions too."""

Text: TypeAlias = Annotated[str, Field(max_length=LONGEST, examples=["-0.25", "1.2e-3", "1/3"])]


class GivenAnswer(Request):
    """A number as it was typed, whose digits say how exactly it is meant, for one cell.

    Cells are counted from 0, row by row.
    """

    cell: Index
    given: Text


class AnswerCheckRequest(TraceRequest):
    """An experiment, one of its computed tensors by id, and answers for its cells.

    The true values are in the answer only where `reveal` asks for them.
    """

    tensor: Annotated[str, Field(max_length=40, examples=["Z[1]@0"])]
    answers: Annotated[list[GivenAnswer], Field(min_length=1, fail_fast=True)]
    reveal: bool = False

    def checked(self, is_over: Callable[[], bool]) -> "AnswerCheckAnswer":
        """Return the verdicts.

        Raises: LimitError, SpecificationError; BudgetError once `is_over` says so.
        """
        LIMITS.check("answers", len(self.answers), "answers")
        experiment = self.experiment()
        trace = experiment.trace()

        def fractions() -> Sequence[Fraction | None]:
            if exact_operations(experiment.program, self.iterations) > MOST_TERMS:
                return ()
            return exact_fractions(trace, experiment.inputs, until=self.tensor)[self.tensor]

        found = judge(trace, self.tensor, self._typed(), fractions, is_over)
        return AnswerCheckAnswer(
            tensor=self.tensor, answers=[_verdict(each, self.reveal) for each in found]
        )

    def _typed(self) -> dict[int, Typed]:
        typed: dict[int, Typed] = {}
        for place, answer in enumerate(self.answers):
            if answer.cell in typed:
                raise SpecificationError(
                    f"There are two answers for cell {answer.cell}.",
                    where=["answers", place, "cell"],
                    expected="one answer a cell",
                    given=answer.cell,
                )
            typed[answer.cell] = read_number(answer.given, ["answers", place, "given"])
        return typed


class SlipAnswer(BaseModel):
    """A mistake that gives the number typed, and the formula that it follows, as LaTeX."""

    name: str = Field(examples=["transpose_forgotten"])
    sentence: str
    latex: str


class VerdictAnswer(BaseModel):
    """What is to be said about one answer.

    `right`: the true value, rounded to the digits typed, of which there are at least two.
    `slip`: what `slips` lists gives this number. `near`: within 5 % of the true value (or, where
    that is 0, at most 0.01), or rightly rounded to one digit alone.
    """

    cell: int
    verdict: Literal["right", "slip", "near", "wrong"]
    sentence: str
    slips: list[SlipAnswer]
    value: float | None = Field(description="The true value, where it was asked to be revealed.")


class AnswerCheckAnswer(BaseModel):
    """A verdict for each answer, in the order given."""

    tensor: str
    answers: list[VerdictAnswer]


def _verdict(found: Judgement, reveal: bool) -> VerdictAnswer:
    slips = [
        SlipAnswer(name=slip.name, sentence=slip.sentence, latex=slip.latex) for slip in found.slips
    ]
    return VerdictAnswer.model_validate(
        {
            "cell": found.cell,
            "verdict": found.verdict,
            "sentence": found.sentence,
            "slips": slips,
            "value": found.value if reveal else None,
        }
    )
