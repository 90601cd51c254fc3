"""Presets: each runs to its end, and what its sentence tells people to watch happens."""

import math

import numpy as np
import pytest

from core import PRESETS
from core.presets import LECTURE_X, LECTURE_Y

LOSSES = {
    "mse_identity": 0.621327270328,
    "bce_sigmoid": 1.990146474422,
    "ce_softmax": 1.049805267500,
}


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_complete_and_says_what_it_is(name: str):
    preset = PRESETS[name]
    assert preset.name == name
    assert all((preset.title, preset.group, preset.description, preset.watch))
    expected = "diverged" if name == "exploding" else "complete"
    assert preset.experiment().trace().outcome == expected


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_gives_the_same_numbers_every_time(name: str):
    first, again = PRESETS[name].experiment().trace(), PRESETS[name].experiment().trace()
    assert list(first.tensors) == list(again.tensors)
    for id, tensor in first.tensors.items():
        np.testing.assert_array_equal(tensor.data, again[id])


def test_there_is_a_preset_for_every_part_of_the_lecture():
    assert list(PRESETS)[:3] == ["mse_identity", "bce_sigmoid", "ce_softmax"]
    assert {"demo_1", "demo_2", "demo_1_float32", "demo_2_float32"} < set(PRESETS)
    assert {"linear_regression", "logistic_regression", "xor"} < set(PRESETS)


@pytest.mark.parametrize("name", LOSSES)
def test_the_lecture_s_losses(name: str):
    trace = PRESETS[name].experiment().trace()
    assert float(trace["L@0"]) == pytest.approx(LOSSES[name], abs=1e-12)
    np.testing.assert_array_equal(trace["A[0]@0"], LECTURE_X)
    np.testing.assert_array_equal(trace["Y@0"], LECTURE_Y)
    parameters = sum(trace[f"{symbol}[{layer}]@0"].size for symbol in "Wb" for layer in (1, 2, 3))
    assert parameters == 89


@pytest.mark.parametrize("name", ["linear_regression", "logistic_regression", "xor"])
def test_the_small_problems_learn(name: str):
    preset = PRESETS[name]
    trace = preset.experiment().trace()
    losses = [float(trace[f"L@{k}"]) for k in range(preset.iterations)]
    assert losses[-1] < 0.6 * losses[0]
    assert losses == sorted(losses, reverse=True)


def test_the_line_nears_the_least_squares_line():
    preset = PRESETS["linear_regression"]
    trace = preset.experiment().trace()
    slope, intercept = np.polyfit(np.ravel(preset.X), np.ravel(preset.Y), 1)
    assert (slope, intercept) == (pytest.approx(2.02), pytest.approx(1.04))
    assert trace["W[1]@8"][0, 0] == pytest.approx(slope, rel=0.02)
    assert trace["b[1]@8"][0] == pytest.approx(intercept, rel=0.07)


def test_softmax_s_rows_add_up():
    trace = PRESETS["ce_softmax"].experiment().trace()
    np.testing.assert_allclose(trace["A[3]@0"].sum(axis=1), 1, rtol=1e-15)
    np.testing.assert_allclose(trace["dZ[3]@0"].sum(axis=1), 0, atol=1e-16)


def test_xor_falls_below_what_no_straight_line_can_do():
    preset = PRESETS["xor"]
    trace = preset.experiment().trace()
    assert float(trace[f"L@{preset.iterations - 1}"]) < math.log(2)
