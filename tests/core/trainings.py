"""Small trainings for the tests."""

from typing import Any

import numpy as np

from core.equation import Array
from core.history import Event, follow
from core.monitor import Row
from core.network import Network, make_network
from core.stepper import Stepper
from core.training import Snapshot, Training


def data(samples: int = 23, seed: int = 1) -> tuple[Array, Array]:
    """Points in two classes that no line separates; 23 makes a smaller last batch."""
    X = np.random.RandomState(seed).standard_normal((samples, 2))
    return X, (X[:, :1] * X[:, 1:] > 0).astype(float)


def network(seed: int = 1) -> Network:
    return make_network([2, 4, 3, 1], ["tanh", "tanh", "sigmoid"], "xavier_uniform", seed)


def training(**more: Any) -> Training:
    """Batches of 5 of 23 samples, and 7 samples to test with."""
    X, Y = data()
    options: dict[str, Any] = {"batch_size": 5, "epochs": 4, "classifies": True} | more
    chosen = options.pop("network", network())
    samples = options.pop("data", (X, Y))
    tests = options.pop("tests", data(7, 2))
    return Training(
        chosen, *samples, options.pop("loss", "binary_cross_entropy"), *tests, **options
    )


def after(steps: int, start: Snapshot | None = None, **more: Any) -> Stepper:
    """A stepper that has taken so many steps."""
    stepper = Stepper(training(**more), start)
    stepper.advance(steps)
    return stepper


def numbers(snapshot: Snapshot) -> dict[str, Array]:
    """All arrays of a snapshot by name."""
    named: dict[str, Array] = dict(snapshot.state)
    for layer, (W, b) in enumerate(snapshot.layers, start=1):
        named |= {f"W[{layer}]": W, f"b[{layer}]": b}
    return named


def assert_same(one: Snapshot, other: Snapshot) -> None:
    """Bit for bit."""
    assert one.step == other.step
    first, second = numbers(one), numbers(other)
    assert first.keys() == second.keys()
    for name, array in first.items():
        assert np.array_equal(array, second[name]), name


def rows(events: list[Event]) -> list[Row]:
    return [event for event in events if isinstance(event, Row)]


def snapshots(events: list[Event]) -> list[Snapshot]:
    return [event for event in events if isinstance(event, Snapshot)]


def followed(*arguments: Any, **more: Any) -> list[Event]:
    return list(follow(*arguments, **more))
