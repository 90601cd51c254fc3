"""Modes: the lecture's quadratic in its eigen-directions, by the numbers of the specification."""

from typing import Any

import numpy as np
import pytest

from core.descent import Descent, Stop
from core.errors import SpecificationError
from core.modes import Modes, modes_of
from core.surface import Surface, quadratic
from core.surfaces import SURFACES

LECTURE = SURFACES["lecture_quadratic"]


def modes(
    surface: Surface = LECTURE,
    start: tuple[float, ...] = (3, 3),
    numbers: dict[str, float] | None = None,
    stop: dict[str, Any] | None = None,
    **more: Any,
) -> Modes:
    return modes_of(
        Descent(
            surface, start, numbers=numbers, stop=Stop(**(stop or {"gradient_norm": 1e-6})), **more
        )
    )


TABLE = [
    (0.1, (0.816228, 0.183772), 0.816228, 0.666228),
    (0.2, (0.632456, -0.632456), 0.632456, 0.4),
    (0.24, (0.558947, -0.958947), 0.958947, 0.919579),
    (0.25, (0.540569, -1.040569), 1.040569, 1.0828),
    (0.3, (0.448683, -1.448683), 1.448683, 2.0987),
]


@pytest.mark.parametrize(("learning_rate", "factors", "rate", "ratio"), TABLE)
def test_the_lecture_s_step_sizes(
    learning_rate: float, factors: tuple[float, ...], rate: float, ratio: float
):
    found = modes(numbers={"learning_rate": learning_rate})
    assert found.center.tolist() == [0, 0]
    assert found.factors is not None
    assert found.predicted is not None
    np.testing.assert_allclose(found.factors, factors, atol=5e-7)
    assert found.predicted_rate == pytest.approx(rate, abs=5e-7)
    assert found.value_ratio[-1] == pytest.approx(ratio, abs=5e-5)
    assert found.measured_rate[-1] == pytest.approx(rate, rel=1e-3)
    size = float(found.error.max())
    np.testing.assert_allclose(found.coordinates, found.predicted, atol=1e-13 * size)


def test_at_0_2_every_step_multiplies_the_value_by_0_4():
    found = modes(numbers={"learning_rate": 0.2})
    np.testing.assert_allclose(found.value_ratio, 0.4, rtol=1e-12)
    assert len(found.value_ratio) == len(found.error) - 1 == 38


def test_the_directions():
    found = modes()
    np.testing.assert_allclose(found.eigenvalues, [5 - 10**0.5, 5 + 10**0.5])
    angles = np.degrees(np.arctan2(found.eigenvectors[:, 1], found.eigenvectors[:, 0]))
    np.testing.assert_allclose(angles, [-9.217, 80.783], atol=1e-3)
    # Back from the coordinates: the start, less the centre.
    np.testing.assert_allclose(found.coordinates[0] @ found.eigenvectors, [3, 3])
    np.testing.assert_allclose(found.error[0], 18**0.5)


def test_ascent_multiplies_by_what_descent_would_not():
    found = modes(numbers={"learning_rate": 0.1}, ascend=True, stop={"max_iterations": 5})
    assert found.factors is not None
    assert found.predicted is not None
    np.testing.assert_allclose(found.factors, [1.183772, 1.816228], atol=5e-7)
    np.testing.assert_allclose(found.coordinates, found.predicted)


@pytest.mark.parametrize(
    "more",
    [
        {"optimizer": "momentum"},
        {"optimizer": "newton"},
        {"numbers": {"weight_decay": 0.1}},
        {"schedule": "inverse"},
    ],
)
def test_what_has_no_factors_has_no_prediction(more: dict[str, Any]):
    found = modes(**more)
    assert found.factors is found.predicted is found.predicted_rate is None
    assert len(found.coordinates) == len(found.error) == len(found.measured_rate) + 1


def test_a_centre_off_the_origin():
    found = modes(SURFACES["booth"], (-5, 5), {"learning_rate": 0.1})
    np.testing.assert_allclose(found.center, [1, 3], rtol=1e-15)
    np.testing.assert_allclose(found.eigenvalues, [2, 18])
    assert found.predicted_rate == pytest.approx(0.8)


