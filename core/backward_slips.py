"""The slips of the backward pass down to dZ: the loss's gradient, the slope and the chain rule."""

from collections.abc import Iterator

import numpy as np

from core.activations import ACTIVATIONS, Activation
from core.affine import hadamard
from core.equation import Array, Equation
from core.loss_conventions import SUMMED
from core.losses import LOSSES
from core.slip import NO_MEAN, Case, Slip, rule, scaled

SLOPES = {item.slope.id: item for item in ACTIVATIONS.values() if item.slope}
OUTPUT_GRADIENTS = tuple(loss.dA.id for loss in LOSSES.values())
FUSED = tuple(fusion.dZ.id for loss in LOSSES.values() for fusion in loss.fusions.values())
DIFFERENCES = ("mse.dA", *FUSED)
"""(A − Y) / N."""


@rule(*dict.fromkeys((*DIFFERENCES, *OUTPUT_GRADIENTS)))
def _mean(at: Case) -> Iterator[Slip]:
    N, outputs = at.samples, at["Y"].shape[1]
    if at.is_mean:
        yield from at.slip(
            "mean_forgotten",
            "1/N is missing: the loss is the mean over the samples.",
            r"N \cdot <result>",
            scaled(at.result, N),
        )
    else:
        yield from at.slip(
            "mean_instead_of_sum", NO_MEAN, r"\tfrac1N \cdot <result>", scaled(at.result, 1 / N)
        )
    if outputs == 1:
        return
    instead = "instead of the number of samples" if at.is_mean else "but there is no mean here"
    yield from at.slip(
        "mean_over_outputs",
        f"You divided by the number of outputs, {outputs}, {instead}.",
        rf"\frac{{{'N' if at.is_mean else '1'}}}{{{outputs}}} \cdot <result>",
        scaled(at.result, (N if at.is_mean else 1) / outputs),
    )


def _factor(at: Case, times: int = 1) -> str:
    """What stands before A − Y, as LaTeX: 1/N of a mean, and 2 without the ½."""
    number = times * (1 if at.has_half else 2)
    if at.is_mean:
        return rf"\tfrac{number}N "
    return "" if number == 1 else rf"{number}\,"


def _under(at: Case, equation: Equation) -> Equation:
    """The lecture's gradient, or that of the sum."""
    return equation if at.is_mean else SUMMED[equation.id]


@rule(*DIFFERENCES)
def _difference(at: Case) -> Iterator[Slip]:
    layer = at.layer_of("A")
    yield from at.slip(
        "Z_instead_of_A",
        f"You used Z[{layer}] instead of the outputs A[{layer}].",
        rf"{_factor(at)}\bigl(<Z[{layer}]> - <Y>\bigr)",
        at.again(A=at.array(f"Z[{layer}]")),
    )
    yield from _factor_of_the_square(at)
    yield from at.slip(
        "targets_forgotten",
        "The targets weren't subtracted.",
        f"{_factor(at)}<A>",
        at.again(Y=np.zeros_like(at["Y"])),
    )


def _factor_of_the_square(at: Case) -> Iterator[Slip]:
    if at.has_half:
        yield from at.slip(
            "half_forgotten",
            "There is a factor of 2 too many: the ½ of the loss cancels the 2 of the square.",
            rf"{_factor(at, 2)}\bigl(<A> - <Y>\bigr)",
            scaled(at.result, 2),
        )
    else:
        yield from at.slip(
            "halved",
            "The factor of 2 is missing: without the ½ in the loss, the 2 of the square stays.",
            r"\tfrac12 \cdot <result>",
            scaled(at.result, 0.5),
        )


@rule(*FUSED)
def _fused(at: Case) -> Iterator[Slip]:
    layer, A = at.layer, at["A"]
    yield from at.slip(
        "slope_twice",
        "g′(Z) was multiplied in once more: it has cancelled against the loss already.",
        rf"{_factor(at)}\bigl(<A> - <Y>\bigr) \odot <A> \odot (1 - <A>)",
        hadamard(at.result, A * (1 - A)),
    )
    yield from at.slip(
        "gradient_of_A",
        f"This is ∂L/∂A[{layer}]; ∂L/∂Z[{layer}] is asked.",
        rf"<dA[{layer}]>",
        at.array(f"dA[{layer}]"),
    )


@rule("bce.dA", "ce.dA")
def _cross_entropy(at: Case) -> Iterator[Slip]:
    yield from at.slip(
        "gradient_of_Z",
        f"This is {'(A − Y)/N' if at.is_mean else 'A − Y'}, the gradient of Z; "
        "the gradient of A still has its denominators.",
        rf"{_factor(at)}\bigl(<A> - <Y>\bigr)",
        _under(at, LOSSES["mse"].dA)(at["A"], at["Y"]),
    )


