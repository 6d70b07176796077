"""Compare: how one release differs from another, in schema, definitions, territories and values.

All that is large is asked of DuckDB, which leaves its answers in temporary tables: `delta`, one row
per observation that is not as it was, and what the gate reads.
"""

from collections import Counter
from collections.abc import Collection
from typing import Any

import duckdb

from flows.changes.sides import Side, fill, put_sides
from flows.warehouse import set_variable, shared_sql

LISTED_TERRITORIES = 1_000
SPANS = ("added", "removed")
PLACES = ("added", "removed", "ended", "renamed", "placed_elsewhere", "updated")


def compare(
    con: duckdb.DuckDBPyConnection,
    before: Side,
    after: Side,
    renamed: dict[str, str],
    secret: Collection[str] = (),
) -> dict[str, Any]:
    """What has changed between two releases; nothing of it tells a value.

    *renamed* maps old names of indicators to new ones; of those that are *secret*, or where
    something is hidden, no old value that is gone is told in `delta`.
    """
    names = find_changes(con, before, after, renamed, secret)
    con.execute(shared_sql("changes_territories"))
    _put_causes(con, before, after, names)
    con.execute(shared_sql("changes_delta"))
    return {
        "schema": _compare_schema(con, before, after),
        "tables": _compare_tables(before, after),
        "indicators": _compare_indicators(con, names),
        "territories": _compare_territories(con),
    }


def find_changes(
    con: duckdb.DuckDBPyConnection,
    before: Side,
    after: Side,
    renamed: dict[str, str],
    secret: Collection[str] = (),
) -> dict[str, str]:
    """Make the tables of what has changed among observations, which the gate reads.

    Those of *renamed* that this changes from old to new.
    """
    names = _rename(before, after, renamed)
    put_sides(con, before, after, names)
    fill(con, "declared_secret", [[each] for each in secret])
    con.execute(shared_sql("changes_indicators"))
    con.execute(shared_sql("changes_observations"))
    return names


