"""Pseudo-code: a program's steps as finished LaTeX, with k and k + 1 where values change."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.glossary import tensor_latex
from core.program import Program, Slot, Step

COUNTERS = ("k", "t")
"""Numbers of an iteration: they bear no index of their own."""
_WORD = re.compile(r"\\[A-Za-z]+|[A-Za-z]+\d*(?:_[a-z]+)?")


@dataclass(frozen=True)
class Line:
    """One step: what it does in words, and as LaTeX that needs nothing filled in."""

    phase: str
    title: str
    latex: str


def written_lines(program: Program) -> list[Line]:
    """Return a line a step."""
    return [
        Line(step.phase, step.equation.title, _written(step, program)) for step in program.steps
    ]


def _written(step: Step, program: Program) -> str:
    slots = [program.slots[index] for index in step.operands]
    symbols = dict(zip(step.equation.roles, map(_indexed, slots), strict=True))
    result = program.slots[step.result]
    left, equals, right = step.equation.latex.partition("=")
    if not equals or not _WORD.fullmatch(left.strip()):
        return _filled(step.equation.latex, {result.symbol: _indexed(result), **symbols})
    named, filled = _indexed(result), _filled(right.strip(), symbols)
    if named == filled:
        return named
    return rf"{named} \leftarrow {filled}" if named in COUNTERS else f"{named} = {filled}"


def _indexed(slot: Slot) -> str:
    """Return a slot's symbol with its iteration, unless it is the same in all."""
    latex = tensor_latex(slot)
    if slot.fixed or slot.symbol in COUNTERS or slot.symbol.startswith("correction"):
        return latex
    if slot.symbol == "dtheta":
        return r"\nabla f(\theta^{k})"
    return rf"{latex}^{{k+1}}" if slot.offset else rf"{latex}^{{k}}"


def _filled(latex: str, symbols: Mapping[str, str]) -> str:
    """Put the symbols in the place of their words; one with an index is set apart from a power."""

    def symbol(word: re.Match[str]) -> str:
        found = symbols.get(word[0])
        if found is None:
            return word[0]
        is_power = latex[word.end() : word.end() + 1] == "^"
        return rf"\left({found}\right)" if is_power and found.endswith(("}", ")")) else found

    return _WORD.sub(symbol, latex)
