"""A run's diagnosis names what broke first, from what, and which units stopped learning."""

from typing import Any

import numpy as np
import pytest

from core import PRESETS, Experiment, make_network
from core.diagnosis import Diagnosis, diagnose
from core.learning import Start
from core.network import Layer, Network
from core.trace import Trace

X, Y = [[1.0, 2.0], [3.0, -4.0], [5.0, 6.0]], [[1.0], [2.0], [3.0]]


def looked_through(experiment: Experiment) -> tuple[Trace, Diagnosis]:
    trace = experiment.trace()
    return trace, diagnose(trace, experiment.program, experiment.network.activations)


def exploding(
    network: Network | None = None, start: Start | None = None
) -> tuple[Trace, Diagnosis]:
    chosen = network or make_network((2, 4, 1), ("identity",) * 2, "torch_linear", seed=1)
    options: dict[str, Any] = {"learning_rate": 30, "iterations": 40, "start": start}
    return looked_through(Experiment(chosen, X, Y, "mse", **options))


def test_a_run_that_goes_on_in_the_middle_is_diagnosed_alike() -> None:
    trace, whole = exploding()
    weights = [(trace[f"W[{layer}]@3"], trace[f"b[{layer}]@3"]) for layer in (1, 2)]
    network = Network(tuple(Layer(W, b, "identity") for W, b in weights))
    _, rest = exploding(network, Start(3))
    assert rest.growth == whole.growth[3:]
    assert rest.cause == whole.cause[: len(rest.cause)]
    assert len(rest.cause) > 3


def test_the_way_back_is_a_chain_of_largest_operands() -> None:
    trace, found = exploding()
    assert trace.diverged is not None
    made = {step.result: step for step in trace.steps}
    sizes = [abs(hop.value) for hop in found.cause]
    assert sizes[0] > 1e150
    assert min(sizes) < 1e3
    for hop in found.cause:
        assert trace[hop.tensor][hop.cell] == hop.value
    for hop, after in zip(found.cause, found.cause[1:], strict=False):
        assert after.tensor in made[hop.tensor].operands.values()
        rule = made[hop.tensor].equation.rule
        read = [
            np.abs(trace[id][rule.reads(hop.cell, place)]).max()
            for place, id in enumerate(made[hop.tensor].operands.values())
        ]
        assert abs(after.value) == max(read)


def test_growth_is_the_trace_s_own() -> None:
    trace, found = exploding()
    assert [each.iteration for each in found.growth] == list(range(len(found.growth)))
    assert found.growth[-1].loss is None
    assert found.growth[-1].largest_weight[0] is not None
    second = found.growth[1]
    assert second.loss == trace["L@1"]
    assert second.largest_weight == [np.abs(trace[f"W[{layer}]@1"]).max() for layer in (1, 2)]
    own = np.concatenate([trace["dW[1]@1"].ravel(), trace["db[1]@1"]])
    assert second.gradient_norm[0] == pytest.approx(np.linalg.norm(own), rel=1e-12)


def test_a_dead_unit_has_a_date_and_a_reason() -> None:
    network = make_network((2, 8, 1), ("relu", "sigmoid"), "torch_linear", seed=1)
    targets = [[1.0], [0.0], [0.0]]
    experiment = Experiment(
        network, X, targets, "binary_cross_entropy", learning_rate=8, iterations=10
    )
    trace, found = looked_through(experiment)
    assert found.units
    assert {unit.state for unit in found.units} == {"dead"}
    assert found.cause == []
    for unit in found.units:
        Z = [trace[f"Z[1]@{i}"][:, unit.unit] for i in range(10)]
        assert unit.nearest == Z[-1].max() == Z[-1][unit.sample] <= 0
        held = [(each <= 0).all() for each in Z]
        assert all(held[unit.since :])
        assert unit.since == 0 or not held[unit.since - 1]


def test_a_saturated_unit_is_told_from_a_dead_one() -> None:
    layers = (
        Layer(np.array([[9.0, 0.0], [0.1, 0.1]]), np.array([0.0, 0.0]), "tanh"),
        Layer(np.array([[1.0, 1.0]]), np.array([0.0]), "identity"),
    )
    _, found = looked_through(Experiment(Network(layers), X, Y, "mse"))
    [unit] = found.units
    assert (unit.layer, unit.unit, unit.state, unit.since) == (1, 0, "saturated", 0)
    assert (unit.nearest, unit.sample) == (9.0, 0)


def test_the_presets_go_wrong_as_their_sentences_say() -> None:
    trace, found = looked_through(PRESETS["exploding"].experiment())
    assert trace.diverged is not None
    assert trace.diverged.tensor.endswith("@5")
    largest = [each.largest_weight[0] or 0 for each in found.growth]
    assert largest == sorted(set(largest))
    trace, found = looked_through(PRESETS["dead_relu"].experiment())
    assert [unit.state for unit in found.units] == ["dead"] * 3
    for unit in found.units:
        before, after = (trace[f"W[1]@{i}"][unit.unit] for i in (unit.since, 10))
        np.testing.assert_array_equal(before, after)
    trace, found = looked_through(PRESETS["saturated"].experiment())
    assert [(unit.state, unit.since) for unit in found.units] == [("saturated", 0)] * 4
    assert (found.growth[0].gradient_norm[0] or 0) < 1e-4 < (found.growth[0].gradient_norm[1] or 0)
