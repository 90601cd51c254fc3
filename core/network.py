"""Networks: layers of weights, biases and activation names, checked to fit together."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.activations import ACTIVATIONS
from core.equation import Array
from core.errors import SpecificationError, UnknownNameError
from core.initialisers import INITIALISERS
from core.losses import LOSSES, Loss

PROBABILITY_TOLERANCE = 1e-9
"""How far a row of probabilities may miss 1."""


@dataclass(frozen=True)
class Layer:
    """One layer.

    Shapes: W (out, in), b (out,).
    """

    W: Array
    b: Array
    activation: str


@dataclass(frozen=True)
class Network:
    """Layers in the order of the forward pass.

    Raises: SpecificationError where shapes don't chain, UnknownNameError for an activation.
    """

    layers: tuple[Layer, ...]

    def __post_init__(self) -> None:
        if not self.layers:
            raise SpecificationError(
                "A network needs at least one layer.",
                where=["network", "layers"],
                expected="one layer or more",
                given=0,
            )
        for index, layer in enumerate(self.layers):
            _check_layer(layer, index)
        for index, (layer, following) in enumerate(pairwise(self.layers), start=1):
            _check_chain(layer, following, index)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of units of each layer, the inputs first."""
        return (self.layers[0].W.shape[1], *(layer.W.shape[0] for layer in self.layers))

    @property
    def activations(self) -> tuple[str, ...]:
        """Each layer's activation."""
        return tuple(layer.activation for layer in self.layers)

    def inputs(self) -> dict[str, Array]:
        """Return the parameters under their slots' names."""
        named: dict[str, Array] = {}
        for index, layer in enumerate(self.layers, start=1):
            named |= {f"W[{index}]": layer.W, f"b[{index}]": layer.b}
        return named


def make_network(
    sizes: Sequence[int], activations: Sequence[str], scheme: str = "torch_linear", seed: int = 0
) -> Network:
    """Build a network of these sizes with parameters drawn from a seed.

    Raises: SpecificationError where sizes and activations don't fit, UnknownNameError for a name.
    """
    check_sizes(sizes, activations)
    if scheme not in INITIALISERS:
        raise UnknownNameError("initialiser", scheme, INITIALISERS, ["network", "init", "scheme"])
    parameters = INITIALISERS[scheme].draw(sizes, seed)
    layers = zip(parameters, activations, strict=True)
    return Network(tuple(Layer(W, b, name) for (W, b), name in layers))


def check_sizes(sizes: Sequence[int], activations: Sequence[str]) -> None:
    """Raise where there isn't one activation for each layer after the inputs."""
    if len(sizes) < 2 or min(sizes) < 1:
        raise SpecificationError(
            "A network needs an input size and at least one layer, each of one unit or more.",
            where=["network", "sizes"],
            expected="two sizes or more, each at least 1",
            given=list(sizes),
        )
    if len(activations) != len(sizes) - 1:
        raise SpecificationError(
            f"{len(sizes)} sizes make {len(sizes) - 1} layers, "
            f"but there are {len(activations)} activations.",
            where=["network", "activations"],
            expected=len(sizes) - 1,
            given=len(activations),
        )
    for index, name in enumerate(activations):
        if name not in ACTIVATIONS:
            raise UnknownNameError(
                "activation", name, ACTIVATIONS, ["network", "activations", index]
            )


def _check_layer(layer: Layer, index: int) -> None:
    where = ["network", "layers", index]
    if layer.activation not in ACTIVATIONS:
        raise UnknownNameError("activation", layer.activation, ACTIVATIONS, [*where, "activation"])
    if layer.W.ndim != 2 or 0 in layer.W.shape:
        raise SpecificationError(
            f"W of layer {index + 1} must be a matrix with one row a unit.",
            where=[*where, "W"],
            expected="a matrix (out, in)",
            given=list(layer.W.shape),
        )
    if layer.b.shape != layer.W.shape[:1]:
        raise SpecificationError(
            f"b of layer {index + 1} has {layer.b.size} numbers, but W has {len(layer.W)} rows.",
            where=[*where, "b"],
            expected=[len(layer.W)],
            given=list(layer.b.shape),
        )


def _check_chain(layer: Layer, following: Layer, index: int) -> None:
    if following.W.shape[1] != len(layer.W):
        raise SpecificationError(
            f"Layer {index} has {len(layer.W)} units, but W of layer {index + 1} "
            f"has {following.W.shape[1]} columns.",
            where=["network", "layers", index, "W"],
            expected=[len(following.W), len(layer.W)],
            given=list(following.W.shape),
        )


def find_loss(name: str, output: str) -> Loss:
    """Return the loss of this name for a network with this output activation.

    Raises: UnknownNameError, or SpecificationError where the two don't go together.
    """
    if name not in LOSSES:
        raise UnknownNameError("loss", name, LOSSES, ["loss"])
    loss = LOSSES[name]
    if output not in loss.outputs:
        raise SpecificationError(
            f"{loss.title} goes with the output activation {' or '.join(loss.outputs)}, "
            f"not with {output}.",
            where=["loss"],
            expected=list(loss.outputs),
            given=output,
        )
    return loss


def check_data(sizes: Sequence[int], X: Array, Y: Array | None, loss: Loss | None) -> None:
    """Raise SpecificationError where X or Y doesn't fit the network or the loss."""
    if X.ndim != 2 or X.shape[1] != sizes[0]:
        raise SpecificationError(
            f"X has rows of {X.shape[-1]} numbers, but the network has {sizes[0]} inputs.",
            where=["X"],
            expected=["N", sizes[0]],
            given=list(X.shape),
        )
    if Y is None or loss is None:
        return
    if Y.shape != (len(X), sizes[-1]):
        raise SpecificationError(
            f"Y must have a row for each of the {len(X)} samples and a column "
            f"for each of the {sizes[-1]} outputs.",
            where=["Y"],
            expected=[len(X), sizes[-1]],
            given=list(Y.shape),
        )
    check_targets(Y, loss)


def check_targets(Y: Array, loss: Loss) -> None:
    """Raise SpecificationError where the loss has no meaning for these targets.

    Shapes: Y (N, outputs).
    """
    if loss.name == "mse":
        return
    outside = (Y < 0) | (Y > 1)
    if outside.any():
        row, column = (int(index) for index in np.argwhere(outside)[0])
        raise SpecificationError(
            f"{loss.title} needs targets between 0 and 1; sample {row + 1}, "
            f"output {column + 1} is {float(Y[row, column])}.",
            where=["Y", row, column],
            expected=loss.targets,
            given=float(Y[row, column]),
        )
    sums = Y.sum(axis=1)
    wrong = np.abs(sums - 1) > PROBABILITY_TOLERANCE
    if loss.name == "cross_entropy" and wrong.any():
        row = int(np.argmax(wrong))
        raise SpecificationError(
            f"Cross entropy needs probabilities: the targets of sample {row + 1} "
            f"add up to {float(sums[row])}, not 1.",
            where=["Y", row],
            expected=loss.targets,
            given=Y[row].tolist(),
        )
