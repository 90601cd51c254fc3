"""Training over mini-batches: the same numbers again, resumed, and as traced; penalties."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.batches import Batches
from core.errors import BudgetError, SpecificationError, UnknownNameError
from core.network import make_network
from core.optimizers import OPTIMIZERS
from core.schedules import SCHEDULES
from core.stepper import CHUNK, Stepper, trace_step
from core.training import Snapshot
from tests.core.trainings import after, assert_same, data, network, numbers, training

WAYS: list[dict[str, Any]] = [
    *({"optimizer": name} for name in OPTIMIZERS),
    *({"optimizer": "momentum", "schedule": name} for name in SCHEDULES),
    {"optimizer": "rmsprop", "switches": ("centered",), "numbers": {"weight_decay": 0.01}},
    {"optimizer": "adam", "schedule": "cosine", "l1": 1e-3, "l2": 1e-2},
    {"batch_size": None, "optimizer": "adam"},
    {"batch_size": 1},
]
IDS = ["-".join(map(str, way.values())) for way in WAYS]


@pytest.mark.parametrize("way", WAYS, ids=IDS)
def test_the_same_specification_gives_the_same_numbers(way: dict[str, Any]):
    one, other = after(13, **way), Stepper(training(**way))
    for _ in range(13):
        other.advance(1)
    assert_same(one.snapshot(), other.snapshot())


@pytest.mark.parametrize("way", WAYS, ids=IDS)
def test_a_resumed_training_is_the_uninterrupted_one(way: dict[str, Any]):
    whole = after(17, **way).snapshot()
    for step in (0, 3, 5, 12):  # before any step, within an epoch, at its end, in a later one
        middle = after(step, **way).snapshot()
        assert_same(after(17 - step, middle, **way).snapshot(), whole)


@pytest.mark.parametrize("way", WAYS, ids=IDS)
def test_a_trace_is_the_step_that_the_training_takes(way: dict[str, Any]):
    before = after(9, **way)
    for stepper in (before, after(4, **way)):  # step 4 has the smaller batch
        trace, step = stepper.trace(), stepper.step
        stepper.advance(1)
        for name, array in numbers(stepper.snapshot()).items():
            assert np.array_equal(trace[f"{name}@{step + 1}"], array), name


def test_a_trace_of_any_step_from_the_start_or_a_snapshot():
    spec = training(optimizer="adam")
    trace = trace_step(spec, 12)
    again = trace_step(spec, 12, after(7, optimizer="adam").snapshot())
    assert trace.tensors.keys() == again.tensors.keys()
    assert all(np.array_equal(trace[id], again[id]) for id in trace.tensors)
    chosen = spec.batches.at(12)
    assert np.array_equal(trace["A[0]@0"], spec.X[chosen])
    assert np.array_equal(trace["Y@0"], spec.Y[chosen])
    assert "t@12" in trace.tensors


def test_an_epoch_sees_every_sample_once_in_an_order_of_its_own():
    batches = Batches(23, 5, seed=3)
    assert (batches.per_epoch, batches.whole, batches.rest) == (5, 4, 3)
    epochs = [
        np.concatenate([batches.at(5 * epoch + batch) for batch in range(5)]) for epoch in range(3)
    ]
    for epoch, order in enumerate(epochs):
        assert sorted(order) == list(range(23))
        assert np.array_equal(order, Batches(23, 5, seed=3).order(epoch))
    assert not np.array_equal(epochs[0], epochs[1])
    assert not np.array_equal(epochs[0], Batches(23, 5, seed=4).order(0))
    assert [len(batches.at(step)) for step in range(5)] == [5, 5, 5, 5, 3]


def test_the_order_is_the_same_on_every_machine():
    batches = Batches(8, 3, seed=0)
    assert batches.order(0).tolist() == [3, 7, 4, 0, 2, 6, 5, 1]
    assert batches.order(1).tolist() == [0, 5, 6, 1, 3, 2, 4, 7]


@pytest.mark.parametrize("batches", [Batches(6, 6, 1), Batches(6, 2, None)])
def test_without_a_seed_or_in_one_batch_samples_keep_their_order(batches: Batches):
    assert batches.order(4).tolist() == list(range(6))


@pytest.mark.parametrize("penalty", [{}, {"l1": 0.01, "l2": 0.1}])
def test_the_batches_gradients_add_up_to_the_full_one(penalty: dict[str, float]):
    whole = trace_step(training(batch_size=None, **penalty), 0)
    # With a learning rate next to nothing all batches see the same parameters.
    still = training(numbers={"learning_rate": 1e-300}, **penalty)
    parts = [trace_step(still, step) for step in range(5)]
    weights = [len(still.batches.at(step)) / 23 for step in range(5)]
    symbols = ("rW", "db") if penalty else ("dW", "db")
    for name in [f"{symbol}[{layer}]" for symbol in symbols for layer in (1, 2, 3)]:
        mean = sum(
            weight * trace[f"{name}@{step}"]
            for step, (weight, trace) in enumerate(zip(weights, parts, strict=True))
        )
        np.testing.assert_allclose(mean, whole[f"{name}@0"], rtol=1e-12, atol=1e-15)


def test_the_penalty_s_gradient_by_central_differences():
    l1, l2, width = 0.03, 0.2, 1e-6
    spec = training(batch_size=None, l1=l1, l2=l2)
    trace = trace_step(spec, 0)
    for layer, own in enumerate(spec.network.layers, start=1):
        numeric = np.empty_like(own.W)
        for cell in np.ndindex(own.W.shape):
            ends = []
            for moved in (own.W[cell] + width, own.W[cell] - width):
                W = own.W.copy()
                W[cell] = moved
                layers = [*spec.network.layers]
                layers[layer - 1] = replace(own, W=W)
                shifted = replace(spec, network=replace(spec.network, layers=tuple(layers)))
                there = trace_step(shifted, 0)
                ends.append(float(there["L@0"]) + sum(float(there[f"R[{k}]@0"]) for k in (1, 2, 3)))
            numeric[cell] = (ends[0] - ends[1]) / (2 * width)
        np.testing.assert_allclose(trace[f"rW[{layer}]@0"], numeric, atol=1e-8)
        expected = l1 * np.abs(own.W).sum() + l2 * (own.W**2).sum() / 2
        assert float(trace[f"R[{layer}]@0"]) == pytest.approx(expected, rel=1e-14)


def test_biases_bear_no_penalty():
    plain, penalised = (
        after(1, batch_size=None, **more).snapshot() for more in ({}, {"l1": 0.1, "l2": 0.1})
    )
    for (W, b), (other, same) in zip(plain.layers, penalised.layers, strict=True):
        assert np.array_equal(b, same)
        assert not np.array_equal(W, other)


def test_a_schedule_is_of_the_step_in_all_epochs():
    spec = training(
        schedule="inverse", schedule_numbers={"gamma": 0.5}, numbers={"learning_rate": 2}
    )
    for step in (0, 1, 7):
        assert float(trace_step(spec, step)[f"eta@{step}"]) == 2 / (1 + 0.5 * step)


def exploding(**more: Any) -> dict[str, Any]:
    unbounded = make_network([2, 4, 1], ["relu", "identity"], "xavier_uniform", 1)
    return {"network": unbounded, "loss": "mse", "numbers": {"learning_rate": 50.0}} | more


def test_a_divergence_is_named_whatever_the_stride():
    found = [Stepper(training(**exploding(epochs=200))) for _ in range(3)]
    found[0].advance(CHUNK * 2)
    for _ in range(300):
        found[1].advance(1)
    for _ in range(40):
        found[2].advance(7)
    cells = [stepper.diverged for stepper in found]
    assert cells[0] is not None
    assert cells[0] == cells[1] == cells[2]
    assert len({stepper.step for stepper in found}) == 1
    step = found[0].step
    assert cells[0].tensor.endswith((f"@{step}", f"@{step + 1}"))
    # What is left is finite, and its trace ends at that very cell.
    assert all(np.isfinite(array).all() for array in numbers(found[0].snapshot()).values())
    assert trace_step(training(**exploding(epochs=200)), step).diverged == cells[0]
    with pytest.raises(SpecificationError, match="diverges after"):
        trace_step(training(**exploding(epochs=200)), step + 1)


def test_a_diverging_state_is_found_though_the_parameters_are_finite():
    X, Y = data()
    spec = training(
        data=(X, Y * 1e200), loss="mse", optimizer="adam", network=exploding()["network"]
    )
    stepper = Stepper(spec)
    stepper.advance(3)
    assert stepper.step == 0
    assert stepper.diverged is not None


def test_a_trace_stops_when_its_budget_is_over():
    with pytest.raises(BudgetError, match="later snapshot"):
        trace_step(training(epochs=10_000), 20_000, is_over=lambda: True)


def shot(**more: Any) -> Snapshot:
    return replace(after(3, optimizer="adam").snapshot(), **more)


@pytest.mark.parametrize(
    ("snapshot", "where"),
    [
        (shot(layers=shot().layers[:2]), ["from", "layers"]),
        (
            shot(layers=((np.ones((4, 3)), np.ones(4)), *shot().layers[1:])),
            ["from", "layers", 0, "W"],
        ),
        (shot(state={}), None),
        (shot(state={**shot().state, "u": np.ones(1)}), ["from", "state", "u"]),
        (shot(state={**shot().state, "t": np.ones(2)}), ["from", "state", "t"]),
    ],
)
def test_a_snapshot_that_doesn_t_fit(snapshot: Snapshot, where: list[Any] | None):
    with pytest.raises(SpecificationError) as caught:
        Stepper(training(optimizer="adam"), snapshot)
    assert where is None or caught.value.where == where


def test_a_step_before_the_snapshot_can_t_be_traced():
    with pytest.raises(SpecificationError, match="before the snapshot"):
        trace_step(training(), 2, after(3).snapshot())


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"optimizer": "adan"}, UnknownNameError),
        ({"schedule": "linear"}, UnknownNameError),
        ({"l2": -1.0}, SpecificationError),
        ({"l1": float("inf")}, SpecificationError),
        ({"loss": "cross_entropy"}, SpecificationError),
        ({"numbers": {"momentum": 0.5}}, SpecificationError),
        ({"tests": (np.ones((3, 1)), np.ones((3, 1)))}, SpecificationError),
        ({"data": (np.ones((3, 3)), np.ones((3, 1)))}, SpecificationError),
    ],
)
def test_what_can_t_be_trained(more: dict[str, Any], error: type[Exception]):
    with pytest.raises(error):
        training(**more)


def test_the_network_that_was_given_stays_as_it_was():
    given = network()
    before = {name: array.copy() for name, array in given.inputs().items()}
    after(10, network=given)
    assert all(np.array_equal(before[name], array) for name, array in given.inputs().items())
