"""Every bad input that the API knows, with its status, its code, its place and its words."""

import json
import re
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.app.failures import read_failure

Json = dict[str, Any]
BASE: Json = {
    "network": {"sizes": [2, 3, 2], "activations": ["tanh", "sigmoid"]},
    "X": [[1, 2], [3, 4]],
    "Y": [[0, 1], [1, 0]],
    "loss": "binary_cross_entropy",
}
PATHS = ("/api/trace", "/api/gradient-check")
ANY = object()
"""An expectation that isn't checked."""


@dataclass(frozen=True)
class Bad:
    """A bad body and how it must be answered."""

    body: Json | str | bytes
    status: int
    code: str | object
    where: list[str | int] | object
    words: tuple[str, ...] = ()
    expected: object = ANY
    given: object = ANY


def but(**changes: Any) -> Json:
    """The base with other fields; one that is Ellipsis is left out."""
    return {key: value for key, value in (BASE | changes).items() if value is not ...}


def layer(W: Any, b: Any, activation: str = "sigmoid") -> Json:
    return {"W": W, "b": b, "activation": activation}


def given(*layers: Json, **changes: Any) -> Json:
    return but(network={"layers": list(layers)}, **changes)


def drawn(**changes: Any) -> Json:
    return but(network=BASE["network"] | changes)


def seeded(seed: Any) -> Json:
    return drawn(init={"scheme": "zeros", "seed": seed})


def with_text(text: str) -> str:
    """The base as text, with this in the place of the first number of X."""
    return json.dumps(but(X=[["HERE", 2], [3, 4]])).replace('"HERE"', text)


SOFTMAX = {"sizes": [2, 2], "activations": ["softmax"]}


def classes(Y: Any) -> Json:
    return but(network=SOFTMAX, loss="cross_entropy", Y=Y)


IDENTITY_2 = layer([[1, 0], [0, 1]], [0, 0])
SPEC, NAME, EXTRA = "invalid_specification", "unknown_name", "extra_forbidden"
NO_OBJECT = "model_attributes_type"
SCHEMA = 422

