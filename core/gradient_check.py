"""Gradient check: every parameter's back-propagated gradient beside a central difference of L.

Source: the step ε^(1/3) max(1, |θ|) balances truncation against rounding for central differences;
Nocedal and Wright (2006), "Numerical optimization", section 8.1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.activations import ACTIVATIONS
from core.equation import Array
from core.errors import SpecificationError
from core.loop import Loop
from core.program import Program

ROUNDING_UNITS = 8
"""Units in the last place of L that its evaluation may be off."""

VERDICTS = ("pass", "warn", "fail")


@dataclass(frozen=True)
class Tolerance:
    """Relative errors below `passes` pass, above `fails` fail, and warn in between."""

    passes: float
    fails: float

    def verdict(self, error: float) -> str:
        """Return "pass", "warn" or "fail"; an error that isn't a number fails."""
        if error < self.passes:
            return "pass"
        return "warn" if error <= self.fails else "fail"


TOLERANCES = {"float64": Tolerance(1e-7, 1e-5), "float32": Tolerance(1e-3, 1e-2)}


@dataclass(frozen=True)
class ParameterCheck:
    """One parameter's two gradients.

    Shapes: backprop, numeric and steps like the parameter; kinks are flat indices of the
    coordinates whose ±h straddles a kink of an activation, where a central difference means
    nothing. Differences below `noise` are the rounding of L, not of the gradient.
    """

    name: str
    backprop: Array
    numeric: Array
    steps: Array
    kinks: tuple[int, ...]
    relative_error: float
    largest_difference: float
    noise: float
    verdict: str


@dataclass(frozen=True)
class GradientCheck:
    """The check of all parameters, and its verdict: the worst of theirs."""

    verdict: str
    tolerance: Tolerance
    parameters: tuple[ParameterCheck, ...]


def check_gradients(
    program: Program, inputs: Mapping[str, object], activations: Sequence[str]
) -> GradientCheck:
    """Compare every dW and db of a program with central differences of its loss.

    Raises: EquationError where the program has no loss, SpecificationError where L or a gradient
    isn't finite.
    """
    tolerance = TOLERANCES[program.dtype.name]
    names = [slot.name for slot in program.slots if slot.symbol in ("W", "b") and not slot.offset]
    backward = Loop(program.only([program.slot(f"d{name}") for name in names]), inputs)
    backward.run()
    probe = _Probe(program, inputs, activations)
    for name in ("L", *(f"d{name}" for name in names)):
        _check_finite(name, (probe.loss if name == "L" else backward).value(name))
    with np.errstate(all="ignore"):
        checks = tuple(
            _compare(name, backward.value(f"d{name}"), probe, tolerance) for name in names
        )
    verdict = max((check.verdict for check in checks), key=VERDICTS.index)
    return GradientCheck(verdict, tolerance, checks)


def _check_finite(name: str, value: Array) -> None:
    if not np.isfinite(value).all():
        raise SpecificationError(
            f"{name} isn't finite at these numbers, so there is nothing to compare.",
            expected="a finite loss and finite gradients",
            given=f"{name} is not finite",
        )


class _Probe:
    """The forward pass and the loss, bound once and run for every nudged coordinate."""

    def __init__(
        self, program: Program, inputs: Mapping[str, object], activations: Sequence[str]
    ) -> None:
        self.loss = Loop(program.only([program.slot("L")]), inputs)
        self.loss.run()
        self._kinked = [
            (self.loss.value(f"Z[{layer}]"), ACTIVATIONS[name].kinks)
            for layer, name in enumerate(activations, start=1)
            if ACTIVATIONS[name].kinks
        ]
        self._relative_step = float(np.finfo(program.dtype).eps) ** (1 / 3)

    def differentiate(self, name: str) -> tuple[Array, Array, tuple[int, ...]]:
        """Return the numeric gradient, the steps x⁺ - x⁻ as represented, and the kinks."""
        theta = self.loss.value(name)
        numeric, steps, kinks = np.empty_like(theta), np.empty_like(theta), list[int]()
        for flat, cell in enumerate(np.ndindex(theta.shape)):
            numeric[cell], steps[cell], straddles = self._difference(theta, cell)
            if straddles:
                kinks.append(flat)
        return numeric, steps, tuple(kinks)

    def noise(self, steps: Array) -> float:
        """Return how far the rounding of L alone can move a difference quotient."""
        self.loss.run()
        last_place = float(np.spacing(np.abs(self.loss.value("L"))))
        return ROUNDING_UNITS * last_place / float(steps.min())

    def _difference(self, theta: Array, cell: tuple[int, ...]) -> tuple[float, float, bool]:
        start = theta[cell]
        step = self._relative_step * max(1.0, abs(float(start)))
        high, above = self._loss_at(theta, cell, float(start) + step)
        upper = float(theta[cell])
        low, below = self._loss_at(theta, cell, float(start) - step)
        width = upper - float(theta[cell])
        theta[cell] = start
        return (high - low) / width, width, above != below

    def _loss_at(
        self, theta: Array, cell: tuple[int, ...], value: float
    ) -> tuple[float, list[bytes]]:
        """Return the loss, and on which side of every kink each Z lies."""
        theta[cell] = value
        self.loss.run()
        sides = [np.greater(Z, kink).tobytes() for Z, kinks in self._kinked for kink in kinks]
        return float(self.loss.value("L")), sides


def _compare(name: str, backprop: Array, probe: _Probe, tolerance: Tolerance) -> ParameterCheck:
    numeric, steps, kinks = probe.differentiate(name)
    counted = np.ones(backprop.size, bool)
    counted[list(kinks)] = False
    ours, theirs = backprop.ravel()[counted], numeric.ravel()[counted]
    error = relative_error(ours, theirs)
    largest = float(np.abs(ours - theirs).max(initial=0.0))
    noise = probe.noise(steps)
    verdict = "pass" if largest <= noise else tolerance.verdict(error)
    return ParameterCheck(
        name, backprop.copy(), numeric, steps, kinks, error, largest, noise, verdict
    )


def relative_error(ours: Array, theirs: Array) -> float:
    """Return ‖a - n‖ / (‖a‖ + ‖n‖), with 0/0 = 0."""
    scale = float(np.linalg.norm(ours) + np.linalg.norm(theirs))
    return float(np.linalg.norm(ours - theirs)) / scale if scale else 0.0
