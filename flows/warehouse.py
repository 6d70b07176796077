"""DuckDB: open it, read what a query reads, and put queries in the order that they need."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import duckdb

from flows.errors import CatalogError, MachineError
from flows.spatial import load_spatial

# What the machine refuses, whatever the query says; a commit fails when it cannot be written.
MACHINE = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.FatalException,
    duckdb.TransactionException,
)
SQL = Path(__file__).parent / "sql"
# A query that needs more goes on beside the file of the database: slower, but on any machine.
MEMORY = "850MB"
NO_FILE = Path(":memory:")
CHANGED = "mend what was last changed in catalog/ or schemas/"


@contextmanager
def connect(path: Path, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that is closed at the end; the time zone is UTC and no bar is drawn.

    Raises MachineError when the file is held by another process or cannot be written, and
    CatalogError when a query in the block does not fit its tables.
    """
    with database_errors(path):
        con = duckdb.connect(str(path), read_only=read_only)
        try:
            con.execute("set timezone = 'UTC'; set enable_progress_bar = false")
            con.execute(f"set memory_limit = '{MEMORY}'")
            yield con
            if not read_only and path != NO_FILE:
                con.execute("checkpoint")  # closing does it too, but says nothing of a full disk
        finally:
            con.close()


@contextmanager
def database_errors(path: Path, hint: str = CHANGED) -> Iterator[None]:
    """Turn what DuckDB raises into one sentence: about *path* unless the block knows better.

    *hint* is for what is not the machine's fault.
    """
    try:
        yield
    except duckdb.InterruptException as error:
        raise KeyboardInterrupt from error
    except MACHINE as error:
        todo = "make room, give the right to write, or close the program that holds it"
        named = re.search(r'file "([^"]+)": (.+)', explain(error))
        where, problem = named.groups() if named else (str(path), explain(error))
        raise MachineError(where, problem, todo) from error
    except duckdb.Error as error:
        raise CatalogError(str(path), explain(error), hint) from error


@contextmanager
def query_errors(subject: str) -> Iterator[None]:
    """Turn DuckDB's refusal of a query into a sentence about *subject*, the file it stands in."""
    try:
        yield
    except (*MACHINE, duckdb.InterruptException):
        raise
    except duckdb.Error as error:
        raise CatalogError(subject, explain(error), "mend it, then run again") from error


def set_variable(con: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    """Give a variable, which files of flows/sql/ read, its value."""
    con.execute(f"set variable {name} = {quote_text(value)}")


def quote_text(value: object) -> str:
    """A text or path as SQL writes it, for what takes no parameter: paths, options, comments."""
    return "'" + str(value).replace("'", "''") + "'"


def quote_row(values: Iterable[object]) -> str:
    """A few values as SQL writes them, between commas: with parameters DuckDB imports pandas."""
    return ", ".join(
        "null"
        if each is None
        else repr(each)
        if isinstance(each, int | float)
        else quote_text(each)
        for each in values
    )


def quote_name(name: str) -> str:
    """The name of a column as SQL writes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def require_columns(rows: duckdb.DuckDBPyRelation, wanted: Iterable[str], name: str) -> None:
    """Raise CatalogError unless *rows*, of the query <name>, have what its geography asks for."""
    if missing := [column for column in wanted if column not in rows.columns]:
        hint = f"geography: in {name}.yml asks for it"
        raise CatalogError(f"{name}.sql", f"gives no {missing[0]}", hint)


def explain(error: duckdb.Error) -> str:
    """What DuckDB says on one line, with the line of the query but without its drawing."""
    told = " ".join(str(error).split("\n\n")[0].split())
    line = re.search(r"^LINE (\d+):", str(error), re.MULTILINE)
    return told + (f" at line {line[1]}" if line and line[1] != "1" else "")


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block or nothing; raises when it cannot be written.

    Outside of one, a relation's `create` and `insert_into` say nothing of a commit that fails: on a
    full disk their rows would be lost in silence.
    """
    con.begin()
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # the first error is the one to tell
            con.rollback()
        raise
    con.commit()


@cache
def shared_sql(name: str) -> str:
    """A file of flows/sql/."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


@cache
def tables_read(query: str) -> frozenset[str]:
    """The tables that *query* reads, as DuckDB's own parser sees them."""
    with _parser().cursor() as con:
        try:
            found = con.get_table_names(query, qualified=True)
        except duckdb.CatalogException:  # a function of geometry, or none
            load_spatial(con)  # which takes longer than to read all the others
            found = con.get_table_names(query, qualified=True)
        # An aliased table comes back as "core.communes AS c".
        return frozenset(name.split(" AS ")[0] for name in found)


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    """A database without tables, which only reads queries; to open one takes longer than that."""
    return duckdb.connect()


def reads_of(queries: dict[str, dict[str, str]]) -> dict[str, frozenset[str]]:
    """What the queries of the catalogue read: by `core.<table>`, `indicators/<name>` …"""
    return {
        f"core.{name}" if kind == "tables" else f"{kind}/{name}": tables_read(query)
        for kind in ("tables", "indicators", "publications", "targets")
        for name, query in queries[kind].items()
    }


def build_order(reads: dict[str, frozenset[str]]) -> list[str]:
    """The tables of *reads*, each after those that it reads among them."""
    graph = {name: sorted(tables & reads.keys()) for name, tables in sorted(reads.items())}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise CatalogError(" → ".join(error.args[1]), "these queries read each other") from error


def run_query(con: duckdb.DuckDBPyConnection, query: str, subject: str) -> duckdb.DuckDBPyRelation:
    """The rows of *query*, not yet computed; raises CatalogError when it does not bind."""
    with query_errors(subject):
        rows: duckdb.DuckDBPyRelation | None = con.sql(query)
    if rows is None:
        raise CatalogError(subject, "gives no rows", "write one `select` in it")
    return rows
