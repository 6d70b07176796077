"""Geography: the codes of a file, for whoever asks, outside the line."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from flows.catalog import Catalog, load_catalog
from flows.errors import SourceError
from flows.files import machine_errors, replacing
from flows.reference import open_reference
from flows.settings import Settings
from flows.steps.convert import Conversion, Plan, check_plan, convert, result_sql
from flows.steps.diagnose import (
    Diagnosis,
    Fit,
    diagnose,
    find_counted_twice,
    likely_causes,
    read_codes,
)
from flows.steps.validate.reading.dialect import Dialect, suit
from flows.steps.validate.reading.text import load_text, read_labels
from flows.steps.validate.rules.expressions import quote
from flows.steps.validate.table import make_workplace
from flows.warehouse import database_errors

AGAIN = "then run again"
UNREADABLE = "look at the file and at its columns; if all is right, tell the makers of Jalon"


@dataclass(frozen=True)
class Converted:
    """A conversion, the vintage that was found where none was given, and causes by code.

    `counted_twice` are communes that stand beside their own arrondissements.
    """

    plan: Plan
    conversion: Conversion
    causes: dict[str, str]
    found: Fit | None
    counted_twice: tuple[str, ...]


def diagnose_file(settings: Settings, path: Path, column: str, dialect: Dialect) -> Diagnosis:
    """What the codes in *column* of the CSV *path* speak of.

    Raises PipelineError when it cannot be read or has no such column.
    """
    with _open(settings, path) as (con, folder):
        labels = read_labels(path, suit(dialect, path), folder)
        if column not in labels:
            raise SourceError(path.name, f"has no column {column}", _list(labels))
        load_text(con, path, suit(dialect, path), folder, [column])
        return diagnose(con, _count_codes(con))


def convert_file(
    settings: Settings, path: Path, plan: Plan, dialect: Dialect, output: Path
) -> Converted:
    """Write the rows of the CSV *path* on the map of another year to the CSV *output*.

    Where *plan* tells no year that the file speaks of, it is found. Raises PipelineError when the
    file cannot be read, or a column of it is not declared or not what it is declared to be.
    """
    with _open(settings, path) as (con, folder):
        check_plan(plan, read_labels(path, suit(dialect, path), folder), path.name)
        load_text(con, path, suit(dialect, path), folder, plan.used)
        return convert_loaded(con, load_catalog(settings.catalog), plan, output)


def convert_loaded(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, plan: Plan, output: Path
) -> Converted:
    """The same, of the columns of *plan* in file_rows on *con*, a reference."""
    plan, found = _find_vintage(con, plan)
    conversion = convert(con, catalog, plan)
    causes = likely_causes(con, con.sql("select code, row_count, vintage from strange"))
    counted_twice: tuple[str, ...] = ()
    if "municipal_arrondissement" in causes.values():
        read_codes(con, _count_codes(con))
        counted_twice = find_counted_twice(con)
    with replacing(output) as part:
        con.execute(f"copy ({result_sql(plan)}) to {quote(str(part))} (format csv, header)")
    return Converted(plan, conversion, causes, found, counted_twice)


def _find_vintage(con: duckdb.DuckDBPyConnection, plan: Plan) -> tuple[Plan, Fit | None]:
    """The plan with the year that the codes speak of, and how it fits if it was not told."""
    _refuse_year(con, "--to", plan.to_vintage)
    if plan.from_vintage is not None:
        _refuse_year(con, "--from", plan.from_vintage)
    if plan.from_vintage is not None or plan.vintage_column is not None:
        return plan, None
    found = diagnose(con, _count_codes(con)).best
    return replace(plan, from_vintage=found.year), found


def newest_vintage(settings: Settings) -> int:
    """The newest map that is known."""
    return max(load_catalog(settings.catalog).sources["administrative_divisions_communes"].editions)


@contextmanager
def _open(settings: Settings, path: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """The reference, and a folder for what is left on the way."""
    if not path.is_file():
        problem = "is a folder" if path.is_dir() else "there is no such file"
        raise SourceError(str(path), problem, "give the path of a CSV")
    with open_reference(settings) as con, make_workplace() as folder:
        con.execute(f"set temp_directory = {quote(str(folder / 'spilled'))}")
        with machine_errors(path, AGAIN), database_errors(path, UNREADABLE):
            yield con, folder


def _count_codes(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
    return con.sql("select t1 as code, count(*) as row_count from file_rows group by t1")


def _refuse_year(con: duckdb.DuckDBPyConnection, option: str, year: int) -> None:
    query = "select max(edition) from core.administrative_divisions_communes"
    newest = con.execute(query).fetchall()[0][0]
    if not 1943 <= year <= newest:
        raise SourceError(f"{option} {year}", "no map of that year is known", f"1943 to {newest}")


def _list(labels: list[str]) -> str:
    return f"its columns: {', '.join(labels)}"
