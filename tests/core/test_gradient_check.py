"""The gradient check: passes what is right, catches what is wrong, flags what means nothing."""

import dataclasses

import numpy as np
import pytest

from core import EQUATIONS, PRESETS, Experiment, SpecificationError, make_network
from core.equation import Equation
from core.gradient_check import (
    TOLERANCES,
    Tolerance,
    cell_errors,
    check_gradients,
    relative_error,
)
from core.network import Layer, Network
from core.program import Program

TRAINING = [name for name, preset in PRESETS.items() if preset.loss]


@pytest.mark.parametrize("name", TRAINING)
def test_every_preset_passes(name: str):
    check = PRESETS[name].experiment().check_gradients()
    assert check.verdict == "pass"
    assert [parameter.name for parameter in check.parameters][:2] == ["W[1]", "b[1]"]


def sabotaged(id: str, factor: float):
    """An experiment one of whose equations gives `factor` times its result."""
    experiment = PRESETS["mse_identity"].experiment()
    return replaced(experiment.program, EQUATIONS[id], factor), experiment


def replaced(program: Program, wrong: Equation, factor: float) -> Program:
    """The program with an equation that gives `factor` times its result."""

    def recipe(*buffers: np.ndarray):
        yield from wrong.recipe(*buffers)
        yield np.multiply, buffers[-1], factor, buffers[-1]

    steps = tuple(
        dataclasses.replace(step, equation=dataclasses.replace(wrong, recipe=recipe))
        if step.equation is wrong
        else step
        for step in program.steps
    )
    return dataclasses.replace(program, steps=steps)


@pytest.mark.parametrize(
    ("id", "factor", "error"),
    [("affine.dW", -1.0, 1.0), ("mse.dA", 3.0, 0.5), ("affine.dW", 1.01, 0.01 / 2.01)],
)
def test_a_wrong_backward_pass_fails(id: str, factor: float, error: float):
    program, experiment = sabotaged(id, factor)
    check = check_gradients(program, experiment.inputs, experiment.network.activations)
    assert check.verdict == "fail"
    first = check.parameters[0]
    assert first.relative_error == pytest.approx(error, rel=1e-6)
    assert first.largest_difference == np.abs(first.backprop - first.numeric).max()


@pytest.mark.parametrize(
    ("precision", "factor", "verdict"),
    [
        ("float64", 1 + 1e-8, "pass"),
        ("float64", 1 + 4e-6, "warn"),
        ("float64", 1 + 4e-5, "fail"),
        ("float32", 1.006, "warn"),
        ("float32", 1.03, "fail"),
    ],
)
def test_how_wrong_a_gradient_may_be(precision: str, factor: float, verdict: str):
    experiment = dataclasses.replace(PRESETS["mse_identity"].experiment(), precision=precision)
    program = replaced(experiment.program, EQUATIONS["affine.dW"], factor)
    check = check_gradients(program, experiment.inputs, experiment.network.activations)
    assert check.parameters[0].verdict == check.verdict == verdict


def test_the_step_is_the_one_that_was_used():
    W = np.array([[0.25, -64.0, 3e5]])
    experiment = Experiment(one_layer(W.tolist(), "identity"), [[1.0, 2.0, 1e-5]], [[0.0]], "mse")
    check = experiment.check_gradients().parameters[0]
    step = np.finfo(float).eps ** (1 / 3) * np.maximum(1, np.abs(W))
    np.testing.assert_array_equal(check.steps, (W + step) - (W - step))


def test_coordinates_that_straddle_a_kink_are_flagged_and_left_out():
    network = make_network([1, 2, 1], ["relu", "identity"], "zeros")
    network.layers[0].W[...] = [[0.0], [1.0]]
    network.layers[1].W[...] = [[1.0, 1.0]]
    check = Experiment(network, [[1.0]], [[0.0]], "mse").check_gradients()
    first = check.parameters[0]
    # Unit 1 sits on its kink (z = 0); unit 2 is clear of it.
    assert first.kinks == (0,)
    assert abs(first.backprop[0, 0] - first.numeric[0, 0]) > 0.1
    assert check.verdict == "pass"


def test_a_gradient_of_which_no_cell_was_compared_does_not_pass():
    network = make_network([1, 1, 1], ["relu", "identity"], "zeros")
    network.layers[1].W[...] = [[1.0]]
    check = Experiment(network, [[1.0]], [[0.5]], "mse").check_gradients()
    verdicts = {each.gradient: each.verdict for each in check.parameters}
    assert verdicts == {"dW[1]": "kink", "db[1]": "kink", "dW[2]": "pass", "db[2]": "pass"}
    assert check.verdict == "pass"
    first = check.parameters[0]
    assert np.isnan([first.relative_error, first.largest_difference, first.noise]).all()


