"""The long way gives what the short one does, until it breaks; and where it breaks is known."""

import numpy as np
import pytest

from core import ACTIVATIONS, SpecificationError
from core.conventions import Conventions
from core.long_way import long_way, long_ways
from core.squashing import softmax_jacobian

RANDOM = np.random.RandomState(5)
Z = RANDOM.standard_normal((4, 3))
ONE_HOT = np.eye(3)[[0, 2, 1, 1]]
CANCELS = [("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy")]


@pytest.mark.parametrize(("activation", "loss"), CANCELS)
def test_both_ways_agree_where_nothing_is_extreme(activation: str, loss: str) -> None:
    way = long_way(Z, ONE_HOT, activation, loss)
    assert way.short is not None
    assert way.difference is not None
    np.testing.assert_array_equal(way.short, (way.A - ONE_HOT) / 4)
    np.testing.assert_allclose(way.product, way.short, atol=1e-16)
    np.testing.assert_array_equal(way.difference, way.product - way.short)
    assert way.from_scores is not None
    np.testing.assert_allclose(way.from_outputs, way.from_scores, rtol=1e-13)


def test_with_the_identity_the_short_way_is_the_gradient_of_the_outputs() -> None:
    way = long_way(Z, ONE_HOT, "identity", "mse")
    np.testing.assert_array_equal(way.short, (Z - ONE_HOT) / 4)
    np.testing.assert_array_equal(way.difference, np.zeros_like(Z))
    assert way.from_scores is None
    tanh = long_way(Z, ONE_HOT, "tanh", "mse")
    assert tanh.short is None
    assert tanh.difference is None
    np.testing.assert_array_equal(way.product, (Z - ONE_HOT) / 4)
    np.testing.assert_array_equal(way.local, np.ones_like(Z))


def test_the_jacobian_of_softmax_is_its_central_difference() -> None:
    softmax, step = ACTIVATIONS["softmax"].value, 1e-6
    jacobian = softmax_jacobian(softmax(Z))
    for k in range(3):
        moved = np.zeros_like(Z)
        moved[:, k] = step
        slope = (softmax(Z + moved) - softmax(Z - moved)) / (2 * step)
        np.testing.assert_allclose(jacobian[:, :, k], slope, atol=1e-9)


def test_the_product_is_the_gradient_times_the_jacobian() -> None:
    way = long_way(Z, ONE_HOT, "softmax", "cross_entropy")
    rows = [row @ matrix for row, matrix in zip(way.dA, way.local, strict=True)]
    np.testing.assert_allclose(way.product, rows, atol=1e-15)


def test_the_long_way_breaks_where_an_output_rounds_to_0_or_1() -> None:
    scores = np.array([[36.0], [37.0], [800.0], [-800.0]])
    targets = np.array([[0.0], [0.0], [0.0], [1.0]])
    near, past, far, low = long_ways(scores, targets, "sigmoid", "binary_cross_entropy")
    assert near.A[0, 0] < 1
    assert np.isfinite(near.product[0, 0])
    assert past.A[0, 0] == 1
    assert past.dA[0, 0] == np.inf == past.product[0, 0]
    assert far.local[0, 0] == 0
    assert np.isnan(far.product[0, 0])
    assert np.isnan(low.product[0, 0])
    shorts = [way.short for way in (near, past, far, low)]
    assert [float(short[0, 0]) for short in shorts if short is not None] == [
        pytest.approx(1, abs=1e-15),
        1.0,
        1.0,
        -1.0,
    ]
    assert far.from_outputs[0] == np.inf
    assert far.from_scores is not None
    assert far.from_scores[0] == 800


def test_softmax_breaks_too_where_the_true_class_has_probability_0() -> None:
    scores, targets = np.array([[-800.0, 0.0]]), np.array([[1.0, 0.0]])
    [way] = long_ways(scores, targets, "softmax", "cross_entropy")
    assert way.A[0, 0] == 0
    assert way.dA[0, 0] == -np.inf
    assert np.isnan(way.product[0, 0])
    assert way.short is not None
    assert way.short.tolist() == [[-1.0, 1.0]]
    assert way.from_outputs[0] == np.inf
    assert way.from_scores is not None
    assert way.from_scores[0] == 800


def test_without_the_half_the_squared_error_is_twice_as_steep() -> None:
    ways = long_ways(Z, ONE_HOT, "identity", "mse", Conventions("columns", half=False))
    for way, z, y in zip(ways, Z, ONE_HOT, strict=True):
        np.testing.assert_allclose(way.short, 2 * (z - y)[None], rtol=1e-15)


def test_a_loss_that_does_not_go_with_the_outputs_is_refused() -> None:
    with pytest.raises(SpecificationError, match="goes with"):
        long_way(Z, ONE_HOT, "tanh", "cross_entropy")
