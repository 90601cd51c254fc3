"""A trace in the lecture's layout: samples are rows, and a unit's weights are a row of W.

What is known about the lecture's equations can be worked out in it, whatever layout a program has.
"""

from dataclasses import replace

from core.equation import EQUATIONS, Equation
from core.layouts import LAYOUTS, Layout, layout_by
from core.trace import Tensor, Trace

_ROWS = {own.id: id for layout in LAYOUTS.values() for id, own in layout.own.items()}


def layout_in(trace: Trace) -> Layout:
    """Return the layout that a network's trace has."""
    W = next(each for each in trace.tensors.values() if each.slot.name == "W[1]")
    return layout_by(trace.tensors["A[0]@0"].slot.axes, W.slot.axes)


def row_equation(equation: Equation) -> Equation:
    """Return the equation of the lecture's layout that this one stands for."""
    return EQUATIONS[_ROWS[equation.id]] if equation.id in _ROWS else equation


def in_rows(trace: Trace) -> Trace:
    """Return the trace with its arrays as views in the lecture's layout; steps stay as they are."""
    layout = layout_in(trace)
    tensors = {id: _in_rows(tensor, layout) for id, tensor in trace.tensors.items()}
    return replace(trace, tensors=tensors)


def _in_rows(tensor: Tensor, layout: Layout) -> Tensor:
    slot = tensor.slot
    if not layout.turns(slot.axes):
        return tensor
    turned = replace(slot, axes=slot.axes[::-1], shape=slot.shape[::-1])
    return replace(tensor, slot=turned, data=tensor.data.T)
