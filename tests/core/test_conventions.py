"""Conventions: every layout, with and without ½, mean and sum."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from core import LOSSES, PRESETS, EquationError, Experiment, UnknownNameError, make_network
from core.conventions import HALVES, LECTURE, REDUCTIONS, Conventions
from core.diagnosis import diagnose
from core.judgements import judge
from core.layouts import LAYOUTS
from core.long_way import long_way
from core.program import SAMPLES, Program
from core.slips import slips_of
from core.trace import Trace
from core.typed_number import read_number
from tests.core.replay import FUSED, PAIRS, SIZES, experiment, targets
from tests.core.test_gradients import TENSORS, check

ALL = [
    Conventions(layout, half.value, reduction)
    for layout, half, reduction in product(LAYOUTS, HALVES, REDUCTIONS)
]
OTHERS = [each for each in ALL if each != LECTURE]


def named(conventions: Conventions) -> str:
    half = "half" if conventions.half else "whole"
    return f"{conventions.layout}-{half}-{conventions.reduction}"


@pytest.fixture(params=ALL, ids=named)
def conventions(request: pytest.FixtureRequest) -> Conventions:
    return request.param


def traced(loss: str, output: str, conventions: Conventions, optimizer: str | None = None) -> Trace:
    """Six samples through a 3-4-3-2 network, two iterations of them where something learns."""
    state = np.random.RandomState(4)
    network = make_network(SIZES, ("tanh", "softmax", output), "xavier_normal", 4)
    X, Y = state.standard_normal((6, SIZES[0])), targets(loss, state, 6)
    iterations = 2 if optimizer else 1
    return Experiment(
        network,
        X,
        Y,
        loss,
        optimizer,
        learning_rate=0.1 if optimizer else None,
        iterations=iterations,
        conventions=conventions,
    ).trace()


@pytest.mark.parametrize("samples", [1, 6])
@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_every_gradient_is_the_central_difference(
    loss: str, output: str, samples: int, conventions: Conventions
):
    _, run = experiment("tanh", output, loss, samples, fused=False, conventions=conventions)
    check(run, TENSORS)


@pytest.mark.parametrize(("loss", "output"), FUSED)
def test_every_gradient_of_a_fused_pair_is_too(loss: str, output: str, conventions: Conventions):
    _, run = experiment("softmax", output, loss, 6, conventions=conventions)
    check(run, [name for name in TENSORS if name != "A[3]"])


def factor(symbol: str, loss: str, conventions: Conventions) -> float:
    """By how much a number is larger than the lecture's."""
    whole = 2.0 if loss == "mse" and not conventions.half else 1.0
    summed = 6.0 if conventions.reduction == "sum" else 1.0
    if symbol == "Lp":
        return whole
    return whole * summed if symbol == "L" or symbol.startswith("d") else 1.0


def turned(trace: Trace, id: str, axes: tuple[str, ...]) -> np.ndarray:
    """A tensor with its axes in this order."""
    tensor = trace.tensors[id]
    assert sorted(tensor.slot.axes) == sorted(axes)
    return tensor.data if tensor.slot.axes == axes else tensor.data.T


@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_the_numbers_are_the_lecture_s_transposed_and_scaled(
    loss: str, output: str, conventions: Conventions
):
    lecture, ours = traced(loss, output, LECTURE), traced(loss, output, conventions)
    assert list(ours.tensors) == list(lecture.tensors)
    for id, tensor in lecture.tensors.items():
        expected = tensor.data * factor(tensor.slot.symbol, loss, conventions)
        np.testing.assert_allclose(
            turned(ours, id, tensor.slot.axes), expected, rtol=1e-12, atol=1e-15, err_msg=id
        )


