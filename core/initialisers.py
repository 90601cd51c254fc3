"""Initialisers: weights and biases from a seed, the same on every machine."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from core.equation import Array
from core.torch_random import TorchRandom

Parameters: TypeAlias = list[tuple[Array, Array]]
"""Weights (out, in) and bias (out,) of each layer."""

LARGEST_SEED = 2**32 - 1


@dataclass(frozen=True)
class Initialiser:
    """A scheme that draws the parameters of layers of these sizes from a seed."""

    name: str
    title: str
    description: str
    draw: Callable[[Sequence[int], int], Parameters]


def _torch_linear(sizes: Sequence[int], seed: int) -> Parameters:
    stream = TorchRandom(seed)
    return [stream.linear(*pair) for pair in _pairs(sizes)]


def _torch_rand(sizes: Sequence[int], seed: int) -> Parameters:
    stream = TorchRandom(seed)
    return [(stream.rand(n * k).reshape(k, n), stream.rand(k)) for n, k in _pairs(sizes)]


def _zeros(sizes: Sequence[int], _seed: int) -> Parameters:
    return [(np.zeros((k, n)), np.zeros(k)) for n, k in _pairs(sizes)]


def _uniform(
    bound: Callable[[int, int], float],
) -> Callable[[Sequence[int], int], Parameters]:
    def draw(sizes: Sequence[int], seed: int) -> Parameters:
        # RandomState's stream is frozen by NumPy's compatibility policy; default_rng's is not.
        state = np.random.RandomState(seed)
        return [
            (state.uniform(-bound(n, k), bound(n, k), (k, n)), np.zeros(k))
            for n, k in _pairs(sizes)
        ]

    return draw


def _normal(
    deviation: Callable[[int, int], float],
) -> Callable[[Sequence[int], int], Parameters]:
    def draw(sizes: Sequence[int], seed: int) -> Parameters:
        state = np.random.RandomState(seed)
        return [
            (state.standard_normal((k, n)) * deviation(n, k), np.zeros(k)) for n, k in _pairs(sizes)
        ]

    return draw


def _pairs(sizes: Sequence[int]) -> list[tuple[int, int]]:
    return list(pairwise(sizes))


INITIALISERS = {
    initialiser.name: initialiser
    for initialiser in (
        Initialiser(
            "torch_linear",
            "PyTorch nn.Linear",
            "Weights and bias uniform within ±1/√inputs: the numbers of nn.Linear, bit for bit.",
            _torch_linear,
        ),
        Initialiser(
            "torch_rand",
            "torch.rand",
            "Weights and bias uniform in [0, 1): the lecture's torch.rand, bit for bit.",
            _torch_rand,
        ),
        # Source: Glorot and Bengio (2010), equation (16); the normal form has the same variance.
        Initialiser(
            "xavier_uniform",
            "Xavier uniform",
            "Weights uniform within ±√(6/(inputs + outputs)), bias 0: suits tanh and sigmoid.",
            _uniform(lambda n, k: math.sqrt(6 / (n + k))),
        ),
        Initialiser(
            "xavier_normal",
            "Xavier normal",
            "Weights normal with variance 2/(inputs + outputs), bias 0: suits tanh and sigmoid.",
            _normal(lambda n, k: math.sqrt(2 / (n + k))),
        ),
        # Source: He, Zhang, Ren and Sun (2015), equation (10).
        Initialiser(
            "he_uniform",
            "He uniform",
            "Weights uniform within ±√(6/inputs), bias 0: suits ReLU.",
            _uniform(lambda n, _: math.sqrt(6 / n)),
        ),
        Initialiser(
            "he_normal",
            "He normal",
            "Weights normal with variance 2/inputs, bias 0: suits ReLU.",
            _normal(lambda n, _: math.sqrt(2 / n)),
        ),
        Initialiser(
            "zeros",
            "Zeros",
            "Everything 0: fine without hidden layers; units of a hidden layer would stay alike.",
            _zeros,
        ),
    )
}
