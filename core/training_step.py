"""One step of a training, seen at once in three spaces: parameters, batch and loss.

The numbers are those of the step's trace; the losses after it are a trace's too, at the parameters
that the step ended at.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.equation import Array, Indices
from core.first_order import finite, inner_product, kept_promise
from core.stepper import stepper_at
from core.stopping import IsOver, never
from core.trace import Divergence, Trace, run_trace
from core.training import Snapshot, Training


@dataclass(frozen=True)
class LayerChange:
    """A layer before and after a step; what a diverging step didn't reach is None.

    dW is the gradient that the step follows: of the batch's loss, and of the penalty where there is
    one.
    Shapes: W, dW, W_next and W_change (out, in); b, db, b_next and b_change (out,).
    """

    W: Array
    b: Array
    dW: Array | None
    db: Array | None
    W_next: Array | None
    b_next: Array | None
    W_change: Array | None
    b_change: Array | None


@dataclass(frozen=True)
class Measured:
    """The mean loss of some samples and the penalty, which are made smaller together."""

    loss: float
    penalty: float

    @property
    def goal(self) -> float:
        """Both together."""
        return self.loss + self.penalty


@dataclass(frozen=True)
class Around:
    """The same samples before and after a step; None where a number on the way isn't finite."""

    before: Measured | None
    after: Measured | None

    @property
    def change(self) -> float | None:
        """What the step did to loss and penalty together."""
        if self.before is None or self.after is None:
            return None
        return finite(self.after.goal - self.before.goal)


@dataclass(frozen=True)
class TrainingStep:
    """The step that follows iteration `step`.

    `predicted` is Σ g·Δθ, to first order what the step does to the batch's loss and penalty;
    `ratio` is the actual change over it, None where they are too small to compare. `steepest` is
    −η‖g‖², which plain gradient descent promises.
    Shapes: rows (batch,) among the training's samples; outputs (batch, outputs).
    """

    step: int
    learning_rate: float | None
    rows: Indices
    penalised: bool
    layers: list[LayerChange]
    batch: Around
    whole: Around
    outputs: Array | None
    outputs_next: Array | None
    predicted: float | None
    steepest: float | None
    diverged: Divergence | None

    @property
    def ratio(self) -> float | None:
        """How much of the promise came true."""
        before = self.batch.before
        return before and kept_promise(self.batch.change, self.predicted, before.goal)


def training_step(
    training: Training, step: int, start: Snapshot | None = None, is_over: IsOver = never
) -> TrainingStep:
    """Take one step, by training again up to it, and say what it did.

    Raises: as `trace_step`.
    """
    stepper = stepper_at(training, step, start, is_over)
    training = stepper.training
    rows = stepper.batches.at(step)
    trace = stepper.trace()
    here, ahead = _parameters(training, trace, step), _parameters(training, trace, step + 1)
    # The batch's own trace holds what it was like before.
    batch = [trace, _look(training, rows, ahead, step + 1)]
    everything = np.arange(len(training.X))
    whole = [
        _look(training, everything, here, step),
        _look(training, everything, ahead, step + 1),
    ]
    layers = [_change(training, trace, step, layer) for layer in _layers(training)]
    output = f"A[{len(layers)}]"
    learning_rate = _learning_rate(trace)
    return TrainingStep(
        step,
        learning_rate,
        rows,
        training.penalised,
        layers,
        _around(training, batch, step),
        _around(training, whole, step),
        _found(batch[0], f"{output}@{step}"),
        _found(batch[1], f"{output}@{step + 1}"),
        _predicted(layers),
        _steepest(training, layers, learning_rate),
        next((seen.diverged for seen in [*batch, *whole] if seen and seen.diverged), None),
    )


def _layers(training: Training) -> range:
    return range(1, len(training.network.layers) + 1)


def _found(trace: Trace | None, id: str) -> Array | None:
    return trace[id] if trace and id in trace.tensors else None


def _learning_rate(trace: Trace) -> float | None:
    """Return η of this step: an input where it is constant, else made by its schedule."""
    found = [tensor for tensor in trace.tensors.values() if tensor.slot.symbol == "eta"]
    return float(found[-1].data) if found else None


def _parameters(training: Training, trace: Trace, step: int) -> dict[str, Array] | None:
    """Return W and b of all layers by slot, or None where the trace ended before them."""
    names = [f"{symbol}[{layer}]" for layer in _layers(training) for symbol in ("W", "b")]
    found = {name: _found(trace, f"{name}@{step}") for name in names}
    known = {name: array for name, array in found.items() if array is not None}
    return known if len(known) == len(names) else None


def _look(
    training: Training, rows: Indices, parameters: Mapping[str, Array] | None, step: int
) -> Trace | None:
    """Trace the losses of some samples at these parameters."""
    if parameters is None:
        return None
    program = training.loss_program(len(rows))
    shares = {"l1": training.l1, "l2": training.l2} if training.penalised else {}
    data = {"A[0]": training.X[rows], "Y": training.Y[rows]}
    return run_trace(program, {**shares, **parameters, **data}, start=step)


def _around(training: Training, traces: list[Trace | None], step: int) -> Around:
    before, after = traces
    return Around(_measured(training, before, step), _measured(training, after, step + 1))


def _measured(training: Training, trace: Trace | None, step: int) -> Measured | None:
    loss = _found(trace, f"L@{step}")
    if loss is None or not np.isfinite(loss):
        return None
    if not training.penalised:
        return Measured(float(loss), 0.0)
    shares = [_found(trace, f"R[{layer}]@{step}") for layer in _layers(training)]
    if any(share is None for share in shares):
        return None
    return Measured(float(loss), math.fsum(float(share) for share in shares if share is not None))


def _change(training: Training, trace: Trace, step: int, layer: int) -> LayerChange:
    symbol = "rW" if training.penalised else "dW"
    W, b = trace[f"W[{layer}]@{step}"], trace[f"b[{layer}]@{step}"]
    W_next, b_next = (_found(trace, f"{name}[{layer}]@{step + 1}") for name in ("W", "b"))
    return LayerChange(
        W,
        b,
        _found(trace, f"{symbol}[{layer}]@{step}"),
        _found(trace, f"db[{layer}]@{step}"),
        W_next,
        b_next,
        None if W_next is None else W_next - W,
        None if b_next is None else b_next - b,
    )


def _predicted(layers: list[LayerChange]) -> float | None:
    """Return Σ g·Δθ over all parameters."""
    pairs = [
        pair
        for layer in layers
        for pair in ((layer.dW, layer.W_change), (layer.db, layer.b_change))
    ]
    return inner_product(pairs)


def _steepest(
    training: Training, layers: list[LayerChange], learning_rate: float | None
) -> float | None:
    """Return −η‖g‖² where the step is plain gradient descent's."""
    # With weight decay it doesn't go along the gradient alone.
    plain = training.optimizer == "gradient_descent" and not training.settings.scalars.get("decay")
    if learning_rate is None or not plain:
        return None
    gradients = [gradient for layer in layers for gradient in (layer.dW, layer.db)]
    square = inner_product([(gradient, gradient) for gradient in gradients])
    return None if square is None else finite(-learning_rate * square)
