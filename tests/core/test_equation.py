"""Declaring equations, their index rules by hand, and what is refused."""

import numpy as np
import pytest

from core import EQUATIONS, EquationError
from core.cells import function_latex, parse_cell
from core.equation import Array, equation
from core.index_rule import IndexRule
from core.lecture_notes import NOTES

WHOLE = slice(None)


def declare(id: str, rule: str, cell: str = "A"):
    @equation(id, r"Z = A", rule, cell=cell, title="Test")
    def recipe(A: Array, B: Array, out: Array):
        yield np.add, A, B, out

    return recipe


@pytest.mark.parametrize("rule", ["sk->sk", "sk,sk,sk->sk"])
def test_a_rule_has_a_word_for_every_role(rule: str):
    with pytest.raises(EquationError, match="doesn't index the operands"):
        declare("test.roles", rule)
    assert "test.roles" not in EQUATIONS


def test_two_equations_can_t_share_an_id():
    before = EQUATIONS["affine"]
    with pytest.raises(EquationError, match="two equations called affine"):
        declare("affine", "sk,sk->sk")
    assert EQUATIONS["affine"] is before


def test_roles_are_the_recipe_s_parameters_without_out():
    assert EQUATIONS["affine"].roles == ("A", "W", "b")
    assert EQUATIONS["gradient_descent"].roles == ("theta", "dtheta", "eta")
    assert all(id == equation.id for id, equation in EQUATIONS.items())


@pytest.mark.parametrize(
    ("id", "cell", "reads"),
    [
        ("affine", (2, 1), [(2, WHOLE), (1, WHOLE), (1,)]),
        ("affine.dW", (3, 0), [(WHOLE, 3), (WHOLE, 0)]),
        ("affine.db", (1,), [(WHOLE, 1)]),
        ("affine.dA", (2, 0), [(2, WHOLE), (WHOLE, 0)]),
        ("hadamard", (2, 1), [(2, 1), (2, 1)]),
        ("softmax", (2, 1), [(2, WHOLE)]),
        ("softmax.dZ", (2, 1), [(2, WHOLE), (2, WHOLE)]),
        ("mean", (), [(WHOLE,)]),
        ("mse.sample", (2,), [(2, WHOLE), (2, WHOLE)]),
        ("sigmoid_bce.dZ", (2, 1), [(2, 1), (2, 1)]),
        ("gradient_descent", (2, 1), [(2, 1), (2, 1), ()]),
    ],
)
def test_what_a_cell_reads_by_hand(id: str, cell: tuple[int, ...], reads: list[object]):
    rule = EQUATIONS[id].rule
    assert [rule.reads(cell, place) for place in range(len(rule.operands))] == reads


@pytest.mark.parametrize(
    ("rule", "shapes", "result"),
    [
        ("sk,ok,o->so", [(3, 5), (7, 5), (7,)], (3, 7)),
        ("so,sk->ok", [(3, 7), (3, 5)], (7, 5)),
        ("sk->so", [(3, 5)], (3, 5)),
        ("s->", [(3,)], ()),
        ("...,...,->...", [(4, 2), (4, 2), ()], (4, 2)),
        ("...->...", [(4,)], (4,)),
    ],
)
def test_a_result_s_shape_follows_from_the_rule(
    rule: str, shapes: list[tuple[int, ...]], result: tuple[int, ...]
):
    assert IndexRule.parse(rule).result_shape(shapes) == result


@pytest.mark.parametrize("shapes", [[(3,), (7, 5), (7,)], [(3, 5), (7, 4), (7,)]])
def test_operands_that_don_t_fit_the_rule_are_refused(shapes: list[tuple[int, ...]]):
    with pytest.raises(EquationError, match=r"can't index|long"):
        IndexRule.parse("sk,ok,o->so").result_shape(shapes)


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("sum(A * W) + b", ["+", ["sum", ["*", "A", "W"]], "b"]),
        ("-sum(Y * log(A))", ["neg", ["sum", ["*", "Y", ["apply", "log", r"\ln", "A"]]]]),
        ("A[o] / count(s)", ["/", ["at", "A", "o"], ["count", "s"]]),
        ("(A - Y) ** 2", ["**", ["-", "A", "Y"], 2.0]),
        ("max(Z) - logsumexp(Z)", ["-", ["max", "Z"], ["logsumexp", "Z"]]),
    ],
)
def test_a_cell_formula_becomes_data(text: str, formula: object):
    assert parse_cell(text) == formula


@pytest.mark.parametrize(
    ("name", "latex"),
    [("tanh_slope", r"\tanh'"), ("gelu_tanh", r"\operatorname{gelu tanh}"), ("exp", r"\exp")],
)
def test_how_a_function_is_set(name: str, latex: str):
    assert function_latex(name) == latex


def test_calling_an_equation_leaves_its_operands_alone_and_warns_of_nothing():
    A, Y = np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]])
    before = A.copy(), Y.copy()
    result = EQUATIONS["bce.dA"](A, Y)
    assert result.tolist() == [[-np.inf, np.inf]]
    np.testing.assert_array_equal((A, Y), before)


def test_a_note_on_the_lecture_belongs_to_an_equation() -> None:
    assert {*NOTES} <= {*EQUATIONS}
    for note in NOTES.values():
        assert note.startswith(("The lecture", "Where the lecture", "On one slide", "As in the"))
        assert note.endswith(".")
