"""Slips: what a student would get by one well-known mistake, by the real equations.

A rule belongs to an equation of the lecture and lists the mistakes that are made with it, or with
what stands for it under other conventions. Each is computed by the equation itself with a wrong
operand; one whose shapes don't fit isn't possible and isn't listed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import TypeAlias

import numpy as np

from core.conventions import lineage
from core.equation import Array, Equation
from core.errors import EquationError
from core.glossary import tensor_latex
from core.index_rule import ALL
from core.lecture_view import in_rows, layout_in, row_equation
from core.loss_conventions import WHOLE, total
from core.program import SAMPLES
from core.trace import Tensor, Trace, TraceStep

MOST_ALONE = 16
"""Samples, or terms of a sum, up to which each is left out, or taken alone, in turn."""


@dataclass(frozen=True)
class Slip:
    """A mistake: its name, what went wrong in a sentence, the formula that it follows.

    Shapes: values like the step's result; NaN where the mistake isn't possible in a cell.
    """

    name: str
    sentence: str
    latex: str
    values: Array


class Case:
    """A step of a trace with what stands around it, as a rule looks at it.

    Arrays and `equation` have the lecture's rows in every layout; `own` is the equation as the
    program has it, whose formula is shown.
    """

    def __init__(self, trace: Trace, step: TraceStep) -> None:
        self.layout = layout_in(trace)
        self.trace = in_rows(trace)
        self.step = step
        self.own = step.equation
        self.equation = row_equation(step.equation)
        self.tensor = self.trace.tensors[step.result]
        self.result = self.tensor.data

    def __getitem__(self, role: str) -> Array:
        """Return the operand of this role."""
        return self.trace[self.step.operands[role]]

    @cached_property
    def samples(self) -> int:
        """The number of samples, N."""
        X = self.trace.tensors["A[0]@0"]
        return X.data.shape[X.slot.axes.index(SAMPLES)]

    @property
    def is_mean(self) -> bool:
        """Whether L is the mean of the samples' losses, and not their sum."""
        return total.id not in self.trace.equations

    @property
    def has_half(self) -> bool:
        """Whether the squared error that the equation belongs to has its ½."""
        return not {equation.id for equation in WHOLE.values()} & set(lineage(self.own))

    @property
    def line(self) -> str:
        """What one sample's numbers stand in."""
        return "column" if self.layout.samples_are_columns else "row"

    @property
    def across(self) -> str:
        """What one unit's numbers of all samples stand in."""
        return "row" if self.layout.samples_are_columns else "column"

    @property
    def layer(self) -> int:
        """The layer of the result; 0 where it has none."""
        return self.tensor.slot.layer or 0

    def layer_of(self, role: str) -> int:
        """Return the layer of an operand; 0 where it has none."""
        return self.trace.tensors[self.step.operands[role]].slot.layer or 0

    def find(self, name: str) -> Tensor | None:
        """Return the tensor of this name that belongs to the step's iteration."""
        iteration = self.tensor.iteration - self.tensor.slot.offset
        tensors = self.trace.tensors
        return tensors.get(f"{name}@{iteration}") or tensors.get(f"{name}@0")

    def array(self, name: str) -> Array | None:
        """Return the array of this name, such as "Z[1]", if there is one."""
        found = self.find(name)
        return None if found is None else found.data

    def again(self, **changed: Array | None) -> Array | None:
        """Compute the step's equation with other operands, or return None where they don't fit."""
        operands = [changed.get(role, self[role]) for role in self.equation.roles]
        return self.with_equation(self.equation, *operands)

    def with_equation(self, equation: Equation | None, *operands: Array | None) -> Array | None:
        """Compute another equation, or return None where the operands don't fit it."""
        given = [operand for operand in operands if operand is not None]
        if equation is None or len(given) < len(operands) or not _are_alike(equation, given):
            return None
        try:
            return equation(*given)
        except EquationError:
            return None

    def slip(self, name: str, sentence: str, latex: str, values: Array | None) -> Iterator[Slip]:
        """List the slip, unless it isn't possible; `latex` names tensors as <role> or <Z[1]>."""
        if values is not None and values.shape == self.result.shape:
            yield Slip(name, sentence, self.written(latex), values)

    def given_back(self, slip: Slip) -> Slip:
        """Return a slip with its values in the trace's own layout."""
        is_turned = self.layout.turns(self.tensor.slot.axes)
        return replace(slip, values=slip.values.T) if is_turned else slip

    def formula(self, **tokens: str) -> str:
        """Return the right side of the formula with other tensors, such as A="<Z[1]>"."""
        right = self.own.latex.partition("=")[2].strip()
        roles = "|".join(self.own.roles)
        return re.sub(
            rf"(?<![A-Za-z\\])({roles})(?![A-Za-z])",
            lambda role: tokens.get(role[1], f"<{role[1]}>"),
            right,
        )

    @property
    def product(self) -> str:
        """The right side of the formula in plain words, such as "dZᵀ A"."""
        right = self.own.latex.partition("=")[2].strip()
        signs = ((r"^\top", "ᵀ"), (r"\,", ""), (r"\oplus", "⊕"))
        return reduce(lambda text, sign: text.replace(*sign), signs, right)

    def cell(self, role: str, indices: str) -> str:
        """Return a tensor's symbol with its indices in the order of the layout."""
        axes = self._named(role).slot.axes
        return f"<{role}>_{{{indices[::-1] if self.layout.turns(axes) else indices}}}"

    def sample(self, role: str, number: int | str) -> str:
        """Return the symbol of one sample's numbers: Z with its row's, or its column's, number."""
        both = f":,{number}" if self.layout.samples_are_columns else f"{number},:"
        return f"{{<{role}>_{{{both}}}}}"

    def written(self, latex: str) -> str:
        """Put the tensors' symbols into a formula; a fraction is set apart from what it bears."""

        def symbol(token: re.Match[str]) -> str:
            tex, bears = self._symbol(token[1]), latex[token.end() : token.end() + 1]
            is_tall = tex.startswith(r"\frac") and bears in ("^", "_")
            if is_tall or (bears == "_" and "_" in tex):
                return rf"\left({tex}\right)"
            return f"{{{tex}}}" if bears == "^" else tex

        return re.sub(r"<([A-Za-z_]+\d*(?:\[\d+\])?)>", symbol, latex)

    def _symbol(self, name: str) -> str:
        if name == "result":
            return tensor_latex(self.tensor.slot)
        return tensor_latex(self._named(name).slot)

    def _named(self, name: str) -> Tensor:
        """Return an operand by its role, or a tensor of the iteration by its name."""
        id = self.step.operands.get(name)
        found = self.trace.tensors[id] if id else self.find(name)
        assert found, f"{name} is no tensor of this trace"
        return found


