"""Only: one indicator built again on the warehouse as it stands, for the person who edits it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from flows.catalog import Catalog, Indicator, load_catalog
from flows.catalog.lineage import restrict, sources_of
from flows.errors import CatalogError, PromiseError
from flows.settings import Settings
from flows.state import built_warehouse, hash_parts, hold_lock
from flows.steps import aim, build, disclose, rank
from flows.warehouse import (
    NO_FILE,
    connect,
    database_errors,
    query_errors,
    quote_row,
    quote_text,
    reads_of,
    shared_sql,
    transaction,
)

AGAIN = "jalon run --direct makes it again"
SAMPLE_ROWS = 5
# What is written soon gives way to a whole run: to compress it, to log it before it is written, or
# to close the gaps that it leaves among the rows of others, takes longer than to build it.
QUICK = """
set force_compression = 'uncompressed';
set checkpoint_threshold = '1KB';
set max_vacuum_tasks = 0
"""
REPLACED = (
    "parts.observations",
    "indicators.observations",
    "indicators.comparisons",
    "indicators.targets",
)
# What is made of it too, with all other indicators, or on other maps.
LEFT = ("observations_as_published", "similar_territories", "barometer_*")


@dataclass(frozen=True)
class Rebuilt:
    """What came of it: `changes` counts observations by `added`, `deleted`, `modified`.

    `samples` are territory, period, old and new value, the largest differences first.
    """

    rows: int
    changes: dict[str, int]
    samples: list[tuple[str, str, float | None, float | None]]


def rebuild(settings: Settings, name: str) -> Rebuilt:
    """Put the observations of the indicator *name* in the place of those of the warehouse.

    Its SQL is asked again, rolled up, disclosed and held to its promises, all in DuckDB, then its
    comparisons and targets are made of it. No other indicator, source or table is looked at, those
    of LEFT stay as they are, and no release is made. Raises PromiseError, and leaves
    the warehouse as it is, when a promise is broken; CatalogError when the warehouse was made from
    other sources, tables or code than those at hand.
    """
    catalog = load_catalog(settings.catalog)
    indicator = catalog.indicator(name)
    if indicator.secrecy != "none":
        raise CatalogError(name, "is under secrecy, which looks at all indicators together", AGAIN)
    with hold_lock(settings), _beside(settings) as con:
        alone = _alone(con, settings, catalog, name)
        build.build_observations(con, alone)
        disclose.disclose(con, alone.indicators)
        _refuse_broken(con, indicator)
        rank.build_comparisons(con, alone)
        aim.build_targets(con, alone)
        rebuilt = _compare(con, name)
        _keep(con, name)
    return rebuilt


def _alone(
    con: duckdb.DuckDBPyConnection, settings: Settings, catalog: Catalog, name: str
) -> Catalog:
    """The catalogue with this indicator alone, and the targets that the warehouse can answer.

    Raises CatalogError unless it holds what the indicator reads, as it is today.
    """
    made_from = con.execute("from home.parts.made_from").fetchall()
    _refuse_changed(dict(made_from), hash_parts(settings))
    present = {row[0] for row in con.execute("select source from home.parts.files_used").fetchall()}
    # As the catalogue says too: but to read all queries again takes a tenth of the time.
    tables = con.execute("from home.parts.tables_read").fetchall()
    known = {table: frozenset(reads) for table, reads in tables}
    queries = catalog.queries["tables"]
    asked = {
        "tables": {each: query for each, query in queries.items() if f"core.{each}" not in known},
        "indicators": {name: catalog.queries["indicators"][name]},
        "publications": {},
        "targets": catalog.queries["targets"],
    }
    with query_errors(f"catalog/indicators/{name}.sql"):
        reads = reads_of(asked) | known
        needed = sources_of(catalog, reads, f"indicators/{name}")
    if absent := sorted(set(needed) - present):
        hint = f"jalon fetch {absent[0]}, then jalon run --direct"
        raise CatalogError(name, f"needs {absent[0]}, which is not in the warehouse", hint)
    alone = catalog.model_copy(update={"indicators": {name: catalog.indicators[name]}})
    return restrict(alone, reads, present)


def _refuse_changed(made_from: dict[str, str], parts: dict[str, str]) -> None:
    """Raise CatalogError, naming the first part of the project that is not as it was."""
    for path in sorted(made_from.keys() | parts.keys()):
        if made_from.get(path) != parts.get(path):
            raise CatalogError(path, "has changed since the warehouse was built", AGAIN)


@contextmanager
def _beside(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that looks into the warehouse, which is attached as `home`."""
    path = built_warehouse(settings)
    with database_errors(path), connect(NO_FILE) as con:
        con.execute(QUICK)
        con.execute(f"attach {quote_text(path)} as home")
        con.execute(shared_sql("floors"))
        for schema, table in con.execute(shared_sql("tables_of_home")).fetchall():
            con.execute(f'create view {schema}."{table}" as from home.{schema}."{table}"')
        for table in ("indicators", "territories"):  # as the last whole run described them
            con.execute(f"create view indicators.{table} as from home.indicators.{table}")
        yield con
        con.execute("checkpoint home")


def _refuse_broken(con: duckdb.DuckDBPyConnection, indicator: Indicator) -> None:
    """Raise PromiseError with the first rows that break what the indicator promises."""
    where = f"catalog/indicators/{indicator.name}.yml"
    low, high = indicator.value.min, indicator.value.max
    con.execute("create table parts.promises (min_value double, max_value double)")
    con.execute(f"insert into parts.promises values ({quote_row([low, high])})")
    if not con.execute("select 1 from indicators.observations limit 1").fetchall():
        raise PromiseError(where, "gives no observation", "look at its SQL")
    con.sql(shared_sql("checked")).create_view("checked")
    broken = con.execute(shared_sql("broken_promises")).fetchall()
    if broken:
        told = ", ".join(f"{row[0]} {row[1]} {row[2]}" for row in broken[:SAMPLE_ROWS])
        problem = f"breaks its promises in {len(broken):,} rows: {told}"
        raise PromiseError(where, problem, "the warehouse is as it was")


def _compare(con: duckdb.DuckDBPyConnection, name: str) -> Rebuilt:
    con.execute(
        "create temp view before as"
        f" select * from home.indicators.observations where indicator = '{name}'"
    )
    con.execute(shared_sql("observations_changed"))
    rows = con.execute("select count(*) from indicators.observations").fetchall()[0][0]
    counted = "select change, count(*) from changed group by change order by change"
    changes = dict(con.execute(counted).fetchall())
    return Rebuilt(rows, changes, con.execute(shared_sql("largest_changes")).fetchall())


def _keep(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Put the new rows in the place of the old ones."""
    with transaction(con):
        for table in REPLACED:
            con.execute(f"delete from home.{table} where indicator = '{name}'")
            con.execute(f"insert into home.{table} by name from {table}")
