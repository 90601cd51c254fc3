"""The same numbers on every machine: the server's kernels don't depend on the processor."""

import os
import platform
import subprocess
import sys
from typing import Any

import numpy as np
import orjson
import pytest

from app.arithmetic import KERNELS, OLD_KERNELS, V3, features, kernels
from tests.conftest import ROOT

# 200 steps of moons and of wine, 60 batches of digits: vectors, small and middling matrices.
RUNS = {"moons": 200, "wine": 200, "digits": 60}
TRAIN = f"""
import app
import hashlib, json
from core.stepper import Stepper
from core.training_presets import TRAINING_PRESETS

found = {{}}
for name, steps in {RUNS}.items():
    stepper = Stepper(TRAINING_PRESETS[name].training())
    stepper.advance(steps)
    layers = stepper.snapshot().layers
    digest = hashlib.sha256(b"".join(array.tobytes() for layer in layers for array in layer))
    found[name] = layers[0][0][0, 0], digest.hexdigest()[:16]
print(json.dumps(found))
"""
# W[1][0,0] at the end, and the digest of all weights by NumPy's version.
GOLDEN = {
    "moons": (1.4987174968329708, {"2.4": "60b47190842c0136"}),
    "wine": (0.7193887604967645, {"2.4": "76cdfe73318eaf83"}),
    "digits": (0.06440789997577667, {"2.4": "c8fdf0c97b693677"}),
}
# What makes NumPy, OpenBLAS and the C library do as on another processor, or as asked elsewhere.
MACHINES = {
    "this one": {},
    "AVX-512 unknown to the C library": {
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX512BW,-AVX512DQ"
    },
    "kernels of an old one": {
        "OPENBLAS_CORETYPE": "Prescott",
        "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4",
    },
    "kernels of a new one, many threads": {
        "OPENBLAS_CORETYPE": "SkylakeX",
        "OPENBLAS_NUM_THREADS": "8",
        "NPY_ENABLE_CPU_FEATURES": "X86_V3 X86_V4",
    },
}
HAS_V3 = kernels(platform.machine(), features()) == KERNELS


def trained(settings: dict[str, str]) -> dict[str, Any]:
    """Train under these settings of the environment; no warning may be given."""
    command = [sys.executable, "-W", "error", "-c", TRAIN]
    bare = {name: text for name, text in os.environ.items() if name not in KERNELS}
    done = subprocess.run(
        command, cwd=ROOT, env=bare | settings, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return orjson.loads(done.stdout)


def test_a_run_ends_with_the_known_weights():
    found = trained({})
    for name, (weight, digests) in GOLDEN.items():
        assert found[name][0] == pytest.approx(weight, rel=1e-9)
        version = ".".join(np.__version__.split(".")[:2])
        if HAS_V3 and platform.libc_ver()[0] == "glibc" and version in digests:
            assert found[name] == [weight, digests[version]]


@pytest.mark.skipif(not HAS_V3, reason="another kind of processor computes with kernels of its own")
def test_every_machine_ends_with_the_same_bits():
    found = {machine: trained(settings) for machine, settings in MACHINES.items()}
    assert found == dict.fromkeys(MACHINES, found["this one"])


def test_the_kernels_follow_the_processor():
    assert kernels("x86_64", V3 | {"avx512f"}) == KERNELS
    assert kernels("x86_64", V3 - {"avx2"}) == OLD_KERNELS
    assert kernels("x86_64", frozenset()) == {}
    assert kernels("aarch64", frozenset({"asimd"})) == {}
