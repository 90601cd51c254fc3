"""Every slip beside the number that it gives, worked out by hand with NumPy."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from core import Experiment, Trace
from core.network import Layer, Network
from core.slip import RULES
from core.slips import slips_of

X = np.array([[0.5, -1.0], [1.5, 2.0], [-0.7, 0.3]])
W1, b1 = np.array([[0.4, -0.6], [0.9, 0.2]]), np.array([0.1, -0.3])
W2, b2 = np.array([[-0.5, 0.7], [0.3, 0.8]]), np.array([0.2, 0.6])
ONE_HOT = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
ETA, N, K = 0.25, 3, 2

Values = dict[str, Any]
Expected = dict[str, Callable[[Values], Any]]


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def softmax(z: Any) -> Any:
    power = np.exp(z)
    return power / power.sum(axis=1, keepdims=True)


def traced(hidden: str, output: str, loss: str, optimizer: str = "gradient_descent") -> Trace:
    network = Network((Layer(W1, b1, hidden), Layer(W2, b2, output)))
    experiment = Experiment(network, X, ONE_HOT, loss=loss, optimizer=optimizer, learning_rate=ETA)
    return experiment.trace()


def named(trace: Trace, tensor: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for slip in slips_of(trace, tensor):
        found.setdefault(slip.name, []).append(slip.values)
    return found


def mse_values() -> Values:
    """Tanh, then the identity, with the squared error: all of it by hand."""
    Z1 = X @ W1.T + b1
    A1 = np.tanh(Z1)
    Z2 = A1 @ W2.T + b2
    dZ2 = (Z2 - ONE_HOT) / N
    dA1 = dZ2 @ W2
    slope1 = 1 - A1**2
    dZ1 = dA1 * slope1
    return locals()


def sharp_values() -> Values:
    """A sigmoid hidden layer, and both cross entropies."""
    Z1 = X @ W1.T + b1
    A1 = sigmoid(Z1)
    Z2 = A1 @ W2.T + b2
    return {"Z1": Z1, "A1": A1, "Z2": Z2, "S": sigmoid(Z2), "P": softmax(Z2), "Y": ONE_HOT}


def without_row(array: Any, row: int) -> Any:
    return np.delete(array, row, axis=0)


MSE: dict[str, Expected] = {
    "Z[2]@0": {
        "bias_forgotten": lambda v: v["A1"] @ W2.T,
        "bias_subtracted": lambda v: v["A1"] @ W2.T - b2,
        "transpose_forgotten": lambda v: v["A1"] @ W2 + b2,
        "Z_instead_of_A": lambda v: v["Z1"] @ W2.T + b2,
        "inputs_of_the_network": lambda _: X @ W2.T + b2,
        "weights_of_another_layer": lambda v: v["A1"] @ W1.T + b2,
        "bias_of_another_layer": lambda v: v["A1"] @ W2.T + b1,
        "term_left_out": lambda v: np.outer(v["A1"][:, 1], W2[:, 1]) + b2,
        "A_instead_of_Z": lambda v: v["Z2"],
        "wrong_sign": lambda v: -v["Z2"],
        "decimal_point": lambda v: 10 * v["Z2"],
        "another_sample": lambda v: v["Z2"][[2, 0, 1]],
        "indices_swapped": lambda v: [
            [v["Z2"][0, 0], v["Z2"][1, 0]],
            [v["Z2"][0, 1], v["Z2"][1, 1]],
            [np.nan, np.nan],
        ],
    },
    "A[1]@0": {
        "activation_forgotten": lambda v: v["Z1"],
        "sign_of_Z": lambda v: np.tanh(-v["Z1"]),
        "slope_instead_of_value": lambda v: 1 - np.tanh(v["Z1"]) ** 2,
        "another_activation": lambda v: sigmoid(v["Z1"]),
    },
    "Lp@0": {
        "half_forgotten": lambda v: ((v["Z2"] - ONE_HOT) ** 2).sum(axis=1),
        "square_forgotten": lambda v: (v["Z2"] - ONE_HOT).sum(axis=1) / 2,
        "mean_instead_of_sum": lambda v: ((v["Z2"] - ONE_HOT) ** 2).mean(axis=1) / 2,
        "term_left_out": lambda v: (v["Z2"] - ONE_HOT)[:, 1] ** 2 / 2,
    },
    "L@0": {
        "mean_forgotten": lambda v: ((v["Z2"] - ONE_HOT) ** 2).sum() / 2,
        "one_sample": lambda v: ((v["Z2"] - ONE_HOT)[0] ** 2).sum() / 2,
        "mean_over_outputs": lambda v: ((v["Z2"] - ONE_HOT) ** 2).mean() / 2,
    },
    "dA[2]@0": {
        "mean_forgotten": lambda v: v["Z2"] - ONE_HOT,
        "mean_over_outputs": lambda v: (v["Z2"] - ONE_HOT) / K,
        "half_forgotten": lambda v: 2 / N * (v["Z2"] - ONE_HOT),
        "targets_forgotten": lambda v: v["Z2"] / N,
    },
    "slope[1]@0": {
        "value_instead_of_slope": lambda v: v["A1"],
        "A_instead_of_Z": lambda v: 1 - np.tanh(v["A1"]) ** 2,
        "Z_instead_of_A": lambda v: 1 - v["Z1"] ** 2,
        "slope_forgotten": lambda _: np.ones((N, 2)),
    },
    "dZ[1]@0": {
        "slope_forgotten": lambda v: v["dA1"],
        "gradient_forgotten": lambda v: v["slope1"],
        "value_instead_of_slope": lambda v: v["dA1"] * v["A1"],
        "sum_instead_of_product": lambda v: v["dA1"] + v["slope1"],
        "A_instead_of_Z": lambda v: v["dA1"] * (1 - np.tanh(v["A1"]) ** 2),
        "Z_instead_of_A": lambda v: v["dA1"] * (1 - v["Z1"] ** 2),
    },
    "dW[2]@0": {
        "Z_instead_of_A": lambda v: v["dZ2"].T @ v["Z1"],
        "activation_of_the_layer": lambda v: v["dZ2"].T @ v["Z2"],
        "mean_forgotten": lambda v: N * v["dZ2"].T @ v["A1"],
        "mean_instead_of_sum": lambda v: v["dZ2"].T @ v["A1"] / N,
        "one_sample": lambda v: np.outer(v["dZ2"][0], v["A1"][0]),
        "sample_left_out": lambda v: without_row(v["dZ2"], 0).T @ without_row(v["A1"], 0),
        "wrong_sign": lambda v: -v["dZ2"].T @ v["A1"],
        "indices_swapped": lambda v: v["A1"].T @ v["dZ2"],
    },
    "dW[1]@0": {"slope_forgotten": lambda v: v["dA1"].T @ X},
    "db[1]@0": {
        "slope_forgotten": lambda v: v["dA1"].sum(axis=0),
        "mean_forgotten": lambda v: N * v["dZ1"].sum(axis=0),
        "mean_instead_of_sum": lambda v: v["dZ1"].mean(axis=0),
        "one_sample": lambda v: v["dZ1"][0],
        "sample_left_out": lambda v: v["dZ1"][1:].sum(axis=0),
        "wrong_axis": lambda v: v["dZ1"].sum(axis=1)[:2],
    },
    "dA[1]@0": {
        "transposed_by_mistake": lambda v: v["dZ2"] @ W2.T,
        "weights_of_another_layer": lambda v: v["dZ2"] @ W1,
        "slope_too_early": lambda v: v["dZ1"],
        "term_left_out": lambda v: np.outer(v["dZ2"][:, 1], W2[1]),
        "mean_forgotten": lambda v: N * v["dA1"],
    },
    "W[1]@1": {
        "ascent": lambda v: W1 + ETA * v["dZ1"].T @ X,
        "rate_forgotten": lambda v: W1 - v["dZ1"].T @ X,
        "step_alone": lambda v: -ETA * v["dZ1"].T @ X,
        "not_updated": lambda _: W1,
        "transposed_by_mistake": lambda v: W1 - ETA * X.T @ v["dZ1"],
        "mean_forgotten": lambda v: W1 - ETA * N * v["dZ1"].T @ X,
        "mean_instead_of_sum": lambda v: W1 - ETA / N * v["dZ1"].T @ X,
    },
}

BCE: dict[str, Expected] = {
    "A[1]@0": {"another_activation": lambda v: np.tanh(v["Z1"])},
    "Lp@0": {
        "other_class_forgotten": lambda v: -(v["Y"] * np.log(v["S"])).sum(axis=1),
        "base_of_the_logarithm": lambda v: (
            -(v["Y"] * np.log10(v["S"]) + (1 - v["Y"]) * np.log10(1 - v["S"])).sum(axis=1)
        ),
        "A_instead_of_Z": lambda v: (
            -(v["Y"] * np.log(sigmoid(v["S"])) + (1 - v["Y"]) * np.log(1 - sigmoid(v["S"]))).sum(
                axis=1
            )
        ),
    },
    "dA[2]@0": {
        "gradient_of_Z": lambda v: (v["S"] - v["Y"]) / N,
        "other_class_forgotten": lambda v: -v["Y"] / v["S"] / N,
    },
    "dZ[2]@0": {
        "mean_forgotten": lambda v: v["S"] - v["Y"],
        "Z_instead_of_A": lambda v: (v["Z2"] - v["Y"]) / N,
        "slope_twice": lambda v: (v["S"] - v["Y"]) / N * v["S"] * (1 - v["S"]),
        "gradient_of_A": lambda v: (-v["Y"] / v["S"] + (1 - v["Y"]) / (1 - v["S"])) / N,
    },
    "slope[1]@0": {"Z_instead_of_A": lambda v: v["Z1"] * (1 - v["Z1"])},
}

CE: dict[str, Expected] = {
    "A[2]@0": {
        "not_normalised": lambda v: np.exp(v["Z2"]),
        "wrong_axis": lambda v: np.exp(v["Z2"]) / np.exp(v["Z2"]).sum(axis=0),
        "exponential_forgotten": lambda v: v["Z2"] / v["Z2"].sum(axis=1, keepdims=True),
        "activation_forgotten": lambda v: v["Z2"],
        "another_activation": lambda v: sigmoid(v["Z2"]),
    },
    "Lp@0": {
        "A_instead_of_Z": lambda v: -(v["Y"] * np.log(softmax(v["P"]))).sum(axis=1),
        "term_left_out": lambda v: -(v["Y"] * np.log(v["P"]))[:, 1],
    },
}

SOFTMAX_MSE: dict[str, Expected] = {
    "dZ[2]@0": {
        "jacobian_forgotten": lambda v: (v["P"] - v["Y"]) / N,
        "sum_forgotten": lambda v: v["P"] * (v["P"] - v["Y"]) / N,
        "diagonal_alone": lambda v: v["P"] * (1 - v["P"]) * (v["P"] - v["Y"]) / N,
    },
}

SUITES: dict[str, tuple[Trace, Values, dict[str, Expected]]] = {
    "mse": (traced("tanh", "identity", "mse"), mse_values(), MSE),
    "bce": (traced("sigmoid", "sigmoid", "binary_cross_entropy"), sharp_values(), BCE),
    "ce": (traced("sigmoid", "softmax", "cross_entropy"), sharp_values(), CE),
    "softmax_mse": (traced("sigmoid", "softmax", "mse"), sharp_values(), SOFTMAX_MSE),
}
CASES = [
    (suite, tensor, name)
    for suite, (_, _, table) in SUITES.items()
    for tensor, expected in table.items()
    for name in expected
]


@pytest.mark.parametrize(("suite", "tensor", "name"), CASES)
def test_a_slip_gives_the_number_worked_out_by_hand(suite: str, tensor: str, name: str):
    trace, values, table = SUITES[suite]
    np.testing.assert_allclose(
        named(trace, tensor)[name][0], table[tensor][name](values), rtol=1e-12, atol=1e-15
    )


@pytest.mark.parametrize(
    ("optimizer", "tensor", "name", "expected"),
    [
        ("sign_descent", "W[1]@1", "sign_forgotten", lambda w, g: w - ETA * g),
        ("sign_descent", "W[1]@1", "ascent", lambda w, g: w + ETA * np.sign(g)),
        ("momentum", "vW[1]@1", "momentum_forgotten", lambda _, g: g),
        ("adagrad", "sW[1]@1", "square_forgotten", lambda _, g: g),
        ("adagrad", "W[1]@1", "divisor_forgotten", lambda w, g: w - ETA * g),
        ("adagrad", "W[1]@1", "root_forgotten", lambda w, g: w - ETA * g / (g**2 + 1e-10)),
        ("adam", "mW[1]@1", "shares_swapped", lambda _, g: 0.9 * g),
        ("adam", "vW[1]@1", "square_forgotten", lambda _, g: 0.001 * g),
        ("adam", "m_hatW[1]@0", "correction_forgotten", lambda _, g: 0.1 * g),
        ("adamw", "theta_decayedW[1]@0", "rate_forgotten", lambda w, _: w * 0.99),
    ],
)
def test_a_slip_of_another_optimizer(
    optimizer: str, tensor: str, name: str, expected: Callable[[Any, Any], Any]
):
    trace = traced("tanh", "identity", "mse", optimizer)
    gradient = trace["dW[1]@0"]
    np.testing.assert_allclose(
        named(trace, tensor)[name][0], expected(W1, gradient), rtol=1e-10, atol=1e-15
    )


def test_weight_decay_can_be_forgotten_or_subtracted():
    network = Network((Layer(W1, b1, "identity"),))
    numbers = {"learning_rate": ETA, "weight_decay": 0.5}
    trace = Experiment(network, X, ONE_HOT, loss="mse", numbers=numbers).trace()
    found = named(trace, "gW[1]@0")
    np.testing.assert_allclose(found["decay_forgotten"][0], trace["dW[1]@0"])
    np.testing.assert_allclose(found["decay_subtracted"][0], trace["dW[1]@0"] - 0.5 * W1)


def test_the_second_step_s_correction_needs_its_power():
    network = Network((Layer(W1, b1, "identity"),))
    trace = Experiment(
        network, X, ONE_HOT, loss="mse", optimizer="adam", learning_rate=ETA, iterations=2
    ).trace()
    assert named(trace, "correction1@1")["power_forgotten"][0] == pytest.approx(0.1)
    assert trace["correction1@1"] == pytest.approx(1 - 0.81)


def test_the_decimal_point_may_be_off_either_way():
    trace = traced("tanh", "identity", "mse")
    larger, smaller = named(trace, "Z[2]@0")["decimal_point"]
    np.testing.assert_allclose(larger, 10 * trace["Z[2]@0"])
    np.testing.assert_allclose(smaller, trace["Z[2]@0"] / 10)


def test_a_slip_whose_shapes_do_not_fit_is_not_possible():
    generator = np.random.default_rng(3)
    layers = tuple(
        Layer(generator.normal(size=(k, n)), generator.normal(size=k), "tanh")
        for n, k in [(5, 7), (7, 4)]
    )
    Y = generator.normal(size=(3, 4))
    trace = Experiment(Network(layers), generator.normal(size=(3, 5)), Y, loss="mse").trace()
    for tensor in ("Z[2]@0", "dW[2]@0"):
        assert "transpose_forgotten" not in named(trace, tensor)
    assert "transposed_by_mistake" not in named(trace, "dA[1]@0")
    assert "weights_of_another_layer" not in named(trace, "Z[2]@0")
    assert "activation_of_the_layer" not in named(trace, "dW[2]@0")


def test_a_weight_gradient_s_transpose_can_be_forgotten_where_samples_and_units_are_as_many():
    trace = Experiment(
        Network((Layer(W1, b1, "identity"),)), X[:2], ONE_HOT[:2], loss="mse"
    ).trace()
    dZ = (X[:2] @ W1.T + b1 - ONE_HOT[:2]) / 2
    np.testing.assert_allclose(named(trace, "dW[1]@0")["transpose_forgotten"][0], dZ @ X[:2])


def test_every_equation_of_a_network_has_rules_of_its_own():
    trace = traced("sigmoid", "softmax", "mse")
    plain = {"identity"}
    assert {step.equation.id for step in trace.steps} - plain <= RULES.keys()


def test_a_formula_names_the_tensors_that_it_is_about():
    trace = traced("tanh", "identity", "mse")
    formulas = {slip.name: slip.latex for slip in slips_of(trace, "dW[2]@0")}
    gradient = r"\left(\frac{\partial L}{\partial Z^{(2)}}\right)"
    assert formulas["Z_instead_of_A"] == rf"{gradient}^\top Z^{{(1)}}"
    assert formulas["slope_forgotten"].startswith(r"\left(\frac{\partial L}{\partial A^{(2)}}")
    for step in trace.steps:
        assert not any("<" in slip.latex for slip in slips_of(trace, step.result))
