"""What a request counts against the published limits, to the unit, and that nothing is left out."""

from collections.abc import Callable
from typing import Any

import pytest

from app.check_requests import (
    DifferenceCurveRequest,
    GradientCheckRequest,
    GradientComparisonRequest,
    NudgeRequest,
)
from app.effect_requests import UpdateEffectRequest
from app.limits import LIMITS, LimitError, Limits
from app.prediction_requests import PredictionsRequest
from app.region_requests import RegionsRequest
from app.train_requests import TrainRequest, TrainStepRequest, TrainTraceRequest
from core import Experiment, make_network

Json = dict[str, Any]
Counts = dict[str, list[int]]
Work = Callable[[], object]


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> Callable[[Work], Counts]:
    """Do something and tell what was counted on the way, by limit."""

    def counted(work: Work) -> Counts:
        found = Counts()

        def note(_: Limits, limit: str, given: int, *where: str | int) -> None:
            assert all(isinstance(each, str | int) for each in where)
            found.setdefault(limit, []).append(given)

        with monkeypatch.context() as patched:
            patched.setattr(Limits, "check", note)
            work()
        return found

    return counted


SIZES = [2, 4, 1]
NETWORK: Json = {"sizes": SIZES, "activations": ["tanh", "sigmoid"]}
X, Y = [[1.0, 2.0], [3.0, -1.0], [0.5, 0.25]], [[1.0], [0.0], [1.0]]
BODY: Json = {"network": NETWORK, "X": X, "Y": Y, "loss": "mse"}
PARAMETERS = (2 + 1) * 4 + (4 + 1) * 1
ONE_LOSS = PARAMETERS * len(X)
"""Multiplications for one evaluation of the loss."""


def never() -> bool:
    return False


@pytest.mark.parametrize(
    ("kind", "more", "evaluations"),
    [
        (GradientCheckRequest, {}, 2 * PARAMETERS),
        (GradientCheckRequest, {"penalty": {"l2": 0.1}}, 2 * 2 * PARAMETERS),
        (GradientCheckRequest, {"penalty": {"l1": 0.1}}, 2 * 2 * PARAMETERS),
        (GradientCheckRequest, {"gradients": ["dW[1]"]}, 2 * 2 * 4),
        (GradientCheckRequest, {"gradients": ["db[1]", "dW[2]"]}, 2 * (4 + 4)),
        (GradientCheckRequest, {"gradients": ["dZ[1]", "dA[0]"]}, 2 * 3 * (4 + 2)),
        (
            GradientCheckRequest,
            {"gradients": ["rW[1]"], "penalty": {"l2": 0.1}},
            2 * 2 * 4,
        ),
        (DifferenceCurveRequest, {"gradient": "dW[1]"}, 3 * 57),
        (DifferenceCurveRequest, {"gradient": "dW[1]", "steps": [1e-3, 1e-5]}, 3 * 2),
        (NudgeRequest, {"gradient": "dW[1]", "amounts": [0.5, 1, 2]}, 3 + 2),
        (GradientComparisonRequest, {"gradient": "db[1]", "text": "1 2 3 4"}, 2 * 4),
    ],
)
def test_a_check_counts_each_evaluation_of_the_loss(
    count: Callable[[Work], Counts], kind: type[Any], more: Json, evaluations: int
):
    request = kind.model_validate(BODY | more)
    assert count(request.moment)["check_operations"] == [evaluations * ONE_LOSS]


def test_steps_amounts_and_text_are_counted(count: Callable[[Work], Counts]):
    cell = {"gradient": "dW[1]"}
    curve = DifferenceCurveRequest.model_validate(BODY | cell | {"steps": [1e-3, 1e-5]})
    nudge = NudgeRequest.model_validate(BODY | cell | {"amounts": [0.5, 1, 2]})
    text = "1 2 3 4"
    pasted = GradientComparisonRequest.model_validate(BODY | {"gradient": "db[1]", "text": text})
    assert count(curve.curve)["difference_steps"] == [2]
    assert count(nudge.nudge)["nudges"] == [3]
    assert count(pasted.comparison)["matrix_text"] == [len(text)]


