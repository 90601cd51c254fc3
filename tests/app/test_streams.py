"""Large answers: streamed, compressed, and never held in memory as text."""

import asyncio
import gzip
import json
import tracemalloc
from typing import Any

import httpx
import numpy as np
import orjson
import pytest
import zstandard

from app.api import STREAM_FROM
from app.main import app
from app.requests import TraceRequest
from app.wire import BLOCK, PIECE, trace_chunks

Json = dict[str, Any]
CELL_TEXT = 25
"""Bytes that one number takes as text, at most."""


def large_request(precision: str = "float64") -> Json:
    """About a million cells: 64 samples through three layers of 300 to 400 units."""
    return {
        "network": {
            "sizes": [64, 400, 400, 10],
            "activations": ["tanh", "sigmoid", "identity"],
            "init": {"scheme": "xavier_normal", "seed": 3},
        },
        "X": [[0.1 * (row % 7) - 0.01 * column for column in range(64)] for row in range(64)],
        "Y": [[1.0] * 10] * 64,
        "loss": "mse",
        "precision": precision,
    }


def cells(trace: Json) -> int:
    return sum(len(tensor["data"]) for tensor in trace["tensors"].values())


def test_a_million_cells_stream_as_one_document(client: httpx.Client) -> None:
    headers = {"accept-encoding": "identity"}
    with client.stream("POST", "/api/trace", json=large_request(), headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["transfer-encoding"] == "chunked"
        assert "content-length" not in answer.headers
        trace = orjson.loads(b"".join(answer.iter_raw()))
    assert trace["outcome"] == "complete"
    assert 800_000 < cells(trace) < 1_200_000
    expected = TraceRequest.model_validate(large_request()).experiment().trace()
    for id, tensor in trace["tensors"].items():
        assert np.allclose(tensor["data"], expected[id].ravel(), rtol=1e-9, atol=1e-12), id


def test_a_small_answer_has_a_length(client: httpx.Client, requests: dict[str, Json]) -> None:
    answer = client.post(
        "/api/trace", json=requests["xor"], headers={"accept-encoding": "identity"}
    )
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert cells(answer.json()) < STREAM_FROM


def peak_while_writing(trace: Any) -> int:
    """Bytes held at once, beyond the trace itself, while it is written."""
    tracemalloc.start()
    try:
        for _ in trace_chunks(trace):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_writing_holds_a_few_blocks_of_text(precision: str) -> None:
    trace = TraceRequest.model_validate(large_request(precision)).experiment().trace()
    largest = max(tensor.data.size for tensor in trace.tensors.values())
    total = sum(tensor.data.size for tensor in trace.tensors.values())
    blocks = 3 * BLOCK * CELL_TEXT
    assert blocks < total * CELL_TEXT / 3, "too small a trace to tell"
    # float32 arrays are widened to float64 one at a time.
    assert peak_while_writing(trace) < blocks + 8 * largest


async def answer_of(body: bytes, accepted: bytes) -> tuple[list[int], int]:
    """Ask the application itself and throw its answer away: (lengths sent, peak bytes held)."""
    scope: Json = {
        "type": "http",
        "method": "POST",
        "path": "/api/trace",
        "raw_path": b"/api/trace",
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "headers": [(b"content-type", b"application/json"), (b"accept-encoding", accepted)],
    }
    messages = [{"type": "http.request", "body": body, "more_body": False}]
    gone = asyncio.Event()
    sent = list[int]()

    async def receive() -> Json:
        if messages:
            return messages.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Json) -> None:
        sent.append(len(message.get("body", b"")))

    tracemalloc.start()
    try:
        await app(scope, receive, send)
        return sent, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("accepted", ["identity", "zstd", "gzip"])
def test_answering_never_holds_the_text_whole(accepted: str) -> None:
    request = large_request()
    body = orjson.dumps(request)
    trace = TraceRequest.model_validate(request).experiment().trace()
    arrays = sum(tensor.data.nbytes for tensor in trace.tensors.values())
    sent, peak = asyncio.run(answer_of(body, accepted.encode()))
    assert sum(sent) > arrays / 2
    assert peak < 2 * arrays, "three copies would be the arrays and their text, of twice the size"


def test_many_small_tensors_are_sent_in_few_pieces(requests: dict[str, Json]) -> None:
    body = orjson.dumps({**requests["mse_identity"], "iterations": 200})
    sent, _ = asyncio.run(answer_of(body, b"identity"))
    assert sum(sent) > 8 * PIECE
    assert len(sent) < 2 * sum(sent) / PIECE


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
@pytest.mark.parametrize("encoding", ["zstd", "gzip"])
def test_answers_are_compressed_where_asked(
    client: httpx.Client, requests: dict[str, Json], encoding: str, large: bool
) -> None:
    body = large_request() if large else requests["mse_identity"]
    plain = client.post("/api/trace", json=body, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    with client.stream(
        "POST", "/api/trace", json=body, headers={"accept-encoding": encoding}
    ) as answer:
        assert answer.headers["content-encoding"] == encoding
        assert "accept-encoding" in answer.headers["vary"].lower()
        raw = b"".join(answer.iter_raw())
    assert len(raw) < 0.7 * len(plain.content)
    whole = (
        gzip.decompress(raw)
        if encoding == "gzip"
        else zstandard.ZstdDecompressor().decompressobj().decompress(raw)
    )
    assert whole == plain.content


def test_nothing_is_compressed_unasked(client: httpx.Client, requests: dict[str, Json]) -> None:
    for accepted in ("identity", "br", ""):
        answer = client.post(
            "/api/trace", json=requests["xor"], headers={"accept-encoding": accepted}
        )
        assert "content-encoding" not in answer.headers
        assert json.loads(answer.content)["outcome"] == "complete"
