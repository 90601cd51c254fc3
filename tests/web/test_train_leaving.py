"""A page that trains is closed: nobody waits for its run any more."""

from pathlib import Path

from playwright.sync_api import BrowserContext

from tests.app.processes import alive, children, ticks, until
from tests.app.servers import serving
from tests.web.conftest import open_page
from tests.web.test_train import SLOW


def test_the_worker_of_a_closed_page_stops(context: BrowserContext, tmp_path: Path):
    with serving(tmp_path, "app.main:app") as server:
        page = context.new_page()
        open_page(page, server.address + SLOW)
        before = {process: ticks(process) for process in children(server.process.pid)}

        def busy() -> set[int]:
            return {process for process, was in before.items() if ticks(process) > was + 50}

        assert until(busy)
        (worker,) = busy()
        assert alive(worker)
        page.close()
        assert until(lambda: not alive(worker), within=2)
        # Another one stands ready in its place.
        assert until(lambda: len(children(server.process.pid) - set(before)) > 0)
