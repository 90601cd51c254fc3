"""What a request may cost: its computation ends when its time is up or nobody waits for it."""

import time
from collections.abc import Callable

from anyio import to_thread
from fastapi import Request
from fastapi.responses import Response

from app.connection import while_connected

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


async def answered(connection: Request, write: Callable[[Budget], bytes]) -> Response:
    """Answer with what a thread writes, unless the client goes away first.

    Raises: what the thread raises, ClientGoneError.
    """
    budget = Budget(SECONDS)
    work = to_thread.run_sync(write, budget, abandon_on_cancel=True)
    try:
        content = await while_connected(connection, work)
    finally:
        budget.cancel()
    return Response(content, media_type="application/json")
