"""What is said of a slip: the layer, the sample and the term are the ones of its numbers."""

import numpy as np
import pytest

from core import Experiment
from core.network import Layer, Network
from core.slip import MOST_ALONE, turns
from core.slips import slips_of
from tests.core.test_slips import ETA, ONE_HOT, W1, W2, X, b1, b2, mse_values, traced

TRACE = traced("tanh", "identity", "mse")
DZ1, DA1, DW1 = (rf"\frac{{\partial L}}{{\partial {name}^{{(1)}}}}" for name in "ZAW")
DZ2, DA2 = (rf"\frac{{\partial L}}{{\partial {name}^{{(2)}}}}" for name in "ZA")

# By tensor, name and place among those of that name, from 0.
SAID = {
    ("Z[2]", "bias_subtracted", 0): (
        "The bias was subtracted",
        r"A^{(1)}\, {W^{(2)}}^\top - b^{(2)}",
    ),
    ("Z[2]", "transpose_forgotten", 0): (
        "The transpose of W is missing",
        r"A^{(1)}\, W^{(2)} \oplus b^{(2)}",
    ),
    ("Z[2]", "term_left_out", 1): (
        "that of input 2.",
        r"\sum_{k \neq 2} A^{(1)}_{pk}\, W^{(2)}_{jk} + b^{(2)}_j",
    ),
    ("Z[2]", "Z_instead_of_A", 0): (
        "You used Z[1], from before the activation, instead of A[1].",
        r"Z^{(1)}\, {W^{(2)}}^\top \oplus b^{(2)}",
    ),
    ("Z[2]", "weights_of_another_layer", 0): (
        "the weights of layer 1 instead of layer 2.",
        r"A^{(1)}\, {W^{(1)}}^\top \oplus b^{(2)}",
    ),
    ("Z[2]", "bias_of_another_layer", 0): (
        "the bias of layer 1 instead of layer 2.",
        r"A^{(1)}\, {W^{(2)}}^\top \oplus b^{(1)}",
    ),
    ("A[1]", "another_activation", 0): (
        "This is what sigmoid would give; this layer has tanh.",
        r"\operatorname{sigmoid}\bigl(Z^{(1)}\bigr)",
    ),
    ("Lp", "term_left_out", 1): ("that of output 2.", r"\sum_{k \neq 2} \ldots"),
    ("L", "one_sample", 2): ("the loss of sample 3 alone", "L_{3}"),
    ("dA[2]", "mean_forgotten", 0): ("1/N is missing", rf"N \cdot {DA2}"),
    ("dA[2]", "half_forgotten", 0): (
        "a factor of 2 too many",
        r"\tfrac2N \bigl(A^{(2)} - Y\bigr)",
    ),
    ("dZ[1]", "slope_forgotten", 0): ("g′(Z[1]) is missing: this is ∂L/∂A[1],", DA1),
    ("dZ[1]", "gradient_forgotten", 0): (
        "This is g′(Z[1]) alone: ∂L/∂A[1] is missing.",
        r"g_{1}'\bigl(Z^{(1)}\bigr)",
    ),
    ("dZ[1]", "A_instead_of_Z", 0): (
        "g′ was taken at A[1] instead of Z[1].",
        rf"{DA1} \odot g_{{1}}'\bigl(A^{{(1)}}\bigr)",
    ),
    ("dW[2]", "one_sample", 1): (
        "This is sample 2's share alone",
        rf"{{\left({DZ2}\right)_{{2,:}}}}^\top {{A^{{(1)}}_{{2,:}}}}",
    ),
    ("dW[2]", "sample_left_out", 2): (
        "Sample 3 is missing",
        rf"\sum_{{p \neq 3}} {{\left({DZ2}\right)_{{p,:}}}}^\top {{A^{{(1)}}_{{p,:}}}}",
    ),
    ("dW[2]", "activation_of_the_layer", 0): (
        "outputs A[2] instead of its inputs A[1].",
        rf"\left({DZ2}\right)^\top A^{{(2)}}",
    ),
    ("dW[1]", "slope_forgotten", 0): (
        "g′(Z[1]) is missing: you used ∂L/∂A[1] instead of ∂L/∂Z[1].",
        rf"\left({DA1}\right)^\top X",
    ),
    ("dW[1]", "mean_forgotten", 0): ("1/N is missing: it enters with the loss", rf"N \cdot {DW1}"),
    ("dW[1]", "mean_instead_of_sum", 0): ("divided by N once more", rf"\tfrac1N \cdot {DW1}"),
    ("dW[1]", "wrong_sign", 0): ("The sign is wrong.", f"-{DW1}"),
    ("db[1]", "one_sample", 2): ("sample 3's row alone", rf"{{\left({DZ1}\right)_{{3,:}}}}"),
    ("dA[1]", "weights_of_another_layer", 0): (
        "the weights of layer 1 instead of layer 2.",
        rf"{DZ2}\, W^{{(1)}}",
    ),
    ("dA[1]", "slope_too_early", 0): ("g′(Z[1]) is multiplied in already: this is ∂L/∂Z[1].", DZ1),
    ("dA[1]", "term_left_out", 1): (
        "that of unit 2 of layer 2.",
        rf"\sum_{{j \neq 2}} \left({DZ2}\right)_{{pj}}\, W^{{(2)}}_{{jk}}",
    ),
    ("W[1]", "ascent", 0): ("minus η, not plus.", rf"W^{{(1)}} + \eta\, {DW1}"),
    ("W[1]", "rate_forgotten", 0): ("η is missing.", rf"W^{{(1)}} - 1\, {DW1}"),
}


