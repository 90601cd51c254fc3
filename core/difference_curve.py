"""Difference curves: how far difference quotients miss a gradient, against their step h.

Large steps suffer from truncation (the higher terms of the Taylor series: ~h² for a central
difference, ~h for a forward one), small ones from the rounding of L (~ε/h): a V on log-log axes.

Source: Nocedal and Wright (2006), "Numerical optimization", section 8.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.equation import Array
from core.errors import SpecificationError
from core.gradient_source import GradientSource
from core.replay import Cell, Probe


@dataclass(frozen=True)
class DifferenceCurve:
    """One cell's gradient and the error of its difference quotients at many steps.

    `best` and `forward_best` are the places of the smallest errors among the steps that cross no
    kink, None where there is none; `kinks` are the places whose ±h straddles one. `rounding` is
    the spacing of the floats around L over h: what the rounding of L alone does to a quotient.
    Shapes: all arrays (steps,); NaN where a quotient has no value.
    """

    gradient: str
    cell: int
    value: float
    loss: float
    backprop: float
    steps: Array
    central: Array
    forward: Array
    central_error: Array
    forward_error: Array
    rounding: Array
    kinks: tuple[int, ...]
    best: int | None
    forward_best: int | None


def default_steps() -> tuple[float, ...]:
    """Return steps from 1e-1 to 1e-15, four a decade."""
    return tuple(float(10.0 ** (-quarter / 4)) for quarter in range(4, 61))


def difference_curve(
    source: GradientSource, gradient: str, flat: int, steps: Sequence[float] | None = None
) -> DifferenceCurve:
    """Return the errors of central and forward differences for one cell of a gradient.

    Raises: SpecificationError for a gradient, a cell or a step that there isn't.
    """
    subject = source.subject(gradient)
    source.check(subject)
    cell = source.cell(subject, flat)
    widths = np.array(default_steps() if steps is None else steps, float)
    _check_steps(widths)
    backprop = float(subject.backprop[cell])
    with np.errstate(all="ignore"), source.probe(subject) as probe:
        here, last_place = probe.here(cell), probe.last_place
        quotients = [_quotients(probe, cell, float(width)) for width in widths]
    central = np.array([quotient[0] for quotient in quotients])
    forward = np.array([quotient[1] for quotient in quotients])
    central_error, forward_error = np.abs(central - backprop), np.abs(forward - backprop)
    straddles = [quotient[2] for quotient in quotients]
    crosses = [quotient[3] for quotient in quotients]
    return DifferenceCurve(
        gradient=gradient,
        cell=flat,
        value=here.value,
        loss=here.loss,
        backprop=backprop,
        steps=widths,
        central=central,
        forward=forward,
        central_error=central_error,
        forward_error=forward_error,
        rounding=last_place / widths,
        kinks=tuple(place for place, straddled in enumerate(straddles) if straddled),
        best=_smallest(central_error, straddles),
        forward_best=_smallest(forward_error, crosses),
    )


def _check_steps(widths: Array) -> None:
    if not len(widths) or not ((widths > 0) & np.isfinite(widths)).all():
        raise SpecificationError(
            "Every step h must be a finite number above 0, and there must be one at least.",
            where=["steps"],
            expected="numbers above 0",
            given=widths.tolist(),
        )


def _quotients(probe: Probe, cell: Cell, width: float) -> tuple[float, float, bool, bool]:
    """Return the central and the forward quotient, and whether ±h and h lie across a kink."""
    start = float(probe.tensor[cell])
    here = probe.here(cell)
    high, low = probe.at(cell, start + width), probe.at(cell, start - width)
    return (
        _quotient(high.loss - low.loss, high.value - low.value),
        _quotient(high.loss - here.loss, high.value - here.value),
        high.sides != low.sides,
        high.sides != here.sides,
    )


def _quotient(rise: float, run: float) -> float:
    """Return rise / run; NaN where h is lost in the cell's own rounding."""
    return rise / run if run else np.nan


def _smallest(errors: Array, kinked: Sequence[bool]) -> int | None:
    """Return the place of the smallest error; across a kink a difference means nothing."""
    means = np.isfinite(errors) & ~np.array(kinked)
    if not means.any():
        return None
    return int(np.argmin(np.where(means, errors, np.inf)))
