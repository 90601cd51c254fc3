"""Time one training step (forward, loss, backward, update) beside its peers, in one process.

    python -m benchmarks.training_step --rounds 3

The contenders take turns; each one's time is the best of its rounds, and only the ratios of one run
mean anything. All compute in float64 with one thread, tanh hidden units, softmax output, cross
entropy, plain gradient descent. It measures `core` as a package, with the kernels that NumPy and
PyTorch choose by themselves; the app chooses its own (docs/decisions/0019), which
`benchmarks.training_run` measures. It ends with 1 where an aim is missed.
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.contenders import CONTENDERS, Problem

SECONDS_A_TURN = 0.15


@dataclass(frozen=True)
class Aim:
    """A network with the ratios that the project aims for."""

    sizes: tuple[int, ...]
    samples: int
    against_torch: float
    against_numpy: float = 1 / 1.15


AIMS = (
    Aim((5, 7, 4, 3), 3, 5.0),
    Aim((2, 8, 8, 2), 200, 3.0),
    Aim((64, 64, 32, 10), 256, 1.3),
    Aim((784, 512, 256, 10), 512, 0.95),
)


def main() -> int:
    """Print a line a network: our time, and every peer's time as a multiple of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    print(f"{'network':<20}{'N':>5}{'ours':>12}   peer's time / ours (aim)")
    met = [is_met(aim, rounds) for aim in AIMS]
    return int(not all(met))


def is_met(aim: Aim, rounds: int) -> bool:
    """Measure one network, and say whether it is as fast as it should be."""
    problem = Problem.random(aim.sizes, aim.samples)
    steppers = {name: make(problem) for name, make in CONTENDERS.items()}
    times = take_turns({name: step for name, step in steppers.items() if step}, rounds)
    ours = times.pop("chainrule")
    title = f"{'-'.join(map(str, aim.sizes)):<20}{aim.samples:>5}{ours * 1e6:>9.1f} µs"
    aims = {"numpy": aim.against_numpy, "torch": aim.against_torch}
    return judged(title, {name: time / ours for name, time in times.items()}, aims)


def judged(title: str, ratios: dict[str, float], aims: dict[str, float]) -> bool:
    """Print what was measured beside its aims, and say whether they are met."""
    told = [
        f"{name} {ratio:.2f}" + told_aim(ratio, aims.get(name)) for name, ratio in ratios.items()
    ]
    print(f"{title}   {'   '.join(told)}", flush=True)
    return all(ratio >= aims.get(name, 0) for name, ratio in ratios.items())


def told_aim(ratio: float, aim: float | None) -> str:
    """Say what a ratio should be."""
    return "" if aim is None else f" (≥ {aim:.2f}{'' if ratio >= aim else ', missed'})"


def take_turns(steppers: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return each contender's best time for one step, in seconds of the processor.

    Another program's time isn't theirs, and each has one thread alone.
    """
    counts = {name: _repetitions(step) for name, step in steppers.items()}
    best = dict.fromkeys(steppers, np.inf)
    for _ in range(rounds):
        for name, step in steppers.items():
            start = time.process_time()
            for _ in range(counts[name]):
                step()
            best[name] = min(best[name], (time.process_time() - start) / counts[name])
    return best


def _repetitions(step: Callable[[], object]) -> int:
    step()
    start = time.process_time()
    step()
    return max(3, int(SECONDS_A_TURN / (time.process_time() - start)))


if __name__ == "__main__":
    sys.exit(main())
