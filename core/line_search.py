"""Line searches: how far to go along a direction.

Each takes f along the line as functions of the step length, so that it serves any surface.
"""

import math
from collections.abc import Callable

FIRST_STEP = 1.0
SUFFICIENT = 1e-4
SHRINK = 0.5
MOST_TRIALS = 60

Along = Callable[[float], float]


def backtracking(along: Along, slope: float, first: float = FIRST_STEP) -> float:
    """Return the first of a, a/2, a/4, … whose decrease is sufficient; 0 where none is.

    A value that isn't finite counts as too large.
    Source: Armijo (1966); Nocedal and Wright (2006), algorithm 3.1.
    """
    start, step = along(0.0), first
    if not slope < 0:
        return 0.0
    for _ in range(MOST_TRIALS):
        value = along(step)
        if math.isfinite(value) and value <= start + SUFFICIENT * step * slope:
            return step
        step *= SHRINK
    return 0.0


def strong_wolfe(along: Along, slope_at: Along, curvature: float) -> float:
    """Return a step that meets the strong Wolfe conditions; 0 where none is found.

    Source: Nocedal and Wright (2006), algorithms 3.5 and 3.6, with bisection in the zoom.
    """
    start, slope = along(0.0), slope_at(0.0)
    if not slope < 0:
        return 0.0
    search = _Wolfe(along, slope_at, start, slope, curvature)
    before, value_before, step = 0.0, start, FIRST_STEP
    for trial in range(MOST_TRIALS):
        value = along(step)
        if search.is_too_high(step, value) or (trial and value >= value_before):
            return search.zoom(before, value_before, step)
        here = slope_at(step)
        if abs(here) <= -curvature * slope:
            return step
        if here >= 0:
            return search.zoom(step, value, before)
        before, value_before, step = step, value, 2 * step
    return before


class _Wolfe:
    def __init__(
        self, along: Along, slope_at: Along, start: float, slope: float, curvature: float
    ) -> None:
        self._along, self._slope_at = along, slope_at
        self._start, self._slope, self._curvature = start, slope, curvature

    def is_too_high(self, step: float, value: float) -> bool:
        """Whether the decrease at this step isn't sufficient."""
        return not value <= self._start + SUFFICIENT * step * self._slope

    def zoom(self, low: float, value_low: float, high: float) -> float:
        """Narrow the interval between a good and a bad step down to one that is good enough."""
        for _ in range(MOST_TRIALS):
            step = self._inside(low, value_low, high)
            value = self._along(step)
            if self.is_too_high(step, value) or value >= value_low:
                high = step
                continue
            here = self._slope_at(step)
            if abs(here) <= -self._curvature * self._slope:
                return step
            if here * (high - low) >= 0:
                high = low
            low, value_low = step, value
        return low

    def _inside(self, low: float, value_low: float, high: float) -> float:
        """Return the lowest point of the parabola through both ends, kept inside them."""
        slope, width = self._slope_at(low), high - low
        bend = self._along(high) - value_low - slope * width
        if not (math.isfinite(bend) and bend > 0):
            return low + width / 2
        share = -slope * width / (2 * bend)
        return low + width * min(max(share, 0.1), 0.9)
