"""The landing page leads in, its examples are true, and the API page works with no internet."""

import json
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from core import PRESETS

ROOT = Path(__file__).resolve().parents[2]


def test_the_landing_page_leads_to_every_preset(page: Page):
    page.goto("/")
    addresses = page.locator("a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    for name in PRESETS:
        assert f"/propagate?preset={name}" in addresses
    page.get_by_role("link", name=re.compile("Open the network")).click()
    page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")


def test_the_landing_page_moves_within_a_second(page: Page):
    page.clock.install()
    page.goto("/")
    picture = page.locator("cr-hero")
    expect(picture.locator("canvas").first).to_be_visible()
    before = picture.screenshot()
    page.clock.run_for(700)
    assert picture.screenshot() != before


def output_of(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_landing_page_s_examples_are_true(page: Page):
    page.goto("/")
    curl, curl_output, python, python_output = page.locator("pre").all_inner_texts()
    tensors = json.loads(output_of("bash", "-c", curl.replace("curl", "curl -s", 1)))["tensors"]
    for id in ("Z[1]@0", "A[1]@0"):
        (number,) = tensors[id]["data"]
        assert f'"{id}"' in curl_output
        assert str(number) in curl_output
    *lines, last = python.strip().splitlines()
    code = "\n".join([*lines, f"print(repr({last}))"])
    assert output_of(sys.executable, "-c", code).strip() == python_output.strip()


def test_the_api_page_lists_the_calls_with_no_internet(page: Page):
    page.goto("/docs")
    for path in ("/api/trace", "/api/gradient-check", "/api/catalog", "/healthz"):
        expect(page.get_by_text(path, exact=True).first).to_be_visible()


def test_a_formula_is_set_by_katex(page: Page):
    page.goto("/propagate?preset=mse_identity&at=1")
    expect(page.get_by_test_id("inspector").locator(".katex").first).to_be_visible()
