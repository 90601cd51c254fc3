"""A real browser on the real server. Anything the page complains about fails the test."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import ConsoleMessage, Page, Request

from tools.browser import find_browser

LECTURE = ("mse_identity", "bce_sigmoid", "ce_softmax")
PHONE = {"width": 390, "height": 844}
# By how many pixels the page, or its stage, is wider than what is seen of it.
SIDEWAYS = """() => Math.max(
  ...[document.documentElement, ...document.querySelectorAll(".stage-scroll")].map(
    (each) => each.scrollWidth - each.clientWidth))"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": str(find_browser())}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    size = {"width": 1440, "height": 900}
    return {**browser_context_args, "viewport": size, "color_scheme": "light"}


@pytest.fixture(scope="session")
def base_url(server: str) -> str:
    return server


@pytest.fixture(scope="session")
def presets(server: str) -> dict[str, dict[str, Any]]:
    """The catalogue's presets by name."""
    catalog = httpx.get(f"{server}/api/catalog").json()
    return {preset["name"]: preset for preset in catalog["presets"]}


@pytest.fixture
def page(page: Page, base_url: str) -> Iterator[Page]:
    """A page that must not complain: no console error or warning, no request to elsewhere."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # The browser itself reports every refused request, which some tests provoke.
        refused = re.match(r"Failed to load resource.*status of (4|503)", message.text)
        # So does the driver, where a picture in space is photographed.
        slow = "GPU stall due to ReadPixels" in message.text
        if message.type in ("error", "warning") and not refused and not slow:
            complaints.append(f"{message.type}: {message.text}")

    def watch(request: Request) -> None:
        if not request.url.startswith((base_url, "blob:", "data:")):
            complaints.append(f"off-origin: {request.url}")

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("request", watch)
    page.set_default_timeout(10_000)
    yield page
    assert not complaints


def open_page(page: Page, path: str) -> None:
    """Open a page and wait for its first trace."""
    page.goto(path)
    page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")
