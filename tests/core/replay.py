"""Replaying a program with one of its tensors changed."""

from collections.abc import Sequence

import numpy as np

from core.equation import Array
from core.losses import LOSSES
from core.network import Network, find_loss, make_network
from core.optimizers import OPTIMIZERS
from core.passes import build_program
from core.program import Program, Values, read_inputs, run_calls, step_calls


class Run:
    """A program that has run once; any slot can be changed and what follows from it run again."""

    def __init__(self, program: Program, inputs: dict[str, object]) -> None:
        self.program = program
        self.values: Values = read_inputs(program, inputs)
        for step in program.steps:
            self.values[step.result] = np.empty(program.slots[step.result].shape)
        self._run(program.steps)

    def __getitem__(self, name: str) -> Array:
        return self.values[self.program.slot(name)]

    def loss_with(self, name: str, changed: Array) -> float:
        """L, when the tensor of this name has these values instead of its own."""
        slot = self.program.slot(name)
        kept = {index: value.copy() for index, value in self.values.items()}
        self.values[slot][...] = changed
        self._run([step for step in self.program.steps if step.result != slot])
        loss = float(self["L"])
        for index, value in kept.items():
            self.values[index][...] = value
        return loss

    def _run(self, steps: Sequence[object]) -> None:
        with np.errstate(all="ignore"):
            for step in steps:
                run_calls(step_calls(step, self.values))


def central_difference(run: Run, name: str, step: float = 6e-6) -> Array:
    """∂L/∂T by central differences, cell by cell."""
    start = run[name].copy()
    numeric = np.empty_like(start)
    for cell in np.ndindex(start.shape):
        width = step * max(1.0, abs(float(start[cell])))
        losses = []
        for sign in (1, -1):
            moved = start.copy()
            moved[cell] += sign * width
            losses.append(run.loss_with(name, moved))
        numeric[cell] = (losses[0] - losses[1]) / (2 * width)
    return numeric


def experiment(
    hidden: str, output: str, loss: str, samples: int, *, fused: bool = True, seed: int = 3
) -> tuple[Network, Run]:
    """A 3-4-3-2 network with random data that fits the loss, run once."""
    sizes = (3, 4, 3, 2)
    network = make_network(sizes, (hidden, hidden, output), "xavier_normal", seed)
    state = np.random.RandomState(seed)
    X = state.standard_normal((samples, 3))
    Y = targets(loss, state, samples)
    program = build_program(
        sizes,
        network.activations,
        samples,
        find_loss(loss, output),
        OPTIMIZERS["gradient_descent"],
        fused=fused,
    )
    return network, Run(program, {**network.inputs(), "A[0]": X, "Y": Y, "eta": 0.1})


def targets(loss: str, state: np.random.RandomState, samples: int) -> Array:
    """Random targets that the loss takes."""
    if loss == "mse":
        return state.standard_normal((samples, 2))
    raw = state.uniform(0.1, 0.9, (samples, 2))
    return raw / raw.sum(axis=1, keepdims=True) if loss == "cross_entropy" else raw


PAIRS = [(loss.name, output) for loss in LOSSES.values() for output in loss.outputs]
