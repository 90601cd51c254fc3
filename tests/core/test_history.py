"""What a training tells on its way: rows, snapshots, why it ended."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core import ACTIVATIONS, OPTIMIZERS, Experiment
from core.equation import Array
from core.history import End, Rhythm
from core.monitor import Monitor, Row
from core.network import Layer, Network, make_network
from core.regions import PIECE, activations_at, grid
from core.stepper import Stepper
from core.training import Snapshot, Stop
from core.unit_health import SATURATED, steepest
from tests.core.trainings import after, assert_same, data, followed, network, rows, snapshots
from tests.core.trainings import training as small


def row(**more: Any) -> Row:
    return Monitor(Stepper(small(**more))).row()


def full(snapshot: Snapshot, X: Array, Y: Array, loss: str = "binary_cross_entropy") -> Experiment:
    """The trace of these parameters on samples, apart from any training."""
    names = network().activations
    layers = [Layer(W, b, name) for (W, b), name in zip(snapshot.layers, names, strict=True)]
    return Experiment(Network(tuple(layers)), X, Y, loss)


@pytest.mark.parametrize("way", [{}, {"l1": 0.01, "l2": 0.1}, {"batch_size": None}])
def test_a_row_is_of_all_samples_at_the_parameters_after_its_step(way: dict[str, Any]):
    stepper = after(7, **way)
    found, snapshot = Monitor(stepper).row(), stepper.snapshot()
    trace = full(snapshot, *data()).trace()
    test = full(snapshot, *data(7, 2)).trace()
    assert found.loss == pytest.approx(float(trace["L@0"]), rel=1e-14)
    assert found.test_loss == pytest.approx(float(test["L@0"]), rel=1e-14)
    assert found.accuracy == np.mean((trace["A[3]@0"] > 0.5) == (data()[1] > 0.5))
    assert found.test_accuracy == np.mean((test["A[3]@0"] > 0.5) == (data(7, 2)[1] > 0.5))
    assert (found.step, found.learning_rate) == (7, 0.1)
    assert found.epoch == 7 / stepper.batches.per_epoch
    l1, l2 = way.get("l1", 0), way.get("l2", 0)
    weights = [W for W, _ in snapshot.layers]
    penalty = sum(l1 * np.abs(W).sum() + l2 * (W**2).sum() / 2 for W in weights)
    assert found.penalty == pytest.approx(penalty, rel=1e-13)
    for layer, W in enumerate(weights, start=1):
        dW = trace[f"dW[{layer}]@0"] + l1 * np.sign(W) + l2 * W
        norm = math.hypot(np.linalg.norm(dW), np.linalg.norm(trace[f"db[{layer}]@0"]))
        assert found.gradient_norm[layer - 1] == pytest.approx(norm, rel=1e-12)


@pytest.mark.parametrize(
    "way", [{}, {"batch_size": None}, {"batch_size": None, "l1": 0.1, "l2": 1}]
)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_measuring_changes_nothing(optimizer: str, way: dict[str, Any]):
    way = way | {"optimizer": optimizer, "schedule": "cosine", "epochs": 11}
    watched, alone = Stepper(small(**way)), after(11, **way)
    monitor = Monitor(watched)
    for step in range(11):
        if step % 3 < 2:
            found = monitor.row()
            # A row of parameters alone, far from any step.
            apart = Monitor(Stepper(small(**way), watched.snapshot())).row()
            assert replace(found, epoch=0.0) == replace(apart, epoch=0.0)
            assert monitor.row() == found
        watched.advance(1)
    assert_same(watched.snapshot(), alone.snapshot())


def test_a_row_of_a_full_batch_does_its_next_step_s_pass():
    stepper = Stepper(small(batch_size=None))
    monitor = Monitor(stepper)
    monitor.row()
    stepper.loop.value("A[0]")[...] = np.nan
    stepper.loop.step()
    assert np.isfinite(stepper.loop.value("W[1]")).all()
    stepper.loop.step()
    assert np.isnan(stepper.loop.value("W[1]")).any()


def test_as_many_test_samples_as_a_batch_has():
    stepper = after(3, tests=data(5, 2))
    test = full(stepper.snapshot(), *data(5, 2)).trace()
    assert Monitor(stepper).row().test_loss == pytest.approx(float(test["L@0"]), rel=1e-14)
    stepper.advance(1)
    assert_same(stepper.snapshot(), after(4).snapshot())


def test_what_isn_t_there_is_none():
    found = row(tests=(None, None), classifies=False)
    assert (found.test_loss, found.accuracy, found.test_accuracy) == (None, None, None)
    empty = (np.empty((0, 2)), np.empty((0, 1)))
    assert row(tests=empty).test_loss is None


def test_accuracy_with_a_column_a_class():
    X, Y = data()
    pair = np.hstack([1 - Y, Y])
    chosen = make_network([2, 4, 2], ["tanh", "softmax"], "xavier_uniform", 1)
    options = {"network": chosen, "loss": "cross_entropy", "data": (X, pair), "tests": (X, pair)}
    found = row(**options)
    outputs = activations_at(chosen, X)[-1]
    assert found.accuracy == np.mean(outputs.argmax(axis=1) == Y[:, 0])


def with_bias(activation: str, bias: float, units: int = 4) -> Network:
    drawn = make_network([2, units, 1], [activation, "sigmoid"], "xavier_uniform", 1)
    first, last = drawn.layers
    b = np.zeros(units)
    b[0] = bias
    return Network((replace(first, b=b), last))


@pytest.mark.parametrize(
    ("activation", "bias", "saturated", "dead"),
    [
        ("tanh", 0.0, 0.0, 0.0),
        ("tanh", 9.0, 0.25, 0.0),
        ("tanh", -9.0, 0.25, 0.0),
        ("sigmoid", 12.0, 0.25, 0.0),
        ("relu", -50.0, 0.0, 0.25),
        ("relu", 50.0, 0.0, 0.0),
        ("leaky_relu", -50.0, 0.0, 0.0),
    ],
)
def test_saturated_and_dead_units(activation: str, bias: float, saturated: float, dead: float):
    found = row(network=with_bias(activation, bias))
    assert (found.saturated, found.dead) == ([saturated], [dead])


def test_a_layer_that_mixes_its_units_is_neither():
    mixing = make_network([2, 4, 1], ["softmax", "sigmoid"], "xavier_uniform", 1)
    assert (row(network=mixing).saturated, row(network=mixing).dead) == ([None], [None])


def test_the_steepest_slopes():
    exact = {"tanh": 1.0, "sigmoid": 0.25, "relu": 1.0, "identity": 1.0, "elu": 1.0}
    assert {name: steepest(name) for name in exact} == exact
    assert all(steepest(name) > SATURATED for name, item in ACTIVATIONS.items() if item.slope)


def test_a_rhythm_is_exact():
    events = followed(small(epochs=4), Rhythm(3, 8))
    assert [found.step for found in rows(events)] == [0, 3, 6, 9, 12, 15, 18, 20]
    assert [found.step for found in snapshots(events)] == [0, 8, 16, 20]
    end = events[-1]
    assert isinstance(end, End)
    assert (end.reason, end.step, end.rows, end.snapshots) == ("epochs", 20, 8, 4)
    assert end.cell is None
    assert rows(events)[0].seconds is None
    assert all(found.seconds and found.seconds > 0 for found in rows(events)[1:])


def test_without_a_rhythm_there_is_the_first_and_the_last():
    events = followed(small(epochs=4))
    for found in (rows(events), snapshots(events)):
        assert found[0].step == 0
        assert found[-1].step == 20


def timeless(found: list[Row]) -> list[Row]:
    return [replace(each, seconds=None) for each in found]


def test_a_history_goes_on_from_a_snapshot_as_if_it_had_never_stopped():
    stop = Stop(loss_change=1e-300)
    spec = small(optimizer="adam", epochs=6, stop=stop)
    whole = followed(spec, Rhythm(1, 1))
    middle = next(each for each in snapshots(whole) if each.step == 13)
    rest = followed(spec, Rhythm(1, 1), middle)
    assert timeless(rows(rest)) == timeless(rows(whole)[13:])
    for one, other in zip(snapshots(rest), snapshots(whole)[13:], strict=True):
        assert_same(one, other)
        assert one.goal == other.goal


def test_a_criterion_compares_with_the_epoch_before_the_snapshot():
    plain = followed(small(epochs=40), Rhythm(5, 1000))
    changes = np.abs(np.diff([found.goal for found in rows(plain)]))
    # After epoch 1 the change isn't known; the bound is met first where it is smallest.
    epoch = 2 + int(np.argmin(changes[1:]))
    stop = Stop(loss_change=float(changes[epoch - 1]) * (1 + 1e-12))
    spec = small(epochs=40, stop=stop)
    whole = followed(spec, Rhythm(5, 1))
    middle = next(each for each in snapshots(whole) if each.step == 5 * (epoch - 1) + 2)
    for events in (whole, followed(spec, Rhythm(5, 1), middle)):
        end = events[-1]
        assert isinstance(end, End)
        assert (end.reason, end.step) == ("loss_change", 5 * epoch)


def test_steps_can_be_fewer_than_the_epochs():
    events = followed(small(epochs=4), Rhythm(1, 100), most_steps=3)
    assert isinstance(events[-1], End)
    assert (events[-1].reason, events[-1].step) == ("steps", 3)
    more = followed(small(epochs=4), Rhythm(1, 100), snapshots(events)[-1], 100)
    assert (more[-1].reason, more[-1].step) == ("epochs", 20)


def ended(**criteria: Any) -> tuple[str, int]:
    events = followed(
        small(batch_size=None, epochs=3000, stop=Stop(**criteria), numbers={"learning_rate": 0.5}),
        Rhythm(10**6, 10**6),
    )
    end = events[-1]
    assert isinstance(end, End)
    return end.reason, end.step


def test_the_criteria_fire_at_the_first_epoch_at_which_they_are_met():
    events = followed(
        small(batch_size=None, epochs=3000, numbers={"learning_rate": 0.5}), Rhythm(1, 10**6)
    )
    goals = np.array([found.goal for found in rows(events)])
    norms = np.array([math.hypot(*found.gradient_norm) for found in rows(events)])
    changes = np.abs(np.diff(goals))
    bound, small_norm = float(changes[500]), float(norms[900]) * (1 + 1e-12)
    # The change of the first epoch is not known: there is no goal before it to compare with.
    first_change = 2 + int(np.argmax(changes[1:] < bound))
    first_norm = 1 + int(np.argmax(norms[1:] < small_norm))
    assert ended(loss_change=bound) == ("loss_change", first_change)
    assert ended(gradient_norm=small_norm) == ("gradient_norm", first_norm)
    assert ended(loss_change=bound, gradient_norm=small_norm)[1] == min(first_change, first_norm)
    both = ended(loss_change=bound, gradient_norm=small_norm, require="both")
    assert both[1] >= max(first_change, first_norm)


def test_criteria_are_looked_at_after_whole_epochs():
    events = followed(small(epochs=50, stop=Stop(gradient_norm=1e9)), Rhythm(100, 100))
    assert isinstance(events[-1], End)
    assert (events[-1].reason, events[-1].step) == ("gradient_norm", 5)


def test_a_divergence_ends_the_history_with_its_cell():
    unbounded = make_network([2, 4, 1], ["relu", "identity"], "xavier_uniform", 1)
    spec = small(network=unbounded, loss="mse", numbers={"learning_rate": 50.0}, epochs=300)
    events = followed(spec, Rhythm(10**6, 10**6))
    end = events[-1]
    assert isinstance(end, End)
    assert end.reason == "diverged"
    assert end.cell is not None
    assert snapshots(events)[-1].step == end.step
    assert all(found.is_finite for found in rows(events))


def test_a_loss_that_overflows_between_steps_is_a_divergence():
    X, Y = data()
    spec = small(data=(X, Y), tests=(X, Y * 1e200), loss="mse")
    events = followed(spec, Rhythm(1, 1))
    end = events[-1]
    assert isinstance(end, End)
    assert (end.reason, end.step) == ("diverged", 0)
    assert end.cell is not None
    assert end.cell.tensor == "Lp@0"


def test_penalties_whose_sum_overflows_are_a_divergence():
    ones = Network(tuple(Layer(np.ones((2, 2)), np.zeros(2), "tanh") for _ in range(2)))
    spec = small(
        network=ones, data=(np.eye(2), np.eye(2)), tests=(None, None), loss="mse", l1=4e307
    )
    end = followed(spec, Rhythm(1, 1))[-1]
    assert isinstance(end, End)
    assert (end.reason, end.step) == ("diverged", 0)
    assert end.cell is not None
    assert (end.cell.tensor, end.cell.value) == ("L + ΣR", "+inf")


def test_time_runs_out_with_a_last_snapshot():
    asked = []

    def is_over() -> bool:
        asked.append(1)
        return len(asked) > 3

    events = followed(small(epochs=10**5), Rhythm(10, 10**6), is_over=is_over)
    end = events[-1]
    assert isinstance(end, End)
    assert end.reason == "time"
    assert snapshots(events)[-1].step == end.step > 0


@pytest.mark.parametrize("count", [1, 7, PIECE, PIECE + 1, 3 * PIECE - 5])
def test_regions_in_pieces_are_the_network_s_outputs(count: int):
    points = np.random.RandomState(3).standard_normal((count, 2))
    found = activations_at(network(), points)
    trace = Experiment(network(), points).trace()
    for layer, values in enumerate(found, start=1):
        np.testing.assert_allclose(values, trace[f"A[{layer}]@0"], rtol=1e-13, atol=1e-15)
    (last,) = activations_at(network(), points, [3])
    assert np.array_equal(last, found[-1])


def test_a_grid_runs_row_by_row_from_below():
    assert grid([[0, 2], [5, 6]], [2, 3]).tolist() == [
        [0, 5],
        [1, 5],
        [2, 5],
        [0, 6],
        [1, 6],
        [2, 6],
    ]


def test_a_rare_rhythm_can_be_followed_by_the_clock_too() -> None:
    spec = small(epochs=20_000)
    still = followed(spec, Rhythm(10**6, 10**6))
    live = followed(spec, Rhythm(10**6, 10**6, live=True))
    assert len(snapshots(still)) == 2
    between = snapshots(live)[1:-1]
    assert len(between) > 2
    told = {row.step for row in rows(live)}
    assert {snapshot.step for snapshot in between} <= told
    np.testing.assert_array_equal(
        snapshots(live)[-1].layers[0][0], snapshots(still)[-1].layers[0][0]
    )


@pytest.mark.parametrize(
    "stop", [Stop(), Stop(loss_change=1e-3, gradient_norm=1e-3), Stop(1e-3, 1e-3, "both")]
)
def test_a_loss_and_a_penalty_too_large_together_are_a_divergence(stop: Stop):
    chosen = Network((Layer(np.ones((1, 1)), np.zeros(1), "identity"),))
    samples = np.ones((1, 1)), np.full((1, 1), -1.2e154)
    more: dict[str, Any] = {"batch_size": None, "classifies": False, "stop": stop, "epochs": 3}
    spec = small(network=chosen, data=samples, tests=(), loss="mse", l1=1.5e308, **more)
    found = Monitor(Stepper(spec)).row()
    assert math.isfinite(found.loss)
    assert math.isfinite(found.penalty)
    # Where no row is due, the criteria are what looks at it.
    for rhythm in (Rhythm(1, 1), Rhythm(10, 10)):
        events = followed(spec, rhythm)
        end = events[-1]
        assert isinstance(end, End)
        assert (end.reason, end.step, rows(events)) == ("diverged", 0, [])
        assert end.cell is not None
        assert end.cell.tensor == "L + ΣR"
