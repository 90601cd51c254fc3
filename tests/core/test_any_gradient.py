"""Any gradient can be checked: the replay of what follows from its tensor, cell by cell."""

import dataclasses
from typing import Any

import numpy as np
import pytest

from core import EQUATIONS, PRESETS, Experiment, Layer, Network, SpecificationError, make_network
from core.difference_curve import DifferenceCurve, default_steps, difference_curve
from core.gradient_check import check_gradients
from core.learning import Start
from core.nudge import nudge

TRAINING = [name for name, preset in PRESETS.items() if preset.loss]


def experiment(name: str, **changes: Any) -> Experiment:
    return dataclasses.replace(PRESETS[name].experiment(), **changes)


@pytest.mark.parametrize("name", TRAINING)
def test_every_cell_of_every_gradient_passes(name: str):
    given = experiment(name)
    names = given.gradient_source().gradients
    check = given.check_gradients(names)
    assert [item.gradient for item in check.parameters] == names
    assert {name[:2] for name in names} >= {"dW", "db", "dZ", "dA"}
    assert "dA[0]" in names
    for item in check.parameters:
        assert set(item.verdicts) == {"pass"}, item.gradient
        assert item.errors.shape == item.backprop.shape
        assert np.abs(item.backprop - item.numeric).max() < 1e-8


def test_the_gradients_are_the_trace_s_and_those_of_the_inputs_too():
    given = experiment("ce_softmax")
    trace = given.trace()
    check = given.check_gradients(["dZ[2]", "dA[3]", "dA[0]"])
    by_name = {item.gradient: item for item in check.parameters}
    np.testing.assert_array_equal(by_name["dZ[2]"].backprop, trace["dZ[2]@0"])
    np.testing.assert_array_equal(by_name["dA[3]"].backprop, trace["dA[3]@0"])
    expected = trace["dZ[1]@0"] @ trace["W[1]@0"]
    np.testing.assert_array_equal(by_name["dA[0]"].backprop, expected)


def test_a_fault_is_found_in_its_own_cells():
    """A backward pass whose dA[1] is wrong: dZ[2] passes, dA[1] and what follows from it fail."""
    given = experiment("mse_identity")
    wrong = EQUATIONS["affine.dA"]

    def recipe(*buffers: np.ndarray[Any, Any]):
        yield from wrong.recipe(*buffers)
        yield np.add, buffers[-1][:, :1], 0.01, buffers[-1][:, :1]

    steps = tuple(
        dataclasses.replace(step, equation=dataclasses.replace(wrong, recipe=recipe))
        if step.equation is wrong
        else step
        for step in given.program.steps
    )
    program = dataclasses.replace(given.program, steps=steps)
    names = ["dZ[3]", "dA[2]", "dW[3]"]
    check = check_gradients(program, given.inputs, given.network.activations, names)
    verdicts = {item.gradient: item.verdict for item in check.parameters}
    assert verdicts == {"dZ[3]": "pass", "dA[2]": "fail", "dW[3]": "pass"}
    cells = np.array(check.parameters[1].verdicts).reshape(3, 4)
    assert (cells[:, 0] == "fail").all()
    assert (cells[:, 1:] == "pass").all()


def test_a_later_iteration_has_its_own_gradients():
    given = experiment("bce_sigmoid", iterations=5)
    trace = given.trace()
    (item,) = given.at(3).check_gradients(["dW[2]"]).parameters
    np.testing.assert_array_equal(item.backprop, trace["dW[2]@3"])
    assert item.verdict == "pass"
    with pytest.raises(SpecificationError, match="There is no iteration 5"):
        given.at(5)


@pytest.mark.parametrize("first", [0, 100])
def test_an_iteration_of_a_run_that_goes_on_is_counted_from_its_start(first: int):
    given = experiment("bce_sigmoid", iterations=5, start=Start(first))
    trace = given.trace()
    for iteration in range(first, first + 5):
        moment = given.at(iteration)
        np.testing.assert_array_equal(moment.network.layers[1].W, trace[f"W[2]@{iteration}"])
        assert moment.iterations == 1
    with pytest.raises(SpecificationError, match=f"no iteration {first + 5}"):
        given.at(first + 5)


def test_an_iteration_that_is_not_reached_has_no_gradients():
    with pytest.raises(SpecificationError, match="stop being finite before iteration 4"):
        experiment("mse_identity", learning_rate=1e200, iterations=5).at(4)


