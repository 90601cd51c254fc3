"""Presets of the descent laboratory: every figure of the lecture's part on optimisation, and more.

A new preset is one entry in `lecture_descents` or `classic_descents`; each number in a `watch`
sentence is held by a test against the number that the run gives.
"""

from core.classic_descents import CLASSIC
from core.descent_preset import DescentPreset
from core.lecture_descents import LECTURE

DESCENT_PRESETS: dict[str, DescentPreset] = {preset.name: preset for preset in (*LECTURE, *CLASSIC)}
