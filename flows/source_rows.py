"""Source rows: which rows of the publishers' files speak of a territory."""

import duckdb

from flows.card import Row
from flows.catalog import Catalog, Indicator, Source
from flows.catalog.columns import Trace
from flows.steps.build import PART
from flows.warehouse import quote_name, set_variable, shared_sql

NOT_TOLD: Row = {"source_rows": None}


def find_rows(
    con: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    trace: Trace,
    indicator: Indicator,
    file: Row,
) -> Row:
    """`source_rows`: the rows of *file* in the territory and period of the variables, or None.

    They are numbered as its validation report does: a banner, the header and rows that were
    rejected count too. None where no one column tells the territory, or the indicator hides some.
    """
    source = catalog.sources[file["source"]]
    if indicator.secrecy != "none" or not source.geography or source.geography.coordinates:
        return NOT_TOLD
    column = f"{source.geography.level}_code"
    cell = _only_column(source, trace.origins(catalog.queries["sources"][source.name]), column)
    if cell is None:
        return NOT_TOLD
    query = catalog.queries["indicators"][indicator.name]
    period = _only_column(source, trace.origins(query), "period")
    _show_codes(con, source, column)
    _show_cells(con, file, cell, period)
    layout = source.as_stored().layout
    above = layout.header_row + layout.skipped_rows
    return {"source_rows": _number(con, file, first=above + 1)}


def _only_column(source: Source, origins: dict[str, frozenset[str]], column: str) -> str | None:
    """The one column of the publisher's file that *column* comes from."""
    origin = origins.get(column, frozenset())
    prefix = f"raw.{source.name}."
    is_one = len(origin) == 1 and min(origin).startswith(prefix)
    return min(origin).removeprefix(prefix) if is_one else None


def _show_codes(con: duckdb.DuckDBPyConnection, source: Source, column: str) -> None:
    """The view codes: each code of the publisher, and the part of today that its rows are in."""
    assert source.geography
    level = source.geography.level
    published = "published_commune_code" if level == "commune" else column
    con.execute(
        "create or replace temp view codes as"
        f" select distinct cast({published} as varchar) as code, {PART[level]} as part_id"
        f" from core.{source.name}"
    )


def _show_cells(con: duckdb.DuckDBPyConnection, file: Row, cell: str, period: str | None) -> None:
    """The view cells: the code in each valid row, and whether the row is of the period."""
    set_variable(con, "valid", file["valid"])
    in_period = "true"
    if period:
        in_period = f"starts_with(cast({quote_name(period)} as varchar), getvariable('period'))"
    con.execute(
        "create or replace temp view cells as"
        f" select file_row_number, cast({quote_name(cell)} as varchar) as code,"
        f" {in_period} as is_of_period"
        " from read_parquet(getvariable('valid'), file_row_number = true)"
    )


def _number(con: duckdb.DuckDBPyConnection, file: Row, first: int) -> list[int]:
    """The rows of the publisher's file, in which those that were rejected stand too."""
    valid = [row[0] for row in con.execute(shared_sql("explain_rows")).fetchall()]
    if not file["rejected_rows"]:
        return [first + place for place in valid]
    rejects = con.read_csv(file["rejects"], all_varchar=True).project("cast(source_row as bigint)")
    rejected = sorted(row[0] for row in rejects.fetchall())
    return _skip(valid, rejected, first)


def _skip(valid: list[int], rejected: list[int], first: int = 2) -> list[int]:
    """The numbers of valid rows (places from 0, sorted), of which the *first* row of data is told.

    Rows that were *rejected* (numbers, sorted) stand among them.
    """
    numbers, passed = [], 0
    for place in valid:
        while passed < len(rejected) and rejected[passed] <= first + place + passed:
            passed += 1
        numbers.append(first + place + passed)
    return numbers
