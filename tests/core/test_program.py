"""Programs: ids, order, what they need, what they leave out; and how a run that breaks off ends."""

import dataclasses

import numpy as np
import pytest

from core import PRESETS, EquationError, Experiment, Layer, Network, make_network
from core.equation import EQUATIONS, Array
from core.glossary import GLOSSARY, tensor_latex, tensor_title
from core.loop import Loop
from core.passes import training_program
from core.program import PHASES, ProgramBuilder, Slot
from core.trace import run_trace
from tests.core.replay import PAIRS, experiment

# Presets that train to their end; one of them is there to break off.
WHOLE = [name for name, preset in PRESETS.items() if preset.loss and name != "exploding"]


def linear(X: Array, W: Array, Y: Array | None = None, **options: object) -> Experiment:
    """One identity layer without bias; with a target, squared error."""
    network = Network((Layer(np.array(W), np.zeros(len(W)), "identity"),))
    return Experiment(network, X, Y, None if Y is None else "mse", **options)


def test_the_ids_of_one_iteration_and_their_order():
    trace = PRESETS["logistic_regression"].experiment().trace()
    first = [step.result for step in trace.steps[:9]]
    names = ["Z[1]", "A[1]", "Lp", "L", "dA[1]", "dZ[1]", "dW[1]", "db[1]"]
    assert first == [*(f"{name}@0" for name in names), "W[1]@1"]
    assert trace.steps[10].result == "Z[1]@1"
    assert set(trace.tensors) > {"A[0]@0", "Y@0", "eta@0", "W[1]@0", "b[1]@6"}
    assert trace.tensors["W[1]@1"].iteration == 1


@pytest.mark.parametrize("name", WHOLE)
def test_a_step_s_operands_by_their_roles_make_its_result(name: str):
    made = PRESETS[name].experiment()
    trace = made.trace()
    for step in trace.steps:
        operands = [trace[step.operands[role]] for role in step.equation.roles]
        result = step.equation(*operands)
        np.testing.assert_allclose(result, trace[step.result], rtol=1e-12, err_msg=step.result)


def test_layers_are_taken_forward_then_backward():
    program = PRESETS["mse_identity"].experiment().program
    names = [program.slots[step.result].name for step in program.steps]
    forward = [f"{symbol}[{layer}]" for layer in (1, 2, 3) for symbol in "ZA"]
    backward = ["dA[3]"]
    for layer in (3, 2, 1):
        backward += [f"slope[{layer}]", f"dZ[{layer}]", f"dW[{layer}]", f"db[{layer}]"]
        backward += [f"dA[{layer - 1}]"] if layer > 1 else []
    update = [f"{symbol}[{layer}]" for layer in (1, 2, 3) for symbol in "Wb"]
    assert names == [*forward, "Lp", "L", *backward, *update]
    phases = [step.phase for step in program.steps]
    assert phases == sorted(phases, key=PHASES.index)


@pytest.mark.parametrize("name", PRESETS)
def test_a_gradient_has_the_shape_and_axes_of_its_tensor(name: str):
    slots = PRESETS[name].experiment().program.slots
    by_name = {slot.name: slot for slot in slots if not slot.offset}
    for slot in slots:
        if slot.symbol.startswith("d"):
            of = by_name[slot.name[1:]]
            assert (slot.shape, slot.axes) == (of.shape, of.axes)


@pytest.mark.parametrize("name", PRESETS)
def test_every_tensor_has_a_title_and_a_sign(name: str):
    for slot in PRESETS[name].experiment().program.slots:
        assert tensor_title(slot)
        assert tensor_latex(slot)
        assert slot.symbol in GLOSSARY


def test_how_tensors_are_set():
    assert tensor_latex(Slot("A", 0, (), ())) == "X"
    assert tensor_latex(Slot("W", 2, (), ())) == "W^{(2)}"
    assert tensor_latex(Slot("dZ", 2, (), ())) == r"\frac{\partial L}{\partial Z^{(2)}}"


def test_a_slot_that_isn_t_there_is_named():
    program = PRESETS["demo_1"].experiment().program
    with pytest.raises(EquationError, match=r"no slot Z\[2\]"):
        program.slot("Z[2]")


def test_only_what_leads_to_a_result_is_kept():
    program = PRESETS["mse_identity"].experiment().program
    names = [program.slots[step.result].name for step in program.only([program.slot("A[2]")]).steps]
    assert names == ["Z[1]", "A[1]", "Z[2]", "A[2]"]
    assert not program.only([program.slot("L")]).carries
    assert training_program(program).steps == program.steps


def test_a_program_without_an_update_can_be_looped():
    experiment = PRESETS["demo_2"].experiment()
    loop = Loop(experiment.program, experiment.inputs)
    loop.run(3)
    np.testing.assert_array_equal(loop.value("A[1]"), experiment.trace()["A[1]@0"])


