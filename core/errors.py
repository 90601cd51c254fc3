"""The errors that the mathematics can raise.

ChainruleError
├── SpecificationError    what was asked for fits no mathematics (shapes, pairings, targets)
│   └── UnknownNameError  a name that no table holds, with the nearest one that does
├── BudgetError           a computation took longer than it may
└── EquationError         an equation was declared or used wrongly (a fault in the program text)
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any


class ChainruleError(Exception):
    """Anything that Chainrule itself finds wrong."""

    def __reduce__(self) -> tuple[Any, ...]:
        # By default unpickling calls the class with `args`, which fits no constructor below.
        return _restored, (type(self), self.args, self.__dict__)


def _restored(
    kind: type[ChainruleError], args: tuple[Any, ...], attributes: dict[str, Any]
) -> ChainruleError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(attributes)
    return error


class EquationError(ChainruleError):
    """An equation whose declaration contradicts itself or its operands."""


class BudgetError(ChainruleError):
    """A computation that was stopped since its time was up."""


class SpecificationError(ChainruleError):
    """Something that can't be computed: where it is, what was expected and what was given."""

    code = "invalid_specification"

    def __init__(
        self, message: str, *, where: Iterable[str | int] = (), expected: object, given: object
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = list(where)
        self.expected = expected
        self.given = given


class UnknownNameError(SpecificationError):
    """A name that isn't in its table, with the nearest name that is."""

    code = "unknown_name"

    def __init__(
        self, kind: str, name: str, names: Iterable[str], where: Iterable[str | int] = ()
    ) -> None:
        legal = list(names)
        near = get_close_matches(name, legal, n=1, cutoff=0.5)
        hint = f" Did you mean “{near[0]}”?" if near else ""
        super().__init__(
            f"There is no {kind} called “{name[:60]}”.{hint}",
            where=where,
            expected=legal,
            given=name[:60],
        )