@pytest.mark.parametrize(("tensor", "name", "place"), SAID)
def test_the_words_and_the_formula_are_those_of_the_mistake(tensor: str, name: str, place: int):
    id = f"{tensor}@{int(tensor.startswith('W'))}"
    slip = [each for each in slips_of(TRACE, id) if each.name == name][place]
    words, latex = SAID[tensor, name, place]
    assert words in slip.sentence
    assert slip.latex == latex


@pytest.mark.parametrize("place", range(3))
def test_a_place_is_that_of_the_numbers(place: int):
    """Of one sample alone, or one left out: the place in the words above is its own."""
    v, others = mse_values(), [each for each in range(3) if each != place]
    dZ, A = v["dZ2"], v["A1"]
    for name, expected in (
        ("one_sample", np.outer(dZ[place], A[place])),
        ("sample_left_out", dZ[others].T @ A[others]),
    ):
        slip = [each for each in slips_of(TRACE, "dW[2]@0") if each.name == name][place]
        np.testing.assert_allclose(slip.values, expected)


@pytest.mark.parametrize(
    ("hidden", "output", "loss"),
    [("tanh", "identity", "mse"), ("sigmoid", "softmax", "cross_entropy")],
)
def test_a_later_iteration_s_slips_are_made_with_its_own_numbers(
    hidden: str, output: str, loss: str
):
    network = Network((Layer(W1, b1, hidden), Layer(W2, b2, output)))
    run = Experiment(network, X, ONE_HOT, loss=loss, learning_rate=ETA, iterations=3)
    whole, later = run.trace(), run.at(2).trace()
    for step in later.steps:
        name, _, iteration = step.result.partition("@")
        ours = list(slips_of(whole, f"{name}@{int(iteration) + 2}"))
        theirs = list(slips_of(later, step.result))
        assert [slip.name for slip in ours] == [slip.name for slip in theirs]
        for mine, other in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(mine.values, other.values, rtol=1e-9, err_msg=step.result)


def test_each_is_left_out_in_turn_up_to_so_many():
    assert list(turns(MOST_ALONE)) == list(range(MOST_ALONE))
    assert list(turns(2)) == [0, 1]
    assert list(turns(MOST_ALONE + 1)) == list(turns(1)) == []


def test_of_two_samples_one_left_out_is_the_other_alone():
    network = Network((Layer(W1, b1, "identity"),))
    trace = Experiment(network, X[:2], ONE_HOT[:2], loss="mse").trace()
    for tensor in ("dW[1]@0", "db[1]@0"):
        names = [slip.name for slip in slips_of(trace, tensor)]
        assert names.count("one_sample") == 2
        assert "sample_left_out" not in names
