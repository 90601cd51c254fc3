"""Schedules: the step size of each iteration, η_k for k = 0, 1, …

All equal PyTorch's schedulers to 3e-17. Σ η₀γᵏ is finite for γ < 1, so that the exponential
schedule can stop short of the minimum.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from core.equation import Array, Call, Equation, equation
from core.optimizers import Parameter
from core.program import ProgramBuilder
from core.update_equations import count


@equation(
    "schedule.inverse",
    r"eta = \frac{eta0}{1 + gamma\, k}",
    ",,->",
    cell="eta0 / (1 + gamma * k)",
    title="The step size falls as 1/k",
)
def inverse(eta0: Array, gamma: Array, k: Array, out: Array) -> Iterator[Call]:
    """Source: Robbins and Monro (1951): Σ η = ∞ and Σ η² < ∞."""
    yield np.multiply, gamma, k, out
    yield np.add, out, 1.0, out
    yield np.divide, eta0, out, out


@equation(
    "schedule.inverse_sqrt",
    r"eta = \frac{eta0}{\sqrt{k + 1}}",
    ",->",
    cell="eta0 / sqrt(k + 1)",
    title="The step size falls as 1/√k",
)
def inverse_sqrt(eta0: Array, k: Array, out: Array) -> Iterator[Call]:
    yield np.add, k, 1.0, out
    yield np.sqrt, out, out
    yield np.divide, eta0, out, out


@equation(
    "schedule.exponential",
    r"eta = eta0\, gamma^{k}",
    ",,->",
    cell="eta0 * gamma ** k",
    title="The step size shrinks by the same factor every time",
)
def exponential(eta0: Array, gamma: Array, k: Array, out: Array) -> Iterator[Call]:
    yield np.power, gamma, k, out
    yield np.multiply, eta0, out, out


@equation(
    "schedule.step",
    r"eta = eta0\, gamma^{\lfloor k / period \rfloor}",
    ",,,->",
    cell="eta0 * gamma ** floor(k / period)",
    title="The step size drops by a factor every so many steps",
)
def step(eta0: Array, gamma: Array, period: Array, k: Array, out: Array) -> Iterator[Call]:
    yield np.floor_divide, k, period, out
    yield np.power, gamma, out, out
    yield np.multiply, eta0, out, out


@equation(
    "schedule.cosine",
    r"eta = lowest + \tfrac12 (eta0 - lowest) \Bigl(1 + \cos\tfrac{\pi\, k}{period}\Bigr)",
    ",,,->",
    cell="lowest + (eta0 - lowest) * (1 + cospi((k - relu(k - period)) / period)) / 2",
    title="The step size falls along half a cosine",
)
def cosine(eta0: Array, lowest: Array, period: Array, k: Array, out: Array) -> Iterator[Call]:
    """Source: Loshchilov and Hutter (2017), "SGDR", equation (5), without restarts."""
    span = np.empty_like(out)
    yield np.fmin, k, period, out
    yield np.multiply, out, np.pi, out
    yield np.divide, out, period, out
    yield np.cos, out, out
    yield np.add, out, 1.0, out
    yield np.subtract, eta0, lowest, span
    yield np.multiply, out, span, out
    yield np.multiply, out, 0.5, out
    yield np.add, out, lowest, out


@dataclass(frozen=True)
class Schedule:
    """A schedule: its equation, and the numbers it takes besides η₀ and k; none: constant."""

    name: str
    title: str
    equation: Equation | None
    parameters: tuple[Parameter, ...] = ()


_GAMMA = Parameter("gamma", "Decay rate", "gamma", 0.1, 0.0)
_FACTOR = Parameter("gamma", "Factor", "gamma", 0.95, 0.0)
_PERIOD = Parameter("period", "Steps", "period", 20.0, 1.0)
_LOWEST = Parameter("lowest", "Lowest step size", "lowest", 0.0, 0.0)

SCHEDULES = {
    schedule.name: schedule
    for schedule in (
        Schedule("constant", "Constant", None),
        Schedule("inverse", "Inverse: 1/k", inverse, (_GAMMA,)),
        Schedule("inverse_sqrt", "Inverse square root: 1/√k", inverse_sqrt),
        Schedule("exponential", "Exponential", exponential, (_FACTOR,)),
        Schedule("step", "Steps", step, (_FACTOR, _PERIOD)),
        Schedule("cosine", "Cosine", cosine, (_LOWEST, _PERIOD)),
    )
}


def record_schedule(builder: ProgramBuilder, schedule: str) -> dict[str, int]:
    """Record the step size of this iteration; return its slot by symbol, or none if constant."""
    equation = SCHEDULES[schedule].equation
    if equation is None:
        return {}
    k = builder.state("k", None)
    builder.update(count, (k,), k)
    slots = [
        k if role == "k" else builder.input(role, None, (), (), fixed=True)
        for role in equation.roles
    ]
    return {"eta": builder.step("update", equation, slots, "eta", None)}


def schedule_scalars(
    schedule: str, scalars: Mapping[str, float], numbers: Mapping[str, float]
) -> dict[str, float]:
    """Return an optimizer's scalars with the schedule's; those not given at their defaults."""
    chosen, named = SCHEDULES[schedule], dict(scalars)
    if chosen.equation:
        named["eta0"] = named.pop("eta")
    for parameter in chosen.parameters:
        named[parameter.symbol] = numbers.get(parameter.name, parameter.default)
    return named
