"""The catalogue's part on training: the studio's presets, each with its request."""

from typing import Any

from pydantic import BaseModel

from core.training_preset import TrainingPreset
from core.training_presets import TRAINING_PRESETS


class TrainPresetEntry(BaseModel):
    """A training to start from: `request` is a body for /api/train.

    `lecture`: the lecture's items that it shows.
    """

    name: str
    title: str
    group: str
    watch: str
    lecture: list[str]
    request: dict[str, Any]


def train_presets() -> list[TrainPresetEntry]:
    """Return the studio's presets."""
    return [_entry(preset) for preset in TRAINING_PRESETS.values()]


def _entry(preset: TrainingPreset) -> TrainPresetEntry:
    return TrainPresetEntry(
        name=preset.name,
        title=preset.title,
        group=preset.group,
        watch=preset.watch,
        lecture=list(preset.lecture),
        request=_request(preset),
    )


def _request(preset: TrainingPreset) -> dict[str, Any]:
    request: dict[str, Any] = {
        "data": dict(preset.data),
        "network": {
            "sizes": list(preset.sizes),
            "activations": preset.activations,
            "init": {"scheme": preset.scheme, "seed": preset.seed},
        },
        "loss": preset.loss,
        "optimizer": {"name": preset.optimizer, **preset.numbers},
        "batch_size": preset.batch_size,
        "epochs": preset.epochs,
    }
    return request | ({"penalty": {"l2": preset.l2}} if preset.l2 else {})
