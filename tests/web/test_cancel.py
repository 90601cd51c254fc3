"""Why things cancel: both ways on the page, number by number, and where the long one breaks."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.web.conftest import PHONE, open_page

Json = dict[str, Any]
STALE = re.compile(r"\bstale\b")


THREE = (("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy"), ("identity", "mse"))

LINES = {"∂L/∂a": "dA", "the long way": "product", "the short way": "short"}


def titled(cell: Locator) -> float:
    return float((cell.get_attribute("title") or "").replace("−", "-"))


def numbers(line: Locator) -> list[float]:
    return [titled(cell) for cell in line.locator("td").all()]


def set_text(formula: Locator) -> str:
    """What KaTeX has set, without its spaces; a fraction reads from below."""
    return re.sub(r"[\s\u200b]", "", formula.text_content() or "")


@pytest.mark.parametrize("preset", ["bce_sigmoid", "ce_softmax", "mse_identity"])
def test_both_ways_are_the_server_s(
    page: Page, server: str, presets: dict[str, Json], preset: str
) -> None:
    way = httpx.post(f"{server}/api/long-way", json=presets[preset]["request"]).json()
    open_page(page, f"/propagate?preset={preset}&lens=cancel&at=3")
    table = page.get_by_test_id("both-ways")
    page.get_by_test_id("cancel-sample").select_option("1")
    expect(table.locator('[data-line="y"] td').nth(1)).to_have_text("1")
    assert numbers(table.locator('[data-line="∂L/∂a"]')) == way["dA"][1]
    assert numbers(table.locator('[data-line="the long way"]')) == way["product"][1]
    assert numbers(table.locator('[data-line="the short way"]')) == way["short"][1]
    assert numbers(table.locator('[data-line="difference"]')) == way["difference"][1]
    if preset == "ce_softmax":
        rows = page.get_by_test_id("jacobian").locator("tbody tr").all()
        assert [numbers(row) for row in rows] == way["jacobian"][1]
    beside_each_other(page, server, way["Z"][1], way["Y"][1])
    # Nine columns fit beside the panels of a laptop; on a phone it is said that there are more.
    for size, hints in (({"width": 1440, "height": 900}, 0), (PHONE, 1)):
        page.set_viewport_size(size)
        expect(page.get_by_test_id("beside-goes-on")).to_have_count(hints)


def beside_each_other(page: Page, server: str, z: list[float], y: list[float]) -> None:
    """The three pairs for the same z and y, number by number, whatever the network has."""
    for activation, loss in THREE:
        body = {"activation": activation, "loss": loss, "Z": [z], "Y": [y]}
        [way] = httpx.post(f"{server}/api/long-ways", json=body).json()["rows"]
        for line, name in (
            ("∂L/∂a", "dA"),
            ("the long way", "product"),
            ("the short way", "short"),
        ):
            row = page.get_by_test_id("beside").locator(f'[data-line="{line}"]')
            cells = row.locator(f'[data-pair="{activation}"]').all()
            assert [titled(cell) for cell in cells] == way[name][0], (activation, line)


@pytest.mark.parametrize(
    ("preset", "address", "short", "count"),
    [
        ("mse_identity", "half=no&reduction=sum&layout=columns", "2(a−y)", "There is no 1/N"),
        ("mse_identity", "half=no", "N2(a−y)", "1/N = 1/3 is in ∂L/∂a"),
        ("bce_sigmoid", "reduction=sum", "a−y", "There is no 1/N"),
        ("ce_softmax", "half=no", "N1(a−y)", "1/N = 1/3 is in ∂L/∂a"),
    ],
)
def test_the_algebra_is_that_of_the_conventions(
    page: Page, presets: dict[str, Json], preset: str, address: str, short: str, count: str
) -> None:
    open_page(page, f"/propagate?preset={preset}&lens=cancel&at=3&{address}")
    line = page.get_by_test_id("both-ways").locator('[data-line="the short way"] .katex-html')
    expect(line).to_be_visible()
    assert set_text(line) == short
    expect(page.get_by_test_id("count-sentence")).to_contain_text(count)
    algebra = set_text(page.get_by_test_id("cancel").locator(".algebra .katex-html"))
    assert ("N" in algebra) == ("reduction=sum" not in address)
    assert ("2" in algebra) == (preset == "mse_identity")
    table = page.get_by_test_id("both-ways")
    a, y, ways = (numbers(table.locator(f'[data-line="{n}"]')) for n in ("a", "y", "the short way"))
    N = len(presets[preset]["request"]["X"])
    factor = (2 if preset == "mse_identity" else 1) / (1 if "sum" in address else N)
    assert ways == pytest.approx([factor * (p - q) for p, q in zip(a, y, strict=True)], rel=1e-12)


@pytest.mark.parametrize("preset", ["mse_identity", "ce_softmax"])
def test_the_gradient_of_the_outputs_blows_up_beside_the_identity_s(
    page: Page, preset: str
) -> None:
    """y = 1 and â → 0: ∂L/∂a is −∞ for both cross entropies, and 2 (z − y) with the identity."""
    open_page(page, f"/propagate?preset={preset}&lens=cancel&half=no&probe=-800,1&at=3")
    probe = page.get_by_test_id("probe")

    def cell(line: str, pair: str) -> Locator:
        return probe.locator(f'[data-line="{line}"] [data-pair="{pair}"]')

    for pair in ("sigmoid", "softmax"):
        expect(cell("a", pair)).to_have_text("0")
        expect(cell("∂L/∂a", pair)).to_have_text("−∞")
        expect(cell("the long way", pair)).to_have_text("NaN")
        expect(cell("the short way", pair)).to_have_text("−1")
        expect(cell("loss from a", pair)).to_have_text("+∞")
        expect(cell("loss from z", pair)).to_have_text("800")
    expect(cell("∂L/∂a", "identity")).to_have_text("−1602")
    expect(cell("the long way", "identity")).to_have_text("−1602")
    expect(cell("the short way", "identity")).to_have_text("−1602")
    expect(cell("loss from z", "identity")).to_have_text("the same")
    expect(page.get_by_test_id("verdict")).to_contain_text("multiplies ∞ by 0")


def test_the_long_way_breaks_and_the_short_one_does_not(page: Page) -> None:
    open_page(page, "/propagate?preset=bce_sigmoid&lens=cancel&probe=800,0&at=3")
    probe = page.get_by_test_id("probe")
    expect(probe.locator('[data-line="the long way"] [data-pair="sigmoid"]')).to_have_text("NaN")
    expect(probe.locator('[data-line="the short way"] [data-pair="sigmoid"]')).to_have_text("1")
    expect(probe.locator('[data-line="loss from a"] [data-pair="sigmoid"]')).to_have_text("+∞")
    expect(probe.locator('[data-line="loss from z"] [data-pair="sigmoid"]')).to_have_text("800")
    expect(page.get_by_test_id("verdict")).to_contain_text("multiplies ∞ by 0")
    page.get_by_role("button", name="37", exact=True).click()
    expect(probe.locator('[data-line="the long way"] [data-pair="sigmoid"]')).to_have_text("+∞")
    expect(page).to_have_url(re.compile("probe=37,0"))
    page.get_by_role("button", name="10", exact=True).click()
    expect(page.get_by_test_id("verdict")).to_contain_text("Both ways")
    expect(page.get_by_test_id("breaking").get_by_role("img")).to_have_count(5)


def test_an_answer_that_is_late_is_marked_and_keeps_its_own_z(page: Page) -> None:
    open_page(page, "/propagate?preset=bce_sigmoid&lens=cancel&probe=10,0&at=3")
    breaking = page.get_by_test_id("breaking")
    answer = breaking.get_by_role("region", name="The pairs for this z")
    dot = breaking.locator("circle").first
    expect(answer).not_to_have_class(STALE)
    held: list[Route] = []
    page.route("**/api/long-ways", lambda route: held.append(route))
    place, shown = dot.get_attribute("cx"), answer.inner_text()
    page.get_by_role("button", name="0", exact=True).click()
    expect(answer).to_have_class(STALE)
    expect(breaking.locator(".curves")).to_have_class(STALE)
    assert (dot.get_attribute("cx"), answer.inner_text()) == (place, shown)
    expect(answer).to_have_css("opacity", "0.6")
    while held:
        held.pop().continue_()
    expect(answer).not_to_have_class(STALE)
    expect(dot).not_to_have_attribute("cx", place or "")
