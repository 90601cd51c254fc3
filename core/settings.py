"""Settings: an optimizer's numbers, from what is given and its defaults."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.errors import SpecificationError, UnknownNameError
from core.optimizers import OPTIMIZERS, Optimizer, Parameter


@dataclass(frozen=True)
class Settings:
    """An optimizer's numbers by symbol, and the switches that are on."""

    scalars: dict[str, float]
    switches: tuple[str, ...]


def settle(optimizer: str, numbers: Mapping[str, float], switches: Iterable[str] = ()) -> Settings:
    """Return an optimizer's settings: what is given, and else the defaults.

    Raises: SpecificationError for a number or a switch that it doesn't take, or a number out of its
    bounds.
    """
    chosen = find_optimizer(optimizer)
    known = {parameter.name: parameter for parameter in chosen.parameters}
    for name, number in numbers.items():
        if name not in known:
            raise _not_taken(chosen, name, list(known))
        _check_bounds(known[name], number)
    for name in switches:
        legal = [switch.name for switch in chosen.switches]
        if name not in legal:
            raise _not_taken(chosen, name, legal)
    scalars = {
        parameter.symbol: float(numbers.get(name, parameter.default))
        for name, parameter in known.items()
    }
    return _without_idle_decay(chosen, scalars, tuple(switches))


def _not_taken(optimizer: Optimizer, name: str, legal: list[str]) -> SpecificationError:
    return SpecificationError(
        f"{optimizer.title} takes no {name}.",
        where=["optimizer", name],
        expected=legal,
        given=name,
    )


def find_optimizer(name: str) -> Optimizer:
    """Return the optimizer of this name, or raise UnknownNameError."""
    if name not in OPTIMIZERS:
        raise UnknownNameError("optimizer", name, OPTIMIZERS, ["optimizer", "name"])
    return OPTIMIZERS[name]


def _without_idle_decay(
    optimizer: Optimizer, scalars: dict[str, float], switches: tuple[str, ...]
) -> Settings:
    """Leave weight decay out of the program where it is 0; AdamW has it in its own equation."""
    if optimizer.name == "adamw":
        return Settings(scalars, switches)
    if scalars.get("decay"):
        return Settings(scalars, (*switches, "decays"))
    return Settings({name: scalars[name] for name in scalars if name != "decay"}, switches)


def _check_bounds(parameter: Parameter, number: float) -> None:
    low, high = parameter.minimum, parameter.maximum
    above = low is None or number > low or (number == low and not parameter.open_below)
    if above and (high is None or number < high):
        return
    most = "" if high is None else f" and below {high:g}"
    least = "" if low is None else f"{'above' if parameter.open_below else 'at least'} {low:g}"
    raise SpecificationError(
        f"{parameter.title} must be {least}{most}, not {number:g}.",
        where=["optimizer", parameter.name],
        expected=f"{least}{most}",
        given=number,
    )
