"""What gradients are checked with: all of them, one cell at many steps, a nudge, someone's own."""

import re
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from app.fields import Index, Number
from app.limits import LIMITS
from app.requests import TraceRequest, shape_of
from core.difference_curve import DifferenceCurve, default_steps, difference_curve
from core.experiment import Experiment
from core.gradient_check import TOLERANCES, GradientCheck
from core.gradient_comparison import Facts, GradientComparison, compare_gradient
from core.nudge import Nudge, nudge

MOST_GRADIENTS = 100
_NAME = re.compile(r"[dr]([WbZA])\[(\d{1,4})\]")


class IterationRequest(TraceRequest):
    """An experiment at one of its iterations: with the parameters that it starts from.

    `iteration` is a number as in the tensors' ids, such as 2 in W[1]@2; null is the run's first.
    """

    iteration: Index | None = None

    def experiment(self) -> Experiment:
        """Return the experiment, once its losses are known to be within the limits."""
        evaluations = self._evaluations()
        LIMITS.check("check_operations", evaluations * self._parameters() * len(self.X), "network")
        return super().experiment()

    def moment(self) -> Experiment:
        """Return the experiment at its iteration.

        Raises: LimitError, SpecificationError.
        """
        return self.experiment().at(self.iteration)

    def _evaluations(self) -> int:
        """Return how often the loss is computed."""
        return 0

    def _parameters(self) -> int:
        sizes, _ = shape_of(self.network)
        return sum((n + 1) * k for n, k in pairwise(sizes))

    def _cells(self, gradient: str) -> int:
        """Return how many cells a gradient has, without making it; none where there is none."""
        sizes, _ = shape_of(self.network)
        named = _NAME.fullmatch(gradient)
        layer = int(named[2]) if named else len(sizes)
        if named is None or layer >= len(sizes):
            return 0
        other = {"W": sizes[layer - 1], "b": 1}.get(named[1], len(self.X))
        return sizes[layer] * other


class GradientCheckRequest(IterationRequest):
    """An experiment whose gradients are checked: all dW and db, or those named, such as dZ[1]."""

    gradients: Annotated[list[str], Field(min_length=1, max_length=MOST_GRADIENTS)] | None = None

    def check(self) -> GradientCheck:
        """Return the check.

        Raises: LimitError, SpecificationError.
        """
        return self.moment().check_gradients(self.gradients)

    def _evaluations(self) -> int:
        if self.gradients is None:
            goals = 2 if self.penalty.l1 or self.penalty.l2 else 1
            return goals * 2 * self._parameters()
        return 2 * sum(map(self._cells, self.gradients))


class CellRequest(IterationRequest):
    """One cell of a gradient, such as cell 3 of dW[1]; `cell` is flat, row by row, from 0."""

    gradient: str
    cell: Index = 0


class DifferenceCurveRequest(CellRequest):
    """One cell, and the steps h of its difference quotients; by default from 1e-1 to 1e-15."""

    steps: Annotated[list[Number], Field(min_length=1, fail_fast=True)] | None = None

    def curve(self) -> DifferenceCurve:
        """Return the curve.

        Raises: LimitError, SpecificationError.
        """
        LIMITS.check("difference_steps", len(self.steps or ()), "steps")
        return difference_curve(
            self.moment().gradient_source(), self.gradient, self.cell, self.steps
        )

    def _evaluations(self) -> int:
        return 3 * len(self.steps or default_steps())


class NudgeRequest(CellRequest):
    """One cell, and by how much it is moved, one amount after the other."""

    amounts: Annotated[list[Number], Field(min_length=1, fail_fast=True)]

    def nudge(self) -> Nudge:
        """Return what L makes of it.

        Raises: LimitError, SpecificationError.
        """
        LIMITS.check("nudges", len(self.amounts), "amounts")
        return nudge(self.moment().gradient_source(), self.gradient, self.cell, self.amounts)

    def _evaluations(self) -> int:
        return len(self.amounts) + 2


class GradientComparisonRequest(IterationRequest):
    """A gradient that someone else computed, as text: JSON, as NumPy prints it, or lines."""

    gradient: str
    text: str

    def comparison(self) -> GradientComparison:
        """Return it beside ours and the central difference.

        Raises: LimitError, SpecificationError.
        """
        LIMITS.check("matrix_text", len(self.text), "text")
        experiment = self.moment()
        source = experiment.gradient_source()
        source.check(source.subject(self.gradient))
        (check,) = experiment.check_gradients([self.gradient]).parameters
        sizes, _ = shape_of(self.network)
        rate = experiment.inputs.get("eta")
        facts = Facts(
            len(self.X),
            sizes[-1],
            rate if isinstance(rate, float) else None,
            self.conventions.chosen(),
            self.loss or "",
        )
        return compare_gradient(check, self.text, facts, TOLERANCES[self.precision])

    def _evaluations(self) -> int:
        return 2 * self._cells(self.gradient)
