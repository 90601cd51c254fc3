"""A training step as the API gives it, and what a worker does for it."""

from typing import Any

import orjson
from pydantic import BaseModel, Field

from app.answers import DivergenceAnswer
from app.train_events import budget
from app.wire import divergence_json
from core.training import Snapshot, Training
from core.training_step import Around, Measured, TrainingStep, training_step

Rows = list[list[float | None]]
Entries = list[float | None]


class LayerChangeAnswer(BaseModel):
    """A layer before and after; null from where a diverging step ended.

    dW is the gradient that the step follows: with the penalty's share where `penalised`.
    """

    W: Rows
    b: Entries
    dW: Rows | None  # noqa: N815
    db: Entries | None
    W_next: Rows | None
    b_next: Entries | None
    W_change: Rows | None
    b_change: Entries | None


class MeasuredAnswer(BaseModel):
    """A mean loss, the penalty, and both together."""

    loss: float
    penalty: float
    goal: float


class AroundAnswer(BaseModel):
    """Before and after the step, and the change of both together; null where one isn't finite."""

    before: MeasuredAnswer | None
    after: MeasuredAnswer | None
    change: float | None


class OutputsAnswer(BaseModel):
    """The network's outputs on the batch's rows, before and after."""

    before: Rows | None
    after: Rows | None


class TrainingStepAnswer(BaseModel):
    """One training step as the change of parameters, outputs and loss.

    `rows` are rows of the data set. `predicted` is Σ g·Δθ, the gradient times the parameters'
    change; `ratio` is the batch's actual change over it. `steepest` is −η‖g‖², for plain gradient
    descent.
    """

    step: int
    learning_rate: float | None
    rows: list[int]
    penalised: bool
    layers: list[LayerChangeAnswer]
    batch: AroundAnswer
    training: AroundAnswer
    outputs: OutputsAnswer
    predicted: float | None
    ratio: float | None = Field(description="Null where the changes are too small to compare.")
    steepest: float | None
    diverged: DivergenceAnswer | None


def stepped(
    training: Training, step: int, start: Snapshot | None, seconds: float, train: list[int]
) -> bytes:
    """Write what one step does; `train` holds the data's rows that the training has.

    Raises: BudgetError after so many seconds.
    """
    return step_json(training_step(training, step, start, budget(seconds)), train)


def step_json(found: TrainingStep, train: list[int]) -> bytes:
    """Write a training step, with the rows of the data set in place of the training's own."""
    document: dict[str, Any] = {
        "step": found.step,
        "learning_rate": found.learning_rate,
        "rows": [train[row] for row in found.rows],
        "penalised": found.penalised,
        "layers": [vars(layer) for layer in found.layers],
        "batch": _around(found.batch),
        "training": _around(found.whole),
        "outputs": {"before": found.outputs, "after": found.outputs_next},
        "predicted": found.predicted,
        "ratio": found.ratio,
        "steepest": found.steepest,
        "diverged": _diverged(found),
    }
    return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)


def _diverged(found: TrainingStep) -> dict[str, Any] | None:
    if found.diverged is None:
        return None
    # It may be from a look at the losses before or after, whose program's steps nobody sees.
    message = f"In step {found.step:,} → {found.step + 1:,}, {found.diverged.finding}"
    return divergence_json(found.diverged) | {"message": message}


def _around(around: Around) -> dict[str, Any]:
    return {
        "before": _measured(around.before),
        "after": _measured(around.after),
        "change": around.change,
    }


def _measured(measured: Measured | None) -> dict[str, float] | None:
    if measured is None:
        return None
    return {"loss": measured.loss, "penalty": measured.penalty, "goal": measured.goal}
