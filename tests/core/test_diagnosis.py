"""A run's diagnosis names what broke first, from what, and which units stopped learning."""

from typing import Any

import numpy as np
import pytest

from core import PRESETS, Experiment, make_network
from core.broken import Hop, broken_cell
from core.diagnosis import Diagnosis, diagnose, spells
from core.learning import Start
from core.network import Layer, Network
from core.trace import Trace
from core.unit_health import unit_health

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
    hidden = [unit for unit in found.units if unit.layer == 1]
    assert hidden
    assert {unit.state for unit in hidden} == {"dead"}
    assert found.cause == []
    for unit in hidden:
        Z = [trace[f"Z[1]@{i}"][:, unit.unit] for i in range(10)]
        assert unit.nearest == Z[unit.since].max() == Z[unit.since][unit.sample] <= 0
        held = [(each <= 0).all() for each in Z]
        assert all(held[unit.since :])
        assert unit.until is None
        assert unit.since == 0 or not held[unit.since - 1]


def test_the_first_to_stop_is_first_and_one_that_recovers_has_both_dates() -> None:
    _, found = looked_through(PRESETS["dead_relu"].experiment())
    dates = [(unit.layer, unit.unit, unit.since, unit.until) for unit in found.units]
    assert dates == [(1, 7, 0, None), (1, 5, 1, None), (2, 0, 1, 3), (1, 0, 3, None)]


def test_each_spell_of_a_unit_is_its_own() -> None:
    found = list(spells(["", "dead", "dead", "", "saturated", "dead"]))
    assert found == [("dead", 1, 3), ("saturated", 4, 5), ("dead", 5, 6)]
    assert list(spells(["", ""])) == []


@pytest.mark.parametrize(
    ("output", "loss", "cancels"),
    [("sigmoid", "binary_cross_entropy", True), ("tanh", "mse", False)],
)
def test_an_output_that_saturates_is_named(output: str, loss: str, cancels: bool) -> None:
    network = Network((Layer(np.array([[9.0, 0.0]]), np.array([0.0]), output),))
    trace, found = looked_through(Experiment(network, X, [[0.0], [1.0], [1.0]], loss))
    [unit] = found.units
    assert (unit.layer, unit.unit, unit.state) == (1, 0, "saturated")
    assert (unit.cancels, "slope[1]@0" in trace.tensors) == (cancels, not cancels)
    z = trace["Z[1]@0"][:, 0]
    slopes = 1 - np.tanh(z) ** 2 if output == "tanh" else 0.25 / np.cosh(z / 2) ** 2
    assert unit.slope == pytest.approx(np.abs(slopes).mean(), rel=1e-6)


def far_out(start: Start | None = None) -> tuple[Trace, Diagnosis]:
    network = Network((Layer(np.zeros((1, 2)), np.zeros(1), "sigmoid"),))
    rows, targets = [[1000.0, 1000.0], [1.0, 1.0]], [[0.0], [1.0]]
    options: dict[str, Any] = {"learning_rate": 2, "iterations": 4, "start": start}
    return looked_through(Experiment(network, rows, targets, "binary_cross_entropy", **options))


@pytest.mark.parametrize("first", [0, 5])
def test_the_first_unbounded_number_has_its_date_its_cell_and_its_cause(first: int) -> None:
    trace, found = far_out(Start(first, {}))
    assert trace.diverged is None
    assert found.cause == []
    unbounded = found.unbounded
    assert unbounded is not None
    assert (unbounded.tensor, unbounded.cell) == (f"dA[1]@{first + 1}", (1, 0))
    assert (unbounded.iteration, unbounded.sign) == (first + 1, -1)
    assert trace[unbounded.tensor][unbounded.cell] == -np.inf
    assert np.isfinite(trace[f"dA[1]@{first}"]).all()
    hops = [(hop.tensor, hop.cell, hop.value) for hop in unbounded.cause[:2]]
    second = first + 1
    assert hops == [(f"A[1]@{second}", (1, 0), 0.0), (f"Z[1]@{second}", (1, 0), -999.0)]
    for hop in unbounded.cause:
        assert trace[hop.tensor][hop.cell] == hop.value
    # The slope is 0 there, but the loss cancels it: the output learns, and isn't dead.
    [unit] = found.units
    assert (unit.state, unit.since, unit.slope, unit.cancels) == ("saturated", first + 1, 0.0, True)


def test_of_several_unbounded_cells_the_first_is_told() -> None:
    network = Network((Layer(np.zeros((1, 2)), np.zeros(1), "sigmoid"),))
    rows, targets = [[1000.0, 1000.0], [1.0, 1.0], [1.5, 1.5]], [[0.0], [1.0], [1.0]]
    options: dict[str, Any] = {"learning_rate": 4, "iterations": 3}
    trace, found = looked_through(
        Experiment(network, rows, targets, "binary_cross_entropy", **options)
    )
    assert np.isinf(trace["dA[1]@1"]).ravel().tolist() == [False, True, True]
    assert found.unbounded is not None
    assert (found.unbounded.tensor, found.unbounded.cell) == ("dA[1]@1", (1, 0))


def test_a_forward_pass_alone_has_dead_units_too() -> None:
    """Nothing cancels a slope where there is no loss."""
    network = Network((Layer(np.array([[-1.0], [1.0]]), np.zeros(2), "relu"),))
    _, found = looked_through(Experiment(network, [[2.0], [3.0]]))
    [unit] = found.units
    assert (unit.unit, unit.state, unit.cancels, unit.nearest) == (0, "dead", False, -2.0)


