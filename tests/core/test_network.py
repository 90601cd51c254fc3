"""What can't be computed is refused with a sentence: where, what was expected, what was given."""

from collections.abc import Callable

import numpy as np
import pytest

from core import (
    ACTIVATIONS,
    Experiment,
    Layer,
    Network,
    SpecificationError,
    UnknownNameError,
    make_network,
)
from core.cells import parse_cell
from core.errors import EquationError

X, Y = [[1.0, 2.0]], [[1.0, 0.0]]


def network(output: str = "softmax") -> Network:
    return make_network([2, 2], [output], "torch_linear", 1)


def layer(rows: int, columns: int, name: str = "tanh", biases: int | None = None) -> Layer:
    return Layer(np.ones((rows, columns)), np.ones(rows if biases is None else biases), name)


REFUSED: dict[str, tuple[Callable[[], object], list[str | int], object, str]] = {
    "no layers": (lambda: Network(()), ["network", "layers"], 0, "at least one layer"),
    "shapes that don't chain": (
        lambda: Network((layer(3, 2), layer(1, 4))),
        ["network", "layers", 1, "W"],
        [1, 4],
        "Layer 1 has 3 units, but W of layer 2 has 4 columns.",
    ),
    "a bias of another length": (
        lambda: Network((layer(3, 2, biases=2),)),
        ["network", "layers", 0, "b"],
        [2],
        "b of layer 1 has 2 numbers, but W has 3 rows.",
    ),
    "weights that are no matrix": (
        lambda: Network((Layer(np.ones(3), np.ones(3), "tanh"),)),
        ["network", "layers", 0, "W"],
        [3],
        "must be a matrix",
    ),
    "one size": (lambda: make_network([3], []), ["network", "sizes"], [3], "at least one layer"),
    "a size of 0": (lambda: make_network([3, 0], ["tanh"]), ["network", "sizes"], [3, 0], "unit"),
    "too few activations": (
        lambda: make_network([3, 2, 1], ["tanh"]),
        ["network", "activations"],
        1,
        "3 sizes make 2 layers, but there are 1 activations.",
    ),
    "X of another width": (
        lambda: Experiment(network(), [[1.0]]),
        ["X"],
        [1, 1],
        "X has rows of 1 numbers, but the network has 2 inputs.",
    ),
    "X that is no matrix": (lambda: Experiment(network(), [1.0]), ["X"], [1], "matrix"),
    "no rows": (lambda: Experiment(network(), []), ["X"], [0], "matrix"),
    "Y of another shape": (
        lambda: Experiment(network(), X, [[1.0]], "cross_entropy"),
        ["Y"],
        [1, 1],
        "a column for each of the 2 outputs",
    ),
    "targets that aren't probabilities": (
        lambda: Experiment(network(), X, [[0.5, 0.6]], "cross_entropy"),
        ["Y", 0],
        [0.5, 0.6],
        "add up to 1.1, not 1",
    ),
    "a negative probability": (
        lambda: Experiment(network(), X, [[-0.5, 1.5]], "cross_entropy"),
        ["Y", 0, 0],
        -0.5,
        "between 0 and 1",
    ),
    "a target outside 0 and 1": (
        lambda: Experiment(network("sigmoid"), X, [[0.5, 2.0]], "binary_cross_entropy"),
        ["Y", 0, 1],
        2.0,
        "sample 1, output 2 is 2.0",
    ),
    "a pair that doesn't go together": (
        lambda: Experiment(network("identity"), X, Y, "cross_entropy"),
        ["loss"],
        "identity",
        "softmax, not with identity",
    ),
    "a loss without targets": (
        lambda: Experiment(network(), X, loss="mse"),
        ["Y"],
        "a loss without Y",
        "targets",
    ),
    "targets without a loss": (
        lambda: Experiment(network(), X, Y),
        ["loss"],
        "Y without a loss",
        "loss",
    ),
    "iterations without an update": (
        lambda: Experiment(network(), X, iterations=2),
        ["iterations"],
        2,
        "optimizer",
    ),
    "a NaN in X": (
        lambda: Experiment(network(), [[1.0, float("nan")]]).trace(),
        ["X"],
        "NaN, infinity or a number beyond that",
        "isn't finite in float64",
    ),
    "a number beyond float32": (
        lambda: Experiment(network(), [[1.0, 1e39]], precision="float32").trace(),
        ["X"],
        "NaN, infinity or a number beyond that",
        "isn't finite in float32",
    ),
    "a check without a loss": (
        lambda: Experiment(network(), X).check_gradients(),
        ["loss"],
        None,
        "needs a loss",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_a_sentence(name: str):
    make, where, given, words = REFUSED[name]
    with pytest.raises(SpecificationError) as caught:
        make()
    error = caught.value
    assert (error.where, error.given) == (where, given)
    assert words in error.message
    assert error.expected is not None


@pytest.mark.parametrize(
    ("make", "near", "where"),
    [
        (
            lambda: make_network([2, 2, 2], ["tanh", "tanhh"]),
            "tanh",
            ["network", "activations", 1],
        ),
        (
            lambda: make_network([2, 2], ["tanh"], "he_norma"),
            "he_normal",
            ["network", "init", "scheme"],
        ),
        (
            lambda: Network((layer(2, 2, "sofmax"),)),
            "softmax",
            ["network", "layers", 0, "activation"],
        ),
        (lambda: Experiment(network(), X, Y, "crossentropy"), "cross_entropy", ["loss"]),
        (
            lambda: Experiment(network(), X, Y, "mse", optimizer="gradient-descent").trace(),
            "gradient_descent",
            ["optimizer", "name"],
        ),
        (
            lambda: Experiment(network(), X, precision="float46").trace(),
            "float64",
            ["precision"],
        ),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(
    make: Callable[[], object], near: str, where: list[str | int]
):
    with pytest.raises(UnknownNameError, match=f"Did you mean “{near}”") as caught:
        make()
    assert caught.value.where == where
    assert near in caught.value.expected


def test_a_name_like_no_other_gets_no_hint():
    with pytest.raises(UnknownNameError) as caught:
        make_network([2, 2], ["qqqq"])
    assert "Did you mean" not in caught.value.message
    assert caught.value.expected == list(ACTIVATIONS)


@pytest.mark.parametrize(
    "text", ["A @ B", "A[0]", "print(A, B)", "lambda: A", "'A'", "A if B else C"]
)
def test_what_isn_t_a_cell_formula_is_refused(text: str):
    with pytest.raises(EquationError, match="no place in a cell formula"):
        parse_cell(text)
