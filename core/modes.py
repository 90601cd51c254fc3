"""Modes: the error of a path along the eigenvectors of the Hessian.

On a quadratic, gradient descent multiplies the error along each eigenvector by 1 - ηλ at every
step. Source: Nesterov (2004), "Introductory lectures on convex optimization", theorem 2.1.15.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.curvature import principal_axes
from core.descent import Descent, Path
from core.equation import Array
from core.errors import SpecificationError
from core.stopping import IsOver, never
from core.surface import Surface

FLAT = 1e-12
"""Curvatures this many times the largest one's size count as none."""
AT_REST = 1e-6
"""A path that stands still where the gradient is longer than this hasn't found a level point."""


@dataclass(frozen=True)
class Modes:
    """A path's error, θᵏ less the centre, along the eigenvectors; NaN where it is 0/0.

    `factors`, `predicted` and `predicted_rate` are for plain gradient descent with a constant step.
    Off a quadratic they hold near the centre only. Directions without curvature have no rate.
    Shapes: center, eigenvalues and factors (n,), eigenvectors (n, n), one a row; coordinates and
    predicted (K + 1, n), error (K + 1,), measured_rate and value_ratio (K,).
    """

    center: Array
    eigenvalues: Array
    eigenvectors: Array
    coordinates: Array
    factors: Array | None
    predicted: Array | None
    predicted_rate: float | None
    error: Array
    measured_rate: Array
    value_ratio: Array


def modes_of(descent: Descent, is_over: IsOver = never) -> Modes:
    """Run a descent and take its error apart.

    Raises: SpecificationError where the surface isn't a quadratic and the path found no level
    point, or where there is none; BudgetError once `is_over` says so.
    """
    path = descent.run(is_over=is_over)
    center = _center(descent, path)
    eigenvalues, axes = principal_axes(_finite_hessian(descent.surface, center))
    with np.errstate(all="ignore"):
        offset = path.theta - center
        error = np.sqrt((offset**2).sum(axis=1))
        height = path.value - float(descent.surface.value(*center))
        coordinates = offset @ axes.T
        return Modes(
            center,
            eigenvalues,
            axes,
            coordinates,
            *_prediction(_factors(descent, eigenvalues), eigenvalues, coordinates),
            error,
            error[1:] / error[:-1],
            height[1:] / height[:-1],
        )


def _center(descent: Descent, path: Path) -> Array:
    surface = descent.surface
    if surface.is_quadratic:
        return _level_point(surface, np.array(descent.start, float))
    rests = path.stopped_by == "stationary" and path.gradient_norm[-1] <= AT_REST
    if rests or path.stopped_by == "gradient_norm":
        return path.theta[-1].copy()
    raise SpecificationError(
        f"{surface.title} isn't a quadratic, so its modes need a path that ends at a level point; "
        "let it stop by the gradient's length.",
        where=["stop", "gradient_norm"],
        expected="a path that stops by gradient_norm",
        given=path.stopped_by,
    )


def _level_point(surface: Surface, start: Array) -> Array:
    """Return where a quadratic is level; of a whole line of such points, the nearest to start."""
    origin = np.zeros_like(start)
    slope = np.array(surface.gradient(*origin), float)
    eigenvalues, axes = principal_axes(_finite_hessian(surface, origin))
    flat = _is_flat(eigenvalues)
    along = axes @ slope
    if np.any(np.abs(along[flat]) > FLAT * max(1.0, float(np.abs(slope).max()))):
        raise SpecificationError(
            f"{surface.title} has no level point: where it doesn't curve, it still slopes.",
            where=["surface"],
            expected="a surface with a minimum, a maximum or a saddle",
            given=surface.name,
        )
    if not flat.any():
        return -np.linalg.solve(surface.hessian_at(origin), slope) + 0.0
    place = np.where(flat, axes @ start, -along / np.where(flat, 1.0, eigenvalues))
    return place @ axes


def _finite_hessian(surface: Surface, at: Array) -> Array:
    with np.errstate(all="ignore"):
        hessian = surface.hessian_at(at)
    if np.isfinite(hessian).all():
        return hessian
    raise SpecificationError(
        f"{surface.title} has no finite Hessian at the point where the path ends.",
        where=["surface"],
        expected="a path that ends where the surface is smooth",
        given=at.tolist(),
    )


def _is_flat(eigenvalues: Array) -> NDArray[np.bool_]:
    size = np.abs(eigenvalues)
    return size <= FLAT * float(size.max())


def _factors(descent: Descent, eigenvalues: Array) -> Array | None:
    is_plain = descent.optimizer == "gradient_descent" and descent.schedule == "constant"
    settings = descent.settings if is_plain else None
    if settings is None or settings.switches:
        return None
    eta = settings.scalars["eta"]
    return 1 + eta * eigenvalues if descent.ascend else 1 - eta * eigenvalues


def _prediction(
    factors: Array | None, eigenvalues: Array, coordinates: Array
) -> tuple[Array | None, Array | None, float | None]:
    if factors is None:
        return None, None, None
    powers = factors ** np.arange(len(coordinates))[:, None]
    curved = np.abs(factors[~_is_flat(eigenvalues)])
    rate = float(curved.max()) if len(curved) else None
    return factors, coordinates[0] * powers, rate
