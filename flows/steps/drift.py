"""Drift: how a publisher's file differs from the one before it, though both are valid."""

from collections.abc import Iterator
from difflib import get_close_matches

import duckdb

from flows.files import write_json
from flows.handover import Issue, Report, Words
from flows.warehouse import shared_sql

ROWS_PERCENT = 20
EMPTY_POINTS = 10
MAX_CATEGORIES = 30
DRIFT = "drift.json"


def find_drift(before: Report, after: Report) -> list[Issue]:
    """What has changed in columns, types, rows, empty cells and categories; also as drift.json.

    It stands beside the valid rows of *after*. The two are files of one source and edition; those
    of the same content differ in nothing.
    """
    if before.sha256 == after.sha256:
        return []
    with duckdb.connect() as con:
        old, new = _profile(con, before), _profile(con, after)
    found = [*_compare_columns(list(old), list(new)), *_compare_rows(before, after)]
    for name in old.keys() & new.keys():
        found += _compare_cells(name, old[name], new[name])
    issues = [
        Issue("warning", after.source, f"drift_{kind}", 1, words.fr, words.en)
        for kind, words in sorted(found, key=str)
    ]
    told = [{"kind": each.kind, "fr": each.message_fr, "en": each.message_en} for each in issues]
    write_json(after.folder / DRIFT, {"before": before.sha256, "changes": told})
    return issues


class _Cells:
    """What is known of the cells of a column: shares in percent, and its categories if few."""

    def __init__(self, empty: float, numeric: float, categories: list[str] | None) -> None:
        self.empty, self.numeric, self.categories = empty, numeric, categories


def _profile(con: duckdb.DuckDBPyConnection, report: Report) -> dict[str, _Cells]:
    rows = con.read_parquet(str(report.valid))
    profile = {}
    for name in rows.columns:
        cell = duckdb.ColumnExpression(name).cast("varchar")
        rows.select(cell.alias("cell")).create_view("cells", replace=True)
        told = con.execute(shared_sql("drift_cells")).fetchone()
        assert told is not None
        empty, numeric, values = told
        few = values if values and len(values) <= MAX_CATEGORIES else None
        profile[name] = _Cells(empty, numeric, few)
    return profile


Changes = Iterator[tuple[str, Words]]


def _compare_columns(old: list[str], new: list[str]) -> Changes:
    gone, come = [c for c in old if c not in new], [c for c in new if c not in old]
    for name in gone:
        if like := get_close_matches(name, come, 1):
            come.remove(like[0])
            yield (
                "columns",
                Words(
                    f"colonne « {name} » sans doute renommée « {like[0]} »",
                    f"column {name} seems to be renamed {like[0]}",
                ),
            )
        else:
            yield "columns", Words(f"colonne « {name} » disparue", f"column {name} is gone")
    for name in come:
        yield "columns", Words(f"nouvelle colonne « {name} »", f"new column {name}")
    if not gone and not come and old != new:
        yield "columns", Words("colonnes dans un autre ordre", "columns in another order")


def _compare_rows(before: Report, after: Report) -> Changes:
    change = 100 * (after.rows - before.rows) / max(before.rows, 1)
    if abs(change) > ROWS_PERCENT:
        told = f"{before.rows:,} → {after.rows:,} ({change:+.0f} %)"
        french = told.replace(",", "\u202f")
        yield "rows", Words(f"nombre de lignes : {french}", f"number of rows: {told}")


def _compare_cells(name: str, old: _Cells, new: _Cells) -> Changes:
    if abs(new.empty - old.empty) > EMPTY_POINTS:
        told = f"{old.empty:.0f} % → {new.empty:.0f} %"
        yield (
            "empty",
            Words(f"cellules vides de « {name} » : {told}", f"empty cells of {name}: {told}"),
        )
    if {old.numeric > 95, new.numeric > 95} == {True, False} and min(old.numeric, new.numeric) < 5:
        fr, en = ("nombre", "number") if new.numeric > 95 else ("texte", "text")
        yield (
            "type",
            Words(f"« {name} » est maintenant du {fr}", f"{name} now holds {en}s where it did not"),
        )
    if old.categories is not None and new.categories is not None:
        come = sorted(set(new.categories) - set(old.categories))
        gone = sorted(set(old.categories) - set(new.categories))
        if come or gone:
            counts = f"{len(come)} / {len(gone)}"
            yield (
                "categories",
                Words(
                    f"valeurs de « {name} », nouvelles / disparues : {counts}",
                    f"values of {name}, new / gone: {counts}",
                ),
            )
