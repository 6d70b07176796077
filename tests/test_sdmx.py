"""SDMX: read with pysdmx, as a statistical office would, and held to the tables."""

import gzip
import json
from pathlib import Path

import pytest
from pysdmx.io import get_datasets, read_sdmx

from flows.publish.draft import Draft
from flows.publish.sdmx import write_sdmx
from flows.warehouse import connect

COLUMNS = (
    "INDICATOR",
    "REF_AREA",
    "TIME_PERIOD",
    "OBS_VALUE",
    "OBS_STATUS",
    "CONF_STATUS",
    "COVERAGE",
    "NUMERATOR",
    "DENOMINATOR",
)
DATAFLOW = "JALON_TERRITOIRES:{}(1.0)"


@pytest.fixture(scope="module")
def folder(ran, tmp_path_factory) -> Path:
    """The files, unpacked."""
    target = tmp_path_factory.mktemp("sdmx")
    for path in (ran[1].release / "sdmx").iterdir():
        is_packed, content = path.suffix == ".gz", path.read_bytes()
        plain = target / (path.stem if is_packed else path.name)
        plain.write_bytes(gzip.decompress(content) if is_packed else content)
    return target


@pytest.fixture(scope="module")
def structures(folder):
    """The structure message, held to the JSON Schema of SDMX too."""
    return read_sdmx(folder / "structure.json", validate=True)


def number(cell: str) -> float | None:
    return float(cell) if cell else None


def test_every_observation_as_the_table_has_it(folder, small, catalog):
    for dataset in catalog.datasets.values():
        rows = small.execute(
            """
            select indicator, territory_id, period, value, obs_status, conf_status, coverage,
                cast(numerator as double), cast(denominator as double)
            from indicators.observations where list_contains(?, indicator) order by all""",
            [list(dataset.indicators)],
        ).fetchall()
        if not rows:
            continue
        read = read_sdmx(folder / f"{dataset.name}.csv", validate=False).data[0]
        assert read.structure == f"Dataflow={DATAFLOW.format(dataset.name.upper())}"
        told = [
            (*row[:3], number(row[3]), *row[4:6], *map(number, row[6:]))
            for row in read.data[list(COLUMNS)].itertuples(index=False)
        ]
        assert sorted(told, key=lambda row: row[:3]) == rows


def test_code_lists_hold_every_code_that_is_used(structures, small):
    codes = {each.id: {code.id for code in each} for each in structures.get_codelists()}
    for name, column in (
        ("CL_INDICATOR", "indicator"),
        ("CL_AREA", "territory_id"),
        ("CL_OBS_STATUS", "obs_status"),
        ("CL_CONF_STATUS", "conf_status"),
    ):
        used = small.execute(f"select distinct {column} from indicators.observations").fetchall()
        assert {code for (code,) in used} <= codes[name]


def test_the_data_structure_and_a_dataflow_for_each_dataset(structures, catalog):
    definition = structures.get_data_structure_definitions()[0]
    components = {each.id: each for each in definition.components}
    assert [each.id for each in definition.components.dimensions] == [
        "INDICATOR",
        "REF_AREA",
        "TIME_PERIOD",
    ]
    assert [each.id for each in definition.components.measures] == ["OBS_VALUE"]
    assert components["OBS_STATUS"].required
    assert not components["OBS_VALUE"].required
    dataflows = {each.id for each in structures.get_dataflows()}
    assert "ROAD_SAFETY" in dataflows
    assert dataflows <= {name.upper() for name in catalog.datasets}


def test_the_indicators_are_concepts_too_in_both_languages(folder, structures):
    schemes = {each.id: each for each in structures.get_concept_schemes()}
    concepts = {each.id: each.name for each in schemes["CS_INDICATORS"].concepts}
    assert concepts["road_deaths"] == "Personnes tuées sur les routes"
    body = json.loads((folder / "structure.json").read_text(encoding="utf-8"))
    told = body["data"]["conceptSchemes"][1]["concepts"]
    english = {each["id"]: each["names"]["en"] for each in told}
    assert english["road_deaths"] == "People killed on the roads"


def test_a_territory_is_under_the_one_that_holds_it(folder):
    body = json.loads((folder / "structure.json").read_text(encoding="utf-8"))
    areas = next(each for each in body["data"]["codelists"] if each["id"] == "CL_AREA")["codes"]
    parents = {each["id"]: each.get("parent") for each in areas}
    assert parents["COM-35238"] == "DEP-35"
    assert parents["DEP-35"] == "REG-53"
    assert parents["REG-53"] == "FRA"
    assert parents["FRA"] is None
    assert {parent for parent in parents.values() if parent} <= parents.keys()


def test_data_and_structures_are_read_together(folder):
    read = get_datasets(folder / "road_safety.csv", folder / "structure.json", validate=True)[0]
    assert read.structure.id == "ROAD_SAFETY"
    assert read.data["OBS_VALUE"].dtype.kind == "f"


def test_what_is_hidden_stays_hidden(folder):
    read = read_sdmx(folder / "local_democracy.csv", validate=False).data[0].data
    hidden = read[read["OBS_STATUS"] == "Q"]
    assert len(hidden) > 10
    assert set(hidden["OBS_VALUE"]) == set(hidden["NUMERATOR"]) == {""}
    assert set(hidden["CONF_STATUS"]) == {"C"}


def test_a_packed_dataset_is_the_same_bytes_each_time(ran, catalog, tmp_path):
    with connect(ran[0].warehouse, read_only=True) as con:
        for name in ("one", "two"):
            write_sdmx(Draft(con, ran[0], catalog, tmp_path / name), "2026-08-04")
    names = sorted(path.name for path in (tmp_path / "one" / "sdmx").iterdir())
    assert {"road_safety.csv.gz", "innovation.csv"} <= set(names)
    assert names == sorted(path.name for path in (tmp_path / "two" / "sdmx").iterdir())
    for name in names:
        one, two = (tmp_path / each / "sdmx" / name for each in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
