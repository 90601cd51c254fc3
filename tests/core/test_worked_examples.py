"""Numbers worked out elsewhere: the lecture's demos, the 5-7-4-3 network, tails and conventions."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import ACTIVATIONS, EQUATIONS, PRESETS, Experiment, make_network
from core.network import find_loss
from core.optimizers import OPTIMIZERS
from core.passes import build_program
from core.torch_random import TorchRandom
from core.trace import run_trace

GOLDEN: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "examples" / "golden_5743.json").read_text()
)
CASES = {
    "mse_id": ("mse", "identity"),
    "bce_sigmoid": ("binary_cross_entropy", "sigmoid"),
    "ce_softmax": ("cross_entropy", "softmax"),
}


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("rows", ["batch", "single"])
@pytest.mark.parametrize("case", CASES)
def test_the_lecture_s_network(case: str, rows: str, fused: bool):
    loss, output = CASES[case]
    network = make_network([5, 7, 4, 3], ["tanh", "tanh", output], "torch_linear", 1)
    count = 3 if rows == "batch" else 1
    program = build_program(
        network.sizes,
        network.activations,
        count,
        find_loss(loss, output),
        OPTIMIZERS["gradient_descent"],
        fused=fused,
    )
    data = {"A[0]": GOLDEN["X"][:count], "Y": GOLDEN["Y"][:count], "eta": 0.1}
    trace = run_trace(program, {**network.inputs(), **data})
    expected = GOLDEN["cases"][f"{case}/{rows}"]
    assert float(trace["L@0"]) == pytest.approx(expected["L"], abs=1e-12)
    for symbol in ("Z", "A", "dA", "dZ", "dW", "db"):
        for layer, numbers in enumerate(expected[symbol], start=1):
            ours = trace[f"{symbol}[{layer}]@0"]
            np.testing.assert_allclose(ours, np.reshape(numbers, ours.shape), rtol=0, atol=1e-12)


def test_the_lecture_s_weights_are_pytorch_s_bit_for_bit():
    network = make_network([5, 7, 4, 3], ["tanh"] * 3, "torch_linear", 1)
    for layer, W, b in zip(network.layers, GOLDEN["W"], GOLDEN["b"], strict=True):
        np.testing.assert_array_equal(layer.W.astype(float), W)
        np.testing.assert_array_equal(layer.b.astype(float), b)


def test_seed_1_draws_the_demo_s_integers():
    stream = TorchRandom(1)
    W, b = stream.rand(5), stream.rand(1)
    assert (W.astype(float) * 2**24).tolist() == [12710949, 4686059, 6762380, 12325960, 491263]
    assert (b.astype(float) * 2**24).tolist() == [13419401]


@pytest.mark.parametrize("name", ["demo_1", "demo_1_float32", "demo_2", "demo_2_float32"])
def test_the_demos_to_the_printed_digits(name: str):
    trace = PRESETS[name].experiment().trace()
    rows = len(trace["A[0]@0"])
    z, a = trace["Z[1]@0"].ravel(), trace["A[1]@0"].ravel()
    assert [f"{value:.4f}" for value in z] == ["-2.4591", "3.1721", "6.2782"][:rows]
    assert [f"{value:.4f}" for value in a] == ["0.0788", "0.9598", "0.9981"][:rows]
    assert trace["W[1]@0"].round(4).tolist() == pytest.approx(
        [pytest.approx([0.7576, 0.2793, 0.4031, 0.7347, 0.0293], abs=1e-6)]
    )
    assert f"{float(trace['b[1]@0'][0]):.4f}" == "0.7999"
    assert [step.phase for step in trace.steps] == ["forward", "forward"]


def test_the_demos_in_full():
    wide = PRESETS["demo_1"].experiment().trace()
    assert float(wide["Z[1]@0"][0, 0]) == pytest.approx(-2.4591056108, abs=5e-11)
    narrow = PRESETS["demo_2_float32"].experiment().trace()
    assert narrow["Z[1]@0"].dtype == np.float32
    # PyTorch's own sum may be taken in another order: one unit in the last place.
    np.testing.assert_allclose(
        narrow["Z[1]@0"].ravel(), [-2.4591054916, 3.1721334457, 6.2782278061], atol=5e-7
    )
    np.testing.assert_allclose(
        narrow["A[1]@0"].ravel(), [0.0787752271, 0.9597719908, 0.9981268048], atol=1e-7
    )


VALUES = [
    ("identity", -3.5, -3.5),
    ("sigmoid", 0.0, 0.5),
    ("sigmoid", -40.0, 4.248354255291589e-18),
    ("sigmoid", -745.0, 5e-324),
    ("sigmoid", 800.0, 1.0),
    ("tanh", 0.5, 0.46211715726000976),
    ("relu", -2.0, 0.0),
    ("relu", 2.5, 2.5),
    ("leaky_relu", -2.0, -0.02),
    ("elu", -1.0, -0.6321205588285577),
    ("elu", -1e-20, -1e-20),
    ("gelu", -0.75179, -0.1699712074794021),
    ("gelu", -10.0, -7.619853024160526e-23),
    ("gelu_tanh", 1.0, 0.8411919906082768),
    ("softplus", 0.0, 0.6931471805599453),
    ("softplus", 800.0, 800.0),
    ("softplus", -40.0, 4.248354255291589e-18),
    ("silu", 1.0, 0.7310585786300049),
]
SLOPES = [
    ("identity", 7.0, 1.0),
    ("sigmoid", 0.0, 0.25),
    ("sigmoid", 40.0, 4.248354255291589e-18),
    ("tanh", 20.0, 1.6993417021166355e-17),
    ("tanh", 0.0, 1.0),
    ("relu", 0.0, 0.0),
    ("relu", 1e-300, 1.0),
    ("leaky_relu", 0.0, 0.01),
    ("leaky_relu", 3.0, 1.0),
    ("elu", 0.0, 1.0),
    ("elu", -2.0, 0.1353352832366127),
    ("elu", 800.0, 1.0),
    ("gelu", 0.0, 0.5),
    ("gelu", 1.0, 1.0833154705876864),
    ("gelu_tanh", 0.0, 0.5),
    ("softplus", -40.0, 4.248354255291589e-18),
    ("silu", 0.0, 0.5),
    ("silu", 1.0, 0.9276705118714867),
]


@pytest.mark.parametrize(("name", "z", "expected"), VALUES)
def test_an_activation_s_value(name: str, z: float, expected: float):
    # At z = -10 erfc multiplies the rounding of its own argument by 2z²/2 = 100.
    tolerance = 2e-14 if z == -10 else 4e-15
    ours = float(ACTIVATIONS[name].value(np.array([z]))[0])
    assert ours == pytest.approx(expected, rel=tolerance, abs=0)


@pytest.mark.parametrize(("name", "z", "expected"), SLOPES)
def test_an_activation_s_slope(name: str, z: float, expected: float):
    slope = ACTIVATIONS[name].slope
    assert slope
    assert float(slope(np.array([z]))[0]) == pytest.approx(expected, rel=4e-15, abs=0)


def test_softmax_doesn_t_care_for_a_shift():
    Z = np.array([[1.0, 2.0, 3.0], [1001.0, 1002.0, 1003.0], [-800.0, 0.0, 800.0]])
    A = ACTIVATIONS["softmax"].value(Z)
    np.testing.assert_array_equal(A[0], A[1])
    np.testing.assert_allclose(A[0], [0.09003057317038046, 0.24472847105479764, 0.6652409557748218])
    assert A[2].tolist() == [0.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("id", "operands", "expected"),
    [
        ("mse.sample", ([[3.0, 1.0]], [[1.0, 4.0]]), [6.5]),
        ("bce.sample", ([[0.25, 0.5]], [[1.0, 0.0]]), [1.3862943611198906 + 0.6931471805599453]),
        ("bce.sample", ([[0.0, 1.0]], [[0.0, 1.0]]), [0.0]),
        ("bce.sample", ([[0.0]], [[1.0]]), [np.inf]),
        ("bce.dA", ([[0.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]]), [[-np.inf, np.inf, 1.0]]),
        ("ce.sample", ([[0.25, 0.75]], [[1.0, 0.0]]), [1.3862943611198906]),
        ("ce.sample", ([[0.0, 1.0]], [[0.0, 1.0]]), [0.0]),
        ("ce.dA", ([[0.0, 1.0]], [[1.0, 0.0]]), [[-np.inf, 0.0]]),
        ("sigmoid_bce.sample", ([[800.0, -800.0]], [[0.0, 0.0]]), [800.0]),
        ("sigmoid_bce.sample", ([[40.0]], [[1.0]]), [4.248354255291589e-18]),
        ("softmax_ce.sample", ([[800.0, 0.0]], [[0.0, 1.0]]), [800.0]),
        ("mean", ([1.0, 2.0, 6.0],), 3.0),
    ],
)
def test_a_loss_at_its_edges(id: str, operands: tuple[Any, ...], expected: object):
    ours = EQUATIONS[id](*(np.array(operand) for operand in operands))
    np.testing.assert_allclose(ours, expected, rtol=4e-16)


def test_gradient_descent_s_first_steps_by_hand():
    # One weight, one bias, x = 2, y = 1, from 0: the error is -1, so dW = -2 and db = -1.
    experiment = Experiment(
        make_network([1, 1], ["identity"], "zeros"),
        [[2]],
        [[1]],
        "mse",
        learning_rate=0.1,
        iterations=3,
    )
    trace = experiment.trace()
    assert [float(trace[f"L@{k}"]) for k in range(3)] == pytest.approx([0.5, 0.125, 0.03125])
    assert [float(trace[f"W[1]@{k}"][0, 0]) for k in range(4)] == pytest.approx([0, 0.2, 0.3, 0.35])
    assert [float(trace[f"b[1]@{k}"][0]) for k in range(4)] == pytest.approx([0, 0.1, 0.15, 0.175])
