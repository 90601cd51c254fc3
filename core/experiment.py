"""Experiments: a network, its data, a loss and an optimizer, ready to be traced or checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike

from core.conventions import LECTURE, Conventions
from core.equation import Array
from core.errors import SpecificationError, UnknownNameError
from core.gradient_check import GradientCheck, check_gradients
from core.gradient_source import GradientSource
from core.learning import Learning, Start, check_penalty, check_state, penalty_scalars
from core.loop import Loop
from core.network import Layer, Network, check_data, check_sizes, find_loss
from core.passes import build_program, update_program
from core.program import Program
from core.settings import find_optimizer
from core.trace import Trace, run_trace

PRECISIONS = ("float64", "float32")


@lru_cache(maxsize=64)
def plan_program(
    sizes: tuple[int, ...],
    activations: tuple[str, ...],
    samples: int,
    loss: str | None = None,
    optimizer: str | None = None,
    precision: str = "float64",
    switches: tuple[str, ...] = (),
    schedule: str = "constant",
    penalised: bool = False,
    fused: bool = True,
    conventions: Conventions = LECTURE,
) -> Program:
    """Return the program of such a network, without making any of its arrays.

    Raises: SpecificationError where the parts don't go together, UnknownNameError for a name.
    """
    check_sizes(sizes, activations)
    if precision not in PRECISIONS:
        raise UnknownNameError("precision", precision, PRECISIONS, ["precision"])
    return build_program(
        sizes,
        activations,
        samples,
        find_loss(loss, activations[-1]) if loss else None,
        find_optimizer(optimizer) if optimizer else None,
        switches=dict.fromkeys(switches, True),
        fused=fused,
        dtype=precision,
        schedule=schedule,
        penalised=penalised,
        conventions=conventions,
    )


@dataclass(frozen=True, eq=False)
class Experiment:
    """One network on its data. Without a loss there is only the forward pass.

    With a start it goes on where a training was: iterations are numbered from its step.
    Shapes: X (N, inputs), Y (N, outputs), W and its states (out, in), whatever the conventions: it
    is the program that has them in the layout's order.
    Raises: SpecificationError where the parts don't fit together.
    """

    network: Network
    X: ArrayLike
    Y: ArrayLike | None = None
    loss: str | None = None
    optimizer: str | None = "gradient_descent"
    learning_rate: float | None = None
    numbers: Mapping[str, float] | None = None
    switches: tuple[str, ...] = ()
    iterations: int = 1
    precision: str = "float64"
    schedule: str = "constant"
    schedule_numbers: Mapping[str, float] | None = None
    l1: float = 0.0
    l2: float = 0.0
    start: Start | None = None
    conventions: Conventions = LECTURE

    def __post_init__(self) -> None:
        if (self.loss is None) != (self.Y is None):
            raise SpecificationError(
                "A loss needs targets Y, and targets need a loss.",
                where=["Y" if self.Y is None else "loss"],
                expected="both loss and Y, or neither",
                given="a loss without Y" if self.Y is None else "Y without a loss",
            )
        if self.iterations > 1 and not self.trains:
            raise SpecificationError(
                "More than one iteration needs a loss and an optimizer: "
                "without an update every iteration is the same.",
                where=["iterations"],
                expected=1,
                given=self.iterations,
            )
        loss = find_loss(self.loss, self.network.activations[-1]) if self.loss else None
        Y = None if self.Y is None else _matrix(self.Y, "Y")
        X = _matrix(self.X, "X")
        check_data(self.network.sizes, X, Y, loss)
        given = {"X": X, **self.network.inputs()} | ({} if Y is None else {"Y": Y})
        for name, array in given.items():
            _check_finite(name, array, self.precision)
        check_penalty(self.l1, self.l2)
        if self.start:
            self._check_start()

    def _check_start(self) -> None:
        if not self.trains:
            raise SpecificationError(
                "A start needs a loss and an optimizer, whose steps and states it holds.",
                where=["start"],
                expected="a loss and an optimizer",
                given=f"loss {self.loss}, optimizer {self.optimizer}",
            )
        check_state(self.program, self._states, "start", "state")

    @property
    def _states(self) -> dict[str, Array]:
        """The optimizer's states, in the layout's order: those of W are like W."""
        layout = self.conventions.axes
        start = self.start or Start()
        return {
            name: layout.of_weights(array) if array.ndim == 2 else array
            for name, array in start.state.items()
        }

    @property
    def penalised(self) -> bool:
        """Whether large weights cost, beside the loss."""
        return self.loss is not None and bool(self.l1 or self.l2)

    @property
    def trains(self) -> bool:
        """Whether the parameters are updated."""
        return self.loss is not None and self.optimizer is not None

    @cached_property
    def program(self) -> Program:
        """The program of one iteration."""
        return plan_program(
            self.network.sizes,
            self.network.activations,
            len(np.asarray(self.X)),
            self.loss,
            self.optimizer if self.trains else None,
            self.precision,
            self.learning.settings.switches if self.trains else (),
            self.schedule if self.trains else "constant",
            self.penalised,
            conventions=self.conventions,
        )

    @cached_property
    def learning(self) -> Learning:
        """How the parameters are updated."""
        numbers = dict(self.numbers or {})
        if self.learning_rate is not None:
            numbers["learning_rate"] = self.learning_rate
        return Learning(
            self.optimizer or "",
            numbers,
            self.switches,
            self.schedule,
            self.schedule_numbers or {},
            self.l1,
            self.l2,
        )

    @property
    def inputs(self) -> dict[str, object]:
        """The arrays that the program starts from, by slot."""
        layout = self.conventions.axes
        named: dict[str, object] = {
            "A[0]": layout.of_samples(np.asarray(self.X)),
            **{
                name: layout.of_weights(array) if name.startswith("W") else array
                for name, array in self.network.inputs().items()
            },
        }
        if self.loss is not None:
            named["Y"] = layout.of_samples(np.asarray(self.Y))
        if self.penalised:
            named |= penalty_scalars(self.l1, self.l2)
        if self.trains:
            named |= self.learning.scalars()
        return named | self._states

    def trace(self) -> Trace:
        """Run all iterations and keep every number."""
        return run_trace(self.program, self.inputs, self.iterations, self.first)

    @property
    def first(self) -> int:
        """The number of the first iteration, as in the ids of its tensors."""
        return self.start.step if self.start else 0

    def numbered(self, iteration: int | None) -> int:
        """Return an iteration's number, the first one's for None.

        Raises: SpecificationError where the run has no such iteration.
        """
        if iteration is None:
            return self.first
        last = self.first + self.iterations - 1
        if not self.first <= iteration <= last:
            raise SpecificationError(
                f"There is no iteration {iteration}: they are numbered from {self.first} to "
                f"{last}, as in the ids of the tensors.",
                where=["iteration"],
                expected=f"{self.first} to {last}",
                given=iteration,
            )
        return iteration

    def at(self, iteration: int | None = None) -> "Experiment":
        """Return the same experiment with the parameters that an iteration starts from.

        Raises: SpecificationError where there is no such iteration, or it isn't reached.
        """
        iteration = self.numbered(iteration)
        if iteration == self.first:
            return replace(self, iterations=1)
        loop = Loop(update_program(self.program), self.inputs)
        loop.run(iteration - self.first)
        given = self.conventions.axes.of_weights
        layers = tuple(
            Layer(
                given(loop.value(f"W[{i}]")).copy(),
                loop.value(f"b[{i}]").copy(),
                layer.activation,
            )
            for i, layer in enumerate(self.network.layers, start=1)
        )
        if not all(np.isfinite(layer.W).all() and np.isfinite(layer.b).all() for layer in layers):
            raise SpecificationError(
                f"The parameters stop being finite before iteration {iteration}.",
                where=["iteration"],
                expected="an iteration that is reached",
                given=iteration,
            )
        return replace(self, network=Network(layers), iterations=1, start=None)

    def gradient_source(self) -> GradientSource:
        """Return the gradients of the loss, and what moves their tensors.

        Raises: SpecificationError where there is no loss.
        """
        return GradientSource(
            self._with_loss(), self.inputs, self.network.activations, self._unfused
        )

    def check_gradients(self, gradients: Sequence[str] | None = None) -> GradientCheck:
        """Compare every parameter's gradient, or these, with central differences of the loss.

        Raises: SpecificationError where there is no loss.
        """
        return check_gradients(
            self._with_loss(), self.inputs, self.network.activations, gradients, self._unfused
        )

    def _with_loss(self) -> Program:
        if self.loss is None:
            raise SpecificationError(
                "A gradient check needs a loss.",
                where=["loss"],
                expected="a loss and targets Y",
                given=None,
            )
        return self.program

    @property
    def _unfused(self) -> Program:
        """The program of forward, loss and backward with the output's A on the way to L."""
        return plan_program(
            self.network.sizes,
            self.network.activations,
            len(np.asarray(self.X)),
            self.loss,
            None,
            self.precision,
            fused=False,
            conventions=self.conventions,
        )


def _check_finite(name: str, array: Array, precision: str) -> None:
    # An unknown precision is answered where the program is planned.
    largest = np.finfo(precision if precision in PRECISIONS else "float64").max
    if not (np.abs(array.astype(float)) <= float(largest)).all():
        raise SpecificationError(
            f"{name} holds a number that isn't finite in {precision}.",
            where=[name],
            expected=f"finite numbers, at most {largest:.7g} either way",
            given="NaN, infinity or a number beyond that",
        )


def _matrix(rows: ArrayLike, name: str) -> Array:
    array = np.asarray(rows, dtype=float)
    if array.ndim != 2 or not len(array):
        raise SpecificationError(
            f"{name} must be a matrix with one row a sample.",
            where=[name],
            expected="a matrix with at least one row",
            given=list(array.shape),
        )
    return array
