"""What a request may cost: its computation ends when its time is up or nobody waits for it."""

import time
from collections.abc import Callable
from typing import TypeVar

from anyio import to_thread
from fastapi import Request
from fastapi.responses import Response

from app.connection import while_connected

T = TypeVar("T")
SECONDS = 10.0


class Budget:
    """Tells a computation whether to go on."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def __call__(self) -> bool:
        return time.monotonic() > self._end

    def cancel(self) -> None:
        """Let it be over at once."""
        self._end = 0.0


async def budgeted(connection: Request, work: Callable[[Budget], T]) -> T:
    """Return what a thread makes, unless the client goes away first.

    Raises: what the thread raises, ClientGoneError.
    """
    budget = Budget(SECONDS)
    thread = to_thread.run_sync(work, budget, abandon_on_cancel=True)
    try:
        return await while_connected(connection, thread)
    finally:
        budget.cancel()


async def answered(connection: Request, write: Callable[[Budget], bytes]) -> Response:
    """Answer with what a thread writes. Raises: as `budgeted`."""
    return Response(await budgeted(connection, write), media_type="application/json")
