"""Text: columns of a CSV as a table of text, read whole and as Python reads it, or not at all."""

import csv
from contextlib import closing
from pathlib import Path

import duckdb

from flows.errors import SourceError
from flows.steps.validate.header import name_apart
from flows.steps.validate.reading.dialect import Dialect
from flows.steps.validate.reading.open import open_file, write_utf8
from flows.steps.validate.reading.rows import Table
from flows.steps.validate.reading.stage import (
    MAX_FAST_COLUMNS,
    NotProvenError,
    Stage,
    stage_in_place,
    stage_rows,
)

ENCODING = "give its encoding with --encoding"
VALIDATE = "mend it; `jalon validate` names every such row"


def read_labels(path: Path, dialect: Dialect, folder: Path) -> list[str]:
    """The names of the columns of the CSV *path*; a repeated one gets a number.

    Raises SourceError when the file cannot be read.
    """
    with closing(_open(path, dialect, folder)) as table:
        if table.is_empty or not table.labels:
            raise SourceError(path.name, "has no column", "look at the file")
        return name_apart(table.labels)


def load_text(
    con: duckdb.DuckDBPyConnection, path: Path, dialect: Dialect, folder: Path, columns: list[str]
) -> None:
    """Make the temporary table file_rows of a CSV: t1 is the first of *columns*, t2 the second …

    An empty cell is ''. Blank rows are left out. *folder* is for what is left on the way. Raises
    SourceError when a row has more or fewer cells than the header, or the file cannot be read to
    its end.
    """
    labels = read_labels(path, dialect, folder)
    with closing(_open(path, dialect, folder)) as table:
        try:
            _keep(con, _stage_in_place(table, folder, len(labels)), labels, columns)
        except (NotProvenError, duckdb.Error):
            stage = stage_rows(folder / "rows.csv", table.rows, len(labels))
            _refuse_stopped(path, stage)
            _keep(con, stage, labels, columns)
    _refuse_ragged(con, path)
    con.execute("delete from file_rows where is_blank")


def _open(path: Path, dialect: Dialect, folder: Path) -> Table:
    try:
        return open_file(path, folder, dialect)
    except (UnicodeDecodeError, LookupError, csv.Error) as error:
        raise SourceError(path.name, f"cannot be read: {error}", ENCODING) from error


def _stage_in_place(table: Table, folder: Path, columns: int) -> Stage:
    """The file as DuckDB reads it; raises NotProvenError where that may not be as Python does."""
    if not (table.dialect.is_plain and table.header_lines == 1 and columns <= MAX_FAST_COLUMNS):
        raise NotProvenError
    try:
        path = write_utf8(table, folder)
    except UnicodeDecodeError as error:
        raise NotProvenError from error
    return stage_in_place(path, table.dialect.delimiter or ",", columns)


def _keep(
    con: duckdb.DuckDBPyConnection, stage: Stage, labels: list[str], columns: list[str]
) -> None:
    places = [labels.index(name) + 1 for name in columns]
    kept = ", ".join(f"c{place} as t{number}" for number, place in enumerate(places, start=1))
    con.execute(
        f"create or replace temp table file_rows as select {kept}, c1 is null as is_blank,"
        f" extra1 is not null or (c1 is not null and c{len(labels)} is null) as is_ragged"
        f" from {stage.scan}"
    )
    stage.prove(con.execute("select count(*) from file_rows").fetchall()[0][0])


def _refuse_stopped(path: Path, stage: Stage) -> None:
    if stage.stopped:
        raise SourceError(path.name, f"cannot be read: {stage.stopped.expected}", ENCODING)
    if stage.swallowing:
        problem = f"a quotation mark in row {stage.swallowing[0]} is not closed"
        raise SourceError(path.name, problem, VALIDATE)


def _refuse_ragged(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    query = "select count(*), min(rowid) + 2 from file_rows where is_ragged"
    count, first = con.execute(query).fetchall()[0]
    if count:
        problem = (
            f"{count:,} rows have more or fewer cells than the header, the first is row {first}"
        )
        raise SourceError(path.name, problem, VALIDATE)
