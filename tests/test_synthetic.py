"""The invented establishments, through the whole line of a small project."""

import shutil

import pytest

from benchmarks.synthetic import SECTIONS, add_synthetic, invent_rows, names
from flows.attack import attack
from flows.attack.told import Found
from flows.catalog import load_catalog
from flows.gather import gather, judge
from flows.line import build_warehouse
from flows.progress import call_directly
from flows.warehouse import connect
from project import leave_out, make_project

# The communes of the small project, some with few firms, some with many.
INHABITANTS = {
    "01033": 700, "14666": 150, "14712": 200, "2A004": 400, "2A041": 100, "35024": 300,
    "35051": 900, "35238": 2000, "55545": 250, "75056": 3000, "93001": 1200, "97608": 500,
}  # fmt: skip


def test_the_same_rows_come_from_the_same_seed_and_none_is_empty():
    rows = invent_rows(INHABITANTS)
    assert rows == invent_rows(dict(reversed(INHABITANTS.items())))
    assert {row[1] for row in rows} == set(SECTIONS)
    assert all(count > 0 and 0 <= largest <= jobs for _, _, count, jobs, largest in rows)


TABLES = ("observations", "observations_as_published", "comparisons", "territories", "targets")
OTHERS = ("housing_tension", "innovation_labs", "innovation_surveys", "local_tax",
          "municipal_councillors", "road_accidents", "town_halls")  # fmt: skip


@pytest.fixture(scope="module")
def released(tmp_path_factory, catalog):
    """A project of geography and of the invented source alone, and what it would publish."""
    settings = make_project(tmp_path_factory.mktemp("synthetic") / "project")
    live = [source.name for source in catalog.sources.values() if source.is_live]
    leave_out(settings, *OTHERS, *live)
    add_synthetic(settings.root, INHABITANTS)
    gathered = gather(settings, call_directly)
    judge(settings, gathered, call_directly)
    build_warehouse(settings, gathered.catalog, gathered.reports)
    folder = settings.root / "release" / "data"
    folder.mkdir(parents=True)
    with connect(settings.warehouse, read_only=True) as con:
        for table in TABLES:
            con.execute(f"copy indicators.{table} to '{folder / table}.parquet' (format parquet)")
    return settings, folder.parent


def test_its_small_numbers_are_hidden_and_cannot_be_found(released):
    settings, release = released
    told = attack(settings, load_catalog(settings.catalog), release)
    assert told.hidden > 50
    assert told.found == []
    with connect(settings.warehouse, read_only=True) as con:
        rows = con.execute(
            "select count(*) filter (where observations.obs_status != 'Q'), count(*)"
            " from parts.observations as parts join indicators.observations as observations"
            " on parts.indicator = observations.indicator"
            " and parts.part_id = observations.territory_id"
            " where parts.indicator like 'synthetic_%' and parts.numerator > 0 and"
            " (parts.unit_count < 3 or parts.largest > 0.85 * parts.numerator)"
        ).fetchall()
    ((shown, small),) = rows
    assert shown == 0
    assert small > 10


def test_one_cell_that_is_shown_again_gives_another_away(released, tmp_path):
    # The five farms of COM-35051 were hidden for the sake of the only one of COM-35024.
    settings, release = released
    shutil.copytree(release, tmp_path / "leaky")
    target = tmp_path / "leaky" / "data" / "observations.parquet"
    is_it = "indicator = 'synthetic_establishments_az' and territory_id = 'COM-35051'"
    changed = ", ".join(
        f"if({is_it}, {told}, {column}) as {column}"
        for column, told in (("value", 5), ("numerator", 5), ("obs_status", "'A'"))
    )
    query = f"select * replace ({changed}) from '{release / 'data' / 'observations.parquet'}'"
    with connect(settings.warehouse, read_only=True) as con:
        con.execute(f"copy ({query}) to '{target}' (format parquet)")
    told = attack(settings, load_catalog(settings.catalog), tmp_path / "leaky")
    assert told.found == [Found("synthetic_establishments_az", "COM-35024", "2026", "totals", 1, 1)]


def test_no_release_of_the_project_holds_it(catalog):
    assert not [name for name in catalog.indicators if name.startswith("synthetic")]
    assert not [name for name in catalog.sources if name.startswith("synthetic")]
    assert len(names()) == 2 * len(SECTIONS)
