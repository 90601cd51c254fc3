"""Find a Chromium for the tests and the screenshots, and install one where there is none.

python tools/browser.py        # prints its path
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

COMMANDS = (
    # Without the browser's own windows: the tests take 0.6 of the time.
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
)
SYSTEM_PACKAGES = ("chromium-headless-shell", "chromium")
# Where a network drops what it doesn't allow, a download would otherwise wait for ever.
DOWNLOAD_SECONDS = 300
SYSTEM_INSTALL_SECONDS = 900


class NoBrowserError(Exception):
    """No browser is here and none could be installed; its message is one sentence for the user."""


def named_browser() -> Path | None:
    """The one the user names; a wrong name is an error, not a reason to take another."""
    name = os.environ.get("CHROMIUM")
    if not name:
        return None
    found = shutil.which(name)
    if not found:
        raise NoBrowserError(f"$CHROMIUM names {name!r}, which can't be run.")
    return Path(found)


def playwright_browser() -> Path | None:
    """Playwright's own, if it was downloaded."""
    question = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)"
    )
    # A process of its own: Playwright's loop can't run inside another, as it would under pytest.
    answer = subprocess.run(
        [sys.executable, "-c", question], capture_output=True, text=True, check=False
    )
    path = Path(answer.stdout.strip())
    return path if answer.stdout.strip() and path.exists() else None


def system_browser() -> Path | None:
    return next((Path(path) for path in map(shutil.which, COMMANDS) if path), None)


def present_browser() -> Path | None:
    return named_browser() or playwright_browser() or system_browser()


def succeeds(*command: str, seconds: int) -> bool:
    try:
        # Its output goes to the error stream: the standard one carries the path alone.
        result = subprocess.run(command, stdout=sys.stderr, timeout=seconds, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0


def install_by_playwright() -> None:
    print("› Downloading Chromium with Playwright …", file=sys.stderr, flush=True)
    succeeds(sys.executable, "-m", "playwright", "install", "chromium", seconds=DOWNLOAD_SECONDS)


def install_by_system() -> None:
    if not (shutil.which("apt-get") and os.geteuid() == 0):
        return
    print("› Installing Chromium with apt-get …", file=sys.stderr, flush=True)
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    install = ("apt-get", "install", "-y", "-q", "--no-install-recommends")
    if succeeds("apt-get", "update", "-q", seconds=SYSTEM_INSTALL_SECONDS):
        for package in SYSTEM_PACKAGES:
            if succeeds(*install, package, seconds=SYSTEM_INSTALL_SECONDS):
                return


def find_browser() -> Path:
    """The browser that is here, or else one that gets installed now."""
    if browser := present_browser():
        return browser
    for install in (install_by_playwright, install_by_system):
        install()
        if browser := present_browser():
            return browser
    raise NoBrowserError(
        "No Chromium, Chrome or Edge was found and none could be installed: "
        "install one, or set CHROMIUM to the path of one."
    )


def main() -> int:
    try:
        print(find_browser())
    except NoBrowserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
