"""Database: jalon.duckdb, the published tables with a comment on every table and column.

Keys are tested, not declared (a declared key makes the file several times larger). DuckDB's file
differs from build to build; what it holds is told by a content hash per table.
"""

from typing import Any

from flows.publish.draft import Draft
from flows.warehouse import shared_sql

# Files of this version are read by DuckDB 1.0 and every later one.
STORAGE_VERSION = "v1.0.0"


def write_database(draft: Draft) -> None:
    """Write jalon.duckdb with every published table, in its total order."""
    path = str(draft.folder / "jalon.duckdb").replace("'", "''")
    home = draft.con.sql("select current_database()").fetchall()[0][0]
    draft.con.execute(f"attach '{path}' as published (storage_version '{STORAGE_VERSION}')")
    try:
        for table in draft.tables:
            _write_table(draft, table)
        draft.con.execute("use published")
        draft.con.execute(shared_sql("published_views"))
        _comment_view(draft, "observations_named", ("observations", "territories"))
    finally:
        draft.con.execute(f"use {home}")
        draft.con.execute("detach published")


def hash_tables(draft: Draft) -> dict[str, dict[str, Any]]:
    """Rows and content hash of every published table: independent of order, and of the build."""
    return {table: _hash_table(draft, table) for table in draft.tables}


def _write_table(draft: Draft, table: str) -> None:
    schema = draft.schema(table)
    columns = ", ".join(field["name"] for field in schema["fields"])
    draft.con.execute(
        f"create table published.{table} as"
        f" select {columns} from indicators.{table} order by {draft.order(table)}"
    )
    _comment(draft, f"table published.{table}", schema)
    for field in schema["fields"]:
        _comment(draft, f"column published.{table}.{field['name']}", field)


def _comment(draft: Draft, target: str, told: dict[str, str]) -> None:
    text = f"{told['description']} — {told['description_en']}".replace("'", "''")
    draft.con.execute(f"comment on {target} is '{text}'")


def _comment_view(draft: Draft, view: str, tables: tuple[str, ...]) -> None:
    """Give the columns of a view the comments of the tables that it joins."""
    fields = {field["name"]: field for table in tables for field in draft.schema(table)["fields"]}
    for column in draft.con.table(view).columns:
        _comment(draft, f"column published.{view}.{column}", fields[column])


def _hash_table(draft: Draft, table: str) -> dict[str, Any]:
    columns = ", ".join(field["name"] for field in draft.schema(table)["fields"])
    rows, content = draft.con.execute(
        f"select count(*), coalesce(bit_xor(md5_number(cast(row({columns}) as varchar))), 0)"
        f" from indicators.{table}"
    ).fetchall()[0]
    return {"rows": rows, "content": f"{content:x}"}
