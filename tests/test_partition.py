"""The order of rows, and the files that they stand in, change nothing of what is made of them."""

from types import SimpleNamespace

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.catalog import load_catalog
from flows.steps.build import build_observations
from flows.steps.load import build_core, load_raw
from flows.warehouse import shared_sql
from project import ROOT, make_source

CATALOG = load_catalog(ROOT / "catalog")
COMMUNES = ("01001", "01002", "02001", "02002")
SOURCE_SQL = """-- One row per commune and year.
select commune as commune_code, an as year, morts as deaths, habitants as inhabitants from raw.x
"""
SUM_SQL = """-- One row per commune and year.
select commune_code, year as period, sum(deaths) as numerator from core.x group by all
"""
RATE_SQL = SUM_SQL.replace("as numerator", "as numerator, sum(inhabitants) as denominator")
# Accidents: of one commune and year there may be several rows, none, or an unknown number.
ROWS = st.tuples(
    st.sampled_from(COMMUNES),
    st.sampled_from(("2025", "2026")),
    st.none() | st.decimals(0, 99, places=2),
    st.integers(0, 1000),
)


def make_catalog():
    """A source, a sum of its rows and a rate."""
    model = CATALOG.indicators["road_deaths"].model_copy(update={"breaks": (), "provisional": ()})
    rate = {"name": "rate", "rollup": "ratio", "per": 100}
    indicators = {
        "count": model.model_copy(update={"name": "count"}),
        "rate": model.model_copy(update=rate),
    }
    queries = {"sources": {"x": SOURCE_SQL}, "tables": {}}
    queries["indicators"] = {"count": SUM_SQL, "rate": RATE_SQL}
    source = make_source(url="https://jalon.example/x")
    update = {"sources": {"x": source}, "tables": {}, "indicators": indicators, "queries": queries}
    return CATALOG.model_copy(update=update)


WAREHOUSE = """
    create table core.memberships (
        part_level varchar, part_id varchar, territory_id varchar, level varchar,
        population bigint, holds_whole_split boolean
    );
    create table rows (commune varchar, an varchar, morts decimal(9, 2), habitants bigint);
"""


def build(folder, parts):
    """core.x and the observations, from files of the *parts*."""
    catalog = make_catalog()
    with duckdb.connect() as con:
        con.execute(shared_sql("floors") + WAREHOUSE)
        for number, code in enumerate(COMMUNES):
            part, population = f"COM-{code}", 100 * number
            uppers = {part: "commune", f"DEP-{code[:2]}": "departement", "FRA": "country"}
            for territory, level in uppers.items():
                con.execute(
                    "insert into core.memberships values ('commune', ?, ?, ?, ?, true)",
                    [part, territory, level, population],
                )
        files = [_write(con, folder / f"{n}.parquet", part) for n, part in enumerate(parts)]
        load_raw(con, catalog.sources["x"], [SimpleNamespace(valid=file) for file in files])
        build_core(con, catalog, "x")
        build_observations(con, catalog)
        made = ("core.x", "indicators.observations")
        return [con.execute(f"from {table} order by all").fetchall() for table in made]


def _write(con, path, rows):
    con.execute("truncate rows")
    con.executemany("insert into rows values (?, ?, ?, ?)", rows)
    con.execute(f"copy rows to '{path}' (format parquet)")
    return path


@settings(max_examples=10)
@given(st.lists(ROWS, min_size=2, max_size=12), st.data())
def test_neither_the_order_of_rows_nor_their_files_matter(tmp_path_factory, rows, data):
    whole = build(tmp_path_factory.mktemp("whole"), [rows])
    mixed = data.draw(st.permutations(rows))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(rows) - 1), max_size=3)))
    parts = [mixed[a:b] for a, b in zip([0, *cuts], [*cuts, len(rows)], strict=True)]
    told = build(tmp_path_factory.mktemp("parts"), parts)
    assert told == whole
    assert len(whole[0]) == len(rows)
    assert any(row[1] == "FRA" for row in whole[1])
