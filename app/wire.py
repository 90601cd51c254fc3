"""Traces as JSON, a piece at a time: an array's text is never whole in memory beside the array."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import numpy as np
import orjson

from core import Trace
from core.equation import Equation
from core.glossary import tensor_latex, tensor_title
from core.program import Slot
from core.trace import Divergence, Tensor, TraceStep

BLOCK = 65_536
"""Cells of one piece of text: about 1.3 MB."""

PIECE = 262_144
"""Bytes that are worth being sent."""


def trace_chunks(trace: Trace) -> Iterator[bytes]:
    """Write a trace; the pieces in order are one JSON document."""
    head = orjson.dumps(
        {
            "outcome": trace.outcome,
            "diverged": None if trace.diverged is None else divergence_json(trace.diverged),
            "equations": {id: equation_json(item) for id, item in trace.equations.items()},
            "steps": [step_json(step) for step in trace.steps],
        }
    )
    yield head[:-1] + b',"tensors":{'
    for place, tensor in enumerate(trace.tensors.values()):
        yield b"," if place else b""
        yield from _tensor_chunks(tensor, trace.equations)
    yield b"}}"


def gathered(chunks: Iterable[bytes], size: int = PIECE) -> Iterator[bytes]:
    """Join pieces until each but the last has so many bytes: sending one costs 0.1 ms."""
    waiting, length = list[bytes](), 0
    for chunk in chunks:
        waiting.append(chunk)
        length += len(chunk)
        if length >= size:
            yield b"".join(waiting)
            waiting, length = [], 0
    yield b"".join(waiting)


def _tensor_chunks(tensor: Tensor, equations: Collection[str]) -> Iterator[bytes]:
    slot = tensor.slot
    head = tensor_head(slot, tensor.iteration, equations)
    # float32 results are written as the float64 numbers that they are, digit for digit.
    flat = tensor.data.ravel().astype(np.float64, copy=False)
    if slot.symbol == "dA" and (unbounded := _unbounded(flat)):
        head["unbounded"] = unbounded
    yield orjson.dumps(tensor.id) + b":" + orjson.dumps(head)[:-1] + b',"data":['
    for start in range(0, flat.size, BLOCK):
        yield b"," if start else b""
        block = flat[start : start + BLOCK]
        yield orjson.dumps(block, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1]
    yield b"]}"


def tensor_head(slot: Slot, iteration: int, equations: Collection[str] = ()) -> dict[str, Any]:
    """Return what a tensor is, without its data."""
    return {
        "symbol": slot.symbol,
        "title": tensor_title(slot, equations),
        "latex": tensor_latex(slot),
        "layer": slot.layer,
        "iteration": iteration,
        "axes": slot.axes,
        "shape": slot.shape,
    }


def step_json(step: TraceStep) -> dict[str, Any]:
    return {
        "phase": step.phase,
        "equation": step.equation.id,
        "operands": step.operands,
        "result": step.result,
    }


def _unbounded(flat: np.ndarray[Any, Any]) -> list[dict[str, int]]:
    """Say which cells are ±∞: JSON has no infinity, so the data holds null there."""
    return [
        {"cell": int(cell), "sign": 1 if flat[cell] > 0 else -1}
        for cell in np.flatnonzero(np.isinf(flat))
    ]


def divergence_json(found: Divergence) -> dict[str, Any]:
    """Return the cell that wasn't finite."""
    return {
        "step": found.step,
        "tensor": found.tensor,
        "cell": found.cell,
        "value": found.value,
        "message": found.message,
    }


def equation_json(equation: Equation) -> dict[str, Any]:
    return {
        "title": equation.title,
        "latex": equation.latex,
        "reads": equation.rule.text,
        "roles": equation.roles,
        "cell": equation.cell,
    }