def no_changes(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What `compare` gives, and leaves in `delta`, of two releases that are the same."""
    con.execute(shared_sql("changes_none"))
    nothing: list[Any] = []
    return {
        "schema": dict.fromkeys(_SCHEMA, nothing),
        "tables": nothing,
        "indicators": nothing,
        "territories": {"counts": dict.fromkeys(PLACES, 0), "changed": nothing},
    }


_SCHEMA = ("tables_added", "tables_removed", "columns_added", "columns_removed", "types_changed")


def _rename(before: Side, after: Side, renamed: dict[str, str]) -> dict[str, str]:
    """Of *renamed*, the names that the release before had and this one has no more."""
    old, new = before.traces, after.traces
    return {a: b for a, b in renamed.items() if (not old or a in old) and a not in new}


def _put_causes(
    con: duckdb.DuckDBPyConnection, before: Side, after: Side, names: dict[str, str]
) -> None:
    """Fill `causes`, a row for each indicator that has changed, and `otherwise`."""
    files, former = _changed_files(before, after), {new: old for old, new in names.items()}
    present = {row[0] for row in con.execute("select indicator from after_indicators").fetchall()}
    past = {row[0] for row in con.execute("select indicator from before_indicators").fetchall()}
    rows = []
    for (name,) in con.execute("select indicator from changed_indicators").fetchall():
        old = before.traces.get(former.get(name, name), {})
        new = after.traces.get(name, {})
        known = bool(old and new)
        row = [
            name,
            former.get(name, name) not in past,
            name not in present,
            known and bool(files & {*old["sources"], *new["sources"]}),
            known and old["corrections"] != new["corrections"],
            known and old["method"] != new["method"],
        ]
        rows.append(row)
    fill(con, "causes", rows)
    set_variable(con, "otherwise", _otherwise(before, after, files))


def _changed_files(before: Side, after: Side) -> set[str]:
    """The sources whose files are not the same on both sides."""

    def files(side: Side) -> set[tuple[str, Any, str]]:
        return {
            (e["source"], e["edition"], e["sha256"]) for e in side.manifest["inputs"]["sources"]
        }

    return {source for source, _, _ in files(before) ^ files(after)}


def _otherwise(before: Side, after: Side, files: set[str]) -> str:
    """The cause of what has no cause of its own."""
    if files & set(after.manifest.get("geography", [])):
        return "geography"
    old, new = before.manifest["inputs"], after.manifest["inputs"]
    if (old["code"], old["lock"]) != (new["code"], new["lock"]):
        return "code"
    return "unexplained"


def _compare_schema(con: duckdb.DuckDBPyConnection, before: Side, after: Side) -> dict[str, Any]:
    rows = con.execute(shared_sql("changes_columns")).fetchall()
    return {
        "tables_added": sorted(after.tables.keys() - before.tables.keys()),
        "tables_removed": sorted(before.tables.keys() - after.tables.keys()),
        "columns_added": [f"{row[0]}.{row[1]}" for row in rows if row[2] is None],
        "columns_removed": [f"{row[0]}.{row[1]}" for row in rows if row[3] is None],
        "types_changed": [
            {"column": f"{row[0]}.{row[1]}", "old": row[2], "new": row[3]}
            for row in rows
            if row[2] is not None and row[3] is not None
        ],
    }


def _compare_tables(before: Side, after: Side) -> list[dict[str, Any]]:
    """Each table whose content is another: how many rows it had and has."""
    old, new = before.manifest["tables"], after.manifest["tables"]
    return [
        {
            "table": name,
            "rows_before": old[name]["rows"] if name in old else None,
            "rows_after": new[name]["rows"] if name in new else None,
        }
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def _compare_indicators(
    con: duckdb.DuckDBPyConnection, names: dict[str, str]
) -> list[dict[str, Any]]:
    """Each indicator that has changed: which observations, why, what it was defined as."""
    former = {new: old for old, new in names.items()}
    present = {row[0] for row in con.execute("select indicator from after_indicators").fetchall()}
    past = {row[0] for row in con.execute("select indicator from before_indicators").fetchall()}
    past = {names.get(name, name) for name in past}
    found = {
        row[0]: dict(zip(("added", "modified", "deleted", "reasons"), row[1:], strict=True))
        for row in con.execute(shared_sql("changes_by_indicator")).fetchall()
    }
    definitions: dict[str, list[dict[str, Any]]] = {}
    for name, *told in con.execute(shared_sql("changes_definitions")).fetchall():
        each = dict(zip(("property", "old", "new"), told, strict=True))
        definitions.setdefault(name, []).append(each)
    spans: dict[str, list[dict[str, str]]] = {}
    for change, name, kind, named in con.execute(shared_sql("changes_spans")).fetchall():
        spans.setdefault(name, []).append({"change": change, "kind": kind, "name": named})
    nothing = {"added": 0, "modified": 0, "deleted": 0, "reasons": []}
    return [
        {
            "indicator": name,
            "change": _tell(name, past, present, former),
            "formerly": former.get(name),
            **found.get(name, nothing),
            "definition": definitions.get(name, []),
            "spans": spans.get(name, []) if name in past & present else [],
        }
        for name in sorted({*found, *definitions, *former, *(past ^ present)})
    ]


def _tell(name: str, past: set[str], present: set[str], former: dict[str, str]) -> str:
    if name in former:
        return "renamed"
    if name not in past:
        return "added"
    return "changed" if name in present else "removed"


def _compare_territories(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """How many territories differ in which way, and the first of them that are not mere updates."""
    counts = Counter(
        dict(
            con.execute("select change, count(*) from changed_territories group by all").fetchall()
        )
    )
    rows = con.execute(shared_sql("changes_territories_listed")).fetchmany(LISTED_TERRITORIES)
    keys = ("territory_id", "level", "change", "old_name", "new_name")
    return {
        "counts": {kind: counts[kind] for kind in PLACES},
        "changed": [dict(zip(keys, row, strict=True)) for row in rows],
    }
