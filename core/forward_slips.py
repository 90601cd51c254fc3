"""The slips of the forward pass and of the loss."""

from collections.abc import Iterator

import numpy as np

from core.activations import ACTIVATIONS, Activation
from core.equation import Array
from core.losses import LOSSES
from core.slip import NO_MEAN, Case, Slip, rule, scaled, turns, without, without_transpose

ELEMENTWISE = {item.value.id: item for item in ACTIVATIONS.values() if item.slope}
USUAL = ("sigmoid", "tanh", "relu")
"""Activations that are taken for one another."""
SAMPLES = tuple(loss.sample.id for loss in LOSSES.values())
FROM_Z = {
    fusion.sample.id: fusion.sample for loss in LOSSES.values() for fusion in loss.fusions.values()
}


@rule("affine")
def _affine(at: Case) -> Iterator[Slip]:
    A, b = at["A"], at["b"]
    yield from at.slip(
        "bias_forgotten",
        f"The bias is missing: b is added to every {at.line}.",
        at.formula().replace(r" \oplus <b>", ""),
        at.again(b=np.zeros_like(b)),
    )
    yield from at.slip(
        "bias_subtracted",
        "The bias was subtracted; it is added.",
        at.formula().replace(r"\oplus", "-"),
        at.again(b=-b),
    )
    yield from without_transpose(
        at,
        "The transpose of W is missing: a unit's weights are a row of W, not a column.",
        f"W was transposed: Z is {at.product}, without a transpose.",
    )
    for place in turns(A.shape[1]):
        yield from at.slip(
            "term_left_out",
            f"One product is missing from the sum: that of input {place + 1}.",
            rf"\sum_{{k \neq {place + 1}}} {at.cell('A', 'pk')}\, {at.cell('W', 'jk')} + <b>_j",
            at.again(A=without(A, 1, place)),
        )


@rule("affine")
def _affine_of_another_layer(at: Case) -> Iterator[Slip]:
    below = at.layer - 1
    yield from at.slip(
        "Z_instead_of_A",
        f"You used Z[{below}], from before the activation, instead of A[{below}].",
        at.formula(A=f"<Z[{below}]>"),
        at.again(A=at.array(f"Z[{below}]")),
    )
    if below > 0:
        yield from at.slip(
            "inputs_of_the_network",
            f"You used the network's inputs X instead of this layer's inputs A[{below}].",
            at.formula(A="<A[0]>"),
            at.again(A=at.array("A[0]")),
        )
    for other in (at.layer - 1, at.layer + 1):
        yield from at.slip(
            "weights_of_another_layer",
            f"You used the weights of layer {other} instead of layer {at.layer}.",
            at.formula(W=f"<W[{other}]>"),
            at.again(W=at.array(f"W[{other}]")),
        )
        yield from at.slip(
            "bias_of_another_layer",
            f"You used the bias of layer {other} instead of layer {at.layer}.",
            at.formula(b=f"<b[{other}]>"),
            at.again(b=at.array(f"b[{other}]")),
        )
    yield from at.slip(
        "A_instead_of_Z",
        "This is the activation already; Z is asked, before the activation function.",
        rf"<A[{at.layer}]>",
        at.array(f"A[{at.layer}]"),
    )


@rule(*ELEMENTWISE)
def _activation(at: Case) -> Iterator[Slip]:
    Z, own = at["Z"], ELEMENTWISE[at.equation.id]
    yield from at.slip(
        "activation_forgotten",
        "This is Z itself: the activation function is missing.",
        r"<result> = <Z>",
        Z,
    )
    yield from at.slip(
        "sign_of_Z",
        "The activation function was applied to −Z.",
        rf"g_{{{at.layer}}}\bigl(-<Z>\bigr)",
        at.again(Z=-Z),
    )
    yield from at.slip(
        "slope_instead_of_value",
        "This is the slope g′(Z); the value g(Z) is asked.",
        rf"g_{{{at.layer}}}'\bigl(<Z>\bigr)",
        at.with_equation(own.slope, Z),
    )
    for other in _others(own):
        yield from at.slip(
            "another_activation",
            f"This is what {_named(other)} would give; this layer has {_named(own)}.",
            rf"\operatorname{{{other.name.replace('_', ' ')}}}\bigl(<Z>\bigr)",
            at.with_equation(other.value, Z),
        )


def _named(activation: Activation) -> str:
    """Its title within a sentence: sigmoid, leaky ReLU; ReLU and GELU are written so."""
    title = activation.title
    is_word = title.split()[0][1:].islower()
    return title[0].lower() + title[1:] if is_word else title


def _others(own: Activation) -> list[Activation]:
    return [ACTIVATIONS[name] for name in USUAL if name != own.name]


@rule("softmax")
def _softmax(at: Case) -> Iterator[Slip]:
    Z = at["Z"]
    power = np.exp(Z)
    yield from at.slip(
        "not_normalised",
        f"The exponential isn't divided by the sum of its {at.line} yet.",
        f"e^{{{at.cell('Z', 'pj')}}}",
        power,
    )
    yield from at.slip(
        "wrong_axis",
        f"You divided by the sum of a {at.across}; softmax adds up each {at.line}.",
        rf"\frac{{e^{{{at.cell('Z', 'pj')}}}}}{{\sum_s e^{{{at.cell('Z', 'sj')}}}}}",
        np.ascontiguousarray(at.equation(np.ascontiguousarray(Z.T)).T),
    )
    yield from at.slip(
        "exponential_forgotten",
        f"You divided Z by the sum of its {at.line}; softmax takes exponentials first.",
        rf"\frac{{{at.cell('Z', 'pj')}}}{{\sum_k {at.cell('Z', 'pk')}}}",
        _shares(Z),
    )
    yield from at.slip(
        "activation_forgotten", "This is Z itself: softmax is missing.", "<result> = <Z>", Z
    )
    yield from at.slip(
        "another_activation",
        f"You applied the sigmoid to each number; softmax looks at the whole {at.line}.",
        r"\sigma\bigl(<Z>\bigr)",
        ACTIVATIONS["sigmoid"].value(Z),
    )


