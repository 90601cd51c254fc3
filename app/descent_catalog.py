"""The catalogue's part on descent: presets of the laboratory, and every method's pseudo-code."""

from dataclasses import asdict
from typing import Any, Literal

from pydantic import BaseModel

from core.descent import Descent
from core.descent_preset import DescentPreset, Run
from core.descent_presets import DESCENT_PRESETS
from core.pseudocode import written_lines
from core.surfaces import SURFACES


class LineEntry(BaseModel):
    """A line of pseudo-code: one equation, with k and k + 1 where values change."""

    title: str
    latex: str


class DescentPresetEntry(BaseModel):
    """Runs over one surface: with one of `runs`, `surface` … `stop` are a body for /api/descent.

    `lecture`: the lecture's items that it shows; `window`: what to show, if not the surface's own
    view; `at`: the point at which to stand, and null to play.
    """

    name: str
    title: str
    group: str
    watch: str
    lecture: list[str]
    surface: dict[str, Any]
    start: list[float]
    direction: Literal["descend", "ascend"]
    stop: dict[str, Any]
    runs: list[dict[str, Any]]
    view: Literal["plane", "line", "relief"]
    window: list[list[float]] | None
    at: int | None


def method_lines(method: str) -> list[LineEntry]:
    """Write the update as it is on a quadratic, with the defaults."""
    surface = SURFACES["lecture_quadratic"]
    program = Descent(surface, surface.start, method).program()
    return [
        LineEntry(title=line.title, latex=line.latex)
        for line in written_lines(program)
        if line.phase == "update"
    ]


def descent_presets() -> list[DescentPresetEntry]:
    """Return the laboratory's presets."""
    return [_descent_preset(preset) for preset in DESCENT_PRESETS.values()]


def _descent_preset(preset: DescentPreset) -> DescentPresetEntry:
    return DescentPresetEntry(
        name=preset.name,
        title=preset.title,
        group=preset.group,
        watch=preset.watch,
        lecture=list(preset.lecture),
        surface=_surface(preset.surface),
        start=list(preset.start),
        direction="ascend" if preset.ascend else "descend",
        stop=asdict(preset.stop),
        runs=[_run(run) for run in preset.runs],
        view=preset.view,
        window=None if preset.window is None else [list(side) for side in preset.window],
        at=preset.at,
    )


def _surface(surface: str | tuple[tuple[float, ...], ...]) -> dict[str, Any]:
    if isinstance(surface, str):
        return {"name": surface}
    return {"matrix": [list(row) for row in surface]}


def _run(run: Run) -> dict[str, Any]:
    return {
        "optimizer": {"name": run.optimizer, **run.numbers, **dict.fromkeys(run.switches, True)},
        "schedule": {"name": run.schedule, **run.schedule_numbers},
    }
