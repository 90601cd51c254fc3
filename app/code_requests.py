"""What exported code is asked with, and how it is given."""

from typing import Literal

import orjson
from pydantic import BaseModel

from app import arithmetic
from app.limits import LIMITS
from app.requests import TraceRequest
from core.code_export import Script, export_code
from core.experiment import Experiment


class CodeRequest(TraceRequest):
    """An experiment whose code is wanted: the same body as for its trace."""

    def experiment(self) -> Experiment:
        """Return the experiment, once its numbers are known to be few enough to be written out."""
        made = super().experiment()
        slots = made.program.slots
        numbers = sum(slots[index].size for index in made.program.inputs)
        LIMITS.check("code_numbers", numbers, "network")
        return made


class ScriptAnswer(BaseModel):
    """A program to save under this name and to run."""

    language: Literal["numpy", "pytorch"]
    title: str
    filename: str
    text: str


class CodeAnswer(BaseModel):
    """The experiment in plain NumPy and, where PyTorch has all that it needs, in PyTorch.

    The NumPy script gives the numbers of the trace, bit for bit where it is run as its first line
    says; both print L and every gradient.
    """

    scripts: list[ScriptAnswer]


def code_json(experiment: Experiment) -> bytes:
    """Write the scripts."""
    scripts = [
        {
            "language": script.language,
            "title": script.title,
            "filename": script.filename,
            "text": _text(script),
        }
        for script in export_code(experiment)
    ]
    return orjson.dumps({"scripts": scripts})


def _text(script: Script) -> str:
    told = arithmetic.told(script.filename) if script.language == "numpy" else ""
    return told + script.text
