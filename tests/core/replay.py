"""Replaying a program with one of its tensors changed."""

import numpy as np

from core import ACTIVATIONS
from core.conventions import LECTURE, Conventions
from core.equation import Array
from core.losses import LOSSES
from core.network import Layer, Network, find_loss, make_network
from core.optimizers import OPTIMIZERS
from core.passes import build_program
from core.replay import Replay

SIZES = (3, 4, 3, 2)
STEP = np.finfo(float).eps ** (1 / 3)
"""The relative step of a central difference: it balances truncation against rounding."""
SEEDS = range(3, 9)
PAIRS = [(loss.name, output) for loss in LOSSES.values() for output in loss.outputs]
FUSED = [(loss.name, output) for loss in LOSSES.values() for output in loss.fusions]


Run = Replay
"""A program that has run once; the differences below are worked out apart from the core's own."""


def central_difference(run: Run, name: str) -> Array:
    """∂L/∂T by central differences, cell by cell."""
    tensor, calls = run[name], run.calls(run.between(name))
    assert calls, f"{name} doesn't lead to L"
    numeric = np.empty_like(tensor)
    for cell in np.ndindex(tensor.shape):
        start = tensor[cell]
        width = STEP * max(1.0, abs(float(start)))
        ends, losses = [], []
        for moved in (start + width, start - width):
            tensor[cell] = moved
            run.run(calls)
            ends.append(float(tensor[cell]))
            losses.append(float(run["L"]))
        tensor[cell] = start
        numeric[cell] = (losses[0] - losses[1]) / (ends[0] - ends[1])
    run.run(calls)
    return numeric


def experiment(
    hidden: str,
    output: str,
    loss: str,
    samples: int,
    *,
    fused: bool = True,
    conventions: Conventions = LECTURE,
) -> tuple[Network, Run]:
    """A 3-4-3-2 network with random data that fits the loss, run once.

    It is the first seed's whose gradients all say something and that is clear of every kink.
    """
    for seed in SEEDS:
        network, run = _experiment(hidden, output, loss, samples, fused, seed, conventions)
        if _says_something(run) and _is_clear_of_kinks(run, network):
            return network, run
    raise AssertionError("some gradient is 0, or a unit lies on a kink, whatever the seed")


def _experiment(
    hidden: str,
    output: str,
    loss: str,
    samples: int,
    fused: bool,
    seed: int,
    conventions: Conventions,
) -> tuple[Network, Run]:
    state = np.random.RandomState(seed)
    drawn = make_network(SIZES, (hidden, hidden, output), "xavier_normal", seed)
    network = Network(
        tuple(
            Layer(layer.W, state.uniform(-0.5, 0.5, layer.b.shape), layer.activation)
            for layer in drawn.layers
        )
    )
    program = build_program(
        SIZES,
        network.activations,
        samples,
        find_loss(loss, output),
        OPTIMIZERS["gradient_descent"],
        fused=fused,
        conventions=conventions,
    )
    X, Y = state.standard_normal((samples, SIZES[0])), targets(loss, state, samples)
    given: dict[str, object] = {"A[0]": X, "Y": Y, **network.inputs()}
    return network, Run(program, {**placed(given, conventions), "eta": 0.1})


def placed(given: dict[str, object], conventions: Conventions) -> dict[str, object]:
    """The same numbers with the axes of a layout: samples as rows and W (out, in) are given."""
    layout = conventions.axes
    turned = {"A": layout.of_samples, "Y": layout.of_samples, "W": layout.of_weights}
    return {
        name: turned[name[0]](np.asarray(array)) if name[0] in turned else array
        for name, array in given.items()
    }


def _says_something(run: Run) -> bool:
    """Whether no gradient is next to 0: a comparison of 0 with 0 would pass with any fault."""
    made = [run[slot.name] for slot in run.program.slots if slot.symbol in ("dW", "db", "dZ", "dA")]
    return all(np.abs(gradient).max() > 1e-3 for gradient in made)


def _is_clear_of_kinks(run: Run, network: Network) -> bool:
    return all(
        np.abs(run[f"Z[{layer}]"] - kink).min() > 1e-3
        for layer, name in enumerate(network.activations, start=1)
        for kink in ACTIVATIONS[name].kinks
    )


def targets(loss: str, state: np.random.RandomState, samples: int) -> Array:
    """Random targets that the loss takes."""
    if loss == "mse":
        return state.standard_normal((samples, 2))
    raw = state.uniform(0.1, 0.9, (samples, 2))
    return raw / raw.sum(axis=1, keepdims=True) if loss == "cross_entropy" else raw
