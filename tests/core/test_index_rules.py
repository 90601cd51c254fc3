"""Every equation's index rule is neither too narrow nor too wide; its formula is its result."""

import numpy as np
import pytest

import core.schedules
from core import EQUATIONS, EquationError
from core.equation import Array, Equation
from core.index_rule import IndexRule
from tests.core.formulas import Reading

LENGTHS = {"s": 3, "k": 4, "o": 5}
# The slope of the identity is 1 whatever Z is: it reads Z in form only.
READS_IN_FORM_ONLY = {("identity.slope", "Z")}
POSITIVE = {
    "s": (0.2, 0.8),
    "beta": (0.2, 0.6),
    "epsilon": (0.1, 0.2),
    "correction": (0.2, 0.8),
    "gamma": (0.2, 0.6),
    "eta0": (0.2, 0.8),
    "lowest": (0.0, 0.1),
    "period": (4.0, 9.0),
    "t": (0.0, 5.0),
    "k": (0.0, 12.0),
}
COUNTS = ("t", "k", "period")
# So many that a step across a kink is among them: relu's slope moves nowhere else.
DRAWS = 24


def shape_of(word: str) -> tuple[int, ...]:
    return (3, 4) if word == "..." else tuple(LENGTHS[letter] for letter in word)


def domain(equation: Equation, role: str) -> tuple[float, float]:
    """Where a role's numbers may lie."""
    if role in ("A", "Y") and equation.id.startswith(("bce", "ce", "softmax", "sigmoid_bce")):
        return 0.2, 0.6
    return POSITIVE.get(role, (-2.0, 2.0))


def draw(equation: Equation, seed: int) -> tuple[Array, ...]:
    """Random operands; A and Y are probabilities where a loss takes logarithms of them."""
    state = np.random.RandomState(seed)
    arrays = []
    for role, word in zip(equation.roles, equation.rule.operands, strict=True):
        low, high = domain(equation, role)
        array = np.array(state.uniform(low, high, shape_of(word)))
        arrays.append(np.array(np.floor(array)) if role in COUNTS else array)
    return tuple(arrays)


def moved_by(equation: Equation, operands: tuple[Array, ...], place: int, cell: tuple[int, ...]):
    """Which result cells move when one operand cell does."""
    changed = [operand.copy() for operand in operands]
    role = equation.roles[place]
    if domain(equation, role) == (-2.0, 2.0):
        changed[place][cell] += 1.37
    else:
        changed[place][cell] += 1 if role in COUNTS else 0.17
    return equation(*operands) != equation(*changed)


def read_by(equation: Equation, operands: tuple[Array, ...], place: int, cell: tuple[int, ...]):
    """Which result cells read one operand cell, by the index rule."""
    result = equation(*operands)
    reads = np.zeros(result.shape, bool)
    for index in np.ndindex(result.shape):
        marked = np.zeros(operands[place].shape, bool)
        marked[equation.rule.reads(index, place)] = True
        reads[index] = marked[cell]
    return reads


@pytest.mark.parametrize("id", EQUATIONS)
def test_a_rule_is_neither_too_narrow_nor_too_wide(id: str):
    equation = EQUATIONS[id]
    for place, role in enumerate(equation.roles):
        first = draw(equation, 0)
        for cell in np.ndindex(first[place].shape):
            moved = np.zeros(equation(*first).shape, bool)
            for seed in range(DRAWS):
                moved |= moved_by(equation, draw(equation, seed), place, cell)
            reads = read_by(equation, first, place, cell)
            if (id, role) in READS_IN_FORM_ONLY:
                assert not moved.any()
            else:
                assert (moved == reads).all(), (id, role, cell)


@pytest.mark.parametrize("id", EQUATIONS)
def test_a_cell_formula_is_what_the_numpy_calls_compute(id: str):
    equation = EQUATIONS[id]
    for seed in range(4):
        operands = draw(equation, seed)
        reading, result = Reading(equation, operands), equation(*operands)
        # Slopes are read as central differences, which agree to about 1e-9.
        tolerance = 1e-8 if id.endswith(".slope") else 1e-12
        for cell in np.ndindex(result.shape):
            assert reading.value(cell) == pytest.approx(
                float(result[cell]), rel=tolerance, abs=tolerance
            ), (id, cell)


@pytest.mark.parametrize("id", EQUATIONS)
def test_a_recipe_computes_nothing_while_it_is_bound(id: str):
    equation = EQUATIONS[id]
    first, second = draw(equation, 0), draw(equation, 1)
    buffers = tuple(operand.copy() for operand in first)
    out = np.empty(equation(*first).shape)
    calls = equation.calls(buffers, out)
    for operands in (first, second):
        for buffer, operand in zip(buffers, operands, strict=True):
            buffer[...] = operand
        for function, *arguments in calls:
            function(*arguments)
        np.testing.assert_array_equal(out, equation(*operands))
        for buffer, operand in zip(buffers, operands, strict=True):
            np.testing.assert_array_equal(buffer, operand, "an equation wrote into its operand")


def test_every_equation_s_latex_names_its_operands():
    for equation in EQUATIONS.values():
        assert "=" in equation.latex
        assert equation.title[0].isupper()


@pytest.mark.parametrize("text", ["sk,ok", "s k->s", "s1->s", "->->"])
def test_what_isn_t_a_rule_is_refused(text: str):
    with pytest.raises(EquationError):
        IndexRule.parse(text)


def test_shapes_that_disagree_are_refused():
    with pytest.raises(EquationError, match="Axis k"):
        core.EQUATIONS["affine"](np.ones((2, 3)), np.ones((4, 5)), np.ones(4))
