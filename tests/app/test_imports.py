"""The mathematics runs where only NumPy is installed."""

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
    assert preset.experiment().trace().outcome == "complete"
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
