"""Measure the train page in a real browser while a run streams, and what the stream costs.

    python -m benchmarks.train_page

A 2-8-8-1 network on 250 samples in batches of 10. Software rendering on a busy machine is slower
than a user's; the figures are for comparison. The cost of streaming is a ratio of one run: the same
training over the same server, read by a client with a viewer's rhythm, and with two events alone.
"""

import json
import time
from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import Any

import httpx
from playwright.sync_api import Page, sync_playwright

from tools.browser import find_browser
from tools.screenshots import served

EPOCHS = 100_000
STREAMED_EPOCHS = 3000
NETWORK = "net=8:tanh-8:tanh"
ADDRESS = f"/train?preset=moons&{NETWORK}&batch=10&epochs={EPOCHS}"
SECONDS = 6
COUNT = """
() => {
  window.painted = {};
  const put = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (image, ...rest) {
    const side = image.width;
    window.painted[side] = (window.painted[side] ?? 0) + 1;
    return put.call(this, image, ...rest);
  };
}
"""
FRAMES = """
(seconds) => new Promise((resolve) => {
  window.painted = {};
  const times = [];
  const began = performance.now();
  const note = (time) => {
    times.push(time);
    if (performance.now() - began < 1000 * seconds) requestAnimationFrame(note);
    else resolve({ times, painted: window.painted });
  };
  requestAnimationFrame(note);
})
"""


def main() -> None:
    """Print frames and redraws a second while a run streams, and the cost of the stream."""
    with served() as address:
        print(f"streaming costs {100 * streaming_cost(address):.1f} % (aim: below 15)")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(find_browser()))
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.add_init_script(f"({COUNT})()")
            page.goto(address + ADDRESS)
            page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")
            page.wait_for_timeout(3000)
            report(page)


def report(page: Page) -> None:
    """Follow the run for some seconds and count."""
    seen: dict[str, Any] = page.evaluate(FRAMES, SECONDS)
    gaps = sorted(after - before for before, after in pairwise(seen["times"]))
    print(
        f"frames while it streams: {1000 / median(gaps):.0f} a second (median), "
        f"{1000 * len(gaps) / sum(gaps):.0f} (mean), "
        f"95 % within {gaps[len(gaps) * 95 // 100]:.0f} ms"
    )
    for side, count in seen["painted"].items():
        print(f"pictures {side} samples wide: {count / SECONDS:.1f} painted a second, all together")


def streaming_cost(address: str) -> float:
    """Return the share of the throughput that a viewer's rhythm costs."""
    never = 10**9
    silent = {"rows_every": never, "snapshots_every": never}
    pairs = [(seconds(address, silent), seconds(address, {})) for _ in range(4)]
    return 1 - min(pair[0] for pair in pairs) / min(pair[1] for pair in pairs)


def seconds(address: str, rhythm: dict[str, int]) -> float:
    """Train over the server and read every event; from the first event to the last."""
    body = {
        "data": {"name": "moons", "samples": 250},
        "network": {
            "sizes": [2, 8, 8, 1],
            "activations": ["tanh", "tanh", "sigmoid"],
            "init": {"scheme": "torch_linear", "seed": 1},
        },
        "loss": "binary_cross_entropy",
        "batch_size": 10,
        "epochs": STREAMED_EPOCHS,
        **rhythm,
    }
    with httpx.stream("POST", f"{address}/api/train", json=body, timeout=60) as answer:
        events = events_of(answer)
        next(events)
        began = time.perf_counter()
        for _ in events:
            pass
        return time.perf_counter() - began


def events_of(answer: httpx.Response) -> Iterator[Any]:
    """Read every event as a client would."""
    for line in answer.iter_lines():
        if line.startswith("data:"):
            yield json.loads(line.removeprefix("data:"))


if __name__ == "__main__":
    main()
