"""The calls that check gradients and follow updates."""

from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from app.api import StrictJsonRoute
from app.api import call as call_on
from app.check_answers import (
    DifferenceCurveAnswer,
    GradientComparisonAnswer,
    NudgeAnswer,
    comparison_json,
    curve_json,
    nudge_json,
)
from app.check_requests import DifferenceCurveRequest, GradientComparisonRequest, NudgeRequest
from app.effect_answers import (
    BranchComparisonAnswer,
    UpdateEffectAnswer,
    effects_json,
    runs_json,
)
from app.effect_requests import BranchComparisonRequest, UpdateEffectRequest

router = APIRouter(route_class=StrictJsonRoute)
call = partial(call_on, on=router)


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")


@call(
    "/api/difference-curve",
    "How far difference quotients of one cell miss its gradient, at many steps",
    DifferenceCurveAnswer,
)
def gradient_curve(request: DifferenceCurveRequest) -> Response:
    return _json(curve_json(request.curve()))


@call("/api/nudge", "One cell moved by many amounts: L, and what was predicted", NudgeAnswer)
def nudge(request: NudgeRequest) -> Response:
    return _json(nudge_json(request.nudge()))


@call(
    "/api/gradient-comparison",
    "A gradient that someone else computed, beside ours",
    GradientComparisonAnswer,
)
def gradient_comparison(request: GradientComparisonRequest) -> Response:
    return _json(comparison_json(request.comparison()))


@call("/api/update-effect", "What every update of a run does to the loss", UpdateEffectAnswer)
def update_effect(request: UpdateEffectRequest) -> Response:
    return _json(effects_json(request.effects()))


@call(
    "/api/branch-comparison",
    "One tensor in two branches of a run, cell by cell",
    BranchComparisonAnswer,
)
def branch_comparison(request: BranchComparisonRequest) -> Response:
    return _json(runs_json(request.comparison()))
