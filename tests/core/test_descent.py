"""Descent on surfaces: the lecture's path, its stopping tests, the searches' step counts."""

from typing import Any

import numpy as np
import pytest

from core.descent import Descent, Path, Stop, sweep
from core.errors import BudgetError, SpecificationError, UnknownNameError
from core.optimizers import OPTIMIZERS
from core.searches import SEARCHES, updated_inverse
from core.surface import Surface, quadratic
from core.surfaces import SURFACES
from core.trace import run_trace

LECTURE = SURFACES["lecture_quadratic"]


def path(
    surface: Surface = LECTURE,
    start: tuple[float, ...] = (3, 3),
    optimizer: str = "gradient_descent",
    stop: dict[str, Any] | None = None,
    **more: Any,
) -> Path:
    options = {name: more.pop(name) for name in ("schedule", "ascend", "switches") if name in more}
    schedule_numbers = more.pop("schedule_numbers", None)
    return Descent(
        surface,
        start,
        optimizer,
        more,
        stop=Stop(**(stop or {})),
        schedule_numbers=schedule_numbers,
        **options,
    ).run()


def test_the_lecture_s_path_with_a_step_size_of_0_1():
    run = path(learning_rate=0.1, stop={"max_iterations": 6})
    np.testing.assert_allclose(
        run.theta,
        [
            (3, 3),
            (2.1, 0.3),
            (1.65, -0.15),
            (1.335, -0.195),
            (1.0875, -0.1725),
            (0.88725, -0.14325),
            (0.724125, -0.117375),
        ],
        atol=1e-15,
    )
    np.testing.assert_allclose(
        run.value, [54, 5.4, 2.565, 1.674, 1.1140875, 0.74219625, 0.4944704], rtol=1e-7
    )
    assert run.gradient[0].tolist() == [9, 27]
    assert run.step_size.tolist() == [0.1] * 6
    assert run.stopped_by == "max_iterations"


def test_the_lecture_s_path_with_a_step_size_of_0_2():
    run = path(learning_rate=0.2, stop={"gradient_norm": 1e-6})
    np.testing.assert_allclose(run.value, 54 * 0.4 ** np.arange(39), rtol=1e-12)
    np.testing.assert_allclose(run.theta[2:], 0.4 * run.theta[:-2], rtol=1e-11)


STEPS = [
    ({"value_change": 1e-3}, (37, 20, 13, 100)),
    ({"value_change": 1e-6}, (73, 37, 20, 182)),
    ({"value_change": 1e-8}, (97, 48, 25, 237)),
    ({"gradient_norm": 1e-2}, (64, 31, 18, 190)),
    ({"gradient_norm": 1e-3}, (88, 42, 23, 245)),
    ({"gradient_norm": 1e-6}, (160, 76, 38, 410)),
]


@pytest.mark.parametrize(("stop", "expected"), STEPS)
def test_the_stopping_tests_fire_when_they_should(stop: dict[str, float], expected: tuple[int]):
    for learning_rate, steps in zip((0.05, 0.1, 0.2, 0.24), expected, strict=True):
        run = path(learning_rate=learning_rate, stop=stop)
        assert (run.iterations, run.stopped_by) == (steps, *stop)


@pytest.mark.parametrize("learning_rate", [0.25, 0.3])
def test_divergence_is_never_called_convergence(learning_rate: float):
    run = path(learning_rate=learning_rate, stop={"gradient_norm": 1e-6})
    assert run.stopped_by == "diverged"
    assert np.isfinite(run.value).all()
    if learning_rate == 0.25:
        assert run.value[1] == run.value[0] == 54


def test_a_small_change_alone_says_little():
    tiny = {"learning_rate": 1e-6}
    alone = path(**tiny, stop={"value_change": 1e-3})
    assert (alone.iterations, alone.stopped_by) == (1, "value_change")
    assert alone.gradient_norm[-1] > 28
    both = {"value_change": 1e-3, "gradient_norm": 1e-2, "require": "both", "max_iterations": 50}
    assert path(**tiny, stop=both).stopped_by == "max_iterations"


