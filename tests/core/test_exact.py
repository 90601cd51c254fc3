"""Exact fractions, held against a small network worked out by hand with `Fraction` alone."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import pytest

from core.cells import Formula
from core.equation import EQUATIONS
from core.errors import BudgetError
from core.exact import (
    MOST_DIGITS,
    exact_fractions,
    exact_input,
    exact_operations,
    fraction_text,
)
from core.exact_functions import FUNCTIONS
from core.experiment import Experiment
from core.network import Layer, Network, make_network
from core.presets import PRESETS
from tests.core import formulas

F: TypeAlias = Fraction
Rows: TypeAlias = list[list[F]]
X = [["1", "2"], ["-3", "7/10"], ["1/3", "-1/2"]]
Y = [["1"], ["0"], ["-5/7"]]
W1, B1 = [["1/2", "-1/10"], ["1/3", "2"]], ["1/10", "-3/8"]
W2, B2 = [["1", "-1/4"]], ["1/5"]
ETA = F(1, 10)


def rows(texts: Sequence[Sequence[str]]) -> Rows:
    return [[F(text) for text in row] for row in texts]


def floats(texts: Any) -> Any:
    return np.array([[float(F(t)) for t in row] for row in texts])


def times(left: Rows, right: Rows) -> Rows:
    return [
        [sum((a * b for a, b in zip(r, c, strict=True)), F(0)) for c in zip(*right, strict=True)]
        for r in left
    ]


def turned(matrix: Rows) -> Rows:
    return [list(column) for column in zip(*matrix, strict=True)]


def experiment(**more: Any) -> Experiment:
    layers = (
        Layer(floats(W1), floats([B1])[0], "relu"),
        Layer(floats(W2), floats([B2])[0], "identity"),
    )
    given = {"loss": "mse", "learning_rate": float(ETA)} | more
    return Experiment(Network(layers), floats(X), floats(Y), **given)


def by_hand() -> dict[str, Rows]:
    """One step of the network, with nothing of core in it."""
    x, y, w1, w2 = rows(X), rows(Y), rows(W1), rows(W2)
    b1, b2 = rows([B1]), rows([B2])
    z1 = [[z + b for z, b in zip(r, b1[0], strict=True)] for r in times(x, turned(w1))]
    a1 = [[max(z, F(0)) for z in r] for r in z1]
    z2 = [[z + b for z, b in zip(r, b2[0], strict=True)] for r in times(a1, turned(w2))]
    n = len(x)
    d2 = [[(a - t) / n for a, t in zip(r, q, strict=True)] for r, q in zip(z2, y, strict=True)]
    lp = [
        [sum(((a - t) ** 2 for a, t in zip(r, q, strict=True)), F(0)) / 2]
        for r, q in zip(z2, y, strict=True)
    ]
    da1 = times(d2, w2)
    d1 = [
        [d if z > 0 else F(0) for d, z in zip(r, q, strict=True)]
        for r, q in zip(da1, z1, strict=True)
    ]
    ones = [[F(1)] * n]
    dw1, dw2, db1, db2 = (
        times(turned(d1), x),
        times(turned(d2), a1),
        times(ones, d1),
        times(ones, d2),
    )
    moved = {
        name: [
            [w - ETA * d for w, d in zip(r, q, strict=True)] for r, q in zip(old, new, strict=True)
        ]
        for name, old, new in (
            ("W[1]", w1, dw1),
            ("b[1]", b1, db1),
            ("W[2]", w2, dw2),
            ("b[2]", b2, db2),
        )
    }
    return {
        "Z[1]@0": z1,
        "A[1]@0": a1,
        "Z[2]@0": z2,
        "Lp@0": lp,
        "L@0": [[sum(r[0] for r in lp) / n]],
        "dZ[2]@0": d2,
        "dA[1]@0": da1,
        "dZ[1]@0": d1,
        "dW[1]@0": dw1,
        "db[1]@0": db1,
        "dW[2]@0": dw2,
        "db[2]@0": db2,
    } | {f"{name}@1": value for name, value in moved.items()}


@pytest.fixture(scope="module")
def found() -> dict[str, list[F | None]]:
    made = experiment()
    return exact_fractions(made.trace(), made.inputs)


@pytest.mark.parametrize("id", by_hand())
def test_forward_backward_and_update_are_the_fractions_worked_out_by_hand(
    found: dict[str, list[F | None]], id: str
):
    assert found[id] == [value for row in by_hand()[id] for value in row]


def test_the_inputs_are_the_fractions_that_they_were_typed_as(found: dict[str, list[F | None]]):
    # 1/3 is no float and no decimal; 0.1 is a decimal and no float.
    assert found["A[0]@0"] == [F(text) for row in X for text in row]
    assert found["eta@0"] == [F(1, 10)]
    assert found["Y@0"][-1] == F(-5, 7)


@pytest.mark.parametrize(
    ("number", "fraction"),
    [
        (0.1, F(1, 10)),
        (-2.5e-6, F(-1, 400_000)),
        (1 / 3, F(1, 3)),
        (-22 / 7, F(-22, 7)),
        (1e300, F(10**300)),
        (0.123456, F(123456, 10**6)),
        (0.1234567, None),
        (2**0.5, None),
        (0.1 + 0.2, None),  # 0.30000000000000004 isn't 3/10.
    ],
)
def test_a_number_is_the_fraction_with_a_small_denominator_that_it_is_nearest_to(
    number: float, fraction: F | None
):
    assert exact_input(number) == fraction


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda each: each.name)
def test_every_fraction_is_the_float_beside_it_but_for_rounding(preset: Any):
    assert_near(preset.experiment())


@pytest.mark.parametrize("optimizer", ["adam", "momentum", "adagrad", "nesterov", "adamw"])
def test_every_optimizer_s_states_are_near_their_floats_too(optimizer: str):
    assert_near(experiment(optimizer=optimizer, iterations=3, learning_rate=0.25))


@pytest.mark.parametrize("activation", ["leaky_relu", "elu", "tanh", "sigmoid", "silu", "softmax"])
def test_rational_values_of_other_functions_are_near_their_floats(activation: str):
    # With weights of 0 every pre-activation is 0, where most functions are rational.
    network = make_network([2, 2, 2], ["relu", activation], "zeros", 0)
    made = Experiment(network, [[1, 2], [0.5, -1]], [[0.5, 0], [1, 2]], loss="mse", iterations=2)
    counted = assert_near(made)
    assert counted > 20


def assert_near(made: Experiment) -> int:
    trace, counted = made.trace(), 0
    found = exact_fractions(trace, made.inputs)
    assert set(found) == set(trace.tensors)
    small = 1e-5 if made.precision == "float32" else 1e-12
    for id, values in found.items():
        for value, number in zip(values, trace[id].ravel(), strict=True):
            if value is not None:
                assert float(value) == pytest.approx(float(number), rel=small, abs=small), id
                counted += 1
    return counted


def test_float32_results_still_stand_for_what_was_typed():
    made = experiment(precision="float32")
    found = exact_fractions(made.trace(), made.inputs)
    assert found["Z[1]@0"] == [value for row in by_hand()["Z[1]@0"] for value in row]


def test_sums_end_where_an_irrational_number_enters_and_0_times_it_stays_0():
    network = Network(
        (
            Layer(np.array([[1.0], [0.0]]), np.array([0.0, 0.0]), "tanh"),
            Layer(np.array([[0.0, 1.0]]), np.array([0.25]), "identity"),
        )
    )
    made = Experiment(network, [[1]])
    found = exact_fractions(made.trace(), made.inputs)
    assert found["A[1]@0"] == [None, F(0)]  # tanh 1 and tanh 0
    assert found["Z[2]@0"] == [F(1, 4)]


# A fraction that is wrong differs from the trace's number and is left out: it has to be there too.
@pytest.mark.parametrize(
    ("activation", "z", "a", "slope"),
    [
        ("identity", -2, F(-2), F(1)),
        ("relu", 0, F(0), F(0)),
        ("leaky_relu", -2, F(-1, 50), F(1, 100)),
        ("leaky_relu", 0, F(0), F(1, 100)),
        ("leaky_relu", 2, F(2), F(1)),
        ("elu", 0, F(0), F(1)),
        ("elu", -2, None, None),
        ("tanh", 0, F(0), F(1)),
        ("sigmoid", 0, F(1, 2), F(1, 4)),
        ("silu", 0, F(0), F(1, 2)),
        ("gelu", 0, F(0), F(1, 2)),
        ("gelu_tanh", 0, F(0), F(1, 2)),
        ("softplus", 0, None, F(1, 2)),
    ],
)
def test_what_an_activation_makes_of_a_fraction(
    activation: str, z: int, a: F | None, slope: F | None
):
    layers = (Layer(np.array([[float(z)]]), np.zeros(1), activation),)
    made = Experiment(Network(layers), [[1]], [[1]], loss="mse")
    found = exact_fractions(made.trace(), made.inputs)
    assert (found["A[1]@0"], found["slope[1]@0"]) == ([a], [slope])
    known = a is not None and slope is not None
    assert found["dZ[1]@0"] == [(a - 1) * slope if known else None]


def test_the_slope_of_the_identity_is_1_whatever_it_is_of():
    layers = (
        Layer(np.array([[1.0]]), np.zeros(1), "tanh"),
        Layer(np.array([[1.0]]), np.zeros(1), "identity"),
    )
    made = Experiment(Network(layers), [[1]], [[1]], loss="mse")
    found = exact_fractions(made.trace(), made.inputs)
    assert found["Z[2]@0"] == [None]
    assert found["slope[2]@0"] == [F(1)]


@pytest.mark.parametrize(
    ("loss", "output", "Y", "dA", "dZ"),
    [
        # Outputs of 1/3 and 1/2, two samples: −(Y/A)/N, and (A − Y)/N.
        ("cross_entropy", "softmax", [1, 0, 0], [F(-3, 2), F(0), F(0)], [-2, 1, 1]),
        ("binary_cross_entropy", "sigmoid", [1, 0, 0], [F(-1), F(1), F(1)], [-1, 1, 1]),
    ],
)
def test_the_gradients_of_the_entropies_are_fractions_at_0(
    loss: str, output: str, Y: list[float], dA: list[F], dZ: list[int]
):
    network = make_network([2, 3], [output], "zeros", 0)
    made = Experiment(network, [[1, 2], [3, 4]], [Y, Y], loss=loss)
    found = exact_fractions(made.trace(), made.inputs)
    assert found["dA[1]@0"] == [*dA, *dA]
    part = F(1, 6) if output == "softmax" else F(1, 4)
    assert found["dZ[1]@0"] == [each * part for each in (*dZ, *dZ)]


def test_fractions_too_long_to_be_read_are_not_written():
    assert fraction_text(F(-3, 8)) == "-3/8"
    assert fraction_text(F(10**MOST_DIGITS - 1)) == "9" * MOST_DIGITS
    assert fraction_text(F(10**MOST_DIGITS)) is None
    assert fraction_text(F(-(10**MOST_DIGITS))) is None
    assert fraction_text(F(1, 10**MOST_DIGITS)) is None
    assert fraction_text(None) is None


def test_numbers_stay_short_enough_to_compute_with():
    made = experiment(iterations=40, learning_rate=0.01)
    found = exact_fractions(made.trace(), made.inputs)
    assert found["W[1]@1"][0] is not None
    assert found["W[1]@40"][0] is None


def test_a_trace_that_diverges_has_fractions_as_far_as_it_goes():
    made = experiment(learning_rate=1e200, iterations=3)
    trace = made.trace()
    assert trace.outcome == "diverged"
    assert set(exact_fractions(trace, made.inputs)) == set(trace.tensors)


def test_the_cost_is_the_terms_of_all_sums():
    forward = Experiment(experiment().network, floats(X))
    # Z[1]: 6 cells of 2 terms, A[1]: 6, Z[2]: 3 of 2, A[2]: 3.
    assert exact_operations(forward.program, 1) == 12 + 6 + 6 + 3


def test_it_stops_when_its_time_is_up():
    made = experiment(iterations=20)
    with pytest.raises(BudgetError):
        exact_fractions(made.trace(), made.inputs, lambda: True)


def test_a_fraction_on_the_other_side_of_a_kink_is_none():
    layers = (
        Layer(np.array([[1.0, 1.0, -1.0]]), np.zeros(1), "relu"),
        Layer(np.array([[1.0]]), np.zeros(1), "identity"),
    )
    made = Experiment(Network(layers), [[0.1, 0.2, 0.3]], [[1.0]], "mse")
    trace = made.trace()
    found = exact_fractions(trace, made.inputs)
    # 0.1 + 0.2 − 0.3 is 0, but the trace has 5.55e-17, where relu's slope is 1.
    assert trace["slope[1]@0"].item() == 1
    assert found["Z[1]@0"] == [F(0)]
    assert found["slope[1]@0"] == found["dZ[1]@0"] == [None]
    assert found["dW[1]@0"] == [None] * 3
    assert found["dW[2]@0"] == [F(0)]


def test_it_can_end_with_a_tensor():
    made = experiment()
    trace = made.trace()
    whole = exact_fractions(trace, made.inputs)
    found = exact_fractions(trace, made.inputs, until="A[1]@0")
    assert found["A[1]@0"] == whole["A[1]@0"]
    assert "Z[2]@0" in whole.keys() - found.keys()


def functions_in(formula: Formula) -> set[str]:
    if not isinstance(formula, list):
        return set()
    own = {str(formula[1])} if formula[0] == "apply" else set[str]()
    return own.union(*(functions_in(part) for part in formula[1:]))


def test_every_function_of_every_cell_formula_is_known():
    used = set[str]().union(*(functions_in(each.cell) for each in EQUATIONS.values()))
    assert used <= set(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("z", [F(0), F(1), F(-1), F(1, 2), F(-2, 3), F(4), F(9, 4), F(5, 3)])
def test_every_rational_value_is_the_function_s(name: str, z: F):
    exact = FUNCTIONS[name](z)
    kink = name.endswith("_slope") and z == 0 and name.startswith(("relu", "leaky", "elu"))
    if exact is not None and not kink:
        assert float(exact) == pytest.approx(formulas.FUNCTIONS[name](float(z)), abs=1e-9)