def test_shapes_are_the_layout_s():
    columns = traced("mse", "identity", Conventions("columns"))
    in_out = traced("mse", "identity", Conventions("rows_in_out"))
    assert columns.tensors["Z[1]@0"].slot.axes == ("units[1]", SAMPLES)
    assert columns["A[0]@0"].shape == (3, 6)
    assert columns["dZ[2]@0"].shape == (3, 6)
    assert columns["W[1]@0"].shape == columns["dW[1]@0"].shape == (4, 3)
    assert in_out.tensors["dW[1]@0"].slot.axes == ("units[0]", "units[1]")
    assert in_out["W[1]@0"].shape == (3, 4)
    assert in_out["dA[1]@0"].shape == (6, 4)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_training_goes_the_same_way_in_every_layout(layout: str):
    lecture = traced("cross_entropy", "softmax", LECTURE, "momentum")
    ours = traced("cross_entropy", "softmax", Conventions(layout), "momentum")
    for id in ("L@1", "W[1]@2", "b[3]@2"):
        expected = lecture.tensors[id]
        actual = turned(ours, id, expected.slot.axes)
        np.testing.assert_allclose(actual, expected.data, rtol=1e-12)


@pytest.mark.parametrize("name", [name for name, preset in PRESETS.items() if preset.loss])
def test_the_gradient_check_of_every_preset_passes(name: str, conventions: Conventions):
    found = replace(PRESETS[name].experiment(), conventions=conventions).check_gradients()
    assert found.verdict == "pass"


def divisions(program: Program) -> list[str]:
    """The equations in which the number of samples is divided by."""
    return [step.equation.id for step in program.steps if "count" in str(step.equation.cell)]


@pytest.mark.parametrize("loss", LOSSES)
def test_one_over_n_is_there_once_each_way_or_not_at_all(loss: str, conventions: Conventions):
    output = LOSSES[loss].outputs[-1]
    _, run = experiment("tanh", output, loss, 6, fused=False, conventions=conventions)
    expected = 2 if conventions.reduction == "mean" else 0
    assert len(divisions(run.program)) == expected


def test_the_default_is_the_lecture_s_and_its_equations_are_untouched():
    assert Conventions("rows_out_in", True, "mean") == LECTURE
    program = traced("mse", "identity", LECTURE)
    assert not [id for id in program.equations if id.endswith(("columns", "out", "whole", "sum"))]


@pytest.mark.parametrize(("kind", "name"), [("layout", "column"), ("reduction", "sums")])
def test_an_unknown_convention_is_answered_with_the_nearest(kind: str, name: str):
    with pytest.raises(UnknownNameError, match=name.rstrip("s")):
        Conventions(**{kind: name})


def test_a_program_refuses_the_shapes_of_another_layout():
    network, run = experiment("tanh", "identity", "mse", 6, conventions=Conventions("columns"))
    inputs = {**network.inputs(), "A[0]": run["A[0]"].T, "Y": run["Y"], "eta": 0.1}
    with pytest.raises(EquationError, match=r"A\[0\] is"):
        type(run)(run.program, inputs)


@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_typed_numbers_are_judged(loss: str, output: str, conventions: Conventions):
    trace = traced(loss, output, conventions, "momentum")
    for step in trace.steps:
        data = trace[step.result]
        if np.isfinite(data).all():
            (found,) = judge(trace, step.result, {0: read_number(repr(float(data.flat[0])), [])})
            assert found.verdict == "right", step.result
            assert all(slip.values.shape == data.shape for slip in slips_of(trace, step.result))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_dead_units_are_found(layout: str):
    experiment = replace(PRESETS["dead_relu"].experiment(), conventions=Conventions(layout))
    ours, lecture = (
        diagnose(each.trace(), each.program, each.network.activations)
        for each in (experiment, replace(experiment, conventions=LECTURE))
    )
    assert lecture.units
    assert [(unit.layer, unit.unit, unit.state, unit.sample) for unit in ours.units] == [
        (unit.layer, unit.unit, unit.state, unit.sample) for unit in lecture.units
    ]


@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_the_long_way_is_that_of_the_conventions(loss: str, output: str, conventions: Conventions):
    trace = traced(loss, output, conventions)
    rows = conventions.axes.of_samples
    way = long_way(rows(trace["Z[3]@0"]), rows(trace["Y@0"]), output, loss, conventions)
    np.testing.assert_allclose(way.dA, rows(trace["dA[3]@0"]), rtol=1e-13)
    np.testing.assert_allclose(way.product, rows(trace["dZ[3]@0"]), rtol=1e-11, atol=1e-15)
