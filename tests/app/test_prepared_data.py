"""What is asked at every moment a page shows: it is read once, and ends when its time is up."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from app.data_requests import DataRequest, Divided
from app.prediction_requests import PredictionsRequest
from app.prepared_data import MOST, PreparedData, prepared
from app.region_requests import RegionsRequest
from core.errors import BudgetError, SpecificationError

Json = dict[str, Any]
NETWORK = {"sizes": [2, 1], "activations": ["sigmoid"], "init": {"scheme": "xavier_uniform"}}


def read(data: Json) -> Divided:
    return DataRequest.model_validate({"data": data}).data


def asked(text: str = "a,b,c\n1,2,x\n3,4,y\n5,7,x\n", **more: Any) -> Divided:
    return read({"table": {"text": text}, **more})


def test_the_same_data_are_prepared_once():
    store = PreparedData()
    first = store(asked())
    assert store(asked()) is first
    assert store(asked(split_seed=1, test_share=0.3)) is not first
    assert (first.X == asked().prepared().X).all()


def test_nobody_can_change_what_all_share():
    data = PreparedData()(asked(test_share=0.3, standardise=True))
    shared = (data.X, data.Y, data.train, data.test, data.mean, data.std)
    for array in (*shared, data.samples.X, data.samples.labels):
        assert array is not None
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


NAMED: Json = {"name": "moons"}
TABLE: Json = {"table": {"text": "1,2,3\n3,4,4\n5,7,3\n6,1,4\n"}}
POINTS: Json = {"points": {"X": [[1, 2], [3, 4], [5, 7]], "labels": [0, 1, 0]}}
DIVIDED: list[Json] = [
    {"test_share": 0.4},
    {"split_seed": 1, "test_share": 0.4},
    {"standardise": True},
    {"one_hot": True},
    {"features": ["x1", "x1_x2"]},
]
CHANGES: list[tuple[Json, list[Json]]] = [
    (NAMED, [*DIVIDED, {"name": "circles"}, {"samples": 40}, {"noise": 0.5}, {"seed": 1}]),
    (
        TABLE,
        [
            *DIVIDED,
            *(
                {"table": TABLE["table"] | change}
                for change in (
                    {"text": "1,2,3\n3,4,4\n"},
                    {"header": True},
                    {"target": 0},
                    {"task": "classification"},
                    {"task": "regression"},
                )
            ),
        ],
    ),
    (
        POINTS,
        [
            *DIVIDED,
            {"points": POINTS["points"] | {"X": [[1, 2], [3, 4], [5, 8]]}},
            {"points": POINTS["points"] | {"labels": [0, 1, 1]}},
            {"points": {"X": POINTS["points"]["X"], "Y": [[0], [1], [0]]}},
        ],
    ),
]


def settings(data: Json) -> set[str]:
    """The settings of a request, with those of its table or points."""
    return {*data, *data.get("table", ()), *data.get("points", ())}


@pytest.mark.parametrize(("data", "changes"), CHANGES)
def test_whatever_else_is_asked_is_prepared_anew(data: Json, changes: list[Json]):
    """A set that was asked with another setting is never taken for this one."""
    store = PreparedData(most=100)
    requests = [read(data), *(read(data | change) for change in changes)]
    found = [store(each) for each in requests]
    assert len({id(each) for each in found}) == len(requests)
    for request, each in zip(requests, found, strict=True):
        expected = request.prepared()
        np.testing.assert_array_equal(each.X, expected.X)
        np.testing.assert_array_equal(each.Y, expected.Y)
        np.testing.assert_array_equal(each.train, expected.train)
    # Not one setting is left out above.
    dumped = requests[0].model_dump()
    assert settings(dumped) == {*data, *set[str]().union(*map(settings, changes))}


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


def test_a_server_keeps_a_few():
    """What it keeps at most is a few megabytes a set."""
    store, drawn = PreparedData(), [read({"name": "moons", "seed": seed}) for seed in range(20)]
    first = store(drawn[0])
    for request in drawn[1:MOST]:
        store(request)
    assert store(drawn[0]) is first
    for request in drawn[1:]:
        store(request)
    assert store(drawn[0]) is not first
    assert len(drawn) > MOST


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
