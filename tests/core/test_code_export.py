"""Exported code: run in an interpreter of its own, it gives the trace's numbers."""

import pickle
import runpy
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import ACTIVATIONS, EQUATIONS, OPTIMIZERS, PRESETS, Experiment, make_network
from core.code_export import export_code
from core.conventions import HALVES, REDUCTIONS, Conventions
from core.layouts import LAYOUTS
from core.learning import Start, state_slots
from core.network import Layer, Network
from core.schedules import SCHEDULES
from core.source import variable
from tests.core.replay import PAIRS, targets

RUN_ALL = """
import pickle, runpy, sys
from pathlib import Path
import numpy as np
made = {}
for path in sorted(Path(sys.argv[1]).glob("*.py")):
    with np.errstate():  # what one script silences is no other's
        found = runpy.run_path(str(path))
    made[path.stem] = {
        name: value for name, value in found.items()
        if isinstance(value, (np.ndarray, np.generic, float))
    }
assert not [name for name in sys.modules if name.split(".")[0] in ("core", "app")]
Path(sys.argv[2]).write_bytes(pickle.dumps(made))
"""


def experiment(hidden: str, output: str, loss: str, samples: int = 6, **more: Any) -> Experiment:
    state = np.random.RandomState(4)
    network = make_network((3, 4, 5, 2), (hidden, hidden, output), "xavier_normal", 4)
    X = state.standard_normal((samples, 3))
    return Experiment(network, X, targets(loss, state, samples), loss, **more)


def conventions() -> Iterator[Conventions]:
    for layout, half, reduction in product(LAYOUTS, HALVES, REDUCTIONS):
        yield Conventions(layout, half.value, reduction)


def learning() -> Iterator[tuple[str, Experiment]]:
    """Each optimizer for three steps, with whatever numbers and switches change its equations."""
    for name, optimizer in OPTIMIZERS.items():
        taken = {parameter.name for parameter in optimizer.parameters}
        numbers = {"weight_decay": 0.1, "dampening": 0.3}
        more: dict[str, Any] = {
            "numbers": {key: value for key, value in numbers.items() if key in taken},
            "switches": tuple(switch.name for switch in optimizer.switches),
        }
        for some in ({}, more):
            tag = f"{name}_{'more' if some else 'plain'}"
            yield (
                tag,
                experiment(
                    "tanh", "softmax", "cross_entropy", optimizer=name, iterations=3, **some
                ),
            )


def shapes() -> Iterator[tuple[str, Experiment]]:
    """Networks of one unit and of many, for one sample and for many: BLAS has a way for each."""
    for sizes, samples, layout in product([(1, 1, 2), (33, 64, 10)], [1, 2, 64], LAYOUTS):
        state = np.random.RandomState(7)
        network = make_network(sizes, ("tanh", "softmax"), "xavier_normal", 7)
        X, classes = state.standard_normal((samples, sizes[0])), state.randint(0, 2, samples)
        yield (
            f"{'-'.join(map(str, sizes))}_{samples}_{layout}",
            Experiment(
                network,
                X,
                np.eye(sizes[-1])[classes],
                "cross_entropy",
                conventions=Conventions(layout),
            ),
        )


def scheduled() -> Iterator[tuple[str, Experiment]]:
    """Schedules and penalties; and a run that goes on where another was."""
    for schedule, layout in zip(SCHEDULES, [*LAYOUTS, *LAYOUTS], strict=False):
        yield (
            f"schedule_{schedule}",
            experiment(
                "tanh",
                "identity",
                "mse",
                iterations=4,
                optimizer="momentum" if schedule != "step" else "sign_descent",
                schedule=schedule,
                schedule_numbers={"period": 3.0} if schedule in ("step", "cosine") else {},
                l1=0.01,
                l2=0.3,
                conventions=Conventions(layout),
            ),
        )
    first = experiment("tanh", "identity", "mse", optimizer="adam", schedule="inverse")
    trace = first.trace()
    state = {name: np.asarray(trace[f"{name}@1"]) for name in state_slots(first.program)}
    for layout in LAYOUTS:
        yield (
            f"start_{layout}",
            replace(first, start=Start(7, state), iterations=2, conventions=Conventions(layout)),
        )


