"""Write requirements/*.txt: the exact versions and hashes of what pyproject.toml asks for.

One file serves Linux and macOS and every Python we support, since it carries the hashes of all the
files of a version; it carries no address, so that any index or mirror can serve it.
"""

import subprocess
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PINS = ROOT / "requirements"
COMPILER = "uv==0.13.9"
LOWEST_PYTHON = "3.11"
# `test` holds everything and binds the others, so that what the tests run on is what is served.
EXTRAS = {"test": ["web", "build", "test"], "run": ["web"], "build": ["build"]}


def compile_pins(compiler: Path, name: str, extras: list[str]) -> None:
    print(f"› requirements/{name}.txt", flush=True)
    command = [str(compiler), "pip", "compile", "--quiet", "pyproject.toml", "--universal"]
    command += ["--python-version", LOWEST_PYTHON, "--generate-hashes", "--upgrade"]
    command += ["--no-header", "--no-annotate", "--no-emit-index-url"]
    command += [part for extra in extras for part in ("--extra", extra)]
    if name != "test":
        command += ["--constraint", str(PINS / "test.txt")]
    command += ["--output-file", str(PINS / f"{name}.txt")]
    subprocess.run(command, cwd=ROOT, check=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        tools = Path(folder) / "bin"
        subprocess.run([tools / "pip", "install", "--quiet", COMPILER], check=True)
        for name, extras in EXTRAS.items():
            compile_pins(tools / "uv", name, extras)


if __name__ == "__main__":
    main()
