"""Every place of docs/lecture-coverage.md shows what the table says."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import open_page

TABLE = Path(__file__).resolve().parents[2] / "docs" / "lecture-coverage.md"
ROW = re.compile(r"^\| (S\d+) \| (.+?) \| `(/[^`]*)` \| (.+) \|$", re.MULTILINE)
ROWS = [
    (item, address, tuple(found.split("; ")))
    for item, _, address, found in ROW.findall(TABLE.read_text().replace(r"\|", "∣"))
]


def test_the_table_covers_the_whole_lecture():
    assert {item for item, _, _ in ROWS} == {f"S{number:02}" for number in range(1, 105)}


def test_what_the_lecture_propagates_is_on_that_page():
    numbers = {*range(2, 36), *range(69, 105)}
    elsewhere = [
        (item, address)
        for item, address, _ in ROWS
        if int(item[1:]) in numbers and not address.startswith("/propagate")
    ]
    assert elsewhere == []


@pytest.mark.parametrize(("item", "address", "seen"), ROWS, ids=lambda value: str(value)[:60])
def test_the_place_shows_it(page: Page, item: str, address: str, seen: tuple[str, ...]):
    open_page(page, address)
    for each in seen:
        part, text = each.replace("∣", "|").split(": ", 1)
        found = page.get_by_test_id(part.strip("`")).first
        is_choice = found.evaluate("(element) => element.tagName") == "SELECT"
        told = found.locator("option:checked") if is_choice else found
        expect(told, item).to_contain_text(text)