CASES: dict[str, Bad] = {
    # It fits the schema, but not the mathematics.
    "layers that don't chain": Bad(
        given(layer([[1, 2], [3, 4], [5, 6]], [0, 0, 0]), IDENTITY_2),
        400,
        SPEC,
        ["network", "layers", 1, "W"],
        ("Layer 1 has 3 units", "layer 2", "2 columns"),
        [2, 3],
        [2, 2],
    ),
    "a bias of another length": Bad(
        given(layer([[1, 2], [3, 4]], [0])),
        400,
        SPEC,
        ["network", "layers", 0, "b"],
        ("b of layer 1 has 1 number", "2 rows"),
        [2],
        [1],
    ),
    "X of another width": Bad(
        but(X=[[1, 2, 3], [4, 5, 6]]),
        400,
        SPEC,
        ["X"],
        ("3 numbers", "2 inputs"),
        ["N", 2],
        [2, 3],
    ),
    "Y of another height": Bad(
        but(Y=[[0, 1]]), 400, SPEC, ["Y"], ("2 samples", "2 outputs"), [2, 2], [1, 2]
    ),
    "Y of another width": Bad(but(Y=[[0], [1]]), 400, SPEC, ["Y"], ("2 outputs",), [2, 2], [2, 1]),
    "too few activations": Bad(
        drawn(activations=["tanh"]),
        400,
        SPEC,
        ["network", "activations"],
        ("3 sizes make 2 layers", "1 activation"),
        2,
        1,
    ),
    "an illegal pairing": Bad(
        drawn(activations=["tanh", "relu"]),
        400,
        SPEC,
        ["loss"],
        ("Binary cross entropy", "sigmoid", "not with relu"),
        ["sigmoid", "softmax"],
        "relu",
    ),
    "cross entropy without softmax": Bad(
        but(loss="cross_entropy"), 400, SPEC, ["loss"], ("softmax", "not with sigmoid"), ["softmax"]
    ),
    "a target above 1": Bad(
        but(Y=[[0, 1], [1.5, 0]]),
        400,
        SPEC,
        ["Y", 1, 0],
        ("between 0 and 1", "sample 2, output 1", "1.5"),
        given=1.5,
    ),
    "a target below 0": Bad(
        but(Y=[[0, -1e-9], [1, 0]]), 400, SPEC, ["Y", 0, 1], ("between 0 and 1",), given=-1e-9
    ),
    "targets with two classes": Bad(
        classes([[1, 0], [1, 1]]),
        400,
        SPEC,
        ["Y", 1],
        ("sample 2", "add up to 2.0, not 1"),
        given=[1, 1],
    ),
    "targets with no class": Bad(classes([[0, 0], [0, 1]]), 400, SPEC, ["Y", 0], ("0.0, not 1",)),
    "targets that aren't probabilities": Bad(
        classes([[0.5, 0.5], [0.25, 0.5]]), 400, SPEC, ["Y", 1], ("add up to 0.75",)
    ),
    "negative probabilities": Bad(
        classes([[1.5, -0.5], [0, 1]]), 400, SPEC, ["Y", 0, 0], ("between 0 and 1",)
    ),
    "a loss without Y": Bad(but(Y=...), 400, SPEC, ["Y"], ("needs targets Y",)),
    "a loss with a null Y": Bad(but(Y=None), 400, SPEC, ["Y"], ("needs targets Y",)),
    "Y without a loss": Bad(but(loss=...), 400, SPEC, ["loss"], ("targets need a loss",)),
    "more iterations without an optimizer": Bad(
        but(optimizer=None, iterations=2), 400, SPEC, ["iterations"], ("needs a loss",), 1, 2
    ),
    "more iterations without a loss": Bad(
        but(loss=..., Y=..., iterations=2), 400, SPEC, ["iterations"], ("optimizer",), 1, 2
    ),
    "X beyond float32": Bad(
        but(precision="float32", X=[[1e39, 0], [0, 0]]),
        400,
        SPEC,
        ["X"],
        ("float32",),
        given=1e39,
    ),
    "a weight beyond float32": Bad(
        given(layer([[-1e39, 0], [0, 0]], [0, 0]), precision="float32"),
        400,
        SPEC,
        ["network", "layers", 0, "W"],
        ("float32",),
    ),
    "a learning rate beyond float32": Bad(
        but(precision="float32", optimizer={"learning_rate": 1e39}),
        400,
        SPEC,
        ["optimizer", "learning_rate"],
        ("float32",),
    ),
    # Names that no table holds.
    "an unknown activation": Bad(
        drawn(activations=["tanh", "sigmod"]),
        SCHEMA,
        NAME,
        ["network", "activations", 1],
        ("activation called “sigmod”", "Did you mean “sigmoid”?"),
        given="sigmod",
    ),
    "an unknown activation of a given layer": Bad(
        given(layer([[1, 2], [3, 4]], [0, 0], "Sigmoid")),
        SCHEMA,
        NAME,
        ["network", "layers", 0, "activation"],
        ("Did you mean “sigmoid”?",),
    ),
    "an unknown loss": Bad(
        but(loss="cross_entopy"),
        SCHEMA,
        NAME,
        ["loss"],
        ("loss called “cross_entopy”", "Did you mean “cross_entropy”?"),
        ["mse", "binary_cross_entropy", "cross_entropy"],
    ),
    "an unknown initialiser": Bad(
        drawn(init={"scheme": "xavier_unifrom"}),
        SCHEMA,
        NAME,
        ["network", "init", "scheme"],
        ("Did you mean “xavier_uniform”?",),
    ),
    "an unknown optimizer": Bad(
        but(optimizer={"name": "gradient_decent"}),
        SCHEMA,
        NAME,
        ["optimizer", "name"],
        ("Did you mean “gradient_descent”?",),
    ),
    "an unknown precision": Bad(
        but(precision="float46"), SCHEMA, NAME, ["precision"], ("precision called “float46”",)
    ),
    "a name like no other": Bad(
        but(loss="¿qué?"), SCHEMA, NAME, ["loss"], ("There is no loss called “¿qué?”.",)
    ),
    "a name of a megabyte": Bad(but(loss="mse" * 400_000), SCHEMA, NAME, ["loss"], ("msemse",)),
    # Fields.
    "an unknown field": Bad(
        but(lerning_rate=1), SCHEMA, EXTRA, ["lerning_rate"], ("no field called “lerning_rate”",)
    ),
    "an unknown field called given": Bad(
        but(given=1), SCHEMA, EXTRA, ["given"], ("no field called “given”",)
    ),
    "an unknown field called drawn": Bad(
        drawn(drawn=1), SCHEMA, EXTRA, ["network", "drawn"], ("no field called “drawn”",)
    ),
    "an unknown field of the optimizer": Bad(
        but(optimizer={"rate": 1}), SCHEMA, EXTRA, ["optimizer", "rate"], ("“rate”",)
    ),
    "an unknown field of a long name": Bad(but(**{"k" * 10**6: 1}), SCHEMA, EXTRA, ANY, ("kkk",)),
    "both kinds of network": Bad(
        but(network=BASE["network"] | {"layers": [IDENTITY_2]}),
        SCHEMA,
        EXTRA,
        ["network", "sizes"],
        ("“sizes”",),
    ),
    "a thousand unknown fields": Bad(
        but(**{f"k{index}": 0 for index in range(1000)}),
        SCHEMA,
        "too_many_fields",
        [],
        ("1004 fields",),
    ),
    "no network": Bad(but(network=...), SCHEMA, "missing", ["network"], ("required",)),
    "no X": Bad(but(X=...), SCHEMA, "missing", ["X"], ("required",)),
    "no sizes": Bad(but(network={}), SCHEMA, "missing", ["network", "sizes"], ("required",)),
    "no b": Bad(
        given({"W": [[1, 2]], "activation": "relu"}),
        SCHEMA,
        "missing",
        ["network", "layers", 0, "b"],
    ),
    # Types and shapes.
    "ragged X": Bad(
        but(X=[[1, 2], [3]]),
        SCHEMA,
        "ragged_rows",
        ["X"],
        ("Row 2 has 1 number", "row 1 has 2"),
        2,
        1,
    ),
    "ragged Y": Bad(but(Y=[[0, 1], [1, 0, 1]]), SCHEMA, "ragged_rows", ["Y"], ("Row 2 has 3",)),
    "ragged W": Bad(
        given(layer([[1, 2], [3, 4, 5]], [0, 0])),
        SCHEMA,
        "ragged_rows",
        ["network", "layers", 0, "W"],
    ),
    "a number as text": Bad(but(X=[["1", 2]]), SCHEMA, "float_type", ["X", 0, 0], ("number",)),
    "a truth value as a number": Bad(but(X=[[1, True]]), SCHEMA, "float_type", ["X", 0, 1]),
    "null as a number": Bad(but(X=[[1, None]]), SCHEMA, "float_type", ["X", 0, 1]),
    "a vector as X": Bad(but(X=[1, 2]), SCHEMA, "list_type", ["X", 0], ("list",)),
    "a number as X": Bad(but(X=1), SCHEMA, "list_type", ["X"], given=1),
    "text as X": Bad(but(X="[[1, 2]]"), SCHEMA, "list_type", ["X"]),
    "three axes": Bad(but(X=[[[1, 2]]]), SCHEMA, "float_type", ["X", 0, 0]),
    "an empty X": Bad(but(X=[]), SCHEMA, "too_short", ["X"], ("at least 1",), given=[]),
    "an empty row": Bad(but(X=[[]]), SCHEMA, "too_short", ["X", 0]),
    "an empty W": Bad(
        given(layer([], [])), SCHEMA, "too_short", ["network", "layers", 0, "W"], ("at least 1",)
    ),
    "no layers": Bad(but(network={"layers": []}), SCHEMA, "too_short", ["network", "layers"]),
    "one size": Bad(drawn(sizes=[2]), SCHEMA, "too_short", ["network", "sizes"], ("at least 2",)),
    "a size of 0": Bad(drawn(sizes=[2, 0, 2]), SCHEMA, "greater_than_equal", ANY, ("1",), given=0),
    "a size of 2.5": Bad(drawn(sizes=[2.5, 3, 2]), SCHEMA, "int_type", ["network", "sizes", 0]),
    "a size of true": Bad(drawn(sizes=[True, 3, 2]), SCHEMA, "int_type", ["network", "sizes", 0]),
    "a list as network": Bad(but(network=[1]), SCHEMA, NO_OBJECT, ["network"], ("JSON object",)),
    "text as optimizer": Bad(but(optimizer="gradient_descent"), SCHEMA, NO_OBJECT, ["optimizer"]),
    "a number as a name": Bad(but(loss=1), SCHEMA, "string_type", ["loss"], ("string",)),
    "iterations of 0": Bad(
        but(iterations=0), SCHEMA, "greater_than_equal", ["iterations"], ("1",), given=0
    ),
    "iterations of -1": Bad(but(iterations=-1), SCHEMA, "greater_than_equal", ["iterations"]),
    "iterations of 1.5": Bad(but(iterations=1.5), SCHEMA, "int_type", ["iterations"]),
    "iterations of true": Bad(but(iterations=True), SCHEMA, "int_type", ["iterations"]),
    "a learning rate as text": Bad(
        but(optimizer={"learning_rate": "0.1"}),
        SCHEMA,
        "float_type",
        ["optimizer", "learning_rate"],
    ),
    # Numbers that are none.
    "seed -1": Bad(
        seeded(-1), SCHEMA, "greater_than_equal", ["network", "init", "seed"], ("0",), given=-1
    ),
    "seed 2**32": Bad(
        seeded(2**32),
        SCHEMA,
        "less_than_equal",
        ["network", "init", "seed"],
        ("4294967295",),
        given=2**32,
    ),
    "seed 2**70": Bad(seeded(2**70), SCHEMA, "less_than_equal", ["network", "init", "seed"]),
    "seed 10**400": Bad(seeded(10**400), SCHEMA, "json_invalid", []),
    "a size of 10**400": Bad(drawn(sizes=[10**400, 3, 2]), SCHEMA, "json_invalid", []),
    "10**400": Bad(with_text("1" + "0" * 400), SCHEMA, "json_invalid", [], ("infinity",)),
    "1e999": Bad(with_text("1e999"), SCHEMA, "json_invalid", [], ("infinity",)),
    "-1e999": Bad(with_text("-1e999"), SCHEMA, "json_invalid", []),
    "NaN": Bad(with_text("NaN"), SCHEMA, "json_invalid", [], ("JSON has no NaN and no Infinity",)),
    "Infinity": Bad(with_text("Infinity"), SCHEMA, "json_invalid", []),
    "-Infinity": Bad(with_text("-Infinity"), SCHEMA, "json_invalid", []),
    "a hexadecimal number": Bad(with_text("0x10"), SCHEMA, "json_invalid", []),
    "sizes of 10**9": Bad(
        drawn(sizes=[10**9, 10**9, 10**9]),
        413,
        "limit_exceeded",
        ANY,
        ("At most",),
    ),
    # Texts that aren't JSON.
    "not JSON": Bad("hello", SCHEMA, "json_invalid", [], ("isn't JSON",), given=ANY),
    "half a document": Bad('{"X": [[1, 2]', SCHEMA, "json_invalid", []),
    "two documents": Bad("{}{}", SCHEMA, "json_invalid", []),
    "white space": Bad("   ", SCHEMA, "json_invalid", []),
    "an empty body": Bad("", SCHEMA, "missing", [], ("required",)),
    "a list": Bad("[]", SCHEMA, NO_OBJECT, [], ("The body must be a JSON object",)),
    "null": Bad("null", SCHEMA, NO_OBJECT, []),
    "a text": Bad('"text"', SCHEMA, NO_OBJECT, []),
    "a byte order mark": Bad(b"\xef\xbb\xbf{}", SCHEMA, "json_invalid", []),
    "not UTF-8": Bad(b'{"X": "\xff\xfe"}', SCHEMA, "json_invalid", []),
    "UTF-16": Bad(json.dumps(BASE).encode("utf-16"), SCHEMA, "json_invalid", []),
    "a lone surrogate": Bad(with_text(r'"\ud800"'), SCHEMA, "json_invalid", []),
    "a lone surrogate as a key": Bad(r'{"\udc00": 1}', SCHEMA, "json_invalid", []),
    "a zero byte in a name": Bad(but(loss="mse\0"), SCHEMA, NAME, ["loss"]),
    # Depth.
    "lists of 100,000 levels": Bad("[" * 100_000, SCHEMA, "json_invalid", [], ("depth",)),
    "lists of 1,000 levels": Bad('{"X":' + "[" * 1000 + "]" * 1000 + "}", SCHEMA, "missing", ANY),
    "a cell of 1,000 levels": Bad(with_text("[" * 1000 + "]" * 1000), SCHEMA, "float_type", ANY),
    "objects of 1,000 levels": Bad(
        with_text('{"a":' * 1000 + "1" + "}" * 1000), SCHEMA, "float_type", ANY
    ),
    "a network of 1,000 levels": Bad('{"network":' * 1000 + "{}" + "}" * 1000, SCHEMA, ANY, ANY),
    "a wide tree": Bad(but(network=[[[[0] * 30] * 30] * 30] * 30), SCHEMA, NO_OBJECT, ["network"]),
}


