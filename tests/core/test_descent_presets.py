"""The laboratory's presets: every number in a sentence on what to watch is one that a run gives."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from core.curvature import curvature_at
from core.descent import Path
from core.descent_preset import DescentPreset
from core.descent_presets import DESCENT_PRESETS
from core.surfaces import SURFACES

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
NOTATION = re.compile(r"[₁₂]|1/\(?k")
Claims = list[object]


def decimals(number: float, places: int) -> str:
    return f"{float(number):.{places}f}"


def plain(number: float) -> str:
    return f"{float(number):.9f}".rstrip("0").rstrip(".")


def steps(*paths: Path) -> Claims:
    """The lengths of paths that arrive where the gradient is short enough."""
    assert {path.stopped_by for path in paths} == {"gradient_norm"}
    return [path.iterations for path in paths]


def rates(preset: DescentPreset) -> Claims:
    return [plain(run.numbers["learning_rate"]) for run in preset.runs if run.numbers]


def unfinished(path: Path) -> Claims:
    assert path.stopped_by == "max_iterations"
    return [path.iterations]


def derivative(_: DescentPreset, path: Path) -> Claims:
    (x, y), (slope, _end) = path.theta[:, 0], path.gradient[:, 0]
    rise, said = path.value[1] - path.value[0], slope * (y - x)
    assert rise - said == pytest.approx((y - x) ** 2)
    return [plain(x), plain(y), plain(rise), plain(slope), plain(said)]


def locally_linear(preset: DescentPreset, path: Path) -> Claims:
    assert preset.window is not None
    ((low, high),) = preset.window
    x = np.linspace(low, high, 1001)
    tangent = path.value[0] + path.gradient[0, 0] * (x - path.theta[0, 0])
    off = np.abs(SURFACES["sine"].value(x) - tangent).max()
    assert 0.00105 < off < 0.0011
    return [plain(high - low), decimals(off + 5e-5, 4)]


def gradient(_: DescentPreset, path: Path) -> Claims:
    return [*map(plain, path.gradient[0]), decimals(path.gradient_norm[0], 2)]


def level_curve(_: DescentPreset, path: Path) -> Claims:
    surface, (x, y) = SURFACES["lecture_quadratic"], path.theta[0]
    across = np.array([-path.gradient[0][1], path.gradient[0][0]]) * 1e-7
    ahead = surface.value(x + across[0], y + across[1])
    assert abs(ahead - path.value[0]) / np.linalg.norm(across) < 1e-4
    return [*map(plain, path.gradient[0]), plain(path.value[0])]


def iterative(_: DescentPreset, path: Path) -> Claims:
    assert (np.diff(path.value) < 0).all()
    left, right, _hill = SURFACES["double_well"].optima
    assert path.theta[-1, 0] == pytest.approx(right.at[0], abs=1e-6)
    assert left.value < right.value
    return [plain(path.theta[0, 0]), *steps(path), plain(path.gradient_norm[-1].round(5))]


def sign_of_the_slope(_: DescentPreset, path: Path) -> Claims:
    assert path.gradient[0] > 0 > path.gradient[1]
    return [plain(x) for x in path.theta[:3, 0]]


def trivial_lands(preset: DescentPreset, path: Path) -> Claims:
    assert (path.theta[-1, 0], path.stopped_by) == (0, "stationary")
    return [path.iterations, *rates(preset)]


def trivial_misses(preset: DescentPreset, path: Path) -> Claims:
    unfinished(path)
    ends = sorted({round(float(x), 9) for x in path.theta[8:, 0]})
    assert (path.gradient_norm > 0.1).all()
    return [*rates(preset), *map(plain, ends), 0]


def trivial_shrinks(_: DescentPreset, path: Path) -> Claims:
    end = abs(float(path.theta[-1, 0]))
    np.testing.assert_allclose(path.step_size, 1 / np.arange(1, 2001))
    return [*unfinished(path), decimals(end, 4), 0]


def trivial_stalls(_: DescentPreset, path: Path) -> Claims:
    assert path.stopped_by == "stationary"
    return [plain(path.step_size.sum()), plain(path.theta[-1, 0]), plain(path.gradient[-1, 0])]


def three_forms(preset: DescentPreset, branch: Path, sign: Path, plainly: Path) -> Claims:
    np.testing.assert_array_equal(branch.theta, sign.theta)
    lengths = np.abs(np.diff(plainly.theta[:, 0]))
    assert (np.diff(lengths) < 0).all()
    return [*steps(branch, plainly), rates(preset)[0], plain(lengths[0])]


def descent(_: DescentPreset, path: Path) -> Claims:
    np.testing.assert_allclose(np.diff(path.theta, axis=0), -0.1 * path.gradient[:-1], atol=1e-12)
    return [*steps(path), *(plain(round(float(x), 6)) for x in path.theta[-1])]


def climb(_: DescentPreset, path: Path) -> Claims:
    lengths = np.linalg.norm(np.diff(path.theta, axis=0), axis=1)
    assert lengths[0] < lengths.max() / 2
    assert path.value[-1] == pytest.approx(1)
    return [int(lengths.argmax()) + 1]


def step_size_rules(_: DescentPreset, *paths: Path) -> Claims:
    assert paths[2].iterations == paths[3].iterations
    return [*steps(*paths), plain(paths[0].step_size[0]), plain(paths[1].step_size[0])]


def calm(_: DescentPreset, path: Path) -> Claims:
    return [*map(plain, path.value[:2]), *steps(path)]


def best(preset: DescentPreset, path: Path) -> Claims:
    ratios = path.value[1:] / path.value[:-1]
    np.testing.assert_allclose(ratios, ratios[0], rtol=1e-12)
    bend = curvature_at(SURFACES["lecture_quadratic"], preset.start)
    assert bend.best_step == pytest.approx(0.2, rel=1e-15)
    return [plain(ratios[0]), *steps(path)]


def side_by_side(preset: DescentPreset, small: Path, large: Path) -> Claims:
    lower = small.value[1:39] < large.value[1:39]
    turn = int(lower.argmin())
    assert lower[:turn].all()
    assert not lower[turn:].any()
    return [turn, turn + 1, *rates(preset), *steps(small, large)]


def stable_limit() -> str:
    limit = curvature_at(SURFACES["lecture_quadratic"], (3, 3)).stable_below
    assert limit is not None
    return decimals(limit, 5)


def zigzag(_: DescentPreset, path: Path) -> Claims:
    assert (np.diff(np.sign(path.theta[1:20, 1])) != 0).all()
    return [stable_limit(), *steps(path)]


def diverging(_: DescentPreset, path: Path) -> Claims:
    assert path.stopped_by == "diverged"
    assert path.value[0] == path.value[1]
    ratios = path.value[31:] / path.value[30:-1]
    assert ((ratios > 1.0795) & (ratios < 1.085)).all()
    return [plain(path.value[1]), stable_limit(), decimals(100 * (ratios[0] - 1), 0)]


def runaway(_: DescentPreset, path: Path) -> Claims:
    assert path.stopped_by == "diverged"
    assert (path.value[11:] > 2 * path.value[10:-1]).all()
    assert path.value[-1] > 1e13
    return [2, path.iterations]


def fires(preset: DescentPreset, *paths: Path) -> Claims:
    given = preset.stop.value_change or preset.stop.gradient_norm
    assert given is not None
    wanted = "gradient_norm" if preset.stop.gradient_norm else "value_change"
    assert {path.stopped_by for path in paths} == {wanted}
    return [plain(given), *rates(preset), *(path.iterations for path in paths)]


def both_criteria(preset: DescentPreset, *paths: Path) -> Claims:
    return fires(preset, *paths)[1:]


def tiny_step(preset: DescentPreset, path: Path) -> Claims:
    assert path.stopped_by == "value_change"
    return [*rates(preset), 1, path.iterations, decimals(path.gradient_norm[-1], 2)]


def recap(preset: DescentPreset, path: Path) -> Claims:
    first = [plain(round(float(x), 12)) for x in path.theta[1]]
    return [*first, *fires(preset, path)[::2]]


def overshoot(_: DescentPreset, path: Path) -> Claims:
    assert path.gradient[0, 0] > 0
    return [plain(abs(path.theta[1, 0] - path.theta[0, 0])), *map(plain, path.value)]


def ravine(_: DescentPreset, plainly: Path, momentum: Path, adam: Path) -> Claims:
    ends = [decimals(path.value[-1], 3) for path in (momentum, adam)]
    return [decimals(plainly.value[-1], 2), *unfinished(plainly), *ends]


def saddle(_: DescentPreset, path: Path, _momentum: Path) -> Claims:
    near = int(path.gradient_norm.argmin())
    ratios = path.theta[1:, 1] / path.theta[:-1, 1]
    np.testing.assert_allclose(ratios, ratios[0])
    assert path.theta[-1, 1] > 50
    return [near, decimals(path.gradient_norm[near], 3), plain(ratios[0])]


def momentum_rescue(_: DescentPreset, *paths: Path) -> Claims:
    steps(*paths)
    assert paths[1].value[-1] < paths[0].value[-1]
    return [decimals(path.theta[-1, 0], 2) for path in paths]


def badly_scaled(_: DescentPreset, plainly: Path, adam: Path) -> Claims:
    return [*unfinished(plainly), decimals(plainly.theta[-1, 0], 2), *steps(adam)]


def stalling_schedule(preset: DescentPreset, constant: Path, halved: Path) -> Claims:
    assert halved.stopped_by == "stationary"
    stall = [decimals(halved.value[-1], 2), decimals(halved.gradient_norm[-1], 2)]
    return [rates(preset)[0], *steps(constant), *stall, plain(halved.step_size.sum())]


def many_valleys(_: DescentPreset, *paths: Path) -> Claims:
    steps(*paths)
    (height,) = {decimals(path.value[-1], 2) for path in paths}
    return [height, plain(SURFACES["rastrigin"].optima[0].value)]


def rough_plain(_: DescentPreset, plainly: Path, momentum: Path, adam: Path) -> Claims:
    steps(plainly, momentum)
    ends = [decimals(path.value[-1], 2) for path in (plainly, momentum, adam)]
    return [*ends, *unfinished(adam)]


def four_minima(_: DescentPreset, *paths: Path) -> Claims:
    steps(*paths)
    minima = [each for each in SURFACES["himmelblau"].optima if each.kind == "minimum"]
    assert [each.value for each in minima] == [0, 0, 0, 0]
    plainly, momentum = (path.theta[-1] for path in paths)
    return [0, *(decimals(x, 0) for x in plainly), *(decimals(x, 2) for x in momentum)]


def plateau(_: DescentPreset, plainly: Path, momentum: Path, adam: Path) -> Claims:
    away = float(np.linalg.norm(plainly.theta[-1] - SURFACES["beale"].optima[0].at))
    return [*unfinished(plainly), decimals(away, 3), *steps(momentum, adam)]


def quadratic_race(_: DescentPreset, *paths: Path) -> Claims:
    ratios = paths[3].value[:-1] / paths[3].value[1:]
    (ratio,) = set(ratios.tolist())
    return [*steps(*paths), plain(ratio)]


def three_then_unfinished(_: DescentPreset, *paths: Path) -> Claims:
    return [*steps(*paths[:3]), *unfinished(paths[3])]


def all_arrive(_: DescentPreset, *paths: Path) -> Claims:
    return steps(*paths)


def flat_valley_race(preset: DescentPreset, *paths: Path) -> Claims:
    return [*steps(*paths[:2]), *unfinished(paths[2]), rates(preset)[0]]


CLAIMS: dict[str, Callable[..., Claims]] = {
    check.__name__: check
    for check in (
        derivative,
        locally_linear,
        gradient,
        level_curve,
        iterative,
        sign_of_the_slope,
        trivial_lands,
        trivial_misses,
        trivial_shrinks,
        trivial_stalls,
        three_forms,
        descent,
        climb,
        step_size_rules,
        calm,
        best,
        side_by_side,
        zigzag,
        diverging,
        runaway,
        both_criteria,
        tiny_step,
        recap,
        overshoot,
        ravine,
        saddle,
        momentum_rescue,
        badly_scaled,
        stalling_schedule,
        many_valleys,
        rough_plain,
        four_minima,
        plateau,
        quadratic_race,
        flat_valley_race,
    )
} | {
    "criterion_1": fires,
    "criterion_2": fires,
    "ravine_race": three_then_unfinished,
    "beale_race": all_arrive,
}


def numbers_in(text: str) -> set[str]:
    return set(NUMBER.findall(NOTATION.sub("", text).replace("−", "-")))


@pytest.mark.parametrize("name", DESCENT_PRESETS)
def test_every_number_to_watch_is_one_that_the_run_gives(name: str):
    preset = DESCENT_PRESETS[name]
    paths = [descent.run() for descent in preset.descents()]
    claims = CLAIMS[name](preset, *paths)
    assert numbers_in(preset.watch) == {str(claim) for claim in claims}


def test_every_item_of_the_lecture_s_part_has_a_preset():
    shown = {item for preset in DESCENT_PRESETS.values() for item in preset.lecture}
    assert shown == {f"S{number}" for number in range(47, 69)}


def test_the_presets_are_fit_to_be_listed():
    assert {"calm", "best", "zigzag", "diverging", "ravine", "saddle", "climb"} <= set(
        DESCENT_PRESETS
    )
    groups = [preset.group for preset in DESCENT_PRESETS.values()]
    # A group's presets stand together.
    assert len(set(groups)) == sum(
        before != group for before, group in zip(["", *groups], groups, strict=False)
    )
    for preset in DESCENT_PRESETS.values():
        (dimension,) = {descent.surface.dimension for descent in preset.descents()}
        assert len(preset.start) == dimension
        assert (preset.view == "line") == (dimension == 1)
        assert preset.view in ("plane", "line", "relief")
        assert preset.window is None or len(preset.window) == dimension
        assert len(preset.title) <= 40
        assert preset.at is None or preset.at <= preset.stop.max_iterations
