"""Recording an update: the slots and steps that an optimizer adds to a program."""

from collections.abc import Mapping, Sequence

from core import update_equations as eq
from core.equation import Equation
from core.program import ProgramBuilder


class Shared:
    """What all parameters' updates of one iteration have in common: scalars, recorded once."""

    def __init__(
        self, builder: ProgramBuilder, switches: Mapping[str, bool], scalars: Mapping[str, int]
    ) -> None:
        self._builder = builder
        self._slots = dict(scalars)
        self.switches = switches

    def __getitem__(self, symbol: str) -> int:
        """Return the slot of a scalar; a number of the optimizer is added when it is first read."""
        if symbol not in self._slots:
            self._slots[symbol] = self._builder.input(symbol, None, (), (), fixed=True)
        return self._slots[symbol]

    def count(self) -> int:
        """Record t, the number of this step, from 1."""
        start = self._builder.state("t", None)
        self._slots["t"] = self._builder.update(eq.count, (start,), start)
        return self._slots["t"]

    def value(self, equation: Equation, operands: Sequence[int], symbol: str) -> int:
        """Record a scalar that follows from others."""
        self._slots[symbol] = self._builder.step("update", equation, operands, symbol, None)
        return self._slots[symbol]


class Update:
    """The update of one parameter, while it is being recorded."""

    def __init__(self, builder: ProgramBuilder, shared: Shared, theta: int, gradient: int) -> None:
        self._builder = builder
        self.shared = shared
        self.theta = theta
        self.gradient = gradient

    def state(self, symbol: str) -> int:
        """Add a state like the parameter, which starts at 0."""
        return self._builder.state(symbol, self.theta)

    def value(self, equation: Equation, operands: Sequence[int], symbol: str) -> int:
        """Record an intermediate result."""
        return self._builder.beside(equation, operands, symbol, self.theta)

    def move(self, equation: Equation, operands: Sequence[int], start: int) -> int:
        """Record what a state, or the parameter itself, becomes."""
        return self._builder.update(equation, operands, start)
