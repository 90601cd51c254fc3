"""The contenders: the same step in Chainrule, plain NumPy, PyTorch and scikit-learn."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from core import LOSSES, OPTIMIZERS, make_network
from core.loop import Loop
from core.network import Network
from core.passes import build_program, training_program

Array = np.ndarray[Any, np.dtype[np.float64]]
Stepper = Callable[[], object] | None
LEARNING_RATE = 0.05


@dataclass(frozen=True)
class Problem:
    """A network with standard-normal inputs and random classes."""

    network: Network
    X: Array
    classes: Array

    @classmethod
    def random(cls, sizes: tuple[int, ...], samples: int) -> "Problem":
        """Draw inputs and classes from a fixed seed."""
        state = np.random.RandomState(1)
        activations = ["tanh"] * (len(sizes) - 2) + ["softmax"]
        return cls(
            make_network(sizes, activations, "torch_linear", seed=1),
            state.standard_normal((samples, sizes[0])),
            state.randint(0, sizes[-1], samples),
        )

    @property
    def Y(self) -> Array:
        """The classes, one-hot."""
        return np.eye(self.network.sizes[-1])[self.classes]


def chainrule(problem: Problem) -> Stepper:
    """The program that the product runs, bound to its buffers."""
    network = problem.network
    program = build_program(
        network.sizes,
        network.activations,
        len(problem.X),
        LOSSES["cross_entropy"],
        OPTIMIZERS["gradient_descent"],
    )
    inputs = {"A[0]": problem.X, "Y": problem.Y, "eta": LEARNING_RATE, **network.inputs()}
    return Loop(training_program(program), inputs).run


def plain_numpy(problem: Problem) -> Stepper:
    """What one writes by hand for this network."""
    X, Y, N = problem.X, problem.Y, len(problem.X)
    W = [layer.W.astype(float) for layer in problem.network.layers]
    b = [layer.b.astype(float) for layer in problem.network.layers]
    last = len(W) - 1

    def step() -> float:
        A = [X]
        for layer in range(last):
            A.append(np.tanh(A[-1] @ W[layer].T + b[layer]))
        Z = A[-1] @ W[last].T + b[last]
        shifted = Z - Z.max(axis=1, keepdims=True)
        power = np.exp(shifted)
        total = power.sum(axis=1, keepdims=True)
        loss = (Y * (np.log(total) - shifted)).sum() / N
        dZ = (power / total - Y) / N
        for layer in range(last, -1, -1):
            dW, db = dZ.T @ A[layer], dZ.sum(axis=0)
            if layer:
                dZ = (dZ @ W[layer]) * (1 - A[layer] ** 2)
            W[layer] -= LEARNING_RATE * dW
            b[layer] -= LEARNING_RATE * db
        return float(loss)

    return step


def pytorch(problem: Problem) -> Stepper:
    """PyTorch, eager, in float64."""
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(1)
    sizes = problem.network.sizes
    modules: list[torch.nn.Module] = []
    for inputs, outputs in pairwise(sizes):
        modules += [torch.nn.Linear(inputs, outputs, dtype=torch.float64), torch.nn.Tanh()]
    model = torch.nn.Sequential(*modules[:-1])
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)
    X, classes = torch.tensor(problem.X), torch.tensor(problem.classes)

    def step() -> None:
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(X), classes).backward()
        optimizer.step()

    return step


def scikit_learn(problem: Problem) -> Stepper:
    """scikit-learn's MLPClassifier: one partial_fit on the whole batch."""
    try:
        from sklearn.neural_network import MLPClassifier
    except ImportError:
        return None
    model = MLPClassifier(
        hidden_layer_sizes=problem.network.sizes[1:-1],
        activation="tanh",
        solver="sgd",
        alpha=0.0,
        batch_size=len(problem.X),
        learning_rate_init=LEARNING_RATE,
        momentum=0.0,
        shuffle=False,
    )
    classes = np.arange(problem.network.sizes[-1])

    def step() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.partial_fit(problem.X, problem.classes, classes=classes)

    return step


CONTENDERS: dict[str, Callable[[Problem], Stepper]] = {
    "chainrule": chainrule,
    "numpy": plain_numpy,
    "torch": pytorch,
    "sklearn": scikit_learn,
}
