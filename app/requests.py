"""What the API takes: models that say the shape of a request, and the experiment it describes."""

from collections.abc import Iterator
from typing import Annotated, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from pydantic import Field, Tag

from app.conventions import ConventionsChoice
from app.fields import USUAL, Count, Matrix, OneOf, Request, Seed, Vector, as_array, told_apart
from app.learning_requests import OptimizerChoice, PenaltyChoice, ScheduleChoice, StartChoice
from app.limits import LIMITS
from core import ACTIVATIONS, INITIALISERS, LOSSES
from core.errors import SpecificationError
from core.experiment import PRECISIONS, Experiment, plan_program
from core.learning import Start
from core.network import Layer, Network, make_network
from core.program import Program

ActivationName: TypeAlias = Annotated[str, OneOf("activation", tuple(ACTIVATIONS))]
LossName: TypeAlias = Annotated[str, OneOf("loss", tuple(LOSSES))]
SchemeName: TypeAlias = Annotated[str, OneOf("initialiser", tuple(INITIALISERS))]
PrecisionName: TypeAlias = Annotated[str, OneOf("precision", tuple(PRECISIONS))]


class GivenLayer(Request):
    """A layer with its numbers: W has one row a unit, b one number a unit."""

    W: Matrix
    b: Vector
    activation: ActivationName


class GivenNetwork(Request):
    """A network with given weights."""

    layers: Annotated[list[GivenLayer], Field(min_length=1, fail_fast=True)]


class Initialisation(Request):
    """How weights are drawn: a scheme and a seed."""

    scheme: SchemeName = "torch_linear"
    seed: Seed = 0


class DrawnNetwork(Request):
    """A network of these sizes, inputs first, with drawn weights."""

    sizes: Annotated[list[Count], Field(min_length=2, fail_fast=True)]
    activations: Annotated[list[ActivationName], Field(min_length=1, fail_fast=True)]
    init: Initialisation = Initialisation()


AnyNetwork: TypeAlias = Annotated[
    Annotated[GivenNetwork, Tag("layers")] | Annotated[DrawnNetwork, USUAL],
    told_apart(layers=GivenNetwork),
]


def built(network: GivenNetwork | DrawnNetwork) -> Network:
    """Return the network itself.

    Raises: SpecificationError where its parts don't fit together.
    """
    if isinstance(network, DrawnNetwork):
        init = network.init
        return make_network(network.sizes, network.activations, init.scheme, init.seed)
    return Network(
        tuple(
            Layer(as_array(layer.W), as_array(layer.b), layer.activation)
            for layer in network.layers
        )
    )


def shape_of(network: GivenNetwork | DrawnNetwork) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return sizes and activations, without making an array."""
    if isinstance(network, DrawnNetwork):
        return tuple(network.sizes), tuple(network.activations)
    layers = network.layers
    sizes = (len(layers[0].W[0]), *(len(layer.W) for layer in layers))
    return sizes, tuple(layer.activation for layer in layers)


def check_size(network: GivenNetwork | DrawnNetwork) -> None:
    """Raise LimitError where there are too many layers or units, without making an array."""
    sizes, _ = shape_of(network)
    LIMITS.check("layers", len(sizes) - 1, "network")
    for index, size in enumerate(sizes):
        LIMITS.check("units", size, *place_of_size(network, index))


def place_of_size(network: GivenNetwork | DrawnNetwork, index: int) -> list[str | int]:
    """Return where the request says how many units a layer has; layer 0 holds the inputs."""
    if isinstance(network, DrawnNetwork):
        return ["network", "sizes", index]
    return ["network", "layers", max(index - 1, 0), "W"]


class TraceRequest(Request):
    """An experiment. Without `loss` and `Y` there is only the forward pass.

    With a `start` it goes on where a training was: the step after `start.step`, bit for bit.
    """

    network: AnyNetwork
    X: Matrix
    Y: Matrix | None = None
    loss: LossName | None = None
    optimizer: OptimizerChoice | None = OptimizerChoice()
    schedule: ScheduleChoice = ScheduleChoice()
    penalty: PenaltyChoice = PenaltyChoice()
    start: StartChoice | None = None
    iterations: Count = 1
    precision: PrecisionName = "float64"
    conventions: ConventionsChoice = ConventionsChoice()

    def experiment(self) -> Experiment:
        """Return the experiment, once the request is known to be within the limits.

        Raises: LimitError, SpecificationError.
        """
        self._check_limits()
        self._check_range()
        return Experiment(
            built(self.network),
            as_array(self.X),
            None if self.Y is None else as_array(self.Y),
            loss=self.loss,
            optimizer=self.optimizer.name if self.optimizer else None,
            numbers=self.optimizer.numbers() if self.optimizer else None,
            switches=self.optimizer.switches() if self.optimizer else (),
            iterations=self.iterations,
            precision=self.precision,
            schedule=self.schedule.name,
            schedule_numbers=self.schedule.numbers(),
            l1=self.penalty.l1,
            l2=self.penalty.l2,
            start=Start(self.start.step, self.start.states()) if self.start else None,
            conventions=self.conventions.chosen(),
        )

    def _check_range(self) -> None:
        """Raise where float32 has no number for what was given: a trace holds no infinity."""
        if self.precision == "float64":  # JSON's own range.
            return
        largest = float(np.finfo(self.precision).max)
        for where, numbers in self._numbers():
            array = np.abs(as_array(numbers))
            if (array > largest).any():
                raise SpecificationError(
                    f"{'.'.join(map(str, where))} holds a number beyond {self.precision}.",
                    where=where,
                    expected=f"at most {largest:.7g} either way",
                    given=float(array.max()),
                )

    def _numbers(self) -> Iterator[tuple[list[str | int], ArrayLike]]:
        """List the given numbers with their places."""
        yield ["X"], self.X
        if self.Y is not None:
            yield ["Y"], self.Y
        if self.optimizer:
            for name, number in self.optimizer.numbers().items():
                yield ["optimizer", name], number
        for name, number in self.schedule.numbers().items():
            yield ["schedule", name], number
        for name, number in self.penalty.model_dump().items():
            yield ["penalty", name], number
        for name, array in (self.start.states() if self.start else {}).items():
            yield ["start", "state", name], array
        if isinstance(self.network, GivenNetwork):
            for index, layer in enumerate(self.network.layers):
                yield ["network", "layers", index, "W"], layer.W
                yield ["network", "layers", index, "b"], layer.b

    def _check_limits(self) -> None:
        check_size(self.network)
        LIMITS.check("samples", len(self.X), "X")
        LIMITS.check("iterations", self.iterations, "iterations")
        LIMITS.check("cells", self.program_of(self.optimizer).cells(self.iterations))

    def program_of(
        self, optimizer: OptimizerChoice | None, schedule: ScheduleChoice | None = None
    ) -> Program:
        """Return the program of this network with an optimizer, without making any array.

        Without a schedule it has the request's own.
        """
        sizes, activations = shape_of(self.network)
        trains = optimizer is not None and self.loss is not None
        return plan_program(
            sizes,
            activations,
            len(self.X),
            self.loss,
            optimizer.name if optimizer and trains else None,
            self.precision,
            optimizer.switches() if optimizer and trains else (),
            (schedule or self.schedule).name if trains else "constant",
            self.loss is not None and bool(self.penalty.l1 or self.penalty.l2),
            conventions=self.conventions.chosen(),
        )
