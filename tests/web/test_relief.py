"""The relief of /descent: the surface in space, in step with the playhead, and for everyone."""

import base64
import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import open_page

CALM = "/descent?run=gradient_descent,learning_rate:0.1&run=gradient_descent&at=2&show=relief"
FLAT = CALM.replace("&show=relief", "")
RAVINE = "/descent?surface=rosenbrock&run=adam,learning_rate:0.1&max=200&at=20&show=relief"
PLACES = {"calm": CALM, "ravine": RAVINE}
NO_WEBGL = """
const get = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.startsWith("webgl") ? null : get.call(this, kind, ...rest);
};
"""
# The pixels of the picture around a place, as it stands on the screen: [r, g, b] each.
PIXELS = """async ([url, x, y, reach]) => {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2 * reach, 2 * reach];
  const context = canvas.getContext("2d");
  context.drawImage(image, x - reach, y - reach, 2 * reach, 2 * reach, 0, 0, 2 * reach, 2 * reach);
  const { data } = context.getImageData(0, 0, 2 * reach, 2 * reach);
  return Array.from({ length: data.length / 4 }, (_, i) => [...data.slice(4 * i, 4 * i + 3)]);
}"""


def number(page: Page, name: str) -> float:
    value = page.get_by_test_id("relief").get_attribute(f"data-{name}")
    assert value is not None
    return float(value)


def place(page: Page) -> tuple[float, float]:
    """Where the selected run's ball stands in the picture, in pixels."""
    return number(page, "x"), number(page, "y")


def frames_settle(page: Page) -> float:
    """Wait until nothing is drawn any more; how many frames that took in all."""
    page.wait_for_function(
        """() => new Promise((done) => {
          const frames = () => document.querySelector('[data-testid=relief]').dataset.frames;
          const before = frames();
          setTimeout(() => done(before !== "0" && before === frames()), 400);
        })"""
    )
    return number(page, "frames")


def colours_around(page: Page, x: float, y: float, reach: int = 5) -> list[list[int]]:
    """Read in a page of its own: the policy of ours lets no picture of that kind in."""
    shot = page.get_by_test_id("relief").screenshot(animations="disabled")
    other = page.context.new_page()
    url = "data:image/png;base64," + base64.b64encode(shot).decode()
    found = other.evaluate(PIXELS, [url, round(x) + 1, round(y) + 1, reach])
    other.close()
    return found


def test_the_picture_can_be_switched_and_the_address_says_which(page: Page):
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    open_page(page, FLAT)
    flat = page.get_by_test_id("plot").bounding_box()
    assert not [url for url in loaded if "/Relief-" in url]
    page.get_by_text("Relief", exact=True).click()
    expect(page.get_by_test_id("relief")).to_be_visible()
    expect(page).to_have_url(re.compile("show=relief"))
    assert [url for url in loaded if re.search(r"/Relief-.*\.js", url)]
    assert page.get_by_test_id("relief").bounding_box() == flat
    page.get_by_role("radio", name="Contours").check()
    expect(page.get_by_test_id("plot")).to_be_visible()
    expect(page.get_by_test_id("relief")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("show="))


def test_the_address_opens_it_and_says_how_high_is_meant(page: Page):
    open_page(page, RAVINE)
    expect(page.get_by_test_id("relief-height")).to_have_text("height: log scale")
    open_page(page, CALM)
    expect(page.get_by_test_id("relief-height")).to_have_text("height: f")
    readout = page.get_by_test_id("readout")
    expect(readout).to_contain_text(re.compile(r"A at k = 2: x1 = 1\.650"))
    name = re.compile("Relief of The lecture's quadratic, height: f")
    expect(page.get_by_role("application", name=name)).to_be_visible()


def test_the_ball_goes_with_the_playhead(page: Page):
    open_page(page, CALM)
    frames_settle(page)
    second = place(page)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("relief")).to_have_attribute("data-at", "3")
    third = place(page)
    assert third != second
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_test_id("relief")).to_have_attribute("data-at", "2")
    assert place(page) == second
    open_page(page, CALM.replace("at=2", "at=3"))
    frames_settle(page)
    assert place(page) == third
    # Between two iterations it stands between their two places.
    open_page(page, CALM.replace("at=2", "at=2.5"))
    frames_settle(page)
    between = place(page)
    assert min(second[0], third[0]) < between[0] < max(second[0], third[0])


