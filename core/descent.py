"""Descent: a path over a surface, by the same optimizers and equations that train networks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.equation import Array, Equation
from core.errors import SpecificationError, UnknownNameError
from core.index_rule import IndexRule
from core.loop import Loop
from core.optimizers import OPTIMIZERS, Optimizer, record_updates
from core.program import Program, ProgramBuilder
from core.schedules import SCHEDULES, Schedule
from core.surfaces import Surface

AXES = ("variables",)
RUNAWAY = 1e12
"""How many times the first value's size counts as divergence."""


@dataclass(frozen=True)
class Stop:
    """When a descent ends. With both criteria, `require` says whether either is enough.

    A small |Δf| alone says little: it scales with the step size.
    """

    max_iterations: int = 1000
    value_change: float | None = None
    gradient_norm: float | None = None
    require: str = "either"


@dataclass(frozen=True)
class Path:
    """One entry a point; `step_size` has one entry fewer.

    Shapes: theta and gradient (K + 1, n), the rest (K + 1,) or (K,).
    """

    theta: Array
    value: Array
    gradient: Array
    gradient_norm: Array
    step_size: Array
    stopped_by: str

    @property
    def iterations(self) -> int:
        """The number of steps taken."""
        return len(self.step_size)
