"""An experiment as a script in PyTorch, which takes the gradients itself."""

from core.program import Slot, Step
from core.script_writer import HEADINGS, Writer, is_parameter, shape_comment
from core.source import indented, substituted, variable
from core.torch_code import BY_HAND, SCHEDULES, torch_expression, torch_optimizer


class TorchScript(Writer):
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
        return f"{variable(slots[step.result])} = {made}{shape_comment(slots[step.result])}"

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
        learns = self._experiment.loss is not None and is_parameter(slot)
        gradient = ", requires_grad=True" if learns else ""
        return f"torch.tensor({text}, dtype=torch.{self._dtype}{gradient}){shape_comment(slot)}"

    def _print_loss(self) -> str:
        return 'print("L =", L.item())'