def _shares(rows: Array) -> Array:
    with np.errstate(all="ignore"):
        return rows / rows.sum(axis=1, keepdims=True)


@rule("mse.sample")
def _squared_error(at: Case) -> Iterator[Slip]:
    A, Y = at["A"], at["Y"]
    differences = rf"\sum_k \bigl({at.cell('A', 'pk')} - {at.cell('Y', 'pk')}\bigr)"
    if at.has_half:
        yield from at.slip(
            "half_forgotten",
            "The ½ in front of the squared error is missing.",
            rf"{differences}^2",
            scaled(at.result, 2),
        )
    else:
        yield from at.slip(
            "halved",
            "You halved it: the squared error has no ½ here.",
            rf"\tfrac12 {differences}^2",
            scaled(at.result, 0.5),
        )
    yield from at.slip(
        "square_forgotten",
        "The differences weren't squared.",
        rf"\tfrac12 {differences}" if at.has_half else differences,
        scaled((A - Y).sum(axis=1), 0.5 if at.has_half else 1),
    )


@rule(*SAMPLES, *FROM_Z)
def _sample_loss(at: Case) -> Iterator[Slip]:
    source = "Z" if at.equation.id in FROM_Z else "A"
    outputs = at["Y"].shape[1]
    yield from at.slip(
        "mean_instead_of_sum",
        "You divided by the number of outputs: a sample's loss is the sum over them.",
        rf"\frac{{1}}{{{outputs}}}\, <result>",
        scaled(at.result, 1 / outputs),
    )
    for place in turns(outputs):
        yield from at.slip(
            "term_left_out",
            f"One term is missing from the sum: that of output {place + 1}.",
            rf"\sum_{{k \neq {place + 1}}} \ldots",
            _without_output(at, source, place),
        )
    yield from _mistaken_source(at, source)


def _without_output(at: Case, source: str, place: int) -> Array | None:
    if at.equation.id.startswith("softmax"):
        return at.again(Y=without(at["Y"], 1, place))
    kept = [index for index in range(at["Y"].shape[1]) if index != place]
    return at.again(**{source: at[source][:, kept], "Y": at["Y"][:, kept]})


def _mistaken_source(at: Case, source: str) -> Iterator[Slip]:
    layer = at.layer_of(source)
    other = "A" if source == "Z" else "Z"
    sentence = (
        "The output activation was applied twice: this formula starts from Z, not from A."
        if source == "Z"
        else f"You compared the targets with Z[{layer}] instead of the outputs A[{layer}]."
    )
    yield from at.slip(
        f"{other}_instead_of_{source}",
        sentence,
        rf"L_p\bigl(<{other}[{layer}]>, <Y>\bigr)",
        at.again(**{source: at.array(f"{other}[{layer}]")}),
    )


@rule(*(id for id in (*SAMPLES, *FROM_Z) if not id.startswith("mse")))
def _logarithm(at: Case) -> Iterator[Slip]:
    for base in (10, 2):
        yield from at.slip(
            "base_of_the_logarithm",
            f"You took logarithms to base {base}; the loss has natural ones.",
            rf"\ln \to \log_{{{base}}}",
            scaled(at.result, 1 / np.log(base)),
        )


@rule("bce.sample", "sigmoid_bce.sample")
def _one_half_of_cross_entropy(at: Case) -> Iterator[Slip]:
    layer = at.layer_of("Z" if at.equation.id in FROM_Z else "A")
    A = at.array(f"A[{layer}]")
    yield from at.slip(
        "other_class_forgotten",
        "The second part is missing: (1 − y) ln(1 − a) counts too.",
        rf"-\sum_k {at.cell('Y', 'pk')} \ln {at.cell(f'A[{layer}]', 'pk')}",
        at.with_equation(LOSSES["cross_entropy"].sample, A, at["Y"]),
    )


@rule("mean")
def _mean(at: Case) -> Iterator[Slip]:
    Lp = at["Lp"]
    if at.is_mean:
        yield from at.slip(
            "mean_forgotten",
            "This is the sum over the samples: 1/N is missing.",
            r"\sum_{p} L_p",
            scaled(at.result, len(Lp)),
        )
    else:
        yield from at.slip(
            "mean_instead_of_sum", NO_MEAN, r"\tfrac1N \sum_p L_p", scaled(at.result, 1 / len(Lp))
        )
    whole = "mean" if at.is_mean else "sum"
    for sample in turns(len(Lp)):
        yield from at.slip(
            "one_sample",
            f"This is the loss of sample {sample + 1} alone, not the {whole} of all.",
            rf"L_{{{sample + 1}}}",
            np.array(Lp[sample]),
        )
    yield from _mean_over_outputs(at)


def _mean_over_outputs(at: Case) -> Iterator[Slip]:
    targets = at.array("Y")
    outputs = 1 if targets is None else targets.size // len(at["Lp"])
    yield from at.slip(
        "mean_over_outputs",
        "You divided by the number of outputs too; the loss is the mean over the samples alone."
        if at.is_mean
        else "You divided by the number of outputs; the loss is a sum here.",
        rf"\frac{{1}}{{N \cdot {outputs}}} \sum_p L_p"
        if at.is_mean
        else rf"\frac{{1}}{{{outputs}}} \sum_p L_p",
        scaled(at.result, 1 / outputs),
    )
