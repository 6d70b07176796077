"""Differ: two releases that stand compared, at their files alone."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flows.changes.compare import compare
from flows.changes.sides import read_side
from flows.changes.version import kind_of
from flows.changes.words import summarise
from flows.files import read_json, replacing
from flows.releases.choose import find_release
from flows.settings import Settings
from flows.warehouse import connect, quote_text


def differ(settings: Settings, before: str, after: str, delta: Path | None) -> dict[str, Any]:
    """How release *after* differs from *before*; the file *delta* takes each observation."""
    old, new = (find_release(settings.public, each) for each in (before, after))
    path = new / "renamed.json"
    renamed = read_json(path)["indicators"] if path.is_file() else {}
    sides = read_side(old), read_side(new)
    with TemporaryDirectory() as folder, connect(Path(folder) / "differ.duckdb") as con:
        changes = compare(con, *sides, renamed)
        if delta:
            with replacing(delta) as part:
                rows = "from delta order by indicator, territory_id, period"
                con.execute(f"copy ({rows}) to {quote_text(part)} (format csv, header)")
    kind = kind_of(changes)
    return {
        "before": {"name": old.name, "version": sides[0].version},
        "after": {"name": new.name, "version": sides[1].version},
        "kind": kind,
        "summary": summarise(changes, kind),
        **changes,
    }
