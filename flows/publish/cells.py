"""Cells: how values are written in a CSV, so that no spreadsheet computes what was a text."""

import duckdb

from flows.warehouse import shared_sql


def as_cells(con: duckdb.DuckDBPyConnection, query: str) -> str:
    """The columns of *query* as SQL: texts that are no formula, decimals without idle zeros.

    An apostrophe is put before what could be taken for a formula; `text_of_cell`, of the same
    file, gives the text back. Everything else stands as DuckDB writes it.
    """
    con.execute(shared_sql("text_cell"))
    columns = con.sql(f"select * from ({query}) limit 0").description
    return ", ".join(_as_cell(_quoted(name), str(kind)) for name, kind, *_ in columns)


def _as_cell(column: str, kind: str) -> str:
    if kind == "VARCHAR":
        return f"text_cell({column}) as {column}"
    if kind.startswith("DECIMAL") and not kind.endswith(",0)"):  # 34875, not 34875.000000
        return f"rtrim(rtrim(cast({column} as varchar), '0'), '.') as {column}"
    return column


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
