"""What a worker does for a training: it trains, and writes events; the server hands them on."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from app.wire import divergence_json, trace_chunks
from core.history import End, Event, Rhythm, follow
from core.monitor import Row
from core.stepper import counted, trace_step
from core.stopping import IsOver
from core.training import Snapshot, Training

MESSAGES = {
    "epochs": "All epochs are done.",
    "steps": "All steps that were asked for are done.",
    "loss_change": "The loss changed less in one epoch than the criterion asks.",
    "gradient_norm": "The gradient is smaller than the criterion asks.",
    "time": "The time that one run may take is over: go on from the last snapshot.",
}


@dataclass(frozen=True)
class Run:
    """What a worker is asked for: a training with its rhythm, and from where to where."""

    training: Training
    rhythm: Rhythm
    start: Snapshot | None = None
    most_steps: int | None = None
    seconds: float = 600.0


def framed_events(run: Run) -> Iterator[bytes]:
    """Train, and give out events as bytes; this is what a worker does."""
    # What doesn't fit is found here, before the first event.
    events = follow(run.training, run.rhythm, run.start, run.most_steps, budget(run.seconds))
    yield framed("start", _start(run), run.start.step if run.start else 0)
    for event in events:
        yield framed_event(event)


def framed_event(event: Event) -> bytes:
    """Write a row, a snapshot or the end."""
    match event:
        case Row():
            return framed("row", vars(event), event.step)
        case Snapshot():
            return framed("snapshot", _snapshot(event), event.step)
        case End():
            return framed("end", _end(event), event.step)


def framed(name: str, document: object, id: int | None = None) -> bytes:
    """Write one server-sent event."""
    data = orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)
    last = b"" if id is None else b"\nid: %d" % id
    return b"event: " + name.encode() + b"\ndata: " + data + last + b"\n\n"


def _start(run: Run) -> dict[str, Any]:
    training = run.training
    network, batches = training.network, training.batches
    return {
        "samples": {
            "train": len(training.X),
            "test": 0 if training.test_X is None else len(training.test_X),
        },
        "batch_size": batches.size,
        "steps_per_epoch": batches.per_epoch,
        "steps": training.steps,
        "parameters": sum(layer.W.size + layer.b.size for layer in network.layers),
        "layers": [
            {"units": len(layer.W), "activation": layer.activation} for layer in network.layers
        ],
    }


def _snapshot(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "step": snapshot.step,
        "layers": [{"W": W, "b": b} for W, b in snapshot.layers],
        # A 0-dimensional array is no list and no number to orjson.
        "state": {
            name: array if array.ndim else float(array)
            for name, array in (snapshot.state or {}).items()
        },
        "goal": snapshot.goal,
    }


def _end(end: End) -> dict[str, Any]:
    cell = None if end.cell is None else divergence_json(end.cell)
    message = (
        MESSAGES[end.reason]
        if end.cell is None
        else f"The training diverged after {counted(end.step)}: {end.cell.finding}"
    )
    return {
        "reason": end.reason,
        "step": end.step,
        "message": message,
        "cell": cell,
        "rows": end.rows,
        "snapshots": end.snapshots,
        "seconds": end.seconds,
    }


def traced(training: Training, step: int, start: Snapshot | None, seconds: float) -> bytes:
    """Write every number of one step. Raises: BudgetError after so many seconds."""
    return b"".join(trace_chunks(trace_step(training, step, start, budget(seconds))))


def budget(seconds: float) -> IsOver:
    """Return what says, after so many seconds, that it is over."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end
