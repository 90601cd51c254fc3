"""Stopping: whether one criterion that is met is enough, or all of them must be; and budgets."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

REQUIRE = ("either", "both")
IsOver: TypeAlias = Callable[[], bool]
"""Says whether a computation's time is up, or nobody waits for it any more."""


def never() -> bool:
    """A budget without an end."""
    return False


def fired(criteria: Mapping[str, tuple[float | None, float]], require: str) -> str | None:
    """Return the criterion that ends a run: one whose value is below its bound, if that is enough.

    `criteria` has the bound, or None where there is none, and the value; the last one met is named.
    """
    met = {name: value < bound for name, (bound, value) in criteria.items() if bound is not None}
    names = [name for name in met if met[name]]
    if require == "both" and len(names) < len(met):
        return None
    return names[-1] if names else None
