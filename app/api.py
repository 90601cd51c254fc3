"""The routes of the API."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, TypeAlias, TypeVar

import orjson
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response, StreamingResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel

from app import __version__
from app.answer_requests import AnswerCheckAnswer, AnswerCheckRequest
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
from app.budget import answered
from app.catalog import Catalog, catalog
from app.check_answers import GradientCheckAnswer, check_json
from app.check_requests import GradientCheckRequest
from app.code_requests import CodeAnswer, CodeRequest, code_json
from app.connection import while_connected
from app.data_answers import DataAnswer, data_json
from app.data_requests import DataRequest
from app.descent_requests import (
    CurvatureRequest,
    DescentTraceRequest,
    FieldRequest,
    ModesRequest,
    PathRequest,
    SurfaceRequest,
    SweepRequest,
)
from app.diagnosis_requests import DiagnosisAnswer, DiagnosisRequest
from app.errors import ErrorAnswer, error_response
from app.fraction_requests import FractionsAnswer, FractionsRequest
from app.jacobian_requests import JacobianAnswer, JacobianRequest
from app.long_way_requests import (
    LongWayAnswer,
    LongWayRequest,
    LongWaysAnswer,
    LongWaysRequest,
)
from app.path_wire import curvature_json, field_json, modes_json, path_json, sweep_json
from app.prediction_requests import (
    PredictionsAnswer,
    PredictionsRequest,
    predictions_json,
)
from app.region_requests import RegionsRequest
from app.requests import TraceRequest
from app.shape_requests import ShapeTrialAnswer, ShapeTrialRequest
from app.step_wire import TrainingStepAnswer, stepped
from app.surface_entries import SurfaceAnswer, surface_answer
from app.train_events import traced
from app.train_requests import TRACE_SECONDS, TrainRequest, TrainStepRequest, TrainTraceRequest
from app.train_stream import stream_events
from app.wire import trace_chunks
from app.workers import run_async

STREAM_FROM = 50_000
"""Cells from which an answer is streamed: below, one body with its length is faster."""

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Responses: TypeAlias = dict[int | str, dict[str, Any]]

_FAILURES: Responses = {
    400: {"model": ErrorAnswer, "description": "It fits the schema but not the mathematics"},
    413: {"model": ErrorAnswer, "description": "Over one of the published limits"},
    415: {
        "model": ErrorAnswer,
        "description": "Not JSON, or a content encoding other than gzip or deflate",
    },
    422: {"model": ErrorAnswer, "description": "It doesn't fit the schema"},
    503: {"model": ErrorAnswer, "description": "Busy, or a worker was lost: try again"},
}
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
    },
}


def _not_json(content_type: str) -> Response:
    return error_response(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        "The body must be JSON, with the header Content-Type: application/json.",
        ["headers", "content-type"],
        "application/json",
        content_type or None,
    )


class StrictJsonRequest(Request):
    """A request read by a strict parser: no NaN, no lone surrogate, no deep nesting."""

    async def says_otherwise(self) -> bool:
        """Whether there is a body that isn't announced as JSON."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return kind != "application/json" and bool(await self.body())

    async def json(self) -> Any:
        return orjson.loads(await self.body())


class StrictJsonRoute(APIRoute):
    """A route that takes such requests, and no other body."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_strictly(request: Request) -> Response:
            strict = StrictJsonRequest(request.scope, request.receive)
            if request.method == "POST" and await strict.says_otherwise():
                return _not_json(request.headers.get("content-type", ""))
            return await handle(strict)

        return handle_strictly


router = APIRouter(route_class=StrictJsonRoute)


def call(
    path: str,
    summary: str,
    answer: type[BaseModel] | None = None,
    responses: Responses | None = None,
    on: APIRouter = router,
    **more: Any,
) -> Callable[[Endpoint], Endpoint]:
    """Make a function a call of the API: what fails, fails in the one shape."""
    return on.post(
        path,
        summary=summary,
        response_model=answer,
        responses=_FAILURES | (responses or {}),
        **more,
    )


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")


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
        return _json(b"".join(chunks))
    return StreamingResponse(chunks, media_type="application/json")


@call("/api/gradient-check", "Every gradient beside its central difference", GradientCheckAnswer)
def gradient_check(request: GradientCheckRequest) -> Response:
    return _json(check_json(request.check()))


@call("/api/jacobian", "How a layer's outputs answer to its pre-activations", JacobianAnswer)
def jacobian(request: JacobianRequest) -> Response:
    return _json(request.answer())


@call("/api/fractions", "Every number of a trace as a fraction, where it has one", FractionsAnswer)
async def fractions(request: FractionsRequest, connection: Request) -> Response:
    return await answered(connection, request.fractions)


@call("/api/code", "An experiment as a script of its own, in NumPy and in PyTorch", CodeAnswer)
def code(request: CodeRequest) -> Response:
    return _json(code_json(request.experiment()))


@call(
    "/api/answer-check",
    "Whether typed numbers are right, or which slip gives them",
    AnswerCheckAnswer,
)
def answer_check(request: AnswerCheckRequest) -> AnswerCheckAnswer:
    return request.checked()


@call(
    "/api/long-way",
    "From ∂L/∂A to ∂L/∂Z, beside what it cancels to",
    LongWayAnswer,
)
def the_long_way(request: LongWayRequest) -> LongWayAnswer:
    return request.answer()


@call("/api/long-ways", "The same for rows of pre-activations, each alone", LongWaysAnswer)
def the_long_ways(request: LongWaysRequest) -> LongWaysAnswer:
    return request.answer()


@call(
    "/api/shape-trial",
    "A step's well-known mistakes, done with NumPy",
    ShapeTrialAnswer,
)
def shape_trial(request: ShapeTrialRequest) -> ShapeTrialAnswer:
    return request.answer()


@call(
    "/api/diagnosis",
    "How a run grew, what broke it, and which units died",
    DiagnosisAnswer,
)
def diagnosis(request: DiagnosisRequest) -> DiagnosisAnswer:
    return request.answer()


@call("/api/dataset", "A data set, split and standardised", DataAnswer)
def data_set(request: DataRequest) -> Response:
    return _json(data_json(request.data.prepared(), request.data.heading()))


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
    return _json(curvature_json(request.curvature()))


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
    return _json(await while_connected(connection, work))


@call(
    "/api/train-step",
    "One step of a training: what it changes, and what that does to the loss",
    TrainingStepAnswer,
)
async def train_step(request: TrainStepRequest, connection: Request) -> Response:
    asked = await run_in_threadpool(request.asked_step)
    work = run_async(stepped, *asked, seconds=2 * TRACE_SECONDS)
    return _json(await while_connected(connection, work))


@call(
    "/api/regions",
    "A network's outputs and hidden units on a grid, as float32 numbers; or at points",
    ActivationsAnswer,
    responses={200: REGIONS},
)
def regions(request: RegionsRequest) -> Response:
    if request.at is not None:
        return _json(request.values())
    found = request.regions()
    return Response(found.content(), media_type="application/octet-stream", headers=found.headers())


@call(
    "/api/predictions",
    "A network on every row of a data set, with the loss of each",
    PredictionsAnswer,
)
def predictions(request: PredictionsRequest) -> Response:
    return _json(predictions_json(request.predictions(), request.outputs))


@call("/api/field", "A surface on a grid", FieldAnswer)
def field(request: FieldRequest) -> Response:
    found = request.field()
    return _json(field_json(found.axes, found.values))