def test_exact_line_search_is_exact():
    run = path(optimizer="exact_line_search", stop={"max_iterations": 10})
    assert run.step_size.tolist() == [0.125, 0.5] * 5
    assert run.value.tolist() == [54 / 16**k for k in range(11)]


def test_conjugate_gradient_takes_two_steps_and_newton_one():
    stop = {"gradient_norm": 1e-6}
    conjugate = path(optimizer="conjugate_gradient", stop=stop)
    assert conjugate.iterations == 2
    np.testing.assert_allclose(conjugate.step_size, [1 / 8, 8 / 15])
    assert path(optimizer="newton", stop=stop).iterations == 1


def test_backtracking_halves_until_it_is_enough():
    run = path(optimizer="backtracking", stop={"max_iterations": 1})
    assert (run.step_size[0], run.value[1]) == (0.125, 3.375)


def test_newton_on_rosenbrock_without_a_search_is_the_textbook_s():
    rosenbrock = SURFACES["rosenbrock"]
    theta, values = np.array(rosenbrock.start), []
    for _ in range(7):
        values.append(float(rosenbrock.value(*theta)))
        gradient = np.array(rosenbrock.gradient(*theta))
        theta = theta - np.linalg.solve(rosenbrock.hessian_at(theta), gradient)
    np.testing.assert_allclose(
        values, [24.2, 4.731884, 1411.845, 0.055966, 0.313189, 1.85e-11, 3.4e-20], rtol=2e-2
    )


@pytest.mark.parametrize("optimizer", ["bfgs", "conjugate_gradient", "newton"])
@pytest.mark.parametrize(
    "name", ["rosenbrock", "beale", "booth", "himmelblau", "matyas", "double_well"]
)
def test_the_searches_find_a_minimum(name: str, optimizer: str):
    surface = SURFACES[name]
    run = path(surface, surface.start, optimizer, {"gradient_norm": 1e-8})
    assert run.stopped_by == "gradient_norm"
    assert run.iterations <= 60
    minima = [optimum for optimum in surface.optima if optimum.kind == "minimum"]
    distances = [np.linalg.norm(run.theta[-1] - np.array(minimum.at)) for minimum in minima]
    assert min(distances) < 1e-6


def test_bfgs_with_exact_steps_is_conjugate_gradient():
    H = np.array([[2.0, 1.0], [1.0, 8.0]])
    theta, inverse = np.array([3.0, 3.0]), np.eye(2)
    expected = path(optimizer="conjugate_gradient", stop={"gradient_norm": 1e-6}).theta
    gradient = H @ theta
    for point in expected[1:]:
        p = -inverse @ gradient
        moved = theta - (gradient @ p) / (p @ H @ p) * p
        np.testing.assert_allclose(moved, point, atol=1e-12)
        after = H @ moved
        # Without the first rescaling, which changes nothing under exact steps.
        inverse = updated_inverse(inverse + 1e-300, moved - theta, after - gradient)
        theta, gradient = moved, after


def test_ascent_climbs():
    run = path(learning_rate=0.1, ascend=True, stop={"max_iterations": 2})
    np.testing.assert_allclose(run.theta[1:], [(3.9, 5.7), (5.25, 10.65)])
    np.testing.assert_allclose(run.value[1:], [167.4, 537.165])
    bump = SURFACES["bump"]
    for optimizer in ("gradient_descent", "newton", "bfgs"):
        climbed = path(bump, (0.6, 0.3), optimizer, {"gradient_norm": 1e-8}, ascend=True)
        assert climbed.value[-1] == pytest.approx(1.0)


TRIVIAL = ("branch_descent", "sign_descent")


def trivial(optimizer: str, most: int = 1000, **more: Any) -> Path:
    return path(SURFACES["parabola"], (3,), optimizer, {"max_iterations": most}, **more)


