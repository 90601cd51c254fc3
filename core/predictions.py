"""Predictions: what a network makes of every row of a data set, and how wrong each is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.equation import Array, Indices
from core.loop import Loop
from core.network import Network, check_data, find_loss
from core.passes import build_program

HALF = 0.5
"""The probability from which a single output says the second class."""


@dataclass(frozen=True)
class Sampling:
    """The mean loss of the first n training rows in a drawn order, n = 1, 2, …

    It says how well a smaller sample would have told the loss.
    Shapes: order and means (training rows,).
    """

    order: Indices
    means: Array


@dataclass(frozen=True)
class Predictions:
    """A network on every row.

    `residuals`, outputs − Y, are for numbers alone, `predicted` and `correct` for classes alone; a
    confusion matrix has a row for each true class and a column for each predicted one.
    Shapes: outputs and residuals (N, outputs), losses, predicted and correct (N,), confusions
    (classes, classes).
    """

    outputs: Array
    losses: Array
    loss: float
    test_loss: float | None
    sampling: Sampling
    residuals: Array | None = None
    predicted: Indices | None = None
    correct: NDArray[np.bool_] | None = None
    confusion: Indices | None = None
    test_confusion: Indices | None = None


def predict(
    network: Network,
    loss: str,
    X: Array,
    Y: Array,
    train: Sequence[int] | Indices,
    test: Sequence[int] | Indices,
    classes: int = 0,
    seed: int = 0,
) -> Predictions:
    """Run a network over all rows; `classes` is 0 where the targets are numbers.

    Shapes: X (N, inputs), Y (N, outputs).
    Raises: SpecificationError where network, loss and data don't fit together.
    """
    outputs, losses = _run(network, loss, X, Y)
    trained, tested = np.asarray(train, np.intp), np.asarray(test, np.intp)
    found = Predictions(
        outputs,
        losses,
        loss=float(np.mean(losses[trained])),
        test_loss=float(np.mean(losses[tested])) if len(tested) else None,
        sampling=_sampling(losses, trained, seed),
    )
    if not classes:
        return replace(found, residuals=outputs - Y)
    return _judged(found, class_of(Y), trained, tested, classes)


def _run(network: Network, name: str, X: Array, Y: Array) -> tuple[Array, Array]:
    """Return the outputs and the loss of every row."""
    loss = find_loss(name, network.activations[-1])
    check_data(network.sizes, X, Y, loss)
    program = build_program(network.sizes, network.activations, len(X), loss)
    loop = Loop(program, {"A[0]": X, "Y": Y, **network.inputs()})
    loop.run()
    return loop.value(f"A[{len(network.layers)}]").copy(), loop.value("Lp").copy()


def _sampling(losses: Array, train: Indices, seed: int) -> Sampling:
    order = np.random.default_rng(seed).permutation(train)
    with np.errstate(all="ignore"):  # a loss may be unbounded
        means = np.cumsum(losses[order]) / np.arange(1, len(order) + 1)
    return Sampling(order, means)


def class_of(values: Array) -> Indices:
    """Return each row's class: the largest of several outputs, or a single one's side of ½.

    Shapes: (N, outputs) to (N,).
    """
    if values.shape[1] == 1:
        return (values[:, 0] > HALF).astype(np.intp)
    return values.argmax(axis=1)


def _judged(
    found: Predictions, true: Indices, train: Indices, test: Indices, classes: int
) -> Predictions:
    """Add which rows have the right class, and which classes are taken for which."""
    predicted = class_of(found.outputs)
    return replace(
        found,
        predicted=predicted,
        correct=predicted == true,
        confusion=_confusion(true[train], predicted[train], classes),
        test_confusion=_confusion(true[test], predicted[test], classes) if len(test) else None,
    )


def _confusion(true: Indices, predicted: Indices, classes: int) -> Indices:
    """Count the rows by their true class (row) and their predicted one (column)."""
    counts = np.zeros((classes, classes), np.intp)
    np.add.at(counts, (true, predicted), 1)
    return counts
