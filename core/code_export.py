"""Exported code: an experiment as a script of its own, in plain NumPy or in PyTorch.

Each line of the NumPy script is a step of the experiment's program, in the program's order; each
number is written with all the digits that it needs, so that the script gives the trace's numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.experiment import Experiment
from core.numpy_code import FUNCTIONS, numpy_expression
from core.program import Slot, Step
from core.source import WORD, indented, literal, number, substituted, variable
from core.torch_code import BY_HAND, SCHEDULES, torch_expression, torch_optimizer

HEADINGS = {"forward": "Forward", "loss": "Loss", "backward": "Backward", "update": "Update"}


@dataclass(frozen=True)
class Script:
    """A program to run elsewhere."""

    language: str
    title: str
    filename: str
    text: str


def export_code(experiment: Experiment) -> tuple[Script, ...]:
    """Return an experiment's scripts: NumPy, and PyTorch where it has all that is needed."""
    scripts = [Script("numpy", "NumPy", "chainrule_numpy.py", _Numpy(experiment).text())]
    torch = _Torch(experiment)
    if torch.is_possible:
        scripts.append(Script("pytorch", "PyTorch", "chainrule_pytorch.py", torch.text()))
    return tuple(scripts)


class _Writer:
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
        return [variable(slot) for slot in self._program.slots if _is_parameter(slot)]

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


def _is_parameter(slot: Slot) -> bool:
    return slot.symbol in ("W", "b") and not slot.offset


def _shape(slot: Slot) -> str:
    return f"  # {' × '.join(str(length) for length in slot.shape)}" if slot.shape else ""


class _Numpy(_Writer):
    library = "NumPy"

    def text(self) -> str:
        steps = self._steps()
        functions = _needed_functions(steps)
        needs_math = any("math." in FUNCTIONS[name] for name in functions)
        blocks = [
            self._heading(),
            [*(["import math", ""] if needs_math else []), "import numpy as np"],
            ['np.set_printoptions(floatmode="unique", threshold=10**9, linewidth=120)'],
            *([[_UNBOUNDED]] if self._may_be_unbounded() else []),
        ]
        text = "\n\n".join("\n".join(block) for block in blocks)
        defined = "".join(f"\n\n{FUNCTIONS[name].rstrip()}" for name in functions)
        gap = "\n\n\n" if functions else "\n\n"
        main = "\n".join([*self._given(), "", *self._repeated(steps)])
        return f"{text}{defined}{gap}{main}\n"

    @cached_property
    def _late(self) -> dict[int, int]:
        """What becomes the next iteration's while a later step still reads this iteration's."""
        last = {index: i for i, step in enumerate(self._program.steps) for index in step.operands}
        made = {step.result: i for i, step in enumerate(self._program.steps)}
        return {
            result: start
            for result, start in self._program.carries.items()
            if last.get(start, -1) > made[result]
        }

    def _name(self, index: int) -> str:
        name = variable(self._program.slots[index])
        return f"{name}_next" if index in self._late else name

    def _may_be_unbounded(self) -> bool:
        return any(step.equation.may_be_unbounded for step in self._program.steps)

    def _steps(self) -> list[str]:
        lines, phase = list[str](), ""
        for step in self._program.steps:
            if step.phase == "update" and phase != "update":
                lines += ["", "# L and its gradients", *self._results(lambda name: f"d{name}")]
            if step.phase != phase:
                phase = step.phase
                lines += [*([""] if lines else []), f"# {HEADINGS[phase]}"]
            lines.append(self._step(step))
        lines += [f"{self._name(start)} = {self._name(made)}" for made, start in self._late.items()]
        if not self._experiment.trains:
            lines += ["", *self._results(lambda name: f"d{name}")]
        return lines

    def _step(self, step: Step) -> str:
        expression, transposed = numpy_expression(step.equation)
        names = [self._name(index) + ".T" * transposed for index in step.operands]
        made = substituted(expression, dict(zip(step.equation.roles, names, strict=True)))
        result = self._program.slots[step.result]
        turned = ".T" if transposed and len(result.shape) > 1 else ""
        shape = "" if step.phase == "update" else _shape(result)
        return f"{self._name(step.result)} = {made}{turned}{shape}"

    def _scalar(self, value: float) -> str:
        text = super()._scalar(value)
        return text if self._dtype == "float64" else f"np.float32({text})"

    def _array(self, slot: Slot, text: str) -> str:
        dtype = "" if self._dtype == "float64" else ", dtype=np.float32"
        return f"np.array({text}{dtype}){_shape(slot)}"

    def _zeros(self, slot: Slot) -> str:
        if not slot.shape:
            return self._scalar(0.0)
        dtype = "" if self._dtype == "float64" else ", np.float32"
        return f"np.zeros({slot.shape}{dtype})"

    def _print_loss(self) -> str:
        return 'print("L =", L)'


