"""Data sets: their definitions, their seeds, and how they are split and standardised."""

import numpy as np
import pytest

from core.data_files import digits, iris, wine
from core.dataset import Split, prepare
from core.datasets import DATA_SETS, load
from core.errors import SpecificationError, UnknownNameError
from core.target_values import target_values


@pytest.mark.parametrize("name", DATA_SETS)
def test_a_seed_gives_the_same_numbers_and_another_seed_others(name: str):
    noise = 0.1 if DATA_SETS[name].is_drawn else None
    first, again, other = (load(name, noise=noise, seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first.X, again.X)
    assert np.array_equal(first.X, other.X) == (not DATA_SETS[name].is_drawn)
    assert np.isfinite(first.X).all()
    assert len(first.features) == first.X.shape[1]
    prepared = prepare(first, Split())
    sizes = DATA_SETS[name].sizes
    assert (sizes[0], sizes[-1]) == (prepared.X.shape[1], prepared.Y.shape[1])


@pytest.mark.parametrize("seed", [0, 5])
def test_moons_circles_and_blobs_are_scikit_learn_s_bit_for_bit(seed: int):
    made = pytest.importorskip("sklearn.datasets")
    for name, (X, labels) in {
        "moons": made.make_moons(101, noise=0.15, random_state=seed),
        "circles": made.make_circles(101, noise=0.15, factor=0.5, random_state=seed),
        "blobs": made.make_blobs(101, centers=3, cluster_std=0.15, random_state=seed),
    }.items():
        ours = load(name, 101, 0.15, seed)
        np.testing.assert_array_equal(ours.X, X)
        np.testing.assert_array_equal(ours.labels, labels)


def test_moons_without_noise_are_half_circles():
    made = load("moons", 200, 0.0)
    assert made.labels is not None
    outer, inner = made.X[made.labels == 0], made.X[made.labels == 1]
    np.testing.assert_allclose(np.hypot(*outer.T), 1)
    np.testing.assert_allclose(np.hypot(*(inner - [1, 0.5]).T), 1)


def test_the_spiral_s_arms_wind_out_from_the_middle():
    made = load("spiral", 300, 0.0)
    assert made.labels is not None
    for arm in range(3):
        X = made.X[made.labels == arm]
        np.testing.assert_allclose(np.hypot(*X.T), np.linspace(0, 1, 100), atol=1e-12)
        r, turn = 50 / 99, 4 * arm + 4 * 50 / 99
        assert X[50] == pytest.approx([r * np.sin(turn), r * np.cos(turn)])


def test_the_playground_s_sets_have_its_classes():
    xor = load("pg_xor", 500, 0.0, 1)
    np.testing.assert_array_equal(xor.labels, xor.X.prod(axis=1) >= 0)
    assert np.abs(xor.X).min() >= 0.3
    ring = load("pg_circle", 500, 0.0, 1)
    np.testing.assert_array_equal(ring.labels, np.hypot(*ring.X.T) < 2.5)
    clouds = load("pg_gauss", 4000, 0.1, 1)
    assert clouds.labels is not None
    high = clouds.X[clouds.labels == 1]
    assert high.mean() == pytest.approx(2, abs=0.1)
    assert high.var() == pytest.approx(1.2, abs=0.1)


def test_numbers_follow_their_formula():
    plane = load("reg_plane", 50, 0.0)
    np.testing.assert_allclose(plane.Y, plane.X.sum(axis=1, keepdims=True) / 10)
    sine = load("reg_sine", 50, 0.0)
    np.testing.assert_allclose(sine.Y, np.sin(sine.X))
    line = load("reg_line", 2000, 0.5)
    assert line.Y is not None
    assert np.polyfit(line.X[:, 0], line.Y[:, 0], 1) == pytest.approx([2, 1], abs=0.05)


def test_the_noiseless_target_is_what_the_samples_were_drawn_around():
    formulas = {
        "reg_line": lambda X: 2 * X + 1,
        "reg_sine": np.sin,
        "reg_plane": lambda X: X.sum(axis=1, keepdims=True) / 10,
    }
    assert {name for name in DATA_SETS if target_values(load(name))} == set(formulas)
    for name, formula in formulas.items():
        noisy, quiet = load(name, 50, 0.3), load(name, 50, 0.0)
        found = target_values(noisy)
        assert found is not None
        np.testing.assert_allclose(found.rows, formula(noisy.X), rtol=1e-15)
        np.testing.assert_array_equal(found.rows, quiet.Y)
        assert noisy.Y is not None
        assert not np.array_equal(found.rows, noisy.Y)
        assert (found.curve is None) == (noisy.X.shape[1] > 1)
        if found.x is not None and found.curve is not None:
            np.testing.assert_allclose(found.curve, formula(found.x[:, None]), rtol=1e-15)
            # The pictures leave a margin of 12 % around the samples.
            room = 0.12 * np.ptp(noisy.X)
            assert found.x[0] < noisy.X.min() - room
            assert found.x[-1] > noisy.X.max() + room


def test_the_real_sets():
    flowers = iris()
    assert flowers.X.shape == (150, 4)
    assert flowers.X.mean(axis=0) == pytest.approx([5.8433333, 3.0573333, 3.758, 1.1993333])
    assert np.bincount(flowers.labels if flowers.labels is not None else []).tolist() == [50] * 3
    # The two flowers that the UCI copy has wrong.
    assert flowers.X[34].tolist() == [4.9, 3.1, 1.5, 0.2]
    assert flowers.X[37].tolist() == [4.9, 3.6, 1.4, 0.1]
    grown = wine()
    assert np.bincount(grown.labels if grown.labels is not None else []).tolist() == [59, 71, 48]
    images = digits()
    assert (images.X.shape, images.image_shape, len(images.classes)) == ((1797, 64), (8, 8), 10)
    assert (images.X.min(), images.X.max()) == (0, 1)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5])
