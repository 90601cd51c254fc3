"""Health, the catalogue and the documents."""

from typing import Any

import httpx
import pytest

from app import __version__
from app.catalog import Catalog
from core import ACTIVATIONS, INITIALISERS, LOSSES, OPTIMIZERS, PRESETS
from core.descent_presets import DESCENT_PRESETS
from core.experiment import PRECISIONS
from core.schedules import SCHEDULES
from core.searches import SEARCHES
from core.surfaces import SURFACES

Json = dict[str, Any]
TABLES = {
    "activations": ACTIVATIONS,
    "losses": LOSSES,
    "optimizers": OPTIMIZERS,
    "searches": SEARCHES,
    "schedules": SCHEDULES,
    "surfaces": SURFACES,
    "initialisers": INITIALISERS,
    "presets": PRESETS,
    "descent_presets": DESCENT_PRESETS,
}


def test_health(client: httpx.Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "version": __version__}


def test_a_bound_that_is_out_itself_is_marked(catalog: Json) -> None:
    for entry in catalog["optimizers"]:
        rates = [each for each in entry["parameters"] if each["name"] == "learning_rate"]
        assert all(each["minimum"] == 0 and each["open_below"] for each in rates)
        assert not any(each["open_below"] for each in entry["parameters"] if each not in rates)


@pytest.mark.parametrize("table", TABLES)
def test_every_name_is_in_the_catalogue_in_order(catalog: Json, table: str) -> None:
    assert [entry["name"] for entry in catalog[table]] == list(TABLES[table])


@pytest.mark.parametrize("table", TABLES)
def test_every_entry_has_its_texts(catalog: Json, table: str) -> None:
    texts = {"initialisers": ["description"], "presets": ["group", "description", "watch"]}
    texts["descent_presets"] = ["group", "watch"]
    for entry in catalog[table]:
        for key in ["title", *texts.get(table, ["latex"])]:
            assert entry[key].strip(), f"{entry['name']} has no {key}"


def test_the_catalogue_says_what_goes_with_what(catalog: Json) -> None:
    outputs = {entry["name"]: entry["outputs"] for entry in catalog["losses"]}
    assert outputs["cross_entropy"] == ["softmax"]
    assert "sigmoid" in outputs["binary_cross_entropy"]
    assert set(outputs["mse"]) == set(ACTIVATIONS)
    assert all(entry["targets"] for entry in catalog["losses"])
    mixing = {entry["name"] for entry in catalog["activations"] if not entry["elementwise"]}
    assert mixing == {"softmax"}
    (descent,) = (item for item in catalog["optimizers"] if item["name"] == "gradient_descent")
    rate, decay = descent["parameters"]
    assert decay["default"] == 0
    assert rate["name"] == "learning_rate"
    assert rate["latex"] == r"\eta"
    assert catalog["precisions"] == list(PRECISIONS)


def test_the_catalogue_fits_its_own_model(catalog: Json) -> None:
    assert Catalog.model_validate(catalog, strict=True, extra="forbid").model_dump() == catalog


def test_the_limits_are_published(catalog: Json) -> None:
    assert set(catalog["limits"]) == {
        "layers",
        "units",
        "samples",
        "iterations",
        "cells",
        "check_operations",
        "code_numbers",
        "difference_steps",
        "nudges",
        "branches",
        "matrix_text",
        "path_iterations",
        "quantity_cells",
        "sweep_iterations",
        "field_cells",
        "training_steps",
        "training_cells",
        "training_rows",
        "snapshot_numbers",
        "region_cells",
        "region_operations",
        "table_characters",
        "table_rows",
        "data_columns",
        "data_classes",
        "body_bytes",
        "fraction_operations",
        "answers",
    }
    assert all(type(limit) is int and limit > 0 for limit in catalog["limits"].values())


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_request(
    client: httpx.Client, requests: dict[str, Json], name: str
) -> None:
    answer = client.post("/api/trace", json=requests[name])
    assert answer.status_code == 200
    expected = "diverged" if name == "exploding" else "complete"
    assert answer.json()["outcome"] == expected


@pytest.mark.parametrize("name", DESCENT_PRESETS)
def test_every_descent_preset_runs(client: httpx.Client, catalog: Json, name: str) -> None:
    (preset,) = (entry for entry in catalog["descent_presets"] if entry["name"] == name)
    shared = {key: preset[key] for key in ("surface", "start", "direction", "stop")}
    expected = [descent.run() for descent in DESCENT_PRESETS[name].descents()]
    for run, path in zip(preset["runs"], expected, strict=True):
        assert set(run) == {"optimizer", "schedule"}
        answer = client.post("/api/descent", json={**shared, **run, "quantities": True})
        assert answer.status_code == 200, answer.text
        assert answer.json()["theta"] == path.theta.tolist()
        assert answer.json()["stopped_by"] == path.stopped_by


def test_every_method_has_its_lines(catalog: Json) -> None:
    for entry in [*catalog["optimizers"], *catalog["searches"]]:
        last = entry["lines"][-1]["latex"]
        assert last.startswith(r"\theta^{k+1} = "), entry["name"]
        assert all(line["title"] for line in entry["lines"])
        assert not any("theta_next" in line["latex"] for line in entry["lines"])
    lines = {entry["name"]: entry["lines"] for entry in catalog["optimizers"]}
    assert [line["latex"] for line in lines["adagrad"]] == [
        r"s^{k+1} = s^{k} + \left(\nabla f(\theta^{k})\right)^2",
        r"\theta^{k+1} = \theta^{k} - \eta\,"
        r"\frac{\nabla f(\theta^{k})}{\sqrt{s^{k+1}} + \varepsilon}",
    ]


def test_the_docs_are_a_page(client: httpx.Client) -> None:
    answer = client.get("/docs")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "http://" not in answer.text
    assert "https://" not in answer.text
