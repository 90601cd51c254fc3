"""Every wrong product is what NumPy makes of it."""

import tracemalloc
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core import PRESETS, Experiment, Layer, Network, Trace, make_network
from core.conventions import Conventions
from core.layouts import LAYOUTS
from core.wrong_products import LARGEST, PRODUCTS, Trial, trials
from tests.core.wrong_by_hand import worked_out


def made(preset: str, result: str) -> tuple[Trace, dict[str, Trial]]:
    trace = PRESETS[preset].experiment().trace()
    [step] = [step for step in trace.steps if step.result == result]
    return trace, {trial.wrong.name: trial for trial in trials(trace, step)}


@pytest.mark.parametrize(
    ("layout", "own"),
    [
        ("rows_out_in", {"affine", "affine.dW", "affine.db", "affine.dA", "softmax_ce.dZ"}),
        ("columns", {f"affine{part}.columns" for part in ("", ".dW", ".db", ".dA")}),
        ("rows_in_out", {"affine.in_out", "affine.dW.in_out", "affine.db", "affine.dA.in_out"}),
    ],
)
def test_the_right_expressions_are_the_steps(layout: str, own: set[str]) -> None:
    experiment = PRESETS["ce_softmax"].experiment()
    trace = replace(experiment, conventions=Conventions(layout)).trace()
    seen = set[str]()
    for step in trace.steps:
        product = PRODUCTS.get(step.equation.id)
        if product:
            names: dict[str, object] = {role: trace[id] for role, id in step.operands.items()}
            right = eval(product.code, {"N": 3}, names)
            np.testing.assert_allclose(right, trace[step.result], rtol=1e-13, atol=1e-16)
            seen.add(step.equation.id)
    assert seen >= own | {"hadamard"}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_mistake_of_a_layout_gives_the_right_numbers(layout: str) -> None:
    experiment = replace(PRESETS["ce_softmax"].experiment(), conventions=Conventions(layout))
    trace = experiment.trace()
    names = ("Z[1]", "dW[2]", "db[3]", "dA[1]")
    steps = [step for step in trace.steps if step.result.partition("@")[0] in names]
    found = [trial for step in steps for trial in trials(trace, step)]
    assert len(found) >= 11
    assert "same" not in {trial.verdict for trial in found}


def test_a_forgotten_transpose_is_refused_in_numpy_s_words() -> None:
    trace, found = made("mse_identity", "Z[1]@0")
    trial = found["no_transpose"]
    assert trial.verdict == "fails"
    assert trial.result is None
    with pytest.raises(ValueError, match="mismatch") as refused:
        _ = trace["A[0]@0"] @ trace["W[1]@0"]
    assert trial.error == str(refused.value)


def test_swapped_factors_give_the_transpose() -> None:
    trace, found = made("mse_identity", "dW[3]@0")
    trial = found["swapped"]
    assert trial.verdict == "shape"
    assert trial.is_transposed
    assert trial.result is not None
    np.testing.assert_array_equal(trial.result, trace["dW[3]@0"].T)


def test_a_square_matrix_hides_the_mistake() -> None:
    trace, found = made("mse_identity", "Z[3]@0")
    trial = found["bias_column"]
    wrong = trace["A[2]@0"] @ trace["W[3]@0"].T + trace["b[3]@0"][:, None]
    assert trial.verdict == "numbers"
    assert trial.largest_difference == np.abs(wrong - trace["Z[3]@0"]).max()


@pytest.mark.parametrize(("optimizer", "eta"), [("gradient_descent", 0.5), (None, 1.0)])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_mistake_gives_the_numbers_worked_out_by_hand(
    layout: str, optimizer: str | None, eta: float
) -> None:
    state = np.random.RandomState(5)
    trace = Experiment(
        make_network([3, 3, 3], ["tanh", "identity"], "xavier_normal", 5),
        state.standard_normal((3, 3)),
        state.standard_normal((3, 3)),
        "mse",
        optimizer,
        learning_rate=0.5 if optimizer else None,
        conventions=Conventions(layout),
    ).trace()
    tensors = {"A": "A[1]", "W": "W[2]", "b": "b[2]", "dZ": "dZ[2]", "outputs": "A[2]"}
    tensors |= {"dA": "dA[1]", "slope": "slope[1]", "Y": "Y"}
    values = {name: trace[f"{tensor}@0"] for name, tensor in tensors.items()}
    expected = worked_out(values, layout, eta)
    for step in trace.steps:
        numbers = expected.get(step.result.partition("@")[0], {})
        found = {trial.wrong.name: trial.result for trial in trials(trace, step)}
        assert not numbers or list(found) == list(numbers)
        for name, wanted in numbers.items():
            np.testing.assert_allclose(found[name], wanted, rtol=1e-12, err_msg=name)
            assert np.shape(found[name]) == np.shape(wanted)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_largest_difference_is_the_largest_either_way(layout: str) -> None:
    experiment = replace(PRESETS["ce_softmax"].experiment(), conventions=Conventions(layout))
    trace = experiment.trace()
    signs = set[bool]()
    for step in trace.steps:
        for trial in trials(trace, step):
            if trial.verdict == "numbers" and not trial.wrong.parameter:
                assert trial.result is not None
                difference = trial.result - trace[step.result]
                assert trial.largest_difference == np.abs(difference).max()
                signs.add(bool(difference.max() > -difference.min()))
    assert signs == {True, False}


