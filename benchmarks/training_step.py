"""Time one training step (forward, loss, backward, update) beside its peers, in one process.

    make benchmark                 both thread settings, all networks
    python -m benchmarks.training_step --rounds 3

The contenders take turns; each one's time is the best of its rounds, and only the ratios of one run
mean anything. All compute in float64, tanh hidden units, softmax output, cross entropy, plain
gradient descent.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.contenders import CONTENDERS, Problem

THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
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


def main() -> None:
    """Measure once with single-threaded BLAS and once with its default threads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.rounds)
        return
    # BLAS reads its thread count when it is loaded, so each setting needs a process of its own.
    bare = {name: value for name, value in os.environ.items() if name not in THREAD_VARIABLES}
    for title, threads in (("single-threaded BLAS", "1"), ("default threads", None)):
        print(f"\n{title}", flush=True)
        settings = dict.fromkeys(THREAD_VARIABLES, threads) if threads else {}
        command = [sys.executable, "-m", "benchmarks.training_step", "--measure"]
        command += ["--rounds", str(options.rounds)]
        subprocess.run(command, env=bare | settings, check=True)


def measure(rounds: int) -> None:
    """Print a line a network: our time, and every peer's time as a multiple of it."""
    print(f"{'network':<20}{'N':>5}{'ours':>12}   peer's time / ours (aim)")
    for aim in AIMS:
        problem = Problem.random(aim.sizes, aim.samples)
        steppers = {name: make(problem) for name, make in CONTENDERS.items()}
        times = take_turns({name: step for name, step in steppers.items() if step}, rounds)
        ours = times.pop("chainrule")
        aims = {"numpy": aim.against_numpy, "torch": aim.against_torch}
        ratios = (
            f"{name} {value / ours:.2f}" + (f" (≥ {aims[name]:.2f})" if name in aims else "")
            for name, value in times.items()
        )
        sizes = "-".join(map(str, aim.sizes))
        print(
            f"{sizes:<20}{aim.samples:>5}{ours * 1e6:>9.1f} µs   {'   '.join(ratios)}", flush=True
        )


def take_turns(steppers: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return each contender's best time for one step, in seconds."""
    counts = {name: _repetitions(step) for name, step in steppers.items()}
    best = dict.fromkeys(steppers, np.inf)
    for _ in range(rounds):
        for name, step in steppers.items():
            start = time.perf_counter()
            for _ in range(counts[name]):
                step()
            best[name] = min(best[name], (time.perf_counter() - start) / counts[name])
    return best


def _repetitions(step: Callable[[], object]) -> int:
    step()
    start = time.perf_counter()
    step()
    return max(3, int(SECONDS_A_TURN / (time.perf_counter() - start)))


if __name__ == "__main__":
    main()
