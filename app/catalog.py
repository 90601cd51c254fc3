"""The catalogue: everything that a form needs, read from the core's tables."""

from functools import cache
from typing import Any

from pydantic import BaseModel

from app.conventions import ConventionsEntry, conventions_entry
from app.data_answers import DataSetEntry, FeatureEntry, data_set_entries, feature_entries
from app.descent_catalog import DescentPresetEntry, LineEntry, descent_presets, method_lines
from app.limits import LIMITS
from app.surface_entries import SurfaceEntry, surface_entry
from app.train_catalog import TrainPresetEntry, train_presets
from core import ACTIVATIONS, INITIALISERS, LOSSES, OPTIMIZERS, PRESETS, Preset
from core.experiment import PRECISIONS
from core.glossary import GLOSSARY, SCALARS
from core.lecture_notes import NOTES
from core.optimizers import Parameter
from core.schedules import SCHEDULES
from core.searches import SEARCHES, move
from core.surfaces import SURFACES


class ActivationEntry(BaseModel):
    """An activation; `slope_latex` is missing where outputs mix."""

    name: str
    title: str
    latex: str
    slope_latex: str | None
    elementwise: bool


class LossEntry(BaseModel):
    """A loss, the output activations that may stand before it and the targets it takes."""

    name: str
    title: str
    latex: str
    outputs: list[str]
    targets: str


class ParameterEntry(BaseModel):
    """A number that an optimizer or a schedule takes; the maximum itself is too much.

    `open_below`: the minimum itself is too little.
    """

    name: str
    title: str
    latex: str
    default: float
    minimum: float | None
    maximum: float | None
    open_below: bool


class SwitchEntry(BaseModel):
    """A yes or no that an optimizer takes."""

    name: str
    title: str
    default: bool


class OptimizerEntry(BaseModel):
    """An optimizer with its numbers and switches; `lines` are its update of one point."""

    name: str
    title: str
    latex: str
    lines: list[LineEntry]
    parameters: list[ParameterEntry]
    switches: list[SwitchEntry]


class SearchEntry(BaseModel):
    """An optimizer for surfaces alone: it asks the surface itself how far to go."""

    name: str
    title: str
    latex: str
    lines: list[LineEntry]


class ScheduleEntry(BaseModel):
    """A schedule of step sizes with its numbers."""

    name: str
    title: str
    latex: str
    parameters: list[ParameterEntry]


class InitialiserEntry(BaseModel):
    """A scheme for drawing weights."""

    name: str
    title: str
    description: str


class PresetEntry(BaseModel):
    """An experiment to start from: `request` is a body for /api/trace.

    `decimals`: how many of them to show; missing, significant digits are the better choice.
    """

    name: str
    title: str
    group: str
    description: str
    watch: str
    request: dict[str, Any]
    decimals: int | None = None


class Catalog(BaseModel):
    """Names, titles, formulas, presets and limits."""

    activations: list[ActivationEntry]
    losses: list[LossEntry]
    optimizers: list[OptimizerEntry]
    searches: list[SearchEntry]
    schedules: list[ScheduleEntry]
    surfaces: list[SurfaceEntry]
    data_sets: list[DataSetEntry]
    features: list[FeatureEntry]
    train_presets: list[TrainPresetEntry]
    initialisers: list[InitialiserEntry]
    precisions: list[str]
    conventions: ConventionsEntry
    presets: list[PresetEntry]
    descent_presets: list[DescentPresetEntry]
    glossary: dict[str, str]
    notes: dict[str, str]
    limits: dict[str, int]


@cache
def catalog() -> Catalog:
    """Return the catalogue."""
    return Catalog(
        activations=_activations(),
        losses=_losses(),
        optimizers=_optimizers(),
        searches=_searches(),
        schedules=_schedules(),
        surfaces=[surface_entry(surface) for surface in SURFACES.values()],
        data_sets=data_set_entries(),
        features=feature_entries(),
        train_presets=train_presets(),
        initialisers=[
            InitialiserEntry(name=item.name, title=item.title, description=item.description)
            for item in INITIALISERS.values()
        ],
        precisions=list(PRECISIONS),
        conventions=conventions_entry(),
        presets=[preset_entry(preset) for preset in PRESETS.values()],
        descent_presets=descent_presets(),
        glossary=GLOSSARY,
        notes=NOTES,
        limits=LIMITS.as_dict(),
    )


def _activations() -> list[ActivationEntry]:
    return [
        ActivationEntry(
            name=item.name,
            title=item.title,
            latex=item.value.latex,
            slope_latex=item.slope.latex if item.slope else None,
            elementwise=item.slope is not None,
        )
        for item in ACTIVATIONS.values()
    ]


def _losses() -> list[LossEntry]:
    return [
        LossEntry(
            name=item.name,
            title=item.title,
            latex=item.sample.latex,
            outputs=list(item.outputs),
            targets=item.targets,
        )
        for item in LOSSES.values()
    ]


def _optimizers() -> list[OptimizerEntry]:
    return [
        OptimizerEntry(
            name=item.name,
            title=item.title,
            latex=item.step.latex,
            lines=method_lines(item.name),
            parameters=[_parameter(parameter) for parameter in item.parameters],
            switches=[
                SwitchEntry(name=switch.name, title=switch.title, default=switch.default)
                for switch in item.switches
            ],
        )
        for item in OPTIMIZERS.values()
    ]


def _searches() -> list[SearchEntry]:
    return [
        SearchEntry(name=name, title=title, latex=move.latex, lines=method_lines(name))
        for name, (title, _) in SEARCHES.items()
    ]


def _schedules() -> list[ScheduleEntry]:
    return [
        ScheduleEntry(
            name=item.name,
            title=item.title,
            latex=item.equation.latex if item.equation else r"eta = eta0",
            parameters=[_parameter(parameter) for parameter in item.parameters],
        )
        for item in SCHEDULES.values()
    ]


def _parameter(parameter: Parameter) -> ParameterEntry:
    return ParameterEntry(
        name=parameter.name,
        title=parameter.title,
        latex=SCALARS[parameter.symbol][0],
        default=parameter.default,
        minimum=parameter.minimum,
        maximum=parameter.maximum,
        open_below=parameter.open_below,
    )


def preset_entry(preset: Preset) -> PresetEntry:
    """Return a preset with its request body."""
    request: dict[str, Any] = {
        "network": {
            "sizes": list(preset.sizes),
            "activations": list(preset.activations),
            "init": {"scheme": preset.scheme, "seed": preset.seed},
        },
        "X": preset.X,
    }
    if preset.loss:
        request |= {
            "Y": preset.Y,
            "loss": preset.loss,
            "optimizer": {"name": "gradient_descent", "learning_rate": preset.learning_rate},
            "iterations": preset.iterations,
        }
    if preset.precision != "float64":
        request["precision"] = preset.precision
    return PresetEntry(
        name=preset.name,
        title=preset.title,
        group=preset.group,
        description=preset.description,
        watch=preset.watch,
        request=request,
        decimals=preset.decimals,
    )
