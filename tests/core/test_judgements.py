"""Typed answers: right to the digits typed, named by a slip, near, or wrong."""

import time
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from core import PRESETS, Experiment, SpecificationError, Trace, make_network
from core.close_answers import CloseAnswers
from core.errors import BudgetError
from core.exact import exact_fractions
from core.judgements import Judgement, judge
from core.network import Layer, Network
from core.slips import slips_of
from core.typed_number import read_number


def traced(name: str) -> Trace:
    preset = PRESETS[name]
    network = make_network(preset.sizes, preset.activations, preset.scheme, preset.seed)
    return Experiment(
        network,
        preset.X,
        preset.Y,
        loss=preset.loss,
        learning_rate=preset.learning_rate,
        precision=preset.precision,
    ).trace()


LECTURE = traced("mse_identity")


def judged(tensor: str, cell: int, text: str, trace: Trace = LECTURE) -> Judgement:
    return judge(trace, tensor, {cell: read_number(text, [])})[0]


@pytest.mark.parametrize(
    ("text", "number", "right"),
    [
        ("0.33", 1 / 3, True),
        ("0.333", 1 / 3, True),
        ("0.34", 1 / 3, False),
        ("0.3", 1 / 3, False),
        ("1/3", 1 / 3, True),
        (" −1 / 3 ", -1 / 3, True),
        ("1/4", 1 / 3, False),
        ("0.3", 0.1 + 0.2, True),
        ("2", 2.0, True),
        ("2", 2.1, False),
        ("-.25", -0.25, True),
        ("1.2e-3", 0.00123, True),
        ("1.3e-3", 0.00123, False),
        ("12e-4", 0.00123, True),
        ("0.13", 0.125, True),
        ("0.12", 0.125, True),
        ("0", 1e-17, True),
        ("0.00", 0.003, False),
        ("1e400", 1.0, False),
        ("123456", 123456.4, True),
        ("0.3333333333333333", 1 / 3, True),
        ("0.3333333333334", 1 / 3, False),
    ],
)
def test_an_answer_is_right_when_it_is_the_value_rounded_to_its_digits(
    text: str, number: float, right: bool
):
    assert read_number(text, []).is_right(number, float(np.finfo(float).eps)) is right


@pytest.mark.parametrize("text", ["", "abc", "1/0", "1//2", "0,5", "nan", "inf", "1e99999", "٣"])
def test_what_is_no_number_is_said_in_a_sentence(text: str):
    with pytest.raises(SpecificationError, match=r"^Expected a number such as") as caught:
        read_number(text, ["answers", 0, "given"])
    assert caught.value.where == ["answers", 0, "given"]
    assert ("comma" in caught.value.message) == ("," in text)


def test_an_answer_of_one_digit_is_right_only_as_far_as_it_goes():
    trace = traced("mse_identity")
    value = float(trace["Z[3]@0"].flat[0])
    rough = judged("Z[3]@0", 0, f"{value:.0e}")
    assert (rough.verdict, rough.slips) == ("near", ())
    assert "two digits" in rough.sentence


def alone(W: list[float], X: list[float], precision: str = "float64") -> Experiment:
    """One unit that adds."""
    network = Network((Layer(np.array([W]), np.zeros(1), "identity"),))
    return Experiment(network, [X], precision=precision)


def test_an_answer_near_the_end_of_the_range_is_judged():
    trace = alone([1.0], [1e308]).trace()
    texts = {"1.0": "wrong", "1e308": "right", "9.9e307": "near", "0": "wrong"}
    assert {text: judged("Z[1]@0", 0, text, trace).verdict for text in texts} == texts


CANCELS = [
    ([10.1, -10.0], "float64", "0.1", "right"),
    ([10.1, -10.0], "float64", "1/10", "right"),
    ([10.1, -10.0], "float64", "10/101", "near"),
    ([10.1, -10.0], "float64", "0.1000000000001", "near"),
    ([0.1, 0.2, -0.3], "float32", "0", "right"),
    ([0.1, 0.2, -0.3], "float32", "1e-6", "wrong"),
    ([100.1, -100.0], "float32", "1/10", "right"),
    ([100.1, -100.0], "float32", "10/101", "near"),
]


@pytest.mark.parametrize(("X", "precision", "text", "verdict"), CANCELS)
def test_what_rounding_leaves_of_a_sum_that_cancels_is_forgiven(
    X: list[float], precision: str, text: str, verdict: str
):
    trace = alone([1.0] * len(X), X, precision).trace()
    assert judged("Z[1]@0", 0, text, trace).verdict == verdict


def test_the_exact_fraction_is_right_where_the_number_has_lost_its_digits():
    # W (Z of the layer before, 3e9 too large) leaves 0.1 with six digits.
    layers = (
        Layer(np.array([[1.0, 1.0]]), np.zeros(1), "identity"),
        Layer(np.array([[1.0]]), np.zeros(1), "identity"),
    )
    made = Experiment(Network(layers), [[3e9 + 0.1, -3e9]])
    trace, tensor = made.trace(), "Z[2]@0"

    def fractions() -> list[Fraction | None]:
        return exact_fractions(trace, made.inputs, until=tensor)[tensor]

    def verdict(text: str, *known: Any) -> str:
        return judge(trace, tensor, {0: read_number(text, [])}, *known)[0].verdict

    assert abs(float(trace[tensor][0, 0]) - 0.1) > 1e-9
    assert verdict("0.1", fractions) == verdict("1/10", fractions) == "right"
    assert verdict("0.100000000", fractions) == "right"
    assert verdict("0.100000001", fractions) == "near"
    assert verdict("1/10") == "near"


