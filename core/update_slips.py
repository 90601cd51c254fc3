"""The slips of the update."""

from collections.abc import Iterator

import numpy as np

from core.slip import NO_MEAN, Case, Slip, rule, scaled
from core.update_equations import gradient_descent, running_mean

STEPS = ("gradient_descent", "sign_descent", "branch_descent", "nesterov", "adaptive_step")
"""Equations that move a parameter by −η times something."""


@rule(*STEPS)
def _step(at: Case) -> Iterator[Slip]:
    theta, eta = at["theta"], at["eta"]
    step = r"\, <dtheta>" if at.equation.id == "gradient_descent" else r"\cdots"
    yield from at.slip(
        "ascent",
        "The step goes along the gradient; descent goes against it: minus η, not plus.",
        rf"<theta> + <eta>{step}",
        at.again(eta=-eta),
    )
    yield from at.slip(
        "rate_forgotten",
        "The learning rate η is missing.",
        rf"<theta> - 1{step}",
        at.again(eta=np.ones_like(eta)),
    )
    yield from at.slip(
        "step_alone",
        "This is the step alone; it is added to the old value.",
        rf"-<eta>{step}",
        at.again(theta=np.zeros_like(theta)),
    )
    yield from at.slip(
        "step_alone",
        "This is the length of the step alone; it is subtracted from the old value.",
        rf"<eta>{step}",
        at.again(theta=np.zeros_like(theta), eta=-eta),
    )
    yield from at.slip(
        "not_updated", "This is the old value: the step is missing.", r"<theta>", theta
    )


@rule("gradient_descent")
def _gradient(at: Case) -> Iterator[Slip]:
    theta, dtheta, N = at["theta"], at["dtheta"], at.samples
    if theta.ndim == 2:
        yield from at.slip(
            "transposed_by_mistake",
            "You subtracted the transposed gradient: dW has W's own shape.",
            r"<theta> - <eta>\, <dtheta>^\top",
            at.again(dtheta=np.ascontiguousarray(dtheta.T)),
        )
    if at.is_mean:
        yield from at.slip(
            "mean_forgotten",
            "1/N is missing from the gradient.",
            r"<theta> - <eta>\, N\, <dtheta>",
            at.again(dtheta=scaled(dtheta, N)),
        )
    yield from at.slip(
        "mean_instead_of_sum",
        "The gradient was divided by N once more: it is in it already." if at.is_mean else NO_MEAN,
        r"<theta> - <eta>\, \tfrac1N\, <dtheta>",
        at.again(dtheta=scaled(dtheta, 1 / N)),
    )


@rule("sign_descent", "branch_descent")
def _sign(at: Case) -> Iterator[Slip]:
    yield from at.slip(
        "sign_forgotten",
        "The step has the length η whatever the slope; you multiplied by the gradient itself.",
        r"<theta> - <eta>\, <dtheta>",
        gradient_descent(at["theta"], at["dtheta"], at["eta"]),
    )


@rule("adaptive_step")
def _adaptive(at: Case) -> Iterator[Slip]:
    yield from at.slip(
        "root_forgotten",
        "The root of the divisor is missing.",
        r"<theta> - <eta>\, \frac{<dtheta>}{<s> + <epsilon>}",
        at.again(s=np.square(at["s"])),
    )
    yield from at.slip(
        "divisor_forgotten",
        "The step isn't divided by √s.",
        r"<theta> - <eta>\, <dtheta>",
        gradient_descent(at["theta"], at["dtheta"], at["eta"]),
    )


@rule("nesterov", "momentum.velocity")
def _velocity(at: Case) -> Iterator[Slip]:
    for sentence, mu in (
        ("The momentum μ is missing: the velocity counts in full.", np.ones_like(at["mu"])),
        ("The velocity's own part is missing.", np.zeros_like(at["mu"])),
    ):
        yield from at.slip("momentum_forgotten", sentence, rf"<mu> \to {int(mu)}", at.again(mu=mu))


@rule("weight_decay")
def _decay(at: Case) -> Iterator[Slip]:
    yield from at.slip("decay_forgotten", "The weight decay is missing.", r"<dtheta>", at["dtheta"])
    yield from at.slip(
        "decay_subtracted",
        "The weight decay was subtracted; it is added to the gradient.",
        r"<dtheta> - <decay>\, <theta>",
        at.again(decay=-at["decay"]),
    )


@rule("running_mean", "running_square")
def _running(at: Case) -> Iterator[Slip]:
    start = "m" if at.equation.id == "running_mean" else "v"
    yield from at.slip(
        "shares_swapped",
        "β and 1 − β were swapped: the old value keeps β.",
        rf"(1 - <beta>)\, <{start}> + <beta>\, \ldots",
        at.again(beta=1 - at["beta"]),
    )


@rule("running_square")
def _running_square(at: Case) -> Iterator[Slip]:
    yield from at.slip(
        "square_forgotten",
        "The gradient wasn't squared.",
        r"<beta>\, <v> + (1 - <beta>)\, <dtheta>",
        running_mean(at["v"], at["dtheta"], at["beta"]),
    )


@rule("squares")
def _squares(at: Case) -> Iterator[Slip]:
    yield from at.slip(
        "square_forgotten",
        "The gradient wasn't squared.",
        r"<s> + <dtheta>",
        at["s"] + at["dtheta"],
    )


@rule("corrected")
def _corrected(at: Case) -> Iterator[Slip]:
    yield from at.slip(
        "correction_forgotten", "The correction for the start at 0 is missing.", r"<m>", at["m"]
    )


@rule("correction")
def _power(at: Case) -> Iterator[Slip]:
    yield from at.slip(
        "power_forgotten",
        "β is raised to the power t, the number of the step.",
        r"1 - <beta>",
        at.again(t=np.ones_like(at["t"])),
    )


@rule("decoupled_decay")
def _shrinking(at: Case) -> Iterator[Slip]:
    yield from at.slip(
        "rate_forgotten",
        "The learning rate η is missing: the parameter shrinks by η times the decay.",
        r"<theta>\, (1 - <decay>)",
        at.again(eta=np.ones_like(at["eta"])),
    )
