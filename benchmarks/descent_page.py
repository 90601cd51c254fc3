"""Measure the descent page in a real browser: frames a second, and a field from request to picture.

    python -m benchmarks.descent_page

Software rendering on a busy machine is slower than a user's; the figures are for comparison.
"""

from itertools import pairwise
from statistics import median

from playwright.sync_api import Page, sync_playwright

from tools.browser import find_browser
from tools.screenshots import served

RUNS = (
    "gradient_descent,learning_rate:0.001",
    "momentum,learning_rate:0.0005",
    "nesterov,learning_rate:0.0005",
    "adagrad,learning_rate:0.5",
    "rmsprop,learning_rate:0.02",
    "adam,learning_rate:0.1",
    "adamw,learning_rate:0.1",
    "sign_descent,learning_rate:0.01",
)
ADDRESS = "/descent?surface=rosenbrock&max=500&eg=off&at=0&" + "&".join(
    f"run={run}" for run in RUNS
)
FRAMES = """
() => new Promise((resolve) => {
  const times = [];
  const note = (time) => {
    times.push(time);
    if (times.length < 240) requestAnimationFrame(note);
    else resolve(times);
  };
  document.querySelector('[data-testid="play"]').click();
  requestAnimationFrame(note);
})
"""
FIELD = """
async (side) => {
  const view = [[-2, 2], [-1, 3]];
  const body = JSON.stringify({ surface: { name: "rosenbrock" }, view, shape: [side, side] });
  const headers = { "content-type": "application/json" };
  const start = performance.now();
  const answer = await fetch("/api/field", { method: "POST", headers, body });
  await answer.json();
  return performance.now() - start;
}
"""
APPEARS = """
(label) => new Promise((resolve) => {
  const canvas = document.querySelector('[data-testid="plot"] canvas');
  const context = canvas.getContext("2d");
  const seen = () => context.getImageData(canvas.width >> 1, 0, 1, canvas.height).data.join();
  const ask = window.fetch;
  let asked = 0;
  let before = "";
  window.fetch = (address, ...rest) => {
    if (String(address).endsWith("/api/field")) {
      asked = performance.now();
      before = seen();
    }
    return ask(address, ...rest);
  };
  const look = () => {
    if (!asked || seen() === before) return requestAnimationFrame(look);
    window.fetch = ask;
    resolve(performance.now() - asked);
  };
  requestAnimationFrame(look);
  document.querySelector(`[aria-label="${label}"]`).click();
})
"""


def main() -> None:
    """Print the frames a second of eight runs of 500 steps, and the times of a 200 × 200 field."""
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_browser()))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(address + ADDRESS)
        page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")
        print(f"8 runs × 500 steps: {frames_a_second(page):.0f} frames a second (median)")
        print(f"field 200 × 200, asked and read: {field_time(page):.1f} ms (median of 20)")
        page.get_by_test_id("to-start").click()
        print(f"the page's field, from its request to its contours: {contours_time(page):.1f} ms")


def frames_a_second(page: Page) -> float:
    """Play and count."""
    page.wait_for_timeout(500)
    times: list[float] = page.evaluate(FRAMES)
    gaps = [after - before for before, after in pairwise(times)]
    return 1000 / median(gaps)


def field_time(page: Page) -> float:
    """Ask for the same field again and again."""
    return median(page.evaluate(FIELD, 200) for _ in range(20))


def contours_time(page: Page) -> float:
    """Zoom in and out, and wait for the picture."""
    times: list[float] = []
    for label in ("Zoom in", "Zoom out") * 6:
        times.append(page.evaluate(APPEARS, label))
        page.wait_for_timeout(150)
    return median(times)


if __name__ == "__main__":
    main()
