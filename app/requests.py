"""What the API takes: models that say the shape of a request, and the experiment it describes."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, TypeAlias, cast

import numpy as np
from numpy.typing import ArrayLike
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Tag,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.limits import LIMITS
from core import ACTIVATIONS, INITIALISERS, LOSSES, OPTIMIZERS
from core.equation import Array
from core.errors import SpecificationError, UnknownNameError
from core.experiment import PRECISIONS, Experiment, plan_program
from core.initialisers import LARGEST_SEED
from core.network import Layer, Network, make_network

LONGEST_NAME = 60
"""Characters of an unknown name that are compared with the known ones."""
MOST_FIELDS = 100
"""Fields of an object: each unknown one is an error of its own, which costs memory."""


@dataclass(frozen=True)
class OneOf:
    """The type of a name from a table: an unknown one is answered with the nearest."""

    kind: str
    names: tuple[str, ...]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "enum": list(self.names)}

    def _check(self, name: str) -> str:
        if name not in self.names:
            error = UnknownNameError(self.kind, name[:LONGEST_NAME], self.names)
            context = {"text": error.message, "expected": error.expected, "given": error.given}
            raise PydanticCustomError("unknown_name", "{text}", context)
        return name


def _not_ragged(rows: list[list[float]]) -> list[list[float]]:
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise PydanticCustomError(
                "ragged_rows",
                "Row {row} has {given} numbers, but row 1 has {expected}.",
                {"row": index + 1, "given": len(row), "expected": len(rows[0])},
            )
    return rows


def _whole(value: object) -> object:
    """Read 3.0 as 3, which JSON Schema calls an integer too; orjson reads 2**70 as a float."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _array(rows: ArrayLike) -> Array:
    return np.asarray(rows, dtype=np.float64)


Number: TypeAlias = Annotated[float, Field(allow_inf_nan=False)]
# Lists stop at their first error: a million errors would take gigabytes and a minute.
Vector: TypeAlias = Annotated[list[Number], Field(min_length=1, fail_fast=True)]
Matrix: TypeAlias = Annotated[
    list[Vector], Field(min_length=1, fail_fast=True), AfterValidator(_not_ragged)
]
Count: TypeAlias = Annotated[int, Field(ge=1), BeforeValidator(_whole)]
Seed: TypeAlias = Annotated[int, Field(ge=0, le=LARGEST_SEED), BeforeValidator(_whole)]
ActivationName: TypeAlias = Annotated[str, OneOf("activation", tuple(ACTIVATIONS))]
LossName: TypeAlias = Annotated[str, OneOf("loss", tuple(LOSSES))]
SchemeName: TypeAlias = Annotated[str, OneOf("initialiser", tuple(INITIALISERS))]
OptimizerName: TypeAlias = Annotated[str, OneOf("optimizer", tuple(OPTIMIZERS))]
PrecisionName: TypeAlias = Annotated[str, OneOf("precision", tuple(PRECISIONS))]


class Request(BaseModel):
    """A part of a request: exact types, no unknown fields."""

    model_config = ConfigDict(strict=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _check_field_count(cls, value: object) -> object:
        count = len(cast(dict[object, object], value)) if isinstance(value, dict) else 0
        if count > MOST_FIELDS:
            raise PydanticCustomError(
                "too_many_fields",
                "An object with {given} fields can't be right.",
                {"given": count, "expected": f"at most {MOST_FIELDS} fields"},
            )
        return cast(object, value)


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


def _network_kind(value: Any) -> str:
    if isinstance(value, dict):
        return "given" if "layers" in value else "drawn"
    return "given" if isinstance(value, GivenNetwork) else "drawn"


AnyNetwork: TypeAlias = Annotated[
    Annotated[GivenNetwork, Tag("given")] | Annotated[DrawnNetwork, Tag("drawn")],
    Discriminator(_network_kind),
]


class OptimizerChoice(Request):
    """An optimizer with its parameters."""

    name: OptimizerName = "gradient_descent"
    learning_rate: Number = 0.1


class TraceRequest(Request):
    """An experiment. Without `loss` and `Y` there is only the forward pass."""

    network: AnyNetwork
    X: Matrix
    Y: Matrix | None = None
    loss: LossName | None = None
    optimizer: OptimizerChoice | None = OptimizerChoice()
    iterations: Count = 1
    precision: PrecisionName = "float64"

    def experiment(self) -> Experiment:
        """Return the experiment, once the request is known to be within the limits.

        Raises: LimitError, SpecificationError.
        """
        self._check_limits()
        self._check_range()
        return Experiment(
            self._network(),
            _array(self.X),
            None if self.Y is None else _array(self.Y),
            loss=self.loss,
            optimizer=self.optimizer.name if self.optimizer else None,
            learning_rate=self.optimizer.learning_rate if self.optimizer else 0.0,
            iterations=self.iterations,
            precision=self.precision,
        )

    def _network(self) -> Network:
        if isinstance(self.network, DrawnNetwork):
            init = self.network.init
            return make_network(
                self.network.sizes, self.network.activations, init.scheme, init.seed
            )
        return Network(
            tuple(
                Layer(_array(layer.W), _array(layer.b), layer.activation)
                for layer in self.network.layers
            )
        )

    def _check_range(self) -> None:
        """Raise where float32 has no number for what was given: a trace holds no infinity."""
        if self.precision == "float64":  # JSON's own range.
            return
        largest = float(np.finfo(self.precision).max)
        for where, numbers in self._numbers():
            array = np.abs(_array(numbers))
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
            yield ["optimizer", "learning_rate"], self.optimizer.learning_rate
        if isinstance(self.network, GivenNetwork):
            for index, layer in enumerate(self.network.layers):
                yield ["network", "layers", index, "W"], layer.W
                yield ["network", "layers", index, "b"], layer.b

    def _shape(self) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """Return sizes and activations, without making an array."""
        if isinstance(self.network, DrawnNetwork):
            return tuple(self.network.sizes), tuple(self.network.activations)
        layers = self.network.layers
        sizes = (len(layers[0].W[0]), *(len(layer.W) for layer in layers))
        return sizes, tuple(layer.activation for layer in layers)

    def _place_of_size(self, index: int) -> list[str | int]:
        """Return where the request says how many units a layer has; layer 0 holds the inputs."""
        if isinstance(self.network, DrawnNetwork):
            return ["network", "sizes", index]
        return ["network", "layers", max(index - 1, 0), "W"]

    def _check_limits(self) -> None:
        sizes, activations = self._shape()
        LIMITS.check("layers", len(sizes) - 1, "network")
        for index, size in enumerate(sizes):
            LIMITS.check("units", size, *self._place_of_size(index))
        LIMITS.check("samples", len(self.X), "X")
        LIMITS.check("iterations", self.iterations, "iterations")
        program = plan_program(
            sizes,
            activations,
            len(self.X),
            self.loss,
            self.optimizer.name if self.optimizer and self.loss else None,
            self.precision,
        )
        LIMITS.check("cells", program.cells(self.iterations))


class GradientCheckRequest(TraceRequest):
    """An experiment whose gradients are checked; `iterations` changes nothing."""

    def experiment(self) -> Experiment:
        """Return the experiment, once its check is known to be within the limits."""
        sizes, _ = self._shape()
        parameters = sum((n + 1) * k for n, k in pairwise(sizes))
        LIMITS.check("check_operations", 2 * parameters * parameters * len(self.X), "network")
        return super().experiment()