def _are_alike(equation: Equation, operands: list[Array]) -> bool:
    """Whether operands that are read cell by cell have one shape: an index rule doesn't ask."""
    words = zip(equation.rule.operands, operands, strict=True)
    return len({operand.shape for word, operand in words if word == ALL}) <= 1


def inputs_name(layer: int) -> str:
    """Return what the outputs of a layer are called; those of layer 0 are the network's inputs."""
    return f"A[{layer}]" if layer else "X"


Rule: TypeAlias = Callable[[Case], Iterator[Slip]]
RULES: dict[str, list[Rule]] = {}


def rule(*equations: str) -> Callable[[Rule], Rule]:
    """Declare the mistakes that are made with these equations."""

    def declare(made: Rule) -> Rule:
        for id in equations:
            RULES.setdefault(id, []).append(made)
        return made

    return declare


def original(equation: Equation) -> str:
    """Return the id of the lecture's equation that this one stands for: rules are known by it."""
    return lineage(equation)[-1]


def without_transpose(at: Case, forgotten: str, mistaken: str) -> Iterator[Slip]:
    """The product without its transpose or, where the layout's has none, with W's."""
    bearing = re.search(r"([A-Za-z]+)\^\\top", at.own.latex)
    role = bearing[1] if bearing else "W"
    yield from at.slip(
        "transpose_forgotten" if bearing else "transposed_by_mistake",
        forgotten if bearing else mistaken,
        at.formula().replace(r"^\top", "") if bearing else at.formula(W=r"<W>^\top"),
        at.again(**{role: np.ascontiguousarray(at[role].T)}),
    )


NO_MEAN = "You divided by N: L is the sum over the samples here, without 1/N."


def without(array: Array, axis: int, place: int) -> Array:
    """Return a copy with one row or column of zeros."""
    copy = array.copy()
    copy[(slice(None),) * axis + (place,)] = 0
    return copy


def turns(count: int) -> range:
    """Return the places that are tried one by one: none of a single one, nor of very many."""
    return range(count if 1 < count <= MOST_ALONE else 0)


def scaled(array: Array, factor: float) -> Array:
    """Return a multiple in the array's own precision."""
    return np.multiply(array, array.dtype.type(factor))
