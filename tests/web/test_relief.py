"""The relief of /descent: the same surface and paths in space, in step with the playhead."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import open_page
from tests.web.test_access import AXE, PHONE, SIDEWAYS

CALM = "/descent?run=gradient_descent,learning_rate:0.1&at=2"
RAVINE = (
    "/descent?surface=rosenbrock&run=gradient_descent,learning_rate:0.001"
    "&run=adam,learning_rate:0.1&max=400&at=20&sel=2&show=relief"
)
CLIMB = "/descent?surface=bump&dir=ascend&run=gradient_descent,learning_rate:0.3&at=3&show=relief"
PLACES = {"calm": f"{CALM}&show=relief", "ravine": RAVINE, "climb": CLIMB}

# Has the relief turned by a key and reads its pixels in the same frame, before the browser lets them
# go: the share that is painted, and how bright that is.
PIXELS = """async (view) => {
  const canvas = view.querySelector("canvas");
  view.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true, cancelable: true }));
  for (let i = 0; i < 20; i += 1) await null;
  const found = await new Promise((resolve) => {
    requestAnimationFrame(() => resolve(createImageBitmap(canvas)));
  });
  const copy = new OffscreenCanvas(found.width, found.height);
  const context = copy.getContext("2d");
  context.drawImage(found, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  let sum = 0, painted = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] === 255) { painted += 1; sum += data[i] + data[i + 1] + data[i + 2]; }
  }
  return [painted / (data.length / 4), sum / 3 / painted];
}"""


def relief(page: Page, path: str) -> Locator:
    """Open a page and wait for its relief to be drawn."""
    open_page(page, path)
    return drawn(page)


def drawn(page: Page) -> Locator:
    found = page.get_by_test_id("relief")
    expect(found).to_have_attribute("data-frames", re.compile(r"[1-9]"))
    expect(found).to_have_attribute("data-x", re.compile(r"\d"))
    return found


def numbers(found: Locator, *names: str) -> list[float]:
    return [float(found.get_attribute(f"data-{name}") or "nan") for name in names]


def rested(page: Page, found: Locator) -> int:
    """The count of pictures once no more are drawn."""
    before = -1.0
    while before != (now := numbers(found, "frames")[0]):
        before = now
        page.wait_for_timeout(300)
    return int(before)


def choose(page: Page, name: str) -> None:
    page.get_by_test_id("picture-choice").get_by_text(name).click()


def test_switching_keeps_the_playhead_the_height_and_the_address(page: Page):
    open_page(page, CALM)
    expect(page).to_have_url(re.compile("at=2$"))
    height = page.get_by_test_id("plot").bounding_box()
    choose(page, "Relief")
    found = drawn(page)
    expect(page).to_have_url(re.compile("show=relief.*at=2$"))
    assert found.bounding_box() == height
    expect(page.get_by_test_id("plot")).to_have_count(0)
    expect(found).to_have_attribute("data-at", "2")
    page.reload()
    expect(drawn(page)).to_have_attribute("data-at", "2")
    choose(page, "Contours")
    expect(page.get_by_test_id("plot")).to_be_visible()
    expect(page).not_to_have_url(re.compile("show="))
    expect(page).to_have_url(re.compile("at=2$"))


def test_who_looks_at_contours_does_not_load_the_relief(page: Page):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_page(page, CALM)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "Relief" in url]
    choose(page, "Relief")
    drawn(page)
    assert [url for url in asked if "Relief" in url and url.endswith(".js")]


def test_the_points_follow_the_playhead(page: Page):
    found = relief(page, f"{CALM}&show=relief")
    before = numbers(found, "x", "y")
    page.locator('[data-testid="iterates"] tr[data-k="1"]').click()
    expect(found).to_have_attribute("data-at", "1")
    back = numbers(found, "x", "y")
    assert back != before
    page.locator('[data-testid="iterates"] tr[data-k="2"]').click()
    expect(found).to_have_attribute("data-x", re.compile(f"^{before[0]:g}"))
    assert numbers(found, "x", "y") == before
    readout = page.get_by_test_id("readout")
    expect(readout).to_contain_text("A at k = 2")
    expect(readout).to_contain_text("height: f")


def test_between_two_iterations_it_stands_between_them(page: Page):
    found = relief(page, f"{CALM.replace('at=2', 'at=0')}&show=relief")
    (first,) = numbers(found, "x")
    found = relief(page, f"{CALM.replace('at=2', 'at=0.5')}&show=relief")
    (half,) = numbers(found, "x")
    found = relief(page, f"{CALM.replace('at=2', 'at=1')}&show=relief")
    (second,) = numbers(found, "x")
    assert min(first, second) + 2 < half < max(first, second) - 2


def test_the_letter_stands_by_its_point(page: Page):
    found = relief(page, RAVINE)
    x, y = numbers(found, "x", "y")
    frame, letter = found.bounding_box(), page.get_by_test_id("relief-run-B").bounding_box()
    assert frame and letter
    assert abs(letter["x"] - frame["x"] - x) < 40
    assert abs(letter["y"] - frame["y"] - y) < 40


def test_dragging_and_the_keys_turn_it_the_wheel_brings_it_nearer(page: Page):
    found = relief(page, f"{CALM}&show=relief")
    first = numbers(found, "azimuth", "elevation", "zoom", "x", "y")
    box = found.bounding_box()
    assert box
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 230, steps=4)
    page.mouse.up()
    turned = numbers(found, "azimuth", "elevation", "zoom", "x", "y")
    assert turned[0] < first[0] and turned[1] > first[1] and turned[2] == first[2]
    assert turned[3:] != first[3:]

    page.mouse.wheel(0, -300)
    expect(found).not_to_have_attribute("data-zoom", "1")
    assert numbers(found, "zoom")[0] > 1

    picture = page.get_by_role("application")
    picture.focus()
    page.keyboard.press("ArrowRight")
    expect(found).not_to_have_attribute("data-azimuth", f"{turned[0]:g}")
    expect(found).to_have_attribute("data-at", "2")
    near = numbers(found, "zoom")[0]
    page.keyboard.press("-")
    expect(found).not_to_have_attribute("data-zoom", f"{near:g}")
    assert numbers(found, "zoom")[0] < near

    page.get_by_role("button", name="Reset the view").click()
    expect(found).to_have_attribute("data-zoom", "1")
    assert numbers(found, "azimuth", "elevation", "zoom", "x", "y") == first


def test_it_is_drawn_only_when_something_changes(page: Page):
    found = relief(page, f"{CALM}&show=relief")
    before = rested(page, found)
    page.wait_for_timeout(600)
    assert numbers(found, "frames")[0] == before
    page.keyboard.press("ArrowRight")
    expect(found).not_to_have_attribute("data-frames", str(before))


def test_it_turns_slowly_unless_less_motion_is_asked_for(page: Page):
    found = relief(page, f"{CALM}&show=relief")
    turn = page.get_by_role("button", name="Turn slowly")
    (before,) = numbers(found, "azimuth")
    turn.click()
    expect(turn).to_have_attribute("aria-pressed", "true")
    expect(found).not_to_have_attribute("data-azimuth", f"{before:g}")
    turn.click()
    rested(page, found)
    page.emulate_media(reduced_motion="reduce")
    page.reload()
    drawn(page)
    expect(page.get_by_role("button", name="Turn slowly")).to_be_disabled()


@pytest.mark.parametrize(
    ("path", "words"),
    [(f"{CALM}&show=relief", "height: f"), (RAVINE, "height: log scale"), (CLIMB, "height: f")],
)
def test_the_scale_of_the_heights_is_said(page: Page, path: str, words: str):
    relief(page, path)
    expect(page.get_by_test_id("relief-height")).to_have_text(words)


def test_the_picture_survives_a_change_of_the_theme(page: Page):
    found = relief(page, RAVINE)
    view = page.get_by_role("application")
    painted, brightness = view.evaluate(PIXELS)
    assert 0.1 < painted < 0.9
    frames = rested(page, found)
    page.get_by_role("button", name="theme").click()
    expect(found).not_to_have_attribute("data-frames", str(frames))
    dark = view.evaluate(PIXELS)
    assert dark[0] == pytest.approx(painted, abs=0.06)
    assert dark[1] < brightness - 60


def test_a_browser_without_webgl_gets_a_sentence_and_a_way_back(page: Page):
    page.add_init_script(
        """const found = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
          return kind.startsWith("webgl") ? null : found.call(this, kind, ...more);
        };"""
    )
    open_page(page, f"{CALM}&show=relief")
    expect(page.get_by_test_id("relief-message")).to_contain_text("no WebGL")
    page.get_by_role("button", name="Back to the contours").click()
    expect(page.get_by_test_id("plot")).to_be_visible()
    expect(page).not_to_have_url(re.compile("show="))


def test_a_lost_picture_comes_back(page: Page):
    found = relief(page, f"{CALM}&show=relief")
    kept = found.locator("canvas").evaluate_handle(
        "(canvas) => canvas.getContext('webgl2').getExtension('WEBGL_lose_context')"
    )
    kept.evaluate("(lost) => lost.loseContext()")
    expect(page.get_by_test_id("relief-message")).to_be_visible()
    kept.evaluate("(lost) => lost.restoreContext()")
    expect(page.get_by_test_id("relief-message")).to_have_count(0)
    assert page.get_by_role("application").evaluate(PIXELS)[0] > 0.1


def test_switching_often_leaves_no_context_behind(page: Page):
    """A browser gives 16 WebGL contexts to a page, and complains when it takes one back."""
    open_page(page, CALM)
    for _ in range(20):
        choose(page, "Relief")
        drawn(page)
        choose(page, "Contours")
        expect(page.get_by_test_id("plot")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("name", PLACES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    page: Page, name: str, size: str, scheme: str
):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    if size == "phone":
        page.set_viewport_size(PHONE)
    relief(page, PLACES[name])
    page.wait_for_load_state("networkidle")
    assert page.evaluate(SIDEWAYS) <= 0
    page.evaluate(AXE)
    found = page.evaluate("async () => (await axe.run()).violations")
    assert [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in found] == []
