"""What is asked at every moment a page shows: it is read once, and ends when its time is up."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.data_requests import DataRequest, Divided
from app.prediction_requests import PredictionsRequest
from app.prepared_data import PreparedData, prepared
from app.region_requests import RegionsRequest
from core.errors import BudgetError, SpecificationError

NETWORK = {"sizes": [2, 1], "activations": ["sigmoid"], "init": {"scheme": "xavier_uniform"}}


def asked(text: str = "a,b,c\n1,2,x\n3,4,y\n5,7,x\n", **more: Any) -> Divided:
    return DataRequest.model_validate({"data": {"table": {"text": text}, **more}}).data


def test_the_same_data_are_prepared_once():
    store = PreparedData()
    first = store(asked())
    assert store(asked()) is first
    assert store(asked(split_seed=1, test_share=0.3)) is not first
    with pytest.raises(ValueError, match="read-only"):
        first.X[0, 0] = 1
    assert (first.X == asked().prepared().X).all()


def test_only_the_latest_are_kept():
    store = PreparedData(most=2)
    first, second = store(asked()), store(asked(split_seed=1))
    assert store(asked()) is first
    store(asked(split_seed=2))
    assert store(asked()) is first
    assert store(asked(split_seed=1)) is not second


def test_what_can_t_be_prepared_isn_t_kept():
    store = PreparedData()
    for _ in range(2):
        with pytest.raises(SpecificationError):
            store(asked("a,b\n"))


def test_threads_share_it():
    store = PreparedData(most=3)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda seed: store(asked(split_seed=seed % 5)), range(200)))
    assert len(found) == 200


def test_predictions_ask_for_their_data_once(monkeypatch: pytest.MonkeyPatch):
    body = {"data": {"name": "moons"}, "network": NETWORK, "loss": "binary_cross_entropy"}
    request = PredictionsRequest.model_validate(body)
    found = request.predictions(lambda: False)
    monkeypatch.setattr(type(request.data), "prepared", lambda _: pytest.fail("prepared again"))
    assert (request.predictions(lambda: False).outputs == found.outputs).all()
    assert prepared(request.data).X is prepared(request.data).X


def test_they_end_when_their_time_is_up():
    predictions = PredictionsRequest.model_validate(
        {"data": {"name": "moons"}, "network": NETWORK, "loss": "binary_cross_entropy"}
    )
    regions = RegionsRequest.model_validate({"network": NETWORK, "view": [[0, 1], [0, 1]]})
    points = RegionsRequest.model_validate({"network": NETWORK, "at": [[0, 1]]})
    for work in (predictions.predictions, regions.regions, points.values):
        assert work(lambda: False)
        with pytest.raises(BudgetError):
            work(lambda: True)
    calls = iter([False, True])
    with pytest.raises(BudgetError, match="at point 2,049"):
        regions.regions(lambda: next(calls))
