"""Serve Chainrule: python tools/run.py [--reload], at $HOST:$PORT."""

import os
import socket
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def chosen_port() -> int:
    text = os.environ.get("PORT", "8000")
    if not (text.isdecimal() and 1 <= int(text) <= 65535):
        sys.exit(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As uvicorn does: a port whose last connections are still closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or error
            sys.exit(
                f"Can't serve at {host}:{port} ({reason}): stop what uses it, "
                f"or choose another port, as in `make run PORT={port % 65535 + 1}`."
            )


def address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def main() -> None:
    host, port = os.environ.get("HOST", "127.0.0.1"), chosen_port()
    check_free(host, port)
    print(f"\n  Chainrule: {address(host, port)}   (Ctrl+C stops it)\n", flush=True)
    command = [sys.executable, "-m", "uvicorn", "app.main:app", "--host", host, "--port", str(port)]
    # Without a limit an open stream would keep the server from stopping; h11 bounds its headers.
    command += ["--timeout-graceful-shutdown", "2", "--http", "h11", *sys.argv[1:]]
    os.chdir(ROOT)
    os.execv(sys.executable, command)


if __name__ == "__main__":
    main()
