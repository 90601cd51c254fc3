"""The forward pass, the loss, the backward pass and the update, as one program."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.activations import ACTIVATIONS, Activation
from core.affine import affine, bias_gradient, hadamard, input_gradient, weight_gradient
from core.conventions import LECTURE, Conventions
from core.equation import Equation
from core.losses import Fusion, Loss, mean
from core.optimizers import Optimizer, record_updates
from core.penalty import penalty, penalty_gradient
from core.program import SAMPLES, Program, ProgramBuilder
from core.schedules import record_schedule


def units(layer: int) -> str:
    """Return the name of the axis of a layer's units; layer 0 holds the inputs."""
    return f"units[{layer}]"


@dataclass
class _LayerSlots:
    W: int
    b: int
    Z: int = -1
    A: int = -1


class _Passes:
    """Lays the steps of a network out in the order in which the lecture takes them."""

    def __init__(
        self,
        sizes: Sequence[int],
        activations: Sequence[str],
        samples: int,
        dtype: str,
        conventions: Conventions,
    ):
        self._builder = ProgramBuilder(np.dtype(dtype))
        self._conventions = conventions
        self._sizes = sizes
        self._activations = [ACTIVATIONS[name] for name in activations]
        self._samples = samples

    def inputs(self, trains: bool) -> None:
        """Add X and the parameters; they are fixed where nothing updates them."""
        self._X = self._of_samples("A", 0, 0)
        self._layers = [
            _LayerSlots(
                self._weights(layer, fixed=not trains),
                self._builder.input("b", layer, (units(layer),), (k,), fixed=not trains),
            )
            for layer, k in enumerate(self._sizes[1:], start=1)
        ]

    def forward(self) -> None:
        """Z = A Wᵀ ⊕ b and A = g(Z), layer by layer."""
        below = self._X
        for layer, (slots, activation) in enumerate(self._pairs(), start=1):
            slots.Z = self._step("forward", affine, (below, slots.W, slots.b), "Z", layer)
            slots.A = self._step("forward", activation.value, (slots.Z,), "A", layer)
            below = slots.A

    def loss(self, loss: Loss, fusion: Fusion | None) -> None:
        """L = (1/N) Σ_p L_p, from Z where the pair is fused."""
        last = self._layers[-1]
        self._Y = self._of_samples("Y", None, len(self._layers))
        sample = fusion.sample if fusion else loss.sample
        source = last.Z if fusion else last.A
        Lp = self._step("loss", sample, (source, self._Y), "Lp", None)
        self._step("loss", mean, (Lp,), "L", None)

    def backward(self, loss: Loss, fusion: Fusion | None) -> list[tuple[int, int]]:
        """Return each parameter's slot with its gradient's, the first layer's last."""
        last = self._layers[-1]
        count = len(self._layers)
        dA = self._step("backward", loss.dA, (last.A, self._Y), "dA", count)
        gradients = list[tuple[int, int]]()
        for layer in range(count, 0, -1):
            slots = self._layers[layer - 1]
            if layer == count and fusion:
                dZ = self._step("backward", fusion.dZ, (last.A, self._Y), "dZ", layer)
            else:
                dZ = self._through_activation(self._activations[layer - 1], slots, dA, layer)
            gradients += self._parameter_gradients(slots, dZ, layer)
            if layer > 1:
                dA = self._step("backward", input_gradient, (dZ, slots.W), "dA", layer - 1)
        return gradients

    def penalty(self) -> None:
        """R = l1 Σ|W| + ½ l2 Σ W², layer by layer, beside the loss."""
        self._shares = tuple(
            self._builder.input(symbol, None, (), (), fixed=True) for symbol in ("l1", "l2")
        )
        for layer, slots in enumerate(self._layers, start=1):
            self._step("loss", penalty, (slots.W, *self._shares), "R", layer)

    def penalised(self, gradients: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the parameters with the gradients that follow the penalty too."""
        weights = {slots.W for slots in self._layers}
        return [
            (
                theta,
                self._builder.beside(penalty_gradient, (gradient, theta, *self._shares), "r", theta)
                if theta in weights
                else gradient,
            )
            for theta, gradient in gradients
        ]

    def update(
        self,
        optimizer: Optimizer,
        gradients: list[tuple[int, int]],
        switches: Mapping[str, bool],
        schedule: str,
    ) -> None:
        """Move every parameter, the first layer's first."""
        scalars = record_schedule(self._builder, schedule)
        record_updates(self._builder, optimizer, sorted(gradients), switches, scalars)

    def build(self) -> Program:
        return self._builder.build()

    def _step(
        self,
        phase: str,
        equation: Equation,
        operands: Sequence[int],
        symbol: str,
        layer: int | None,
    ) -> int:
        """Add the step that this one is under the conventions, with its operands by their roles."""
        own = self._conventions.own(equation)
        by_role = dict(zip(equation.roles, operands, strict=True))
        return self._builder.step(phase, own, [by_role[role] for role in own.roles], symbol, layer)

    def _of_samples(self, symbol: str, layer: int | None, counted: int) -> int:
        """Add a given matrix of a number for each sample and unit of the layer `counted`."""
        axes, shape = (SAMPLES, units(counted)), (self._samples, self._sizes[counted])
        if self._conventions.axes.samples_are_columns:
            axes, shape = axes[::-1], shape[::-1]
        return self._builder.input(symbol, layer, axes, shape, fixed=True)

    def _weights(self, layer: int, *, fixed: bool) -> int:
        axes = (units(layer), units(layer - 1))
        shape = (self._sizes[layer], self._sizes[layer - 1])
        if self._conventions.axes.inputs_are_rows:
            axes, shape = axes[::-1], shape[::-1]
        return self._builder.input("W", layer, axes, shape, fixed=fixed)

    def _pairs(self) -> list[tuple[_LayerSlots, Activation]]:
        return list(zip(self._layers, self._activations, strict=True))

    def _through_activation(
        self, activation: Activation, slots: _LayerSlots, dA: int, layer: int
    ) -> int:
        if activation.jacobian_product:
            return self._step("backward", activation.jacobian_product, (dA, slots.A), "dZ", layer)
        assert activation.slope, "an activation has a slope or a Jacobian product"
        slope = self._step("backward", activation.slope, (slots.Z,), "slope", layer)
        return self._step("backward", hadamard, (dA, slope), "dZ", layer)

    def _parameter_gradients(
        self, slots: _LayerSlots, dZ: int, layer: int
    ) -> list[tuple[int, int]]:
        below = self._layers[layer - 2].A if layer > 1 else self._X
        dW = self._step("backward", weight_gradient, (dZ, below), "dW", layer)
        db = self._step("backward", bias_gradient, (dZ,), "db", layer)
        return [(slots.W, dW), (slots.b, db)]


def build_program(
    sizes: Sequence[int],
    activations: Sequence[str],
    samples: int,
    loss: Loss | None = None,
    optimizer: Optimizer | None = None,
    *,
    switches: Mapping[str, bool] | None = None,
    fused: bool = True,
    dtype: str = "float64",
    schedule: str = "constant",
    penalised: bool = False,
    conventions: Conventions = LECTURE,
) -> Program:
    """Return the program of a network: forward, then, where given, loss, backward and update.

    With `fused` off, the fused pairs of `core.losses` go the long way too.
    Inputs: "A[0]" (X), "W[l]", "b[l]", and "Y" and "eta" where there is a loss and an optimizer;
    "l1" and "l2" where it is penalised, and a schedule's numbers; all in the conventions' layout.
    """
    passes = _Passes(sizes, activations, samples, dtype, conventions)
    passes.inputs(trains=loss is not None and optimizer is not None)
    passes.forward()
    if loss is not None:
        fusion = loss.fusions.get(activations[-1]) if fused else None
        passes.loss(loss, fusion)
        if penalised:
            passes.penalty()
        gradients = passes.backward(loss, fusion)
        if penalised:
            gradients = passes.penalised(gradients)
        if optimizer is not None:
            passes.update(optimizer, gradients, switches or {}, schedule)
    return passes.build()


def update_program(program: Program) -> Program:
    """Return the program with just the steps that the update needs: the loss's value is none."""
    return program.only(program.carries)


def training_program(program: Program) -> Program:
    """Return the program without the steps that neither the update nor the loss needs.

    What is left out is ∂L/∂A of a fused pair, which a trace shows and a training step doesn't use.
    """
    return program.only([program.slot("L"), *program.carries])
