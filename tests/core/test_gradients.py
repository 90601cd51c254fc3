"""Every ∂L/∂T of every trace is the central difference of L, found by replaying with T changed."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import ACTIVATIONS
from core.equation import Array
from tests.core.replay import FUSED, PAIRS, SIZES, STEP, Run, central_difference, experiment

TENSORS = [f"{symbol}[{layer}]" for layer in (3, 2, 1) for symbol in ("A", "Z", "W", "b")]
# Measured over all cases: 8e-11 of the gradient (the share of the third derivative, h²/6) and 4
# roundings of L, divided by the step. A gradient that is 1 % wrong is off by 5e-3.
TOLERANCE = 1e-9
ROUNDINGS = 4
SLOPED = [name for name, activation in ACTIVATIONS.items() if activation.slope]


def check(run: Run, names: list[str]) -> None:
    rounding = ROUNDINGS * np.spacing(float(run["L"])) / (2 * STEP)
    for name in names:
        ours, numeric = run[f"d{name}"], central_difference(run, name)
        scale = np.linalg.norm(ours) + np.linalg.norm(numeric)
        error = np.linalg.norm(ours - numeric)
        limit = TOLERANCE * scale + rounding * np.sqrt(ours.size)
        assert error <= limit, f"d{name} is off by {error / scale:.1e}"


@pytest.mark.parametrize("samples", [1, 6])
@pytest.mark.parametrize(("loss", "output"), PAIRS)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_every_gradient_the_long_way(hidden: str, loss: str, output: str, samples: int):
    _, run = experiment(hidden, output, loss, samples, fused=False)
    check(run, TENSORS)


@pytest.mark.parametrize("samples", [1, 6])
@pytest.mark.parametrize(("loss", "output"), FUSED)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_every_gradient_of_a_fused_pair(hidden: str, loss: str, output: str, samples: int):
    _, run = experiment(hidden, output, loss, samples, fused=True)
    # L is made from Z, so A of the output isn't on the way to L: the next test has its gradient.
    assert run.between("A[3]") == []
    check(run, [name for name in TENSORS if name != "A[3]"])


@pytest.mark.parametrize("samples", [1, 6])
@pytest.mark.parametrize(("loss", "output"), FUSED)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_the_fused_way_and_the_long_way_agree(hidden: str, loss: str, output: str, samples: int):
    _, fused = experiment(hidden, output, loss, samples, fused=True)
    _, long = experiment(hidden, output, loss, samples, fused=False)
    assert fused.program.steps != long.program.steps
    assert float(fused["L"]) == pytest.approx(float(long["L"]), rel=1e-13)
    np.testing.assert_array_equal(fused["dA[3]"], long["dA[3]"])
    for name in TENSORS:
        np.testing.assert_allclose(fused[f"d{name}"], long[f"d{name}"], rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("name", SLOPED)
def test_every_slope_is_the_derivative_of_its_activation(name: str):
    activation = ACTIVATIONS[name]
    assert activation.slope
    Z = np.linspace(-4, 4, 81)[:, None] + 0.0123
    h = 1e-6
    numeric = (activation.value(Z + h) - activation.value(Z - h)) / ((Z + h) - (Z - h))
    np.testing.assert_allclose(activation.slope(Z), numeric, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("hidden", SLOPED)
def test_the_slopes_of_a_trace_are_those_of_its_activations(hidden: str):
    _, run = experiment(hidden, "identity", "mse", 6)
    for layer in (1, 2):
        Z, h = run[f"Z[{layer}]"], 1e-6
        value = ACTIVATIONS[hidden].value
        numeric = (value(Z + h) - value(Z - h)) / ((Z + h) - (Z - h))
        np.testing.assert_allclose(run[f"slope[{layer}]"], numeric, rtol=1e-8, atol=1e-9)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(
    Z=st.lists(st.floats(-6, 6), min_size=2, max_size=6).map(lambda row: np.array([row])),
    data=st.data(),
)
def test_softmax_s_jacobian_product_is_that_of_its_jacobian(Z: Array, data: st.DataObject):
    softmax = ACTIVATIONS["softmax"]
    assert softmax.jacobian_product
    dA = np.array([[data.draw(st.floats(-3, 3)) for _ in Z[0]]])
    A = softmax.value(Z)
    jacobian = np.diag(A[0]) - np.outer(A[0], A[0])
    np.testing.assert_allclose(softmax.jacobian_product(dA, A)[0], jacobian @ dA[0], atol=1e-14)


def test_one_over_n_is_in_the_loss_and_its_gradient_once():
    network, six = experiment("tanh", "identity", "mse", 6)
    _, one = experiment("tanh", "identity", "mse", 1)
    X, Y = six["A[0]"], six["Y"]
    shares = []
    for sample in range(6):
        inputs = {**network.inputs(), "A[0]": X[[sample]], "Y": Y[[sample]], "eta": 0.1}
        shares.append(Run(one.program, inputs))
    for name in ("L", *(f"d{symbol}[{layer}]" for symbol in "Wb" for layer in (1, 2, 3))):
        mean = np.mean([share[name] for share in shares], axis=0)
        np.testing.assert_allclose(six[name], mean, rtol=1e-12, atol=1e-16)


def test_the_networks_of_these_tests_have_every_shape_apart():
    # Where two axes are alike, a swapped product would still have the right shape.
    assert all(inputs != outputs for inputs, outputs in pairwise((*SIZES, 6)))
