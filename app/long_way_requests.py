"""The long way and the short one: what they are asked with, and how they are written."""

from typing import Any

import orjson
from pydantic import BaseModel

from app.conventions import ConventionsChoice
from app.fields import Index, Matrix, Request, as_array
from app.limits import LIMITS
from app.requests import ActivationName, LossName, TraceRequest
from app.special_numbers import SpecialNumber, specials
from core.errors import SpecificationError
from core.long_way import LongWay, long_way, long_ways
from core.network import check_targets, find_loss

Rows = list[list[SpecialNumber]]


class LongWayAnswer(BaseModel):
    """Every factor from ∂L/∂A to ∂L/∂Z, and the short way where the pair has one.

    `short` is the fused gradient, or ∂L/∂A itself where the outputs are the identity. `slope` is
    g′(Z), or `jacobian` each sample's matrix; one of them is null. `difference` is the product
    less `short`. `loss_from_outputs` and `loss_from_scores` are each sample's loss, from A and
    from Z. What isn't finite has its name instead of a number.
    """

    Z: Rows
    Y: Rows
    A: Rows
    dA: Rows  # noqa: N815
    slope: Rows | None
    jacobian: list[Rows] | None
    product: Rows
    short: Rows | None
    difference: Rows | None
    loss_from_outputs: list[SpecialNumber]
    loss_from_scores: list[SpecialNumber] | None


class LongWaysAnswer(BaseModel):
    """The same for many rows, each alone."""

    rows: list[LongWayAnswer]


class LongWayRequest(TraceRequest):
    """An experiment and one of its iterations; its outputs are followed both ways.

    `iteration` is a number as in the tensors' ids, such as 2 in Z[1]@2; null is the run's first.
    The answer has one sample a row in every layout.
    """

    iteration: Index | None = None

    def answer(self) -> bytes:
        """Write both ways.

        Raises: LimitError, SpecificationError.
        """
        experiment = self.experiment()
        if self.loss is None or self.Y is None:
            raise SpecificationError(
                "Both ways start from a loss.",
                where=["loss"],
                expected="a loss and targets Y",
                given=None,
            )
        activation, outputs = experiment.network.activations[-1], experiment.network.sizes[-1]
        LIMITS.check("cells", len(self.X) * outputs * outputs, "network")
        trace = experiment.trace()
        iteration = experiment.numbered(self.iteration)
        id = f"Z[{len(experiment.network.layers)}]@{iteration}"
        if id not in trace.tensors:
            raise SpecificationError(
                f"The run diverges before iteration {iteration} gets to its outputs.",
                where=["iteration"],
                expected="an iteration that the run gets to",
                given=iteration,
            )
        chosen = self.conventions.chosen()
        scores, targets = (chosen.axes.of_samples(trace[each]) for each in (id, "Y@0"))
        return orjson.dumps(_written(long_way(scores, targets, activation, self.loss, chosen)))


class LongWaysRequest(Request):
    """Rows of pre-activations with their targets, each followed alone: 1/N is 1.

    Rows are samples in every layout; of the conventions only the ½ makes a difference.
    """

    activation: ActivationName
    loss: LossName
    Z: Matrix
    Y: Matrix
    conventions: ConventionsChoice = ConventionsChoice()

    def answer(self) -> bytes:
        """Write both ways for every row.

        Raises: LimitError, SpecificationError.
        """
        LIMITS.check("samples", len(self.Z), "Z")
        LIMITS.check("cells", len(self.Z) * len(self.Z[0]) ** 2, "Z")
        loss = find_loss(self.loss, self.activation)
        scores, targets = as_array(self.Z), as_array(self.Y)
        if scores.shape != targets.shape:
            raise SpecificationError(
                "Y needs a number for each of Z.",
                where=["Y"],
                expected=list(scores.shape),
                given=list(targets.shape),
            )
        check_targets(targets, loss)
        chosen = self.conventions.chosen()
        ways = long_ways(scores, targets, self.activation, self.loss, chosen)
        return orjson.dumps({"rows": [_written(way) for way in ways]})


def _written(way: LongWay) -> dict[str, Any]:
    """Return both ways as `LongWayAnswer` has them."""
    is_matrix = way.local.ndim == 3
    arrays = {
        "Z": way.Z,
        "Y": way.Y,
        "A": way.A,
        "dA": way.dA,
        "slope": None if is_matrix else way.local,
        "jacobian": way.local if is_matrix else None,
        "product": way.product,
        "short": way.short,
        "difference": way.difference,
        "loss_from_outputs": way.from_outputs,
        "loss_from_scores": way.from_scores,
    }
    return {name: None if each is None else specials(each) for name, each in arrays.items()}
