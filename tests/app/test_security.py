"""The security headers of every answer."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.assets import BASE, DIST
from app.main import create_app
from tests.app.failures import read_failure

Json = dict[str, Any]
EXPECTED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
POLICY = {
    "default-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}


def asset() -> str:
    manifest: Json = json.loads((DIST / "manifest.json").read_text())
    return BASE + next(chunk["file"] for chunk in manifest.values() if chunk.get("isEntry"))


ANSWERS: dict[str, tuple[str, str, bytes | None, int]] = {
    "landing page": ("GET", "/", None, 200),
    "propagate": ("GET", "/propagate", None, 200),
    "docs": ("GET", "/docs", None, 200),
    "asset": ("GET", asset(), None, 200),
    "openapi": ("GET", "/openapi.json", None, 200),
    "health": ("GET", "/healthz", None, 200),
    "catalog": ("GET", "/api/catalog", None, 200),
    "missing page": ("GET", "/nowhere", None, 404),
    "missing asset": ("GET", BASE + "nothing.js", None, 404),
    "method": ("DELETE", "/api/trace", None, 405),
    "empty body": ("POST", "/api/trace", b"", 422),
    "redirect": ("GET", "/api/catalog/", None, 307),
}


def assert_secure(headers: httpx.Headers) -> None:
    for name, value in EXPECTED.items():
        assert headers.get_list(name) == [value], name
    (policy,) = headers.get_list("content-security-policy")
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert parts == POLICY
    assert "unsafe" not in policy
    # A class is served over plain http.
    assert "strict-transport-security" not in headers
    assert "upgrade-insecure-requests" not in policy


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_has_the_headers(client: httpx.Client, name: str) -> None:
    method, path, body, status = ANSWERS[name]
    answer = client.request(method, path, content=body)
    assert answer.status_code == status
    assert_secure(answer.headers)


def test_answers_of_the_api_have_them(client: httpx.Client, requests: dict[str, Json]) -> None:
    for path in ("/api/trace", "/api/gradient-check"):
        answer = client.post(path, json=requests["xor"])
        assert answer.status_code == 200
        assert_secure(answer.headers)
    for headers, status in (
        ({"content-encoding": "br"}, 415),
        ({"content-encoding": "gzip"}, 400),
        ({"content-type": "text/plain"}, 415),
    ):
        answer = client.post("/api/trace", content=b"{}", headers=headers)
        assert answer.status_code == status
        assert_secure(answer.headers)


def failing_app() -> FastAPI:
    app = create_app()

    @app.get("/fails")
    def fail() -> None:
        raise ZeroDivisionError("a secret")

    return app


def test_a_failure_of_the_server_has_the_shape_and_the_headers() -> None:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(failing_app(), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get("/fails")

    answer = asyncio.run(ask())
    assert answer.status_code == 500
    assert read_failure(answer)["code"] == "internal_error"
    assert "secret" not in answer.text
    assert_secure(answer.headers)


@pytest.mark.parametrize(
    "path", ["../../app/main.py", "%2e%2e/%2e%2e/app/main.py", "..%2f..%2fapp%2fmain.py", ""]
)
def test_only_the_built_files_are_served(client: httpx.Client, path: str) -> None:
    assert Path(DIST).is_dir()
    answer = client.get(BASE + path)
    assert answer.status_code == 404
    read_failure(answer)


@pytest.mark.parametrize("path", ["/", "/propagate", "/docs"])
def test_pages_hold_nothing_that_the_policy_forbids(client: httpx.Client, path: str) -> None:
    page = client.get(path).text
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    for script in page.split("<script")[1:]:
        assert 'src="/static/' in script.split(">")[0]
