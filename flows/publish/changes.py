"""Changes: what differs from the release before, as changes.json, delta.csv and errata.json.

Where the data are those of a release that stands already, its own files tell it: they are taken
from there, so that the same data give the same bytes.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.catalog.promises import Acceptance
from flows.changes.words import summarise
from flows.files import read_json, write_json
from flows.publish.draft import Draft, texts_of

CHANGES = "changes.json"
ERRATA = "errata.json"
DELTA = "delta.csv"


@dataclass(frozen=True)
class Previous:
    """The release that one is compared with: its folder, and its version."""

    name: str
    version: str


def write_delta(draft: Draft) -> None:
    """Write delta.csv, however large it is, and note it for the data package."""
    schema = draft.schema("delta")
    if draft.twin and (draft.twin / DELTA).is_file():
        shutil.copyfile(draft.twin / DELTA, draft.folder / DELTA)
    else:
        columns = ", ".join(field["name"] for field in schema["fields"])
        draft.copy(
            f"select {columns} from delta order by indicator, territory_id, period",
            DELTA,
            "format csv, header",
        )
    draft.add("delta", DELTA, schema, *texts_of(schema))


def write_changes(draft: Draft) -> None:
    """Write changes.json and errata.json; errata tell what was accepted, in every release since."""
    if draft.twin:
        for name in (CHANGES, ERRATA):
            if (draft.twin / name).is_file():
                shutil.copyfile(draft.twin / name, draft.folder / name)
        return
    write_json(draft.folder / CHANGES, draft.changes)
    errata = read_errata(draft.before) if draft.before else []
    errata += [{"version": draft.version, **each} for each in draft.changes["accepted"]]
    write_json(draft.folder / ERRATA, {"errata": errata})


def read_errata(release: Path) -> list[dict[str, str]]:
    """The errata that a release tells; one of older code tells none."""
    path = release / ERRATA
    return list(read_json(path)["errata"]) if path.is_file() else []


def read_changes(release: Path) -> dict[str, Any]:
    """What changes.json of a release says; one of older code has none."""
    path = release / CHANGES
    return dict(read_json(path)) if path.is_file() else {}


def previous_of(draft: Draft) -> Previous | None:
    """The release before, as changes.json names it: the same where the draft is a twin."""
    name = draft.changes.get("previous_name")
    return Previous(name, draft.changes["previous"]) if name else None


def tell_changes(
    draft: Draft,
    compared: dict[str, Any],
    kind: str,
    previous: Previous | None,
    accepted: list[Acceptance],
) -> None:
    """Fill `draft.changes` with what changes.json says, from what was *compared*."""
    catalog = draft.catalog
    told = {
        "version": draft.version,
        "previous": previous.version if previous else None,
        "previous_name": previous.name if previous else None,
        "kind": kind,
        "summary": summarise(compared, kind),
        "delta_rows": draft.con.sql("select count(*) from delta").fetchall()[0][0],
        **compared,
        "deprecations": [
            {
                "indicator": name,
                "deprecated_on": str(each.deprecated_on),
                "removed_on": str(each.removed_on) if each.removed_on else None,
            }
            for name, each in sorted(catalog.indicators.items())
            if each.deprecated_on
        ],
        "accepted": [
            {
                "indicator": each.indicator,
                "change": each.name,
                "by": each.by,
                "reason": each.reason,
                "on": str(each.on),
            }
            for each in accepted
        ],
    }
    draft.changes.clear()
    draft.changes.update(told)
