"""PyTorch as the oracle, where it is installed: values, gradients, initial weights, steps."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from core import ACTIVATIONS, Experiment, make_network
from core.descent import Descent, Stop
from core.history import Rhythm
from core.initialisers import LARGEST_SEED
from core.surfaces import SURFACES
from core.torch_random import TorchRandom
from tests.core.replay import PAIRS, targets
from tests.core.trainings import followed, rows, training

torch = pytest.importorskip("torch")
F = torch.nn.functional

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "identity": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": lambda z: F.leaky_relu(z, 0.01),
    "elu": F.elu,
    "gelu": F.gelu,
    "gelu_tanh": lambda z: F.gelu(z, approximate="tanh"),
    # PyTorch's softplus is z itself above 20, off by 2e-9.
    "softplus": lambda z: F.softplus(z, threshold=1000),
    "silu": F.silu,
    "softmax": lambda z: torch.softmax(z, dim=1),
}
LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "mse": lambda a, y: ((a - y) ** 2).sum() / 2 / len(y),
    "binary_cross_entropy": lambda a, y: F.binary_cross_entropy(a, y, reduction="sum") / len(y),
    "cross_entropy": lambda a, y: -(y * torch.log(a)).sum() / len(y),
}
POINTS = np.concatenate([np.linspace(-30, 30, 4001), [0.0, -0.0, 1e-12, -1e-12, 15, -15]])


@pytest.mark.parametrize("name", [name for name, item in ACTIVATIONS.items() if item.slope])
def test_activations_and_their_slopes(name: str):
    z = torch.tensor(POINTS, requires_grad=True)
    a = FUNCTIONS[name](z)
    a.sum().backward()
    activation = ACTIVATIONS[name]
    assert activation.slope
    np.testing.assert_allclose(activation.value(POINTS), a.detach().numpy(), rtol=4e-15, atol=2e-15)
    np.testing.assert_allclose(activation.slope(POINTS), z.grad.numpy(), rtol=4e-15, atol=5e-15)


@pytest.mark.parametrize("samples", [1, 6])
@pytest.mark.parametrize(("loss", "output"), PAIRS)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_whole_networks(hidden: str, loss: str, output: str, samples: int):
    network = make_network([5, 7, 4, 2], [hidden, hidden, output], "xavier_normal", 4)
    state = np.random.RandomState(9)
    X, Y = state.standard_normal((samples, 5)), targets(loss, state, samples)
    trace = Experiment(network, X, Y, loss).trace()
    kept: dict[str, Any] = {}

    def keep(name: str, tensor: Any) -> Any:
        tensor.retain_grad()
        kept[name] = tensor
        return tensor

    a = torch.tensor(X)
    for layer, parameters in enumerate(network.layers, start=1):
        W = keep(f"W[{layer}]", torch.tensor(parameters.W, requires_grad=True))
        b = keep(f"b[{layer}]", torch.tensor(parameters.b, requires_grad=True))
        z = keep(f"Z[{layer}]", a @ W.T + b)
        a = keep(f"A[{layer}]", FUNCTIONS[parameters.activation](z))
    L = LOSSES[loss](a, torch.tensor(Y))
    L.backward()
    assert float(trace["L@0"]) == pytest.approx(float(L.detach()), rel=1e-12)
    for name, tensor in kept.items():
        ours = {f"{name}@0": tensor.detach(), f"d{name}@0": tensor.grad}
        for id, expected in ours.items():
            np.testing.assert_allclose(
                trace[id], expected.numpy(), rtol=1e-11, atol=1e-13, err_msg=id
            )


@pytest.mark.parametrize("seed", [0, 1, 42, 2**31, LARGEST_SEED])
@pytest.mark.parametrize("sizes", [(5, 7, 4, 3), (2, 1), (64, 33, 10)])
def test_torch_linear_is_pytorch_s_bit_for_bit(seed: int, sizes: tuple[int, ...]):
    torch.manual_seed(seed)
    modules = [torch.nn.Linear(n, k) for n, k in pairwise(sizes)]
    network = make_network(sizes, ["tanh"] * len(modules), "torch_linear", seed)
    for layer, module in zip(network.layers, modules, strict=True):
        np.testing.assert_array_equal(layer.W, module.weight.detach().numpy())
        np.testing.assert_array_equal(layer.b, module.bias.detach().numpy())


@pytest.mark.parametrize("seed", [0, 1, 7, LARGEST_SEED])
def test_torch_rand_is_pytorch_s_bit_for_bit(seed: int):
    torch.manual_seed(seed)
    stream = TorchRandom(seed)
    for count in (1, 5, 16, 17, 1000):
        np.testing.assert_array_equal(stream.rand(count), torch.rand(count).numpy())


@pytest.mark.parametrize(("low", "high"), [(-0.3, 0.7), (-1e-3, 1e-3), (2.0, 5.0)])
def test_uniform_rounds_once_as_pytorch_s_does(low: float, high: float):
    torch.manual_seed(3)
    expected = torch.empty(20_000).uniform_(low, high).numpy()
    np.testing.assert_array_equal(TorchRandom(3).uniform(low, high, 20_000), expected)


def test_the_demo_in_pytorch():
    torch.manual_seed(1)
    X = torch.tensor([[-8.0, 1, -3, 5, 2], [-2, 2, -1, 5, 2], [7, 1, 9, -5, -2]])
    W, b = torch.rand(5).view(1, 5), torch.rand(1)
    network = make_network([5, 1], ["sigmoid"], "torch_rand", 1)
    np.testing.assert_array_equal(network.layers[0].W, W.numpy())
    trace = Experiment(network, X.numpy(), precision="float32").trace()
    np.testing.assert_allclose(trace["Z[1]@0"], (torch.mm(X, W.T) + b).numpy(), atol=5e-7)


def test_gradient_descent_is_sgd():
    sizes, state = (4, 6, 3), np.random.RandomState(2)
    X, classes = state.standard_normal((8, 4)), state.randint(0, 3, 8)
    network = make_network(sizes, ["tanh", "softmax"], "torch_linear", 2)
    trace = Experiment(
        network, X, np.eye(3)[classes], "cross_entropy", learning_rate=0.3, iterations=50
    ).trace()
    modules = [torch.nn.Linear(n, k).double() for n, k in pairwise(sizes)]
    with torch.no_grad():
        for layer, module in zip(network.layers, modules, strict=True):
            module.weight.copy_(torch.tensor(layer.W))
            module.bias.copy_(torch.tensor(layer.b))
    model = torch.nn.Sequential(modules[0], torch.nn.Tanh(), modules[1])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    for k in range(50):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(torch.tensor(X)), torch.tensor(classes))
        assert float(trace[f"L@{k}"]) == pytest.approx(float(loss.detach()), rel=1e-12)
        loss.backward()
        optimizer.step()
    np.testing.assert_allclose(trace["W[2]@50"], modules[1].weight.detach().numpy(), atol=1e-13)


OPTIMIZERS: dict[str, tuple[dict[str, float], tuple[str, ...], Callable[[Any], Any]]] = {
    "gradient_descent": ({"learning_rate": 0.01}, (), lambda p: torch.optim.SGD(p, 0.01)),
    "gradient_descent with decay": (
        {"learning_rate": 0.01, "weight_decay": 0.1},
        (),
        lambda p: torch.optim.SGD(p, 0.01, weight_decay=0.1),
    ),
    "momentum": (
        {"learning_rate": 0.01, "momentum": 0.8, "dampening": 0.3},
        (),
        lambda p: torch.optim.SGD(p, 0.01, momentum=0.8, dampening=0.3),
    ),
    "nesterov": (
        {"learning_rate": 0.01, "momentum": 0.8},
        (),
        lambda p: torch.optim.SGD(p, 0.01, momentum=0.8, nesterov=True),
    ),
    "adagrad": ({"learning_rate": 0.1}, (), lambda p: torch.optim.Adagrad(p, 0.1)),
    "rmsprop": ({"learning_rate": 0.02}, (), lambda p: torch.optim.RMSprop(p, 0.02)),
    "rmsprop centered": (
        # Slow, since near a minimum a centered divisor magnifies rounding.
        {"learning_rate": 0.005, "alpha": 0.9},
        ("centered",),
        lambda p: torch.optim.RMSprop(p, 0.005, alpha=0.9, centered=True),
    ),
    "adam": ({"learning_rate": 0.05}, (), lambda p: torch.optim.Adam(p, 0.05)),
    "adam with decay": (
        {"learning_rate": 0.05, "weight_decay": 0.1},
        (),
        lambda p: torch.optim.Adam(p, 0.05, weight_decay=0.1),
    ),
    "adamw": (
        {"learning_rate": 0.05, "weight_decay": 0.1},
        (),
        lambda p: torch.optim.AdamW(p, 0.05, weight_decay=0.1),
    ),
}


@pytest.mark.parametrize("name", ["lecture_quadratic", "booth", "three_hump_camel"])
@pytest.mark.parametrize("case", OPTIMIZERS)
def test_the_first_fifty_iterates_of_every_optimizer(case: str, name: str):
    numbers, switches, make = OPTIMIZERS[case]
    surface = SURFACES[name]
    start = (1.5, -0.8)
    path = Descent(
        surface, start, case.split()[0], numbers, switches, stop=Stop(max_iterations=50)
    ).run()
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = make([theta])
    for point in path.theta:
        np.testing.assert_allclose(point, theta.detach().numpy(), rtol=1e-12, atol=1e-12)
        optimizer.zero_grad()
        surface.value(*theta).backward()
        optimizer.step()


SCHEDULERS: dict[str, tuple[dict[str, float], Callable[[Any], Any]]] = {
    "exponential": ({"gamma": 0.9}, lambda o: torch.optim.lr_scheduler.ExponentialLR(o, 0.9)),
    "step": ({"gamma": 0.5, "period": 7}, lambda o: torch.optim.lr_scheduler.StepLR(o, 7, 0.5)),
    "cosine": (
        {"period": 30, "lowest": 0.001},
        lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 30, 0.001),
    ),
}


@pytest.mark.parametrize("name", SCHEDULERS)
def test_schedules_are_pytorch_s(name: str):
    numbers, make = SCHEDULERS[name]
    path = Descent(
        SURFACES["lecture_quadratic"],
        (3, 3),
        numbers={"learning_rate": 0.01},
        schedule=name,
        schedule_numbers=numbers,
        stop=Stop(max_iterations=30),
    ).run()
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.01)
    scheduler = make(optimizer)
    for step_size in path.step_size:
        assert step_size == pytest.approx(scheduler.get_last_lr()[0], rel=1e-13)
        optimizer.step()
        scheduler.step()


TRAININGS: dict[str, tuple[dict[str, Any], Callable[..., Any], dict[str, Any]]] = {
    "gradient_descent": ({}, torch.optim.SGD, {"lr": 0.1}),
    "nesterov": ({}, torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    "rmsprop": ({"numbers": {"learning_rate": 0.01}}, torch.optim.RMSprop, {"lr": 0.01}),
    "adam": ({"numbers": {"learning_rate": 0.01}}, torch.optim.Adam, {"lr": 0.01}),
    "adamw": (
        {"numbers": {"learning_rate": 0.01, "weight_decay": 0.1}},
        torch.optim.AdamW,
        {"lr": 0.01, "weight_decay": 0.1},
    ),
}


@pytest.mark.parametrize("schedule", ["constant", "exponential"])
@pytest.mark.parametrize("l2", [0.0, 0.05])
@pytest.mark.parametrize("name", TRAININGS)
def test_a_training_of_several_epochs(name: str, l2: float, schedule: str):
    more, optimizer, options = TRAININGS[name]
    numbers = {"gamma": 0.98} if schedule == "exponential" else {}
    spec = training(
        optimizer=name, schedule=schedule, schedule_numbers=numbers, l2=l2, epochs=4, **more
    )
    ours = {found.step: found.loss for found in rows(followed(spec, Rhythm(1, 1000)))}
    layers = [[torch.tensor(part, requires_grad=True) for part in (layer.W, layer.b)]
              for layer in spec.network.layers]  # fmt: skip
    X, Y = torch.tensor(spec.X), torch.tensor(spec.Y)
    algorithm = optimizer([part for layer in layers for part in layer], **options)
    factor = torch.optim.lr_scheduler.ExponentialLR(algorithm, numbers.get("gamma", 1.0))

    def loss(x: Any, y: Any) -> Any:
        for W, b in layers[:-1]:
            x = torch.tanh(x @ W.T + b)
        return F.binary_cross_entropy_with_logits(x @ layers[-1][0].T + layers[-1][1], y)

    for step in range(spec.steps):
        assert ours[step] == pytest.approx(float(loss(X, Y).detach()), abs=1e-10)
        chosen = torch.tensor(spec.batches.at(step))
        algorithm.zero_grad()
        penalty = sum((W**2).sum() for W, _ in layers) * l2 / 2
        (loss(X[chosen], Y[chosen]) + penalty).backward()
        algorithm.step()
        factor.step()
    assert ours[spec.steps] == pytest.approx(float(loss(X, Y).detach()), abs=1e-10)
