"""One step of a training, seen at once in three spaces: parameters, batch and loss.

The numbers are those of the step's trace; the losses after it are a trace's too, at the parameters
that the step ended at.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.equation import Array, Indices
from core.first_order import finite, inner_product, kept_promise, total
from core.penalty import followed
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

    @property
    def gradients(self) -> tuple[Array | None, Array | None]:
        """Of W and b."""
        return self.dW, self.db

    @property
    def changes(self) -> tuple[Array | None, Array | None]:
        """Of W and b."""
        return self.W_change, self.b_change


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
    return _Account(stepper.training, step, stepper.batches.at(step), stepper.trace()).told()


class _Account:
    """What is told of a step: from its own trace, and from traces of the losses around it."""

    def __init__(self, training: Training, step: int, rows: Indices, trace: Trace) -> None:
        self._training, self._step, self._rows, self._trace = training, step, rows, trace
        self._places = range(1, len(training.network.layers) + 1)
        here, ahead = self._parameters(step), self._parameters(step + 1)
        everything = np.arange(len(training.X))
        # The batch's own trace holds what it was like before.
        self._batch = trace, self._look(rows, ahead, step + 1)
        self._whole = self._look(everything, here, step), self._look(everything, ahead, step + 1)

    def told(self) -> TrainingStep:
        """Return the step."""
        layers = [self._change(layer) for layer in self._places]
        learning_rate = self._learning_rate()
        outputs, outputs_next = self._outputs()
        return TrainingStep(
            step=self._step,
            learning_rate=learning_rate,
            rows=self._rows,
            penalised=self._training.penalised,
            layers=layers,
            batch=self._around(*self._batch),
            whole=self._around(*self._whole),
            outputs=outputs,
            outputs_next=outputs_next,
            predicted=_predicted(layers),
            steepest=self._steepest(layers, learning_rate),
            diverged=self._diverged(),
        )

    def _parameters(self, step: int) -> dict[str, Array] | None:
        """Return W and b of all layers by slot, or None where the trace ended before them."""
        names = [f"{symbol}[{layer}]" for layer in self._places for symbol in ("W", "b")]
        found = {name: _found(self._trace, f"{name}@{step}") for name in names}
        known = {name: array for name, array in found.items() if array is not None}
        return known if len(known) == len(names) else None

    def _look(
        self, rows: Indices, parameters: Mapping[str, Array] | None, step: int
    ) -> Trace | None:
        """Trace the losses of some samples at these parameters."""
        if parameters is None:
            return None
        training = self._training
        shares = {"l1": training.l1, "l2": training.l2} if training.penalised else {}
        data = {"A[0]": training.X[rows], "Y": training.Y[rows]}
        program = training.loss_program(len(rows))
        return run_trace(program, {**shares, **parameters, **data}, start=step)

    def _change(self, layer: int) -> LayerChange:
        trace, step = self._trace, self._step
        dW = followed(f"W[{layer}]", penalised=self._training.penalised)
        W, b = trace[f"W[{layer}]@{step}"], trace[f"b[{layer}]@{step}"]
        W_next, b_next = (_found(trace, f"{name}[{layer}]@{step + 1}") for name in ("W", "b"))
        return LayerChange(
            W,
            b,
            dW=_found(trace, f"{dW}@{step}"),
            db=_found(trace, f"db[{layer}]@{step}"),
            W_next=W_next,
            b_next=b_next,
            W_change=None if W_next is None else W_next - W,
            b_change=None if b_next is None else b_next - b,
        )

    def _around(self, before: Trace | None, after: Trace | None) -> Around:
        return Around(self._measured(before, self._step), self._measured(after, self._step + 1))

    def _measured(self, trace: Trace | None, step: int) -> Measured | None:
        loss = _found(trace, f"L@{step}")
        penalty = self._penalty(trace, step)
        if loss is None or penalty is None or not np.isfinite(loss):
            return None
        return Measured(float(loss), penalty)

    def _penalty(self, trace: Trace | None, step: int) -> float | None:
        if not self._training.penalised:
            return 0.0
        shares = [_found(trace, f"R[{layer}]@{step}") for layer in self._places]
        return total([None if share is None else float(share) for share in shares])

    def _outputs(self) -> tuple[Array | None, Array | None]:
        """Return the network's outputs on the batch, before the step and after it."""
        output, (before, after) = f"A[{self._places[-1]}]", self._batch
        return _found(before, f"{output}@{self._step}"), _found(after, f"{output}@{self._step + 1}")

    def _learning_rate(self) -> float | None:
        """Return η of this step: an input where it is constant, else made by its schedule."""
        found = [each for each in self._trace.tensors.values() if each.slot.symbol == "eta"]
        return float(found[-1].data) if found else None

    def _steepest(self, layers: list[LayerChange], learning_rate: float | None) -> float | None:
        """Return −η‖g‖² where the step is plain gradient descent's."""
        training = self._training
        # With weight decay it doesn't go along the gradient alone.
        decays = training.settings.scalars.get("decay")
        if learning_rate is None or training.optimizer != "gradient_descent" or decays:
            return None
        gradients = _gradients(layers)
        square = inner_product(gradients, gradients)
        return None if square is None else finite(-learning_rate * square)

    def _diverged(self) -> Divergence | None:
        """Return the first cell that wasn't finite, if there is one."""
        seen = [trace for trace in (*self._batch, *self._whole) if trace]
        return next((trace.diverged for trace in seen if trace.diverged), None)


def _found(trace: Trace | None, id: str) -> Array | None:
    return trace[id] if trace and id in trace.tensors else None


def _gradients(layers: list[LayerChange]) -> list[Array | None]:
    return [gradient for layer in layers for gradient in layer.gradients]


def _predicted(layers: list[LayerChange]) -> float | None:
    """Return Σ g·Δθ over all parameters."""
    return inner_product(_gradients(layers), [each for layer in layers for each in layer.changes])
