"""One training step in three spaces: its parameters, its promise and what became of it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.equation import Array
from core.errors import SpecificationError
from core.monitor import Monitor
from core.network import Layer, Network, make_network
from core.penalty import followed
from core.stepper import trace_step
from core.training import Training
from core.training_step import TrainingStep, training_step
from tests.core.trainings import after, data, training

WAYS: list[dict[str, Any]] = [
    {},
    {"optimizer": "adam"},
    {"optimizer": "nesterov", "schedule": "cosine"},
    {"l1": 0.01, "l2": 0.1},
    {"batch_size": None},
]
IDS = ["-".join(map(str, way.values())) or "plain" for way in WAYS]


def moved(spec: Training, layers: list[tuple[Array, Array]]) -> Network:
    """The training's network with these parameters."""
    pairs = zip(layers, spec.network.layers, strict=True)
    return Network(tuple(Layer(W, b, old.activation) for (W, b), old in pairs))


def losses(spec: Training, layers: list[tuple[Array, Array]], rows: Array) -> float:
    """Loss and penalty of some rows at these parameters, through a full-batch trace."""
    network = moved(spec, layers)
    trace = trace_step(
        replace(spec, network=network, X=spec.X[rows], Y=spec.Y[rows], batch_size=None), 0
    )
    penalties = [tensor.data for tensor in trace.tensors.values() if tensor.slot.symbol == "R"]
    return float(trace["L@0"]) + float(sum(penalties))


def parameters(found: TrainingStep, suffix: str) -> list[tuple[Array, Array]]:
    return [(getattr(la, f"W{suffix}"), getattr(la, f"b{suffix}")) for la in found.layers]


@pytest.mark.parametrize("way", WAYS, ids=IDS)
@pytest.mark.parametrize("step", [0, 4, 9])
def test_its_numbers_are_the_trace_s(way: dict[str, Any], step: int):
    spec = training(**way)
    found, trace = training_step(spec, step), trace_step(spec, step)
    symbol = "rW" if found.penalised else "dW"
    for number, layer in enumerate(found.layers, start=1):
        for name, array in (
            (f"W[{number}]@{step}", layer.W),
            (f"b[{number}]@{step}", layer.b),
            (f"{symbol}[{number}]@{step}", layer.dW),
            (f"db[{number}]@{step}", layer.db),
            (f"W[{number}]@{step + 1}", layer.W_next),
            (f"b[{number}]@{step + 1}", layer.b_next),
        ):
            assert array is not None
            assert np.array_equal(array, trace[name]), name
        assert np.array_equal(layer.W_change, layer.W_next - layer.W)
        assert np.array_equal(layer.b_change, layer.b_next - layer.b)
    assert found.batch.before is not None
    assert found.batch.before.loss == trace["L@" + str(step)]
    assert found.rows.tolist() == spec.batches.at(step).tolist()
    assert np.array_equal(found.outputs, trace[f"A[3]@{step}"])
    there = replace(
        spec,
        network=moved(spec, parameters(found, "_next")),
        X=spec.X[found.rows],
        Y=spec.Y[found.rows],
        batch_size=None,
    )
    assert found.outputs_next is not None
    np.testing.assert_allclose(found.outputs_next, trace_step(there, 0)["A[3]@0"], rtol=1e-13)
    assert found.diverged is None


@pytest.mark.parametrize("way", WAYS, ids=IDS)
def test_the_losses_around_it(way: dict[str, Any]):
    spec = training(**way)
    found = training_step(spec, 9)
    for suffix, moment in (("", "before"), ("_next", "after")):
        layers = parameters(found, suffix)
        for rows, around in ((found.rows, found.batch), (np.arange(23), found.whole)):
            measured = getattr(around, moment)
            assert measured.goal == pytest.approx(losses(spec, layers, rows), rel=1e-14)
    rows = [Monitor(after(step, **way)).row() for step in (9, 10)]
    assert found.whole.before is not None
    assert found.whole.after is not None
    assert found.whole.before.goal == pytest.approx(rows[0].goal, rel=1e-14)
    assert found.whole.after.goal == pytest.approx(rows[1].goal, rel=1e-14)
    assert found.learning_rate == rows[0].learning_rate


@pytest.mark.parametrize("way", WAYS, ids=IDS)
def test_the_promise_is_the_slope_along_the_step(way: dict[str, Any]):
    spec = training(**way)
    found = training_step(spec, 9)
    width = 1e-4

    def at(share: float) -> float:
        moved = [(la.W + share * la.W_change, la.b + share * la.b_change) for la in found.layers]
        return losses(spec, moved, found.rows)

    assert found.predicted == pytest.approx((at(width) - at(-width)) / (2 * width), rel=1e-6)


