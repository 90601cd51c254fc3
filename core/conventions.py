"""Conventions: the order of the axes, the ½ of the squared error, and mean or sum.

They change which equations a program is made of; the drawing, the index rules and the exported
code follow from those. The default is the lecture's.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.equation import Equation
from core.errors import UnknownNameError
from core.layouts import LAYOUTS, Layout
from core.loss_conventions import SUMMED, WHOLE


@dataclass(frozen=True)
class Reduction:
    """How the samples' losses become one number."""

    name: str
    title: str
    latex: str
    description: str


@dataclass(frozen=True)
class Half:
    """Whether the squared error has its ½."""

    value: bool
    title: str
    latex: str
    description: str


REDUCTIONS = {
    reduction.name: reduction
    for reduction in (
        Reduction(
            "mean",
            "Mean",
            r"L = \frac{1}{N} \sum_p L_p",
            "1/N is in L and so, once, in the first gradient.",
        ),
        Reduction(
            "sum",
            "Sum",
            r"L = \sum_p L_p",
            "There is no 1/N: every gradient is N times that of the mean.",
        ),
    )
}
HALVES = (
    Half(
        True,
        "With ½",
        r"L_p = \tfrac12 \lVert \hat y - y \rVert^2",
        "The ½ cancels the 2 of the derivative, so that the gradient is ŷ − y.",
    ),
    Half(
        False,
        "Without ½",
        r"L_p = \lVert \hat y - y \rVert^2",
        "The squared error alone: its gradient keeps the 2 of the derivative.",
    ),
)


@dataclass(frozen=True)
class Conventions:
    """One choice of each; the default is the lecture's.

    Raises: UnknownNameError.
    """

    layout: str = "rows_out_in"
    half: bool = True
    reduction: str = "mean"

    def __post_init__(self) -> None:
        choices: Iterable[tuple[str, str, Iterable[str]]] = (
            ("layout", self.layout, LAYOUTS),
            ("reduction", self.reduction, REDUCTIONS),
        )
        for kind, name, known in choices:
            if name not in known:
                raise UnknownNameError(kind, name, tuple(known), ["conventions", kind])

    @property
    def axes(self) -> Layout:
        """The layout itself."""
        return LAYOUTS[self.layout]

    def own(self, equation: Equation) -> Equation:
        """Return the equation that stands for one of the lecture's under these conventions."""
        if not self.half:
            equation = WHOLE.get(equation.id, equation)
        if self.reduction == "sum":
            equation = SUMMED.get(equation.id, equation)
        return self.axes.own.get(equation.id, equation)


LECTURE = Conventions()
_ORIGINALS = {
    own.id: id
    for source in (*(layout.own for layout in LAYOUTS.values()), SUMMED, WHOLE)
    for id, own in source.items()
}


def lineage(equation: Equation) -> list[str]:
    """Return the equation's id and what it stands for, step by step, the lecture's own last."""
    found = [equation.id]
    while found[-1] in _ORIGINALS:
        found.append(_ORIGINALS[found[-1]])
    return found
