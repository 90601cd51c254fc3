"""How long each step of a program takes: its NumPy calls alone, measured as they run."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import numpy as np

from core.equation import Call
from core.program import Program, run_calls
from core.replay import Replay

MOST_REPEATS = 25
ENOUGH = 0.05
"""Seconds after which no further run is begun."""


@dataclass(frozen=True)
class StepTimes:
    """The median of so many runs of each step, in seconds."""

    repeats: int
    seconds: list[float]


def measure_steps(program: Program, inputs: Mapping[str, object]) -> StepTimes:
    """Run one iteration's steps again and again on the numbers that they have, and time each."""
    replay = Replay(program, inputs)
    steps = [replay.calls([step]) for step in program.steps]
    runs, begun = list[list[float]](), perf_counter()
    with np.errstate(all="ignore"):
        while len(runs) < MOST_REPEATS and (not runs or perf_counter() - begun < ENOUGH):
            runs.append([_timed(calls) for calls in steps])
    return StepTimes(len(runs), [median(times) for times in zip(*runs, strict=True)])


def _timed(calls: list[Call]) -> float:
    begun = perf_counter()
    run_calls(calls)
    return perf_counter() - begun
