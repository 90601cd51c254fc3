"""The calls that check gradients and follow updates."""

from fastapi.responses import Response

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
from app.routing import Calls, json_answer

call = Calls()
router = call.router


@call(
    "/api/difference-curve",
    "How far difference quotients of one cell miss its gradient, at many steps",
    DifferenceCurveAnswer,
)
def gradient_curve(request: DifferenceCurveRequest) -> Response:
    return json_answer(curve_json(request.curve()))


@call("/api/nudge", "One cell moved by many amounts: L, and what was predicted", NudgeAnswer)
def nudge(request: NudgeRequest) -> Response:
    return json_answer(nudge_json(request.nudge()))


@call(
    "/api/gradient-comparison",
    "A gradient that someone else computed, beside ours",
    GradientComparisonAnswer,
)
def gradient_comparison(request: GradientComparisonRequest) -> Response:
    return json_answer(comparison_json(request.comparison()))


@call("/api/update-effect", "What every update of a run does to the loss", UpdateEffectAnswer)
def update_effect(request: UpdateEffectRequest) -> Response:
    return json_answer(effects_json(request.effects()))


@call(
    "/api/branch-comparison",
    "One tensor in two branches of a run, cell by cell",
    BranchComparisonAnswer,
)
def branch_comparison(request: BranchComparisonRequest) -> Response:
    return json_answer(runs_json(request.comparison()))
