"""A layer's Jacobian on one sample: what it is asked with, and how it is written."""

from typing import NoReturn

import numpy as np
import orjson
from pydantic import BaseModel

from app.fields import Count, Index
from app.limits import LIMITS
from app.requests import TraceRequest
from core.errors import SpecificationError
from core.jacobian import activation_jacobian
from core.program import SAMPLES


class JacobianAnswer(BaseModel):
    """∂a_j/∂z_k of one sample, row j and column k, at the tensor `Z`."""

    tensor: str
    sample: int
    jacobian: list[list[float]]


class JacobianRequest(TraceRequest):
    """An experiment, and the place in it: a layer from 1, an iteration and a sample from 0.

    `iteration` is a number as in the tensors' ids, such as 2 in Z[1]@2; null is the run's first.
    """

    layer: Count
    iteration: Index | None = None
    sample: Index = 0

    def answer(self) -> bytes:
        """Compute the Jacobian and write it.

        Raises: LimitError, SpecificationError.
        """
        experiment = self.experiment()
        self._check("layer", self.layer, 1, len(experiment.network.layers))
        self._check("sample", self.sample, 0, len(self.X) - 1)
        units = experiment.network.sizes[self.layer]
        LIMITS.check("cells", units * units, "network")
        trace = experiment.trace()
        id = f"Z[{self.layer}]@{experiment.numbered(self.iteration)}"
        if id not in trace.tensors:
            self._refuse("iteration", "an iteration that the run gets to")
        tensor = trace.tensors[id]
        row = np.moveaxis(tensor.data, tensor.slot.axes.index(SAMPLES), 0)[self.sample]
        jacobian = activation_jacobian(experiment.network.activations[self.layer - 1], row)
        document = {"tensor": id, "sample": self.sample, "jacobian": jacobian.astype(float)}
        return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)

    def _check(self, name: str, given: int, least: int, most: int) -> None:
        if not least <= given <= most:
            self._refuse(name, f"a whole number from {least} to {most}")

    def _refuse(self, name: str, expected: str) -> NoReturn:
        given = getattr(self, name)
        message = f"There is no {name} {given}."
        raise SpecificationError(message, where=[name], expected=expected, given=given)
