"""Activations and their slopes beside a table worked out to 60 digits, far into both tails.

`tests/examples/activations.json` holds rows of z, g(z), g'(z), from the definitions by mpmath.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from core import ACTIVATIONS

TABLE: dict[str, list[list[float]]] = json.loads(
    (Path(__file__).parents[1] / "examples" / "activations.json").read_text()
)
# Two units in the last place, relative to the number itself: at z = 40 a slope is 4e-18.
ROUNDING = 5e-16
# Φ(z) falls like exp(-z²/2), which magnifies the rounding of its argument z² times.
TAIL_ROUNDING = {"gelu": 2e-14, "gelu_tanh": 5e-14}
EXTREMES = np.array([-1e300, -1e120, -1e20, -1e4, 1e4, 1e20, 1e120, 1e300])


def test_the_table_has_every_activation():
    assert set(TABLE) == set(ACTIVATIONS) - {"softmax"}


@pytest.mark.parametrize("name", TABLE)
def test_values_and_slopes_to_the_last_digits(name: str):
    activation = ACTIVATIONS[name]
    assert activation.slope
    z, value, slope = np.array(TABLE[name]).T
    tail = z <= -5
    for equation, expected in ((activation.value, value), (activation.slope, slope)):
        ours = equation(z)
        bound = np.where(tail, TAIL_ROUNDING.get(name, ROUNDING), 2 * ROUNDING)
        assert (np.abs(ours - expected) <= bound * np.abs(expected)).all(), ours - expected


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", TABLE)
def test_far_out_every_value_and_slope_is_its_limit(name: str, dtype: type):
    activation = ACTIVATIONS[name]
    assert activation.slope
    z = EXTREMES[np.abs(EXTREMES) < np.finfo(dtype).max].astype(dtype)
    with np.errstate(over="ignore"):
        value, slope = activation.value(z), activation.slope(z)
    squashed = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
    linear = {"identity": 1.0, "leaky_relu": 0.01}
    low, high = squashed.get(name, (-1.0 if name == "elu" else linear.get(name, 0.0) * z, z))
    flat = 0.0 if name in squashed else 1.0
    np.testing.assert_allclose(value, np.where(z < 0, low, high), rtol=1e-6)
    np.testing.assert_allclose(slope, np.where(z < 0, linear.get(name, 0.0), flat), rtol=1e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_float32_values_are_the_float64_ones_rounded(name: str):
    activation = ACTIVATIONS[name]
    z = np.linspace(-12, 12, 97, dtype=np.float32).reshape(1, -1)
    wide, narrow = z.astype(float), z
    for equation in (activation.value, activation.slope):
        if equation:
            ours = equation(narrow)
            assert ours.dtype == np.float32
            np.testing.assert_allclose(ours, equation(wide), rtol=2e-5, atol=3e-7)
