"""The application: routes, pages and the layers around them."""

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette_compress import CompressMiddleware

from app import __version__, api, check_api, inquiry_api, pages
from app.assets import BASE, DIST, HashedFiles
from app.body import BoundedBody
from app.errors import add_error_handlers
from app.security import SecurityHeaders
from app.workers import lifespan

DESCRIPTION = (
    "Every number of a neural network's forward pass, backward pass and update, "
    "each with the formula that made it and the numbers it was made from."
)


def create_app() -> FastAPI:
    """Return the ASGI application."""
    app = FastAPI(
        title="Chainrule",
        description=DESCRIPTION,
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        middleware=[
            Middleware(SecurityHeaders),
            # Level 1 of zstd and gzip: higher levels cost more time than they save in bytes.
            Middleware(CompressMiddleware, zstd_level=1, gzip_level=1, brotli=False),
            Middleware(BoundedBody),
        ],
    )
    add_error_handlers(app)
    app.include_router(api.router)
    app.include_router(inquiry_api.router)
    app.include_router(check_api.router)
    app.include_router(pages.router)
    app.mount(BASE, HashedFiles(directory=DIST, check_dir=False), name="dist")
    return app


app = create_app()