def one_layer(activation: str, *W: float, **more: Any) -> Experiment:
    """A layer of one input with these weights, whose targets are 1, 0, 0, …"""
    network = Network((Layer(np.array(W)[:, None], np.zeros(len(W)), activation),))
    return Experiment(network, [[1.0]], np.eye(1, len(W)), **{"loss": "mse", **more})


def extreme() -> Iterator[tuple[str, Experiment]]:
    """Numbers far out, a step that PyTorch clamps, and optimizers whose numbers are 0."""
    yield from ((f"far_{name}", one_layer(name, 800.0)) for name in ("tanh", "softplus"))
    yield "far_sigmoid", one_layer("sigmoid", 2000.0)
    bce = {"loss": "binary_cross_entropy"}
    yield "sure_softmax", one_layer("softmax", 800.0, 0.0, **bce)
    yield "wrong_softmax", one_layer("softmax", 0.0, 300.0, 300.0, **bce)
    steps: dict[str, Any] = {"iterations": 3}
    yield "branch_float32", one_layer("identity", 0.3, 0.1, **steps, **TRIVIAL)
    for name, dampening in (("nesterov", 0.0), ("momentum", 0.5), ("momentum", 0.0)):
        numbers = {"momentum": 0.0, "dampening": dampening}
        tag = f"{name}_zero_{dampening}"
        yield tag, one_layer("identity", 3.0, optimizer=name, numbers=numbers, **steps)


TRIVIAL: dict[str, Any] = {"optimizer": "branch_descent", "precision": "float32"}


def cases() -> Iterator[tuple[str, Experiment]]:
    for (loss, output), chosen in product(PAIRS, conventions()):
        tag = f"{loss}_{output}_{chosen.layout}_{int(chosen.half)}_{chosen.reduction}"
        yield tag, experiment("tanh", output, loss, conventions=chosen)
    for hidden, precision in product(ACTIVATIONS, ("float64", "float32")):
        yield f"{hidden}_{precision}", experiment(hidden, "identity", "mse", precision=precision)
    for layout in LAYOUTS:
        yield (
            f"one_sample_{layout}",
            experiment("softmax", "sigmoid", "mse", 1, conventions=Conventions(layout)),
        )
    yield from shapes()
    yield from scheduled()
    yield "forward", replace(experiment("gelu", "softmax", "mse"), loss=None, Y=None)
    yield "no_optimizer", experiment("silu", "sigmoid", "binary_cross_entropy", optimizer=None)
    yield from learning()
    yield from extreme()
    # One that overflows on purpose leaves nothing to compare.
    finite = {name: preset for name, preset in PRESETS.items() if name != "exploding"}
    yield from ((f"preset_{name}", preset.experiment()) for name, preset in finite.items())


