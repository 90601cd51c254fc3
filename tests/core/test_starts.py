"""Experiments that begin in the middle of a training: the same step, bit for bit."""

from typing import Any

import numpy as np
import pytest

from core import EQUATIONS, LOSSES, Experiment, SpecificationError, make_network
from core.gradient_check import check_gradients
from core.learning import Start
from core.optimizers import OPTIMIZERS
from core.schedules import SCHEDULES
from core.stepper import trace_step
from core.training import Snapshot, Training
from tests.core.test_gradient_check import replaced
from tests.core.trainings import after, training

PENALTY = {"l1": 0.003, "l2": 0.02}
CASES: list[dict[str, Any]] = [
    *({"optimizer": name} for name in OPTIMIZERS),
    {"optimizer": "rmsprop", "switches": ("centered",)},
    {"optimizer": "momentum", "numbers": {"dampening": 0.3, "weight_decay": 0.1}},
    *({"optimizer": "adam", "schedule": name, **PENALTY} for name in SCHEDULES),
    {"optimizer": "adamw", "schedule": "step", "schedule_numbers": {"period": 3.0}, "l1": 0.01},
]


def experiment(training: Training, snapshot: Snapshot, **more: Any) -> Experiment:
    """The training's next step, as an experiment of its own."""
    rows = training.batches.at(snapshot.step)
    return Experiment(
        training.resumed(snapshot).network,
        training.X[rows],
        training.Y[rows],
        training.loss,
        training.optimizer,
        numbers=training.numbers,
        switches=training.switches,
        schedule=training.schedule,
        schedule_numbers=training.schedule_numbers,
        l1=training.l1,
        l2=training.l2,
        **({"start": Start(snapshot.step, snapshot.state)} | more),
    )


# The fifth batch of each epoch is the smaller rest.
@pytest.mark.parametrize("step", [0, 7, 9])
@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case.values())))
def test_a_step_of_a_training_is_an_experiment_s(case: dict[str, Any], step: int):
    whole = training(**case)
    snapshot, following = after(step, **case).snapshot(), after(step + 1, **case).snapshot()
    trace = experiment(whole, snapshot).trace()
    for layer, (W, b) in enumerate(following.layers, start=1):
        assert np.array_equal(trace[f"W[{layer}]@{step + 1}"], W)
        assert np.array_equal(trace[f"b[{layer}]@{step + 1}"], b)
    for name, state in following.state.items():
        assert np.array_equal(trace[f"{name}@{step + 1}"], state), name
    replayed = trace_step(whole, step)
    assert list(trace.tensors) == list(replayed.tensors)
    for id in trace.tensors:
        assert np.array_equal(trace[id], replayed[id]), id


def test_it_goes_on_from_there():
    whole = training(batch_size=None, optimizer="adam", schedule="cosine")
    first = after(3, batch_size=None, optimizer="adam", schedule="cosine").snapshot()
    last = after(6, batch_size=None, optimizer="adam", schedule="cosine").snapshot()
    trace = experiment(whole, first, iterations=3).trace()
    assert np.array_equal(trace["W[2]@6"], last.layers[1][0])
    assert {tensor.iteration for tensor in trace.tensors.values()} == {0, 3, 4, 5, 6}


def test_without_its_start_it_is_another_step():
    snapshot = after(7, optimizer="adam").snapshot()
    whole = training(optimizer="adam")
    fresh = experiment(whole, snapshot, start=None).trace()["W[1]@1"]
    assert not np.array_equal(fresh, experiment(whole, snapshot).trace()["W[1]@8"])


def spoilt(state: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    return [
        ({}, "has the states t, mW[1]"),
        (state | {"mW[9]": state["mW[1]"]}, "and no mW[9]"),
        (state | {"mW[1]": state["mW[1]"].T}, "mW[1] has another shape"),
        (state | {"t": np.zeros(1)}, "t has another shape"),
    ]


@pytest.mark.parametrize("place", range(4))
def test_states_that_aren_t_the_optimizer_s_are_refused(place: int):
    snapshot = after(7, optimizer="adam").snapshot()
    state, words = spoilt(dict(snapshot.state))[place]
    with pytest.raises(SpecificationError) as error:
        experiment(training(optimizer="adam"), snapshot, start=Start(7, state))
    assert words in error.value.message
    assert error.value.where[:2] == ["start", "state"]


@pytest.mark.parametrize("without", [{"optimizer": None}, {"loss": None, "Y": None}])
def test_a_start_needs_something_that_learns(without: dict[str, Any]):
    given: dict[str, Any] = {"Y": [[1.0]], "loss": "mse", "optimizer": "gradient_descent"}
    with pytest.raises(SpecificationError, match="loss and an optimizer"):
        Experiment(make_network([1, 1], ["identity"]), [[1.0]], **(given | without), start=Start(3))


def penalised(loss: str, precision: str = "float64", **more: Any) -> Experiment:
    output = LOSSES[loss].outputs[-1]
    network = make_network([3, 4, 2], ["tanh", output], "xavier_normal", 5)
    X = np.random.RandomState(1).standard_normal((4, 3))
    Y = [[1.0, 0.0], [0.0, 1.0]] * 2
    return Experiment(network, X, Y, loss, precision=precision, **(PENALTY | more))


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("loss", LOSSES)
def test_the_penalised_gradient_is_that_of_loss_and_penalty(loss: str, precision: str):
    check = penalised(loss, precision).check_gradients()
    gradients = [(each.gradient, each.name) for each in check.parameters]
    assert gradients == [
        *((f"d{name}", name) for name in ("W[1]", "b[1]", "W[2]", "b[2]")),
        ("rW[1]", "W[1]"),
        ("rW[2]", "W[2]"),
    ]
    assert check.verdict == "pass"


@pytest.mark.parametrize("id", ["penalty", "penalty.gradient"])
def test_a_wrong_penalty_fails_its_check_and_no_other(id: str):
    experiment = penalised("mse", l1=0.5)
    program = replaced(experiment.program, EQUATIONS[id], 1.5)
    check = check_gradients(program, experiment.inputs, experiment.network.activations)
    assert {each.gradient[0] for each in check.parameters if each.verdict == "fail"} == {"r"}


def test_a_weight_of_0_lies_on_a_kink_of_l1():
    check = penalised("mse", l1=0.5, l2=0.0)
    check.network.layers[0].W[1, 2] = 0.0
    parameters = check.check_gradients().parameters
    assert [each.kinks for each in parameters if each.gradient[0] == "r"] == [(5,), ()]
    assert [each.kinks for each in parameters if each.gradient[0] == "d"] == [()] * 4
