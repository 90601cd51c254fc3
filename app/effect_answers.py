"""The effects of updates, and compared runs, as the API gives them."""

from typing import Any

import orjson
from pydantic import BaseModel

from app.answers import DivergenceAnswer, TensorHead
from app.check_answers import flat
from app.wire import divergence_json, tensor_head
from core.branches import Comparison, Run
from core.update_effect import Effect, Moves

Columns = list[list[float]]
Entries = list[float | None]


class MovesAnswer(BaseModel):
    """One parameter, a flat list an iteration: before each update, and what the update adds.

    `before` has one entry more than the others: the last is after the last update. `scaled` is
    −η · gradient where that is the whole change: for plain gradient descent.
    """

    before: Columns
    gradient: Columns
    change: Columns
    scaled: Columns | None


class EffectAnswer(BaseModel):
    """A run's updates; it starts at iteration `start`. An entry an update, losses one more.

    `predicted` is Σ g·Δθ over all parameters, to first order the change of the loss, `steepest` is
    −η‖g‖², null but for plain gradient descent; `left_over` is the actual change less the
    predicted, `ratios` the actual over the predicted. With a penalty the loss includes it.
    """

    start: int
    optimizer: str
    losses: list[float]
    learning_rates: Entries
    gradient_squares: Entries
    predicted: Entries
    steepest: Entries | None
    changes: list[float]
    left_over: Entries
    ratios: Entries
    moves: MovesAnswer
    diverged: DivergenceAnswer | None


class UpdateEffectAnswer(BaseModel):
    """The trunk and then its branches; `tensor` is the parameter whose moves are given."""

    tensor: TensorHead
    runs: list[EffectAnswer]


class BranchComparisonAnswer(BaseModel):
    """A tensor in two runs from iteration `first` on: a flat list an iteration, null where ±∞.

    `difference` is the other less the one; `largest` is the flat cell where it is largest.
    """

    tensor: TensorHead
    first: int
    one: list[list[float | None]]
    other: list[list[float | None]]
    difference: list[list[float | None]]
    largest: list[int]


def effects_json(effects: list[tuple[Run, Effect]]) -> bytes:
    """Write every run's effect."""
    slot = effects[0][1].moves.slot
    return _written(
        {
            "tensor": tensor_head(slot, 0),
            "runs": [_effect(run, effect) for run, effect in effects],
        }
    )


def _effect(run: Run, effect: Effect) -> dict[str, Any]:
    diverged = run.trace.diverged
    return {
        **vars(effect),
        "start": run.start,
        "optimizer": run.experiment.optimizer,
        "moves": _moves(effect.moves),
        "diverged": None if diverged is None else divergence_json(diverged),
    }


def _moves(moves: Moves) -> dict[str, Any]:
    columns = {key: value for key, value in vars(moves).items() if key != "slot"}
    return {
        key: None if column is None else [flat(each) for each in column]
        for key, column in columns.items()
    }


def runs_json(found: Comparison) -> bytes:
    """Write a comparison of two runs."""
    return _written(
        {
            "tensor": tensor_head(found.slot, found.first),
            "first": found.first,
            **{
                key: [flat(each) for each in getattr(found, key)]
                for key in ("one", "other", "difference")
            },
            "largest": found.largest,
        }
    )


def _written(document: dict[str, Any]) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)