@pytest.mark.parametrize("optimizer", TRIVIAL)
def test_the_trivial_algorithm_lands_or_never_lands(optimizer: str):
    lands = trivial(optimizer, learning_rate=0.5)
    assert (lands.iterations, lands.stopped_by) == (6, "stationary")
    assert lands.theta[:, 0].tolist() == [3, 2.5, 2, 1.5, 1, 0.5, 0]
    cycles = trivial(optimizer, 51, learning_rate=0.4)
    assert {round(float(x), 9) for x in cycles.theta[-6:, 0]} == {0.2, -0.2}
    tenth = trivial(optimizer, 200, learning_rate=0.1)
    assert tenth.stopped_by == "max_iterations"
    assert {round(float(x), 9) for x in tenth.theta[-6:, 0]} == {0.1, 0.0}
    assert 0 < abs(tenth.theta[-6:, 0]).min() < 2e-15


@pytest.mark.parametrize("optimizer", TRIVIAL)
def test_the_trivial_algorithm_with_steps_that_shrink(optimizer: str):
    arrives = trivial(
        optimizer, 2000, learning_rate=1.0, schedule="inverse", schedule_numbers={"gamma": 1.0}
    )
    assert abs(arrives.theta[-1, 0]) == pytest.approx(5.0e-4, rel=1e-2)
    stalls = trivial(
        optimizer, 200, learning_rate=1.0, schedule="exponential", schedule_numbers={"gamma": 0.5}
    )
    assert stalls.theta[-1, 0] == 1.0
    assert stalls.stopped_by == "stationary"
    assert stalls.gradient_norm[-1] == 2


@pytest.mark.parametrize("learning_rate", [0.5, 0.4, 0.1])
def test_both_forms_of_the_trivial_algorithm_agree_while_there_is_a_slope(learning_rate: float):
    branch, sign = (trivial(name, 200, learning_rate=learning_rate) for name in TRIVIAL)
    np.testing.assert_array_equal(branch.theta, sign.theta)
    assert branch.stopped_by == sign.stopped_by


def test_without_a_slope_the_two_forms_differ():
    saddle = SURFACES["saddle"]
    branch, sign = (
        path(saddle, (1, 0), name, {"max_iterations": 1}, learning_rate=0.25) for name in TRIVIAL
    )
    assert branch.theta[1].tolist() == [0.75, 0.25]
    assert sign.theta[1].tolist() == [0.75, 0]


@pytest.mark.parametrize(
    ("schedule", "numbers", "expected"),
    [
        ("constant", {}, [0.1, 0.1, 0.1]),
        ("inverse", {"gamma": 0.5}, [0.1, 0.1 / 1.5, 0.1 / 2]),
        ("inverse_sqrt", {}, [0.1, 0.1 / 2**0.5, 0.1 / 3**0.5]),
        ("exponential", {"gamma": 0.5}, [0.1, 0.05, 0.025]),
        ("step", {"gamma": 0.5, "period": 2}, [0.1, 0.1, 0.05]),
        ("cosine", {"period": 2, "lowest": 0.02}, [0.1, 0.06, 0.02]),
    ],
)
def test_a_schedule_s_step_sizes(schedule: str, numbers: dict[str, float], expected: list[float]):
    run = path(
        learning_rate=0.1, schedule=schedule, schedule_numbers=numbers, stop={"max_iterations": 3}
    )
    assert run.step_size.tolist() == pytest.approx(expected)


