"""Measure the propagate page in a real browser: a drag from event to painted frame, and playing.

    python -m benchmarks.propagate_page

Software rendering on a busy machine is slower than a user's; the figures are for comparison.
"""

import time
from itertools import pairwise
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tools.browser import find_browser
from tools.screenshots import served

LECTURE = "/propagate?preset=mse_identity&at=1"
MOVES = 240
FRAME = 1 / 60
FRAMES = """
() => new Promise((resolve) => {
  const times = [];
  const note = (time) => {
    times.push(time);
    if (times.length < 600) requestAnimationFrame(note);
    else resolve(times);
  };
  document.querySelector('[data-testid="play"]').click();
  requestAnimationFrame(note);
})
"""
# The network above, and the matrix of the dragged weight below.
SCROLL = """() => { document.querySelector(".stage-scroll").scrollTop = 240; }"""
# The moves of the pointer with the number that was asked for after them, and each painted frame
# with the number that the server's answer has in the matrix.
WATCH = """
() => {
  const [asked, painted] = [[], []];
  const board = document.querySelector('[data-testid="blackboard"]');
  const cell = board.querySelector('[data-tensor="W[1]@0"] [data-cell="34"]');
  const last = (text) => Number(text.split("→").at(-1).trim().replace("−", "-"));
  const shown = (number) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => painted.push([performance.now(), number]);
    requestAnimationFrame(() => channel.port2.postMessage(0));
  };
  new MutationObserver(() => shown(last(cell.title))).observe(cell, { attributeFilter: ["title"] });
  let moves = [];
  addEventListener("pointerrawupdate", ({ timeStamp }) => moves.push(timeStamp), true);
  const send = window.fetch;
  window.fetch = (path, options) => {
    if (path === "/api/trace") {
      const number = JSON.parse(options.body).network.layers[0].W[6][4];
      asked.push(...moves.map((timeStamp) => [timeStamp, number]));
      moves = [];
    }
    return send(path, options);
  };
  window.measured = () => ({ asked, painted });
}
"""


def main() -> None:
    """Print the latency of a drag and the frames a second of two networks."""
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_browser()))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        opened(page, address + LECTURE)
        page.evaluate(SCROLL)
        print_latency(*drag(page))
        opened(page, address + LECTURE.replace("at=1", "at=0"))
        print_frames("playing 5-7-4-3", page)
        opened(page, address + wide())
        print_frames("playing 64-64-64-10, 64 samples", page)


def opened(page: Page, address: str) -> None:
    """Open a page from nothing, and wait until its first answer has been drawn."""
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")
    page.wait_for_timeout(1000)


def drag(page: Page) -> tuple[list[list[Any]], list[list[Any]]]:
    """Drag the first edge down, a pixel a move, at sixty moves a second."""
    x, y = middle(page, "0:4", "1:6")
    page.evaluate(WATCH)
    page.mouse.move(x, y)
    page.mouse.down()
    for move in range(MOVES):
        start = time.perf_counter()
        page.mouse.move(x, y + 4 + move)
        time.sleep(max(0, FRAME - (time.perf_counter() - start)))
    page.wait_for_timeout(300)
    page.mouse.up()
    measured = page.evaluate("() => window.measured()")
    return measured["asked"], measured["painted"]


def middle(page: Page, one: str, other: str) -> tuple[float, float]:
    """Return the middle of the edge between two neurons."""
    boxes = [page.locator(f'.network [data-neuron="{key}"]').bounding_box() for key in (one, other)]
    xs = [box["x"] + box["width"] / 2 for box in boxes if box]
    ys = [box["y"] + box["height"] / 2 for box in boxes if box]
    return sum(xs) / 2, sum(ys) / 2


def print_latency(asked: list[list[Any]], painted: list[list[Any]]) -> None:
    """Print how long each move took until a frame had its number, or a newer one."""
    order = [number for _, number in asked]
    places = [(moment, place_of(order, number)) for moment, number in painted]
    waits: list[float] = []
    for place, (moment, _) in enumerate(asked):
        seen = [at for at, painted_place in places if painted_place >= place and at > moment]
        waits += [min(seen) - moment] if seen else []
    cuts = quantiles(waits, n=20)
    print(
        f"a drag, {len(waits)} moves: {median(waits):.1f} ms to the painted frame (median), "
        f"{cuts[18]:.1f} ms (p95); {len(painted)} frames painted"
    )


def place_of(order: list[float], number: float) -> int:
    """Return the last move that asked for a number."""
    return max((place for place, each in enumerate(order) if each == number), default=-1)


def wide() -> str:
    """Return the address of a 64-64-64-10 network on 64 samples."""
    X = ";".join(
        ",".join(str((7 * p + 3 * k) % 19 / 10 - 0.9) for k in range(64)) for p in range(64)
    )
    Y = ";".join(",".join("1" if p % 10 == k else "0" for k in range(10)) for p in range(64))
    return f"/propagate?preset=ce_softmax&sizes=64-64-64-10&at=0#x={X}&y={Y}"


def print_frames(what: str, page: Page) -> None:
    """Play and count."""
    gaps = [after - before for before, after in pairwise(page.evaluate(FRAMES))]
    slow = sum(gap > 25 for gap in gaps)
    print(
        f"{what}: {1000 / median(gaps):.0f} frames a second (median), "
        f"{quantiles(gaps, n=20)[18]:.1f} ms (p95), {slow} of {len(gaps)} frames late"
    )


if __name__ == "__main__":
    main()
