"""Sides: two releases under the names that the queries on changes read.

`before_<table>` and `after_<table>` are views on the Parquet files of a release, or on the tables
of the warehouse that one is about to be made of.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from flows.files import read_json
from flows.warehouse import quote_text, shared_sql

MANIFEST = "manifest.json"
# What the queries read of each side; a release that has none of one has an empty one.
READ = ("observations", "territories", "indicators", "memberships")


@dataclass(frozen=True)
class Side:
    """One of two releases: where each of its tables is read, and what its manifest says."""

    tables: dict[str, str]
    manifest: dict[str, Any]

    @property
    def version(self) -> str:
        """Its semantic version."""
        return str(self.manifest["version"])

    @property
    def traces(self) -> dict[str, dict[str, Any]]:
        """What each indicator was made from; releases of older code do not say."""
        found: dict[str, dict[str, Any]] = self.manifest.get("indicators", {})
        return found


def read_side(release: Path) -> Side:
    """A release, by the Parquet files of the tables that its manifest names."""
    manifest = read_json(release / MANIFEST)
    paths = {name: str(release / "data" / f"{name}.parquet") for name in manifest["tables"]}
    files = {name: f"read_parquet({quote_text(path)})" for name, path in paths.items()}
    return Side(files, manifest)


def put_sides(
    con: duckdb.DuckDBPyConnection, before: Side, after: Side, renamed: dict[str, str]
) -> None:
    """Make the views, and the small tables that the queries read beside them."""
    con.execute(shared_sql("changes_sides"))
    for name, side, other in (("before", before, after), ("after", after, before)):
        for table in READ:
            rows = side.tables.get(table) or f"(from {other.tables[table]} limit 0)"
            con.execute(f"create or replace temp view {name}_{table} as select * from {rows}")
        columns = [
            [table, column[0], str(column[1])]
            for table, rows in sorted(side.tables.items())
            for column in con.sql(f"select * from {rows} limit 0").description
        ]
        fill(con, f"{name}_columns", columns)
    fill(con, "renamed", [list(each) for each in renamed.items()])


def fill(con: duckdb.DuckDBPyConnection, table: str, rows: list[list[Any]]) -> None:
    """Insert *rows* in one statement: one for each row takes milliseconds."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        marks = ", ".join("unnest(?)" for _ in columns)
        con.execute(f"insert into {table} select {marks}", columns)
