"""Rank: each territory among those of its level, of its département or région, and of its size."""

from collections.abc import Iterator

import duckdb

from flows.catalog import Catalog
from flows.warehouse import quote_row, shared_sql, transaction


def build_comparisons(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    """Make indicators.comparisons from indicators.observations, as disclosed.

    Rank 1 is the best, or the highest where no direction is better; equal values share a rank.
    A percentile counts half of those that have the same value, as Hazen's plotting position does
    (Hyndman and Fan, "Sample quantiles in statistical packages", 1996, definition 5).
    """
    with transaction(con):
        con.execute(shared_sql("size_classes"))
        for row in _rows(catalog):
            con.execute(f"insert into parts.size_classes values ({quote_row(row)})")
    con.execute(shared_sql("comparisons"))


def _rows(catalog: Catalog) -> Iterator[tuple[str, str, int, int | None]]:
    """Level, class, its least number of inhabitants, and that of the next."""
    for level, classes in catalog.size_classes.items():
        for least, after in zip(classes.minimums, [*classes.minimums[1:], None], strict=True):
            name = f"{least}+" if after is None else f"{least}-{after - 1}"
            yield level, name, least, after
