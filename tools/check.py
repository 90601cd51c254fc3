"""Run every check, as many at once as there are processors, and say at the end which failed.

Arguments go to pytest.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".venv" / "bin"
STATIC = ROOT / "static"
AT_ONCE = min(os.cpu_count() or 1, 4)


@dataclass(frozen=True)
class Stage:
    title: str
    command: tuple[str, ...]
    folder: Path = ROOT


@dataclass(frozen=True)
class Result:
    title: str
    passed: bool
    seconds: float

    def __str__(self) -> str:
        return f"  {'passed' if self.passed else 'FAILED'}  {self.title} ({self.seconds:.1f} s)"


# The longest first.
STAGES = (
    Stage("Vitest", ("npm", "test", "--silent"), STATIC),
    Stage("svelte-check: types", ("npm", "run", "check", "--silent"), STATIC),
    Stage("ESLint", ("npm", "run", "lint", "--silent"), STATIC),
    Stage("pyright: types", ("node", "static/node_modules/pyright/index.js")),
    Stage("import-linter: architecture", ("lint-imports", "--no-logo")),
    Stage("API types: as committed", ("python", "tools/api_types.py", "--check")),
    Stage("ruff: lint", ("ruff", "check", "--quiet", ".")),
    Stage("ruff: format", ("ruff", "format", "--check", "--quiet", ".")),
    Stage("a browser to test with", ("python", "tools/browser.py")),
)


def run_stage(stage: Stage) -> Result:
    """Run a stage quietly, and print what it said once it is done."""
    start = time.monotonic()
    done = subprocess.run(
        stage.command,
        cwd=stage.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    result = Result(stage.title, done.returncode == 0, time.monotonic() - start)
    print(f"\n── {stage.title}\n{done.stdout}{result}", flush=True)
    return result


def run_tests(arguments: list[str]) -> Result:
    """Run pytest as it is, so that its progress is seen."""
    print("\n── pytest", flush=True)
    start = time.monotonic()
    # A file's tests stay together, since they share servers; and the folders keep their order:
    # after the first test of tests/web, Playwright's event loop runs in the process for good.
    apart = ["--dist", "loadfile", "--no-loadscope-reorder"]
    spread = ["-n", str(AT_ONCE), *apart] if AT_ONCE > 1 else []
    command = ["python", "-m", "pytest", *spread, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment(), check=False)
    return Result("pytest", done.returncode == 0, time.monotonic() - start)


def environment() -> dict[str, str]:
    path = os.pathsep.join([str(TOOLS), os.environ.get("PATH", "")])
    return {**os.environ, "PATH": path}


def main() -> int:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(run_stage, STAGES))
    print("\n── So far", *results, sep="\n", flush=True)
    # Last, so that its count of tests closes the output.
    results.append(run_tests(sys.argv[1:]))
    failed = [result.title for result in results if not result.passed]
    if failed:
        print("\nFailed: " + ", ".join(failed), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
