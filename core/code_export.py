"""Exported code: an experiment as a script of its own, in plain NumPy or in PyTorch.

Each line of the NumPy script is a step of the experiment's program, in the program's order; each
number is written with all the digits that it needs, so that the script gives the trace's numbers.
"""

from dataclasses import dataclass

from core.experiment import Experiment
from core.numpy_script import NumpyScript
from core.torch_script import TorchScript


@dataclass(frozen=True)
class Script:
    """A program to run elsewhere."""

    language: str
    title: str
    filename: str
    text: str


def export_code(experiment: Experiment) -> tuple[Script, ...]:
    """Return an experiment's scripts: NumPy, and PyTorch where it has all that is needed."""
    scripts = [Script("numpy", "NumPy", "chainrule_numpy.py", NumpyScript(experiment).text())]
    torch = TorchScript(experiment)
    if torch.is_possible:
        scripts.append(Script("pytorch", "PyTorch", "chainrule_pytorch.py", torch.text()))
    return tuple(scripts)
