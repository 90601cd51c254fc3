"""Time a path on Rosenbrock's valley beside torch.optim and scipy.optimize, in one process.

    python -m benchmarks.descent

One thousand steps for the optimizers that PyTorch shares; for the searches that SciPy shares, until
‖∇f‖ < 1e-6. Contenders take turns; only the ratios of one run mean anything. All in float64.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks.training_step import take_turns
from core.descent import Descent, Stop
from core.surfaces import SURFACES

ROSENBROCK = SURFACES["rosenbrock"]
STEPS = 1000
RATE = 1e-4
SHARED = ("gradient_descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw")
SEARCHES = {"conjugate_gradient": "CG", "bfgs": "BFGS"}


def main() -> None:
    """Print a line an optimizer: our time for a path, and the peer's as a multiple of it."""
    print(f"{'optimizer':<22}{'ours':>12}   peer's time / ours")
    for name in SHARED:
        compare(name, Stop(max_iterations=STEPS), "torch", torch_path(name))
    for name, method in SEARCHES.items():
        compare(name, Stop(gradient_norm=1e-6), "scipy", scipy_path(method))


def compare(name: str, stop: Stop, peer: str, other: Callable[[], object] | None) -> None:
    """Measure one optimizer and its peer in turns."""
    numbers = {"learning_rate": RATE} if name in SHARED else None
    ours = Descent(ROSENBROCK, ROSENBROCK.start, name, numbers, stop=stop)
    steppers: dict[str, Callable[[], object]] = {"ours": ours.run}
    if other:
        steppers[peer] = other
    times = take_turns(steppers, rounds=3)
    ratios = [f"{key} {time / times['ours']:.2f}" for key, time in times.items() if key != "ours"]
    print(f"{name:<22}{times['ours'] * 1e3:>9.2f} ms   {'   '.join(ratios)}", flush=True)


def torch_path(name: str) -> Callable[[], object] | None:
    """Return the same thousand steps with torch.optim, where it is installed."""
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(1)
    make = {
        "gradient_descent": torch.optim.SGD,
        "momentum": partial(torch.optim.SGD, momentum=0.9),
        "nesterov": partial(torch.optim.SGD, momentum=0.9, nesterov=True),
        "adagrad": torch.optim.Adagrad,
        "rmsprop": torch.optim.RMSprop,
        "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW,
    }[name]

    def path() -> object:
        theta = torch.tensor(ROSENBROCK.start, dtype=torch.float64, requires_grad=True)
        optimizer = make([theta], lr=RATE)
        points = []
        for _ in range(STEPS):
            points.append(theta.detach().clone())
            optimizer.zero_grad()
            ROSENBROCK.value(*theta).backward()
            optimizer.step()
        return points

    return path


def scipy_path(method: str) -> Callable[[], object] | None:
    """Return SciPy's search from the same start, where it is installed."""
    try:
        from scipy.optimize import minimize
    except ImportError:
        return None
    return lambda: minimize(
        lambda x: ROSENBROCK.value(*x),
        ROSENBROCK.start,
        jac=lambda x: np.array(ROSENBROCK.gradient(*x)),
        method=method,
        options={"gtol": 1e-6},
    )


if __name__ == "__main__":
    main()
