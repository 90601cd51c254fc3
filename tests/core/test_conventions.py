"""Conventions: every layout, with and without ½, mean and sum."""

import re
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from core import (
    EQUATIONS,
    LOSSES,
    PRESETS,
    EquationError,
    Experiment,
    UnknownNameError,
    make_network,
)
from core.branches import Branch, run_branches
from core.conventions import HALVES, LECTURE, REDUCTIONS, Conventions, lineage
from core.diagnosis import diagnose
from core.exact import exact_fractions
from core.gradient_check import TOLERANCES
from core.gradient_comparison import Facts, compare_gradient
from core.judgements import judge
from core.layouts import LAYOUTS
from core.long_way import long_way
from core.passes import training_program
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


TURNED = [id for id in EQUATIONS if id.endswith(".columns") and not id.startswith("affine")]


@pytest.mark.parametrize("id", TURNED)
def test_in_columns_a_formula_s_indices_are_turned(id: str):
    ours, rows = EQUATIONS[id], EQUATIONS[id.removesuffix(".columns")]
    found, expected = (re.findall(r"_\{([a-z]{2})\}", each.latex) for each in (ours, rows))
    assert found == [indices[::-1] for indices in expected]
    assert all(indices.endswith("p") for indices in found)


def divisions(program: Program) -> list[str]:
    """The equations in which the number of samples is divided by."""
    return [step.equation.id for step in program.steps if "count" in str(step.equation.cell)]


@pytest.mark.parametrize("loss", LOSSES)
def test_one_over_n_is_there_once_each_way_or_not_at_all(loss: str, conventions: Conventions):
    output = LOSSES[loss].outputs[-1]
    _, run = experiment("tanh", output, loss, 6, fused=False, conventions=conventions)
    expected = 2 if conventions.reduction == "mean" else 0
    assert len(divisions(run.program)) == expected


@pytest.mark.parametrize(("loss", "output"), FUSED)
def test_one_over_n_is_once_in_the_way_that_a_fused_pair_learns_by(
    loss: str, output: str, conventions: Conventions
):
    """Once in L and once in the fused dZ, or nowhere; ∂L/∂A is shown and not used."""
    _, run = experiment("tanh", output, loss, 6, conventions=conventions)
    found = [lineage(EQUATIONS[id])[-1] for id in divisions(training_program(run.program))]
    fused = LOSSES[loss].fusions[output].dZ.id
    assert found == (["mean", fused] if conventions.reduction == "mean" else [])


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


def experimented(conventions: Conventions, **more: Any) -> Experiment:
    state = np.random.RandomState(4)
    network = make_network(SIZES, ("tanh", "relu", "softmax"), "xavier_normal", 4)
    X, Y = state.standard_normal((6, SIZES[0])), targets("cross_entropy", state, 6)
    return Experiment(
        network, X, Y, "cross_entropy", "momentum", iterations=3, conventions=conventions, **more
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_run_is_gone_on_with_in_every_layout(layout: str):
    lecture, ours = experimented(LECTURE), experimented(Conventions(layout))
    whole = ours.trace()
    later = ours.at(2).trace()
    for name in ("L", "dW[1]", "db[3]", "dA[1]"):
        np.testing.assert_allclose(later[f"{name}@0"], whole[f"{name}@2"], rtol=1e-12, atol=1e-15)
    branch = Branch(1, 2, "momentum", {"learning_rate": 0.3, "momentum": 0.5})
    (_, theirs), (_, mine) = (run_branches(each, [branch]) for each in (lecture, ours))
    for name in ("L@2", "W[2]@3", "vW[1]@2", "vb[1]@2"):
        expected = theirs.trace.tensors[name]
        actual = turned(mine.trace, name, expected.slot.axes)
        np.testing.assert_allclose(actual, expected.data, rtol=1e-12, atol=1e-15, err_msg=name)


def test_every_gradient_is_checked_that_of_the_inputs_too(conventions: Conventions):
    names = ["dA[0]", "dA[2]", "dA[3]", "dZ[1]", "dZ[3]", "dW[2]", "db[1]"]
    found = experimented(conventions, l2=0.1).check_gradients(names)
    assert found.verdict == "pass"
    assert not found.left_out
    (inputs,) = (each for each in found.parameters if each.gradient == "dA[0]")
    assert inputs.backprop.shape == ((3, 6) if conventions.layout == "columns" else (6, 3))


def test_a_gradient_of_another_convention_is_told_by_its_factor():
    experiment = PRESETS["mse_identity"].experiment()
    (lecture,) = experiment.check_gradients(["dW[1]"]).parameters
    text = str(lecture.backprop.tolist())
    for conventions, word in (
        (Conventions(half=False), "there is no ½ here"),
        (Conventions(reduction="sum"), "L is the sum over the samples here"),
    ):
        (check,) = (
            replace(experiment, conventions=conventions).check_gradients(["dW[1]"]).parameters
        )
        facts = Facts(3, 3, conventions=conventions)
        relation = compare_gradient(check, text, facts, TOLERANCES["float64"]).relation
        assert relation is not None
        assert word in relation.message


@pytest.mark.parametrize("name", ["linear_regression", "mse_identity"])
def test_exact_fractions_are_those_of_the_conventions(name: str, conventions: Conventions):
    experiment = replace(PRESETS[name].experiment(), conventions=conventions, iterations=1)
    trace = experiment.trace()
    found = exact_fractions(trace, experiment.inputs)
    for id, values in found.items():
        for cell, value in enumerate(values):
            if value is not None:
                assert float(value) == pytest.approx(trace[id].flat[cell], rel=1e-12, abs=1e-15)
    assert all(value is not None for value in found["Z[1]@0"]) or name == "mse_identity"
