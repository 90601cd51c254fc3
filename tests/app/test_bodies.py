"""Request bodies on their way in: compressed, chunked, announced as something else."""

import gzip
import http.client
import zlib
from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest

from tests.app.failures import read_failure

Json = dict[str, Any]
JSON = {"content-type": "application/json"}


@pytest.fixture
def body(requests: dict[str, Json]) -> bytes:
    return orjson.dumps(requests["demo_2"])


def padded(body: bytes, size: int) -> bytes:
    return body + b" " * (size - len(body))


@pytest.mark.parametrize(
    ("encoding", "encode"),
    [
        ("gzip", gzip.compress),
        ("GZIP", gzip.compress),
        ("deflate", zlib.compress),
        ("identity", bytes),
    ],
)
def test_compressed_bodies_are_read(
    client: httpx.Client, body: bytes, encoding: str, encode: Any
) -> None:
    plain = client.post("/api/trace", content=body, headers=JSON)
    answer = client.post(
        "/api/trace", content=encode(body), headers=JSON | {"content-encoding": encoding}
    )
    assert answer.status_code == 200
    assert answer.content == plain.content


def test_chunked_bodies_are_read(client: httpx.Client, body: bytes) -> None:
    pieces = (body[start : start + 7] for start in range(0, len(body), 7))
    answer = client.post("/api/trace", content=pieces, headers=JSON)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON", "application/json;x=1"]
)
def test_json_may_say_more(client: httpx.Client, body: bytes, content_type: str) -> None:
    answer = client.post("/api/trace", content=body, headers={"content-type": content_type})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "text/json",
        "",
    ],
)
def test_a_body_that_says_it_is_something_else(
    client: httpx.Client, body: bytes, content_type: str
) -> None:
    headers = {"content-type": content_type} if content_type else {}
    answer = client.post("/api/trace", content=body, headers=headers)
    assert answer.status_code == 415
    error = read_failure(answer)
    assert error["code"] == "unsupported_media_type"
    assert error["where"] == ["headers", "content-type"]
    assert error["expected"] == "application/json"
    assert error["given"] == (content_type or None)
    assert "Content-Type: application/json" in error["message"]


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress", "nonsense" * 50])
def test_unknown_encodings(client: httpx.Client, body: bytes, encoding: str) -> None:
    answer = client.post("/api/trace", content=body, headers=JSON | {"content-encoding": encoding})
    assert answer.status_code == 415
    error = read_failure(answer)
    assert error["code"] == "unknown_encoding"
    assert error["where"] == ["headers", "content-encoding"]
    assert "gzip" in error["expected"]
    assert encoding.startswith(error["given"])


BROKEN = {
    "not compressed": lambda body: body,
    "empty": lambda _: b"",
    "cut off": lambda body: gzip.compress(body)[:-9],
    "without its checksum": lambda body: gzip.compress(body)[:-4],
    "with a wrong checksum": lambda body: gzip.compress(body)[:-8] + bytes(8),
    "with more after it": lambda body: gzip.compress(body) + b"more",
    "raw deflate": lambda body: zlib.compressobj(wbits=-15).compress(body),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_gzip(client: httpx.Client, body: bytes, kind: str) -> None:
    answer = client.post(
        "/api/trace", content=BROKEN[kind](body), headers=JSON | {"content-encoding": "gzip"}
    )
    assert answer.status_code == 400
    error = read_failure(answer)
    assert error["code"] == "broken_encoding"
    assert error["where"] == ["body"]
    assert "gzip" in error["message"]


def over_limit(answer: httpx.Response, limit: int) -> Json:
    assert answer.status_code == 413
    error = read_failure(answer)
    assert error["code"] == "limit_exceeded"
    assert error["expected"] == {"body_bytes": limit}
    assert error["given"] > limit
    return error


def test_a_body_of_exactly_the_limit(client: httpx.Client, catalog: Json, body: bytes) -> None:
    limit = catalog["limits"]["body_bytes"]
    whole = padded(body, limit)
    assert client.post("/api/trace", content=whole, headers=JSON).status_code == 200
    zipped = gzip.compress(whole, 1)
    headers = JSON | {"content-encoding": "gzip"}
    assert client.post("/api/trace", content=zipped, headers=headers).status_code == 200


def test_a_body_over_the_limit_is_refused_unread(client: httpx.Client, catalog: Json) -> None:
    limit = catalog["limits"]["body_bytes"]
    # Only the headers are sent: the announced length is enough.
    connection = http.client.HTTPConnection(client.base_url.host, client.base_url.port, timeout=60)
    connection.putrequest("POST", "/api/trace")
    connection.putheader("content-type", "application/json")
    connection.putheader("content-length", str(limit + 1))
    connection.endheaders()
    answer = connection.getresponse()
    given = httpx.Response(answer.status, headers=answer.getheaders(), content=answer.read())
    connection.close()
    assert over_limit(given, limit)["given"] == limit + 1


@pytest.mark.parametrize("path", ["/api/trace", "/api/gradient-check", "/nowhere"])
def test_a_chunked_body_over_the_limit(client: httpx.Client, catalog: Json, path: str) -> None:
    limit = catalog["limits"]["body_bytes"]

    def endless() -> Iterator[bytes]:
        for _ in range(limit // 2**18 + 1):
            yield b" " * 2**18

    over_limit(client.post(path, content=endless(), headers=JSON), limit)


@pytest.mark.parametrize("encode", [gzip.compress, zlib.compress], ids=["gzip", "deflate"])
def test_a_body_over_the_limit_once_decompressed(
    client: httpx.Client, catalog: Json, body: bytes, encode: Any
) -> None:
    limit = catalog["limits"]["body_bytes"]
    encoding = "gzip" if encode is gzip.compress else "deflate"
    bomb = encode(padded(body, limit + 1))
    assert len(bomb) < limit / 100
    headers = JSON | {"content-encoding": encoding}
    over_limit(client.post("/api/trace", content=bomb, headers=headers), limit)
