"""The Jacobian of an activation, held against central differences."""

import numpy as np
import pytest

from core.activations import ACTIVATIONS
from core.jacobian import activation_jacobian

STEP = 1e-6
Z = np.array([0.4, -1.3, 0.9, 2.1])


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_every_entry_is_the_central_difference(name: str) -> None:
    value = ACTIVATIONS[name].value
    columns = [
        (value((Z + STEP * step)[None])[0] - value((Z - STEP * step)[None])[0]) / (2 * STEP)
        for step in np.eye(len(Z))
    ]
    assert activation_jacobian(name, Z) == pytest.approx(np.stack(columns, axis=1), abs=1e-8)
