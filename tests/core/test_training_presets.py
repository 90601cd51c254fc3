"""Every preset trains to what its set is known to give, and to what its sentence says."""

from dataclasses import replace

import pytest

from core.history import Rhythm, follow
from core.monitor import Row
from core.stepper import Stepper
from core.training_preset import TrainingPreset
from core.training_presets import TRAINING_PRESETS

REPORTED = {
    # Loss after the preset's epochs, and accuracy: at least as good as these.
    "xor4": (0.008, 1.0),
    "moons": (0.00035, 1.0),
    "circles": (0.008, 1.0),
    "softmax_regression": (0.047, 0.996),
    "spiral": (0.0125, 0.993),
    "pg_xor": (0.007, 1.0),
    "pg_gauss": (0.056, 1.0),
    "pg_circle": (0.008, 1.0),
    "pg_spiral": (0.0075, 0.995),
    "iris": (0.037, 0.986),
    "wine": (0.0015, 1.0),
    "digits_at_once": (0.0031, 1.0),
}


def run(preset: TrainingPreset) -> list[Row]:
    training = preset.training()
    rhythm = Rhythm(rows=max(1, training.steps // 20), snapshots=10**9)
    return [event for event in follow(training, rhythm) if isinstance(event, Row)]


@pytest.fixture(scope="module")
def runs() -> dict[str, list[Row]]:
    return {name: run(preset) for name, preset in TRAINING_PRESETS.items()}


@pytest.mark.parametrize("name", TRAINING_PRESETS)
def test_every_preset_runs_to_its_end(runs: dict[str, list[Row]], name: str):
    preset = TRAINING_PRESETS[name]
    assert runs[name][-1].step == preset.training().steps
    assert preset.title
    assert preset.watch.endswith(".")


@pytest.mark.parametrize("name", REPORTED)
def test_a_set_is_learned_as_well_as_it_is_known_to_be(runs: dict[str, list[Row]], name: str):
    loss, accuracy = REPORTED[name]
    last = runs[name][-1]
    assert last.accuracy is not None
    assert last.loss <= loss
    assert last.accuracy >= accuracy


def test_digits_are_read(runs: dict[str, list[Row]]):
    last = runs["digits"][-1]
    assert last.test_accuracy is not None
    assert last.test_accuracy > 0.96


def test_the_regressions(runs: dict[str, list[Row]]):
    training = TRAINING_PRESETS["linear_regression"].training()
    stepper = Stepper(training)
    stepper.advance(training.steps)
    ((W, b),) = stepper.snapshot().layers
    assert (W[0, 0], b[0]) == pytest.approx((2, 1), abs=0.2)
    assert runs["plane"][-1].loss < 1e-9
    sine = runs["sine"][-1]
    assert sine.test_loss is not None
    assert max(sine.loss, sine.test_loss) < 0.01
    assert runs["sampling"][-1].loss < 0.001
    assert runs["logistic_regression"][-1].accuracy == 1


def test_the_lessons(runs: dict[str, list[Row]]):
    assert all(0.68 < row.loss < 0.72 for row in runs["linear_fails"])
    spiral = runs["linear_fails_on_spiral"]
    assert spiral[-1].accuracy == pytest.approx(0.49, abs=0.005)
    assert [row.loss for row in spiral[-10:]] == pytest.approx([0.775] * 10, abs=5e-4)
    assert (runs["spiral"][-1].accuracy or 0) > 0.98
    assert runs["dead_relu"][-1].dead[-1] == 1
    assert 0.68 < runs["dead_relu"][-1].loss < 0.72
    assert runs["dead_relu"][-1].gradient_norm[0] == 0
    large = runs["too_large_step"]
    assert large[-1].loss > 3 * large[0].loss
    vanishing = runs["vanishing"]
    assert vanishing[0].gradient_norm[-1] / vanishing[0].gradient_norm[0] == pytest.approx(
        3600, rel=0.02
    )
    assert vanishing[-1].loss == pytest.approx(0.693, abs=5e-4)
    assert runs["zeros"][-1].gradient_norm[:2] == [0, 0]
    assert runs["zeros"][-1].loss == pytest.approx(0.693, abs=5e-4)


def test_overfitting_and_what_helps(runs: dict[str, list[Row]]):
    preset = TRAINING_PRESETS["overfitting"]
    free, held = runs["overfitting"], run(replace(preset, l2=0.02))
    tests = [row.test_loss or 0 for row in free]
    assert free[-1].loss < 1e-3
    assert tests[-1] > 3 * min(tests)
    assert (held[-1].test_loss or 9) < tests[-1] / 4
    parameters = sum((n + 1) * k for n, k in zip(preset.sizes, preset.sizes[1:], strict=False))
    assert parameters == 1185


def test_depth_helps(runs: dict[str, list[Row]]):
    deep, shallow = (
        runs["needs_depth"],
        run(replace(TRAINING_PRESETS["needs_depth"], sizes=(2, 8, 1))),
    )
    assert deep[-1].loss < 0.01
    assert shallow[-1].loss == pytest.approx(0.19, abs=0.005)


def test_the_lecture_s_part_on_learning_is_there():
    covered = {item for preset in TRAINING_PRESETS.values() for item in preset.lecture}
    assert {f"S{number}" for number in range(36, 47)} <= covered