def test_what_is_drawn_stands_where_the_labels_say(page: Page):
    page.emulate_media(reduced_motion="reduce")
    open_page(page, CALM.replace("&run=gradient_descent&", "&").replace("at=2", "at=0"))
    frames_settle(page)
    x, y = place(page)
    blue = [c for c in colours_around(page, x, y) if c[2] > 110 and c[0] < 90]
    assert len(blue) > 50
    letter = page.get_by_test_id("relief-run-A").locator("span").bounding_box()
    frame = page.get_by_test_id("relief").bounding_box()
    assert letter is not None
    assert frame is not None
    dx = letter["x"] + letter["width"] / 2 - frame["x"] - x
    dy = letter["y"] + letter["height"] / 2 - frame["y"] - y
    assert 10 < (dx**2 + dy**2) ** 0.5 < 30


def test_it_is_drawn_only_where_something_is_new(page: Page):
    page.emulate_media(reduced_motion="reduce")
    open_page(page, CALM)
    before = frames_settle(page)
    page.wait_for_timeout(300)
    assert number(page, "frames") == before
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("relief")).not_to_have_attribute("data-frames", f"{before:.0f}")
    expect(page.get_by_role("button", name="Turn slowly")).to_be_disabled()


def test_it_can_be_turned_and_brought_nearer(page: Page):
    open_page(page, CALM)
    box = page.get_by_test_id("relief").bounding_box()
    assert box is not None
    first = (number(page, "azimuth"), number(page, "elevation"), number(page, "zoom"))
    page.mouse.move(box["x"] + 300, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 225, steps=4)
    page.mouse.up()
    assert number(page, "azimuth") == pytest.approx(first[0] + 40)
    assert number(page, "elevation") == pytest.approx(first[1] + 10)
    page.mouse.move(box["x"] + 100, box["y"] + 225)
    assert number(page, "azimuth") == pytest.approx(first[0] + 40)
    page.mouse.wheel(0, -200)
    expect(page.get_by_test_id("relief")).not_to_have_attribute("data-zoom", "1")
    assert number(page, "zoom") > 1
    page.get_by_role("button", name="Reset the view").click()
    assert (number(page, "azimuth"), number(page, "elevation"), number(page, "zoom")) == first


def test_two_fingers_bring_it_nearer_without_turning_it(page: Page):
    open_page(page, CALM)
    before = number(page, "azimuth"), number(page, "elevation")
    view = page.get_by_role("application")

    def finger(kind: str, which: int, x: int) -> None:
        more = {"clientX": x, "clientY": 300, "pointerId": which, "pointerType": "touch"}
        view.dispatch_event(kind, {**more, "bubbles": True, "button": 0})

    # The browser captures only pointers that there are.
    page.evaluate("() => { Element.prototype.setPointerCapture = () => {}; }")
    finger("pointerdown", 11, 500)
    finger("pointerdown", 12, 600)
    finger("pointermove", 12, 650)
    expect(page.get_by_test_id("relief")).to_have_attribute("data-zoom", "1.5")
    assert (number(page, "azimuth"), number(page, "elevation")) == before
    finger("pointerup", 12, 650)
    finger("pointermove", 11, 510)
    expect(page.get_by_test_id("relief")).to_have_attribute("data-zoom", "1.5")
    assert number(page, "azimuth") == pytest.approx(before[0] - 4)


def test_the_keys_turn_it_where_it_has_the_focus_and_step_elsewhere(page: Page):
    open_page(page, CALM)
    before = number(page, "azimuth")
    page.get_by_role("application").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("+")
    assert number(page, "azimuth") == before + 10
    assert number(page, "elevation") > 33
    assert number(page, "zoom") > 1
    page.keyboard.press("-")
    assert number(page, "zoom") == 1
    assert number(page, "at") == 2


