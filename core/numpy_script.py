"""An experiment as a script in plain NumPy: a line a step of its program."""

from functools import cached_property

from core.numpy_code import FUNCTIONS, numpy_expression
from core.program import Slot, Step
from core.script_writer import HEADINGS, Writer, shape_comment
from core.source import WORD, substituted, variable


class NumpyScript(Writer):
    library = "NumPy"

    def text(self) -> str:
        steps = self._steps()
        functions = _needed_functions(steps)
        needs_math = any("math." in FUNCTIONS[name] for name in functions)
        blocks = [
            self._heading(),
            [*(["import math", ""] if needs_math else []), "import numpy as np"],
            ['np.set_printoptions(floatmode="unique", threshold=10**9, linewidth=120)'],
            *([warnings] if (warnings := self._expected(functions)) else []),
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

    def _expected(self, functions: list[str]) -> list[str]:
        """Silence what NumPy would warn of though it is as it should be."""
        is_unbounded = any(step.equation.may_be_unbounded for step in self._program.steps)
        overflows = any("np.cosh" in FUNCTIONS[name] for name in functions)
        return [_UNBOUNDED] * is_unbounded + [_OVERFLOW] * overflows

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
        shape = "" if step.phase == "update" else shape_comment(result)
        return f"{self._name(step.result)} = {made}{turned}{shape}"

    def _scalar(self, value: float) -> str:
        text = super()._scalar(value)
        return text if self._dtype == "float64" else f"np.float32({text})"

    def _array(self, slot: Slot, text: str) -> str:
        dtype = "" if self._dtype == "float64" else ", dtype=np.float32"
        return f"np.array({text}{dtype}){shape_comment(slot)}"

    def _zeros(self, slot: Slot) -> str:
        if not slot.shape:
            return self._scalar(0.0)
        dtype = "" if self._dtype == "float64" else ", np.float32"
        return f"np.zeros({slot.shape}{dtype})"

    def _print_loss(self) -> str:
        return 'print("L =", L)'


_UNBOUNDED = 'np.seterr(divide="ignore")  # dA of the outputs may be ±∞'

_OVERFLOW = 'np.seterr(over="ignore")  # far out a cosh is ∞, and the slope 0'


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
