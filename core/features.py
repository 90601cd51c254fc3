"""Features: functions of two inputs that a network gets in their place, before standardisation.

With the right ones a network of one layer can do what would otherwise take hidden layers: the
product x₁·x₂ alone tells the quadrants of XOR apart.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.dataset import FARTHEST, Samples
from core.equation import Array
from core.errors import SpecificationError, UnknownNameError


@dataclass(frozen=True)
class Feature:
    """A function of two inputs, whose names stand for {0} and {1} of `written`.

    The `usual` ones are the inputs themselves, which a network gets where none are chosen.
    Shapes: compute takes (P,) and (P,), and returns (P,).
    """

    name: str
    title: str
    latex: str
    written: str
    compute: Callable[[Array, Array], Array]
    usual: bool = False


FEATURES: dict[str, Feature] = {
    each.name: each
    for each in (
        Feature("x1", "The first input", "x_1", "{0}", lambda x1, _: x1, True),
        Feature("x2", "The second input", "x_2", "{1}", lambda _, x2: x2, True),
        Feature("x1_squared", "The first, squared", "x_1^2", "{0}²", lambda x1, _: x1 * x1),
        Feature("x2_squared", "The second, squared", "x_2^2", "{1}²", lambda _, x2: x2 * x2),
        Feature("x1_x2", "The product of both", "x_1 x_2", "{0}·{1}", lambda x1, x2: x1 * x2),
        Feature(
            "sin_x1", "The sine of the first", r"\sin x_1", "sin {0}", lambda x1, _: np.sin(x1)
        ),
        Feature(
            "sin_x2", "The sine of the second", r"\sin x_2", "sin {1}", lambda _, x2: np.sin(x2)
        ),
    )
}
INPUTS = 2
"""Features are functions of so many inputs."""


def features_at(points: Array, names: Sequence[str], where: Sequence[str] = ("features",)) -> Array:
    """Return these features of points, a column each; `where` they stand is for an error.

    Shapes: points (P, 2) to (P, features).
    Raises: SpecificationError where the names are none, unknown or double, or the points aren't in
    a plane.
    """
    _check_names(names, where)
    if points.shape[1] != INPUTS:
        raise SpecificationError(
            f"Features are made of {INPUTS} inputs, but these data have {points.shape[1]}.",
            where=where,
            expected=INPUTS,
            given=points.shape[1],
        )
    x1, x2 = points.T
    with np.errstate(over="ignore"):  # far away, a square is unbounded
        return np.stack([FEATURES[name].compute(x1, x2) for name in names], axis=1)


def with_features(samples: Samples, names: Sequence[str]) -> Samples:
    """Return samples with these features of their two inputs, which are kept as `measured`.

    Raises: SpecificationError, also where a feature lies too far from 0 to be standardised.
    """
    where = ("data", "features")
    X = features_at(samples.X, names, where)
    farthest = float(np.abs(X).max())
    if farthest > FARTHEST:
        raise SpecificationError(
            f"A feature lies beyond {FARTHEST:g}.",
            where=where,
            expected=f"inputs whose features are up to {FARTHEST:g} either way",
            given=farthest,
        )
    written = tuple(FEATURES[name].written.format(*samples.features) for name in names)
    return replace(samples, X=X, features=written, measured=samples)


def _check_names(names: Sequence[str], where: Sequence[str]) -> None:
    for name in names:
        if name not in FEATURES:
            raise UnknownNameError("feature", name, FEATURES, where)
    if len(set(names)) != len(names) or not names:
        raise SpecificationError(
            "Each feature stands once, and there is at least one.",
            where=where,
            expected="different names",
            given=list(names),
        )
