"""Presets: experiments to start from, each with a sentence on what to watch.

The lecture's demos and its 5-7-4-3 network come first; a new preset is one entry here.
"""

from dataclasses import dataclass

from core.experiment import Experiment
from core.network import make_network

Matrix = list[list[float]]

LECTURE_X: Matrix = [[-8, 1, -3, 5, 2], [-2, 2, -1, 5, 2], [7, 1, 9, -5, -2]]
LECTURE_Y: Matrix = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


@dataclass(frozen=True)
class Preset:
    """An experiment as plain data, with its title and what to watch.

    `decimals`: how many the lecture prints, where its numbers are to be recognised.
    """

    name: str
    title: str
    group: str
    description: str
    watch: str
    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    scheme: str
    seed: int
    X: Matrix
    Y: Matrix | None = None
    loss: str | None = None
    learning_rate: float = 0.1
    iterations: int = 1
    precision: str = "float64"
    decimals: int | None = None

    def experiment(self) -> Experiment:
        """Return the experiment that the preset describes."""
        return Experiment(
            make_network(self.sizes, self.activations, self.scheme, self.seed),
            self.X,
            self.Y,
            loss=self.loss,
            learning_rate=self.learning_rate,
            iterations=self.iterations,
            precision=self.precision,
        )


def _lecture_network(name: str, title: str, output: str, loss: str, watch: str) -> Preset:
    return Preset(
        name,
        title,
        "The lecture's 5-7-4-3 network",
        "Three samples, 89 parameters, tanh in the hidden layers, weights as PyTorch draws them.",
        watch,
        (5, 7, 4, 3),
        ("tanh", "tanh", output),
        "torch_linear",
        1,
        LECTURE_X,
        LECTURE_Y,
        loss,
    )


def _demo(name: str, title: str, X: Matrix, precision: str, watch: str) -> Preset:
    return Preset(
        name,
        title,
        "The lecture's demos",
        "Logistic regression, forward only: torch.manual_seed(1), weights from torch.rand.",
        watch,
        (5, 1),
        ("sigmoid",),
        "torch_rand",
        1,
        X,
        precision=precision,
        decimals=4,
    )


_ONE = "One row of X gives one z and one a: z = −2.4591, a = 0.0788."
_THREE = "Three rows share W and b: z = −2.4591, 3.1721, 6.2782 and a = 0.0788, 0.9598, 0.9981."
_AS_PRINTED = " In float32, as PyTorch prints it."

PRESETS = {
    preset.name: preset
    for preset in (
        _lecture_network(
            "mse_identity",
            "Squared error, identity output",
            "identity",
            "mse",
            "The gradient starts as (A − Y)/N at the outputs and flows back to every weight.",
        ),
        _lecture_network(
            "bce_sigmoid",
            "Binary cross entropy, sigmoid output",
            "sigmoid",
            "binary_cross_entropy",
            "∂L/∂A is large where a is near 0 or 1, yet ∂L/∂Z is again (A − Y)/N.",
        ),
        _lecture_network(
            "ce_softmax",
            "Cross entropy, softmax output",
            "softmax",
            "cross_entropy",
            "Each row of A adds up to 1, and each row of ∂L/∂Z adds up to 0.",
        ),
        _demo("demo_1", "Demo 1: one sample", LECTURE_X[:1], "float64", _ONE),
        _demo("demo_2", "Demo 2: a batch of three", LECTURE_X, "float64", _THREE),
        _demo(
            "demo_1_float32",
            "Demo 1 in float32",
            LECTURE_X[:1],
            "float32",
            _ONE + _AS_PRINTED,
        ),
        _demo("demo_2_float32", "Demo 2 in float32", LECTURE_X, "float32", _THREE + _AS_PRINTED),
        Preset(
            "linear_regression",
            "Linear regression",
            "Small problems",
            "A straight line through five points: one weight, one bias, no hidden layer.",
            "W climbs towards 2.02, b towards 1.04, and the loss falls at every iteration.",
            (1, 1),
            ("identity",),
            "zeros",
            0,
            [[-2], [-1], [0], [1], [2]],
            [[-3.1], [-0.9], [1.2], [2.9], [5.1]],
            "mse",
            learning_rate=0.3,
            iterations=8,
        ),
        Preset(
            "logistic_regression",
            "Logistic regression",
            "Small problems",
            "Six points in the plane, two classes, one sigmoid unit.",
            "Each sample pulls the weights by (a − y) times its inputs; the pulls are averaged.",
            (2, 1),
            ("sigmoid",),
            "zeros",
            0,
            [[-2, -1], [-1, -2], [-1.5, 0.5], [1, 2], [2, 1], [1.5, -0.5]],
            [[0], [0], [0], [1], [1], [1]],
            "binary_cross_entropy",
            learning_rate=0.5,
            iterations=6,
        ),
        Preset(
            "xor",
            "XOR",
            "Small problems",
            "The smallest problem that no straight line solves: four corners, four hidden units.",
            "Hidden units bend the plane; without them the loss can't fall below ln 2 = 0.6931.",
            (2, 4, 1),
            ("tanh", "sigmoid"),
            "xavier_normal",
            8,
            [[0, 0], [0, 1], [1, 0], [1, 1]],
            [[0], [1], [1], [0]],
            "binary_cross_entropy",
            learning_rate=3.0,
            iterations=9,
        ),
        Preset(
            "exploding",
            "A step too large",
            "What goes wrong",
            "Two linear layers on three samples with η = 30: each step overshoots further.",
            "The weights grow in every iteration, until the numbers leave the range of floats "
            "in iteration 6.",
            (2, 4, 1),
            ("identity", "identity"),
            "torch_linear",
            1,
            [[1, 2], [3, -4], [5, 6]],
            [[1], [2], [3]],
            "mse",
            learning_rate=30.0,
            iterations=8,
        ),
        Preset(
            "dead_relu",
            "Dead ReLU",
            "What goes wrong",
            "Eight rectified units on three samples with η = 8.",
            "Three units end at 0 on every sample: no gradient comes through, "
            "and their weights never change again.",
            (2, 8, 1),
            ("relu", "sigmoid"),
            "torch_linear",
            1,
            [[1, 2], [3, -4], [5, 6]],
            [[1], [0], [0]],
            "binary_cross_entropy",
            learning_rate=8.0,
            iterations=10,
        ),
        Preset(
            "saturated",
            "Saturated sigmoid",
            "What goes wrong",
            "Inputs between 20 and 90 into sigmoid units, not standardised.",
            "All four units stand where the sigmoid is flat: its slope is nearly 0 on every "
            "sample, and so is the gradient of the first layer.",
            (2, 4, 1),
            ("sigmoid", "identity"),
            "xavier_normal",
            3,
            [[20, 60], [50, 90], [80, 30]],
            [[1], [2], [3]],
            "mse",
            learning_rate=0.1,
            iterations=3,
        ),
    )
}
