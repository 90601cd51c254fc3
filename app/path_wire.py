"""Paths and what belongs to them as JSON: columns of numbers, written in one go."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import orjson

from app.wire import equation_json, step_json, tensor_head
from core.curvature import Curvature
from core.descent import Path
from core.equation import Array
from core.modes import Modes
from core.pseudocode import written_lines
from core.quantities import Quantities
from core.trace import traced_steps


def path_json(path: Path) -> bytes:
    """Write a path, a column a quantity."""
    document = {
        "stopped_by": path.stopped_by,
        "iterations": path.iterations,
        "theta": path.theta,
        "value": path.value,
        "gradient": path.gradient,
        "gradient_norm": path.gradient_norm,
        "step_size": path.step_size,
        "quantities": None if path.quantities is None else _quantities(path.quantities),
    }
    return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)


def _quantities(found: Quantities) -> dict[str, Any]:
    slots = found.program.slots
    constants = {slots[index].id(0): data.ravel() for index, data in found.constants.items()}
    columns = {
        slots[index].id(0): data.reshape(len(data), slots[index].size)
        if slots[index].shape
        else data
        for index, data in found.columns.items()
    }
    heads = [slots[index] for index in (*found.constants, *found.columns)]
    equations = {step.equation.id: step.equation for step in found.program.steps}
    return {
        "equations": {id: equation_json(equation) for id, equation in equations.items()},
        "steps": [step_json(step) for step in traced_steps(found.program, 0)],
        "lines": [asdict(line) for line in written_lines(found.program)],
        "tensors": {slot.id(0): tensor_head(slot, slot.offset, equations) for slot in heads},
        "constants": constants,
        "columns": columns,
    }


def modes_json(found: Modes) -> bytes:
    """Write an error in its modes; what isn't finite is null."""
    return orjson.dumps(asdict(found), option=orjson.OPT_SERIALIZE_NUMPY)


def field_json(axes: Sequence[Array], values: Array) -> bytes:
    """Write a field; cells without a finite value are listed, since JSON has no infinity."""
    flat = values.ravel()
    document = {
        "x": axes[0],
        "y": axes[1] if len(axes) > 1 else None,
        "shape": values.shape,
        "values": flat,
        "undefined": np.flatnonzero(~np.isfinite(flat)),
    }
    return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)


def curvature_json(found: Curvature) -> bytes:
    """Write a curvature."""
    return orjson.dumps(asdict(found), option=orjson.OPT_SERIALIZE_NUMPY)


def sweep_json(learning_rates: Sequence[float], paths: Sequence[Path]) -> bytes:
    """Write how the paths of a sweep ended."""
    document = {
        "learning_rates": learning_rates,
        "iterations": [path.iterations for path in paths],
        "stopped_by": [path.stopped_by for path in paths],
        "value": [float(path.value[-1]) for path in paths],
    }
    return orjson.dumps(document)
