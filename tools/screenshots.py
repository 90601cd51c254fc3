"""Take the pictures of the README, and on request of every state worth looking at.

python -m tools.screenshots              docs/propagate.png
python -m tools.screenshots --all DIR    every page and moment: desktop, phone, light and dark
"""

import argparse
import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

from tools.browser import find_browser

ROOT = Path(__file__).resolve().parent.parent
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
ColorScheme: TypeAlias = Literal["light", "dark"]
SCHEMES: tuple[ColorScheme, ...] = ("light", "dark")
# A moment is a step and how far it has come: at=2.5 is in the middle of the third step.
MOMENTS = {
    "landing": "/",
    "forward": "/propagate?preset=mse_identity&at=2.5",
    "pinned": "/propagate?preset=mse_identity&at=3&pin=Z[2]@0:1",
    "loss": "/propagate?preset=ce_softmax&at=6.5",
    "backward": "/propagate?preset=mse_identity&at=13.5",
    "update": "/propagate?preset=mse_identity&at=24.5",
    "end": "/propagate?preset=ce_softmax&at=28",
    "demo": "/propagate?preset=demo_2&at=2",
    "cancel": "/propagate?preset=bce_sigmoid&lens=cancel&probe=37,0&at=10",
    "shapes": "/propagate?preset=mse_identity&lens=shapes&at=1",
    "check": "/propagate?preset=ce_softmax&lens=check&at=28",
    "effect": "/propagate?preset=mse_identity&n=6&lens=update&at=87"
    "&branch=3~gradient_descent,learning_rate:0.5",
    "exploding": "/propagate?preset=exploding&lens=health&at=3",
    "dead": "/propagate?preset=dead_relu&lens=health&at=3",
    "story": "/propagate?preset=mse_identity&lens=story&at=3",
    "exercise": "/propagate?preset=mse_identity&lens=exercise&exercise=dA[3]@0",
    "exercises": "/propagate?preset=mse_identity&lens=exercise&at=3",
    "code": "/propagate?preset=mse_identity&lens=code&at=3",
    "fractions": "/propagate?preset=logistic_regression&digits=fractions&at=7",
    "descent": "/descent?preset=calm&at=3",
    "ravine": "/descent?preset=ravine&at=120",
    "relief": "/descent?preset=gradient",
    "derivative": "/descent?preset=derivative",
    "three-forms": "/descent?preset=three_forms&at=2",
    "formula": "/descent?f=sin(x1)*cos(x2)%2Bx1**2/10&at=3",
    "diverging": "/descent?preset=diverging&at=9",
    "docs": "/docs",
}


@contextmanager
def served() -> Generator[str]:
    """Serve the app on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "PORT": str(port), "HOST": "127.0.0.1"}
    command = [sys.executable, "tools/run.py", "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"{address}/healthz")
        yield address
    finally:
        process.terminate()
        process.wait()


def wait_for(address: str) -> None:
    """Wait until the server answers, for 20 seconds at most."""
    for _ in range(200):
        try:
            urlopen(address, timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"{address} didn't answer.")


def take(browser: Browser, url: str, file: Path, size: str, scheme: ColorScheme) -> None:
    """Open a page, wait until it shows its first trace, and take its picture."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        device_scale_factor=2 if size == "phone" else 1,
    )
    page = context.new_page()
    page.goto(url)
    if "/propagate" in url or "/descent" in url:
        page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")
    page.wait_for_timeout(700)
    if "lens=" in url:  # What the lens shows, not the network above it.
        page.locator("#lens").evaluate("lens => lens.scrollIntoView()")
        page.wait_for_timeout(300)
    page.screenshot(path=file)
    context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="DIR")
    folder: Path | None = parser.parse_args().all
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_browser()))
        if folder is None:
            picture = ROOT / "docs" / "propagate.png"
            take(browser, address + MOMENTS["backward"], picture, "desktop", "light")
            return
        folder.mkdir(parents=True, exist_ok=True)
        for name, path in MOMENTS.items():
            for size in SIZES:
                for scheme in SCHEMES:
                    file = folder / f"{name}-{size}-{scheme}.png"
                    take(browser, address + path, file, size, scheme)
                    print(file, flush=True)


if __name__ == "__main__":
    main()
