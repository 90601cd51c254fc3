"""What /train trains on: own tables and files, rows that are kept back, how many are drawn."""

import json
import re
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.web.conftest import open_page
from tests.web.test_train import DATA, STOOD, events_of, expect_shown, expect_step, moons


def test_a_table_with_a_fault_names_line_and_column_and_the_last_picture_stays(page: Page):
    open_page(page, STOOD)
    page.get_by_test_id("data").select_option("")
    page.get_by_test_id("table").fill("a,b,label\n1,2,x\n3,oops,y\n4,5,x\n")
    page.get_by_test_id("use-table").click()
    expect(page.get_by_test_id("table-note")).to_contain_text(re.compile(r"[Ll]ine 3"))
    expect_step(page, 42)
    page.get_by_test_id("table").fill(
        "a,b,label\n1,2,x\n3,1,y\n4,5,x\n2,2,y\n0,1,z\n1,1,z\n2,0,x\n5,1,y\n0,3,z\n"
    )
    page.get_by_test_id("use-table").click()
    expect(page.get_by_test_id("data-summary")).to_contain_text("3 classes")
    expect(page.get_by_test_id("loss")).to_have_value("cross_entropy")
    expect(page.get_by_test_id("standing-A")).to_contain_text("All epochs are done.")


def choose_table(page: Page, **choice: str) -> None:
    for name, value in choice.items():
        page.get_by_test_id(f"table-{name}").select_option(value)
    page.get_by_test_id("use-table").click()


def test_a_file_with_its_header_target_and_task(page: Page):
    open_page(page, STOOD)
    page.get_by_test_id("data").select_option("")
    rows = ["kind,2020,2021", *(f"{'xy'[i % 2]},{i % 5},{i}" for i in range(40))]

    def upload(lines: list[str]) -> None:
        content = "\n".join(lines).encode()
        file = {"name": "own.csv", "mimeType": "text/csv", "buffer": content}
        page.get_by_test_id("table-file").set_input_files(file)

    note, target = page.get_by_test_id("table-note"), page.get_by_test_id("table-target")
    # Numbers as names aren't guessed to be names.
    page.get_by_test_id("table-header").select_option("yes")
    # A text stands where a number is expected, as long as the last column is what is learned.
    upload(rows)
    expect(note).to_contain_text("Line 2, column 1")
    expect(target.locator("option")).to_have_text(["The last one", "kind", "2020", "2021"])
    choose_table(page, target="kind")
    summary = page.get_by_test_id("data-summary")
    # What is in force stays in force: 30 % of moons were kept back.
    expect(summary).to_contain_text("28 training samples, 12 test samples, 2 features, 2 classes")
    # A column that is called by a number; the other text is out of the way.
    upload(["2020,2021,2022", *(f"{i % 3},{i},{i * i}" for i in range(40))])
    expect(target).to_have_value("")
    choose_table(page, target="2020", task="regression")
    expect(summary).to_contain_text("2 features.")
    expect(page.get_by_test_id("loss")).to_have_value("mse")
    choose_table(page, task="classification")
    expect(summary).to_contain_text("3 classes")
    expect(page).to_have_url(re.compile("2020"))
    # Without a header the first line is a sample.
    choose_table(page, header="no", target="column 1")
    expect(summary).to_contain_text("29 training samples, 12 test samples, 2 features, 4 classes")
    page.reload()
    expect(target).to_have_value("column 1")


def test_own_data_that_say_nothing_are_all_trained_on(page: Page):
    table = {"table": {"text": "a,b\n0,1.5\n1,2.5\n2,3.5\n3,4.5\n", "target": 0}}
    open_page(page, f"/train?preset=moons&data={quote(json.dumps(table))}&epochs=3&at=0")
    expect(page.get_by_text("For the test: 0 %")).to_be_visible()
    expect(page.get_by_test_id("data-summary")).to_contain_text("4 training samples, 0 test")
    expect(page.get_by_test_id("table-target")).to_have_value("a")
    expect(page.get_by_label("Split seed")).to_have_count(0)
    page.get_by_test_id("data").select_option("blobs")
    expect(page.get_by_label("Split seed")).to_be_visible()


def test_other_test_rows_and_another_sample_are_other_runs(page: Page, server: str):
    open_page(page, STOOD)
    page.get_by_label("Split seed").fill("5")
    page.get_by_label("Split seed").press("Enter")
    body = moons(server, data=DATA | {"split_seed": 5}, steps=0)
    rows = [row for event, row in events_of(server, body) if event == "row"]
    page.get_by_test_id("reset").click()
    expect_step(page, 0)
    expect_shown(page, "Loss L, training", rows[0]["loss"])
    size = page.get_by_test_id("sampling").get_by_role("slider")
    size.press("Home")
    expect(page.get_by_test_id("data-summary")).to_contain_text("2 training samples, 2 test")
    expect(page.get_by_label("Number of samples")).to_have_value("4")
    expect(page.get_by_test_id("standing-A")).to_contain_text("All epochs are done.")
    size.press("ArrowRight")
    expect(page.get_by_label("Number of samples")).to_have_value("5")