@pytest.mark.parametrize("way", [{}, {"l2": 0.1}])
def test_small_steps_keep_their_promise(way: dict[str, Any]):
    errors = list[float]()
    for rate in (1e-2, 1e-4):
        found = training_step(training(numbers={"learning_rate": rate}, **way), 0)
        assert found.ratio is not None
        assert found.predicted is not None
        assert found.predicted < 0
        assert found.steepest == pytest.approx(found.predicted, rel=1e-10)
        errors.append(abs(found.ratio - 1))
    # What first order leaves out shrinks with the step.
    assert 0 < errors[0] < 0.1
    assert errors[1] < errors[0] / 50


def test_only_plain_gradient_descent_promises_the_square():
    assert training_step(training(), 3).steepest is not None
    assert training_step(training(optimizer="momentum"), 3).steepest is None
    assert training_step(training(numbers={"weight_decay": 0.1}), 3).steepest is None


def test_a_step_that_does_nothing_has_no_ratio():
    found = training_step(training(numbers={"learning_rate": 1e-300}), 0)
    assert found.ratio is None


def test_it_starts_from_a_snapshot():
    whole = training_step(training(optimizer="adam"), 12)
    again = training_step(training(optimizer="adam"), 12, after(7, optimizer="adam").snapshot())
    assert (again.batch, again.whole, again.predicted) == (
        whole.batch,
        whole.whole,
        whole.predicted,
    )
    with pytest.raises(SpecificationError, match="comes before the snapshot"):
        training_step(training(optimizer="adam"), 3, after(7, optimizer="adam").snapshot())


def unbounded(rate: float) -> TrainingStep:
    """A step of a network whose outputs have no bound."""
    free = make_network([2, 3, 1], ["relu", "identity"], "xavier_uniform", 1)
    spec = training(network=free, loss="mse", numbers={"learning_rate": rate}, classifies=False)
    return training_step(spec, 0)


def test_a_step_whose_loss_is_too_large_says_which_cell_and_has_no_after():
    found = unbounded(1e90)
    assert found.diverged is not None
    assert found.diverged.tensor == "Lp@1"
    assert "grew past the largest float" in found.diverged.message
    assert found.layers[1].W_next is not None
    assert found.batch.before is not None
    assert (found.batch.after, found.batch.change, found.ratio) == (None, None, None)
    assert found.whole.after is None


def test_a_step_to_no_finite_weight_has_no_next_layers():
    free = make_network([2, 3, 1], ["relu", "identity"], "xavier_uniform", 1)
    X, Y = data()
    spec = training(
        network=free, loss="mse", numbers={"learning_rate": 1e308}, data=(X, Y + 1e3), tests=(X, Y)
    )
    found = training_step(spec, 0)
    assert found.diverged is not None
    assert found.diverged.tensor.endswith("@1")
    assert any(layer.W_next is None for layer in found.layers)
    assert (found.predicted, found.batch.after, found.outputs_next) == (None, None, None)


def test_what_breaks_on_other_samples_than_the_batch_s_is_told_too():
    network = Network((Layer(np.ones((1, 1)), np.zeros(1), "identity"),))
    rows = np.array([[1.0], [1e200]])
    spec = Training(network, rows, np.zeros((2, 1)), "mse", batch_size=1, shuffle_seed=None)
    found = training_step(spec, 0)
    assert found.rows.tolist() == [0]
    assert found.batch.change is not None
    assert (found.whole.before, found.whole.after) == (None, None)
    assert found.diverged is not None
    assert (found.diverged.tensor, found.diverged.cell) == ("Lp@0", (1,))


def test_penalties_that_are_too_large_together_are_no_number():
    heavy = np.array([[1.3e154]])
    layers = tuple(Layer(heavy, np.zeros(1), "identity") for _ in range(2))
    spec = Training(Network(layers), np.zeros((2, 1)), np.zeros((2, 1)), "mse", l2=2.0)
    found = training_step(spec, 0)
    # Each is 1.69e308, and both together are beyond the largest float.
    assert found.batch.before is None
    assert found.whole.before is None


def test_the_penalty_s_share_is_in_a_weight_s_gradient_alone() -> None:
    names = {
        (name, penalised): followed(name, penalised=penalised)
        for name in ("W[2]", "b[2]")
        for penalised in (False, True)
    }
    assert names == {
        ("W[2]", False): "dW[2]",
        ("W[2]", True): "rW[2]",
        ("b[2]", False): "db[2]",
        ("b[2]", True): "db[2]",
    }
