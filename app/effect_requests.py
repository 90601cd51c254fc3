"""What updates are followed with: a run, branches from it, and two of them compared."""

from typing import Annotated

from pydantic import Field

from app.fields import Count, Index, Request
from app.learning_requests import OptimizerChoice, ScheduleChoice
from app.limits import LIMITS
from app.requests import TraceRequest
from core.branches import Branch, Comparison, Run, compare_runs, run_branches
from core.errors import SpecificationError
from core.update_effect import Effect, effect_of


class BranchChoice(Request):
    """From iteration `at` on, so many iterations learn with this optimizer.

    `at` is a number as in the tensors' ids. Without a schedule the branch keeps the run's.
    """

    at: Index
    iterations: Count
    optimizer: OptimizerChoice
    schedule: ScheduleChoice | None = None

    def branch(self) -> Branch:
        """Return the branch itself."""
        chosen = self.optimizer
        numbers, schedule = chosen.numbers(), self.schedule
        return Branch(
            self.at,
            self.iterations,
            chosen.name,
            numbers,
            chosen.switches(),
            schedule and schedule.name,
            schedule.numbers() if schedule else {},
        )


class BranchesRequest(TraceRequest):
    """An experiment with branches: run 0 is the trunk, the others are numbered as they come."""

    tensor: str
    branches: Annotated[list[BranchChoice], Field(fail_fast=True)] = Field(
        default_factory=list[BranchChoice]
    )

    def runs(self) -> list[Run]:
        """Return the trunk and its branches.

        Raises: LimitError, SpecificationError.
        """
        LIMITS.check("branches", len(self.branches), "branches")
        experiment = self.experiment()
        self._check_branches()
        return run_branches(experiment, [choice.branch() for choice in self.branches])

    def _check_branches(self) -> None:
        """Raise LimitError where all runs together have too many cells."""
        cells = self.program_of(self.optimizer).cells(self.iterations + 1)
        for place, choice in enumerate(self.branches):
            LIMITS.check("iterations", choice.iterations, "branches", place, "iterations")
            program = self.program_of(choice.optimizer, choice.schedule)
            cells += program.cells(choice.iterations + 1)
        LIMITS.check("cells", cells, "branches")


class UpdateEffectRequest(BranchesRequest):
    """An experiment with branches; `tensor` is the parameter whose moves are given, as W[1]."""

    tensor: str = "W[1]"

    def effects(self) -> list[tuple[Run, Effect]]:
        """Return every run with what its updates did.

        Raises: LimitError, SpecificationError.
        """
        return [(run, effect_of(run, self.tensor)) for run in self.runs()]


class BranchComparisonRequest(BranchesRequest):
    """Two runs, by number, and a tensor that is compared in them, such as Z[1] or L."""

    one: Index = 0
    other: Index = 1

    def comparison(self) -> Comparison:
        """Return it.

        Raises: LimitError, SpecificationError.
        """
        runs = self.runs()
        one, other = (self._chosen(runs, key) for key in ("one", "other"))
        return compare_runs(one, other, self.tensor)

    def _chosen(self, runs: list[Run], key: str) -> Run:
        number: int = getattr(self, key)
        if number < len(runs):
            return runs[number]
        raise SpecificationError(
            f"There is no run {number}: run 0 is the trunk, and there are "
            f"{len(runs) - 1} branches.",
            where=[key],
            expected=f"0 to {len(runs) - 1}",
            given=number,
        )
