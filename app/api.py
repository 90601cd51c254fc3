"""The routes of the API."""

from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response, StreamingResponse

from app import __version__
from app.answers import (
    ActivationsAnswer,
    CurvatureAnswer,
    FieldAnswer,
    Health,
    ModesAnswer,
    PathAnswer,
    SweepAnswer,
    TraceAnswer,
)
from app.budget import answered, budgeted
from app.catalog import Catalog, catalog
from app.check_answers import GradientCheckAnswer, check_json
from app.check_requests import GradientCheckRequest
from app.connection import while_connected
from app.data_answers import ColumnsAnswer, DataAnswer, columns_answer, data_json
from app.data_requests import DataRequest, TableRequest
from app.descent_requests import (
    CurvatureRequest,
    DescentTraceRequest,
    FieldRequest,
    ModesRequest,
    PathRequest,
    SurfaceRequest,
    SweepRequest,
)
from app.path_wire import curvature_json, field_json, modes_json, path_json, sweep_json
from app.prediction_requests import (
    PredictionsAnswer,
    PredictionsRequest,
    predictions_json,
)
from app.region_requests import RegionsRequest
from app.requests import TraceRequest
from app.routing import Calls, json_answer
from app.step_wire import TrainingStepAnswer, stepped
from app.surface_entries import SurfaceAnswer, surface_answer
from app.train_events import traced
from app.train_requests import TRACE_SECONDS, TrainRequest, TrainStepRequest, TrainTraceRequest
from app.train_stream import stream_events
from app.wire import gathered, trace_chunks
from app.workers import run_async

STREAM_FROM = 50_000
"""Cells from which an answer is streamed: below, one body with its length is faster."""

EVENT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "event": {"type": "string", "enum": ["start", "row", "snapshot", "end", "error"]},
        "data": {"type": "string", "contentMediaType": "application/json"},
        "id": {"type": "string", "description": "How many steps have been taken"},
    },
    "required": ["event", "data"],
}
EVENTS: dict[str, Any] = {"content": {"text/event-stream": {"schema": EVENT}}}
REGIONS: dict[str, Any] = {
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    "headers": {
        "x-outputs-shape": {"schema": {"type": "string"}, "description": "K,rows,columns"},
        "x-neurons-shape": {"schema": {"type": "string"}, "description": "units,rows,columns"},
        "x-inputs-shape": {"schema": {"type": "string"}, "description": "inputs,rows,columns"},
    },
}

call = Calls()
router = call.router


@router.get("/healthz", summary="Is the server up?")
def health() -> Health:
    return Health(status="ok", version=__version__)


@router.get("/api/catalog", summary="Everything that a form needs")
def read_catalog() -> Catalog:
    return catalog()


@call("/api/trace", "Every number of forward, loss, backward and update", TraceAnswer)
def trace(request: TraceRequest) -> Response:
    experiment = request.experiment()
    chunks = trace_chunks(experiment.trace())
    if experiment.program.cells(request.iterations) < STREAM_FROM:
        return json_answer(b"".join(chunks))
    return StreamingResponse(gathered(chunks), media_type="application/json")


@call("/api/gradient-check", "Every gradient beside its central difference", GradientCheckAnswer)
def gradient_check(request: GradientCheckRequest) -> Response:
    return json_answer(check_json(request.check()))


@call("/api/dataset", "A data set, split and standardised", DataAnswer)
def data_set(request: DataRequest) -> Response:
    return json_answer(data_json(request.data.prepared(), request.data.heading()))


@call("/api/table-columns", "What the columns of a table are called", ColumnsAnswer)
def table_columns(request: TableRequest) -> ColumnsAnswer:
    return columns_answer(request.data.table.table())


@call("/api/surface", "A surface with its gradient and Hessian", SurfaceAnswer)
def surface(request: SurfaceRequest) -> SurfaceAnswer:
    return surface_answer(request.described())


@call("/api/descent", "A path over a surface", PathAnswer)
async def descent(request: PathRequest, connection: Request) -> Response:
    return await answered(connection, lambda budget: path_json(request.path(budget)))


@call("/api/descent-trace", "Every number of one iteration of a path", TraceAnswer)
async def descent_trace(request: DescentTraceRequest, connection: Request) -> Response:
    return await answered(connection, lambda budget: b"".join(trace_chunks(request.trace(budget))))


@call("/api/sweep", "How the same descent ends with many learning rates", SweepAnswer)
async def learning_rate_sweep(request: SweepRequest, connection: Request) -> Response:
    return await answered(
        connection, lambda budget: sweep_json(request.learning_rates, request.paths(budget))
    )


@call("/api/modes", "A path's error along the eigenvectors of the Hessian", ModesAnswer)
async def modes(request: ModesRequest, connection: Request) -> Response:
    return await answered(connection, lambda budget: modes_json(request.modes(budget)))


@call("/api/curvature", "What the Hessian says about step sizes", CurvatureAnswer)
def curvature(request: CurvatureRequest) -> Response:
    return json_answer(curvature_json(request.curvature()))


@call(
    "/api/train",
    "A training as server-sent events: rows and snapshots as they are computed",
    responses={200: EVENTS},
    response_class=StreamingResponse,
)
async def train(request: TrainRequest, connection: Request) -> Response:
    return await stream_events(connection, await run_in_threadpool(request.run))


@call("/api/train-trace", "Every number of one step of a training", TraceAnswer)
async def train_trace(request: TrainTraceRequest, connection: Request) -> Response:
    asked = await run_in_threadpool(request.asked)
    # The worker is given more time than its own budget, whose message says more.
    work = run_async(traced, *asked, seconds=2 * TRACE_SECONDS)
    return json_answer(await while_connected(connection, work))


@call(
    "/api/train-step",
    "One step of a training: what it changes, and what that does to the loss",
    TrainingStepAnswer,
)
async def train_step(request: TrainStepRequest, connection: Request) -> Response:
    asked = await run_in_threadpool(request.asked_step)
    work = run_async(stepped, *asked, seconds=2 * TRACE_SECONDS)
    return json_answer(await while_connected(connection, work))


@call(
    "/api/regions",
    "A network's outputs and hidden units on a grid, as float32 numbers; or at points",
    ActivationsAnswer,
    responses={200: REGIONS},
)
async def regions(request: RegionsRequest, connection: Request) -> Response:
    if request.at is not None:
        return await answered(connection, request.values)
    found = await budgeted(connection, request.regions)
    return Response(found.content(), media_type="application/octet-stream", headers=found.headers())


@call(
    "/api/predictions",
    "A network on every row of a data set, with the loss of each",
    PredictionsAnswer,
)
async def predictions(request: PredictionsRequest, connection: Request) -> Response:
    return await answered(
        connection, lambda budget: predictions_json(request.predictions(budget), request.outputs)
    )


@call("/api/field", "A surface on a grid", FieldAnswer)
def field(request: FieldRequest) -> Response:
    found = request.field()
    return json_answer(field_json(found.axes, found.values))
