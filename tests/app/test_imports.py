"""The mathematics runs where only NumPy is installed, and the server without loading SymPy."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ALONE = """
import sys

class Wall:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in {"numpy", "core"} or top in sys.stdlib_module_names:
            return None
        raise ModuleNotFoundError(f"{name} is behind the wall")

sys.meta_path.insert(0, Wall())
try:
    import fastapi
except ModuleNotFoundError:
    pass
else:
    raise SystemExit("the wall has a hole")

import core

for preset in core.PRESETS.values():
    assert len(preset.experiment().trace().steps) > 1
known = {"numpy", "core", *sys.stdlib_module_names}
found = {name.partition(".")[0] for name in sys.modules} - known
print(sorted(name for name in found if not name.startswith("_")))
"""


def test_core_needs_numpy_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{ALONE}"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = done.stdout.strip()
    assert "app" not in found
    assert "fastapi" not in found


SERVER = """
import sys
import app.main
import core.formula_reader, core.formula_surface

tree = core.formula_reader.read_formula("sin(x) + x**2/10")
print(sorted(name for name in sys.modules if name.partition(".")[0] in {"sympy", "mpmath"}))
"""


def test_the_server_never_loads_sympy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SERVER], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
