"""`jalon run --direct --only NAME`: one indicator anew in the warehouse, and nothing else."""

import shutil
import subprocess
import sys

import duckdb
import pytest

from flows.errors import CatalogError, MachineError, PromiseError
from flows.only import rebuild
from flows.settings import Settings
from project import ROOT

NAME = "road_deaths"
COMPARED = (
    "select c.value, o.value from indicators.comparisons as c left join indicators.observations"
    f" as o using (indicator, territory_id, period) where indicator = '{NAME}'"
)
TARGET = (
    "select current_value, current_period from indicators.targets"
    f" where indicator = '{NAME}' and territory_id = 'FRA'"
)
EVERY = "select md5(string_agg(o::varchar, '' order by o::varchar)) from {} as o {}"


@pytest.fixture
def built(ran, tmp_path):
    """A copy of the small project after a run, to be changed."""
    folder = tmp_path / "built"
    ignore = shutil.ignore_patterns("snapshots", "raw", "valid", "checks")
    shutil.copytree(ran[0].root, folder, ignore=ignore, symlinks=True)
    return Settings(folder)


def rows(settings, query):
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        return con.execute(query).fetchall()


def edit(settings, old, new, suffix="sql"):
    path = settings.catalog / "indicators" / f"{NAME}.{suffix}"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def everything_else(settings):
    tables = ("observations", "observations_as_published", "territories", "indicators",
              "comparisons", "targets")  # fmt: skip
    but = f"where indicator != '{NAME}'"
    return [
        rows(settings, EVERY.format(f"indicators.{each}", "" if each == "territories" else but))
        for each in tables
    ]


def test_what_did_not_change_stays_as_it_is(built):
    before = rows(built, EVERY.format("indicators.observations", ""))
    rebuilt = rebuild(built, NAME)
    assert rebuilt.changes == {}
    assert (
        rebuilt.rows
        == rows(built, f"select count(*) from indicators.observations where indicator = '{NAME}'")[
            0
        ][0]
    )
    assert rows(built, EVERY.format("indicators.observations", "")) == before


def test_a_changed_query_changes_its_indicator_alone(built):
    others = everything_else(built)
    value = (
        "select value, numerator from indicators.observations"
        f" where indicator = '{NAME}' and territory_id = 'FRA' order by period"
    )
    before = rows(built, value)
    edit(built, " as numerator", " * 2 as numerator")
    rebuilt = rebuild(built, NAME)
    assert rows(built, value) == [
        (None if old is None else 2 * old, None if count is None else 2 * count)
        for old, count in before
    ]
    assert everything_else(built) == others
    assert set(rebuilt.changes) == {"modified"}
    for territory, period, old, new in rebuilt.samples:
        assert new == 2 * old, (territory, period)
    # What is told of it elsewhere follows, and what is told of others there stays.
    compared = rows(built, COMPARED)
    assert compared
    assert all(value == told for value, told in compared)
    assert rows(built, TARGET) == rows(
        built, value.replace("numerator", "period") + " desc limit 1"
    )
    # The parts, too, are those of the new query: a second time nothing changes.
    assert rebuild(built, NAME).changes == {}


@pytest.mark.parametrize(
    ("old", "new", "suffix", "error", "words"),
    [
        ("killed_count as", "killed_count - 9 as", "sql", PromiseError, "breaks its promises in"),
        (" as numerator", " as counted", "sql", CatalogError, "numerator"),
        ("select", "selec", "sql", CatalogError, "syntax error"),
        ("value: {min: 0, max: ", "value: {min: -9, max: 0.0", "yml", PromiseError, "not between"),
    ],
)
def test_a_broken_indicator_changes_nothing(built, old, new, suffix, error, words):
    before = rows(built, EVERY.format("indicators.observations", ""))
    edit(built, old, new, suffix)
    with pytest.raises(error, match=words):
        rebuild(built, NAME)
    assert rows(built, EVERY.format("indicators.observations", "")) == before


def test_a_source_that_changed_needs_a_whole_run(built):
    path = built.catalog / "sources" / "road_accidents.sql"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(CatalogError, match="catalog/sources: has changed since"):
        rebuild(built, NAME)


def test_what_cannot_be_built_says_why(built):
    with pytest.raises(CatalogError, match=r"no such indicator \(known: road_deaths"):
        rebuild(built, "road_death")
    with pytest.raises(CatalogError, match="needs policy_results"):
        rebuild(built, "fibre_coverage")
    with pytest.raises(CatalogError, match="women_mayors_share: is under secrecy"):
        rebuild(built, "women_mayors_share")
    built.warehouse.unlink()
    with pytest.raises(MachineError, match="was not built yet"):
        rebuild(built, NAME)


def jalon(settings, *arguments):
    python = [sys.executable, "-X", "importtime", "-m", "flows", "--root", str(settings.root)]
    return subprocess.run(
        [*python, "run", *arguments, "--only", NAME],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def test_the_command_imports_nothing_heavy(built):
    edit(built, " as numerator", " + 1 as numerator")
    done = jalon(built, "--direct")
    assert done.returncode == 0, done.stderr
    assert "modified" in done.stdout
    assert "Great Expectations looks again at a release" in done.stdout
    assert "barometer_* are not" in done.stdout
    for heavy in ("great_expectations", "prefect", "frictionless"):
        assert f"| {heavy}\n" not in done.stderr


def test_it_goes_with_direct_alone(built):
    done = jalon(built)
    assert done.returncode == 2
    assert "--only goes with --direct" in done.stderr
