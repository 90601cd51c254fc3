"""Optimizers: how a parameter moves, recorded in the same programs as the passes.

An optimizer records its update of one parameter: the states it keeps and the equations it takes.
Its numbers (learning rate, momentum, …) are scalar slots, so that each of them stands in the trace.
Definitions follow `torch.optim`; each is pinned by a worked example in the tests.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core import update_equations as eq
from core.equation import Equation
from core.program import ProgramBuilder
from core.recording import Shared, Update


@dataclass(frozen=True)
class Parameter:
    """A number that an optimizer takes: its default and bounds; the maximum itself is too much."""

    name: str
    title: str
    symbol: str
    default: float
    minimum: float | None = None
    maximum: float | None = None
    open_below: bool = False


@dataclass(frozen=True)
class Switch:
    """A yes or no that an optimizer takes."""

    name: str
    title: str
    default: bool = False


def _nothing(_: Shared) -> None:
    """Most optimizers share no more than their numbers."""


@dataclass(frozen=True)
class Optimizer:
    """An optimizer: how it records, and the numbers and switches it takes."""

    name: str
    title: str
    step: Equation
    record: Callable[[Update], object]
    parameters: tuple[Parameter, ...]
    switches: tuple[Switch, ...] = ()
    share: Callable[[Shared], object] = _nothing


def record_updates(
    builder: ProgramBuilder,
    optimizer: Optimizer,
    pairs: Sequence[tuple[int, int]],
    switches: Mapping[str, bool],
    scalars: Mapping[str, int] | None = None,
) -> None:
    """Record the update of every (parameter, gradient) pair; `scalars` are slots that exist."""
    shared = Shared(builder, switches, scalars or {})
    optimizer.share(shared)
    for theta, gradient in pairs:
        update = Update(builder, shared, theta, gradient)
        if switches.get("decays"):
            operands = (gradient, theta, shared["decay"])
            update.gradient = update.value(eq.weight_decay, operands, "g")
        optimizer.record(update)


def _gradient_descent(u: Update) -> int:
    return u.move(eq.gradient_descent, (u.theta, u.gradient, u.shared["eta"]), u.theta)


def _sign_descent(u: Update) -> int:
    return u.move(eq.sign_descent, (u.theta, u.gradient, u.shared["eta"]), u.theta)


def _branch_descent(u: Update) -> int:
    return u.move(eq.branch_descent, (u.theta, u.gradient, u.shared["eta"]), u.theta)


def _velocity_share(shared: Shared) -> int:
    return shared.value(eq.velocity_share, (shared.count(), shared["tau"]), "share")


def _velocity(u: Update) -> int:
    start = u.state("v")
    operands = (start, u.gradient, u.shared["mu"], u.shared["share"])
    return u.move(eq.velocity, operands, start)


def _momentum(u: Update) -> int:
    return u.move(eq.gradient_descent, (u.theta, _velocity(u), u.shared["eta"]), u.theta)


def _nesterov(u: Update) -> int:
    v = _velocity(u)
    operands = (u.theta, u.gradient, v, u.shared["eta"], u.shared["mu"])
    return u.move(eq.nesterov, operands, u.theta)


def _adaptive(u: Update, direction: int, s: int, start: int | None = None) -> int:
    start = u.theta if start is None else start
    operands = (start, direction, s, u.shared["eta"], u.shared["epsilon"])
    return u.move(eq.adaptive_step, operands, u.theta)


def _adagrad(u: Update) -> int:
    start = u.state("s")
    return _adaptive(u, u.gradient, u.move(eq.sum_of_squares, (start, u.gradient), start))


def _rmsprop(u: Update) -> int:
    start = u.state("s")
    s = u.move(eq.running_square, (start, u.gradient, u.shared["alpha"]), start)
    if u.shared.switches.get("centered"):
        mean = u.state("m")
        m = u.move(eq.running_mean, (mean, u.gradient, u.shared["alpha"]), mean)
        s = u.value(eq.centered_square, (s, m), "c")
    return _adaptive(u, u.gradient, s)


def _corrections(shared: Shared) -> None:
    t = shared.count()
    shared.value(eq.bias_correction, (shared["beta1"], t), "correction1")
    shared.value(eq.bias_correction, (shared["beta2"], t), "correction2")


def _adam(u: Update, start: int | None = None) -> int:
    first, second = u.state("m"), u.state("v")
    m = u.move(eq.running_mean, (first, u.gradient, u.shared["beta1"]), first)
    v = u.move(eq.running_square, (second, u.gradient, u.shared["beta2"]), second)
    mean = u.value(eq.corrected, (m, u.shared["correction1"]), "m_hat")
    square = u.value(eq.corrected, (v, u.shared["correction2"]), "v_hat")
    return _adaptive(u, mean, square, start)


def _adamw(u: Update) -> int:
    operands = (u.theta, u.shared["eta"], u.shared["decay"])
    return _adam(u, u.value(eq.decoupled_decay, operands, "theta_decayed"))


def _eta(default: float) -> Parameter:
    return Parameter("learning_rate", "Learning rate", "eta", default, 0.0, open_below=True)


DECAY = Parameter("weight_decay", "Weight decay", "decay", 0.0, 0.0)
MU = Parameter("momentum", "Momentum", "mu", 0.9, 0.0, 1.0)
TAU = Parameter("dampening", "Dampening", "tau", 0.0, 0.0, 1.0)
EPSILON = Parameter("epsilon", "Smallest divisor", "epsilon", 1e-8, 0.0)
BETA1 = Parameter("beta1", "Memory of the mean", "beta1", 0.9, 0.0, 1.0)
BETA2 = Parameter("beta2", "Memory of the squares", "beta2", 0.999, 0.0, 1.0)
ALPHA = Parameter("alpha", "Memory of the squares", "alpha", 0.99, 0.0, 1.0)
ADAGRAD_EPSILON = Parameter("epsilon", "Smallest divisor", "epsilon", 1e-10, 0.0)
ADAMW_DECAY = Parameter("weight_decay", "Weight decay", "decay", 1e-2, 0.0)

OPTIMIZERS = {
    optimizer.name: optimizer
    for optimizer in (
        Optimizer(
            "gradient_descent",
            "Gradient descent",
            eq.gradient_descent,
            _gradient_descent,
            (_eta(0.1), DECAY),
        ),
        Optimizer("sign_descent", "Sign descent", eq.sign_descent, _sign_descent, (_eta(0.1),)),
        Optimizer(
            "branch_descent",
            "Trivial algorithm",
            eq.branch_descent,
            _branch_descent,
            (_eta(0.1),),
        ),
        Optimizer(
            "momentum",
            "Momentum",
            eq.velocity,
            _momentum,
            (_eta(0.1), MU, TAU, DECAY),
            share=_velocity_share,
        ),
        Optimizer(
            "nesterov",
            "Nesterov momentum",
            eq.nesterov,
            _nesterov,
            (_eta(0.1), MU, TAU, DECAY),
            share=_velocity_share,
        ),
        Optimizer(
            "adagrad",
            "AdaGrad",
            eq.adaptive_step,
            _adagrad,
            (_eta(0.01), ADAGRAD_EPSILON, DECAY),
        ),
        Optimizer(
            "rmsprop",
            "RMSProp",
            eq.adaptive_step,
            _rmsprop,
            (_eta(0.01), ALPHA, EPSILON, DECAY),
            (Switch("centered", "Centered: divide by the spread, not the size"),),
        ),
        Optimizer(
            "adam",
            "Adam",
            eq.adaptive_step,
            _adam,
            (_eta(0.001), BETA1, BETA2, EPSILON, DECAY),
            share=_corrections,
        ),
        Optimizer(
            "adamw",
            "AdamW",
            eq.adaptive_step,
            _adamw,
            (_eta(0.001), BETA1, BETA2, EPSILON, ADAMW_DECAY),
            share=_corrections,
        ),
    )
}
