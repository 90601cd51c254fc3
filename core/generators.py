"""Data sets that are drawn: each from a number of samples, a noise and a seed.

The same seed gives the same numbers everywhere: NumPy's MT19937, as scikit-learn uses it.
"""

import numpy as np

from core.dataset import Samples, classified, drawn_around
from core.equation import Array

State = np.random.RandomState
TWO = ("0", "1")
PAD = 0.3
SIDE = 5.0


def xor4(_: int, __: float, ___: State) -> Samples:
    """The corners of a square. Source: Goodfellow et al. (2016), "Deep Learning", section 6.1."""
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
    return classified(X, [0, 1, 1, 0], TWO)


def moons(count: int, noise: float, state: State) -> Samples:
    """Two half circles. Source: scikit-learn's make_moons, bit for bit."""
    outer, inner = np.linspace(0, np.pi, count // 2), np.linspace(0, np.pi, count - count // 2)
    x = np.append(np.cos(outer), 1 - np.cos(inner))
    y = np.append(np.sin(outer), 1 - np.sin(inner) - 0.5)
    return _shuffled(np.vstack([x, y]).T, _halves(count), noise, state)


def circles(count: int, noise: float, state: State) -> Samples:
    """A circle in a circle. Source: scikit-learn's make_circles with factor 0.5, bit for bit."""
    outer = np.linspace(0, 2 * np.pi, count // 2, endpoint=False)
    inner = np.linspace(0, 2 * np.pi, count - count // 2, endpoint=False)
    x = np.append(np.cos(outer), np.cos(inner) * 0.5)
    y = np.append(np.sin(outer), np.sin(inner) * 0.5)
    return _shuffled(np.vstack([x, y]).T, _halves(count), noise, state)


def blobs(count: int, noise: float, state: State, k: int = 3) -> Samples:
    """Round clouds. Source: scikit-learn's make_blobs, bit for bit; the noise is their spread."""
    centers = state.uniform(-10.0, 10.0, size=(k, 2))
    sizes = _shares(count, k)
    parts = [
        state.normal(loc=center, scale=noise, size=(size, 2))
        for center, size in zip(centers, sizes, strict=True)
    ]
    X, labels = np.concatenate(parts), np.repeat(np.arange(k), sizes)
    order = np.arange(count)
    state.shuffle(order)
    return classified(X[order], labels[order], tuple(str(index) for index in range(k)))


def spiral(count: int, noise: float, state: State) -> Samples:
    """Three arms. Source: Karpathy, CS231n notes, "Minimal neural network case study"."""
    parts, sizes = list[Array](), _shares(count, 3)
    for arm, each in enumerate(sizes):
        r = np.linspace(0.0, 1, each)
        turn = np.linspace(arm * 4, (arm + 1) * 4, each) + state.randn(each) * noise
        parts.append(np.c_[r * np.sin(turn), r * np.cos(turn)])
    return classified(np.concatenate(parts), np.repeat(np.arange(3), sizes), ("0", "1", "2"))


def pg_xor(count: int, noise: float, state: State) -> Samples:
    """Four squares. Source: the playground for small networks, classifyXORData."""
    anywhere = state.uniform(-SIDE, SIDE, (count, 2))
    X = anywhere + np.where(anywhere > 0, PAD, -PAD)
    shifted = X + state.uniform(-SIDE, SIDE, (count, 2)) * noise
    return classified(X, (shifted[:, 0] * shifted[:, 1] >= 0).astype(np.intp), TWO)


def pg_gauss(count: int, noise: float, state: State) -> Samples:
    """Two clouds. Source: the playground, classifyTwoGaussData; their variance is 0.5 + 7 noise."""
    spread = np.sqrt(0.5 + 7 * noise)
    labels = _halves(count)
    X = np.where(labels[:, None] == 1, 2.0, -2.0) + state.normal(0, spread, (count, 2))
    return classified(X, labels, TWO)


def pg_circle(count: int, noise: float, state: State) -> Samples:
    """A disc in a ring. Source: the playground, classifyCircleData."""
    inside = count // 2
    r = np.append(
        state.uniform(0, SIDE * 0.5, inside), state.uniform(SIDE * 0.7, SIDE, count - inside)
    )
    angle = state.uniform(0, 2 * np.pi, count)
    X = np.c_[r * np.sin(angle), r * np.cos(angle)]
    shifted = X + state.uniform(-SIDE, SIDE, (count, 2)) * noise
    return classified(X, (np.hypot(*shifted.T) < SIDE * 0.5).astype(np.intp), TWO)


def pg_spiral(count: int, noise: float, state: State) -> Samples:
    """Two arms. Source: the playground, classifySpiralData."""
    labels = _halves(count)
    arms = [(count // 2, np.pi), (count - count // 2, 0.0)]
    r = np.concatenate([np.arange(n) / n * 5 for n, _ in arms])
    turn = np.concatenate([1.75 * np.arange(n) / n * 2 * np.pi + shift for n, shift in arms])
    X = np.c_[r * np.sin(turn), r * np.cos(turn)] + state.uniform(-1, 1, (count, 2)) * noise
    return classified(X, labels, TWO)


def plane(X: Array) -> Array:
    """The target of `reg_plane`: (x₁ + x₂)/10."""
    return X.sum(axis=1, keepdims=True) / 10


def line(X: Array) -> Array:
    """The target of `reg_line`: 2x + 1."""
    return 2 * X + 1


def reg_plane(count: int, noise: float, state: State) -> Samples:
    """A tilted plane. Source: the playground, regressPlane."""
    X = state.uniform(-6, 6, (count, 2))
    return drawn_around(plane, X, state.normal(0, noise, (count, 1)))


def reg_sine(count: int, noise: float, state: State) -> Samples:
    """A sine over one turn."""
    X = np.sort(state.uniform(-np.pi, np.pi, (count, 1)), axis=0)
    return drawn_around(np.sin, X, state.normal(0, noise, (count, 1)))


def reg_line(count: int, noise: float, state: State) -> Samples:
    """A straight line seen through noise."""
    X = np.sort(state.uniform(-2, 2, (count, 1)), axis=0)
    return drawn_around(line, X, state.normal(0, noise, (count, 1)))


def lecture(_: int, __: float, ___: State) -> Samples:
    """The lecture's three samples, each a class of its own."""
    X = [[-8, 1, -3, 5, 2], [-2, 2, -1, 5, 2], [7, 1, 9, -5, -2]]
    return classified(np.array(X, float), [0, 1, 2], ("0", "1", "2"))


def _halves(count: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return np.append(np.zeros(count // 2, np.intp), np.ones(count - count // 2, np.intp))


def _shares(count: int, k: int) -> list[int]:
    return [count // k + (index < count % k) for index in range(k)]


def _shuffled(
    X: Array, labels: np.ndarray[tuple[int], np.dtype[np.intp]], noise: float, state: State
) -> Samples:
    order = np.arange(len(X))
    state.shuffle(order)
    moved = state.normal(scale=noise, size=X.shape) if noise > 0 else 0.0
    return classified(X[order] + moved, labels[order], TWO)
