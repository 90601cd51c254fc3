"""A trace's numbers as exact fractions, as far as they have them."""

from collections.abc import Callable

import orjson
from pydantic import BaseModel, Field

from app.limits import LIMITS
from app.requests import TraceRequest
from core.exact import MOST_DIGITS, exact_fractions, exact_operations, fraction_text


class FractionsRequest(TraceRequest):
    """An experiment whose trace is computed once more in fractions."""

    def fractions(self, is_over: Callable[[], bool]) -> bytes:
        """Write them.

        Raises: LimitError, SpecificationError; BudgetError once `is_over` says so.
        """
        experiment = self.experiment()
        operations = exact_operations(experiment.program, self.iterations)
        LIMITS.check("fraction_operations", operations)
        found = exact_fractions(experiment.trace(), experiment.inputs, is_over)
        texts = {id: [fraction_text(value) for value in values] for id, values in found.items()}
        return orjson.dumps({"fractions": {id: _any(row) for id, row in texts.items()}})


def _any(row: list[str | None]) -> list[str | None] | None:
    return None if all(text is None for text in row) else row


class FractionsAnswer(BaseModel):
    """Every tensor's cells as fractions in lowest terms; null where there is none to show."""

    fractions: dict[str, list[str | None] | None] = Field(
        description="By tensor id, flat and row-major, such as “-3/8” or “2”. Null is a number"
        f" without a fraction of at most {MOST_DIGITS} digits above and below; a tensor without"
        " any is null as a whole.",
        examples=[{"Z[1]@0": ["2/5", None], "A[1]@0": None}],
    )
