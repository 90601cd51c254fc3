"""What a preset of the training studio is: a training as plain data, and what to watch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.dataset import CLASSIFICATION, Split, prepare
from core.datasets import DATA_SETS, load
from core.features import with_features
from core.network import make_network
from core.training import Training

GRADIENT_DESCENT = "gradient_descent"
NO_TEST: Mapping[str, Any] = {"test_share": 0, "standardise": True}
"""Settings of data that are all trained on."""


def rate(eta: float) -> dict[str, float]:
    """Return the numbers of an optimizer that has just a learning rate to set."""
    return {"learning_rate": eta}


@dataclass(frozen=True)
class TrainingPreset:
    """A training with its title and what to watch; `data` is as /api/train takes it.

    `lecture` are the items of the lecture that it shows.
    """

    name: str
    title: str
    group: str
    watch: str
    data: Mapping[str, Any]
    sizes: tuple[int, ...]
    hidden: str = "tanh"
    output: str = "sigmoid"
    loss: str = "binary_cross_entropy"
    scheme: str = "torch_linear"
    seed: int = 1
    optimizer: str = "adam"
    numbers: Mapping[str, float] = field(default_factory=lambda: {"learning_rate": 0.03})
    batch_size: int | None = None
    epochs: int = 400
    l2: float = 0.0
    lecture: tuple[str, ...] = ()

    @property
    def activations(self) -> list[str]:
        """One a layer."""
        return [self.hidden] * (len(self.sizes) - 2) + [self.output]

    def training(self) -> Training:
        """Return the training that the preset describes."""
        chosen = DATA_SETS[self.data["name"]]
        given = {key: self.data.get(key) for key in ("samples", "noise")}
        samples = load(chosen.name, seed=self.data.get("seed", 0), **given)
        if "features" in self.data:
            samples = with_features(samples, self.data["features"])
        split = Split(
            self.data.get("test_share", chosen.test_share),
            self.data.get("split_seed", 0),
            self.data.get("standardise", chosen.standardise),
        )
        data = prepare(samples, split)
        return Training(
            make_network(self.sizes, self.activations, self.scheme, self.seed),
            data.X[data.train],
            data.Y[data.train],
            self.loss,
            data.X[data.test],
            data.Y[data.test],
            optimizer=self.optimizer,
            numbers=self.numbers,
            batch_size=self.batch_size,
            epochs=self.epochs,
            l2=self.l2,
            classifies=samples.task == CLASSIFICATION,
        )
