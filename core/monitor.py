"""The monitor: what a training is like between two steps, measured on all its samples.

It runs the training's own program, less the update, on the whole training set, and its forward pass
on the test set.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.activations import ACTIVATIONS
from core.equation import Array
from core.loop import Loop
from core.penalty import followed
from core.predictions import class_of
from core.stepper import Stepper
from core.trace import Divergence, run_trace
from core.unit_health import Mask, unit_health

GOAL = "L + ΣR"
"""What a training makes smaller, where there are penalties."""
SAFE = (1e-250, 1e300)
"""Between these a sum of squares has lost nothing that its root could tell."""


@dataclass(frozen=True)
class Row:
    """A training after `step` steps.

    Losses are means over all training or test samples, without the penalty; `gradient_norm` has one
    entry a layer and is the gradient of the loss and the penalty together. `saturated` and `dead`
    are shares of each hidden layer's units, None where the activation mixes units. A unit is dead
    whose slope is 0 on every training sample, so that nothing can move it; it is saturated where it
    isn't dead and its mean slope is below `core.unit_health.SATURATED` of the steepest.
    `learning_rate` is that of the next step; `seconds` is the mean time of a step since the row
    before.
    """

    step: int
    epoch: float
    loss: float
    penalty: float
    test_loss: float | None
    accuracy: float | None
    test_accuracy: float | None
    learning_rate: float
    gradient_norm: list[float]
    saturated: list[float | None]
    dead: list[float | None]
    seconds: float | None = None

    @property
    def goal(self) -> float:
        """What the training makes smaller."""
        return self.loss + self.penalty

    @property
    def is_finite(self) -> bool:
        """Whether the losses are numbers."""
        return math.isfinite(self.goal) and math.isfinite(self.test_loss or 0.0)


class Monitor:
    """Measures a training through its stepper."""

    def __init__(self, stepper: Stepper) -> None:
        training = stepper.training
        self._stepper, self._training = stepper, training
        self._layers = range(1, len(training.network.layers) + 1)
        self._gradients = [
            (followed(f"W[{layer}]", penalised=training.penalised), f"db[{layer}]")
            for layer in self._layers
        ]
        self._penalties = [f"R[{layer}]" for layer in self._layers] if training.penalised else []
        self._slopes = [
            f"slope[{layer}]" if ACTIVATIONS[name].slope else None
            for layer, name in enumerate(training.network.activations[:-1], start=1)
        ]
        self._output = f"A[{len(self._layers)}]"
        # Where a batch is the whole set, a row's pass is the one that the next step begins with.
        self._is_ahead = stepper.batches.per_epoch == 1
        self._train = self._train_loop(list(self._measured()))
        self._test = None
        if training.test_X is not None and training.test_Y is not None and training.tests:
            self._test = self._loop(training.test_X, training.test_Y, ["L", self._output])

    def row(self, seconds: float | None = None) -> Row:
        """Measure where the training stands."""
        train, test = self._run(self._train), self._run(self._test) if self._test else None
        if self._is_ahead:
            self._stepper.loop.skip_ahead()
        step = self._stepper.step
        return Row(
            step,
            step / self._stepper.batches.per_epoch,
            float(train.value("L")),
            _sum([float(train.value(name)) for name in self._penalties]),
            float(test.value("L")) if test else None,
            self._accuracy(train),
            self._accuracy(test) if test else None,
            float(train.value("eta")),
            [norm_of(*map(train.value, names)) for names in self._gradients],
            *self._shares(train),
            seconds,
        )

    def divergence(self) -> Divergence:
        """Return the first thing that isn't finite on the way to a row's losses."""
        for loop, X, Y in (
            (self._train, self._training.X, self._training.Y),
            (self._test, self._training.test_X, self._training.test_Y),
        ):
            if loop is not None:
                program = loop.program.only([loop.program.slot(name) for name in self._losses()])
                slots = [program.slots[index] for index in program.inputs]
                now = {slot.name: loop.value(slot.name) for slot in slots}
                data = {"A[0]": X, "Y": Y}
                found = run_trace(program, now | data, start=self._stepper.step).diverged
                if found:
                    return found
        # Each of them is finite, but their sum isn't.
        return Divergence(len(self._train.program.steps), GOAL, (), "+inf")

    def _losses(self) -> list[str]:
        return ["L", *self._penalties]

    def _measured(self) -> Iterator[str]:
        yield from ("L", self._output, "eta", *self._penalties)
        yield from (name for names in self._gradients for name in names)
        yield from (name for name in self._slopes if name)

    def _train_loop(self, results: list[str]) -> Loop:
        training, loop = self._training, self._stepper.loop
        if self._is_ahead:
            return loop.ahead(training.program(len(training.X)), results)
        return self._loop(training.X, training.Y, results)

    def _loop(self, X: Array, Y: Array, results: list[str]) -> Loop:
        program = self._training.program(len(X))
        return self._stepper.loop.twin(program, {"A[0]": X, "Y": Y}, results)

    def _run(self, loop: Loop) -> Loop:
        loop.iteration = self._stepper.loop.iteration
        loop.run()
        # It took no step: the parameters are where they were.
        loop.iteration = self._stepper.loop.iteration
        return loop

    def _accuracy(self, loop: Loop) -> float | None:
        if not self._training.classifies:
            return None
        A, Y = loop.value(self._output), loop.value("Y")
        return int(np.count_nonzero(class_of(A) == class_of(Y))) / len(A)

    def _shares(self, loop: Loop) -> tuple[list[float | None], list[float | None]]:
        saturated, dead = list[float | None](), list[float | None]()
        for name, activation in zip(
            self._slopes, self._training.network.activations[:-1], strict=True
        ):
            if name is None:
                saturated.append(None)
                dead.append(None)
                continue
            dead_ones, flat_ones = unit_health(loop.value(name), activation)
            saturated.append(_share(flat_ones))
            dead.append(_share(dead_ones))
        return saturated, dead


def _share(units: Mask) -> float:
    return int(np.count_nonzero(units)) / len(units)


def _sum(penalties: list[float]) -> float:
    """Add what is never negative; ∞ where it is more than a float can tell."""
    try:
        return math.fsum(penalties)
    except OverflowError:
        return math.inf


def norm_of(W: Array, b: Array) -> float:
    """Return ‖(W, b)‖, also where its square would overflow or vanish."""
    square = float(np.vdot(W, W)) + float(np.vdot(b, b))
    if SAFE[0] < square < SAFE[1]:
        return math.sqrt(square)
    largest = max(float(np.abs(W).max()), float(np.abs(b).max()))
    if not (0 < largest < math.inf):
        return largest
    return largest * math.hypot(
        float(np.linalg.norm(W / largest)), float(np.linalg.norm(b / largest))
    )
