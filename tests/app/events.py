"""Server-sent events as a client reads them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from tests.app.failures import no_constant

Json = dict[str, Any]


@dataclass(frozen=True)
class Event:
    """One event: its name, what it says and its id."""

    name: str
    data: Json
    id: int | None


def read_events(answer: httpx.Response) -> Iterator[Event]:
    """Read events as they come; heartbeats, which are comments, are left out."""
    assert answer.status_code == 200, answer.read()
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    fields: dict[str, str] = {}
    for line in answer.iter_lines():
        if line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            assert name not in fields
            fields[name] = value
        elif not line and fields:
            data = json.loads(fields["data"], parse_constant=no_constant)
            id = int(fields["id"]) if "id" in fields else None
            yield Event(fields["event"], data, id)
            fields = {}
    assert not fields, "the stream ended within an event"


def all_events(client: httpx.Client, body: Json, **headers: str) -> list[Event]:
    with client.stream("POST", "/api/train", json=body, headers=headers) as answer:
        return list(read_events(answer))


def of(events: list[Event], name: str) -> list[Json]:
    return [event.data for event in events if event.name == name]
