"""The pages: templates with the context that each documents."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from app import __version__
from app.assets import ROOT, vite
from app.catalog import catalog

templates = Jinja2Templates(directory=ROOT / "templates")
templates.env.globals.update(vite=vite, version=__version__)  # pyright: ignore[reportUnknownMemberType]

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/")
def landing(request: Request) -> HTMLResponse:
    """Context: `presets`, the catalogue's entries in order."""
    return templates.TemplateResponse(request, "index.html", {"presets": catalog().presets})


@router.get("/propagate")
def propagate(request: Request) -> HTMLResponse:
    """Context: none; the page's state is in its address."""
    return templates.TemplateResponse(request, "propagate.html")


@router.get("/descent")
def descent(request: Request) -> HTMLResponse:
    """Context: none; the page's state is in its address."""
    return templates.TemplateResponse(request, "descent.html")


@router.get("/train")
def train(request: Request) -> HTMLResponse:
    """Context: none; the page's state is in its address."""
    return templates.TemplateResponse(request, "train.html")


@router.get("/docs")
def docs(request: Request) -> HTMLResponse:
    """Context: none; the page reads /openapi.json."""
    return templates.TemplateResponse(request, "docs.html")
