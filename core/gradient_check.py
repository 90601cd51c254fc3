"""Gradient check: back-propagated gradients beside central differences of L.

Any gradient can be checked: its tensor is moved cell by cell, and what follows from it is run
again. Where large weights cost, the gradient that a weight then follows stands beside that of
L + Σ R too.

Source: the step ε^(1/3) max(1, |θ|) balances truncation against rounding for central differences;
Nocedal and Wright (2006), "Numerical optimization", section 8.1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.equation import Array
from core.gradient_source import GradientSource, Subject
from core.program import Program
from core.replay import Cell, Probe

ROUNDING_UNITS = 8
"""Units in the last place of L, or of 1 where L is smaller, that its evaluation may be off."""
NARROW = 128
"""Units in a number's last place below which a step's two sides are of unequal width."""

VERDICTS = ("pass", "warn", "fail")
KINK = "kink"
"""The verdict on a cell where a central difference means nothing."""


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
    """The two gradients of one tensor; `gradient` is the checked one's slot: dW[1], dZ[2], rW[1].

    Shapes: backprop, numeric, steps and errors like the tensor; kinks are flat indices of the
    coordinates where a central difference means nothing, since ±h straddles a kink of an
    activation, or is next to nothing beside the number. Differences below `noise` are the rounding
    of L, not of the gradient. `verdicts` has one a cell, "kink" among them. Where every cell is a
    kink nothing was compared: that is the verdict, and the error, difference and noise are NaN.
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
    errors: Array
    verdicts: tuple[str, ...]


@dataclass(frozen=True)
class LeftOut:
    """A gradient that can't be checked, and why in a sentence."""

    gradient: str
    reason: str


@dataclass(frozen=True)
class GradientCheck:
    """The check of several gradients, and its verdict: the worst of those that were compared."""

    verdict: str
    tolerance: Tolerance
    parameters: tuple[ParameterCheck, ...]
    left_out: tuple[LeftOut, ...] = ()


def check_gradients(
    program: Program,
    inputs: Mapping[str, object],
    activations: Sequence[str],
    gradients: Sequence[str] | None = None,
    unfused: Program | None = None,
) -> GradientCheck:
    """Compare gradients of a program with central differences of its loss: all dW and db, or these.

    In a penalised program every rW follows, with central differences of loss and penalty together.
    `unfused` is the same program the long way, which ∂L/∂A of a fused output needs.

    Raises: EquationError where the program has no loss, SpecificationError where L or a parameter's
    gradient isn't finite, or for a gradient that there isn't.
    """
    source = GradientSource(program, inputs, activations, unfused)
    source.check_loss()
    subjects = [source.subject(name) for name in gradients or source.parameters]
    sound = [subject for subject in subjects if source.objection(subject) is None]
    if not gradients and len(sound) < len(subjects):
        source.check(next(subject for subject in subjects if subject not in sound))
    tolerance = TOLERANCES[program.dtype.name]
    checks = [_check(subject, source, tolerance) for subject in sound]
    left_out = [
        LeftOut(subject.gradient, reason)
        for subject in subjects
        if (reason := source.objection(subject)) is not None
    ]
    return GradientCheck(_worst(checks), tolerance, tuple(checks), tuple(left_out))


def _worst(checks: Sequence[ParameterCheck]) -> str:
    compared = [check.verdict for check in checks if check.verdict != KINK]
    nothing = KINK if checks else VERDICTS[0]
    return max(compared, key=VERDICTS.index, default=nothing)


def _check(subject: Subject, source: GradientSource, tolerance: Tolerance) -> ParameterCheck:
    with np.errstate(all="ignore"), source.probe(subject) as probe:
        return _compare(subject, probe, tolerance)


def _compare(subject: Subject, probe: Probe, tolerance: Tolerance) -> ParameterCheck:
    backprop = subject.backprop
    numeric, steps, kinks = differentiate(probe, subject.keeps_inside)
    counted = np.ones(backprop.size, bool)
    counted[list(kinks)] = False
    error = largest = noise = np.nan
    verdict = KINK
    if counted.any():
        ours, theirs = backprop.ravel()[counted], numeric.ravel()[counted]
        error = relative_error(ours, theirs)
        largest = float(np.abs(ours - theirs).max())
        # From A itself, without a pass before it, a small loss has all its digits.
        place = probe.last_place if subject.keeps_inside else probe.rounding
        noise = ROUNDING_UNITS * place / float(steps.ravel()[counted].min())
        verdict = "pass" if largest <= noise else tolerance.verdict(error)
    errors = cell_errors(backprop, numeric)
    verdicts = cell_verdicts(np.abs(backprop - numeric), errors, noise, tolerance, kinks)
    return ParameterCheck(
        subject.name,
        subject.gradient,
        backprop.copy(),
        numeric,
        steps,
        kinks,
        error,
        largest,
        noise,
        verdict,
        errors,
        verdicts,
    )


def differentiate(probe: Probe, keeps_inside: bool = False) -> tuple[Array, Array, tuple[int, ...]]:
    """Return the numeric gradient, the steps x⁺ - x⁻ as represented, and the kinks.

    With `keeps_inside` the tensor is one of probabilities, and steps stay between 0 and 1.
    """
    tensor = probe.tensor
    numeric, steps, kinks = np.empty_like(tensor), np.empty_like(tensor), list[int]()
    for flat, cell in enumerate(np.ndindex(tensor.shape)):
        start = float(tensor[cell])
        scale = min(abs(start), abs(1 - start)) if keeps_inside else max(1.0, abs(start))
        numeric[cell], steps[cell], straddles = _difference(probe, cell, start, scale)
        if straddles:
            kinks.append(flat)
    return numeric, steps, tuple(kinks)


def _difference(probe: Probe, cell: Cell, start: float, scale: float) -> tuple[float, float, bool]:
    """Return the quotient, its width, and whether it means nothing."""
    step = float(np.finfo(probe.tensor.dtype).eps) ** (1 / 3) * scale
    high, low = probe.at(cell, start + step), probe.at(cell, start - step)
    width = high.value - low.value
    if not width:
        return np.nan, width, True
    is_narrow = width < NARROW * np.spacing(np.abs(probe.tensor[cell]))
    means_nothing = bool(is_narrow) or high.sides != low.sides
    return (high.loss - low.loss) / width, width, means_nothing


def cell_errors(ours: Array, theirs: Array) -> Array:
    """Return |a - n| / (|a| + |n|) cell by cell, with 0/0 = 0."""
    with np.errstate(all="ignore"):
        scale = np.abs(ours) + np.abs(theirs)
        return np.where(scale == 0, 0.0, np.abs(ours - theirs) / scale)


def cell_verdicts(
    differences: Array, errors: Array, noise: float, tolerance: Tolerance, kinks: Sequence[int] = ()
) -> tuple[str, ...]:
    """Return each cell's verdict; a difference within the noise passes."""
    flagged = set(kinks)
    pairs = zip(differences.ravel(), errors.ravel(), strict=True)
    return tuple(
        KINK
        if flat in flagged
        else "pass"
        if difference <= noise
        else tolerance.verdict(float(error))
        for flat, (difference, error) in enumerate(pairs)
    )


def relative_error(ours: Array, theirs: Array) -> float:
    """Return ‖a - n‖ / (‖a‖ + ‖n‖), with 0/0 = 0."""
    with np.errstate(all="ignore"):
        scale = float(np.linalg.norm(ours) + np.linalg.norm(theirs))
        return float(np.linalg.norm(ours - theirs)) / scale if scale else 0.0
