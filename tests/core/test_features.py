"""Features of two inputs: their values, their names, and that they come before standardisation."""

import math

import numpy as np
import pytest

from core.dataset import Split, classified, measured, prepare, with_names
from core.errors import SpecificationError, UnknownNameError
from core.features import FEATURES, features_at, with_features

POINTS = np.array([[2.0, -3.0], [0.5, 1.5], [-1.0, 4.0]])
BY_HAND = {
    "x1": [2, 0.5, -1],
    "x2": [-3, 1.5, 4],
    "x1_squared": [4, 0.25, 1],
    "x2_squared": [9, 2.25, 16],
    "x1_x2": [-6, 0.75, -4],
    "sin_x1": [math.sin(2), math.sin(0.5), math.sin(-1)],
    "sin_x2": [math.sin(-3), math.sin(1.5), math.sin(4)],
}


def test_each_feature_has_its_values():
    assert list(BY_HAND) == list(FEATURES)
    np.testing.assert_allclose(
        features_at(POINTS, list(FEATURES)).T, list(BY_HAND.values()), rtol=1e-15
    )


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_reads_its_own_row_and_no_other(name: str):
    before = features_at(POINTS, [name])
    moved = POINTS.copy()
    moved[1] += 0.25
    assert (features_at(moved, [name]) != before)[:, 0].tolist() == [False, True, False]


def test_features_are_named_after_the_data():
    samples = with_names(classified(POINTS, [0, 1, 0], ["a", "b"]), ["height", "weight"])
    made = with_features(samples, ["sin_x2", "x1_x2", "x1_squared"])
    assert made.features == ("sin weight", "height·weight", "height²")
    assert made.measured is samples
    np.testing.assert_array_equal(made.X[:, 1], BY_HAND["x1_x2"])


def test_they_are_made_first_and_standardised_then():
    samples = classified(POINTS, [0, 1, 1], ["a", "b"])
    names = ["x1_squared", "x1_x2"]
    data = prepare(with_features(samples, names), Split(standardise=True))
    assert data.mean is not None
    made = features_at(POINTS, names)
    np.testing.assert_allclose(data.X, (made - made.mean(axis=0)) / made.std(axis=0), rtol=1e-14)
    np.testing.assert_allclose(data.mean, made.mean(axis=0))
    np.testing.assert_array_equal(data.samples.X, made)


def test_what_can_t_be_made():
    with pytest.raises(UnknownNameError, match="x1_x2"):
        features_at(POINTS, ["x1x2"])
    for names in ([], ["x1", "x1"]):
        with pytest.raises(SpecificationError, match="stands once"):
            features_at(POINTS, names)
    wide = measured(np.zeros((2, 3)), np.zeros((2, 1)))
    with pytest.raises(SpecificationError, match="these data have 3") as failure:
        with_features(wide, ["x1"])
    assert failure.value.where == ["data", "features"]
    with pytest.raises(SpecificationError, match="beyond"):
        with_features(measured(POINTS * 1e60, np.zeros((3, 1))), ["x1_squared"])
