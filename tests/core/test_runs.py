"""Programs, traces and loops: the same calls, each tensor once, nothing that isn't finite."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import ACTIVATIONS, PRESETS, EquationError, Experiment, make_network
from core.loop import Loop
from core.passes import training_program
from core.trace import Trace
from tests.core.replay import PAIRS, targets

TRAINING = [name for name, preset in PRESETS.items() if preset.loss]


def random_experiment(
    sizes: tuple[int, ...], hidden: str, pair: tuple[str, str], samples: int, iterations: int = 3
) -> Experiment:
    loss, output = pair
    state = np.random.RandomState(sum(sizes) + samples)
    network = make_network(
        [*sizes, 2], [hidden] * (len(sizes) - 1) + [output], "xavier_uniform", samples
    )
    X, Y = state.standard_normal((samples, sizes[0])), targets(loss, state, samples)
    return Experiment(network, X, Y, loss, learning_rate=0.05, iterations=iterations)


@pytest.mark.parametrize("name", PRESETS)
def test_a_trace_is_single_assignment(name: str):
    trace = PRESETS[name].experiment().trace()
    made: set[str] = set()
    inputs = set(trace.tensors) - {step.result for step in trace.steps}
    for step in trace.steps:
        assert step.result not in made | inputs
        assert set(step.operands.values()) <= made | inputs
        assert tuple(step.operands) == step.equation.roles
        made.add(step.result)
    assert inputs | made == set(trace.tensors)
    assert {step.equation.id for step in trace.steps} == set(trace.equations)


@pytest.mark.parametrize("name", PRESETS)
def test_shapes_follow_from_the_axes(name: str):
    trace = PRESETS[name].experiment().trace()
    lengths: dict[str, int] = {}
    for tensor in trace.tensors.values():
        assert tensor.data.shape == tensor.slot.shape
        for axis, length in zip(tensor.slot.axes, tensor.data.shape, strict=True):
            assert lengths.setdefault(axis, length) == length


@pytest.mark.parametrize("name", [name for name in PRESETS if name != "exploding"])
def test_a_program_knows_the_size_of_its_trace(name: str):
    experiment = PRESETS[name].experiment()
    trace = experiment.trace()
    cells = sum(tensor.data.size for tensor in trace.tensors.values())
    assert experiment.program.cells(experiment.iterations) == cells


def test_iterations_make_new_weights():
    trace = random_experiment((3, 4), "tanh", ("mse", "identity"), 5, iterations=3).trace()
    for k in (1, 2, 3):
        step = f"W[1]@{k}"
        before, gradient = trace[f"W[1]@{k - 1}"], trace[f"dW[1]@{k - 1}"]
        np.testing.assert_array_equal(trace[step], before - 0.05 * gradient)
    assert "L@3" not in trace.tensors


def assert_same_end(loop: Loop, trace: Trace, experiment: Experiment) -> None:
    last = experiment.iterations
    for layer in range(1, len(experiment.network.layers) + 1):
        for symbol in ("W", "b"):
            ours = loop.value(f"{symbol}[{layer}]")
            np.testing.assert_array_equal(ours, trace[f"{symbol}[{layer}]@{last}"])
    np.testing.assert_array_equal(loop.value("L"), trace[f"L@{last - 1}"])


@settings(derandomize=True, max_examples=40, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=4).map(tuple),
    hidden=st.sampled_from(sorted(ACTIVATIONS)),
    pair=st.sampled_from(PAIRS),
    samples=st.integers(1, 7),
    iterations=st.integers(1, 6),
)
def test_the_training_loop_and_the_trace_are_one(
    sizes: tuple[int, ...], hidden: str, pair: tuple[str, str], samples: int, iterations: int
):
    experiment = random_experiment(sizes, hidden, pair, samples, iterations)
    trace = experiment.trace()
    loop = Loop(training_program(experiment.program), experiment.inputs)
    loop.run(iterations)
    assert_same_end(loop, trace, experiment)


def test_a_loop_can_go_on():
    experiment = random_experiment((3, 4), "tanh", ("mse", "identity"), 5, iterations=5)
    loop = Loop(training_program(experiment.program), experiment.inputs)
    loop.run(2)
    loop.run()
    loop.run(2)
    assert loop.iteration == 5
    assert_same_end(loop, experiment.trace(), experiment)


def test_training_leaves_out_what_only_a_trace_shows():
    experiment = PRESETS["ce_softmax"].experiment()
    program = training_program(experiment.program)
    left_out = {step.equation.id for step in experiment.program.steps} - {
        step.equation.id for step in program.steps
    }
    assert left_out == {"ce.dA"}


def test_inputs_are_copied_and_checked():
    experiment = PRESETS["xor"].experiment()
    trace = experiment.trace()
    trace["W[1]@0"][...] = 0
    assert experiment.trace()["W[1]@0"].any()
    with pytest.raises(EquationError, match="eta"):
        Loop(experiment.program, {k: v for k, v in experiment.inputs.items() if k != "eta"})
    with pytest.raises(EquationError, match="Y is"):
        Loop(experiment.program, {**experiment.inputs, "Y": np.zeros((4, 2))})


def test_a_trace_ends_before_the_first_result_that_isn_t_finite():
    preset = PRESETS["mse_identity"]
    experiment = Experiment(
        make_network(preset.sizes, preset.activations, preset.scheme, preset.seed),
        preset.X,
        preset.Y,
        preset.loss,
        learning_rate=1e200,
        iterations=9,
    )
    trace = experiment.trace()
    assert trace.outcome == "diverged"
    assert trace.diverged is not None
    assert trace.diverged.tensor == "Lp@1"
    assert trace.diverged.cell == (0,)
    assert trace.diverged.value == "+inf"
    assert "cell (1) of Lp@1" in trace.diverged.message
    assert trace.diverged.step == len(trace.steps)
    assert all(np.isfinite(tensor.data).all() for tensor in trace.tensors.values())


def test_an_infinite_loss_ends_the_trace():
    # Softmax with binary cross entropy is made from A: ln(1 - A) is -∞ where A is 1.
    network = make_network([1, 2], ["softmax"], "zeros")
    network.layers[0].W[...] = [[0.0], [1.0]]
    trace = Experiment(network, [[-800.0]], [[0.5, 0.5]], "binary_cross_entropy").trace()
    assert trace.diverged is not None
    assert (trace.diverged.tensor, trace.diverged.cell) == ("Lp@0", (0,))
    assert trace.diverged.value == "+inf"


@pytest.mark.parametrize(
    ("loss", "output"), [("binary_cross_entropy", "sigmoid"), ("cross_entropy", "softmax")]
)
def test_an_unbounded_gradient_is_kept_and_the_fused_one_is_finite(loss: str, output: str):
    network = make_network([1, 2], [output], "zeros")
    network.layers[0].W[...] = [[1.0], [-1.0]]
    trace = Experiment(network, [[800.0]], [[0.0, 1.0]], loss).trace()
    assert trace.outcome == "complete"
    dA = trace["dA[1]@0"]
    assert np.isneginf(dA[0, 1])
    assert not np.isnan(dA).any()
    np.testing.assert_allclose(trace["dZ[1]@0"], [[1.0, -1.0]])
    assert float(trace["L@0"]) == 1600.0


def test_float32_stays_float32():
    network = make_network([3, 4, 2], ["gelu", "softmax"], "torch_linear", 1)
    trace = Experiment(
        network, np.ones((2, 3)), np.eye(2), "cross_entropy", precision="float32", iterations=2
    ).trace()
    assert {tensor.data.dtype for tensor in trace.tensors.values()} == {np.dtype(np.float32)}
