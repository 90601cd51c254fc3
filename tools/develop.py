"""Serve with reload beside a build that watches the pages; Ctrl+C stops both."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".venv" / "bin"


def main() -> int:
    path = os.pathsep.join([str(TOOLS), os.environ.get("PATH", "")])
    # A session of its own: Ctrl+C reaches the server alone, and the whole build is ended after it.
    build = subprocess.Popen(
        ["npm", "run", "dev", "--silent"],
        cwd=ROOT / "static",
        env={**os.environ, "PATH": path},
        start_new_session=True,
    )
    reload = ["--reload", "--reload-dir", "app", "--reload-dir", "core"]
    try:
        with contextlib.suppress(KeyboardInterrupt):
            return subprocess.call([sys.executable, ROOT / "tools" / "run.py", *reload])
        return 0
    finally:
        os.killpg(build.pid, signal.SIGTERM)
        build.wait()


if __name__ == "__main__":
    sys.exit(main())