def test_a_saddle_has_a_mode_that_grows():
    found = modes(SURFACES["saddle"], (2.5, 0.001), {"learning_rate": 0.1}, {"max_iterations": 20})
    assert found.eigenvalues.tolist() == [-2, 2]
    np.testing.assert_allclose(found.factors, [1.2, 0.8])
    np.testing.assert_allclose(abs(found.coordinates[-1]), [0.001 * 1.2**20, 2.5 * 0.8**20])


@pytest.mark.parametrize(("matrix", "curved"), [([[2, 0], [0, 0]], 0), ([[1, 1], [1, 1]], 1)])
def test_a_flat_direction_has_no_error_and_no_rate(matrix: list[list[float]], curved: int):
    found = modes(quadratic(matrix, (3, 3)), (3, 1), {"learning_rate": 0.1})
    assert found.predicted_rate == pytest.approx(0.8)
    np.testing.assert_allclose(found.coordinates[:, 0], 0, atol=1e-12)
    np.testing.assert_allclose(found.measured_rate[:5], 0.8)
    # The nearest of all level points, straight across the valley.
    np.testing.assert_allclose(found.center, [(0, 1), (1, -1)][curved], atol=1e-12)


def test_a_flat_surface():
    found = modes(quadratic([[0, 0], [0, 0]], (3, 3)))
    assert found.error.tolist() == [0]
    assert found.predicted_rate is None


def test_one_variable():
    found = modes(SURFACES["parabola"], (3,), {"learning_rate": 0.1})
    assert (found.eigenvalues.tolist(), found.eigenvectors.tolist()) == ([2], [[1]])
    assert found.predicted_rate == pytest.approx(0.8)
    np.testing.assert_allclose(found.coordinates[:6, 0], 3 * 0.8 ** np.arange(6))


def test_a_step_that_lands_has_no_ratio_after_it():
    found = modes(SURFACES["parabola"], (3,), {"learning_rate": 0.5}, {"max_iterations": 1})
    assert found.error.tolist() == [3, 0]
    assert (found.measured_rate.tolist(), found.value_ratio.tolist()) == ([0], [0])
    resting = modes(SURFACES["saddle"], (1, 1), {"learning_rate": 0.1}, {"max_iterations": 1})
    assert np.isnan(resting.value_ratio[0]) or np.isinf(resting.value_ratio[0])


def test_off_a_quadratic_the_centre_is_where_the_path_came_to_rest():
    well = SURFACES["double_well"]
    found = modes(well, (2,), {"learning_rate": 0.05})
    assert found.center[0] == pytest.approx(1.346997408527774, abs=1e-6)
    assert found.predicted_rate == pytest.approx(1 - 0.05 * (3 * 1.346997408527774**2 - 2))
    assert found.measured_rate[-40] == pytest.approx(found.predicted_rate, rel=1e-2)


@pytest.mark.parametrize(
    ("name", "start", "more", "words"),
    [
        ("rosenbrock", (-1.2, 1), {"numbers": {"learning_rate": 0.001}}, "isn't a quadratic"),
        (
            "sine",
            (1,),
            {
                "optimizer": "sign_descent",
                "numbers": {"learning_rate": 0.1},
                "schedule": "exponential",
                "schedule_numbers": {"gamma": 0.5},
            },
            "level point",
        ),
    ],
)
def test_a_path_that_found_no_level_point_has_no_modes(
    name: str, start: tuple[float, ...], more: dict[str, Any], words: str
):
    with pytest.raises(SpecificationError, match=words):
        modes(SURFACES[name], start, **more)


def test_a_slope_without_curvature_has_no_centre():
    slope = Surface(
        "tilted",
        "A tilted trough",
        "x_1^2 + x_2",
        "x1**2 + x2",
        lambda x, y: x * x + y,
        lambda x, y: (2 * x, 1 + 0 * y),
        lambda x, y: ((2 + 0 * x, 0 * y), (0 * x, 0 * y)),
        ((-4, 4), (-4, 4)),
        (3, 3),
        is_quadratic=True,
    )
    with pytest.raises(SpecificationError, match="still slopes"):
        modes(slope, (3, 3), stop={"max_iterations": 5})
