"""What the Hessian says about step sizes: eigenvalues, the stable band and the best fixed step.

Source: Nesterov (2004), "Introductory lectures on convex optimization", theorem 2.1.15: along each
eigenvector a step multiplies the error by 1 - ηλ.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.equation import Array
from core.errors import SpecificationError
from core.surface import Surface, undefined_at


@dataclass(frozen=True)
class Curvature:
    """A surface at a point; the step sizes are None where not every direction curves up.

    Steps up to `monotone_below` cross no valley floor, those from `stable_below` on diverge.

    Shapes: gradient and eigenvalues (n,), hessian and eigenvectors (n, n), an eigenvector a row.
    """

    value: float
    gradient: Array
    hessian: Array
    eigenvalues: Array
    eigenvectors: Array
    monotone_below: float | None
    stable_below: float | None
    best_step: float | None
    best_rate: float | None


def principal_axes(hessian: Array) -> tuple[Array, Array]:
    """Return the eigenvalues, ascending, and an eigenvector a row, its largest part positive."""
    eigenvalues, columns = np.linalg.eigh(hessian)
    axes = np.ascontiguousarray(columns.T)
    largest = np.abs(axes).argmax(axis=1)[:, None]
    return eigenvalues, axes * np.sign(np.take_along_axis(axes, largest, axis=1))


def curvature_at(surface: Surface, at: Sequence[float]) -> Curvature:
    """Return the curvature of a surface at a point.

    Raises: SpecificationError where the surface isn't finite there.
    """
    theta = np.array(at, float)
    with np.errstate(all="ignore"):
        value = float(surface.value(*theta))
        gradient = np.array(surface.gradient(*theta), float)
        hessian = surface.hessian_at(theta)
    if not (np.isfinite(value) and np.isfinite(gradient).all()):
        raise undefined_at(surface, theta, "at")
    if not np.isfinite(hessian).all():
        raise SpecificationError(
            f"{surface.title} has no finite Hessian at this point.",
            where=["at"],
            expected="a point where the surface is smooth",
            given=theta.tolist(),
        )
    eigenvalues, axes = principal_axes(hessian)
    low, high = float(eigenvalues[0]), float(eigenvalues[-1])
    curves_up = low > 0
    return Curvature(
        value,
        gradient,
        hessian,
        eigenvalues,
        axes,
        1 / high if curves_up else None,
        2 / high if curves_up else None,
        2 / (low + high) if curves_up else None,
        (high - low) / (high + low) if curves_up else None,
    )
