"""Which kernels NumPy computes with: the same on every machine, so that the numbers are.

OpenBLAS and NumPy choose the fastest kernels of the processor they find, and each rounds in its own
order: the last bits of a sum depend on the machine. This module is imported before NumPy is, by
the package itself, and what it chooses holds for the worker processes too (docs/decisions/0019).
It imports the standard library alone.
"""

import os
import platform
import sys
from collections.abc import Mapping
from pathlib import Path

ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""Small matrices gain nothing from threads, and a sum that is shared out is rounded otherwise."""
V3 = frozenset({"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"})
"""What Linux calls the features of x86-64-v3: processors from 2013 (Intel), 2015 (AMD)."""
KERNELS = {"OPENBLAS_CORETYPE": "Haswell", "NPY_ENABLE_CPU_FEATURES": "X86_V3"}
OLD_KERNELS = {"OPENBLAS_CORETYPE": "Nehalem"}
"""NumPy itself needs no word there: it has nothing between its least (x86-64-v2) and v3."""
CONTRADICTS = "NPY_DISABLE_CPU_FEATURES"
"""NumPy takes one of the two alone."""


def pin() -> None:
    """Choose the kernels for this process and those that it starts, whatever was chosen before."""
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    chosen = kernels(platform.machine(), features())
    if chosen:
        os.environ.pop(CONTRADICTS, None)
    os.environ.update(chosen)


def told(script: str) -> str:
    """Return, as a comment, how to run a script with this process's kernels."""
    names = (*KERNELS, "OPENBLAS_NUM_THREADS")
    settings = [f"{name}={os.environ[name]}" for name in names if name in os.environ]
    return f"# For the server's last bits: {' '.join(settings)} python {script}\n"


def kernels(machine: str, features: frozenset[str]) -> Mapping[str, str]:
    """Return the settings for a processor; none where there is nothing to choose."""
    if machine not in ("x86_64", "AMD64") or not features:
        return {}
    return KERNELS if features >= V3 else OLD_KERNELS


def features() -> frozenset[str]:
    """Return what the processor can do, as Linux names it; nothing on other systems."""
    if sys.platform != "linux":
        return frozenset()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return frozenset()
    named = (line.partition(":")[2].split() for line in lines if line.startswith("flags"))
    return frozenset(next(named, ()))
