"""A training over the API: its events, what it refuses, its traces."""

from typing import Any

import httpx
import numpy as np
import pytest

from app.limits import LIMITS
from app.train_events import Run, framed_events
from app.train_requests import TrainRequest
from core.history import ROW_SECONDS, SNAPSHOT_SECONDS
from tests.app.events import Event, all_events, of, read_events
from tests.app.failures import read_failure

Json = dict[str, Any]
MOONS: Json = {
    "data": {"name": "moons", "samples": 60, "test_share": 0.25, "seed": 3},
    "network": {"sizes": [2, 4, 1], "activations": ["tanh", "sigmoid"], "init": {"seed": 2}},
    "loss": "binary_cross_entropy",
    "optimizer": {"name": "adam", "learning_rate": 0.05},
    "schedule": {"name": "exponential", "gamma": 0.99},
    "penalty": {"l2": 0.001},
    "batch_size": 10,
    "epochs": 4,
    "rows_every": 3,
    "snapshots_every": 5,
}


def timeless(events: list[Event]) -> list[Event]:
    """Events without how long they took."""
    return [
        Event(
            event.name,
            {key: value for key, value in event.data.items() if key != "seconds"},
            event.id,
        )
        for event in events
    ]


def test_a_training_as_events(client: httpx.Client):
    events = all_events(client, MOONS)
    assert [event.name for event in events[:3]] == ["start", "row", "snapshot"]
    assert events[0].data == {
        "samples": {"train": 44, "test": 16},
        "batch_size": 10,
        "steps_per_epoch": 5,
        "steps": 20,
        "parameters": 17,
        "layers": [{"units": 4, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
    }
    rows, snapshots = of(events, "row"), of(events, "snapshot")
    assert [row["step"] for row in rows] == [0, 3, 6, 9, 12, 15, 18, 20]
    assert [snapshot["step"] for snapshot in snapshots] == [0, 5, 10, 15, 20]
    assert all(event.id == event.data.get("step", 0) for event in events)
    assert rows[-1]["loss"] < rows[0]["loss"]
    assert rows[1]["learning_rate"] == pytest.approx(0.05 * 0.99**3, rel=1e-15)
    assert (len(rows[0]["gradient_norm"]), len(rows[0]["dead"]), len(rows[0]["saturated"])) == (
        2,
        1,
        1,
    )
    end = events[-1].data
    assert events[-1].name == "end"
    assert (end["reason"], end["step"], end["rows"], end["snapshots"]) == ("epochs", 20, 8, 5)
    assert end["cell"] is None
    assert end["message"].endswith(".")


def test_the_numbers_are_the_core_s_and_the_same_again(client: httpx.Client):
    spec = TrainRequest.model_validate(MOONS).run()
    own = b"".join(framed_events(spec))
    with httpx.Client(transport=httpx.MockTransport(lambda _: answer_of(own))) as here:
        expected = list(read_events(here.post("http://here/")))
    assert timeless(all_events(client, MOONS)) == timeless(expected)


def answer_of(content: bytes) -> httpx.Response:
    headers = {"content-type": "text/event-stream; charset=utf-8"}
    return httpx.Response(200, headers=headers, content=content)


@pytest.mark.parametrize("step", [0, 5, 10])
def test_a_training_goes_on_from_a_snapshot(client: httpx.Client, step: int):
    whole = all_events(client, MOONS)
    start = next(each for each in of(whole, "snapshot") if each["step"] == step)
    rest = all_events(client, MOONS | {"from": start})
    later = {row["step"]: row for row in of(timeless(whole), "row") if row["step"] > step}
    found = {row["step"]: row for row in of(timeless(rest), "row") if row["step"] > step}
    assert found == later
    assert of(rest, "snapshot")[-1] == of(whole, "snapshot")[-1]


@pytest.mark.parametrize("encoding", ["identity", "zstd", "gzip"])
def test_events_come_as_they_are_made(client: httpx.Client, encoding: str):
    body = MOONS | {"epochs": 10**5, "rows_every": 100}
    headers = {"accept-encoding": encoding}
    with client.stream("POST", "/api/train", json=body, headers=headers) as answer:
        assert answer.headers.get("content-encoding", "identity") == encoding
        events = read_events(answer)
        seen = [next(events) for _ in range(30)]
    # 500,000 steps take seconds: what has come so early was not held back until the end.
    assert seen[-1].name in ("row", "snapshot")
    assert seen[-1].data["step"] < 10_000


def test_a_viewer_s_rhythm(client: httpx.Client):
    body = {key: value for key, value in MOONS.items() if not key.endswith("_every")}
    events = all_events(client, body | {"epochs": 2000})
    steps = [row["step"] for row in of(events, "row")]
    assert steps[0] == 0
    assert steps[-1] == 10_000
    # The clock lets no more through, beside the first and the last.
    seconds = events[-1].data["seconds"]
    assert len(steps) <= 2 + seconds / ROW_SECONDS
    assert len(of(events, "snapshot")) <= 2 + seconds / SNAPSHOT_SECONDS


def test_a_product_as_an_input_solves_xor_without_hidden_units(client: httpx.Client):
    accuracies: list[float] = []
    for features in (["x1", "x2"], ["x1_x2"]):
        data = {"name": "pg_xor", "test_share": 0.25, "features": features}
        network = {"sizes": [len(features), 1], "activations": ["sigmoid"], "init": {"seed": 1}}
        optimizer = {"name": "adam", "learning_rate": 0.1}
        body = MOONS | {"data": data, "network": network, "optimizer": optimizer, "epochs": 300}
        events = all_events(client, body)
        accuracies.append(of(events, "row")[-1]["test_accuracy"])
        snapshot = of(events, "snapshot")[-1]
        layers = [layer | {"activation": "sigmoid"} for layer in snapshot["layers"]]
        asked = {"data": data, "network": {"layers": layers}, "loss": body["loss"]}
        found = client.post("/api/predictions", json=asked).json()
        assert found["test_loss"] == of(events, "row")[-1]["test_loss"]
        trace = client.post("/api/train-trace", json=body | {"iteration": 3}).json()
        assert trace["tensors"]["A[0]@0"]["shape"][1] == len(features)
        assert client.post("/api/train-step", json=body | {"iteration": 3}).status_code == 200
    assert accuracies[0] < 0.75
    assert accuracies[1] > 0.97


def test_regression_has_no_accuracy(client: httpx.Client):
    body = MOONS | {
        "data": {"points": {"X": [[0.0], [1.0], [2.0]], "Y": [[1.0], [3.0], [5.0]]}},
        "network": {"sizes": [1, 1], "activations": ["identity"]},
        "loss": "mse",
        "batch_size": None,
        "penalty": {},
    }
    row = of(all_events(client, body), "row")[-1]
    assert (row["accuracy"], row["test_accuracy"], row["test_loss"]) == (None, None, None)
    assert (row["saturated"], row["dead"], row["penalty"]) == ([], [], 0)


def test_a_divergence_is_an_end(client: httpx.Client):
    body = MOONS | {
        "network": {"sizes": [2, 4, 1], "activations": ["relu", "identity"]},
        "loss": "mse",
        "optimizer": {"learning_rate": 1000},
        "schedule": {},
        "epochs": 1000,
        "rows_every": 10**6,
        "snapshots_every": 10**6,
    }
    events = all_events(client, body)
    end = events[-1].data
    assert end["reason"] == "diverged"
    assert end["cell"]["tensor"].endswith((f"@{end['step']}", f"@{end['step'] + 1}"))
    steps = f"{end['step']:,} {'step' if end['step'] == 1 else 'steps'}"
    assert end["message"].startswith(f"The training diverged after {steps}: ")
    # It counts the training's steps, and no program's.
    assert "Step" not in end["message"]
    assert end["message"].endswith(end["cell"]["message"].partition(": ")[2])
    start = of(events, "snapshot")[-1]
    assert start["step"] == end["step"]
    trace = client.post("/api/train-trace", json=body | {"iteration": end["step"], "from": start})
    assert trace.json()["diverged"] == end["cell"]


def test_the_trace_of_a_step(client: httpx.Client):
    whole = all_events(client, MOONS | {"snapshots_every": 1})
    snapshots = of(whole, "snapshot")
    for start in (None, snapshots[6]):
        answer = client.post("/api/train-trace", json=MOONS | {"iteration": 9, "from": start})
        assert answer.status_code == 200, answer.text
        tensors = answer.json()["tensors"]
        # The tenth step is the epoch's last, with 4 of 44 samples.
        assert tensors["A[0]@0"]["shape"] == [4, 2]
        for layer, (before, after) in enumerate(
            zip(snapshots[9]["layers"], snapshots[10]["layers"], strict=True), start=1
        ):
            flat = [number for row in before["W"] for number in row]
            assert tensors[f"W[{layer}]@9"]["data"] == flat
            flat = [number for row in after["W"] for number in row]
            assert tensors[f"W[{layer}]@10"]["data"] == flat
            assert tensors[f"b[{layer}]@10"]["data"] == after["b"]


SNAPSHOT: Json = {
    "step": 1,
    "layers": [{"W": [[1, 2]] * 4, "b": [0] * 4}, {"W": [[1, 2, 3, 4]], "b": [0]}],
    "state": {},
}


@pytest.mark.parametrize("path", ["/api/train", "/api/train-trace"])
@pytest.mark.parametrize(
    ("changed", "status", "where", "words"),
    [
        ({"data": {"name": "moon"}}, 422, ["data", "name"], "moons"),
        ({"data": {"name": "iris"}}, 400, ["network"], "features"),
        ({"loss": "cross_entropy"}, 400, ["loss"], "softmax"),
        ({"loss": None}, 422, ["loss"], "string"),
        ({"batch_size": 0}, 422, ["batch_size"], "greater"),
        ({"epochs": 10**9}, 413, ["epochs"], "10,000,000"),
        ({"penalty": {"l1": -1}}, 422, ["penalty", "l1"], "greater"),
        ({"stop": {"value_change": 1}}, 422, ["stop", "value_change"], "no field"),
        ({"optimizer": {"momentum": 0.5}}, 400, ["optimizer", "momentum"], "takes no momentum"),
        ({"from": SNAPSHOT | {"layers": SNAPSHOT["layers"][:1]}}, 400, ["from", "layers"], "fit"),
        ({"from": SNAPSHOT | {"state": {"t": [1]}}}, 400, None, "states"),
        ({"from": SNAPSHOT | {"step": -1}}, 422, ["from", "step"], "greater"),
        ({"from": SNAPSHOT | {"step": 2**64}}, 422, ["from", "step"], "less than"),
        (
            {"network": {"sizes": [2, 5000, 1], "activations": ["tanh", "sigmoid"]}},
            413,
            ["network", "sizes", 1],
            "1,024",
        ),
    ],
)
def test_what_can_t_be_trained_is_refused_before_the_first_event(
    client: httpx.Client,
    path: str,
    changed: Json,
    status: int,
    where: list[str | int] | None,
    words: str,
):
    answer = client.post(path, json=MOONS | changed)
    assert answer.status_code == status, answer.text
    failure = read_failure(answer)
    assert where is None or failure["where"] == where
    assert words in failure["message"]


RARE: Json = {"rows_every": 10**6, "epochs": 10**6}


@pytest.mark.parametrize(
    ("limit", "changed", "where"),
    [
        ("training_rows", {"rows_every": 1, "epochs": 30_000}, ["rows_every"]),
        ("snapshot_numbers", RARE | {"snapshots_every": 1}, ["snapshots_every"]),
        (
            "training_cells",
            {
                "data": {"name": "moons", "samples": 4000},
                "network": {"sizes": [2, 512, 1], "activations": ["tanh", "sigmoid"]},
            },
            ["network"],
        ),
    ],
)
def test_limits(client: httpx.Client, limit: str, changed: Json, where: list[str]):
    answer = client.post("/api/train", json=MOONS | changed)
    assert answer.status_code == 413, answer.text
    failure = read_failure(answer)
    assert failure["where"] == where
    assert failure["expected"] == {limit: getattr(LIMITS, limit)}


def test_a_step_before_the_snapshot(client: httpx.Client):
    start = of(all_events(client, MOONS), "snapshot")[2]
    answer = client.post("/api/train-trace", json=MOONS | {"iteration": 9, "from": start})
    assert answer.status_code == 400
    assert read_failure(answer)["where"] == ["iteration"]


def test_a_run_whose_time_is_up_says_so():
    spec = TrainRequest.model_validate(MOONS | RARE).run()
    *_, last = framed_events(
        Run(spec.training, spec.rhythm, spec.start, spec.most_steps, seconds=0.0)
    )
    assert b'"reason":"time"' in last


def test_another_optimizer_goes_on_afresh_from_a_snapshot(client: httpx.Client) -> None:
    first = all_events(client, MOONS | {"snapshots_every": 4})
    snapshot = next(e.data for e in first if e.name == "snapshot" and e.data["step"] == 8)
    other = MOONS | {"optimizer": {"name": "momentum", "momentum": 0.9}, "from": snapshot}
    assert client.post("/api/train", json=other).status_code == 400
    other["from"] = snapshot | {"state": {}, "afresh": True}
    events = all_events(client, other)
    [begins, *_] = [e.data for e in events if e.name == "snapshot"]
    assert begins["step"] == 8
    assert begins["layers"] == snapshot["layers"]
    assert not np.any(begins["state"]["vW[1]"])
    assert events[-1].data["reason"] == "epochs"
