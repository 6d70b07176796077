"""Own map: what the publishers give, on the map that they give it on → observations_as_published.

For each vintage of a source, core.* is made anew beside the warehouse, on the map of that year
instead of the release's, and the same queries of the indicators are asked again.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from flows.catalog import Catalog, Indicator
from flows.steps.harmonise import keep_harmonised, show_published
from flows.warehouse import (
    build_order,
    query_errors,
    run_query,
    shared_sql,
    tables_read,
    transaction,
)

SUCCESSORS = "core.commune_successors"
SPANS = "core.commune_spans"
COMMUNES = "core.communes"
OPTIONAL = ("estimation", "is_hidden")  # columns that a query need not give


def build_as_published(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    """Make indicators.observations_as_published, from own_map.* and the indicators' queries.

    Of indicators that are published by commune and not under secrecy, and of which all sources
    speak the map of one year. One row per indicator, commune, period and vintage.
    """
    con.execute(shared_sql("as_published"))
    reads = _reads(catalog)
    wanted = {each.name: each for each in catalog.indicators.values() if _is_open(each)}
    given = {name: _closure(reads, name) for name in wanted}
    every = {f"core.{name}" for name in catalog.geographies}
    for vintage, tables in _vintages(con, catalog).items():
        asked = [each for name, each in wanted.items() if set() < given[name] & every <= tables]
        needed = frozenset[str]().union(*(given[each.name] for each in asked))
        with _map_of(con, catalog, vintage, needed, reads):
            for indicator in asked:
                _insert(con, catalog, indicator, vintage)
    with transaction(con):
        con.execute(shared_sql("as_published_rows"))
        con.execute("drop table given")


def _is_open(indicator: Indicator) -> bool:
    return (
        indicator.level == "commune"
        and indicator.published_from == "commune"
        and indicator.secrecy == "none"
    )


def _reads(catalog: Catalog) -> dict[str, frozenset[str]]:
    """What every table of core reads, and every indicator, under its own name."""
    tables = {f"core.{name}": tables_read(q) for name, q in catalog.queries["tables"].items()}
    for name in catalog.geographies:
        tables[f"core.{name}"] = tables.get(f"core.{name}", frozenset()) | {SUCCESSORS}
    tables[COMMUNES] |= {SPANS}
    queries = catalog.queries["indicators"]
    return tables | {name: tables_read(query) for name, query in queries.items()}


def _closure(reads: dict[str, frozenset[str]], name: str) -> frozenset[str]:
    """All that *name* reads, through tables too."""
    found: set[str] = set()
    new = set(reads.get(name, ()))
    while new:
        found |= new
        new = {table for each in new for table in reads.get(each, ())} - found
    return frozenset(found)


def _vintages(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> dict[int, set[str]]:
    """The tables that give rows of each vintage."""
    found: dict[int, set[str]] = {}
    for name in sorted(catalog.geographies):
        vintages = con.table(f"own_map.{name}").project("vintage").distinct().fetchall()
        for (vintage,) in sorted(vintages):
            found.setdefault(vintage, set()).add(f"core.{name}")
    return found


@contextmanager
def _map_of(
    con: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    vintage: int,
    needed: frozenset[str],
    reads: dict[str, frozenset[str]],
) -> Iterator[None]:
    """core.* on the map of *vintage*, in a database of its own, for as long as the block lasts."""
    home = str(con.sql("select current_database()").fetchall()[0][0])
    con.execute("attach ':memory:' as beside; use beside; create schema core")
    try:
        con.execute(f"set variable to_vintage = {vintage}")
        for table in build_order({name: reads.get(name, frozenset()) for name in sorted(needed)}):
            _make(con, catalog, table, home, reads)
        yield
    finally:
        con.execute(f"reset variable to_vintage; use {home}; detach beside")


def _make(
    con: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    table: str,
    home: str,
    reads: dict[str, frozenset[str]],
) -> None:
    """*table* as it is on that map; one that is the same on every map is only looked at."""
    name = table.removeprefix("core.")
    moving = {SUCCESSORS, COMMUNES, *(f"core.{each}" for each in catalog.geographies)}
    if name in catalog.geographies:
        _bring(con, catalog, name, home)
    elif table == COMMUNES:
        con.execute(f"create table {table} as {shared_sql('own_communes')}")
    elif table == SUCCESSORS or _closure(reads, table) & moving:
        con.execute(f"create table {table} as {catalog.queries['tables'][name]}")
    else:
        con.execute(f"create view {table} as from {home}.{table}")


def _bring(con: duckdb.DuckDBPyConnection, catalog: Catalog, name: str, home: str) -> None:
    """The rows of the vintage, as they are: codes that are none of its map go where they belong."""
    con.execute("create schema if not exists own_map")
    con.execute(
        f"create view own_map.{name} as from {home}.own_map.{name}"
        " where vintage = getvariable('to_vintage')"
    )
    show_published(con, name, catalog.geographies[name], "own_map")
    con.execute(shared_sql("harmonise"))
    keep_harmonised(con, name)
    con.execute("drop view published")


def _insert(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, indicator: Indicator, vintage: int
) -> None:
    where = f"catalog/indicators/{indicator.name}.sql"
    rows = run_query(con, catalog.queries["indicators"][indicator.name], where)
    counts = {
        "sum": "numerator as value, numerator, null as denominator",
        "ratio": f"{indicator.per} * numerator / nullif(denominator, 0) as value,"
        " numerator, denominator",
        "none": "value, null as numerator, null as denominator",
    }[indicator.rollup]
    optional = ", ".join(
        f"{name if name in rows.columns else 'null'} as {name}" for name in OPTIONAL
    )
    told = (
        f"'{indicator.name}' as indicator, 'COM-' || commune_code as territory_id,"
        f" cast(period as varchar) as period, {vintage} as vintage, {counts},"
        f" {optional}"
    )
    with query_errors(where), transaction(con):
        rows.project(told).insert_into("temp.main.given")
