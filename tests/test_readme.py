"""The README's examples are run, and give the output that stands below them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"```(bash|python)\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)
NUMBER = re.compile(r"-?\d+\.\d+")
EXAMPLES = BLOCK.findall((ROOT / "README.md").read_text())
CURL, PYTHON = (
    [(code, output) for kind, code, output in EXAMPLES if kind == wanted]
    for wanted in ("bash", "python")
)


def run(*command: str) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def assert_same(given: str, expected: str):
    """The same words, and the same numbers but for their last digits, which depend on the BLAS."""
    assert NUMBER.sub("#", given) == NUMBER.sub("#", expected)
    numbers = [[float(number) for number in NUMBER.findall(text)] for text in (given, expected)]
    assert numbers[0] == pytest.approx(numbers[1], rel=1e-7)


def test_the_readme_has_its_examples():
    assert (len(CURL), len(PYTHON)) == (2, 1)
    for number in ("-2.4591", "3.1721", "6.2782", "0.0788", "0.9598", "0.9981"):
        assert number in CURL[0][1]


@pytest.mark.skipif(not shutil.which("curl"), reason="curl isn't installed")
@pytest.mark.parametrize(("code", "output"), CURL, ids=["trace", "descent"])
def test_a_curl_example_gives_its_output(server: str, code: str, output: str):
    assert_same(run("bash", "-c", code.replace("http://127.0.0.1:8000", server)), output)


@pytest.mark.parametrize(("code", "output"), PYTHON)
def test_the_python_example_gives_its_output(code: str, output: str):
    assert_same(run(sys.executable, "-c", code), output)
