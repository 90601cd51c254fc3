"""A gradient that someone else computed: how it is read, and which slip it shows."""

import json
import time
from dataclasses import replace

import numpy as np
import pytest

from core import PRESETS, SpecificationError
from core.conventions import Conventions
from core.equation import Array
from core.gradient_check import TOLERANCES, ParameterCheck
from core.gradient_comparison import Facts, GradientComparison, compare_gradient
from core.matrix_text import read_matrix

FACTS = Facts(samples=3, outputs=2, learning_rate=0.1)


def check(name: str = "dW[1]") -> ParameterCheck:
    (found,) = PRESETS["mse_identity"].experiment().check_gradients([name]).parameters
    return found


def compared(text: str, name: str = "dW[1]", facts: Facts = FACTS) -> GradientComparison:
    return compare_gradient(check(name), text, facts, TOLERANCES["float64"])


def lines(matrix: Array) -> str:
    return "\n".join(", ".join(map(repr, row)) for row in matrix.tolist())


@pytest.mark.parametrize(
    "write",
    [
        lambda matrix: json.dumps(matrix.tolist()),
        repr,
        str,
        lines,
        lambda matrix: f"dW1 = np.{matrix!r}",
        lambda matrix: f"tensor({matrix.tolist()}, dtype=torch.float64, grad_fn=<MmBackward0>)",
        lambda matrix: lines(matrix).replace(", ", "\t").replace("-", "−"),
        lambda matrix: np.array2string(matrix, precision=4),
    ],
    ids=["json", "repr", "str", "csv", "assignment", "torch", "tabs", "short"],
)
def test_ours_passes_however_it_is_written(write):
    found = compared(write(check().backprop))
    assert found.verdict == "pass"
    assert found.relation is None
    assert np.abs(found.difference).max() <= found.resolution.max()


def test_a_vector_may_stand_or_lie():
    bias = check("db[1]").backprop
    for text in (repr(bias), "\n".join(map(repr, bias.tolist()))):
        found = compared(text, "db[1]")
        assert (found.verdict, found.turned) == ("pass", False)
        assert found.given.shape == bias.shape


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (-1, "sign"),
        (3, "1/N is missing"),
        (1 / 3, "1/N is in it twice"),
        (2, "½ of"),
        (-6, "1/N and the ½"),
        (0.5, "½ too many"),
        (-0.1, "not the gradient"),
        (1.37, "only a factor"),
        (0, "is 0"),
    ],
)
def test_a_shared_factor_is_found_and_named(factor: float, words: str):
    found = compared(repr(factor * check().backprop))
    assert found.verdict == "fail"
    assert found.relation is not None
    assert found.relation.factor == pytest.approx(factor, abs=1e-7)
    assert words in found.relation.message
    assert not found.relation.transposed


@pytest.mark.parametrize(
    ("factor", "words"),
    [(0.2, "the mean was taken over the outputs too"), (0.4, "over samples and outputs without")],
)
def test_a_mean_over_the_outputs_is_told_by_their_number(factor: float, words: str):
    found = compared(repr(factor * check().backprop), facts=Facts(samples=3, outputs=5))
    assert found.relation is not None
    assert words in found.relation.message
    assert "1/N is in it" not in found.relation.message


def test_both_reasons_of_one_factor_are_given():
    found = compared(repr(2 * check().backprop), facts=Facts(samples=2, outputs=3))
    assert found.relation is not None
    assert "1/N is missing" in found.relation.message
    assert "½" in found.relation.message


@pytest.mark.parametrize(
    ("factor", "words"),
    [(1 / 3, "L is the sum"), (0.5, "2 of the derivative"), (2, "a 2 too many")],
)
def test_slips_are_named_by_the_conventions_of_the_loss(factor: float, words: str):
    facts = Facts(samples=3, outputs=1, conventions=Conventions(half=False, reduction="sum"))
    found = compared(repr(factor * check().backprop), facts=facts)
    assert found.relation is not None
    assert words in found.relation.message
    assert "1/N is missing" not in found.relation.message


@pytest.mark.parametrize("factor", [2.0, 0.5])
def test_a_loss_without_a_half_misses_none(factor: float):
    facts = Facts(samples=3, outputs=2, loss="cross_entropy")
    found = compared(repr(factor * check().backprop), facts=facts)
    assert found.relation is not None
    assert found.relation.factor == pytest.approx(factor)
    assert "½" not in found.relation.message
    assert "derivative" not in found.relation.message


