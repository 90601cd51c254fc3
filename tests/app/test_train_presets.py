"""Every preset of the training studio is a request that the server takes."""

import json

import httpx
import pytest

from core.history import Rhythm, follow
from core.monitor import Row
from core.training_presets import TRAINING_PRESETS

QUICK = ("moons", "linear_regression", "softmax_regression", "zeros", "dead_relu", "wine")


def last_row(client: httpx.Client, request: dict[str, object]) -> dict[str, float]:
    """The last row of a run, which must end well."""
    rows, names, name = list[dict[str, float]](), list[str](), ""
    with client.stream("POST", "/api/train", json=request) as answer:
        assert answer.status_code == 200, answer.read()
        for line in answer.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
                names.append(name)
            elif line.startswith("data: ") and name == "row":
                rows.append(json.loads(line.removeprefix("data: ")))
    assert names[0] == "start"
    assert names[-1] == "end"
    return rows[-1]


def test_the_catalogue_has_them_all(client: httpx.Client):
    entries = client.get("/api/catalog").json()["train_presets"]
    assert [entry["name"] for entry in entries] == list(TRAINING_PRESETS)


@pytest.mark.parametrize("name", QUICK)
def test_the_server_s_run_is_the_core_s(client: httpx.Client, name: str):
    entries = client.get("/api/catalog").json()["train_presets"]
    request = next(entry["request"] for entry in entries if entry["name"] == name)
    found = last_row(client, request)
    events = follow(TRAINING_PRESETS[name].training(), Rhythm(rows=10**9, snapshots=10**9))
    row = [event for event in events if isinstance(event, Row)][-1]
    assert (found["step"], found["loss"], found["accuracy"]) == (row.step, row.loss, row.accuracy)


@pytest.mark.parametrize("name", TRAINING_PRESETS)
def test_every_request_is_taken(client: httpx.Client, name: str):
    entries = client.get("/api/catalog").json()["train_presets"]
    request = next(entry["request"] for entry in entries if entry["name"] == name)
    assert last_row(client, {**request, "epochs": 2})["step"] >= 2
