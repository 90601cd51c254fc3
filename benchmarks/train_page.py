"""Measure the train page in a real browser while a run streams, and what the stream costs.

    python -m benchmarks.train_page

Frames are counted with a 2-8-8-1 network on 200 samples in batches of 10. Software rendering on a
busy machine is slower than a user's; the figures are for comparison. The cost of streaming is a
ratio of one run: what a worker does for the body that the page itself sends, beside the same
training with its first and last moment alone, in processor time. A page's run has a bounded number
of moments, so that a short one loses a large share of little time; from which length the aim holds
follows from what a moment costs.
"""

import sys
import time
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from app.train_events import framed_events
from app.train_requests import TrainRequest
from app.worker_process import framed
from tools.browser import find_browser
from tools.screenshots import served

LOST = 0.15
"""The share of the throughput that streaming may cost, in a run that is long enough."""
LONG = "preset=moons&batch=10&epochs=3000"
"""A run that is long enough: the aim is for this one."""
RUNS = (
    "preset=moons",
    "preset=wine",
    "preset=spiral",
    "preset=digits",
    "preset=moons&batch=10&epochs=200",
    LONG,
)
ADDRESS = "/train?preset=moons&batch=10&epochs=100000"
NEVER = 10**9
SECONDS = 4
ROUNDS = 5
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


@dataclass(frozen=True)
class Cost:
    """Seconds of a run with its first and last moment alone, and as a page asks for it."""

    silent: float
    streamed: float
    moments: int

    @property
    def lost(self) -> float:
        """The share of the throughput."""
        return 1 - self.silent / self.streamed

    @property
    def enough(self) -> float:
        """How long a run with as many moments must take by itself for the aim to hold."""
        return (self.streamed - self.silent) * (1 - LOST) / LOST


def main() -> int:
    """Print what streams cost, and frames and redraws a second; 1 where the aim is missed."""
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_browser()))
        found = {run: streaming_cost(asked_by_page(browser, address, run)) for run in RUNS}
        for run, cost in found.items():
            print(line(run, cost))
        page = opened(browser, address + ADDRESS)
        page.wait_for_timeout(3000)
        report(page)
    return int(found[LONG].lost > LOST)


def line(run: str, cost: Cost) -> str:
    """Say what a run's stream costs, and from which length of run that is little."""
    aim = f" (aim: below {100 * LOST:.0f})" if run == LONG else ""
    return (
        f"{run:<36} streaming costs {100 * cost.lost:3.0f} %{aim}: {cost.moments} moments add "
        f"{1000 * (cost.streamed - cost.silent):.0f} ms to {1000 * cost.silent:.0f} ms; "
        f"below {100 * LOST:.0f} % from a run of {1000 * cost.enough:,.0f} ms"
    )


def opened(browser: Browser, address: str) -> Page:
    """Open the page where its run has begun."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(f"({COUNT})()")
    page.goto(address)
    page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")
    if (problems := page.get_by_role("alert").all_text_contents()) and any(problems):
        sys.exit(f"The page can't read {address}: {problems}")
    return page


def asked_by_page(browser: Browser, address: str, run: str) -> Any:
    """Return the body that the page sends for a run."""
    with browser.new_page() as page:
        with page.expect_request("**/api/train") as asked:
            page.goto(f"{address}/train?{run}")
        return asked.value.post_data_json


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


def streaming_cost(body: Any) -> Cost:
    """Train as the page asks and without its rhythm, by turns."""
    silent = {**body, "rows_every": NEVER, "snapshots_every": NEVER, "live": False}
    pairs = [(seconds(silent), seconds(body)) for _ in range(ROUNDS)]
    alone, streamed = (min(each[0] for each in side) for side in zip(*pairs, strict=True))
    return Cost(alone, streamed, pairs[0][1][1])


def seconds(body: Any) -> tuple[float, int]:
    """Do what a worker does, with all but its socket; processor time, and how many moments."""
    run = TrainRequest.model_validate(body).run()
    began, moments = time.process_time(), 0
    for event in framed_events(run):
        moments += event.startswith(b"event: snapshot")
        framed(("message", event))
    return time.process_time() - began, moments


if __name__ == "__main__":
    sys.exit(main())
