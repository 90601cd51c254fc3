"""Slips under every convention: each is what NumPy gives in the student's own layout."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from core import LOSSES, PRESETS, Experiment, Trace
from core.conventions import LECTURE, Conventions, lineage
from core.judgements import Judgement, judge
from core.layouts import LAYOUTS
from core.network import Layer, Network
from core.slip import RULES
from core.slips import slips_of
from core.typed_number import read_number
from tests.core.test_conventions import ALL, OTHERS, named, traced

X = [[0.5, -1.0], [1.5, 2.0]]
Y = [[1.0, 0.0], [0.0, 1.0]]
LAYERS = (
    Layer(np.array([[0.4, -0.6], [0.9, 0.2]]), np.array([0.1, -0.3]), "tanh"),
    Layer(np.array([[-0.5, 0.7], [0.3, 0.8]]), np.array([0.2, 0.6]), "identity"),
)
N = 2


def square(conventions: Conventions) -> Trace:
    """As many samples as units everywhere, so that every mistake fits."""
    return Experiment(
        Network(LAYERS), X, Y, "mse", learning_rate=0.25, conventions=conventions
    ).trace()


def named_by(trace: Trace, id: str, values: np.ndarray) -> list[Judgement]:
    """Type each number of a matrix with nine digits."""
    typed = {cell: read_number(f"{x:.9g}", []) for cell, x in enumerate(values.flat)}
    return judge(trace, id, typed)


# What a student writes who makes the mistake: in rows, in columns, and with W (in, out).
WRITTEN = {
    ("Z[2]", "transpose_forgotten transposed_by_mistake"): (
        "A1 @ W2 + b2",
        "W2.T @ A1 + b2[:, None]",
        "A1 @ W2.T + b2",
    ),
    ("Z[2]", "Z_instead_of_A"): ("Z1 @ W2.T + b2", "W2 @ Z1 + b2[:, None]", "Z1 @ W2 + b2"),
    ("Z[2]", "bias_forgotten"): ("A1 @ W2.T", "W2 @ A1", "A1 @ W2"),
    ("dA[1]", "transpose_forgotten transposed_by_mistake"): (
        "dZ2 @ W2.T",
        "W2 @ dZ2",
        "dZ2 @ W2",
    ),
    ("dW[2]", "transpose_forgotten"): ("dZ2 @ A1", "dZ2 @ A1", "A1 @ dZ2"),
    ("dW[2]", "Z_instead_of_A"): ("dZ2.T @ Z1", "dZ2 @ Z1.T", "Z1.T @ dZ2"),
    ("dW[1]", "slope_forgotten"): ("dA1.T @ A0", "dA1 @ A0.T", "A0.T @ dA1"),
    ("dZ[1]", "slope_forgotten"): ("dA1", "dA1", "dA1"),
    ("dZ[1]", "A_instead_of_Z"): ("dA1 * (1 - tanh(A1) ** 2)",) * 3,
    ("db[1]", "slope_forgotten"): ("dA1.sum(axis=0)", "dA1.sum(axis=1)", "dA1.sum(axis=0)"),
}


@pytest.mark.parametrize("conventions", ALL, ids=named)
@pytest.mark.parametrize(("id", "names"), WRITTEN)
def test_a_slip_is_named_in_the_student_s_own_layout(id: str, names: str, conventions: Conventions):
    trace = square(conventions)
    known = {
        f"{symbol}{layer}": trace[f"{symbol}[{layer}]@0"]
        for symbol, layer in product(("A", "Z", "W", "b", "dA", "dZ"), (0, 1, 2))
        if f"{symbol}[{layer}]@0" in trace.tensors
    }
    code = WRITTEN[id, names][list(LAYOUTS).index(conventions.layout)]
    mistaken = eval(code, {"tanh": np.tanh}, known)
    for found in named_by(trace, f"{id}@0", mistaken):
        assert found.verdict == "slip", code
        assert {slip.name for slip in found.slips} & set(names.split()), code


# By how much each is too large, or too small, where 1/N is forgotten or put in.
FIRST = ("dA[2]", "dW[2]", "db[1]", "dA[1]", "L")


@pytest.mark.parametrize("conventions", ALL, ids=named)
@pytest.mark.parametrize("id", FIRST)
def test_one_over_n_is_missing_only_where_there_is_one(id: str, conventions: Conventions):
    trace = square(conventions)
    found = named_by(trace, f"{id}@0", N * trace[f"{id}@0"])
    less = named_by(trace, f"{id}@0", trace[f"{id}@0"] / N)
    said, said_less = ({slip.name for each in all for slip in each.slips} for all in (found, less))
    sentences = " ".join(each.sentence for each in (*found, *less))
    if conventions.reduction == "mean":
        assert "mean_forgotten" in said
        assert "1/N is missing" in sentences
    else:
        assert "mean_forgotten" not in said
        assert "1/N is missing" not in sentences
        assert "mean_instead_of_sum" in said_less
        assert "the sum over the samples here, without 1/N" in sentences


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_the_half_is_missing_only_where_there_is_one(reduction: str):
    for half, factor, name in ((True, 2.0, "half_forgotten"), (False, 0.5, "halved")):
        for layout in LAYOUTS:
            trace = square(Conventions(layout, half, reduction))
            for id in ("Lp@0", "dA[2]@0"):
                all = {slip.name: slip for slip in slips_of(trace, id)}
                np.testing.assert_allclose(all[name].values, factor * trace[id])
                assert not {"half_forgotten", "halved"} - {name} & set(all)


@pytest.mark.parametrize("conventions", OTHERS, ids=named)
@pytest.mark.parametrize("loss", LOSSES)
def test_no_equation_loses_its_slips(loss: str, conventions: Conventions):
    """As many kinds as in the lecture's conventions, but for 1/N and ½; and each has its rules."""

    def names(trace: Trace, id: str) -> set[str]:
        gone = {"mean_forgotten", "mean_instead_of_sum", "half_forgotten", "halved"}
        turned = {"transposed_by_mistake": "transpose_forgotten"}
        return {turned.get(each.name, each.name) for each in slips_of(trace, id)} - gone

    output = LOSSES[loss].outputs[-1]
    lecture, ours = traced(loss, output, LECTURE), traced(loss, output, conventions)
    for step in ours.steps:
        assert lineage(step.equation)[-1] in RULES or step.equation.id == "identity"
        possible = {"transpose_forgotten"} if step.result.startswith("dW") else set[str]()
        assert names(ours, step.result) ^ names(lecture, step.result) <= possible, step.result