def test_a_saturated_unit_is_told_from_a_dead_one() -> None:
    layers = (
        Layer(np.array([[9.0, 0.0], [0.1, 0.1]]), np.array([0.0, 0.0]), "tanh"),
        Layer(np.array([[1.0, 1.0]]), np.array([0.0]), "identity"),
    )
    _, found = looked_through(Experiment(Network(layers), X, Y, "mse"))
    [unit] = found.units
    assert (unit.layer, unit.unit, unit.state, unit.since) == (1, 0, "saturated", 0)
    assert (unit.nearest, unit.sample) == (9.0, 0)


@pytest.mark.parametrize(
    ("activation", "inputs", "nearest"),
    [("tanh", [2000.0, 800.0], 800.0), ("tanh", [-2000.0, -800.0], -800.0), ("relu", [-9, -2], -2)],
)
def test_the_nearest_is_the_closest_to_where_it_would_learn(
    activation: str, inputs: list[float], nearest: float
) -> None:
    layers = (
        Layer(np.array([[1.0]]), np.array([0.0]), activation),
        Layer(np.array([[1.0]]), np.array([0.0]), "identity"),
    )
    rows, targets = [[each] for each in inputs], [[0.0], [0.0]]
    _, found = looked_through(Experiment(Network(layers), rows, targets, "mse"))
    [unit] = found.units
    assert (unit.state, unit.nearest, unit.sample) == ("dead", nearest, 1)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_leaky_relu_s_small_slope_is_not_saturated_whatever_n(dtype: type[np.floating]) -> None:
    for samples in range(1, 50):
        slopes = np.full((samples, 2), 0.01, dtype)
        slopes[:, 1] = 0.0099
        dead, flat = unit_health(slopes, "leaky_relu")
        assert (dead.tolist(), flat.tolist()) == ([False, False], [False, True])


def test_the_presets_go_wrong_as_their_sentences_say() -> None:
    trace, found = looked_through(PRESETS["exploding"].experiment())
    assert trace.diverged is not None
    assert trace.diverged.tensor.endswith("@5")
    largest = [each.largest_weight[0] or 0 for each in found.growth]
    assert largest == sorted(set(largest))
    trace, found = looked_through(PRESETS["dead_relu"].experiment())
    dead = [unit for unit in found.units if unit.layer == 1]
    assert [unit.state for unit in dead] == ["dead"] * 3
    for unit in dead:
        before, after = (trace[f"W[1]@{i}"][unit.unit] for i in (unit.since, 10))
        np.testing.assert_array_equal(before, after)
    trace, found = looked_through(PRESETS["saturated"].experiment())
    assert [(unit.state, unit.since) for unit in found.units] == [("saturated", 0)] * 4
    assert (found.growth[0].gradient_norm[0] or 0) < 1e-4 < (found.growth[0].gradient_norm[1] or 0)


def test_the_operation_that_broke_has_its_terms() -> None:
    trace, found = looked_through(PRESETS["exploding"].experiment())
    broken = found.broken
    assert broken is not None
    assert trace.diverged is not None
    assert (trace.diverged.value, broken.count, broken.infinite) == ("nan", 5, (2, 2))
    for term in broken.terms:
        left, sign, right = term.parts
        assert isinstance(left, Hop)
        assert isinstance(right, Hop)
        assert (left.tensor, sign, right.tensor) == ("A[1]@5", " · ", "W[2]@5")
        assert trace[left.tensor][left.cell] == left.value
        assert trace[right.tensor][right.cell] == right.value
        with np.errstate(over="ignore"):
            assert np.multiply(left.value, right.value) == term.value
    assert {term.value for term in broken.terms} == {np.inf, -np.inf}


@pytest.mark.parametrize(
    ("weights", "infinite", "values"),
    [([1e308, 1.0], (0, 1), {-np.inf}), ([1e308, -1e308], (0, 0), {-1e308})],
)
def test_a_product_or_a_sum_that_overflows_is_told(
    weights: list[float], infinite: tuple[int, int], values: set[float]
) -> None:
    """In the first iteration, so that no tensor of the name is in the trace."""
    network = Network((Layer(np.array([weights]), np.zeros(1), "identity"),))
    x = [-8.0, 1.0] if infinite[1] else [-1.0, 1.0]
    trace, found = looked_through(Experiment(network, [x], [[0.0]], "mse"))
    assert found.broken is not None
    assert trace.diverged is not None
    assert (trace.diverged.tensor, trace.diverged.value) == ("Z[1]@0", "-inf")
    assert (found.broken.count, found.broken.infinite) == (3, infinite)
    assert values <= {term.value for term in found.broken.terms}


def test_the_terms_add_up_to_what_the_step_computed() -> None:
    trace = PRESETS["exploding"].experiment().trace()
    summed = [step for step in trace.steps if step.equation.id in ("affine.dA", "gradient_descent")]
    for step in summed:
        cell = (0,) * trace[step.result].ndim
        written = broken_cell(trace, step, cell)
        total = sum(term.value for term in written.terms)
        assert written.count == len(written.terms)
        assert total == pytest.approx(trace[step.result][cell], rel=1e-12)
    assert {step.equation.id for step in summed} == {"affine.dA", "gradient_descent"}


def test_a_run_that_stays_finite_has_no_broken_operation() -> None:
    assert looked_through(PRESETS["mse_identity"].experiment())[1].broken is None