def test_it_turns_slowly_while_asked_to(page: Page):
    page.clock.install()
    open_page(page, CALM)
    before = number(page, "azimuth")
    page.clock.pause_at(page.evaluate("() => Date.now() + 1000"))
    turn = page.get_by_role("button", name="Turn slowly")
    turn.click()
    expect(turn).to_have_attribute("aria-pressed", "true")
    page.clock.run_for(2000)
    assert number(page, "azimuth") == pytest.approx(before + 16, abs=0.5)
    turn.click()
    after = number(page, "azimuth")
    page.clock.run_for(1000)
    assert number(page, "azimuth") == after


def test_it_follows_the_theme_and_the_size(page: Page):
    page.emulate_media(reduced_motion="reduce")
    open_page(page, RAVINE)
    frames_settle(page)
    light = colours_around(page, 350, 200, 60)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    frames_settle(page)
    dark = colours_around(page, 350, 200, 60)

    def mean(colours: list[list[int]]) -> float:
        return sum(map(sum, colours)) / len(colours) / 3

    assert mean(light) > 150
    assert mean(dark) < 100
    before = place(page)
    page.set_viewport_size({"width": 1250, "height": 800})
    expect(page.get_by_test_id("relief")).not_to_have_attribute("data-x", str(before[0]))
    frames_settle(page)
    size = page.locator('[data-testid="relief"] canvas').evaluate(
        "(canvas) => [canvas.width - canvas.clientWidth, canvas.height - canvas.clientHeight]"
    )
    assert size == [0, 0]


def test_the_window_of_the_contours_is_that_of_the_relief(page: Page):
    open_page(page, CALM + "&view=-8,8,-8,8")
    ticks = page.get_by_test_id("relief").locator(".tick").all_inner_texts()
    assert "−10" in ticks
    open_page(page, CALM + "&view=-1,1,-1,1")
    ticks = page.get_by_test_id("relief").locator(".tick").all_inner_texts()
    assert "−10" not in ticks
    assert "0.5" in ticks


def test_without_webgl_a_sentence_leads_back_to_the_contours(page: Page):
    page.add_init_script(NO_WEBGL)
    open_page(page, FLAT)
    page.get_by_text("Relief", exact=True).click()
    expect(page.get_by_test_id("relief-message")).to_contain_text("it has no WebGL")
    page.get_by_role("button", name="Back to the contours").click()
    expect(page.get_by_test_id("plot")).to_be_visible()
    expect(page).not_to_have_url(re.compile("show="))


def test_an_address_opens_without_webgl_too(page: Page):
    page.add_init_script(NO_WEBGL)
    page.goto(CALM)
    expect(page.get_by_test_id("relief-message")).to_contain_text("it has no WebGL")
    expect(page.get_by_test_id("ending-A")).to_be_visible()


def test_a_lost_picture_says_so_and_comes_back(page: Page):
    open_page(page, CALM)
    frames_settle(page)
    page.evaluate(
        """() => {
          const canvas = document.querySelector('[data-testid=relief] canvas');
          const context = canvas.getContext("webgl2");
          globalThis.loss = context.getExtension("WEBGL_lose_context");
          globalThis.loss.loseContext();
        }"""
    )
    expect(page.get_by_test_id("relief-message")).to_contain_text("dropped the picture")
    page.evaluate("() => globalThis.loss.restoreContext()")
    expect(page.get_by_test_id("relief-message")).to_have_count(0)
    x, y = place(page)
    frames_settle(page)
    assert [c for c in colours_around(page, x, y) if c[2] > 110 and c[0] < 90]


def test_leaving_gives_the_graphics_card_back(page: Page):
    page.add_init_script(
        """const get = HTMLCanvasElement.prototype.getContext;
        globalThis.contexts = [];
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
          const found = get.call(this, kind, ...rest);
          if (kind === "webgl2") globalThis.contexts.push(found);
          return found;
        };"""
    )
    open_page(page, CALM)
    for _ in range(3):
        page.get_by_role("radio", name="Contours").check()
        page.get_by_role("radio", name="Relief").check()
        expect(page.get_by_test_id("relief")).to_be_visible()
    page.wait_for_function(
        "() => globalThis.contexts.filter((each) => !each.isContextLost()).length === 1"
    )
