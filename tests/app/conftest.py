"""What the tests of the API share."""

from typing import Any

import httpx
import pytest

Json = dict[str, Any]


@pytest.fixture(scope="session")
def catalog(client: httpx.Client) -> Json:
    """The catalogue, as the server gives it."""
    answer = client.get("/api/catalog")
    assert answer.status_code == 200
    return answer.json()


@pytest.fixture(scope="session")
def requests(catalog: Json) -> dict[str, Json]:
    """The presets' request bodies by name."""
    return {preset["name"]: preset["request"] for preset in catalog["presets"]}


@pytest.fixture(scope="session")
def document(client: httpx.Client) -> Json:
    """The OpenAPI document."""
    return client.get("/openapi.json").json()
