"""Doors: numbers of hidden cells that stand somewhere else in what is published."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from flows.attack.files import ask, find_in_files
from flows.attack.told import Found
from flows.publish.release import DATABASE
from flows.warehouse import quote_text

DOORS = (
    "observations",
    "observations_as_published",
    "comparisons",
    "targets",
    "barometer_indicators",
)
TOLD = (
    "create or replace temp view told as"
    " select *, coalesce(value, numerator, denominator) as number from copied.observations"
)


def find_doors(con: duckdb.DuckDBPyConnection, release: Path, has_earlier: bool) -> Iterator[Found]:
    """What the tables and files of a release tell of its hidden cells, and the one before."""
    yield from _look_into_tables(con, "main", "")
    if has_earlier:
        way = "told by one release and hidden by the other"
        yield from ask(con, "attack_told_before", way, is_door=False)
    database = release / DATABASE
    if database.is_file() and any((release / "data").glob("*.parquet")):
        yield from _look_into_database(con, database)
    yield from find_in_files(con, release)


def _look_into_tables(con: duckdb.DuckDBPyConnection, schema: str, where: str) -> Iterator[Found]:
    query = "select view_name from duckdb_views() where schema_name = ?"
    present = {row[0] for row in con.execute(query, [schema]).fetchall()}
    for table in DOORS:
        if table in present:
            yield from ask(con, f"attack_door_{table}", where + table)


def _look_into_database(con: duckdb.DuckDBPyConnection, database: Path) -> Iterator[Found]:
    """The tables of the database; the Parquet files beside it say what is hidden."""
    where = f"{DATABASE}: "
    con.execute(f"attach {quote_text(database)} as copied (read_only); create schema copy")
    try:
        query = "select table_name from duckdb_tables() where database_name = 'copied'"
        for (table,) in con.execute(query).fetchall():
            if table in DOORS[1:]:  # of `observations`, those of the Parquet files are asked
                con.execute(f"create view copy.{table} as from copied.{table}")
        con.execute(TOLD)
        yield from ask(con, "attack_door_file", f"{where}observations")
        con.execute("set search_path = 'copy,main'")
        yield from _look_into_tables(con, "copy", where)
    finally:
        con.execute("reset search_path; drop schema copy cascade; detach copied")