def test_a_factor_is_a_number():
    ours = check("db[1]")
    for size in (1e-300, 1e300):
        tiny = replace(ours, backprop=np.full(ours.backprop.shape, size))
        given = repr(np.full(ours.backprop.shape, 1.7e308))
        relation = compare_gradient(tiny, given, FACTS, TOLERANCES["float64"]).relation
        assert relation is None or np.isfinite(relation.factor)


def test_a_single_cell_shares_a_factor_with_anything():
    ours = check("db[3]")
    single = np.array([0.5, 0.0, 0.0])
    alone = replace(ours, backprop=single, numeric=single)
    for factor, words in ((1.37, None), (3.0, "1/N is missing")):
        text = repr(factor * single)
        relation = compare_gradient(alone, text, FACTS, TOLERANCES["float64"]).relation
        assert (relation is None) == (words is None)
        assert relation is None or (words or "") in relation.message


def test_a_transposed_matrix_is_named_with_its_factor():
    found = compared(repr(-check().backprop.T))
    assert found.turned
    assert found.verdict == "fail"
    assert found.relation is not None
    assert found.relation.transposed
    assert "transposed" in found.relation.message
    assert "sign" in found.relation.message
    # Its cells are ours, but it isn't.
    plain = compared(repr(check().backprop.T))
    assert (set(plain.verdicts), plain.turned, plain.verdict) == ({"pass"}, True, "fail")
    square = compared(repr(check("dZ[3]").backprop.T), "dZ[3]")
    assert not square.turned
    assert square.relation is not None
    assert square.relation.transposed


@pytest.mark.parametrize("miss", [0.01, -0.01])
def test_one_wrong_cell_is_found_and_no_factor_is_claimed(miss: float):
    ours = check()
    given = ours.backprop.copy()
    given[4, 2] += miss
    found = compared(repr(given))
    assert found.relation is None
    assert found.largest == 4 * 5 + 2
    assert found.verdicts[22] == "fail"
    assert found.verdicts.count("pass") == 34
    assert found.difference[4, 2] == pytest.approx(miss)
    np.testing.assert_array_equal(found.numeric_difference, found.given - ours.numeric)


def test_zeros_aren_t_taken_for_rounded_numbers():
    assert compared(repr(np.zeros((7, 5)))).verdict == "fail"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no numbers"),
        ("[[]]", "no numbers"),
        ("[[1, 2], [3]]", "Row 2 has 1 numbers, but row 1 has 2"),
        ("1, x", "Row 1: “x” isn't a finite number"),
        ("[[1, NaN]]", "NaN"),
        ("[1e999]", "1e999"),
        ("[[1 2 ... 3]]", "left out"),
        ("1" * 100_000 + "x", "isn't a finite number"),
    ],
)
def test_what_can_t_be_read_is_one_sentence(text: str, words: str):
    with pytest.raises(SpecificationError, match=words) as caught:
        read_matrix(text)
    assert caught.value.where == ["text"]
    assert len(caught.value.message) < 200


def test_half_of_the_last_printed_place_is_no_difference():
    # Zeros at the end may be left away: the longest number says how many decimals there are.
    plain = read_matrix("[[0.12346, 2.5], [1.0, -3.14159]]").resolution
    np.testing.assert_allclose(plain, np.full((2, 2), 0.5e-5), rtol=1e-12)
    powers = read_matrix("[[1.23456e-05, 1.23456e+02], [-2.5e0, 1e-3]]")
    expected = 0.5e-5 * np.array([[1e-5, 1e2], [1.0, 1e-3]])
    np.testing.assert_allclose(powers.resolution, expected, rtol=1e-12)
    np.testing.assert_array_equal(powers.transposed.resolution, powers.resolution.T)


@pytest.mark.parametrize("text", ["1, 2; 3, 4", "1 2\n3 4", "[[1, 2], [3, 4]]"])
def test_rows_end_with_a_semicolon_a_line_or_a_bracket(text: str):
    assert read_matrix(text).values.tolist() == [[1, 2], [3, 4]]


def test_huge_exponents_do_no_harm():
    assert read_matrix("[0e999999999, 1e300]").values.tolist() == [[0.0, 1e300]]


def test_another_shape_is_one_sentence():
    with pytest.raises(SpecificationError, match="is 7 × 5, but the given matrix is 2 × 2"):
        compared("[[1, 2], [3, 4]]")


def test_a_text_with_more_numbers_than_cells_is_refused_unread():
    begun = time.process_time()
    with pytest.raises(SpecificationError) as caught:
        compared("1\n" * 500_000)
    assert time.process_time() - begun < 2
    assert caught.value.message == ("dW[1] is 7 × 5, but the given matrix has more than 35 cells.")
    assert (caught.value.expected, caught.value.given) == ([7, 5], "more than 35 cells")
