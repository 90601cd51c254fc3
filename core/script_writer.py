"""What exported scripts of every kind have: a heading, the given numbers, what is printed."""

from collections.abc import Callable

import numpy as np

from core.experiment import Experiment
from core.program import Slot
from core.source import indented, literal, number, variable

HEADINGS = {"forward": "Forward", "loss": "Loss", "backward": "Backward", "update": "Update"}


class Writer:
    """What scripts of both kinds have: a heading, the numbers, and the steps."""

    library = ""

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._program = experiment.program
        self._dtype = experiment.precision
        self._inputs = experiment.inputs

    def _heading(self) -> list[str]:
        sizes = "-".join(str(size) for size in self._experiment.network.sizes)
        layout = self._experiment.conventions.axes
        phases = dict.fromkeys(step.phase for step in self._program.steps)
        done = ", ".join(phases)
        return [f'"""A {sizes} network in {self.library}: {done}.', "", layout.description, '"""']

    def _given(self) -> list[str]:
        lines = [f"N = {self._samples()}  # samples"]
        for index in self._program.inputs:
            lines.append(self._input(self._program.slots[index]))
        return lines

    def _samples(self) -> int:
        return len(np.asarray(self._experiment.X))

    def _input(self, slot: Slot) -> str:
        if slot.name not in self._inputs:
            return f"{variable(slot)} = {self._zeros(slot)}"
        array = np.asarray(self._inputs[slot.name], self._dtype)
        if not array.ndim:
            return f"{variable(slot)} = {self._scalar(float(array))}"
        return f"{variable(slot)} = {self._array(slot, literal(array, self._dtype))}"

    def _scalar(self, value: float) -> str:
        return number(value, self._dtype)

    def _array(self, slot: Slot, text: str) -> str:
        raise NotImplementedError

    def _zeros(self, slot: Slot) -> str:
        raise NotImplementedError

    def _parameters(self) -> list[str]:
        return [variable(slot) for slot in self._program.slots if is_parameter(slot)]

    def _results(self, gradient: Callable[[str], str]) -> list[str]:
        """Print L and every gradient; without a loss, the outputs."""
        if self._experiment.loss is None:
            last = variable(self._program.slots[self._program.steps[-1].result])
            return [f'print("{last} =", {last}, sep="\\n")']
        return [
            self._print_loss(),
            *(f'print("d{name} =", {gradient(name)}, sep="\\n")' for name in self._parameters()),
        ]

    def _print_loss(self) -> str:
        raise NotImplementedError

    def _repeated(self, lines: list[str]) -> list[str]:
        count = self._experiment.iterations
        if count == 1:
            return lines
        return [f"for iteration in range({count}):", *indented(lines)]


def is_parameter(slot: Slot) -> bool:
    return slot.symbol in ("W", "b") and not slot.offset


def shape_comment(slot: Slot) -> str:
    return f"  # {' × '.join(str(length) for length in slot.shape)}" if slot.shape else ""
