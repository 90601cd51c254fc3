"""Typed formulas: what is read, what is refused and where, and that derivatives are derivatives."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.derivatives import derivatives_of
from core.errors import SpecificationError
from core.formula import FUNCTIONS, FormulaError, Tree, variables_in
from core.formula_latex import formula_latex
from core.formula_reader import read_formula
from core.formula_surface import formula_surface
from core.surface import Surface
from core.surfaces import SURFACES


def surface(text: str) -> Surface:
    tree = read_formula(text)
    return formula_surface(text, tree, derivatives_of(tree))


@pytest.mark.parametrize("named", SURFACES.values(), ids=lambda named: named.name)
def test_a_surface_s_own_derivatives_are_those_of_its_formula(named: Surface):
    typed = surface(named.expression)
    rng = np.random.default_rng(1)
    assert typed.dimension == named.dimension
    assert typed.is_quadratic == named.is_quadratic
    for theta in rng.uniform(-2, 2, (40, named.dimension)):
        assert typed.value(*theta) == pytest.approx(named.value(*theta), rel=1e-12, abs=1e-12)
        np.testing.assert_allclose(
            typed.gradient(*theta), np.array(named.gradient(*theta), float), rtol=1e-10, atol=1e-10
        )
        np.testing.assert_allclose(
            typed.hessian_at(theta), named.hessian_at(theta), rtol=1e-9, atol=1e-9
        )


def test_a_formula_is_computed_in_the_order_in_which_it_is_typed():
    x, y = np.float64(0.1), np.float64(0.7)
    assert surface("x1**2 + x1*x2 + 4*x2**2").value(x, y) == x * x + x * y + 4 * (y * y)
    assert surface("0.1 + x1 - 0.3").value(x, y) == 0.1 + x - 0.3
    assert surface("0.1234567890123456789*x").value(x) == 0.1234567890123456789 * x


def test_a_hessian_is_symmetric_to_the_last_digit():
    made = surface("exp(x1*" * 4 + "x2" + ")" * 4 + " + sin(x1*x2)**3/(x1 + 2)")
    for theta in np.random.default_rng(2).uniform(-1, 1, (40, 2)):
        hessian = made.hessian_at(theta)
        assert hessian[0, 1] == hessian[1, 0]


def test_arrays_and_numbers_give_the_same():
    made = surface("sin(x1)*x2 + abs(x1) + 3")
    grid = np.meshgrid(np.linspace(-1, 1, 3), np.linspace(-2, 2, 4))
    values = made.value(*grid)
    assert values.shape == (4, 3)
    assert values[1, 2] == made.value(grid[0][1, 2], grid[1][1, 2])
    flat = surface("3*x1 + 2*x2")
    assert [part.shape for part in flat.gradient(*grid)] == [(4, 3), (4, 3)]
    assert flat.hessian_at(np.zeros(2)).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("x₁² + 0.5·x₂³", "x1**2 + 0.5*x2**3"),
        ("x1^2 − 3×x2", "x1**2 - 3*x2"),
        ("  ln(x)\n+ arctan(x)  ", "log(x) + atan(x)"),
        ("π*x ÷ 2", "pi*x/2"),
        ("+x1", "x1"),
        ("1_000*x", "1000*x"),
        (".5*x + 1e3", "0.5*x + 1000"),
    ],
)
def test_other_spellings(text: str, same: str):
    assert read_formula(text) == read_formula(same)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", 1, "Type a formula"),
        ("x1 +* 2", 5, "can't be read"),
        ("(x1 + x2", 1, "never closed"),
        ("x1 + x2)", 8, "no partner"),
        ("x1 + foo(x2)", 6, "no function called “foo”"),
        ("x1 + sine(x2)", 6, "Did you mean sin?"),
        ("x1 + y", 6, "called “y”"),
        ("x1 + x3", 6, "Did you mean x"),
        ("x1**2 + __import__('os').system('x')", 9, "no place"),
        ("__import__('os')", 1, "no function called “__import__”"),
        ("x1.real", 1, "no place"),
        ("'a' + x1", 1, "isn't a number"),
        ("x1 < 2", 1, "no comparisons"),
        ("x1 if x2 else 3", 1, "no comparisons and no conditions"),
        ("lambda: x1", 1, "no place"),
        ("[x1]", 1, "no place"),
        ("x1 // 2", 1, "only + - * / and **"),
        ("x1, 5", 1, "decimals have a point"),
        ("True*x1", 1, "isn't a number"),
        ("2x1", 2, "as in 2*x1"),
        ("3 + 2(x1)", 6, "as in 2*(x1)"),
        ("x1(x2)", 1, "isn't a function"),
        ("(x1)(x2)", 2, "product with *"),
        ("(x1 + 1)(x2)", 1, "product with *"),
        ("sin", 1, "needs its argument"),
        ("sin()", 1, "needs its argument"),
        ("sin(x1, x2)", 9, "one argument"),
        ("10**10**10 + x1", 5, "exponent"),
        ("x1**21", 5, "exponent"),
        ("x1**-21", 5, "exponent"),
        ("(10**20)**20*x1", 1, "larger than can be computed"),
        ("exp(exp(20))*x1", 1, "larger than can be computed"),
        ("1/0 + x1", 1, "isn't a real number"),
        ("log(-1) + x1", 1, "isn't a real number"),
        ("x1 + sqrt(1 - 2)", 6, "isn't a real number"),
        ("1e999999999*x1", 1, "may be from"),
        ("1e-999999999*x1", 1, "may be from"),
        ("0x1F*x1", 2, "product with *"),
        ("1j*x1", 2, "product with *"),
        ("3 + 4", 1, "same everywhere"),
        ("x1 + x", 6, "not both"),
        ("x1 + é", 6, "“é” has no place"),
        ("x1 + \x00", 6, "has no place"),
        ("x1 + \ud800", 6, "has no place"),
        ("(" * 150, 150, "never closed"),
        ("-" * 200 + "x1", 81, "at most 80 parts"),
        ("+".join(["x1"] * 99), 1, "at most 80 parts"),
        ("x1" + "+1" * 299, 301, "at most 300 characters"),
        ("sin(x1)*" * 30 + "x1", 201, "at most 80 parts"),
        ("x₁ + ₂(x₁)", 7, "product with *"),
        ("x1 # + x2", 4, "“#” has no place"),
        ("x1\\\n + x2", 3, "has no place"),
        ("x1²²", 4, "Write this exponent with **"),
        ("x1 + ()", 6, "parentheses are empty"),
        ("x1 + (((7*x1)**20)**20)**2", 6, "multiply to 400 at most"),
        ("x1 + (((7*x1)**0.1)**20)**-20 + ((x2**20)**20)**1.1", 33, "multiply to 400 at most"),
    ],
)
def test_what_can_t_be_read_says_where(text: str, place: int, words: str):
    with pytest.raises(FormulaError) as caught:
        read_formula(text)
    assert words in caught.value.message
    assert caught.value.message.endswith(f"(character {place})")
    assert caught.value.where == ["surface", "expression"]


@pytest.mark.parametrize(
    "text", ["x1*" + "*".join(["1e15"] * 22), "((123456789*x1)**20)**20", "(x1*1e15)**20*1e15*x2"]
)
def test_numbers_that_grow_beyond_floats_are_refused(text: str):
    with pytest.raises(SpecificationError, match="larger than can be computed with"):
        derivatives_of(read_formula(text))


@pytest.mark.parametrize(
    "text", ["(1e15*x1**2 + 0.123456789012345678901)**20", "((x1 + 0.123456789)**20 + 0.7)**20"]
)
def test_powers_of_long_decimals_stay_as_they_are(text: str):
    made = surface(text)
    assert np.isfinite(made.gradient(np.float64(1e-9), np.float64(0))).all()


def failure(text: str) -> FormulaError | None:
    try:
        read_formula(text)
    except FormulaError as error:
        return error
    return None


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str):
    if error := failure(text):
        assert 0 <= error.place <= max(len(text), 300)


@given(st.text(alphabet="x12()+-*/.e ,sincoxplgabt'_", max_size=40))
@settings(max_examples=300)
def test_no_likely_text_breaks_the_reader(text: str):
    try:
        tree = read_formula(text)
    except FormulaError:
        return
    assert formula_latex(tree)


def trees() -> st.SearchStrategy[str]:
    """Formulas that are smooth and of moderate size everywhere near 0."""
    leaves = st.sampled_from(["x1", "x2", "2", "0.5", "pi"])

    def grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        pairs = st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner)
        calls = st.tuples(st.sampled_from(["sin", "cos", "tanh", "atan", "sigmoid"]), inner)
        return st.one_of(
            pairs.map(lambda parts: "({} {} {})".format(*parts)),
            calls.map(lambda parts: "{}({})".format(*parts)),
            inner.map(lambda part: f"({part})**2"),
            inner.map(lambda part: f"({part})/(1 + ({part})**2)"),
        )

    return st.recursive(leaves, grow, max_leaves=6).map(lambda text: f"x1*x2 + {text}")


@given(trees(), st.tuples(st.floats(-1, 1), st.floats(-1, 1)))
@settings(max_examples=60, deadline=None)
def test_derivatives_are_central_differences(text: str, at: tuple[float, float]):
    try:
        made = surface(text)
    except FormulaError:
        return
    theta, h = np.array(at), 1e-5
    steps = h * np.eye(2)
    slopes = [(made.value(*(theta + e)) - made.value(*(theta - e))) / (2 * h) for e in steps]
    bends = [
        (np.array(made.gradient(*(theta + e))) - np.array(made.gradient(*(theta - e)))) / (2 * h)
        for e in steps
    ]
    gradient, hessian = np.array(made.gradient(*theta)), made.hessian_at(theta)
    scale = 1 + np.abs(hessian).max() + np.abs(gradient).max()
    np.testing.assert_allclose(gradient, slopes, atol=1e-6 * scale**2, rtol=1e-6)
    np.testing.assert_allclose(hessian, bends, atol=1e-5 * scale**3, rtol=1e-5)
    assert hessian[0, 1] == pytest.approx(hessian[1, 0], rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_its_slope(name: str):
    made = surface(f"{name}(x) + x**2")
    h = 1e-6
    for x in (0.3, 0.9, 1.7):
        slope = (made.value(x + h) - made.value(x - h)) / (2 * h)
        assert made.gradient(np.float64(x))[0] == pytest.approx(slope, rel=1e-6)
        assert made.value(np.float64(x)) == pytest.approx(FUNCTIONS[name](x) + x * x)


def test_kinks_are_flat_and_tails_are_exact():
    kink = surface("abs(x)")
    assert kink.gradient(np.float64(0))[0] == 0
    assert kink.gradient(np.float64(-2))[0] == -1
    assert kink.hessian_at(np.zeros(1)).tolist() == [[0]]
    tail = surface("sigmoid(x)").gradient(np.float64(40))[0]
    assert tail == pytest.approx(4.248354255291589e-18, rel=1e-12)


def test_a_quadratic_is_seen_as_one_and_looked_at_where_it_is_level():
    made = surface("(x1 - 100)**2 + x1*x2 + x2**2")
    assert made.is_quadratic
    (optimum,) = made.optima
    assert optimum.kind == "minimum"
    assert optimum.at == pytest.approx((400 / 3, -200 / 3))
    assert made.view[0][0] < optimum.at[0] < made.view[0][1]
    assert not surface("x1**3 + x2").is_quadratic
    assert surface("x1*x2").optima[0].kind == "saddle"
    assert surface("(x1 + x2)**2").optima == ()


@pytest.mark.parametrize(
    "text",
    ["abs(x)", "x**2 + 3*abs(x - 1)", "sqrt(x)**4", "x1**2*x2/x2 + x2**2", "log(x1)*0 + x1**2"],
)
def test_what_has_a_kink_or_a_hole_is_no_quadratic(text: str):
    made = surface(text)
    assert not made.is_quadratic
    assert made.optima == ()


@pytest.mark.parametrize("text", ["1/(x1 - x1) + x2", "tan(pi/2)*x1", "sqrt(-x1**2)", "(-1)**x1"])
def test_what_has_no_slope_anywhere_is_refused(text: str):
    with pytest.raises(SpecificationError, match="no real value, or no slope"):
        surface(text)


def test_a_start_is_where_the_formula_is_defined():
    assert surface("log(2 - x)").start == (1.0,)
    with pytest.raises(Exception, match="no real value"):
        surface("log(-1 - x**2)")


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("(1 - x1)**2 + 100*x2", r"\left(1 - x_1\right)^{2} + 100\, x_2"),
        ("x1 - (x2 - 3)", r"x_1 - \left(x_2 - 3\right)"),
        ("2*3*x", r"2 \cdot 3\, x"),
        ("-x**2", r"-x^{2}"),
        ("(-x)**2", r"\left(-x\right)^{2}"),
        ("x - -0.25*x", r"x - \left(-0.25\, x\right)"),
        ("exp(-x)**2", r"\left(e^{-x}\right)^{2}"),
        ("x/(1 + x)*sin(x)", r"\frac{x}{1 + x}\, \sin\left(x\right)"),
        ("sqrt(abs(x))", r"\sqrt{\left|x\right|}"),
    ],
)
def test_a_formula_is_set_as_it_is_typed(text: str, latex: str):
    assert formula_latex(read_formula(text)) == latex


def test_long_derivatives_are_left_out_of_the_latex_and_not_of_the_numbers():
    derived = derivatives_of(read_formula("sin(x1*" * 7 + "x2" + ")" * 7))
    assert derived.hessian_latex[0][0] is None
    made = surface("sin(x1*" * 7 + "x2" + ")" * 7)
    assert math.isfinite(made.hessian_at(np.array([0.5, 0.5]))[0, 1])


def test_variables():
    def named(text: str) -> tuple[str, ...]:
        tree: Tree = read_formula(text)
        return variables_in(tree)

    assert named("x2**2") == ("x1", "x2")
    assert named("x*2") == ("x",)
