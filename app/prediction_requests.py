"""What a network's predictions on a data set are asked with, and how they are written."""

from typing import Any

import orjson
from pydantic import BaseModel

from app.data_requests import AnyData
from app.fields import Request, Seed
from app.limits import LIMITS
from app.prepared_data import prepared
from app.requests import AnyNetwork, LossName, built, check_size, shape_of
from app.train_requests import check_ends
from core.errors import BudgetError
from core.predictions import Predictions, predict
from core.stopping import IsOver


class PredictionsRequest(Request):
    """A network on every row of a data set; the seed draws the order of the samples.

    Without `outputs` the answer leaves them out, which are most of it where there are many.
    """

    data: AnyData
    network: AnyNetwork
    loss: LossName
    sampling_seed: Seed = 0
    outputs: bool = True

    def predictions(self, is_over: IsOver) -> Predictions:
        """Return them; the one pass over all rows is bounded by the limits.

        Raises: LimitError, SpecificationError; BudgetError where the data took all the time.
        """
        check_size(self.network)
        data = prepared(self.data)
        check_ends(self.network, self.loss, data.X.shape[1], data.Y.shape[1])
        sizes, _ = shape_of(self.network)
        LIMITS.check("training_cells", len(data.X) * (sizes[0] + 2 * sum(sizes[1:])), "network")
        if is_over():
            raise BudgetError("It was stopped after its data were read: its time was up.")
        classes = len(data.samples.classes)
        return predict(
            built(self.network),
            self.loss,
            data.X,
            data.Y,
            data.train,
            data.test,
            classes,
            self.sampling_seed,
        )


class SamplingAnswer(BaseModel):
    """Training rows in a drawn order, and the mean loss of the first n of them, n = 1, 2, …"""

    order: list[int]
    means: list[float | None]


class PredictionsAnswer(BaseModel):
    """The network's outputs on every row, and the loss of each; null where one isn't finite.

    `loss` and `test_loss` are means. For classes there are the predicted ones, which of them are
    right, and how often each true class (row) was taken for which (column).
    """

    outputs: list[list[float | None]] | None
    losses: list[float | None]
    loss: float | None
    test_loss: float | None
    sampling: SamplingAnswer
    predicted: list[int] | None
    correct: list[bool] | None
    confusion: list[list[int]] | None
    test_confusion: list[list[int]] | None


def predictions_json(found: Predictions, outputs: bool = True) -> bytes:
    """Write predictions."""
    document: dict[str, Any] = vars(found) | {"sampling": vars(found.sampling)}
    if not outputs:
        document["outputs"] = None
    return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)