CASES = dict(cases())


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What each NumPy script leaves behind, in an interpreter without this package."""
    folder = tmp_path_factory.mktemp("scripts")
    for name, each in CASES.items():
        (folder / f"{name}.py").write_text(export_code(each)[0].text, encoding="utf-8")
    answer = folder / "answer"
    subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN_ALL, str(folder), str(answer)],
        check=True,
        cwd=folder,
        stdout=subprocess.DEVNULL,
    )
    return pickle.loads(answer.read_bytes())


@pytest.mark.parametrize("name", CASES)
def test_numpy_gives_the_bits_of_the_trace(name: str, found: dict[str, dict[str, Any]]):
    each, variables = CASES[name], found[name]
    trace, last = each.trace(), each.iterations - 1 + (each.start.step if each.start else 0)
    assert trace.diverged is None
    compared = 0
    for step in trace.steps:
        tensor = trace.tensors[step.result]
        is_final = tensor.iteration == last + tensor.slot.offset
        if is_final:
            ours = np.asarray(variables[variable(tensor.slot)])
            assert ours.dtype == tensor.data.dtype, step.result
            assert ours.shape == tensor.data.shape, step.result
            # Bit for bit, so that a zero has its sign too.
            assert ours.tobytes() == tensor.data.tobytes(), step.result
            compared += 1
    assert compared == len(each.program.steps)


FAMILIES = ("affine", "hadamard", "mse", "bce", "ce", "sigmoid_bce", "softmax_ce", "penalty")


def test_every_equation_of_a_network_is_covered():
    used = {step.equation.id for each in CASES.values() for step in each.program.steps}
    passes = {
        id
        for id in EQUATIONS
        if id.split(".")[0]
        in {
            *ACTIVATIONS,
            "penalty",
            "schedule",
            "affine",
            "hadamard",
            "mse",
            "bce",
            "ce",
            "sigmoid_bce",
            "softmax_ce",
        }
    }
    # Cross entropy goes with softmax alone, where its loss is computed from Z.
    assert passes - used == {"ce.sample", "ce.sample.columns"}


def printed(text: str, tmp_path: Path) -> str:
    path = tmp_path / "script.py"
    path.write_text(text, encoding="utf-8")
    run = subprocess.run([sys.executable, str(path)], check=True, capture_output=True, text=True)
    return run.stdout


def test_it_prints_the_loss_and_every_gradient_with_all_digits(tmp_path: Path):
    each = PRESETS["mse_identity"].experiment()
    trace = each.trace()
    lines = printed(export_code(each)[0].text, tmp_path).splitlines()
    assert lines[0] == f"L = {float(trace['L@0'])!r}"
    names = [line.removesuffix(" =") for line in lines if line.endswith(" =")]
    assert names == ["dW1", "db1", "dW2", "db2", "dW3", "db3"]
    numbers = [float(word) for line in lines[lines.index("db3 =") + 1 :] for word in _words(line)]
    assert numbers == trace["db[3]@0"].tolist()


def _words(line: str) -> list[str]:
    return line.replace("[", " ").replace("]", " ").split()


def test_the_code_follows_the_conventions():
    texts = [
        export_code(experiment("tanh", "identity", "mse", conventions=each))[0].text
        for each in (
            Conventions(),
            Conventions("columns", half=False),
            Conventions("rows_in_out", reduction="sum"),
        )
    ]
    expected = [
        ("Z1 = X @ W1.T + b1", "dA3 = (A3 - Y) / N", "dW1 = dZ1.T @ X  # 4 × 3"),
        ("Z1 = W1 @ X + b1[:, None]", "dA3 = 2 * (A3 - Y) / N", "dW1 = dZ1 @ X.T  # 4 × 3"),
        ("Z1 = X @ W1 + b1", "dA3 = A3 - Y", "dW1 = X.T @ dZ1  # 3 × 4"),
    ]
    for text, lines in zip(texts, expected, strict=True):
        for line in lines:
            assert line in text


MANY = dict(shapes())
TORCH_CASES = [name for name in CASES if len(export_code(CASES[name])) > 1 and name not in MANY]


def test_pytorch_has_a_twin_where_its_optimizer_can_do_the_same():
    without = [name for name, each in CASES.items() if len(export_code(each)) == 1]
    refused = ["nesterov_more", "nesterov_zero_0.0", "momentum_zero_0.5"]
    assert without == [*(f"start_{layout}" for layout in LAYOUTS), *refused]


@pytest.mark.parametrize("name", TORCH_CASES)
def test_pytorch_agrees(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    pytest.importorskip("torch")
    each = CASES[name]
    trace, last = each.trace(), each.iterations - 1 + (each.start.step if each.start else 0)
    path = tmp_path / "script.py"
    path.write_text(export_code(each)[1].text, encoding="utf-8")
    variables = runpy.run_path(str(path))
    assert capsys.readouterr().out
    for slot in each.program.slots:
        made = variables.get(variable(slot))
        if slot.symbol in ("A", "Z", "L") and slot.layer != 0:
            expected, ours = trace[slot.id(last)], made.detach().numpy()
        elif slot.symbol in ("W", "b") and slot.offset == 0 and each.loss:
            # What is printed is ∂L/∂W; what is left is what the update follows.
            followed = trace.tensors.get(
                f"r{slot.name}@{last}", trace.tensors[f"d{slot.name}@{last}"]
            )
            expected, ours = followed.data, made.grad.numpy()
        else:
            continue
        tolerance = 1e-11 if trace["A[0]@0"].dtype == np.float64 else 1e-5
        np.testing.assert_allclose(ours, expected, rtol=tolerance, atol=tolerance * 1e-2)
