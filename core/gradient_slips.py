"""The slips of the gradients that a layer's dZ gives: of its weights, its bias and its inputs."""

from collections.abc import Iterator

import numpy as np

from core.equation import Array
from core.slip import (
    NO_MEAN,
    Case,
    Slip,
    inputs_name,
    rule,
    scaled,
    turns,
    without,
    without_transpose,
)


@rule("affine.dW")
def _weights(at: Case) -> Iterator[Slip]:
    dZ, A = at["dZ"], at["A"]
    forgotten = f"The transpose is missing: dW is {at.product}, summed over the samples."
    yield from without_transpose(at, forgotten, forgotten)
    for sample in turns(len(dZ)):
        yield from at.slip(
            "one_sample",
            f"This is sample {sample + 1}'s share alone: the sum over the samples is missing.",
            at.formula(dZ=at.sample("dZ", sample + 1), A=at.sample("A", sample + 1)),
            at.again(dZ=dZ[[sample]], A=A[[sample]]),
        )
    for sample in turns(len(dZ) if len(dZ) > 2 else 0):
        yield from at.slip(
            "sample_left_out",
            f"Sample {sample + 1} is missing from the sum.",
            rf"\sum_{{p \neq {sample + 1}}} {_of_each(at)}",
            at.again(dZ=without(dZ, 0, sample)),
        )


def _of_each(at: Case) -> str:
    """The outer product of sample p."""
    return at.formula(dZ=at.sample("dZ", "p"), A=at.sample("A", "p"))


@rule("affine.dW")
def _weights_of_another_layer(at: Case) -> Iterator[Slip]:
    layer, below = at.layer, at.layer - 1
    yield from at.slip(
        "Z_instead_of_A",
        f"You used Z[{below}], from before the activation, instead of A[{below}].",
        at.formula(A=f"<Z[{below}]>"),
        at.again(A=at.array(f"Z[{below}]")),
    )
    yield from at.slip(
        "activation_of_the_layer",
        f"You used the layer's outputs A[{layer}] instead of its inputs {inputs_name(below)}.",
        at.formula(A=f"<A[{layer}]>"),
        at.again(A=at.array(f"A[{layer}]")),
    )


@rule("affine.dW", "affine.db", "affine.dA")
def _before_the_product(at: Case) -> Iterator[Slip]:
    layer = at.layer_of("dZ")
    yield from at.slip(
        "slope_forgotten",
        f"g′(Z[{layer}]) is missing: you used ∂L/∂A[{layer}] instead of ∂L/∂Z[{layer}].",
        at.formula(dZ=f"<dA[{layer}]>"),
        at.again(dZ=at.array(f"dA[{layer}]")),
    )
    yield from _scaled_gradient(at)


def _scaled_gradient(at: Case) -> Iterator[Slip]:
    N = at.samples
    if at.is_mean:
        yield from at.slip(
            "mean_forgotten",
            "1/N is missing: it enters with the loss and stays in every gradient.",
            r"N \cdot <result>",
            at.again(dZ=scaled(at["dZ"], N)),
        )
    yield from at.slip(
        "mean_instead_of_sum",
        "You divided by N once more: 1/N is in dZ already, so here the samples are summed."
        if at.is_mean
        else NO_MEAN,
        r"\tfrac1N \cdot <result>",
        at.again(dZ=scaled(at["dZ"], 1 / N)),
    )


@rule("affine.db")
def _bias(at: Case) -> Iterator[Slip]:
    dZ = at["dZ"]
    for sample in turns(len(dZ)):
        yield from at.slip(
            "one_sample",
            f"This is sample {sample + 1}'s {at.line} alone: the sum over the samples is missing.",
            at.sample("dZ", sample + 1),
            at.again(dZ=dZ[[sample]]),
        )
    for sample in turns(len(dZ) if len(dZ) > 2 else 0):
        yield from at.slip(
            "sample_left_out",
            f"Sample {sample + 1} is missing from the sum.",
            rf"\sum_{{p \neq {sample + 1}}} {at.sample('dZ', 'p')}",
            at.again(dZ=without(dZ, 0, sample)),
        )
    yield from at.slip(
        "wrong_axis",
        f"You added up a {at.line} of dZ; the bias's gradient adds up a {at.across}, "
        "over the samples.",
        rf"\sum_k {at.cell('dZ', 'jk')}",
        _row_sums(dZ, at.equation(np.ascontiguousarray(dZ.T))),
    )


def _row_sums(dZ: Array, sums: Array) -> Array:
    """Put the sum of row j into cell j, as far as there are rows."""
    units = dZ.shape[1]
    padded = np.full(units, np.nan, dZ.dtype)
    padded[: len(sums)] = sums[:units]
    return padded


@rule("affine.dA")
def _inputs(at: Case) -> Iterator[Slip]:
    W, below, layer = at["W"], at.layer, at.layer + 1
    yield from without_transpose(
        at,
        f"The transpose of W is missing: backwards it is {at.product}.",
        f"W was transposed: backwards it is {at.product}, without the transpose.",
    )
    for other in (layer - 1, layer + 1):
        yield from at.slip(
            "weights_of_another_layer",
            f"You used the weights of layer {other} instead of layer {layer}.",
            at.formula(W=f"<W[{other}]>"),
            at.again(W=at.array(f"W[{other}]")),
        )
    yield from at.slip(
        "slope_too_early",
        f"g′(Z[{below}]) is multiplied in already: this is ∂L/∂Z[{below}].",
        rf"<dZ[{below}]>",
        at.array(f"dZ[{below}]"),
    )
    for unit in turns(W.shape[0]):
        yield from at.slip(
            "term_left_out",
            f"One product is missing from the sum: that of unit {unit + 1} of layer {layer}.",
            rf"\sum_{{j \neq {unit + 1}}} {at.cell('dZ', 'pj')}\, {at.cell('W', 'jk')}",
            at.again(dZ=without(at["dZ"], 1, unit)),
        )
