"""Learning: an optimizer with its numbers, its schedule and the penalty, as every run has them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from core.equation import Array
from core.errors import SpecificationError, UnknownNameError
from core.program import Program
from core.schedules import SCHEDULES, schedule_scalars
from core.settings import Settings, settle

PARAMETERS = ("W", "b")


@dataclass(frozen=True)
class Learning:
    """How a network learns.

    Raises: SpecificationError for a number that has no place or is out of bounds, UnknownNameError.
    """

    optimizer: str
    numbers: Mapping[str, float]
    switches: tuple[str, ...] = ()
    schedule: str = "constant"
    schedule_numbers: Mapping[str, float] = field(default_factory=dict[str, float])
    l1: float = 0.0
    l2: float = 0.0

    def __post_init__(self) -> None:
        if self.schedule not in SCHEDULES:
            raise UnknownNameError("schedule", self.schedule, SCHEDULES, ["schedule", "name"])
        check_penalty(self.l1, self.l2)
        # An optimizer's numbers are checked where they are read.
        self.settings  # noqa: B018

    @cached_property
    def settings(self) -> Settings:
        """The optimizer's numbers, those that aren't given at their defaults."""
        return settle(self.optimizer, self.numbers, self.switches)

    def scalars(self) -> dict[str, float]:
        """Return the numbers that stay the same in all steps, by slot."""
        return schedule_scalars(self.schedule, self.settings.scalars, self.schedule_numbers)


@dataclass(frozen=True, eq=False)
class Start:
    """Where a run begins: after so many steps, with the optimizer's states by slot."""

    step: int = 0
    state: Mapping[str, Array] = field(default_factory=dict[str, Array])


def check_penalty(l1: float, l2: float) -> None:
    """Raise SpecificationError where a share isn't a finite number of at least 0."""
    for name, number in (("l1", l1), ("l2", l2)):
        if not (number >= 0 and math.isfinite(number)):
            raise SpecificationError(
                f"The penalty's {name} must be a finite number, at least 0.",
                where=["penalty", name],
                expected="at least 0",
                given=number,
            )


def penalty_scalars(l1: float, l2: float) -> dict[str, float]:
    """Return the penalty's numbers by slot: none where nothing is penalised."""
    return {"l1": l1, "l2": l2} if l1 or l2 else {}


def state_slots(program: Program) -> dict[str, int]:
    """Return the slots of what an optimizer carries on from step to step, by name."""
    slots = program.slots
    return {
        slots[index].name: index
        for index in program.carries.values()
        if slots[index].symbol not in PARAMETERS
    }


def check_state(program: Program, state: Mapping[str, Array], *where: str | int) -> None:
    """Raise SpecificationError where these aren't the states that the program carries on."""
    known = state_slots(program)
    for name in sorted(known.keys() ^ state.keys()):
        names = ", ".join(known) or "none"
        raise SpecificationError(
            f"An optimizer like this one has the states {names}"
            + (f"; {name} is missing." if name in known else f", and no {name}."),
            where=[*where, name],
            expected=list(known),
            given=list(state),
        )
    for name, index in known.items():
        own = program.slots[index].shape
        if state[name].shape != own:
            raise SpecificationError(
                f"The state {name} has another shape than this network's.",
                where=[*where, name],
                expected=list(own),
                given=list(state[name].shape),
            )
