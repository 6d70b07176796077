"""The same value stands in every file: CSV, Parquet, DuckDB, XLSX, GeoJSON, wide or long."""

import csv
import gzip
import json

import duckdb
import openpyxl
import pytest

from flows.publish.release import find_latest
from flows.publish.wide import LEVELS
from flows.publish.workbook import SHEETS

# Communes with their zeros, Corsica, overseas, a parent, the country; a sum, ratios, none of both.
TERRITORIES = (
    "COM-01033",
    "COM-2A041",
    "COM-35238",
    "COM-97611",
    "EPCI-200040764",
    "DEP-35",
    "FRA",
)
INDICATORS = (
    "population",
    "population_change",
    "women_mayors_share",
    "road_deaths_rate",
    "town_hall_weekly_hours",
    "mean_rental_value",
)


@pytest.fixture(scope="module")
def release(ran):
    return find_latest(ran[0].public)


@pytest.fixture(scope="module")
def told(release):
    """What jalon.duckdb says: by indicator, territory and period, the value and its status."""
    with duckdb.connect(str(release / "jalon.duckdb"), read_only=True) as con:
        rows = con.execute(
            "select indicator, territory_id, period, value, obs_status from observations"
        ).fetchall()
    return {(i, t, p): (value, status) for i, t, p, value, status in rows}


@pytest.fixture(scope="module")
def newest(release):
    """By level and indicator, the newest period; by territory, its level and code."""
    with duckdb.connect(str(release / "jalon.duckdb"), read_only=True) as con:
        periods = con.sql("select level, indicator, period from newest_periods").fetchall()
        places = con.sql(
            "select territory_id, level, code from territories where valid_to is null"
        ).fetchall()
        datasets = con.sql("select indicator, dataset, decimals from indicators").fetchall()
    return (
        {(level, indicator): period for level, indicator, period in periods},
        {territory_id: (level, code) for territory_id, level, code in places},
        {indicator: (dataset, decimals) for indicator, dataset, decimals in datasets},
    )


def test_long_csv_and_parquet_hold_what_duckdb_holds(release, told):
    """Every observation, of every dataset: the texts of the CSV are those numbers."""
    for kind in ("csv", "parquet"):
        found = {}
        for path in sorted((release / "data").glob(f"observations_*.{kind}*")):
            if "as_published" not in path.name:
                found |= dict(read_csv(path) if kind == "csv" else read_parquet(path))
        assert found == told, kind


def read_csv(path):
    packed = path.suffix == ".gz"
    with gzip.open(path, "rt", encoding="utf-8") if packed else path.open() as file:
        for row in csv.DictReader(file):
            value = float(row["value"]) if row["value"] else None
            key = (row["indicator"], row["territory_id"], row["period"])
            yield key, (value, row["obs_status"])


def read_parquet(path):
    rows = duckdb.sql(f"select indicator, territory_id, period, value, obs_status from '{path}'")
    return {(i, t, p): (value, status) for i, t, p, value, status in rows.fetchall()}


def expected(told, newest, indicator, territory_id):
    """The rounded value and the status that a wide form must show; None where it has no column."""
    periods, places, datasets = newest
    level, _ = places[territory_id]
    if (level, indicator) not in periods:
        return None
    value, status = told[indicator, territory_id, periods[level, indicator]]
    return None if value is None else round(value, datasets[indicator][1]), status


def test_wide_csv_and_workbook_show_the_newest_value_and_its_status(release, told, newest):
    _, places, datasets = newest
    compared = 0
    for indicator in INDICATORS:
        dataset = datasets[indicator][0]
        book = openpyxl.load_workbook(release / f"data/wide/{dataset}.xlsx", read_only=True)
        for territory_id in TERRITORIES:
            level, code = places[territory_id]
            wanted = expected(told, newest, indicator, territory_id)
            if wanted is None:
                continue
            cells = read_wide(release / f"data/wide/{dataset}_{level}.csv", level, code)
            shown = cells[indicator]
            assert (float(shown) if shown else None) == pytest.approx(wanted[0], abs=1e-9)
            assert cells[f"{indicator}_status"] == wanted[1]
            cells = read_sheet(book[SHEETS[level]], level, code)
            assert cells[indicator] == pytest.approx(wanted[0], abs=1e-9)
            assert cells[f"{indicator}_status"] == wanted[1]
            compared += 1
        book.close()
    assert compared > 25


def read_wide(path, level, code):
    with path.open(encoding="utf-8", newline="") as file:
        return next(row for row in csv.DictReader(file) if row[f"code_{level}"] == code)


def read_sheet(sheet, level, code):
    rows = sheet.iter_rows(values_only=True)
    names = next(rows)
    return dict(zip(names, next(row for row in rows if row[0] == code), strict=True))


def test_the_wide_views_of_duckdb_show_it_unrounded(release, told, newest):
    periods, places, _ = newest
    with duckdb.connect(str(release / "jalon.duckdb"), read_only=True) as con:
        for territory_id in TERRITORIES:
            level, _ = places[territory_id]
            found = con.execute(f"from wide_{level} where territory_id = ?", [territory_id])
            names = [column[0] for column in found.description]
            row = dict(zip(names, found.fetchone(), strict=True))
            for (here, indicator), period in periods.items():
                if here == level:
                    value = (row[indicator], row[f"{indicator}_status"])
                    assert value == told[indicator, territory_id, period]


def test_maps_show_the_headlines_of_each_shape(release, told, newest, catalog):
    """GeoJSON and GeoParquet: every shape, every headline that its level has."""
    periods, _, _ = newest
    headlines = [each.name for each in catalog.headlines]
    for level in ("commune", "epci", "departement", "region"):
        paths = sorted((release / "boundaries").glob(f"{level}.geojson"))
        paths = paths or sorted((release / "boundaries" / level).glob("*.geojson"))
        shapes = {
            each["id"]: each["properties"]
            for path in paths
            for each in json.loads(path.read_text(encoding="utf-8"))["features"]
        }
        parquet = f"{release}/data/boundaries_{level}.parquet"
        found = duckdb.sql(f"select * exclude geometry from '{parquet}'")
        names = found.columns
        assert {row[0]: dict(zip(names, row, strict=True)) for row in found.fetchall()} == shapes
        for territory_id, properties in shapes.items():
            for name in headlines:
                wanted = (level, name) in periods and expected(told, newest, name, territory_id)
                assert (name in properties) == bool(wanted)
                if wanted:
                    assert (properties[name], properties[f"{name}_status"]) == wanted
    assert set(SHEETS) == set(LEVELS)
