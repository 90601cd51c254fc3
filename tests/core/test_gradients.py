"""Every ∂L/∂T of every trace is the central difference of L, found by replaying with T changed."""

import numpy as np
import pytest

from core import ACTIVATIONS
from core.equation import Array
from tests.core.replay import PAIRS, Run, central_difference, experiment

TENSORS = [f"{symbol}[{layer}]" for layer in (3, 2, 1) for symbol in ("A", "Z", "W", "b")]
# Central differences with h = 6e-6 in float64 agree to about 1e-10; a wrong factor is 1e-3 or more.
TOLERANCE = 1e-8


def assert_close(ours: Array, numeric: Array, what: str) -> None:
    scale = np.linalg.norm(ours) + np.linalg.norm(numeric)
    error = np.linalg.norm(ours - numeric)
    # Rounding of L alone moves a difference quotient by about 1e-10.
    assert error <= TOLERANCE * scale + 2e-10, f"{what}: {error / scale:.1e}"


def check(run: Run, names: list[str]) -> None:
    for name in names:
        assert_close(run[f"d{name}"], central_difference(run, name), f"d{name}")


@pytest.mark.parametrize("samples", [1, 6])
@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_every_gradient_with_every_loss_and_output(loss: str, output: str, samples: int):
    _, run = experiment("tanh", output, loss, samples, fused=False)
    check(run, TENSORS)


@pytest.mark.parametrize("samples", [1, 6])
@pytest.mark.parametrize(("loss", "output"), [pair for pair in PAIRS if pair[0] != "mse"])
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_every_gradient_with_every_activation(hidden: str, loss: str, output: str, samples: int):
    _, run = experiment(hidden, output, loss, samples)
    # In a fused pair L is made from Z, so A of the output isn't on the way to L.
    check(run, [name for name in TENSORS if name != "A[3]"])


@pytest.mark.parametrize("samples", [1, 6])
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_every_gradient_with_squared_error(hidden: str, samples: int):
    _, run = experiment(hidden, "identity", "mse", samples)
    check(run, TENSORS)


@pytest.mark.parametrize("samples", [1, 6])
@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_the_fused_way_and_the_long_way_agree(loss: str, output: str, samples: int):
    _, fused = experiment("silu", output, loss, samples, fused=True)
    _, long = experiment("silu", output, loss, samples, fused=False)
    assert float(fused["L"]) == pytest.approx(float(long["L"]), rel=1e-13)
    for name in TENSORS:
        np.testing.assert_allclose(fused[f"d{name}"], long[f"d{name}"], rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("name", [name for name, item in ACTIVATIONS.items() if item.slope])
def test_every_slope_is_the_derivative_of_its_activation(name: str):
    activation = ACTIVATIONS[name]
    assert activation.slope
    Z = np.linspace(-4, 4, 81)[:, None] + 0.0123
    h = 1e-6
    numeric = (activation.value(Z + h) - activation.value(Z - h)) / ((Z + h) - (Z - h))
    np.testing.assert_allclose(activation.slope(Z), numeric, rtol=1e-8, atol=1e-9)


def test_one_over_n_is_in_the_loss_and_its_gradient_once():
    network, six = experiment("tanh", "identity", "mse", 6)
    X, Y = six["A[0]"], six["Y"]
    shares = []
    for sample in range(6):
        inputs = {**network.inputs(), "A[0]": X[[sample]], "Y": Y[[sample]], "eta": 0.1}
        _, one = experiment("tanh", "identity", "mse", 1)
        shares.append(Run(one.program, inputs)["dW[1]"])
    np.testing.assert_allclose(six["dW[1]"], np.mean(shares, axis=0), rtol=1e-12, atol=1e-16)
