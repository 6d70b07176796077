"""The files of a release in the hands of those who use them: pandas, polars, DuckDB, R …"""

import csv
import itertools
import json
import shutil
import subprocess
import warnings

import duckdb
import pandas as pd
import polars as pl
import pytest
from frictionless import Package

from environments import make_environment, run_script
from flows.publish.database import MACROS, STORAGE_VERSION
from flows.publish.release import find_latest
from flows.spatial import load_spatial

CALLS = {
    "observation": "'population', 'COM-35238'",
    "profile": "'COM-35238'",
    "ranking": "'population', 'commune'",
    "similar": "'COM-35238'",
    "communes_of": "'EPCI-243500139'",
    "find_territory": "'rennes'",
}
# What an older DuckDB does with the database, all in it: every view, macro and example.
OPENED = """
import json, sys
import duckdb

con = duckdb.connect(sys.argv[1], read_only=True)
views = "select view_name from duckdb_views() where not internal"
for (name,) in con.execute(views).fetchall():
    assert con.execute(f"from {name} limit 1").fetchall(), name
for name, told in json.loads(sys.argv[2]).items():
    assert con.execute(f"from {name}({told})").fetchall(), name
for name, query in con.execute("select name, query from example_queries").fetchall():
    assert con.execute(query).fetchall(), name
print(duckdb.__version__)
"""
WIDE = "data/wide/population_commune.csv"


@pytest.fixture(scope="module")
def release(ran):
    return find_latest(ran[0].public)


@pytest.fixture
def con(release):
    with duckdb.connect(str(release / "jalon.duckdb"), read_only=True) as con:
        yield con