def traced_cells(**more: Any) -> int:
    """The numbers of a trace, each counted once."""
    network = make_network(SIZES, NETWORK["activations"], "torch_linear", 0)
    trace = Experiment(network, X, Y, "mse", **more).trace()
    return sum(tensor.data.size for tensor in trace.tensors.values())


def test_branches_count_their_cells_and_the_pass_after_each(count: Callable[[Work], Counts]):
    branch = {"at": 1, "iterations": 2, "optimizer": {"name": "adam"}}
    slower = branch | {"schedule": {"name": "exponential"}}
    body = BODY | {"iterations": 3, "branches": [branch, slower]}
    found = count(UpdateEffectRequest.model_validate(body).effects)
    adam = {"iterations": 3, "optimizer": "adam"}
    each = traced_cells(**adam), traced_cells(**adam, schedule="exponential")
    assert each[0] < each[1]
    assert found["branches"] == [2]
    assert found["iterations"] == [3, 2, 2]
    assert found["cells"][-1] == traced_cells(iterations=4) + sum(each)


def test_a_grid_counts_values_and_multiplications(count: Callable[[Work], Counts]):
    request = RegionsRequest.model_validate(
        {"network": NETWORK, "view": [[0, 1], [0, 1]], "shape": [4, 6], "neurons": [3, 2]}
    )
    found = count(lambda: request.regions(never))
    assert found["field_cells"] == [24, 6]
    assert found["region_cells"] == [1 * 24 + (2 + 4) * 6]
    assert found["region_operations"] == [(24 + 6) * (2 * 4 + 4 * 1)]
    assert set(found["units"]) == set(SIZES)


def test_points_count_values_and_multiplications(count: Callable[[Work], Counts]):
    request = RegionsRequest.model_validate({"network": NETWORK, "at": X})
    found = count(lambda: request.values(never))
    assert found["region_cells"] == [(2 + 4 + 1) * 3]
    assert found["region_operations"] == [3 * (2 * 4 + 4 * 1)]
    assert set(found["units"]) == set(SIZES)


DATA: Json = {"points": {"X": X, "labels": [1, 0, 1]}, "test_share": 0}
TRAINING: Json = {"data": DATA, "network": NETWORK, "loss": "binary_cross_entropy"}


def test_predictions_count_a_pass_over_all_rows(count: Callable[[Work], Counts]):
    request = PredictionsRequest.model_validate(TRAINING)
    found = count(lambda: request.predictions(never))
    assert found["training_cells"] == [3 * (2 + 2 * (4 + 1))]
    assert set(found["units"]) == set(SIZES)


def test_a_training_counts_its_steps_its_rows_and_its_snapshots(count: Callable[[Work], Counts]):
    body = TRAINING | {"batch_size": 2, "epochs": 50, "rows_every": 3, "snapshots_every": 7}
    found = count(TrainRequest.model_validate(body).run)
    assert found["samples"] == [3]
    assert found["training_cells"] == [3 * (2 + 5 * (4 + 1))]
    assert found["training_steps"] == [100]
    assert found["training_rows"] == [100 // 3]
    assert found["snapshot_numbers"] == [PARAMETERS * (100 // 7)]
    shorter = count(TrainRequest.model_validate(body | {"steps": 30}).run)
    assert shorter["training_rows"] == [10]
    assert shorter["snapshot_numbers"] == [PARAMETERS * 4]


def test_a_step_counts_its_iteration_and_its_cells(count: Callable[[Work], Counts]):
    body = TRAINING | {"epochs": 50, "iteration": 20}
    for found in (
        count(TrainTraceRequest.model_validate(body).asked),
        count(TrainStepRequest.model_validate(body).asked_step),
    ):
        assert found["training_steps"] == [50, 20]
        (cells,) = found["cells"]
        assert cells > 3 * (2 + 5 * (4 + 1))


@pytest.mark.parametrize("limit", LIMITS.as_dict())
def test_a_limit_itself_is_allowed_and_one_more_is_not(limit: str):
    most = LIMITS.as_dict()[limit]
    LIMITS.check(limit, most)
    with pytest.raises(LimitError) as refused:
        LIMITS.check(limit, most + 1, "here")
    assert (refused.value.most, refused.value.given) == (most, most + 1)
    assert refused.value.where == ["here"]
