"""PyTorch's random stream without PyTorch: its rounding, its range and its first numbers."""

from fractions import Fraction

import numpy as np
import pytest

from core.torch_random import Float32, TorchRandom


class Fixed(TorchRandom):
    """A stream that draws the given numbers."""

    def __init__(self, *draws: float) -> None:
        self._draws = np.array(draws, np.float32)

    def rand(self, count: int) -> Float32:
        return self._draws[:count]


def nearest(exact: Fraction) -> float:
    """The float32 that lies nearest, from its two neighbours."""
    start = np.float32(float(exact))
    around = [np.nextafter(start, np.float32(side * np.inf)) for side in (-1, 1)]
    return float(min((start, *around), key=lambda each: abs(Fraction(float(each)) - exact)))


def test_a_sum_is_rounded_once():
    # 0.75 (1 + 2⁻²³) lies halfway between two float32 numbers. A float64 sum loses the 2⁻⁶⁰ that
    # pulls it down, and would then go up to the even one of the two.
    ours = Fixed(0.75).uniform(-(2.0**-60), 1 + 2.0**-23, 1)
    assert float(ours[0]) == 0.75 + 2.0**-24


@pytest.mark.parametrize(("low", "high"), [(-0.5, 0.5), (-0.3, 0.7), (1e-9, 3.0), (-1e3, 1e-3)])
def test_every_draw_is_the_nearest_float_to_the_exact_sum(low: float, high: float):
    start, width = np.float32(low), np.float32(high) - np.float32(low)
    draws = TorchRandom(11).rand(500)
    expected = [
        nearest(Fraction(float(draw)) * Fraction(float(width)) + Fraction(float(start)))
        for draw in draws
    ]
    assert TorchRandom(11).uniform(low, high, 500).tolist() == expected


def test_draws_are_24_bit_fractions_below_1():
    draws = TorchRandom(1).rand(100_000).astype(float) * 2**24
    assert (draws == draws.round()).all()
    assert 0 <= draws.min() <= draws.max() < 2**24


def test_a_stream_goes_on_where_it_stopped():
    whole, parts = TorchRandom(5).rand(40), TorchRandom(5)
    np.testing.assert_array_equal(whole, np.concatenate([parts.rand(17), parts.rand(23)]))


def test_a_layer_draws_its_weights_and_then_its_bias():
    stream, layer = TorchRandom(9), TorchRandom(9)
    W, b = layer.linear(4, 3)
    np.testing.assert_array_equal(W.ravel(), stream.uniform(-0.5, 0.5, 12))
    np.testing.assert_array_equal(b, stream.uniform(-0.5, 0.5, 3))