def test_float32_has_its_own_tolerance():
    network = make_network([3, 4, 2], ["tanh", "softmax"], "torch_linear", 1)
    experiment = Experiment(
        network, [[0.5, -1, 2], [1, 0, -1]], np.eye(2), "cross_entropy", precision="float32"
    )
    check = experiment.check_gradients()
    assert check.tolerance is TOLERANCES["float32"]
    assert check.verdict == "pass"


def test_gradients_that_are_0_but_for_rounding_pass():
    check = PRESETS["logistic_regression"].experiment().check_gradients()
    bias = check.parameters[1]
    assert abs(bias.backprop[0]) < 1e-15
    assert bias.largest_difference < bias.noise
    assert bias.verdict == "pass"


def test_what_isn_t_finite_can_t_be_compared():
    network = make_network([1, 1], ["identity"], "torch_linear", 1)
    with pytest.raises(SpecificationError, match="isn't finite"):
        Experiment(network, [[1e200]], [[0.0]], "mse").check_gradients()


@pytest.mark.parametrize(
    ("error", "verdict"), [(0.0, "pass"), (1e-6, "warn"), (1e-3, "fail"), (float("nan"), "fail")]
)
def test_verdicts(error: float, verdict: str):
    assert Tolerance(1e-7, 1e-5).verdict(error) == verdict


def test_the_relative_error_of_nothing_is_0():
    zero = np.zeros(3)
    assert relative_error(zero, zero) == 0.0
    assert relative_error(np.ones(3), -np.ones(3)) == 1.0


def test_each_cell_has_its_own_relative_error():
    ours, theirs = np.array([[1.0, 0.0, 2.0, 4.0]]), np.array([[3.0, 0.0, -2.0, 4.0]])
    np.testing.assert_array_equal(cell_errors(ours, theirs), [[0.5, 0.0, 1.0, 0.0]])


def one_layer(W: list[list[float]], activation: str) -> Network:
    return Network((Layer(np.array(W), np.zeros(len(W)), activation),))


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("gap", [18.0, 20.0, 45.0])
def test_a_confident_network_passes(gap: float, precision: str):
    softmax = Experiment(
        one_layer([[gap], [0.0]], "softmax"),
        [[1.0]],
        [[1.0, 0.0]],
        "cross_entropy",
        precision=precision,
    )
    sigmoid = Experiment(
        one_layer([[gap]], "sigmoid"), [[1.0]], [[1.0]], "binary_cross_entropy", precision=precision
    )
    for experiment in (softmax, sigmoid):
        names = experiment.gradient_source().gradients
        check = experiment.check_gradients(names)
        assert check.verdict == "pass", [(each.gradient, each.verdict) for each in check.parameters]
        assert [each.gradient for each in check.parameters] == names


def test_steps_lost_in_a_probability_next_to_1_mean_nothing():
    experiment = Experiment(
        one_layer([[22.0], [0.0]], "softmax"), [[1.0]], [[1.0, 0.0]], "cross_entropy"
    )
    (check,) = experiment.check_gradients(["dA[1]"]).parameters
    assert check.kinks == (0,)
    assert 0 < check.steps[0, 0] < 128 * np.spacing(1.0)


def test_a_small_loss_of_sums_and_products_keeps_its_digits():
    given = [[1e-10]], [[3e-10]]
    linear, bounded = (
        Experiment(one_layer([[1.0]], name), *given, "mse").check_gradients(["dW[1]"])
        for name in ("identity", "tanh")
    )
    assert linear.parameters[0].noise < 1e-25 < bounded.parameters[0].noise


def test_a_loss_and_a_penalty_too_large_together_are_refused():
    experiment = Experiment(
        one_layer([[1.0]], "identity"), [[1.0]], [[-1.2e154]], "mse", l1=1.5e308
    )
    source = experiment.gradient_source()
    with pytest.raises(SpecificationError, match=r"^L \+ Σ R isn't finite"):
        source.check(source.subject("rW[1]"))
    with pytest.raises(SpecificationError, match=r"^L \+ Σ R isn't finite"):
        experiment.check_gradients()


def test_what_a_penalised_weight_follows_is_the_gradient_of_loss_and_penalty():
    experiment = Experiment(
        one_layer([[0.5, 0.0, -2.0]], "identity"), [[1.0, 2.0, 3.0]], [[1.0]], "mse", l1=0.25, l2=3
    )
    found = {each.gradient: each for each in experiment.check_gradients().parameters}
    assert list(found) == ["dW[1]", "db[1]", "rW[1]"]
    plain, penalised = found["dW[1]"], found["rW[1]"]
    assert (plain.kinks, plain.verdict) == ((), "pass")
    # |w| has a kink at 0, and L has none.
    assert (penalised.kinks, penalised.verdict) == ((1,), "pass")
    share = penalised.numeric - plain.numeric
    expected = experiment.trace()["rW[1]@0"] - experiment.trace()["dW[1]@0"]
    assert share[0, [0, 2]] == pytest.approx(expected[0, [0, 2]], rel=1e-6)
    assert abs(share[0, 2]) > 1
