"""Gradient check: every parameter's back-propagated gradient beside a central difference of L.

Where large weights cost, the gradient that a weight then follows stands beside that of L + Σ R too.

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
    """One parameter's two gradients; `gradient` is the checked one's slot: dW[1], db[1] or rW[1].

    Shapes: backprop, numeric and steps like the parameter; kinks are flat indices of the
    coordinates whose ±h straddles a kink of an activation, where a central difference means
    nothing. Differences below `noise` are the rounding of L, not of the gradient.
    """

    name: str
    gradient: str
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

    In a penalised program every rW follows, with central differences of loss and penalty together.

    Raises: EquationError where the program has no loss, SpecificationError where L or a gradient
    isn't finite.
    """
    tolerance = TOLERANCES[program.dtype.name]
    parameters = ("W", "b")
    names = [slot.name for slot in program.slots if slot.symbol in parameters and not slot.offset]
    goals = {"d": (["L"], names)}
    penalties = [slot.name for slot in program.slots if slot.symbol == "R"]
    if penalties:
        weights = [name for name in names if name.startswith("W")]
        goals["r"] = (["L", *penalties], weights)
    checks = [
        check
        for prefix, (goal, chosen) in goals.items()
        for check in _checked(
            program, {f"{prefix}{name}": name for name in chosen}, inputs, activations, goal
        )
    ]
    verdict = max((check.verdict for check in checks), key=VERDICTS.index)
    return GradientCheck(verdict, tolerance, tuple(checks))


def _checked(
    program: Program,
    gradients: Mapping[str, str],
    inputs: Mapping[str, object],
    activations: Sequence[str],
    goal: Sequence[str],
) -> list[ParameterCheck]:
    """Check these gradients, each with its parameter, as those of the sum of the goal's slots."""
    backward = Loop(program.only(map(program.slot, gradients)), inputs)
    backward.run()
    probe = _Probe(program, inputs, activations, goal)
    for name in goal:
        _check_finite(name, probe.loss.value(name))
    for name in gradients:
        _check_finite(name, backward.value(name))
    tolerance = TOLERANCES[program.dtype.name]
    with np.errstate(all="ignore"):
        return [
            _compare(name, gradient, backward.value(gradient), probe, tolerance)
            for gradient, name in gradients.items()
        ]


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
        self,
        program: Program,
        inputs: Mapping[str, object],
        activations: Sequence[str],
        goal: Sequence[str],
    ) -> None:
        self._goal = goal
        self.loss = Loop(program.only(map(program.slot, goal)), inputs)
        self.loss.run()
        self._kinked = [
            (self.loss.value(f"Z[{layer}]"), ACTIVATIONS[name].kinks)
            for layer, name in enumerate(activations, start=1)
            if ACTIVATIONS[name].kinks
        ]
        if len(goal) > 1 and inputs["l1"]:  # |W| has a kink at 0.
            layers = range(1, len(activations) + 1)
            self._kinked += [(self.loss.value(f"W[{layer}]"), (0.0,)) for layer in layers]
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
        last_places = sum(float(np.spacing(np.abs(self.loss.value(name)))) for name in self._goal)
        return ROUNDING_UNITS * last_places / float(steps.min())

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
        """Return the goal, and on which side of every kink each cell lies."""
        theta[cell] = value
        self.loss.run()
        sides = [np.greater(Z, kink).tobytes() for Z, kinks in self._kinked for kink in kinks]
        return sum(float(self.loss.value(name)) for name in self._goal), sides


def _compare(
    name: str, gradient: str, backprop: Array, probe: _Probe, tolerance: Tolerance
) -> ParameterCheck:
    numeric, steps, kinks = probe.differentiate(name)
    counted = np.ones(backprop.size, bool)
    counted[list(kinks)] = False
    ours, theirs = backprop.ravel()[counted], numeric.ravel()[counted]
    error = relative_error(ours, theirs)
    largest = float(np.abs(ours - theirs).max(initial=0.0))
    noise = probe.noise(steps)
    verdict = "pass" if largest <= noise else tolerance.verdict(error)
    return ParameterCheck(
        name, gradient, backprop.copy(), numeric, steps, kinks, error, largest, noise, verdict
    )


def relative_error(ours: Array, theirs: Array) -> float:
    """Return ‖a - n‖ / (‖a‖ + ‖n‖), with 0/0 = 0."""
    scale = float(np.linalg.norm(ours) + np.linalg.norm(theirs))
    return float(np.linalg.norm(ours - theirs)) / scale if scale else 0.0
