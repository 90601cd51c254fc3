"""Gradient checks as the API gives them."""

from typing import Any, Literal, cast

import numpy as np
import orjson
from pydantic import BaseModel, Field

from core.difference_curve import DifferenceCurve
from core.equation import Array
from core.gradient_check import GradientCheck, ParameterCheck
from core.gradient_comparison import GradientComparison
from core.nudge import Nudge

Verdict = Literal["pass", "warn", "fail"]
CheckVerdict = Literal["pass", "warn", "fail", "kink"]
Numbers = list[float | None]


class ToleranceAnswer(BaseModel):
    """Relative errors below `passes` pass; above `fails` they fail."""

    passes: float
    fails: float


class ParameterCheckAnswer(BaseModel):
    """The two gradients of a tensor; `kinks` are the flat cells left out of the errors.

    `gradient` is the checked one: dW[1] and db[1] are of the loss; with a penalty there is rW[1]
    too, of loss and penalty together. dA[0] is ∂L/∂X. `errors` and `verdicts` have one a cell.
    Where every cell is a kink nothing was compared: so says the verdict, and the error is null.
    """

    tensor: str
    gradient: str
    shape: list[int]
    backprop: list[float]
    numeric: Numbers
    steps: list[float]
    kinks: list[int]
    relative_error: float | None
    largest_difference: float | None
    noise: float | None
    verdict: CheckVerdict
    errors: Numbers
    verdicts: list[CheckVerdict]


class LeftOutAnswer(BaseModel):
    """A gradient that can't be checked, and why."""

    gradient: str
    reason: str


class GradientCheckAnswer(BaseModel):
    """Back-propagated gradients beside central differences; "kink" where nothing was compared."""

    verdict: CheckVerdict
    tolerance: ToleranceAnswer
    parameters: list[ParameterCheckAnswer]
    left_out: list[LeftOutAnswer]


class CellAnswer(BaseModel):
    """A cell with the gradient there, and the loss."""

    gradient: str
    cell: int
    value: float
    loss: float
    backprop: float


class DifferenceCurveAnswer(CellAnswer):
    """Difference quotients at many steps h and how far they miss the gradient.

    A quotient is null where h is lost in the cell's rounding. `best` and `forward_best` are the
    places of the smallest errors that cross no kink, null where there is none. `rounding` is what
    the rounding of L alone does: its last place over h. `kinks` are the places whose ±h straddles
    a kink.
    """

    steps: list[float]
    central: Numbers
    forward: Numbers
    central_error: Numbers
    forward_error: Numbers
    rounding: Numbers
    kinks: list[int]
    best: int | None
    forward_best: int | None


class NudgeAnswer(CellAnswer):
    """A cell moved by many amounts: L, its predicted change ε · gradient, and the actual one.

    `amounts` are those that were represented: the cell after less the cell before.
    """

    amounts: list[float]
    values: list[float]
    losses: Numbers
    predicted: Numbers
    actual: Numbers
    left_over: Numbers
    kinks: list[int]


class RelationAnswer(BaseModel):
    """What all cells share: given = factor · ours, or · oursᵀ."""

    factor: float
    transposed: bool
    message: str


class GradientComparisonAnswer(BaseModel):
    """A given gradient beside ours (`backprop`) and the central difference (`numeric`).

    `resolution` is how far printing can have rounded each given cell, which is no difference.
    `turned` says that rows and columns were exchanged to compare the cells.
    """

    gradient: str
    shape: list[int]
    given: list[float]
    resolution: list[float]
    backprop: list[float]
    numeric: Numbers
    difference: list[float]
    numeric_difference: Numbers
    errors: Numbers
    verdicts: list[CheckVerdict]
    verdict: Verdict
    relative_error: float | None
    largest: int = Field(description="The flat cell with the largest difference from ours.")
    turned: bool
    relation: RelationAnswer | None


def check_json(check: GradientCheck) -> bytes:
    """Write a gradient check."""
    return _written(
        {
            "verdict": check.verdict,
            "tolerance": vars(check.tolerance),
            "parameters": [_parameter(parameter) for parameter in check.parameters],
            "left_out": [vars(each) for each in check.left_out],
        }
    )


def _parameter(check: ParameterCheck) -> dict[str, Any]:
    named = {key: value for key, value in vars(check).items() if key != "name"}
    return {**named, "tensor": check.name, "shape": check.backprop.shape}


def curve_json(curve: DifferenceCurve) -> bytes:
    """Write a difference curve."""
    return _written(vars(curve))


def nudge_json(found: Nudge) -> bytes:
    """Write a nudge."""
    return _written(vars(found))


def comparison_json(found: GradientComparison) -> bytes:
    """Write a comparison."""
    check = found.check
    document = {
        **vars(found),
        "gradient": check.gradient,
        "shape": check.backprop.shape,
        "backprop": check.backprop,
        "numeric": check.numeric,
        "relation": found.relation and vars(found.relation),
    }
    del document["check"]
    return _written(document)


def _written(document: dict[str, Any]) -> bytes:
    return orjson.dumps(_plain(document), option=orjson.OPT_SERIALIZE_NUMPY)


def _plain(value: object) -> object:
    """Flatten arrays, row by row; float32 numbers are written as the float64 ones that they are."""
    if isinstance(value, np.ndarray):
        return flat(cast(Array, value))
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in cast(dict[str, object], value).items()}
    return (
        [_plain(item) for item in cast(list[object], value)] if isinstance(value, list) else value
    )


def flat(array: Array) -> Array:
    """Return the cells in a row, as float64 numbers."""
    return np.ascontiguousarray(array, np.float64).ravel()