def test_an_unbounded_gradient_is_left_out_with_a_sentence():
    network = Network((Layer(np.array([[800.0]]), np.array([0.0]), "sigmoid"),))
    check = Experiment(network, [[1.0]], [[0.0]], "binary_cross_entropy").check_gradients(
        ["dA[1]", "dZ[1]"]
    )
    assert [item.gradient for item in check.parameters] == ["dZ[1]"]
    assert [item.gradient for item in check.left_out] == ["dA[1]"]
    assert "isn't finite" in check.left_out[0].reason


def test_kinks_are_named_cell_by_cell():
    network = make_network([1, 2, 1], ["relu", "identity"], "zeros")
    network.layers[0].W[...] = [[0.0], [1.0]]
    network.layers[1].W[...] = [[1.0, 1.0]]
    (item,) = Experiment(network, [[1.0]], [[0.0]], "mse").check_gradients(["dZ[1]"]).parameters
    assert item.verdicts == ("kink", "pass")


def curve(name: str, gradient: str, cell: int, **changes: Any) -> DifferenceCurve:
    return difference_curve(experiment(name, **changes).gradient_source(), gradient, cell)


@pytest.mark.parametrize("name", TRAINING)
@pytest.mark.parametrize("gradient", ["dW[1]", "dZ[1]", "dA[0]"])
def test_the_central_error_is_tiny_at_the_usual_step(name: str, gradient: str):
    found = curve(name, gradient, 0)
    usual = int(np.argmin(np.abs(np.log(found.steps / 6e-6))))
    assert found.central_error[usual] < 1e-9
    assert len(found.steps) == 57
    assert found.steps[0] == pytest.approx(1e-1)
    assert found.steps[-1] == pytest.approx(1e-15)


def test_the_curve_is_a_v_with_the_two_slopes():
    found = curve("mse_identity", "dW[1]", 3)
    assert found.best is not None
    assert found.forward_best is not None
    assert 1e-7 < found.steps[found.best] < 1e-4
    assert found.forward_best > found.best, "a forward difference needs a smaller step"

    def slope(errors: np.ndarray[Any, Any], of: float, to: float) -> float:
        places = [int(np.argmin(np.abs(np.log(found.steps / h)))) for h in (of, to)]
        ends = errors[places]
        return float(np.log10(ends[0] / ends[1]) / np.log10(of / to))

    assert slope(found.central_error, 1e-2, 1e-4) == pytest.approx(2, abs=0.1)
    assert slope(found.forward_error, 1e-2, 1e-4) == pytest.approx(1, abs=0.1)
    assert found.central_error[found.best] == np.nanmin(found.central_error)
    # The rounding of L is all that is left at tiny steps: within a few units of its last place.
    tiny = found.steps < 1e-9
    assert (found.central_error[tiny] <= 20 * found.rounding[tiny]).all()
    assert found.central_error[-1] > 1e3 * found.central_error[found.best]


def test_a_step_that_is_lost_in_rounding_gives_no_quotient():
    network = Network((Layer(np.array([[64.0]]), np.array([0.0]), "identity"),))
    source = Experiment(network, [[1.0]], [[0.0]], "mse").gradient_source()
    found = difference_curve(source, "dW[1]", 0, [1e-3, 1e-16])
    assert np.isfinite(found.central[0])
    assert np.isnan(found.central[1])
    assert found.best == 0


def test_steps_over_a_kink_are_named():
    network = Network((Layer(np.array([[0.5]]), np.array([0.0]), "relu"),))
    source = Experiment(network, [[1.0]], [[1.0]], "mse").gradient_source()
    assert difference_curve(source, "dW[1]", 0, [1.0, 0.1, 0.75]).kinks == (0, 2)


def test_the_quotients_of_a_square_are_known():
    """L = w²/2: forward is w + h/2, central is w itself, whatever h."""
    network = Network((Layer(np.array([[64.0]]), np.array([0.0]), "identity"),))
    source = Experiment(network, [[1.0]], [[0.0]], "mse").gradient_source()
    found = difference_curve(source, "dW[1]", 0, [1.0, 0.5])
    assert (found.value, found.loss, found.backprop) == (64, 2048, 64)
    assert found.forward.tolist() == [64.5, 64.25]
    assert found.central.tolist() == [64, 64]
    assert found.forward_error.tolist() == [0.5, 0.25]
    assert found.rounding.tolist() == [np.spacing(2048.0), 2 * np.spacing(2048.0)]
    assert (found.best, found.forward_best) == (0, 1)


@pytest.mark.parametrize(
    ("gradient", "cell", "steps", "words"),
    [
        ("dQ[1]", 0, None, "no gradient called"),
        ("dW[9]", 0, None, "no gradient called"),
        ("dW[1]", 35, None, "there is no cell 35"),
        ("dW[1]", 0, [0.0], "above 0"),
        ("dW[1]", 0, [float("inf")], "above 0"),
        ("dW[1]", 0, [], "one at least"),
    ],
)
def test_what_there_isn_t_is_one_error(
    gradient: str, cell: int, steps: list[float] | None, words: str
):
    source = experiment("mse_identity").gradient_source()
    with pytest.raises(SpecificationError, match=words):
        difference_curve(source, gradient, cell, steps)