def test_near_is_within_five_percent():
    value = float(LECTURE["dA[1]@0"].flat[0])
    assert judged("dA[1]@0", 0, f"{value * 1.049:.6g}").verdict == "near"
    assert judged("dA[1]@0", 0, f"{value * 1.051:.6g}").verdict == "wrong"


def test_near_0_is_within_a_hundredth():
    trace = alone([0.0], [1.0]).trace()
    texts = {"0": "right", "0.0099": "near", "-0.010": "near", "0.011": "wrong", "0.5": "wrong"}
    assert {text: judged("Z[1]@0", 0, text, trace).verdict for text in texts} == texts


def test_slips_that_give_the_same_number_are_all_named():
    # tanh(−z) = −tanh(z): the sign of Z, or the sign of the result.
    value = float(LECTURE["A[1]@0"].flat[3])
    both = judged("A[1]@0", 3, f"{-value:.8g}")
    assert {slip.name for slip in both.slips} == {"sign_of_Z", "wrong_sign"}
    for slip in both.slips:
        assert slip.sentence in both.sentence


def test_a_slip_that_gives_the_right_number_is_not_named():
    # The output is the identity, so that leaving its slope out changes nothing.
    found = judged("dZ[3]@0", 4, f"{float(LECTURE['dA[3]@0'].flat[4]):.8g}")
    assert (found.verdict, found.slips) == ("right", ())


@pytest.mark.parametrize("name", ["mse_identity", "bce_sigmoid", "ce_softmax", "demo_2_float32"])
def test_every_slip_is_named_by_its_own_number_and_never_where_that_is_right(name: str):
    """Typed with eight digits, each slip's value is either right or said to be that slip."""
    trace = traced(name)
    for step in trace.steps:
        for slip in slips_of(trace, step.result):
            cell = slip.values.size // 2
            value = float(slip.values.flat[cell])
            if not np.isfinite(value):
                continue
            digits = 5 if trace[step.result].dtype == np.float32 else 8
            typed = read_number(f"{value:.{digits}g}", [])
            found = judge(trace, step.result, {cell: typed})[0]
            truth = float(trace[step.result].flat[cell])
            if typed.is_rounded(truth, float(np.finfo(trace[step.result].dtype).eps)):
                assert found.verdict in ("right", "near"), (step.result, slip.name)
            elif typed.is_right(value, 0):
                assert slip.name in {each.name for each in found.slips}, (step.result, slip.name)


def test_what_can_t_be_asked_is_said_in_a_sentence():
    with pytest.raises(SpecificationError, match="no tensor called"):
        judged("Z[9]@0", 0, "1.0")
    with pytest.raises(SpecificationError, match="given, not computed"):
        judged("W[1]@0", 0, "1.0")
    with pytest.raises(SpecificationError, match="so there is no cell 21"):
        judged("Z[1]@0", 21, "1.0")


def test_an_unbounded_cell_can_t_be_asked():
    network = make_network([1, 1], ["sigmoid"], "torch_linear", 1)
    trace = Experiment(network, [[-5000.0]], [[1.0]], loss="binary_cross_entropy").trace()
    unbounded = trace if np.isinf(trace["dA[1]@0"]).any() else None
    assert unbounded, "the example isn't unbounded"
    with pytest.raises(SpecificationError, match="unbounded"):
        judged("dA[1]@0", 0, "1.0", trace)


TEXTS = [
    "0.33",
    "1/3",
    "0",
    "0e300",
    "1e400",
    "-1e400",
    "2e307",
    "2e308",
    "1.23456789e-400",
    "1e-320",
]
NUMBERS = [0.0, 1 / 3, -1 / 3, 0.325, 0.3249999, 0.335, 1e-13, 2.2e307, 1.5e307, 1e-320]


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_comparing_floats_first_leaves_no_answer_out(kind: type):
    epsilon = float(np.finfo(kind).eps)
    typed = [read_number(text, []) for text in [*TEXTS, *(f"{each:.3g}" for each in NUMBERS)]]
    pairs = [(number, each) for number in NUMBERS for each in typed]
    numbers = np.array([number for number, _ in pairs])
    close = CloseAnswers({cell: each for cell, (_, each) in enumerate(pairs)}, epsilon).to(numbers)
    exact = [cell for cell, (number, each) in enumerate(pairs) if each.is_right(number, epsilon)]
    assert set(exact) <= set(close)
    assert len(exact) > 10
    assert len(close) < len(pairs) / 2


def test_what_is_not_finite_is_close_to_no_answer():
    typed = dict.fromkeys(range(3), read_number("1e400", []))
    close = CloseAnswers(typed, float(np.finfo(float).eps))
    assert close.to(np.array([np.inf, -np.inf, np.nan])) == []


@pytest.mark.parametrize("text", ["0.123", "1.23456789e-400"])
def test_as_many_answers_as_there_may_be_are_judged_at_once(text: str):
    network = make_network([50, 40, 16], ["tanh", "softmax"], "torch_linear", 1)
    X, Y = np.random.RandomState(1).standard_normal((16, 50)), np.eye(16)
    trace = Experiment(network, X, Y, loss="cross_entropy").trace()
    answers = dict.fromkeys(range(2000), read_number(text, []))
    begun = time.process_time()
    assert len(judge(trace, "dW[1]@0", answers)) == 2000
    assert time.process_time() - begun < 2


def test_judging_ends_when_its_time_is_up():
    with pytest.raises(BudgetError, match="the time was up"):
        judge(LECTURE, "Z[1]@0", {0: read_number("12.5", [])}, is_over=lambda: True)
