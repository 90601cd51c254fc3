"""Time whole training steps over mini-batches beside PyTorch eager and scikit-learn, in one run.

    python -m benchmarks.training_run            core as a package, with the processor's own kernels
    python -m benchmarks.training_run --app      with those that the server computes with

A 2-8-8-1 network (tanh, tanh, sigmoid, binary cross entropy) on 250 samples, plain gradient
descent, float64, one thread; PyTorch with the kernels that it chooses by itself. A turn is one
shuffled epoch: forward, loss, backward and update of every batch. Contenders take turns; each one's
time is the best of its rounds, and only the ratios of one run mean anything. It ends with 1 where
an aim is missed. What giving out rows and snapshots costs is measured by `benchmarks.train_page`.
"""

import sys
import warnings
from collections.abc import Callable
from itertools import pairwise
from typing import Any

# Before NumPy is loaded: docs/decisions/0019.
if "--app" in sys.argv:
    import app  # noqa: F401  # isort: skip

import numpy as np

from benchmarks.training_step import judged, take_turns
from core import make_network
from core.stepper import Stepper
from core.training import Training

SIZES = (2, 8, 8, 1)
SAMPLES = 250
RATE = 0.05
ROUNDS = 9
AIMS = {10: {"torch": 12.0, "sklearn": 3.0}, SAMPLES: {"torch": 3.0, "sklearn": 3.0}}

Epoch = Callable[[], object]


def main() -> int:
    """Print a line a batch size."""
    print(f"{'batch size':<12}{'samples a second':>18}   peer's time / ours (aim)")
    met = [is_met(batch_size, aims) for batch_size, aims in AIMS.items()]
    return int(not all(met))


def is_met(batch_size: int, aims: dict[str, float]) -> bool:
    """Measure one batch size, and say whether it is as fast as it should be."""
    made = {"ours": ours(batch_size), "torch": pytorch(batch_size), "sklearn": sklearn(batch_size)}
    times = take_turns({name: epoch for name, epoch in made.items() if epoch}, ROUNDS)
    own = times.pop("ours")
    title = f"{batch_size:<12}{SAMPLES / own:>18,.0f}"
    return judged(title, {name: value / own for name, value in times.items()}, aims)


def data() -> tuple[Any, Any]:
    """Standard-normal points in two classes that no line separates."""
    X = np.random.RandomState(1).standard_normal((SAMPLES, 2))
    return X, (X[:, :1] * X[:, 1:] > 0).astype(float)


def training(batch_size: int, epochs: int = 1) -> Training:
    """The training that the product runs."""
    network = make_network(SIZES, ["tanh", "tanh", "sigmoid"], "torch_linear", seed=1)
    numbers = {"learning_rate": RATE}
    return Training(
        network,
        *data(),
        "binary_cross_entropy",
        numbers=numbers,
        batch_size=batch_size,
        epochs=epochs,
    )


def ours(batch_size: int) -> Epoch:
    """One epoch of the stepper."""
    stepper = Stepper(training(batch_size))
    steps = stepper.batches.per_epoch
    return lambda: stepper.advance(steps)


def pytorch(batch_size: int) -> Epoch | None:
    """PyTorch, eager, in float64: a permutation an epoch and slices of it, without a DataLoader."""
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(1)
    modules: list[torch.nn.Module] = []
    for inputs, outputs in pairwise(SIZES):
        modules += [torch.nn.Linear(inputs, outputs, dtype=torch.float64), torch.nn.Tanh()]
    model = torch.nn.Sequential(*modules[:-1])
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    criterion = torch.nn.BCEWithLogitsLoss()
    X, Y = (torch.tensor(array) for array in data())

    def epoch() -> None:
        order = torch.randperm(SAMPLES)
        shuffled_X, shuffled_Y = X[order], Y[order]
        for start in range(0, SAMPLES, batch_size):
            optimizer.zero_grad()
            outputs = model(shuffled_X[start : start + batch_size])
            criterion(outputs, shuffled_Y[start : start + batch_size]).backward()
            optimizer.step()

    return epoch


def sklearn(batch_size: int) -> Epoch | None:
    """scikit-learn: one partial_fit is one shuffled epoch over its own mini-batches."""
    try:
        from sklearn.neural_network import MLPClassifier
    except ImportError:
        return None
    model = MLPClassifier(
        hidden_layer_sizes=SIZES[1:-1],
        activation="tanh",
        solver="sgd",
        alpha=0.0,
        batch_size=batch_size,
        learning_rate_init=RATE,
        momentum=0.0,
    )
    X, Y = data()
    labels = Y[:, 0].astype(int)

    def epoch() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.partial_fit(X, labels, classes=np.array([0, 1]))

    return epoch


if __name__ == "__main__":
    sys.exit(main())