def test_a_column_broadcasts_silently() -> None:
    """E06: b (3,) less a column (3, 1) is (3, 3). E15: w (1, n) less a column (n, 1) is (n, n)."""
    trace, found = made("mse_identity", "db[3]@0")
    column = found["column"]
    assert column.verdict == "shape"
    assert column.result is not None
    gradient = trace["dZ[3]@0"].sum(axis=0)[:, None]
    expected = trace["b[3]@0"] - trace["eta@0"] * gradient
    assert column.result.shape == (3, 3)
    np.testing.assert_allclose(column.result, expected, rtol=1e-14)
    columns = replace(PRESETS["mse_identity"].experiment(), conventions=Conventions("columns"))
    turned = columns.trace()
    [step] = [step for step in turned.steps if step.result == "db[3]@0"]
    [column] = [trial for trial in trials(turned, step) if trial.wrong.name == "column"]
    assert column.result is not None
    np.testing.assert_allclose(column.result, expected, rtol=1e-12)
    _, found = made("logistic_regression", "dW[1]@0")
    assert found["column"].result is not None
    assert found["column"].result.shape == (2, 2)
    _, found = made("logistic_regression", "dZ[1]@0")
    assert found["flat_targets"].verdict == "shape"
    assert found["flat_targets"].result is not None
    assert found["flat_targets"].result.shape == (6, 6)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_transposed_gradient_of_a_square_matrix_is_wrong_though_its_shape_fits(
    layout: str,
) -> None:
    """E15's silent case: no error, no other shape, and every new number off the diagonal wrong."""
    state = np.random.RandomState(3)
    trace = Experiment(
        make_network([3, 3], ["tanh"], "xavier_normal", 3),
        state.standard_normal((5, 3)),
        state.standard_normal((5, 3)),
        "mse",
        learning_rate=0.5,
        conventions=Conventions(layout),
    ).trace()
    [step] = [step for step in trace.steps if step.result == "dW[1]@0"]
    column = {trial.wrong.name: trial for trial in trials(trace, step)}["column"]
    wrong = trace["W[1]@0"] - 0.5 * trace["dW[1]@0"].T
    assert column.verdict == "numbers"
    assert column.result is not None
    np.testing.assert_allclose(column.result, wrong, rtol=1e-13)
    assert column.largest_difference == pytest.approx(np.abs(wrong - trace["W[1]@1"]).max())
    assert column.largest_difference > 0.01


def test_what_is_right_by_chance_is_said_to_be() -> None:
    _, found = made("mse_identity", "dZ[3]@0")
    assert found["no_slope"].verdict == "same"
    assert found["kronecker"].result is not None
    assert found["kronecker"].result.shape == (9, 9)


def traced(size: int, samples: int, **more: Any) -> Trace:
    network = make_network([size, size], ["identity"], "torch_linear", 1)
    X = np.linspace(-1, 1, samples * size).reshape(samples, size)
    return Experiment(network, X, X, loss="mse", **more).trace()


def test_a_result_past_the_largest_is_never_made() -> None:
    trace = traced(1, 4096)
    [step] = [step for step in trace.steps if step.equation.id == "mse.dA"]
    tracemalloc.start()
    found = {trial.wrong.name: trial for trial in trials(trace, step)}
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found["flat_targets"].verdict == "fails"
    assert found["flat_targets"].error == "The result would have 16,777,216 cells."
    assert peak < LARGEST


def test_the_kronecker_product_has_the_same_bound() -> None:
    trace = traced(2, 4096)
    [step] = [step for step in trace.steps if step.equation.id == "hadamard"]
    found = {trial.wrong.name: trial for trial in trials(trace, step)}
    assert found["kronecker"].error == "The result would have 67,108,864 cells."


def test_single_precision_stays_single() -> None:
    trace = traced(2, 3, precision="float32")
    found = [trial for step in trace.steps for trial in trials(trace, step)]
    # `ones` are double whatever the rest is.
    kept = [trial for trial in found if "ones" not in trial.wrong.code]
    results = [trial.result for trial in kept if trial.result is not None]
    assert "column_targets" in {trial.wrong.name for trial in kept}
    assert {result.dtype for result in results} == {np.dtype(np.float32)}


def test_an_update_takes_its_own_learning_rate() -> None:
    numbers = {"gamma": 0.5}
    trace = traced(
        1,
        3,
        optimizer="gradient_descent",
        learning_rate=0.5,
        schedule="exponential",
        schedule_numbers=numbers,
        iterations=3,
    )
    for iteration in range(3):
        [step] = [step for step in trace.steps if step.result == f"dW[1]@{iteration}"]
        [column] = [trial for trial in trials(trace, step) if trial.wrong.name == "column"]
        assert column.result is not None
        eta = 0.5 * 0.5**iteration
        moved = trace[f"W[1]@{iteration}"] - eta * trace[step.result]
        np.testing.assert_allclose(column.result, moved, rtol=1e-14)


def test_numbers_past_every_float_are_compared_without_a_warning() -> None:
    W = np.array([[0.0, 1.5e308], [-1.5e308, 0.0]])
    network = Network((Layer(W, np.zeros(2), "identity"),))
    trace = Experiment(network, np.eye(2), np.eye(2), loss="mse").trace()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        [turned, *_] = trials(trace, trace.steps[0])
    assert turned.largest_difference == np.inf


def test_a_gradient_that_is_its_own_transpose_makes_no_difference() -> None:
    trace = Experiment(
        make_network([1, 1], ["identity"], "torch_linear", 1), [[2.0], [1.0]], [[1.0], [3.0]], "mse"
    ).trace()
    [step] = [step for step in trace.steps if step.result == "dW[1]@0"]
    assert {trial.wrong.name: trial for trial in trials(trace, step)}["column"].verdict == "same"