@pytest.mark.parametrize("name", SURFACES)
def test_a_surface_s_gradient_and_hessian(name: str):
    surface, state = SURFACES[name], np.random.RandomState(3)
    for _ in range(20):
        x = np.array([state.uniform(*side) for side in surface.view])
        for i, unit in enumerate(np.eye(len(x)) * 1e-5):
            high, low = x + unit, x - unit
            slope = (surface.value(*high) - surface.value(*low)) / 2e-5
            assert surface.gradient(*x)[i] == pytest.approx(float(slope), rel=1e-5, abs=1e-5)
            bend = (np.array(surface.gradient(*high)) - np.array(surface.gradient(*low))) / 2e-5
            np.testing.assert_allclose(surface.hessian_at(x)[i], bend, rtol=1e-5, atol=1e-4)
    for optimum in surface.optima:
        assert float(surface.value(*optimum.at)) == pytest.approx(optimum.value, abs=1e-9)
        assert np.linalg.norm(np.array(surface.gradient(*optimum.at), float)) < 1e-5


def test_known_values_of_known_functions():
    assert SURFACES["rosenbrock"].value(-1.2, 1) == pytest.approx(24.2)
    assert SURFACES["rosenbrock"].gradient(-1.2, 1) == pytest.approx((-215.6, -88))
    assert SURFACES["beale"].value(0, 0) == SURFACES["beale"].value(1, 1) == 14.203125
    assert SURFACES["booth"].value(0, 0) == 74
    np.testing.assert_allclose(
        np.linalg.eigvalsh(LECTURE.hessian_at(np.zeros(2))), [5 - 10**0.5, 5 + 10**0.5]
    )


def test_any_quadratic_by_its_matrix():
    run = path(quadratic([[2, 1], [1, 8]], (3, 3)), learning_rate=0.2, stop={"gradient_norm": 1e-6})
    assert run.iterations == 38


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"optimizer": "adamm"}, UnknownNameError, "adam"),
        ({"schedule": "cosin"}, UnknownNameError, "cosine"),
        ({"stop": {"require": "bothh"}}, UnknownNameError, "both"),
        ({"start": (1.0,)}, SpecificationError, "has 2 variables"),
        ({"learning_rate": 0.0}, SpecificationError, "above 0, not 0"),
        ({"momentum": 0.5}, SpecificationError, "takes no momentum"),
        ({"optimizer": "momentum", "momentum": 1.5}, SpecificationError, "below 1"),
        (
            {"surface": SURFACES["rosenbrock"], "optimizer": "exact_line_search"},
            SpecificationError,
            "quadratic",
        ),
    ],
)
def test_what_can_t_run_is_refused(options: dict[str, Any], error: type, words: str):
    with pytest.raises(error, match=words):
        path(**options)


def test_every_search_is_deterministic():
    for optimizer in SEARCHES:
        first, second = (path(optimizer=optimizer, stop={"max_iterations": 5}) for _ in range(2))
        np.testing.assert_array_equal(first.theta, second.theta)


@pytest.mark.parametrize("optimizer", [*OPTIMIZERS, *SEARCHES])
def test_a_path_is_what_its_program_gives_without_a_loop(optimizer: str):
    """The loop joins updates and swaps buffers; a trace takes one step after the other."""
    descent = Descent(
        SURFACES["rosenbrock"] if optimizer != "exact_line_search" else LECTURE,
        (-1.2, 1),
        optimizer,
        {"learning_rate": 1e-3} if optimizer in OPTIMIZERS else None,
        stop=Stop(max_iterations=7),
    )
    trace = run_trace(descent.program(), descent.inputs(), 7)
    np.testing.assert_array_equal(descent.run().theta, [trace[f"theta@{k}"] for k in range(8)])


def test_a_path_whose_time_is_up_is_given_up():
    descent = Descent(SURFACES["rosenbrock"], (-1.2, 1), numbers={"learning_rate": 1e-4})
    with pytest.raises(BudgetError, match="after 64 steps"):
        descent.run(is_over=lambda: True)
    with pytest.raises(BudgetError, match="after 64 steps"):
        descent.trace(1000, is_over=lambda: True)
    with pytest.raises(BudgetError, match="fewer iterations"):
        sweep(descent, [1e-4, 1e-5], is_over=lambda: True)
