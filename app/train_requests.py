"""What the training studio's calls take."""

from typing import Annotated, Literal

from pydantic import Field

from app.data_requests import AnyData
from app.fields import Count, Index, Matrix, Number, Request, Seed, Vector, as_array
from app.learning_requests import OptimizerChoice, PenaltyChoice, ScheduleChoice, StartChoice
from app.limits import LIMITS
from app.requests import (
    AnyNetwork,
    DrawnNetwork,
    GivenNetwork,
    LossName,
    built,
    check_size,
    shape_of,
)
from app.train_events import Run
from core.dataset import CLASSIFICATION, DataSet
from core.errors import SpecificationError
from core.history import Rhythm
from core.network import find_loss
from core.training import Snapshot, Stop, Training

RUN_SECONDS = 600.0
"""After so long a run ends by itself; it can go on from its last snapshot."""
TRACE_SECONDS = 10.0


class TrainingStop(Request):
    """When to stop before all epochs: when a criterion is met after an epoch, or both are."""

    loss_change: Annotated[Number, Field(gt=0)] | None = None
    gradient_norm: Annotated[Number, Field(gt=0)] | None = None
    require: Literal["either", "both"] = "either"


class SnapshotLayer(Request):
    """A layer's parameters."""

    W: Matrix
    b: Vector


class SnapshotChoice(StartChoice):
    """A snapshot, as a run gave it; `afresh` begins with other states, those of a new optimizer."""

    layers: Annotated[list[SnapshotLayer], Field(min_length=1, fail_fast=True)]
    goal: Number | None = None
    afresh: bool = False

    def snapshot(self) -> Snapshot:
        """Return the snapshot itself."""
        layers = tuple((as_array(layer.W), as_array(layer.b)) for layer in self.layers)
        return Snapshot(self.step, layers, None if self.afresh else self.states(), self.goal)


def check_ends(
    network: GivenNetwork | DrawnNetwork, loss: str, features: int, targets: int
) -> None:
    """Raise where the network's inputs or outputs aren't as many as the data's."""
    sizes, activations = shape_of(network)
    find_loss(loss, activations[-1])
    for name, own, kind, given in (
        ("inputs", sizes[0], "features", features),
        ("outputs", sizes[-1], "targets", targets),
    ):
        if own != given:
            raise SpecificationError(
                f"The network has {own} {name}, but the data has {given} {kind}.",
                where=["network"],
                expected=given,
                given=own,
            )


class TrainRequest(Request):
    """A training. `steps` ends it earlier than `epochs`; without a rhythm, a viewer's is taken.

    With `live` what a viewer can follow comes between the steps of the given rhythm too.
    """

    data: AnyData
    network: AnyNetwork
    loss: LossName
    optimizer: OptimizerChoice = OptimizerChoice()
    schedule: ScheduleChoice = ScheduleChoice()
    batch_size: Count | None = None
    shuffle_seed: Seed | None = 0
    epochs: Count = 100
    steps: Index | None = None
    penalty: PenaltyChoice = PenaltyChoice()
    stop: TrainingStop = TrainingStop()
    rows_every: Count | None = None
    snapshots_every: Count | None = None
    live: bool = False
    start: Annotated[SnapshotChoice | None, Field(alias="from")] = None

    def run(self) -> Run:
        """Return what a worker is asked for, once it is known to be within the limits.

        Raises: LimitError, SpecificationError.
        """
        training = self.training()
        last = training.steps if self.steps is None else min(self.steps, training.steps)
        self._check_rhythm(training, last)
        rhythm = Rhythm(self.rows_every, self.snapshots_every, self.live)
        return Run(training, rhythm, self._snapshot(), self.steps, RUN_SECONDS)

    def training(self) -> Training:
        """Return the training.

        Raises: LimitError, SpecificationError.
        """
        return self.training_on(self.data.prepared())

    def training_on(self, data: DataSet) -> Training:
        """Return the training on these data, which are the request's.

        Raises: LimitError, SpecificationError.
        """
        check_size(self.network)
        check_ends(self.network, self.loss, data.X.shape[1], data.Y.shape[1])
        self._check_cells(len(data.X))
        training = Training(
            built(self.network),
            data.X[data.train],
            data.Y[data.train],
            self.loss,
            data.X[data.test],
            data.Y[data.test],
            optimizer=self.optimizer.name,
            numbers=self.optimizer.numbers(),
            switches=self.optimizer.switches(),
            schedule=self.schedule.name,
            schedule_numbers=self.schedule.numbers(),
            batch_size=self.batch_size,
            shuffle_seed=self.shuffle_seed,
            epochs=self.epochs,
            l1=self.penalty.l1,
            l2=self.penalty.l2,
            stop=Stop(**self.stop.model_dump()),
            classifies=data.samples.task == CLASSIFICATION,
        )
        LIMITS.check("training_steps", training.steps, "epochs")
        return training

    def _snapshot(self) -> Snapshot | None:
        return self.start.snapshot() if self.start else None

    def _check_cells(self, samples: int) -> None:
        """Raise where the arrays of a step on all samples would be too large."""
        sizes, _ = shape_of(self.network)
        # Z, A, slope, dA and dZ of every unit.
        LIMITS.check("training_cells", samples * (sizes[0] + 5 * sum(sizes[1:])), "network")

    def _check_rhythm(self, training: Training, last: int) -> None:
        if self.rows_every is not None:
            LIMITS.check("training_rows", last // self.rows_every, "rows_every")
        if self.snapshots_every is not None:
            layers = training.network.layers
            size = sum(layer.W.size + layer.b.size for layer in layers)
            numbers = size * (last // self.snapshots_every)
            LIMITS.check("snapshot_numbers", numbers, "snapshots_every")


class TrainTraceRequest(TrainRequest):
    """One step of a training: it is trained again up to it, from the start or from a snapshot."""

    iteration: Index = 0

    def asked(self) -> tuple[Training, int, Snapshot | None, float]:
        """Return what a worker is asked for: the training, the step, where to start, seconds.

        Raises: LimitError, SpecificationError.
        """
        return self._asked(self.training())

    def _asked(self, training: Training) -> tuple[Training, int, Snapshot | None, float]:
        LIMITS.check("training_steps", self.iteration, "iteration")
        cells = training.program(training.batches.size).cells(1)
        LIMITS.check("cells", cells, "batch_size")
        return training, self.iteration, self._snapshot(), TRACE_SECONDS


class TrainStepRequest(TrainTraceRequest):
    """The step that follows an iteration: what it changes, and what that does to the loss."""

    def asked_step(self) -> tuple[Training, int, Snapshot | None, float, list[int]]:
        """Return what a worker is asked for, and which of the data's rows the training has.

        Raises: LimitError, SpecificationError.
        """
        data = self.data.prepared()
        return *self._asked(self.training_on(data)), data.train.tolist()
