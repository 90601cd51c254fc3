"""Build the Docker image without Docker, start it as strictly as a server would, and use it.

Needs buildah, podman, runc and mmdebstrap; as root on Debian they are installed when missing.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from image_base import make_base

ROOT = Path(__file__).resolve().parent.parent
IMAGE = "chainrule"
CONTAINER = "chainrule-image-test"
COMMANDS = ("buildah", "podman", "runc", "mmdebstrap")
LARGEST_MEGABYTES = 320
START_SECONDS = 30
STOP_SECONDS = 5
# Limits that need no rights to raise, and managers and a runtime that work without systemd.
CONTAINERS_CONF = """\
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
netns = "host"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
"""
TRACE = {
    "network": {"layers": [{"W": [[0.5, -1.0]], "b": [0.25], "activation": "sigmoid"}]},
    "loss": "binary_cross_entropy",
    "X": [[1.0, 2.0]],
    "Y": [[1.0]],
    "optimizer": {"name": "gradient_descent", "learning_rate": 0.1},
}


class ImageError(Exception):
    """A check of the image that failed, in one sentence."""


def say(text: str) -> None:
    print(text, flush=True)


def output(*command: str) -> str:
    """What a command printed; where it failed, its complaint."""
    done = subprocess.run(command, text=True, capture_output=True, check=False)
    if done.returncode:
        raise ImageError(f"`{' '.join(command[:3])}` failed: {done.stdout}{done.stderr}".strip())
    return done.stdout.strip()


def need_commands() -> None:
    missing = [name for name in COMMANDS if not shutil.which(name)]
    if not missing:
        return
    if not (shutil.which("apt-get") and os.geteuid() == 0):
        raise ImageError(f"The image test needs {', '.join(missing)}: install them and try again.")
    say(f"› Installing {', '.join(missing)} …")
    output("apt-get", "update", "-q")
    output("apt-get", "install", "-y", "-q", "--no-install-recommends", *COMMANDS)


def base_name() -> str:
    names = set(re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    if len(names) != 1:
        raise ImageError(f"The Dockerfile should start from one image, not from {sorted(names)}.")
    return names.pop()


def build() -> None:
    os.environ["BUILDAH_ISOLATION"] = "chroot"
    # Only the docker format keeps the HEALTHCHECK.
    options = ("--pull-never", "--format", "docker", "--layers", "-t", IMAGE)
    subprocess.run(["buildah", "bud", *options, str(ROOT)], check=True)


def check_size() -> None:
    size = int(output("podman", "image", "inspect", "--format", "{{.Size}}", f"localhost/{IMAGE}"))
    megabytes = size / 1e6
    say(f"  size: {megabytes:.0f} MB (at most {LARGEST_MEGABYTES})")
    if megabytes > LARGEST_MEGABYTES:
        raise ImageError(f"The image has {megabytes:.0f} MB, over {LARGEST_MEGABYTES}.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(port: int) -> None:
    remove()
    strict = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--memory", "512m")
    strict += ("--security-opt", "no-new-privileges")
    settings = ("--env", f"PORT={port}", "--env", "HOST=127.0.0.1", "--env", "WEB_CONCURRENCY=2")
    output(
        "podman", "run", "--detach", "--name", CONTAINER, *strict, *settings, f"localhost/{IMAGE}"
    )


def remove() -> None:
    subprocess.run(["podman", "rm", "--force", CONTAINER], capture_output=True, check=False)


def ask(address: str, body: object = None) -> bytes:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()


def wait_until_served(port: int) -> None:
    begin = time.monotonic()
    while time.monotonic() - begin < START_SECONDS:
        try:
            ask(f"http://127.0.0.1:{port}/healthz")
        except OSError:
            time.sleep(0.1)
        else:
            say(f"  serves after {time.monotonic() - begin:.1f} s")
            return
    raise ImageError(
        f"Nothing is served after {START_SECONDS} s: {output('podman', 'logs', CONTAINER)}"
    )


def check_user() -> None:
    status = output("podman", "exec", CONTAINER, "cat", "/proc/1/status")
    facts = dict(re.findall(r"^(Uid|CapEff):\s+(\S+)", status, re.MULTILINE))
    if facts["Uid"] == "0" or int(facts["CapEff"], 16):
        raise ImageError(f"The server runs with more rights than it should: {facts}.")
    say(f"  runs as user {facts['Uid']} without capabilities")


def check_workers() -> None:
    """Count the server processes: those have crews of their own, which are their children."""
    table = output("podman", "top", CONTAINER, "pid", "ppid", "args").splitlines()[1:]
    rows = [line.split(maxsplit=2) for line in table]
    parents = {pid for pid, _, command in rows if "app.main:app" in command}
    workers = [pid for pid, parent, command in rows if parent in parents and "fork" in command]
    if len(workers) != 2:
        raise ImageError(f"WEB_CONCURRENCY=2 gave {len(workers)} workers:\n{table}")
    say("  WEB_CONCURRENCY=2: two workers")


def check_health() -> None:
    output("podman", "healthcheck", "run", CONTAINER)
    say("  health check: healthy")


def check_trace(port: int) -> None:
    trace = json.loads(ask(f"http://127.0.0.1:{port}/api/trace", TRACE))
    if trace["outcome"] != "complete":
        raise ImageError(f"The trace is {trace['outcome']!r}.")
    say(f"  POST /api/trace: {len(trace['steps'])} steps")


def check_formula(port: int) -> None:
    """SymPy is there, although most of it was left out."""
    body = {"surface": {"expression": "sin(x1)*x2 + exp(-x2**2)"}}
    surface = json.loads(ask(f"http://127.0.0.1:{port}/api/surface", body))
    say(f"  POST /api/surface: {surface['gradient_latex'][0]}")


def check_pages(port: int) -> None:
    for path in ("/", "/propagate", "/descent", "/train", "/docs"):
        page = ask(f"http://127.0.0.1:{port}{path}").decode()
        files = re.findall(r'(?:src|href)="(/static/dist/[^"]+)"', page)
        if not files:
            raise ImageError(f"{path} names no built file.")
        for file in files:
            ask(f"http://127.0.0.1:{port}{file}")
    say("  the pages and their files are served")


def check_stop() -> None:
    begin = time.monotonic()
    output("podman", "stop", "--time", "30", CONTAINER)
    seconds = time.monotonic() - begin
    if seconds > STOP_SECONDS:
        raise ImageError(f"It took {seconds:.1f} s to stop, over {STOP_SECONDS}.")
    say(f"  stops in {seconds:.1f} s")


def check_image() -> None:
    port = free_port()
    check_size()
    start(port)
    try:
        wait_until_served(port)
        check_user()
        check_workers()
        check_health()
        check_trace(port)
        check_formula(port)
        check_pages(port)
        check_stop()
    finally:
        remove()


def main() -> int:
    try:
        need_commands()
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as settings:
            settings.write(CONTAINERS_CONF)
            settings.flush()
            os.environ["CONTAINERS_CONF"] = settings.name
            say(f"› Making {base_name()} …")
            make_base(base_name())
            say("› Building the image …")
            build()
            say("› Using it …")
            check_image()
    except (ImageError, subprocess.CalledProcessError, urllib.error.URLError) as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    say("The image passed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