_UNBOUNDED = 'np.seterr(divide="ignore")  # dA of the outputs may be ±∞'


def _needed_functions(lines: list[str]) -> list[str]:
    """Return the functions that the lines call, each after those that it calls itself."""
    needed = list[str]()

    def add(text: str, caller: str = "") -> None:
        for name in dict.fromkeys(WORD.findall(text)):
            if name in FUNCTIONS and name not in needed and name != caller:
                add(FUNCTIONS[name], name)
                needed.append(name)

    add("\n".join(lines))
    return needed


class _Torch(_Writer):
    library = "PyTorch"

    @property
    def is_possible(self) -> bool:
        if not self._experiment.trains:
            return True
        is_new = self._experiment.start is None  # The states of torch.optim aren't these by name.
        return is_new and (self._optimizer() is not None or self._by_hand != "")

    @property
    def _by_hand(self) -> str:
        return BY_HAND.get(self._experiment.optimizer or "", "")

    def _optimizer(self) -> str | None:
        learning = self._experiment.learning
        centered = "centered" in learning.settings.switches
        return torch_optimizer(learning.optimizer, learning.scalars(), centered=centered)

    def text(self) -> str:
        blocks = [
            self._heading(),
            [*self._mathematics(), "import torch", "import torch.nn.functional as F"],
            ["torch.set_printoptions(precision=17, threshold=10**9, linewidth=120)"],
            [*self._given(), *self._learner()],
            self._repeated([*self._forward(), *self._backward()]),
        ]
        return "\n\n".join("\n".join(block) for block in blocks) + "\n"

    def _given(self) -> list[str]:
        slots = [self._program.slots[index] for index in self._program.inputs]
        # PyTorch's optimizer keeps its states by itself.
        given = [slot for slot in slots if slot.initial is None]
        counter = ["k = 0"] if self._rate else []
        return [f"N = {self._samples()}  # samples", *map(self._input, given), *counter]

    @property
    def _rate(self) -> str:
        """The scheduled learning rate."""
        return SCHEDULES.get(self._experiment.schedule, "") if self._experiment.trains else ""

    def _mathematics(self) -> list[str]:
        return ["import math", ""] if "math." in self._rate else []

    def _learner(self) -> list[str]:
        if not self._experiment.loss:
            return []
        parameters = f"parameters = [{', '.join(self._parameters())}]"
        if not self._experiment.trains or self._by_hand:
            return [parameters]
        return [parameters, f"optimizer = {self._optimizer()}"]

    def _forward(self) -> list[str]:
        lines, phase = list[str](), ""
        for step in self._program.steps:
            if step.phase not in ("forward", "loss"):
                break
            if step.phase != phase:
                phase = step.phase
                lines += [*([""] if lines else []), f"# {HEADINGS[phase]}"]
            lines.append(self._step(step))
        return lines

    def _step(self, step: Step) -> str:
        slots = self._program.slots
        names = [variable(slots[index]) for index in step.operands]
        roles = dict(zip(step.equation.roles, names, strict=True))
        made = substituted(torch_expression(step.equation), roles)
        return f"{variable(slots[step.result])} = {made}{_shape(slots[step.result])}"

    def _backward(self) -> list[str]:
        lines = ["", *self._results(lambda name: f"{name}.grad")]
        if not self._experiment.loss:
            return lines
        lines = ["", "# Backward", *self._cleared(), "L.backward()", *lines]
        return [*lines, *self._update()] if self._experiment.trains else lines

    def _cleared(self) -> list[str]:
        if self._experiment.iterations == 1:
            return []
        return ["for parameter in parameters:", "    parameter.grad = None"]

    def _update(self) -> list[str]:
        lines = ["", f"# {HEADINGS['update']}", *self._penalised(), *self._scheduled()]
        if not self._by_hand:
            return [*lines, "optimizer.step()"]
        loop = ["for parameter in parameters:", f"    {self._by_hand}"]
        return [*lines, "with torch.no_grad():", *indented(loop)]

    def _penalised(self) -> list[str]:
        """Add the penalty's gradient to the loss's."""
        penalties = [variable(slot) for slot in self._program.slots if slot.symbol == "R"]
        return [f"({' + '.join(penalties)}).backward()"] if penalties else []

    def _scheduled(self) -> list[str]:
        if not self._rate:
            return []
        groups = ["for group in optimizer.param_groups:", '    group["lr"] = eta']
        return [f"eta = {self._rate}", *([] if self._by_hand else groups), "k = k + 1"]

    def _array(self, slot: Slot, text: str) -> str:
        learns = self._experiment.loss is not None and _is_parameter(slot)
        gradient = ", requires_grad=True" if learns else ""
        return f"torch.tensor({text}, dtype=torch.{self._dtype}{gradient}){_shape(slot)}"

    def _print_loss(self) -> str:
        return 'print("L =", L.item())'