def test_the_test_rows_are_every_class_s_share(share: float):
    data = prepare(iris(), Split(test_share=share, seed=1))
    assert data.samples.labels is not None
    assert np.bincount(data.samples.labels[data.test], minlength=3).tolist() == [50 * share] * 3
    assert sorted([*data.train, *data.test]) == list(range(150))


def test_a_larger_test_set_contains_the_smaller_one():
    small, large = (prepare(iris(), Split(share, 2)).test for share in (0.2, 0.4))
    assert set(small) < set(large)
    other = prepare(iris(), Split(0.2, 3)).test
    assert set(other) != set(small)


def test_standardising_is_by_the_training_rows():
    data = prepare(wine(), Split(0.3, 0, standardise=True))
    np.testing.assert_allclose(data.X[data.train].mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(data.X[data.train].std(axis=0), 1)
    assert data.mean is not None
    assert data.std is not None
    np.testing.assert_allclose(data.X * data.std + data.mean, data.samples.X)


def test_a_constant_column_is_left_without_its_mean():
    from core.dataset import classified

    samples = classified(np.array([[5.0, 1], [5, 2], [5, 3]]), [0, 1, 0], ("a", "b"))
    data = prepare(samples, Split(standardise=True))
    assert data.X[:, 0].tolist() == [0, 0, 0]


def test_a_constant_column_whose_mean_rounds_is_constant_still():
    from core.dataset import classified

    X = np.column_stack([np.full(50, 0.1), np.arange(50)])
    assert X[:, 0].std() > 0  # What rounding makes of it.
    data = prepare(classified(X, [0, 1] * 25, ("a", "b")), Split(standardise=True))
    assert data.X[:, 0].tolist() == [0] * 50
    assert data.std is not None
    assert data.std[0] == 1


@pytest.mark.parametrize("name", [name for name, each in DATA_SETS.items() if each.is_drawn])
@pytest.mark.parametrize("count", [6, 7, 200])
def test_there_are_as_many_samples_as_asked_for(name: str, count: int):
    assert len(load(name, count).X) == count


def test_the_spiral_is_the_notes_own():
    """CS231n's code, with its 100 points an arm and its seed."""
    state = np.random.RandomState(0)
    expected = np.zeros((300, 2))
    for arm in range(3):
        r = np.linspace(0.0, 1, 100)
        t = np.linspace(arm * 4, (arm + 1) * 4, 100) + state.randn(100) * 0.2
        expected[100 * arm : 100 * (arm + 1)] = np.c_[r * np.sin(t), r * np.cos(t)]
    np.testing.assert_array_equal(load("spiral", 300, 0.2, 0).X, expected)


def test_the_sets_from_files_can_t_be_written_into():
    for read in (iris, wine, digits):
        with pytest.raises(ValueError, match="read-only"):
            prepare(read(), Split()).X[0, 0] = 1


def test_two_classes_have_one_column_or_two():
    assert prepare(load("moons"), Split()).Y.shape == (200, 1)
    two = prepare(load("moons"), Split(one_hot=True))
    assert two.Y.shape == (200, 2)
    np.testing.assert_array_equal(two.Y.argmax(axis=1), two.samples.labels)


def test_numbers_have_no_column_a_class():
    with pytest.raises(SpecificationError, match="these targets are numbers"):
        prepare(load("reg_line"), Split(one_hot=True))


def test_the_noise_of_neighbouring_seeds_has_nothing_in_common():
    """Streams that overlap would give one seed's deviations again, at another place."""
    sizes = {"noise": 1.0, "samples": 300}
    moved = [load("blobs", seed=seed, **sizes).X for seed in range(12)]
    # Without noise the same draws are made: the clouds' centres alone.
    centres = [load("blobs", seed=seed, samples=300, noise=0.0).X for seed in range(12)]
    deviations = np.round(np.subtract(moved, centres).reshape(12, -1), 9)
    assert np.unique(deviations).size == deviations.size


def test_what_can_t_be_loaded():
    with pytest.raises(UnknownNameError, match="moons"):
        load("mons")
    with pytest.raises(SpecificationError, match="from 4 to 4096 samples, not 3"):
        load("moons", 3)
    with pytest.raises(SpecificationError, match="takes no noise"):
        load("iris", noise=0.1)
