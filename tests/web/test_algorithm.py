"""The pseudo-code on /descent: its lines are the program's steps, its numbers those of the API."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import open_page
from tests.web.test_descent import CALM

ADAM = "/descent?surface=rosenbrock&run=adam,learning_rate:0.1&max=40&at=20"
METHODS = (
    "branch_descent,learning_rate:0.5",
    "momentum,schedule:step",
    "nesterov",
    "adagrad",
    "rmsprop,centered:1",
    "adamw",
    "newton",
    "conjugate_gradient",
    "bfgs",
    "exact_line_search",
)


def quantities(server: str, optimizer: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {
        "surface": {"name": "rosenbrock"},
        "start": [-1.2, 1],
        "optimizer": optimizer,
        "stop": {"max_iterations": 40, "gradient_norm": 1e-6},
        "quantities": True,
        **more,
    }
    return httpx.post(f"{server}/api/descent", json=body).json()["quantities"]


def lines(page: Page, kind: str) -> Locator:
    return page.locator(f'[data-testid="arithmetic"] li[data-kind="{kind}"]')


def every_digit(line: Locator) -> list[float]:
    text = line.locator(".value").get_attribute("title") or ""
    return [float(part.replace("−", "-")) for part in text.split("; ")]


def test_adam_shows_its_means_their_corrections_and_the_step(page: Page, server: str):
    open_page(page, ADAM)
    found = quantities(server, {"name": "adam", "learning_rate": 0.1})
    expect(lines(page, "component")).to_have_count(2)
    expect(lines(page, "component").first.locator(".result")).to_be_visible()
    steps = [step for step in found["steps"] if step["result"] != "theta@1"]
    shown = lines(page, "step")
    expect(shown).to_have_count(len(steps))
    for line, step in zip(shown.all(), steps, strict=True):
        entry = found["columns"][step["result"]][20]
        assert every_digit(line) == (entry if isinstance(entry, list) else [entry])
    assert {"m@1", "v@1", "m_hat@0", "v_hat@0"} <= {step["result"] for step in steps}
    after = lines(page, "component").first.locator("strong")
    assert (
        float((after.get_attribute("title") or "").replace("−", "-"))
        == (found["columns"]["theta@1"][20][0])
    )


@pytest.mark.parametrize("run", METHODS)
def test_every_method_has_its_lines_and_numbers(page: Page, run: str):
    surface = "lecture_quadratic" if run == "exact_line_search" else "rosenbrock"
    open_page(page, f"/descent?surface={surface}&run={run}&max=20&at=0")
    expect(lines(page, "component").last.locator(".result")).to_contain_text(re.compile(r"= −?\d"))
    for line in lines(page, "step").all():
        assert all(abs(number) < 1e9 for number in every_digit(line))
    assert page.locator('[data-testid="arithmetic"] .katex').count() >= 4
    expect(page.locator('[data-testid="arithmetic"] .katex-error')).to_have_count(0)


def test_one_line_at_a_time(page: Page):
    open_page(page, CALM.replace("at=2", "at=0"))
    lit = page.locator('[data-testid="arithmetic"] li[aria-current]')
    forward = page.get_by_test_id("line-forward")
    kinds: list[str | None] = []
    for _ in range(6):
        expect(lit).to_have_count(1)
        kinds.append(lit.get_attribute("data-kind"))
        forward.click()
    assert kinds == ["step", "step", "stop", "component", "component", "next"]
    expect(page.get_by_test_id("arithmetic")).to_contain_text("Step 1 → 2")
    page.get_by_test_id("line-back").click()
    expect(lit).to_have_attribute("data-kind", "next")
    expect(page).to_have_url(re.compile(r"at=0\.9"))
    page.reload()
    expect(lit).to_have_attribute("data-kind", "next")


def test_at_the_end_the_rule_that_fired_is_lit(page: Page):
    open_page(page, CALM.replace("at=2", "at=76"))
    lit = page.locator('[data-testid="arithmetic"] li[aria-current]')
    expect(lit).to_have_attribute("data-kind", "stop")
    expect(lit).to_contain_text("9.")
    expect(page.get_by_test_id("arithmetic")).to_contain_text("End at k = 76")


def test_the_trivial_algorithm_steps_by_the_sign(page: Page):
    open_page(page, "/descent?run=branch_descent,learning_rate:0.5&max=20&at=0")
    expect(lines(page, "component").first).to_contain_text("= 2.5")