@rule("bce.dA")
def _one_half_of_cross_entropy(at: Case) -> Iterator[Slip]:
    yield from at.slip(
        "other_class_forgotten",
        "The second part is missing: (1 − y)/(1 − a) counts too.",
        rf"-{_factor(at)}\frac{{<Y>}}{{<A>}}",
        _under(at, LOSSES["cross_entropy"].dA)(at["A"], at["Y"]),
    )


@rule(*SLOPES)
def _slope(at: Case) -> Iterator[Slip]:
    Z, own = at["Z"], SLOPES[at.equation.id]
    g = rf"g_{{{at.layer}}}"
    yield from at.slip(
        "value_instead_of_slope",
        "This is the value g(Z); the slope g′(Z) is asked.",
        rf"{g}\bigl(<Z>\bigr)",
        at.with_equation(own.value, Z),
    )
    yield from at.slip(
        "A_instead_of_Z",
        f"g′ was taken at A[{at.layer}] instead of Z[{at.layer}].",
        rf"{g}'\bigl(<A[{at.layer}]>\bigr)",
        at.again(Z=at.array(f"A[{at.layer}]")),
    )
    yield from at.slip(
        "slope_forgotten", "You took the slope to be 1.", rf"{g}' = 1", np.ones_like(Z)
    )
    for latex, values in _mistaken_shortcuts(own, Z):
        yield from at.slip(
            "Z_instead_of_A",
            "This short form of g′ takes A; you put Z into it.",
            latex,
            values,
        )


def _mistaken_shortcuts(own: Activation, Z: Array) -> list[tuple[str, Array]]:
    """List the slopes written in A that are so well known that Z lands in them."""
    if own.name == "sigmoid":
        return [(r"<Z> \odot (1 - <Z>)", Z * (1 - Z))]
    return [(r"1 - <Z> \odot <Z>", 1 - Z * Z)] if own.name == "tanh" else []


@rule("hadamard")
def _hadamard(at: Case) -> Iterator[Slip]:
    layer = at.layer
    yield from at.slip(
        "slope_forgotten",
        f"g′(Z[{layer}]) is missing: this is ∂L/∂A[{layer}], from before the ⊙.",
        r"<dA>",
        at.again(slope=np.ones_like(at["slope"])),
    )
    yield from at.slip(
        "gradient_forgotten",
        f"This is g′(Z[{layer}]) alone: ∂L/∂A[{layer}] is missing.",
        r"<slope>",
        at["slope"],
    )
    yield from at.slip(
        "value_instead_of_slope",
        f"You multiplied by A[{layer}] instead of the slope g′(Z[{layer}]).",
        rf"<dA> \odot <A[{layer}]>",
        at.again(slope=at.array(f"A[{layer}]")),
    )
    yield from at.slip(
        "sum_instead_of_product",
        "You added the two factors; ⊙ multiplies them.",
        r"<dA> + <slope>",
        at["dA"] + at["slope"],
    )
    yield from _slope_at_the_wrong_place(at)


def _slope_at_the_wrong_place(at: Case) -> Iterator[Slip]:
    layer = at.layer
    A, Z = at.array(f"A[{layer}]"), at.array(f"Z[{layer}]")
    maker = next(step for step in at.trace.steps if step.result == at.step.operands["slope"])
    own = SLOPES[maker.equation.id]
    if A is None or Z is None or own.slope is None:
        return
    yield from at.slip(
        "A_instead_of_Z",
        f"g′ was taken at A[{layer}] instead of Z[{layer}].",
        rf"<dA> \odot g_{{{layer}}}'\bigl(<A[{layer}]>\bigr)",
        at.again(slope=own.slope(A)),
    )
    for latex, values in _mistaken_shortcuts(own, Z):
        yield from at.slip(
            "Z_instead_of_A",
            "The short form of g′ takes A; you put Z into it.",
            rf"<dA> \odot \bigl({latex.replace('<Z>', f'<Z[{layer}]>')}\bigr)",
            at.again(slope=values),
        )


@rule("softmax.dZ")
def _softmax(at: Case) -> Iterator[Slip]:
    dA, A = at["dA"], at["A"]
    yield from at.slip(
        "jacobian_forgotten",
        "The Jacobian of softmax is missing: this is ∂L/∂A.",
        r"<dA>",
        dA,
    )
    yield from at.slip(
        "sum_forgotten",
        f"The sum ⟨∂L/∂A, A⟩ of the {at.line} wasn't subtracted.",
        r"<A> \odot <dA>",
        A * dA,
    )
    yield from at.slip(
        "diagonal_alone",
        "You took the Jacobian's diagonal alone; every output depends on every Z of its "
        f"{at.line}.",
        r"<dA> \odot <A> \odot (1 - <A>)",
        dA * A * (1 - A),
    )
