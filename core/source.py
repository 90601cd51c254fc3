"""Source text: names and numbers as Python writes them."""

import re
from collections.abc import Mapping

import numpy as np

from core.equation import Array
from core.program import Slot

WORD = re.compile(r"(?<![\w.])[A-Za-z_]\w*")


def variable(slot: Slot) -> str:
    """Return a tensor's name in the code: "Z[2]" is Z2, and "A[0]" is X."""
    if slot.symbol == "A" and slot.layer == 0:
        return "X"
    return slot.symbol if slot.layer is None else f"{slot.symbol}{slot.layer}"


def substituted(expression: str, names: Mapping[str, str]) -> str:
    """Write an expression with the operands' names for its roles."""
    return WORD.sub(lambda word: names.get(word.group(), word.group()), expression)


def number(value: float, dtype: str) -> str:
    """Write a number with every digit that it needs to be read back as the same one."""
    return repr(float(value)) if dtype == "float64" else str(np.float32(value))


def literal(array: Array, dtype: str) -> str:
    """Write an array as nested lists, a row a line."""
    if array.ndim == 1:
        return f"[{', '.join(number(value, dtype) for value in array.tolist())}]"
    rows = "".join(f"    {literal(row, dtype)},\n" for row in array)
    return f"[\n{rows}]"


def indented(lines: list[str]) -> list[str]:
    """Move lines into a block."""
    return [f"    {line}" if line else "" for line in lines]
