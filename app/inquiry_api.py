"""The calls that look closer at a trace: each takes what `/api/trace` takes."""

from fastapi import Request
from fastapi.responses import Response

from app.answer_requests import AnswerCheckAnswer, AnswerCheckRequest
from app.budget import answered, budgeted
from app.code_requests import CodeAnswer, CodeRequest, code_json
from app.diagnosis_requests import DiagnosisAnswer, DiagnosisRequest
from app.fraction_requests import FractionsAnswer, FractionsRequest
from app.jacobian_requests import JacobianAnswer, JacobianRequest
from app.long_way_requests import (
    LongWayAnswer,
    LongWayRequest,
    LongWaysAnswer,
    LongWaysRequest,
)
from app.routing import Calls, json_answer
from app.shape_requests import ShapeTrialAnswer, ShapeTrialRequest
from app.timing_requests import StepTimesAnswer, StepTimesRequest

call = Calls()
router = call.router


@call("/api/jacobian", "How a layer's outputs answer to its pre-activations", JacobianAnswer)
def jacobian(request: JacobianRequest) -> Response:
    return json_answer(request.answer())


@call("/api/fractions", "Every number of a trace as a fraction, where it has one", FractionsAnswer)
async def fractions(request: FractionsRequest, connection: Request) -> Response:
    return await answered(connection, request.fractions)


@call("/api/code", "An experiment as a script of its own, in NumPy and in PyTorch", CodeAnswer)
def code(request: CodeRequest) -> Response:
    return json_answer(code_json(request.experiment()))


@call(
    "/api/answer-check",
    "Whether typed numbers are right, or which slip gives them",
    AnswerCheckAnswer,
)
async def answer_check(request: AnswerCheckRequest, connection: Request) -> AnswerCheckAnswer:
    return await budgeted(connection, request.checked)


@call(
    "/api/long-way",
    "From ∂L/∂A to ∂L/∂Z, beside what it cancels to",
    LongWayAnswer,
)
def the_long_way(request: LongWayRequest) -> Response:
    return json_answer(request.answer())


@call("/api/long-ways", "The same for rows of pre-activations, each alone", LongWaysAnswer)
def the_long_ways(request: LongWaysRequest) -> Response:
    return json_answer(request.answer())


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


@call("/api/step-times", "How long each step takes, measured", StepTimesAnswer)
def step_times(request: StepTimesRequest) -> StepTimesAnswer:
    return request.answer()
