"""What requests are made of: bounded numbers, matrices, names from a table."""

from dataclasses import dataclass
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
from core.equation import Array
from core.errors import UnknownNameError
from core.initialisers import LARGEST_SEED

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


def as_array(rows: ArrayLike) -> Array:
    return np.asarray(rows, dtype=np.float64)


Number: TypeAlias = Annotated[float, Field(allow_inf_nan=False)]
# Lists stop at their first error: a million errors would take gigabytes and a minute.
Vector: TypeAlias = Annotated[list[Number], Field(min_length=1, fail_fast=True)]
Matrix: TypeAlias = Annotated[
    list[Vector], Field(min_length=1, fail_fast=True), AfterValidator(_not_ragged)
]
Count: TypeAlias = Annotated[int, Field(ge=1), BeforeValidator(_whole)]
Index: TypeAlias = Annotated[int, Field(ge=0), BeforeValidator(_whole)]
Seed: TypeAlias = Annotated[int, Field(ge=0, le=LARGEST_SEED), BeforeValidator(_whole)]
StepsDone: TypeAlias = Annotated[
    int, Field(ge=0, le=LIMITS.training_steps), BeforeValidator(_whole)
]


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


USUAL = Tag("usual")


def told_apart(**kinds: type[Request]) -> Discriminator:
    """Tell a union's parts apart by a key of their own, which is their tag; without it, USUAL."""

    def tag(value: Any) -> str:
        if isinstance(value, dict):
            return next((key for key in kinds if key in value), USUAL.tag)
        return next((key for key, kind in kinds.items() if isinstance(value, kind)), USUAL.tag)

    return Discriminator(tag)