@pytest.mark.parametrize("gradient", ["dW[1]", "db[3]", "dZ[2]", "dA[1]", "dA[0]"])
def test_a_nudge_is_the_loss_of_the_nudged_network(gradient: str):
    """Against whole new runs with the cell changed, for what can be changed from outside."""
    given = experiment("ce_softmax")
    found = nudge(given.gradient_source(), gradient, 2, [-0.5, -1e-3, 0.0, 0.25])
    loss = float(given.trace()["L@0"])
    assert found.loss == loss
    assert found.actual[2] == 0
    np.testing.assert_array_equal(found.actual, found.losses - loss)
    np.testing.assert_array_equal(found.predicted, found.amounts * found.backprop)
    np.testing.assert_array_equal(found.left_over, found.actual - found.predicted)
    assert abs(found.left_over[1]) < 1e-5
    name = gradient[1:]
    if name in given.inputs:
        for amount, value in zip(found.amounts, found.losses, strict=True):
            changed = np.array(given.inputs[name], float)
            changed.ravel()[2] += amount
            inputs = {**given.inputs, name: changed}
            layers = tuple(
                Layer(
                    np.asarray(inputs[f"W[{i}]"]), np.asarray(inputs[f"b[{i}]"]), layer.activation
                )
                for i, layer in enumerate(given.network.layers, start=1)
            )
            rerun = dataclasses.replace(given, network=Network(layers), X=inputs["A[0]"])
            assert float(rerun.trace()["L@0"]) == value


def test_a_nudge_leaves_nothing_behind():
    source = experiment("mse_identity").gradient_source()
    last = nudge(source, "dW[3]", 0, [2.0])
    first = nudge(source, "dW[1]", 0, [0.5])
    # The last layer's own steps alone run again: what comes before must be as it was.
    assert nudge(source, "dW[3]", 0, [2.0]).losses.tolist() == last.losses.tolist()
    again = nudge(source, "dW[1]", 0, [0.5])
    assert first.losses.tolist() == again.losses.tolist()


def test_the_best_step_crosses_no_kink():
    network = make_network([1, 1, 1], ["relu", "identity"], "zeros")
    network.layers[0].W[...] = 0.5
    network.layers[1].W[...] = 1.0
    clear = difference_curve(
        Experiment(network, [[1.0]], [[0.0]], "mse").gradient_source(), "dW[1]", 0, [0.75, 0.25]
    )
    assert (clear.kinks, clear.best, clear.forward_best) == ((0,), 1, 1)
    network.layers[0].W[...] = 0.0
    stuck = difference_curve(
        Experiment(network, [[1.0]], [[1.0]], "mse").gradient_source(), "dW[1]", 0
    )
    assert len(stuck.kinks) == len(stuck.steps)
    assert (stuck.best, stuck.forward_best) == (None, None)


@pytest.mark.parametrize("x", [1.0, -1.0])
def test_no_move_predicts_no_change_of_either_sign(x: float):
    network = Network((Layer(np.array([[2.0]]), np.array([0.0]), "identity"),))
    source = Experiment(network, [[x]], [[0.0]], "mse").gradient_source()
    found = nudge(source, "dA[0]", 0, [0.0, 1e-3])
    assert found.backprop == 4 * x
    assert not np.signbit(found.predicted[0])
    assert np.signbit(found.predicted[1]) == (x < 0)


def test_a_nudge_over_a_kink_says_so():
    network = Network((Layer(np.array([[0.5]]), np.array([0.0]), "relu"),))
    source = Experiment(network, [[1.0]], [[1.0]], "mse").gradient_source()
    assert nudge(source, "dW[1]", 0, [-0.4, -0.6, 0.4]).kinks == (1,)


def test_a_nudge_off_a_kink_follows_the_slope_that_was_taken_there():
    network = Network((Layer(np.array([[0.0]]), np.array([0.0]), "relu"),))
    source = Experiment(network, [[1.0]], [[1.0]], "mse").gradient_source()
    found = nudge(source, "dW[1]", 0, [-0.5, 0.5])
    # The slope at 0 is that of the left side: to the left the promise holds.
    assert found.backprop == 0
    assert (found.actual[0], found.kinks) == (0, (1,))


def test_the_usual_steps_are_powers_of_ten_by_quarters():
    assert default_steps()[4] == pytest.approx(1e-2)
