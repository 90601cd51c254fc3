"""Training: a network, its data and how it learns, as a specification that says every number.

The same program that a trace is made from runs over mini-batches; the same specification gives the
same numbers, in one go or resumed from any snapshot, where NumPy computes with the same kernels.
Those depend on the processor, except in the app, which chooses them (docs/decisions/0019).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from core.batches import Batches
from core.equation import Array
from core.errors import SpecificationError, UnknownNameError
from core.learning import Learning, penalty_scalars
from core.network import Layer, Network, check_data, find_loss
from core.passes import build_program
from core.program import Program
from core.settings import Settings, find_optimizer
from core.stopping import REQUIRE, fired


@dataclass(frozen=True)
class Stop:
    """When a training ends early, looked at after each epoch on the whole training set.

    Both criteria are about what is made smaller: the loss and the penalty together.
    """

    loss_change: float | None = None
    gradient_norm: float | None = None
    require: str = "either"

    @property
    def looks(self) -> bool:
        """Whether there is a criterion at all."""
        return self.loss_change is not None or self.gradient_norm is not None

    def fires(self, change: float, norm: float) -> str | None:
        """Return the criterion that is met, if that is enough to stop."""
        criteria = {
            "loss_change": (self.loss_change, change),
            "gradient_norm": (self.gradient_norm, norm),
        }
        return fired(criteria, self.require)


@dataclass(frozen=True)
class Snapshot:
    """All that a training needs to go on: parameters, and states by their slots' names.

    With no states (None) the optimizer and the schedule start afresh from there.

    `goal` is the loss and penalty at the last epoch's end, which a criterion compares with.
    """

    step: int
    layers: tuple[tuple[Array, Array], ...]
    state: Mapping[str, Array] | None = field(default_factory=dict[str, Array])
    goal: float | None = None


@dataclass(frozen=True, eq=False)
class Training:
    """A training, ready to run.

    Shapes: X (N, inputs), Y (N, outputs); test_X and test_Y alike, with no rows where untested.
    Raises: SpecificationError where the parts don't go together, UnknownNameError for a name.
    """

    network: Network
    X: Array
    Y: Array
    loss: str
    test_X: Array | None = None
    test_Y: Array | None = None
    optimizer: str = "gradient_descent"
    numbers: Mapping[str, float] | None = None
    switches: tuple[str, ...] = ()
    schedule: str = "constant"
    schedule_numbers: Mapping[str, float] | None = None
    batch_size: int | None = None
    shuffle_seed: int | None = 0
    epochs: int = 100
    l1: float = 0.0
    l2: float = 0.0
    stop: Stop = Stop()
    classifies: bool = False

    def __post_init__(self) -> None:
        loss = find_loss(self.loss, self.network.activations[-1])
        check_data(self.network.sizes, self.X, self.Y, loss)
        if self.tests and self.test_X is not None:
            check_data(self.network.sizes, self.test_X, self.test_Y, loss)
        if self.stop.require not in REQUIRE:
            raise UnknownNameError("rule", self.stop.require, REQUIRE, ["stop", "require"])
        # What learning takes is checked where it is made.
        self.learning  # noqa: B018

    @property
    def tests(self) -> bool:
        """Whether there are samples to test with."""
        return self.test_X is not None and len(self.test_X) > 0

    @property
    def penalised(self) -> bool:
        """Whether large weights cost."""
        return bool(self.l1 or self.l2)

    @property
    def batches(self) -> Batches:
        """The samples of each step."""
        size = min(self.batch_size or len(self.X), len(self.X))
        return Batches(len(self.X), size, self.shuffle_seed)

    @property
    def steps(self) -> int:
        """The steps of all epochs."""
        return self.epochs * self.batches.per_epoch

    @cached_property
    def learning(self) -> Learning:
        """The optimizer, its schedule and the penalty."""
        return Learning(
            self.optimizer,
            self.numbers or {},
            self.switches,
            self.schedule,
            self.schedule_numbers or {},
            self.l1,
            self.l2,
        )

    @property
    def settings(self) -> Settings:
        """The optimizer's numbers, those that aren't given at their defaults."""
        return self.learning.settings

    def program(self, samples: int) -> Program:
        """Return the program of one step on so many samples; its slots are always the same."""
        return build_program(
            self.network.sizes,
            self.network.activations,
            samples,
            find_loss(self.loss, self.network.activations[-1]),
            find_optimizer(self.optimizer),
            switches=dict.fromkeys(self.settings.switches, True),
            schedule=self.schedule,
            penalised=self.penalised,
        )

    def loss_program(self, samples: int) -> Program:
        """Return the program of the outputs, the loss and the penalties, with no update."""
        loss = find_loss(self.loss, self.network.activations[-1])
        sizes, activations = self.network.sizes, self.network.activations
        program = build_program(sizes, activations, samples, loss, penalised=self.penalised)
        layers = range(1, len(self.network.layers) + 1)
        penalties = [f"R[{layer}]" for layer in layers] if self.penalised else []
        # A fused loss is made from Z and needs no outputs itself.
        return program.only(map(program.slot, [f"A[{len(layers)}]", "L", *penalties]))

    def scalars(self) -> dict[str, float]:
        """Return the numbers that stay the same in all steps, by slot."""
        return self.learning.scalars() | penalty_scalars(self.l1, self.l2)

    def resumed(self, snapshot: Snapshot) -> "Training":
        """Return the same training with the snapshot's parameters.

        Raises: SpecificationError where they don't fit the network.
        """
        layers = self.network.layers
        if len(snapshot.layers) != len(layers):
            raise _misfit(["from", "layers"], len(layers), len(snapshot.layers), "layers")
        for index, (layer, (W, b)) in enumerate(zip(layers, snapshot.layers, strict=True)):
            for name, given, own in (("W", W, layer.W), ("b", b, layer.b)):
                if given.shape != own.shape:
                    place = ["from", "layers", index, name]
                    raise _misfit(place, list(own.shape), list(given.shape), "shape")
        pairs = zip(layers, snapshot.layers, strict=True)
        network = Network(tuple(Layer(W, b, layer.activation) for layer, (W, b) in pairs))
        return replace(self, network=network)


def _misfit(where: list[str | int], expected: object, given: object, what: str) -> Exception:
    return SpecificationError(
        f"The snapshot doesn't fit the network: other {what}.",
        where=where,
        expected=expected,
        given=given,
    )
