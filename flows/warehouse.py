"""DuckDB: open it, read what a query reads, and put queries in the order that they need."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import duckdb

from flows.errors import CatalogError, MachineError

SQL = Path(__file__).parent / "sql"


@contextmanager
def connect(path: Path, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that is closed at the end; the time zone is UTC and no bar is drawn.

    Raises MachineError when the file is held by another process or cannot be written.
    """
    try:
        con = duckdb.connect(str(path), read_only=read_only)
    except duckdb.IOException as error:
        hint = "close the other program, or look at the rights and the room on the disk"
        raise MachineError(str(path), str(error).splitlines()[0], hint) from error
    try:
        con.execute("set timezone = 'UTC'; set enable_progress_bar = false")
        yield con
    finally:
        con.close()


@cache
def shared_sql(name: str) -> str:
    """A file of flows/sql/."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


@cache
def tables_read(query: str) -> frozenset[str]:
    """The tables that *query* reads, as DuckDB's own parser sees them."""
    with duckdb.connect() as con:
        # An aliased table comes back as "core.communes AS c".
        found = con.get_table_names(query, qualified=True)
        return frozenset(name.split(" AS ")[0] for name in found)


def build_order(reads: dict[str, frozenset[str]]) -> list[str]:
    """The tables of *reads*, each after those that it reads among them."""
    graph = {name: sorted(tables & reads.keys()) for name, tables in sorted(reads.items())}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise CatalogError(" → ".join(error.args[1]), "these queries read each other") from error


def run_query(con: duckdb.DuckDBPyConnection, query: str, subject: str) -> duckdb.DuckDBPyRelation:
    """The rows of *query*; raises CatalogError, with DuckDB's first line, when it does not bind."""
    try:
        return con.sql(query)
    except duckdb.Error as error:
        raise CatalogError(subject, str(error).splitlines()[0]) from error
