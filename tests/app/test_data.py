"""Data sets over the API."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from core.datasets import DATA_SETS
from tests.app.failures import read_failure

Json = dict[str, Any]
FIRST = ["data", "features", 0]


def ask(client: httpx.Client, data: Json) -> httpx.Response:
    return client.post("/api/dataset", json={"data": data})


@pytest.mark.parametrize("name", DATA_SETS)
def test_every_set_of_the_catalogue(client: httpx.Client, name: str):
    entry = next(
        each for each in client.get("/api/catalog").json()["data_sets"] if each["name"] == name
    )
    found = ask(client, {"name": name}).json()
    assert (found["title"], found["task"]) == (entry["title"], entry["task"])
    assert len(found["X"]) == len(found["Y"]) == entry["samples"]
    assert len(found["train"]) + len(found["test"]) == entry["samples"]
    assert (found["raw"] is None) == (found["mean"] is None) == (not entry["standardise"])
    assert (
        (found["labels"] is None)
        == (found["classes"] is None)
        == (entry["task"] != "classification")
    )


def test_a_table_and_points_of_one_s_own(client: httpx.Client):
    table = ask(client, {"table": {"text": "a,b,kind\n1,2,x\n3,4,y\n5,6,x\n"}}).json()
    assert (table["features"], table["classes"], table["labels"]) == (
        ["a", "b"],
        ["x", "y"],
        [0, 1, 0],
    )
    points = ask(client, {"points": {"X": [[1, 2], [3, 4]], "labels": [0, 2]}, "standardise": True})
    found = points.json()
    assert found["classes"] == ["0", "1", "2"]
    assert found["X"] == [[-1, -1], [1, 1]]
    assert found["raw"] == [[1, 2], [3, 4]]


def test_features_take_the_place_of_two_inputs(client: httpx.Client):
    points = {"X": [[1, 2], [3, -4]], "labels": [0, 1]}
    names = ["x2_squared", "x1_x2"]
    body = {"points": points, "features": names, "standardise": True}
    found = ask(client, body).json()
    assert found["features"] == ["x2²", "x1·x2"]
    assert found["raw"] == [[4, 2], [16, -12]]
    assert found["X"] == [[-1, 1], [1, -1]]
    assert found["measured"] == {"features": ["x1", "x2"], "X": points["X"]}
    assert ask(client, {"points": points}).json()["measured"] is None
    text = "height,weight,kind\n1,2,a\n3,4,b\n"
    assert ask(client, {"table": {"text": text}, "features": names}).json()["features"] == [
        "weight²",
        "height·weight",
    ]


def test_a_set_can_be_as_large_as_the_catalogue_says(client: httpx.Client):
    for entry in client.get("/api/catalog").json()["data_sets"]:
        if "samples" in entry["takes"]:
            for count in (entry["fewest"], entry["fewest"] + 1, entry["most"]):
                answer = ask(client, {"name": entry["name"], "samples": count})
                assert answer.status_code == 200, answer.text
                assert len(answer.json()["X"]) == count


def test_a_table_s_failure_says_its_line_and_column(client: httpx.Client):
    answer = ask(client, {"table": {"text": "a,b\n1,2.5\nx,3.5"}})
    assert read_failure(answer)["given"] == {"line": 3, "column": 1}


def test_constant_features_are_named(client: httpx.Client):
    rows = [[0.1, index, 7] for index in range(50)]
    # The last column is constant but for the first row, which at seed 0 is a training row.
    rows[0][2] = 8
    points = {"X": rows, "labels": [index % 2 for index in range(50)]}
    found = ask(client, {"points": points, "test_share": 0.2, "standardise": True}).json()
    assert 0 in found["train"]
    assert found["constant"] == ["x1"]
    assert (found["mean"][0], found["std"][0]) == (0.1, 1)
    assert {row[0] for row in found["X"]} == {0}


@pytest.mark.parametrize(
    ("data", "status", "code", "where", "words"),
    [
        ({"name": "iris", "features": ["x1"]}, 400, None, ["data", "features"], "data have 4"),
        ({"name": "moons", "features": ["x1x2"]}, 422, "unknown_name", FIRST, "x1_x2"),
        ({"name": "moons", "features": ["x1", "x1"]}, 400, None, ["data", "features"], "once"),
        ({"name": "mons"}, 422, "unknown_name", ["data", "name"], "moons"),
        ({"name": "moons", "samples": 2}, 400, None, ["data", "samples"], "from 4 to 4096"),
        ({"name": "moons", "samples": 10**9}, 400, None, ["data", "samples"], "4096 samples, not"),
        ({"name": "iris", "noise": 0.1}, 400, None, ["data", "noise"], "takes no noise"),
        ({"name": "moons", "noise": -1}, 422, None, ["data", "noise"], "greater"),
        ({"name": "moons", "test_share": 1}, 422, None, ["data", "test_share"], "0.9"),
        ({"name": "moons", "nothing": 1}, 422, None, ["data", "nothing"], "no field"),
        (
            {"table": {"text": "a,b\n1,2.5\nx,3.5"}},
            400,
            "invalid_table",
            ["data", "table", "text"],
            "Line 3, column 1",
        ),
        ({"table": {"text": 5}}, 422, None, ["data", "table", "text"], "string"),
        ({"points": {"X": [[1, 2]]}}, 400, None, ["data", "points"], "label each"),
        (
            {"points": {"X": [[1], [2]], "labels": [0, 99]}},
            413,
            "limit_exceeded",
            ["data", "points", "labels"],
            "At most 20 classes, not 100.",
        ),
        (
            {"points": {"X": [[1], [2, 3]], "labels": [0, 1]}},
            422,
            None,
            ["data", "points", "X"],
            "Row 2",
        ),
        (
            {"points": {"X": [[1], [2]], "labels": [0, 1], "Y": [[1], [2]]}},
            400,
            None,
            ["data", "points"],
            "not both",
        ),
        (
            {"points": {"X": [[1e101], [2]], "labels": [0, 1]}},
            400,
            None,
            ["data", "points", "X"],
            "beyond 1e+100",
        ),
        (
            {"points": {"X": [[1], [2]], "Y": [[1], [-1e101]]}},
            400,
            None,
            ["data", "points", "Y"],
            "beyond 1e+100",
        ),
        (
            {"points": {"X": [[0] * 101] * 2, "labels": [0, 1]}},
            413,
            "limit_exceeded",
            ["data", "points", "X"],
            "At most 100 columns of data, not 101.",
        ),
        ({"name": "reg_line", "one_hot": True}, 400, None, ["data", "one_hot"], "are numbers"),
        ({}, 422, None, ["data", "name"], "required"),
    ],
)
def test_what_can_t_be_used(
    client: httpx.Client, data: Json, status: int, code: str | None, where: list[str], words: str
):
    answer = ask(client, data)
    assert answer.status_code == status, answer.text
    failure = read_failure(answer)
    assert failure["where"] == where
    assert words in failure["message"]
    assert code in (None, failure["code"])


def row_of(cells: int) -> str:
    return ",".join(["1"] * cells) + "\n"


TABLES: dict[str, Callable[[int], str]] = {
    "table_characters": lambda count: "1,0\n" * 4 + " " * (count - 16),
    "table_rows": lambda count: "1,0\n2,1\n" * (count // 2) + "1,0\n" * (count % 2),
    "data_columns": lambda count: (row_of(count - 1)[:-1] + ",0\n") * 2,
    "data_classes": lambda count: "".join(f"1,k{index}\n" for index in range(count)),
}


@pytest.mark.parametrize("limit", TABLES)
def test_a_table_at_a_published_limit_and_one_over(client: httpx.Client, catalog: Json, limit: str):
    most = catalog["limits"][limit]
    table = {"header": False, "task": "classification"}
    table |= {} if limit == "data_classes" else {"task": "regression"}
    at = ask(client, {"table": table | {"text": TABLES[limit](most)}})
    assert at.status_code == 200, at.text
    over = ask(client, {"table": table | {"text": TABLES[limit](most + 1)}})
    assert over.status_code == 413
    failure = read_failure(over)
    assert (failure["code"], failure["where"]) == ("limit_exceeded", ["data", "table", "text"])
    assert (failure["expected"], failure["given"]) == ({limit: most}, most + 1)