def test_formulas_and_words_are_the_layout_s():
    columns = square(Conventions("columns"))
    in_out = square(Conventions("rows_in_out"))
    found = {slip.name: slip for slip in slips_of(columns, "Z[2]@0")}
    assert found["Z_instead_of_A"].latex == r"W^{(2)}\, Z^{(1)} \oplus b^{(2)}"
    assert found["transposed_by_mistake"].latex == r"{W^{(2)}}^\top\, A^{(1)} \oplus b^{(2)}"
    assert "Z is W A ⊕ b" in found["transposed_by_mistake"].sentence
    assert "every column" in found["bias_forgotten"].sentence
    assert "A^{(1)}_{kp}" in found["term_left_out"].latex
    assert "another column" in found["another_sample"].sentence
    found = {slip.name: slip for slip in slips_of(columns, "dW[2]@0")}
    assert "dW is dZ Aᵀ" in found["transpose_forgotten"].sentence
    assert r"A^{(1)}_{:,2}}^\top" in found["one_sample"].latex
    assert "W^{(2)}_{kj}" in {s.name: s for s in slips_of(in_out, "Z[2]@0")}["term_left_out"].latex
    whole = square(Conventions(half=False, reduction="sum"))
    found = {slip.name: slip for slip in slips_of(whole, "dA[2]@0")}
    assert found["Z_instead_of_A"].latex.startswith(r"2\,\bigl(")
    for trace in (columns, in_out, whole):
        for step in trace.steps:
            assert not any("<" in slip.latex for slip in slips_of(trace, step.result))


def test_a_softmax_is_read_along_its_columns():
    experiment = replace(PRESETS["ce_softmax"].experiment(), conventions=Conventions("columns"))
    trace = experiment.trace()
    power = np.exp(trace["Z[3]@0"])
    found = {slip.name: slip for slip in slips_of(trace, "A[3]@0")}
    np.testing.assert_allclose(found["wrong_axis"].values, power / power.sum(axis=1, keepdims=True))
    assert found["wrong_axis"].sentence.endswith("softmax adds up each column.")