def test_pandas_reads_parquet_csv_and_workbook_alike(release):
    codes = {"code_commune": str, "code_epci": str, "code_departement": str, "code_region": str}
    wide = pd.read_csv(release / WIDE, dtype=codes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl is not asked to keep the styles
        sheet = pd.read_excel(release / "data/wide/population.xlsx", "communes", dtype=codes)

    pd.testing.assert_frame_equal(wide, sheet, check_dtype=False)
    assert wide["code_commune"].str.len().eq(5).all()


def test_polars_reads_parquet_and_csv_alike(release):
    parquet = pl.read_parquet(release / "data/observations_population.parquet")
    text = pl.read_csv(
        release / "data/observations_population.csv.gz",
        schema_overrides={"period": pl.String, "numerator": pl.Decimal(18, 6)},
    )

    assert parquet.columns == text.columns
    for name in ("indicator", "territory_id", "period", "value", "coverage", "obs_status"):
        assert parquet[name].to_list() == text[name].to_list()


def test_frictionless_reads_typed_rows(release):
    table = Package(str(release / "datapackage.json")).get_resource("population_commune")
    row = next(each for each in table.read_rows() if each["code_commune"] == "01033")

    assert row["population"] == 16712
    assert row["population_status"] == "A"


def test_a_database_has_views_of_each_level_and_macros(con):
    views = {name for (name,) in con.sql("show all tables").project("name").fetchall()}
    macros = dict(
        con.sql(
            "select function_name, comment from duckdb_functions() where not internal"
        ).fetchall()
    )

    assert {"observations_named", "observations_commune", "wide_commune", "wide_country"} <= views
    assert macros.keys() == MACROS.keys()
    assert all(" — " in comment for comment in macros.values())
    rows = con.sql("select period, value from observation('population', 'COM-35238')").fetchall()
    assert ("2019", 220488.0) in rows
    alike = con.sql("select similar_rank from similar('COM-35238')").fetchall()
    assert alike == sorted(alike)
    assert alike
    found = con.sql("select name from communes_of('EPCI-243500139') order by name").fetchall()
    assert ("Rennes",) in found
    assert con.sql("from find_territory('valserhone')").fetchone()[:2] == ("COM-01033", "commune")


def test_a_database_explains_all_that_it_holds(con):
    silent = con.sql(
        "select table_name, column_name from duckdb_columns()"
        " where not internal and comment is null"
        " union all select table_name, '' from duckdb_tables() where comment is null"
        " union all"
        " select view_name, '' from duckdb_views() where not internal and comment is null"
    ).fetchall()

    assert silent == []


def test_example_queries_give_rows(con):
    examples = con.sql("select name, title_fr, title_en, query from example_queries").fetchall()

    assert len(examples) >= 10
    for name, title_fr, title_en, query in examples:
        assert title_fr != title_en
        assert con.sql(query).fetchall(), name


def test_a_database_knows_its_catalogue(con, catalog, release):
    """Every name of one table stands in the one that it speaks of; files tell their hash."""
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    hashes = {each["sha256"] for each in manifest["inputs"]["sources"]}

    assert con.sql(
        "select count(*) from indicators anti join datasets using (dataset)"
    ).fetchone() == (0,)
    assert con.sql("select count(*) from indicators anti join themes using (theme)").fetchone() == (
        0,
    )
    assert con.sql(
        "select count(*) from sources anti join licences using (licence)"
    ).fetchone() == (0,)
    assert con.sql(
        "select count(*) from source_files anti join sources using (source)"
    ).fetchone() == (0,)
    assert {sha for (sha,) in con.sql("select sha256 from source_files").fetchall()} == hashes
    assert con.sql(
        "select count(*) from observations anti join statuses using (obs_status)"
    ).fetchone() == (0,)
    told = dict(con.sql("from release_facts").fetchall())
    assert told["version"] == manifest["version"]
    assert told["publisher"] == catalog.package.publisher


def test_keys_hold_and_are_not_declared(con):
    """A declared key makes the file several times larger: DuckDB keeps an index of it."""
    assert con.sql(
        "select count(*) from duckdb_constraints() where constraint_type <> 'NOT NULL'"
    ).fetchone() == (0,)
    keys = {
        "datasets": "dataset",
        "sources": "source",
        "source_files": "source, edition",
        "themes": "theme",
        "licences": "licence",
        "statuses": "obs_status",
        "columns": "table_name, column_name",
        "example_queries": "name",
        "newest_periods": "level, indicator",
        "release_facts": "fact",
        "renamed": "old_name",
    }
    for table, key in keys.items():
        assert con.sql(f"select count(*) - count(distinct ({key})) from {table}").fetchone() == (0,)


def test_older_readers_open_the_database(release):
    """The version that the file itself tells, in the bytes after its mark: 64 is that of 1.0."""
    head = (release / "jalon.duckdb").read_bytes()[:20]

    assert STORAGE_VERSION == "v1.0.0"
    assert (head[8:12], int.from_bytes(head[12:20], "little")) == (b"DUCK", 64)


@pytest.mark.soak
@pytest.mark.parametrize("version", ["1.0.0", "1.1.3"])
def test_an_older_duckdb_uses_all_of_the_database(release, tmp_path, version):
    assert CALLS.keys() == MACROS.keys()
    python = make_environment(tmp_path / "older", f"duckdb=={version}")
    database = str(release / "jalon.duckdb")
    assert run_script(python, OPENED, database, json.dumps(CALLS)).strip() == version


def test_geojson_is_valid_and_of_a_reasonable_size(release):
    """RFC 7946: closed rings, the outer one counterclockwise; longitude first, in WGS 84."""
    paths = sorted((release / "boundaries").rglob("*.geojson"))
    assert len(paths) > 5
    with duckdb.connect() as spatial:
        load_spatial(spatial)
        for path in paths:
            body = json.loads(path.read_text(encoding="utf-8"))
            assert (body["type"], "crs" in body) == ("FeatureCollection", False)
            named = {each["name"] for each in body["indicators"]}
            for each in body["features"]:
                assert each["type"] == "Feature"
                assert named < each["properties"].keys()
                for polygon in each["geometry"]["coordinates"]:
                    assert [area(ring) > 0 for ring in polygon] == [True] + [False] * (
                        len(polygon) - 1
                    )
                    assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in polygon)
                    assert all(
                        -180 <= x <= 180 and -90 <= y <= 90 for ring in polygon for x, y in ring
                    )
            valid = spatial.execute(f"select bool_and(st_isvalid(geom)) from st_read('{path}')")
            assert valid.fetchone() == (True,), path.name


def area(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not on this machine")
def test_r_reads_a_wide_csv(release):
    script = f"x <- read.csv('{release / WIDE}', colClasses = c(code_commune = 'character')); "
    script += "cat(x$code_commune[1], x$population[1], x$population_status[1])"
    done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=True)

    assert done.stdout == "01033 16712 A"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not on this machine")
def test_libreoffice_keeps_codes_as_texts(release, tmp_path):
    book = release / "data/wide/population.xlsx"
    options = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    command = ["soffice", "--headless", "--convert-to", options, "--outdir", tmp_path, book]
    subprocess.run(command, check=True, capture_output=True, timeout=120)

    with (tmp_path / "population-communes.csv").open(encoding="utf-8", newline="") as file:
        assert "01033" in {row["code_commune"] for row in csv.DictReader(file)}
