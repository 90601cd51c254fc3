"""Which gradients a program has, of which tensors, and how each tensor is moved to check it."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.affine import input_gradient
from core.equation import Array
from core.errors import SpecificationError
from core.layouts import layout_of
from core.program import Program
from core.replay import Cell, Probe, Replay

GRADIENTS = ("dW", "db", "dZ", "dA", "rW")
"""The symbols of what can be checked; rW is the gradient with the penalty's share."""
INPUT_GRADIENT = "dA[0]"


@dataclass(frozen=True, eq=False)
class Subject:
    """A gradient and the tensor that it is of.

    Shapes: backprop like the tensor. With `keeps_inside` the tensor's cells stay between 0 and 1.
    """

    name: str
    gradient: str
    backprop: Array
    goal: tuple[str, ...]
    keeps_inside: bool = False


class GradientSource:
    """A program's gradients, and the replays in which their tensors are moved.

    `unfused` is the same program the long way, in which L comes from the output's A.

    Raises: EquationError where an input is missing or misshapen.
    """

    def __init__(
        self,
        program: Program,
        inputs: Mapping[str, object],
        activations: Sequence[str],
        unfused: Program | None = None,
    ) -> None:
        self._inputs, self._activations, self._unfused = inputs, activations, unfused
        self.program = _without_update(program)
        self.replay = Replay(self.program, inputs)

    @cached_property
    def _slots(self) -> dict[str, str]:
        """The names of all slots that a step fills, with their symbols."""
        made = [self.program.slots[step.result] for step in self.program.steps]
        return {slot.name: slot.symbol for slot in made}

    @property
    def parameters(self) -> list[str]:
        """The gradients of all parameters in the order of the layers, then those with a penalty."""
        layers = range(1, len(self._activations) + 1)
        names = [f"{symbol}[{layer}]" for layer in layers for symbol in ("dW", "db")]
        return names + [f"rW[{layer}]" for layer in layers if f"rW[{layer}]" in self._slots]

    @property
    def gradients(self) -> list[str]:
        """Every gradient that can be checked."""
        made = [name for name, symbol in self._slots.items() if symbol in GRADIENTS]
        return [*made, INPUT_GRADIENT]

    def subject(self, gradient: str) -> Subject:
        """Return a gradient with its tensor.

        Raises: SpecificationError where the program has no such gradient.
        """
        if gradient not in self.gradients:
            raise SpecificationError(
                f"There is no gradient called “{gradient[:60]}” here.",
                where=["gradient"],
                expected=self.gradients,
                given=gradient[:60],
            )
        name = gradient[1:]
        goal = ("L", *self._penalties) if gradient.startswith("r") else ("L",)
        backprop = self._input_gradient() if gradient == INPUT_GRADIENT else self.replay[gradient]
        return Subject(name, gradient, backprop, goal, not self.replay.between(name, goal))

    def probe(self, subject: Subject) -> AbstractContextManager[Probe]:
        """Give what moves the subject's tensor."""
        return self._replay_of(subject).moving(subject.name, self._activations, subject.goal)

    def check_loss(self) -> None:
        """Raise SpecificationError where L isn't finite."""
        for name in ("L", *self._penalties):
            if not np.isfinite(self.replay[name]).all():
                raise _not_finite(name)
        with np.errstate(all="ignore"):
            goal = sum(float(self.replay[name]) for name in ("L", *self._penalties))
        if not np.isfinite(goal):
            raise _not_finite("L + Σ R")

    def objection(self, subject: Subject) -> str | None:
        """Return why a gradient can't be checked, in a sentence, or None where it can."""
        if not np.isfinite(subject.backprop).all():
            return _not_finite(subject.gradient).message
        if not np.isfinite(self._replay_of(subject)["L"]):
            return "L, when it is computed from A instead of Z, isn't finite here."
        return None

    def check(self, subject: Subject) -> None:
        """Raise SpecificationError where the gradient can't be checked."""
        self.check_loss()
        if reason := self.objection(subject):
            raise SpecificationError(
                reason,
                expected="a finite loss and finite gradients",
                given=f"{subject.gradient} is not finite",
            )

    def cell(self, subject: Subject, flat: int) -> Cell:
        """Return a flat cell's indices.

        Raises: SpecificationError where the tensor has fewer cells.
        """
        size = subject.backprop.size
        if flat >= size:
            raise SpecificationError(
                f"{subject.gradient} has {size} cells, counted from 0: there is no cell {flat}.",
                where=["cell"],
                expected=f"0 to {size - 1}",
                given=flat,
            )
        return tuple(int(index) for index in np.unravel_index(flat, subject.backprop.shape))

    @cached_property
    def _penalties(self) -> tuple[str, ...]:
        return tuple(name for name, symbol in self._slots.items() if symbol == "R")

    @cached_property
    def _long(self) -> Replay:
        assert self._unfused is not None, "∂L/∂A of a fused output needs the long way"
        return Replay(_without_update(self._unfused), self._inputs)

    def _replay_of(self, subject: Subject) -> Replay:
        return self._long if subject.keeps_inside else self.replay

    def _input_gradient(self) -> Array:
        """Return ∂L/∂X, which no update needs, so that no trace has it."""
        equation = layout_of(self.program).own.get(input_gradient.id, input_gradient)
        operands = {"dZ": self.replay["dZ[1]"], "W": self.replay["W[1]"]}
        return equation(*(operands[role] for role in equation.roles))


def _without_update(program: Program) -> Program:
    """Leave out the update, but not the penalty's share of a gradient, which is recorded there."""
    kept = [
        step.result
        for step in program.steps
        if step.phase != "update" or program.slots[step.result].symbol == "rW"
    ]
    return program.only(kept)


def _not_finite(name: str) -> SpecificationError:
    return SpecificationError(
        f"{name} isn't finite at these numbers, so there is nothing to compare.",
        expected="a finite loss and finite gradients",
        given=f"{name} is not finite",
    )
