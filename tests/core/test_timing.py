"""How long each step takes: the median of its own calls alone, step by step."""

from collections.abc import Sequence
from statistics import median

import numpy as np
import pytest

from core import PRESETS, Experiment, timing
from core.equation import Call
from core.network import Layer, Network
from core.replay import Replay
from core.timing import MOST_REPEATS, StepTimes, measure_steps

EXPERIMENT = PRESETS["mse_identity"].experiment()


class Clock:
    """A clock that a call moves on by so many seconds, by the run that it belongs to."""

    def __init__(self, steps: int, seconds: Sequence[float]) -> None:
        self.now, self._steps, self._seconds, self._done = 100.0, steps, seconds, 0

    def __call__(self) -> float:
        return self.now

    def run(self, calls: Sequence[Call]) -> None:
        run = self._done // self._steps
        self._done += 1
        self.now += len(calls) * self._seconds[run % len(self._seconds)]


def measured(monkeypatch: pytest.MonkeyPatch, *seconds: float) -> tuple[StepTimes, list[int]]:
    """The times by such a clock, and how many calls each step has."""
    program = EXPERIMENT.program
    clock = Clock(len(program.steps), seconds)
    monkeypatch.setattr(timing, "perf_counter", clock)
    monkeypatch.setattr(timing, "run_calls", clock.run)
    replay = Replay(program, EXPERIMENT.inputs)
    calls = [len(replay.calls([step])) for step in program.steps]
    return measure_steps(program, EXPERIMENT.inputs), calls


def test_each_step_has_the_median_of_its_own_calls(monkeypatch: pytest.MonkeyPatch):
    seconds = (5e-5, 1e-6, 4e-6, 2e-6, 9e-6)
    found, calls = measured(monkeypatch, *seconds)
    assert found.repeats == MOST_REPEATS
    assert calls != calls[::-1]
    np.testing.assert_allclose(
        found.seconds, np.array(calls) * median(seconds), rtol=1e-6, atol=1e-13
    )


@pytest.mark.parametrize(("whole", "repeats"), [(60.0, 1), (0.02, 3), (0.0499, 2)])
def test_no_run_is_begun_when_enough_time_has_gone(
    monkeypatch: pytest.MonkeyPatch, whole: float, repeats: int
):
    replay = Replay(EXPERIMENT.program, EXPERIMENT.inputs)
    found, _ = measured(monkeypatch, whole / len(replay.calls(EXPERIMENT.program.steps)))
    assert found.repeats == repeats
    assert sum(found.seconds) == pytest.approx(whole)


def test_numbers_past_every_float_are_timed_without_a_warning():
    network = Network((Layer(np.array([[1e200]]), np.zeros(1), "identity"),))
    experiment = Experiment(network, [[1e200]], [[0.0]], "mse")
    found = measure_steps(experiment.program, experiment.inputs)
    assert len(found.seconds) == len(experiment.program.steps)
    assert all(each > 0 for each in found.seconds)