@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_a_bound_program_follows_its_buffers(loss: str, output: str):
    _, run = experiment("tanh", output, loss, 6)
    calls = run.calls(run.program.steps)
    _, other = experiment("tanh", output, loss, 6)
    for index in run.program.inputs:
        run.values[index] *= 0.75
        other.values[index] *= 0.75
    run.run(calls)
    fresh = run_trace(
        run.program, {run.program.slots[i].name: run.values[i] for i in run.program.inputs}
    )
    for step in run.program.steps:
        slot = run.program.slots[step.result]
        np.testing.assert_array_equal(run.values[step.result], fresh[slot.id(0)], slot.name)
        assert (run.values[step.result] != other.values[step.result]).any() or (
            step.equation.id == "identity.slope"
        )


@pytest.mark.parametrize("name", WHOLE)
def test_float32_is_kept_by_traces_and_loops(name: str):
    experiment = dataclasses.replace(PRESETS[name].experiment(), precision="float32")
    trace = experiment.trace()
    assert {tensor.data.dtype for tensor in trace.tensors.values()} == {np.dtype(np.float32)}
    loop = Loop(experiment.program, experiment.inputs)
    loop.run(experiment.iterations)
    last = experiment.iterations
    np.testing.assert_array_equal(loop.value("W[1]"), trace[f"W[1]@{last}"])
    wide = PRESETS[name].experiment().trace()
    np.testing.assert_allclose(trace["L@0"], wide["L@0"], rtol=1e-5)


@pytest.mark.parametrize(
    ("X", "W", "tensor", "cell", "value"),
    [
        ([[1.0], [1e308]], [[0.0], [10.0]], "Z[1]@0", (1, 1), "+inf"),
        ([[1e308]], [[-10.0]], "Z[1]@0", (0, 0), "-inf"),
    ],
)
def test_the_first_cell_that_isn_t_finite_is_named(
    X: Array, W: Array, tensor: str, cell: tuple[int, ...], value: str
):
    trace = linear(X, W).trace()
    assert trace.diverged is not None
    assert (trace.diverged.tensor, trace.diverged.cell) == (tensor, cell)
    assert trace.diverged.value == value
    assert tensor not in trace.tensors
    assert trace.steps == []
    row, column = (index + 1 for index in cell)
    reason = {
        "+inf": "grew past the largest float",
        "-inf": "fell past the lowest float",
    }
    assert trace.diverged.message == f"Step 1: cell ({row}, {column}) of {tensor} {reason[value]}."


def test_a_scalar_that_isn_t_finite_is_named_without_a_cell():
    # Each sample's loss is finite, their sum isn't.
    trace = linear([[1.3e154]] * 3, [[1.0]], [[0.0]] * 3).trace()
    assert trace.diverged is not None
    assert trace.diverged.message == "Step 4: L@0 grew past the largest float."


def test_an_update_that_isn_t_finite_ends_the_trace():
    trace = linear([[1e10]], [[1.0]], [[0.0]], learning_rate=1e300, iterations=5).trace()
    assert trace.diverged is not None
    assert (trace.diverged.tensor, trace.diverged.value) == ("W[1]@1", "-inf")
    assert trace.diverged.step == len(trace.steps) == 9
    assert "W[1]@1" not in trace.tensors
    assert all(np.isfinite(tensor.data).all() for tensor in trace.tensors.values())


def test_a_learning_rate_too_large_diverges_after_some_iterations():
    # The error is multiplied by 1 - 0.1 (10² + 1) = -9.1 at every step; its square passes 1.8e308
    # when 100 · 9.1^(2k) does, at k = 160.
    trace = linear([[10.0]], [[1.0]], [[0.0]], learning_rate=0.1, iterations=400).trace()
    assert trace.diverged is not None
    assert trace.diverged.tensor == "Lp@160"
    assert float(trace["A[1]@159"][0, 0]) == pytest.approx(-10 * 9.1**159, rel=1e-9)
    assert "W[1]@161" not in trace.tensors


def test_the_long_way_stops_where_an_unbounded_gradient_meets_a_slope_of_0():
    # ∞ · 0 has no value; it is named before the ∞ beside it.
    axes = ("samples", "units[1]")
    builder = ProgramBuilder(np.dtype(float))
    operands = [builder.input(symbol, 1, axes, (1, 2)) for symbol in ("dA", "slope")]
    builder.step("backward", EQUATIONS["hadamard"], operands, "dZ", 1)
    trace = run_trace(builder.build(), {"dA[1]": [[np.inf, np.inf]], "slope[1]": [[1.0, 0.0]]})
    assert trace.diverged is not None
    assert trace.diverged.message == "Step 1: cell (1, 2) of dZ[1]@0 isn't a number."


def test_zeros_keep_hidden_units_alike():
    network = make_network([2, 3, 1], ["tanh", "identity"], "zeros")
    trace = Experiment(network, [[1, 2]], [[1]], "mse", iterations=3).trace()
    assert not trace["W[1]@3"].any()
    assert trace["b[2]@3"].any()
