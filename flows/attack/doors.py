"""Doors: numbers of hidden cells that stand somewhere else in what is published."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from flows.attack.told import HIDDEN, Found
from flows.warehouse import quote_text, shared_sql

DOORS = (
    "observations",
    "observations_as_published",
    "comparisons",
    "targets",
    "barometer_indicators",
)


def find_doors(con: duckdb.DuckDBPyConnection, release: Path, has_earlier: bool) -> Iterator[Found]:
    """What the tables of a release and its wide files tell of hidden cells, and the one before."""
    here = con.execute("select view_name from duckdb_views() where schema_name = 'main'").fetchall()
    present = {row[0] for row in here}
    for table in DOORS:
        if table in present:
            yield from _ask(con, f"attack_door_{table}", table, is_door=True)
    if has_earlier:
        yield from _ask(con, "attack_told_before", "told by one release and hidden by the other")
    wides = sorted((release / "data" / "wide").glob("*.csv"))
    newest = con.execute(shared_sql("attack_hidden_newest")).fetchall() if wides else []
    for path in wides:
        yield from _look_into(con, path, newest)
    for path in sorted(release.rglob("delta.csv*")):
        con.execute(f"create or replace temp view delta as from read_csv({quote_text(path)})")
        yield from _ask(con, "attack_door_delta", path.name, is_door=True)
    for path in sorted((release / "api").rglob("*.json")):
        yield from _look_into_api(path.name, "", json.loads(path.read_text(encoding="utf-8")))


def _look_into_api(file: str, indicator: str, told: Any) -> Iterator[Found]:
    """Values in the columns of a file of the API that stand under the status of what is hidden."""
    if not isinstance(told, dict):
        return
    if {"periods", "values", "statuses"} <= told.keys():
        statuses = told["statuses"]
        rows = [statuses] if isinstance(statuses, str) else statuses
        for letters, values in zip(rows, told["values"], strict=True):
            for period, letter, value in zip(told["periods"], letters, values or (), strict=False):
                if letter == HIDDEN and value is not None:
                    yield Found(indicator, file, period, file, float(value), float(value), True)
        return
    for name, each in told.items():
        yield from _look_into_api(file, name, each)


def _ask(
    con: duckdb.DuckDBPyConnection, query: str, way: str, is_door: bool = False
) -> Iterator[Found]:
    for indicator, territory, period, told in con.execute(shared_sql(query)).fetchall():
        yield Found(indicator, territory, period, way, float(told), float(told), is_door)


def _look_into(con: duckdb.DuckDBPyConnection, path: Path, newest: list[Any]) -> Iterator[Found]:
    """The cells of a wide file that are not empty, of those hidden in the *newest* period."""
    con.execute(
        "create or replace temp view wide as"
        f" from read_csv({quote_text(path)}, all_varchar = true, header = true)"
    )
    code, *columns = con.table("wide").columns
    level = code.removeprefix("code_")
    asked = [row for row in newest if row[2] == level and row[0] in columns]
    told = {
        (name, row[0]): row[1]
        for name in {row[0] for row in asked}
        for row in con.table("wide").project(f'{code}, "{name}"').fetchall()
        if row[1]
    }
    for name, territory, _, its_code, period in asked:
        if value := told.get((name, its_code)):
            yield Found(name, territory, period, path.name, float(value), float(value), True)
