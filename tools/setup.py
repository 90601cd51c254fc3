"""Set the project up: a virtual environment, the pinned packages, Node.js and the built pages.

    python3 tools/setup.py [run|test|peers]

A step is done again when what it reads has changed, and only then, so a second call takes a moment.
This file is the only one that an older Python may meet, so it has to parse there to say so.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = VENV / "bin"
STATIC = ROOT / "static"
STAMPS = VENV / "stamps"
LOWEST_PYTHON = (3, 11)

PINS = {"run": ["run.txt", "build.txt"], "test": ["test.txt"]}
FRONT_END_PACKAGES = ["package.json", "package-lock.json", ".npmrc"]
FRONT_END_CONFIG = ["vite.config.ts", "vite.plugins.ts", "svelte.config.js", "tsconfig.json"]


class SetupError(Exception):
    """A set-up that can't go on; its message is one sentence for the user."""


def check_python() -> None:
    if sys.version_info < LOWEST_PYTHON:
        found = ".".join(str(part) for part in sys.version_info[:2])
        raise SetupError(
            f"Chainrule needs Python 3.11 or newer and `{sys.executable}` is {found}: "
            "name a newer one, as in `make run PYTHON=python3.12`."
        )
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise SetupError(
            "This Python lacks the `venv` module: install it "
            "(on Debian and Ubuntu: `apt-get install python3-venv`) and try again."
        )


def environment() -> dict[str, str]:
    """The virtual environment first on the PATH, so that npm finds the wheel's Node.js."""
    return {**os.environ, "PATH": os.pathsep.join([str(TOOLS), os.environ.get("PATH", "")])}


def call(*command: str | Path, folder: Path = ROOT) -> None:
    result = subprocess.run([str(part) for part in command], cwd=folder, env=environment())
    if result.returncode:
        name = Path(command[0]).name
        raise SetupError(f"`{name} {command[1]}` failed; its own words are above.")


def fingerprint(files: Iterable[Path], *words: str) -> str:
    digest = hashlib.sha256("\0".join(words).encode())
    for file in sorted(files):
        content = file.read_bytes() if file.exists() else b""
        digest.update(f"\0{file.relative_to(ROOT)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def step(name: str, mark: str, made: Path, title: str, work: Callable[[], None]) -> None:
    """Do `work` unless it was done for this very `mark` and what it made is still there."""
    stamp = STAMPS / name
    if made.exists() and stamp.exists() and stamp.read_text() == mark:
        return
    print(f"› {title} …", flush=True)
    start = time.monotonic()
    stamp.unlink(missing_ok=True)
    work()
    STAMPS.mkdir(exist_ok=True)
    stamp.write_text(mark)
    print(f"  done in {time.monotonic() - start:.1f} s", flush=True)


def make_venv() -> None:
    # The path is part of the mark: the scripts in a virtual environment don't survive a move.
    mark = fingerprint([], str(VENV), sys.version)
    create = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    step("venv", mark, TOOLS / "python", "Making .venv", lambda: call(*create))


def install_pins(kind: str) -> None:
    if kind == "run" and (STAMPS / "packages-test").exists():
        kind = "test"  # What the tests need includes what a run needs.
    files = [ROOT / "requirements" / name for name in PINS[kind]]
    arguments = [part for file in files for part in ("-r", str(file))]
    command = [TOOLS / "python", "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--require-hashes", *arguments]
    title = f"Installing the Python packages to {kind}"
    step(f"packages-{kind}", fingerprint(files), TOOLS / "node", title, lambda: call(*command))


def peers() -> list[str]:
    """Not in the hash-pinned files: PyTorch has a build for each platform, some of gigabytes."""
    import tomllib  # Newer than the Python that this file must be readable to.

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return project["optional-dependencies"]["peers"]


def install_peers() -> None:
    """What to compare with; where it can't be had, the tests that compare are skipped."""
    names = peers()
    command = [TOOLS / "python", "-m", "pip", "install", "--disable-pip-version-check", *names]
    title = "Installing the peers to compare with: " + ", ".join(names)
    try:
        step("peers", fingerprint([], *names), VENV, title, lambda: call(*command))
    except SetupError:
        print("  They can't be had here; what compares with them is skipped.", flush=True)


def install_front_end() -> None:
    node = ROOT / "requirements" / "build.txt"
    mark = fingerprint([node, *(STATIC / name for name in FRONT_END_PACKAGES)])
    made = STATIC / "node_modules" / ".package-lock.json"
    command = [TOOLS / "npm", "ci", "--loglevel=error"]
    title = "Installing the front-end packages"
    step("npm", mark, made, title, lambda: call(*command, folder=STATIC))


def build_pages() -> None:
    sources = [file for file in (STATIC / "src").rglob("*") if file.is_file()]
    files = sources + [STATIC / name for name in FRONT_END_PACKAGES + FRONT_END_CONFIG]
    command = [TOOLS / "npm", "run", "build", "--silent", "--", "--logLevel", "warn"]
    made = STATIC / "dist" / "manifest.json"
    mark, title = fingerprint(files), "Building the pages"
    step("pages", mark, made, title, lambda: call(*command, folder=STATIC))


def wanted_peers(kind: str) -> bool:
    asked = os.environ.get("PEERS") == "1" or os.environ.get("CI") == "true"
    return kind == "peers" or (kind == "test" and asked)


def set_up(kind: str) -> None:
    check_python()
    make_venv()
    install_pins("run" if kind == "run" else "test")
    if wanted_peers(kind):
        install_peers()
    install_front_end()
    build_pages()


def main() -> int:
    try:
        set_up(sys.argv[1] if len(sys.argv) > 1 else "run")
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
