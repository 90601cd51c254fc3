"""Run all benchmarks, each in a process of its own: python -m benchmarks (`make benchmark`).

Ends with 1 where an aim is missed. Aims are ratios of one run; what is printed without one is for
comparison.
"""

import subprocess
import sys

ALL = ("training_step", "training_run", "descent", "train_page", "propagate_page", "descent_page")


def main() -> int:
    """Print what each one finds, and which missed an aim."""
    missed = list[str]()
    for name in ALL:
        print(f"\n› {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"]).returncode:
            missed.append(name)
    print(f"\nAn aim was missed or a benchmark failed: {', '.join(missed)}." if missed else "")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
