"""Columns: tables and objects as JSON, a list for each column, without idle spaces."""

import json
from itertools import groupby
from operator import itemgetter
from typing import Any

import duckdb

from flows.publish.draft import Draft
from flows.warehouse import shared_sql

API = "api/v1"
Columns = dict[str, str]  # by name, as JSON


def as_json(body: Any) -> str:
    """Without a space that says nothing."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def as_object(columns: Columns) -> str:
    """An object of what is JSON already."""
    return f"{{{','.join(f'{as_json(name)}:{body}' for name, body in columns.items())}}}"


def alone(cells: list[Any]) -> Any:
    """The cell itself where it is the same for all."""
    return cells[0] if len(set(cells)) == 1 else cells


def columns_by(con: duckdb.DuckDBPyConnection, query: str) -> dict[Any, dict[str, list[Any]]]:
    """The rows of a file of flows/sql/ as columns, by the value of the first, which orders them.

    Columns that are empty throughout are left out.
    """
    rows = con.execute(shared_sql(query))
    names = [column[0] for column in rows.description][1:]
    told = {}
    for key, group in groupby(rows.fetchall(), itemgetter(0)):
        columns = zip(names, list(zip(*group, strict=True))[1:], strict=True)
        told[key] = {
            name: list(cells) for name, cells in columns if any(cell is not None for cell in cells)
        }
    return told


def number(value: float | None) -> float | None:
    """Without the zeros that say nothing: 815, not 815.0."""
    return int(value) if value is not None and value == int(value) else value


def write_object(draft: Draft, path: str, columns: Columns) -> None:
    """Write a file of the API, of parts that are JSON already."""
    write_bytes(draft, path, f"{as_object(columns)}\n".encode())


def write_body(draft: Draft, path: str, body: Any, indent: int | None = None) -> None:
    """Write a file of the API; with an *indent* where a person may read it."""
    text = json.dumps(body, ensure_ascii=False, indent=indent) if indent else as_json(body)
    write_bytes(draft, path, f"{text}\n".encode())


def write_bytes(draft: Draft, path: str, body: bytes) -> None:
    """Write any file under api/v1."""
    target = draft.folder / API / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(body)
