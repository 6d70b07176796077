"""Card: what an officer should know of one indicator, from the catalogue and the warehouse."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb

from flows.catalog import Catalog, Indicator, load_catalog
from flows.catalog.columns import Trace
from flows.catalog.lineage import sources_of
from flows.errors import CatalogError
from flows.settings import Settings
from flows.state import built_warehouse
from flows.warehouse import connect, reads_of, set_variable, shared_sql

Row = dict[str, Any]
SHOWN = 10
SHADES = "·░▒▓█"  # of the communes of a square, none to all without a value


@dataclass(frozen=True)
class Card:
    """`levels` have counts by status; `highest` and `lowest` are of one of them, `level`.

    `columns` says from which columns of the publishers each count comes. `missing_map` is a drawing
    of the communes without a value, a line a row; it is empty where communes have none at all.
    """

    indicator: Indicator
    sources: list[Row]
    columns: dict[str, list[str]]
    levels: list[Row]
    level: str
    highest: list[Row]
    lowest: list[Row]
    missing_map: list[str]


def make_card(settings: Settings, name: str, level: str | None = None) -> Card:
    """The card of the indicator *name*; its extremes are those of *level*, else of the finest.

    Raises CatalogError when there is no such indicator, or it has no value at that level.
    """
    catalog = load_catalog(settings.catalog)
    indicator = catalog.indicator(name)
    with look(settings, name) as con:
        levels = rows_of(con, "card_levels")
        if not levels:
            hint = "its sources may never have been fetched: see jalon sources"
            raise CatalogError(name, "has no value in the warehouse", hint)
        given = [row["level"] for row in levels]
        chosen = level or given[0]
        if chosen not in given:
            raise CatalogError(name, f"has no value at level {chosen} (known: {', '.join(given)})")
        set_variable(con, "level", chosen)
        ranked = rows_of(con, "card_ranked")
        return Card(
            indicator,
            list_sources(con, catalog, name),
            list_columns(Trace(catalog, tables_of(con)), catalog, name),
            levels,
            chosen,
            ranked[:SHOWN],
            ranked[::-1][:SHOWN],
            _draw(rows_of(con, "card_missing")),
        )


@contextmanager
def look(settings: Settings, name: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, read only, whose variable `indicator` and view `today` are of *name*."""
    with connect(built_warehouse(settings), read_only=True) as con:
        set_variable(con, "indicator", name)
        con.execute(shared_sql("indicator_today"))
        yield con


def rows_of(con: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    """The rows of a file of flows/sql/, by column."""
    found = con.sql(shared_sql(query))
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def list_sources(con: duckdb.DuckDBPyConnection, catalog: Catalog, name: str) -> list[Row]:
    """Every file behind the indicator *name*: publisher, licence, hash, date, rows, rejects."""
    needed = sources_of(catalog, reads_of(catalog.queries), f"indicators/{name}")
    files = [row for row in rows_of(con, "files_used") if row["source"] in needed]
    return [
        {
            **row,
            "title": catalog.sources[row["source"]].title,
            "publisher": catalog.sources[row["source"]].publisher,
            "licence": catalog.sources[row["source"]].licence,
        }
        for row in files
    ]


def list_columns(trace: Trace, catalog: Catalog, name: str) -> dict[str, list[str]]:
    """By column that the indicator's SQL gives: the columns of the publishers behind it."""
    origins = trace.origins(catalog.queries["indicators"][name])
    return {
        column: sorted(each.removeprefix("raw.") for each in origin)
        for column, origin in origins.items()
    }


def tables_of(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Every table of raw and core: its columns, and their types."""
    tables: dict[str, dict[str, str]] = {}
    for row in rows_of(con, "warehouse_columns"):
        tables.setdefault(row["table_name"], {})[row["column_name"]] = row["data_type"]
    return tables


def _draw(squares: list[Row]) -> list[str]:
    """The squares as lines of text; nothing if no commune lacks a value."""
    if not any(square["missing"] for square in squares):
        return []
    lines: dict[int, dict[int, str]] = {}
    for square in squares:
        share = square["missing"] / square["communes"]
        shade = SHADES[-int(-share * (len(SHADES) - 1) // 1)]  # one commune is enough to be seen
        lines.setdefault(square["map_row"], {})[square["map_column"]] = shade
    width = max(column for line in lines.values() for column in line) + 1
    return [
        "".join(lines.get(row, {}).get(column, " ") for column in range(width)).rstrip()
        for row in range(max(lines) + 1)
    ]
