"""What the API gives, for the OpenAPI document; `app.wire` writes these shapes itself."""

from typing import Any, Literal

from pydantic import BaseModel, Field

Phase = Literal["forward", "loss", "backward", "update"]


class EquationAnswer(BaseModel):
    """A formula: its LaTeX, its index rule, the roles of its operands and how one cell is made."""

    title: str
    latex: str
    reads: str = Field(examples=["sk,ok,o->so"])
    roles: list[str]
    cell: Any = Field(description="Nested arrays, such as [“+”, [“sum”, [“*”, “A”, “W”]], “b”].")


class Unbounded(BaseModel):
    """A cell that is ±∞; its place in `data` is null."""

    cell: int
    sign: Literal[1, -1]


class TensorHead(BaseModel):
    """What an array is, without its numbers."""

    symbol: str
    title: str
    latex: str
    layer: int | None
    iteration: int
    axes: list[str]
    shape: list[int]


class TensorAnswer(TensorHead):
    """One array: `data` is flat, row-major float64."""

    data: list[float | None]
    unbounded: list[Unbounded] | None = None


class StepAnswer(BaseModel):
    """One equation applied: operands by role and the result, as tensor ids."""

    phase: Phase
    equation: str
    operands: dict[str, str]
    result: str


class DivergenceAnswer(BaseModel):
    """The first result that wasn't finite."""

    step: int
    tensor: str
    cell: list[int]
    value: Literal["nan", "+inf", "-inf"]
    message: str


class TraceAnswer(BaseModel):
    """Every number of a run; ends before the first result that isn't finite."""

    outcome: Literal["complete", "diverged"]
    diverged: DivergenceAnswer | None
    equations: dict[str, EquationAnswer]
    tensors: dict[str, TensorAnswer]
    steps: list[StepAnswer]


StoppedBy = Literal["value_change", "gradient_norm", "max_iterations", "diverged", "stationary"]


class SweepAnswer(BaseModel):
    """How each learning rate's path ended: one entry a rate in every list."""

    learning_rates: list[float]
    iterations: list[int]
    stopped_by: list[StoppedBy]
    value: list[float]


class LineAnswer(BaseModel):
    """A step as pseudo-code: finished LaTeX, with k and k + 1 where values change."""

    phase: Phase
    title: str
    latex: str


class QuantitiesAnswer(BaseModel):
    """Every number of every step taken, by the ids that a trace of iteration 0 has.

    A column has one entry a step: a number, or a flat list of them. It ends before the first step
    with a number that isn't finite. `lines` has an entry for each of `steps`.
    """

    equations: dict[str, EquationAnswer]
    steps: list[StepAnswer]
    lines: list[LineAnswer]
    tensors: dict[str, TensorHead]
    constants: dict[str, list[float]]
    columns: dict[str, list[float] | list[list[float]]]


class PathAnswer(BaseModel):
    """A descent: one entry a point, except `step_size`, which has one entry a step."""

    stopped_by: StoppedBy
    iterations: int
    theta: list[list[float]]
    value: list[float]
    gradient: list[list[float]]
    gradient_norm: list[float]
    step_size: list[float]
    quantities: QuantitiesAnswer | None = Field(description="Null unless they are asked for.")


class ModesAnswer(BaseModel):
    """A path's error along the eigenvectors; null where it isn't finite, as 0/0 isn't.

    `eigenvectors` has one a row; `coordinates`, `predicted` and `error` have an entry a point,
    `measured_rate` and `value_ratio` one a step. Factors are for gradient descent without decay
    at a constant step size, and null otherwise.
    """

    center: list[float]
    eigenvalues: list[float]
    eigenvectors: list[list[float]]
    coordinates: list[list[float | None]]
    factors: list[float | None] | None
    predicted: list[list[float | None]] | None
    predicted_rate: float | None
    error: list[float | None]
    measured_rate: list[float | None]
    value_ratio: list[float | None]


class CurvatureAnswer(BaseModel):
    """A surface at a point: `eigenvectors` has one a row; step sizes are null off a valley."""

    value: float
    gradient: list[float]
    hessian: list[list[float]]
    eigenvalues: list[float]
    eigenvectors: list[list[float]]
    monotone_below: float | None
    stable_below: float | None
    best_step: float | None
    best_rate: float | None


class FieldAnswer(BaseModel):
    """A surface on a grid: `values` is flat, row by row; `undefined` lists the null cells."""

    x: list[float]
    y: list[float] | None
    shape: list[int]
    values: list[float | None]
    undefined: list[int]


class ActivationsAnswer(BaseModel):
    """The activations of each layer at points: one row a point; null where one isn't finite.

    `inputs` are the network's, before they were standardised.
    """

    inputs: list[list[float | None]]
    activations: list[list[list[float | None]]]


class Health(BaseModel):
    """The server is up."""

    status: Literal["ok"]
    version: str