def send(client: httpx.Client, path: str, body: Json | str | bytes) -> httpx.Response:
    content = json.dumps(body) if isinstance(body, dict) else body
    return client.post(path, content=content, headers={"content-type": "application/json"})


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("case", CASES)
def test_bad_input(client: httpx.Client, case: str, path: str) -> None:
    bad = CASES[case]
    answer = send(client, path, bad.body)
    assert answer.status_code == bad.status, answer.text
    error = read_failure(answer)
    for key in ("code", "where", "expected", "given"):
        if getattr(bad, key) is not ANY:
            assert error[key] == getattr(bad, key), key
    for word in bad.words:
        assert word in error["message"]
    assert client.get("/healthz").status_code == 200


def test_the_base_of_the_cases_is_good(client: httpx.Client) -> None:
    for path in PATHS:
        assert send(client, path, BASE).status_code == 200
    good = (
        but(loss=..., Y=...),
        but(precision="float32"),
        given(IDENTITY_2),
        classes([[1, 0], [0.25, 0.75]]),
        seeded(2**32 - 1),
        but(optimizer=None),
        but(network=SOFTMAX),
        drawn(sizes=[2.0, 3, 2.0]),
    )
    for body in good:
        assert send(client, "/api/trace", body).status_code == 200, body


def test_a_gradient_check_needs_a_loss(client: httpx.Client) -> None:
    answer = send(client, "/api/gradient-check", but(loss=..., Y=...))
    assert answer.status_code == 400
    error = read_failure(answer)
    assert error["where"] == ["loss"]
    assert "needs a loss" in error["message"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nothing"),
        ("POST", "/api/nothing"),
        ("GET", "/static/dist/no.js"),
        ("GET", "/%ff"),
    ],
)
def test_nothing_there(client: httpx.Client, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 404
    error = read_failure(answer)
    assert error["code"] == "not_found"
    assert error["given"].startswith(f"{method} /")
    assert "There is nothing at" in error["message"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/trace", "POST"),
        ("PUT", "/api/gradient-check", "POST"),
        ("POST", "/api/catalog", "GET"),
        ("DELETE", "/healthz", "GET"),
        ("TRACE", "/api/trace", "POST"),
        ("POST", "/", "GET"),
    ],
)
def test_another_method(client: httpx.Client, method: str, path: str, allowed: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 405
    error = read_failure(answer)
    assert error["code"] == "method_not_allowed"
    assert allowed in answer.headers["allow"]
    assert allowed in error["expected"]
    assert error["given"] == f"{method} {path}"


MANY = 200_000
FLOODS = {
    "cells": lambda: with_text(",".join(['""'] * MANY)),
    "rows": lambda: '{"X":[' + ",".join(["0"] * MANY) + "]}",
    "layers": lambda: '{"network":{"layers":[' + ",".join(["0"] * MANY) + "]}}",
    "names": lambda: '{"network":{"activations":[' + ",".join(['""'] * MANY) + "]}}",
    "sizes": lambda: '{"network":{"sizes":[' + ",".join(["0"] * MANY) + "]}}",
    "fields": lambda: "{" + ",".join(f'"{index:x}":1' for index in range(MANY)) + "}",
    "fields of the network": lambda: (
        '{"network":{' + ",".join(f'"{index:x}":1' for index in range(MANY)) + "}}"
    ),
}


@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_of_errors_is_cut_short(client: httpx.Client, flood: str) -> None:
    """Listing every error of 16 MB of them took 8 GB and a minute."""
    answer = send(client, "/api/trace", FLOODS[flood]())
    assert answer.status_code == 422
    error = read_failure(answer)
    more = re.search(r"(\d+) more after this one", error["message"])
    assert more is None or int(more[1]) < 10
