"""Run every check, one after the other, and say at the end which failed. Arguments go to pytest."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".venv" / "bin"
STATIC = ROOT / "static"


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


STAGES = (
    Stage("ruff: lint", ("ruff", "check", "--quiet", ".")),
    Stage("ruff: format", ("ruff", "format", "--check", "--quiet", ".")),
    Stage("pyright: types", ("node", "static/node_modules/pyright/index.js")),
    Stage("import-linter: architecture", ("lint-imports", "--no-logo")),
    Stage("API types: as committed", ("python", "tools/api_types.py", "--check")),
    Stage("svelte-check: types", ("npm", "run", "check", "--silent"), STATIC),
    Stage("ESLint", ("npm", "run", "lint", "--silent"), STATIC),
    Stage("Vitest", ("npm", "test", "--silent"), STATIC),
    Stage("a browser to test with", ("python", "tools/browser.py")),
)


def run_stage(stage: Stage) -> Result:
    print(f"\n── {stage.title}", flush=True)
    start = time.monotonic()
    path = os.pathsep.join([str(TOOLS), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path}
    done = subprocess.run(stage.command, cwd=stage.folder, env=environment, check=False)
    return Result(stage.title, done.returncode == 0, time.monotonic() - start)


def main() -> int:
    results: list[Result] = []
    for stage in STAGES:
        results.append(run_stage(stage))
        print(results[-1], flush=True)
    print("\n── So far", *results, sep="\n", flush=True)
    # Last, so that its count of tests closes the output.
    results.append(run_stage(Stage("pytest", ("python", "-m", "pytest", *sys.argv[1:]))))
    failed = [result.title for result in results if not result.passed]
    if failed:
        print("\nFailed: " + ", ".join(failed), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
