"""A small server whose routes use the workers as the application's do."""

from collections.abc import AsyncIterator

from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from app import workers
from app.connection import while_connected
from app.errors import add_error_handlers
from tests.app import tasks

app = FastAPI(lifespan=workers.lifespan)
add_error_handlers(app)


@app.get("/blocked")
def blocked(note: str, seconds: float) -> None:
    workers.run(tasks.forever, note, seconds=seconds)


@app.get("/awaited")
async def awaited(request: Request, note: str, seconds: float) -> None:
    work = workers.run_async(tasks.forever, note, seconds=seconds)
    await while_connected(request, work)


@app.get("/answer")
def answer() -> int:
    return workers.run(tasks.process_id, seconds=30)


@app.get("/refused")
def refused() -> None:
    workers.run(tasks.refused, seconds=30)


@app.get("/killed")
def killed() -> None:
    workers.run(tasks.killed, seconds=30)


@app.get("/stream")
async def stream() -> StreamingResponse:
    messages = await workers.stream(tasks.own_id_for_ever, seconds=60)

    async def lines() -> AsyncIterator[str]:
        async with messages:
            async for message in messages:
                yield f"{message}\n"

    return StreamingResponse(lines())
