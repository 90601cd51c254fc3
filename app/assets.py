"""The built pages' assets: reads Vite's manifest and writes the tags that a page needs."""

import json
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any, TypedDict

from fastapi.responses import Response
from markupsafe import Markup
from starlette.staticfiles import StaticFiles

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "static" / "dist"
BASE = "/static/dist/"
KEPT_FOR_GOOD = "public, max-age=31536000, immutable"


class HashedFiles(StaticFiles):
    """The built files: their names hold a hash of their content, so they may be kept for good."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Answer with a file, to be kept for a year if its name has a hash."""
        response = super().file_response(*args, **kwargs)
        hashed = Path(args[0]).parent.name == "assets"
        response.headers["cache-control"] = KEPT_FOR_GOOD if hashed else "no-cache"
        return response


class Chunk(TypedDict, total=False):
    """An entry of the manifest."""

    file: str
    css: list[str]
    imports: list[str]


def vite(entry: str) -> Markup:
    """Return the stylesheet, preload and script tags of a page's entry.

    Raises: RuntimeError where the pages haven't been built.
    """
    chunks = _chunks()
    key = f"src/pages/{entry}.ts"
    needed = _needed(chunks, key)
    styles = dict.fromkeys(css for name in needed for css in chunks[name].get("css", []))
    tags = [f'<link rel="stylesheet" href="{_address(css)}">' for css in styles]
    tags += [
        f'<link rel="modulepreload" href="{_address(chunks[name].get("file", ""))}">'
        for name in needed
        if name != key
    ]
    tags.append(f'<script type="module" src="{_address(chunks[key].get("file", ""))}"></script>')
    return Markup("\n    ").join(Markup(tag) for tag in tags)


def _address(file: str) -> str:
    return escape(BASE + file, quote=True)


def _needed(chunks: dict[str, Chunk], key: str) -> list[str]:
    """List the entry and everything that it imports, each once, the deepest first."""
    order = dict[str, None]()

    def visit(name: str) -> None:
        for other in chunks[name].get("imports", []):
            if other not in order:
                visit(other)
        order[name] = None

    visit(key)
    return list(order)


def _chunks() -> dict[str, Chunk]:
    manifest = DIST / "manifest.json"
    if not manifest.exists():
        raise RuntimeError("The pages aren't built: run `make setup`.")
    return _read(manifest, manifest.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(manifest: Path, _changed: int) -> dict[str, Chunk]:
    return json.loads(manifest.read_text())
