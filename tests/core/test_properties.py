"""Any network of any size: its gradients pass the check, its shapes chain, its errors say where."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core import ACTIVATIONS, INITIALISERS, Experiment, UnknownNameError, make_network
from core.initialisers import LARGEST_SEED
from tests.core.replay import PAIRS
from tests.strategies import experiments

SQUASHED = ("torch_linear", "xavier_uniform", "xavier_normal", "he_uniform", "he_normal")


@settings(derandomize=True, max_examples=60, deadline=None)
@given(experiment=experiments(schemes=SQUASHED))
def test_every_network_passes_the_gradient_check(experiment: Experiment):
    # Binary cross entropy of a softmax is made from A: where 1 - A has lost its digits, so has L.
    outputs = experiment.trace()[f"A[{len(experiment.network.layers)}]@0"]
    assume(experiment.loss != "binary_cross_entropy" or outputs.max() < 0.9999)
    check = experiment.check_gradients()
    assert check.verdict == "pass", [
        (each.name, each.relative_error, each.largest_difference) for each in check.parameters
    ]
    for each in check.parameters:
        assert each.backprop.shape == each.numeric.shape == each.steps.shape
        # A width of 2h is kept to the last place of the coordinate that it moves.
        assert (each.steps > 1.2e-5).all()


@settings(derandomize=True, max_examples=60, deadline=None)
@given(experiment=experiments(schemes=tuple(INITIALISERS)))
def test_every_network_s_shapes_chain(experiment: Experiment):
    trace, sizes = experiment.trace(), experiment.network.sizes
    samples = len(np.asarray(experiment.X))
    assert trace.outcome == "complete"
    for layer, (n, k) in enumerate(pairwise(sizes), start=1):
        shapes = {"W": (k, n), "b": (k,), "Z": (samples, k), "A": (samples, k)}
        for symbol, shape in shapes.items():
            assert trace[f"{symbol}[{layer}]@0"].shape == shape
            assert trace[f"d{symbol}[{layer}]@0"].shape == shape
    assert trace["L@0"].shape == ()
    cells = sum(tensor.data.size for tensor in trace.tensors.values())
    assert experiment.program.cells(experiment.iterations) == cells


@settings(derandomize=True, max_examples=60, deadline=None)
@given(experiment=experiments(schemes=SQUASHED))
def test_a_small_step_against_the_gradient_lowers_the_loss(experiment: Experiment):
    trace = experiment.trace()
    gradients = [
        tensor.data
        for id, tensor in trace.tensors.items()
        if tensor.slot.symbol in ("dW", "db") and id.endswith("@0")
    ]
    squares = sum(float(np.sum(gradient**2)) for gradient in gradients)
    expected = experiment.learning_rate * squares
    fall = float(trace["L@0"]) - float(trace["L@1"])
    # To first order the loss falls by η‖∇L‖²; what is left is of second order in η.
    assert fall == pytest.approx(expected, rel=0.05, abs=1e-13)


@given(name=st.text(max_size=80).filter(lambda name: name not in ACTIVATIONS))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_no_unknown_activation_gets_through(name: str):
    with pytest.raises(UnknownNameError) as caught:
        make_network([2, 3, 1], ["tanh", name])
    error = caught.value
    assert error.where == ["network", "activations", 1]
    assert error.expected == list(ACTIVATIONS)
    assert error.given == name[:60]
    assert error.code == "unknown_name"


@given(
    seed=st.integers(0, LARGEST_SEED),
    sizes=st.lists(st.integers(1, 12), min_size=2, max_size=4),
    name=st.sampled_from(sorted(INITIALISERS)),
)
@settings(derandomize=True, max_examples=120, deadline=None)
def test_initial_weights_stay_within_their_bounds(seed: int, sizes: list[int], name: str):
    drawn = INITIALISERS[name].draw(sizes, seed)
    for (W, b), (n, k) in zip(drawn, pairwise(sizes), strict=True):
        assert W.shape == (k, n)
        assert b.shape == (k,)
        low, high = {
            "torch_linear": (-(n**-0.5), n**-0.5),
            "torch_rand": (0.0, 1 - 2**-24),
            "xavier_uniform": (-((6 / (n + k)) ** 0.5), (6 / (n + k)) ** 0.5),
            "he_uniform": (-((6 / n) ** 0.5), (6 / n) ** 0.5),
            "zeros": (0.0, 0.0),
        }.get(name, (-np.inf, np.inf))
        # A bound that isn't a float32 may be met by the nearest one.
        slack = 1e-7 * abs(high) if name == "torch_linear" else 0.0
        for array in (W, b) if name.startswith("torch") else (W,):
            assert low - slack <= array.min() <= array.max() <= high + slack
            assert array.dtype == (np.float32 if name.startswith("torch") else np.float64)
        assert name.startswith("torch") or not b.any()


def test_every_pair_of_loss_and_output_is_among_the_networks():
    assert {loss for loss, _ in PAIRS} == {"mse", "binary_cross_entropy", "cross_entropy"}
    assert len(PAIRS) == len(ACTIVATIONS) + 3
