"""Entries: what the feed of a dataset tells, release by release, newest first.

A release that changes nothing of a dataset adds no entry; those of older releases are taken from
the feed of the one before. No clock: an entry is of the newest of its data, of the day of the
release before, and of the second after the entry before it, so that a mere correction moves it too.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from flows.changes.parts import part_of
from flows.changes.words import sentences
from flows.files import read_json
from flows.publish.api.columns import API
from flows.publish.changes import previous_of
from flows.publish.dcat.grouping import dataset_of_table
from flows.publish.dcat.records import DatasetRecord
from flows.publish.draft import Draft

ATOM = "http://www.w3.org/2005/Atom"
AT_MOST = 50
NAMED = 10
# Files that do not tell the version: they are others only where the data are.
OF_DATA = ("csv", "geojson", "json", "topojson")


@dataclass(frozen=True)
class Entry:
    """What an entry tells for good; `address` is its id."""

    address: str
    title: str
    updated: str
    summary: str


def entries_of(draft: Draft, dataset: DatasetRecord, path: str, address: str) -> list[Entry]:
    """Those of the feed at *path*, at least one; *address* would be that of this release's own."""
    if draft.twin and (told := read_entries(draft.twin / API / path)):
        return told
    before = _read_before(draft, dataset)
    older = read_entries(draft.before / API / path) if draft.before else []
    sentences = _tell(draft, dataset, before)
    if older and not sentences:
        return older
    title = f"{dataset.title.fr}, version {draft.version}"
    entry = Entry(address, title, _moment(draft, dataset, older), "\n".join(sentences))
    return [entry, *older][:AT_MOST]


def read_entries(path: Path) -> list[Entry]:
    """Those of a feed that was published; none, where there is no such feed."""
    if not path.is_file():
        return []
    told = ("id", "title", "updated", "summary")
    return [
        Entry(*(each.findtext(f"{{{ATOM}}}{name}", "") for name in told))
        for each in ElementTree.parse(path).getroot().iter(f"{{{ATOM}}}entry")
    ]


def _moment(draft: Draft, dataset: DatasetRecord, older: list[Entry]) -> str:
    moments = [f"{dataset.modified}T00:00:00Z"]
    if previous := previous_of(draft):
        moments.append(f"{previous.name.partition('.')[0]}T00:00:00Z")
    if older:
        after = datetime.fromisoformat(older[0].updated) + timedelta(seconds=1)
        moments.append(after.strftime("%Y-%m-%dT%H:%M:%SZ"))
    return max(moments)


def _tell(draft: Draft, dataset: DatasetRecord, before: dict[str, Any]) -> list[str]:
    """What has changed of a dataset, in French, then in English; nothing, where nothing has."""
    changes = draft.changes
    if changes and (changes["kind"] == "first" or dataset.name == draft.catalog.package.id):
        return [*changes["summary"]["fr"], *changes["summary"]["en"]]
    if changes and (said := sentences(_part(draft, dataset, before))):
        return [*(each.fr for each in said), *(each.en for each in said)]
    known = {each["path"]: each["sha256"] for each in before.get("files", [])}
    others = [
        each.path
        for each in dataset.files
        if each.suffix in OF_DATA and known.get(each.path) != each.sha256
    ]
    named = ", ".join(others[:NAMED]) + (" …" if len(others) > NAMED else "")
    return [f"Fichiers modifiés : {named}", f"Files changed: {named}"] if others else []


def _part(draft: Draft, dataset: DatasetRecord, before: dict[str, Any]) -> dict[str, Any]:
    """What changes.json says of its indicators, those that it had before too, or of its tables."""
    catalog = draft.catalog
    indicators = {*(each.name for each in dataset.measures), *before.get("indicators", [])}
    if indicators:
        return part_of(draft.changes, indicators, ["observations"])
    tables = [each for each in draft.tables if dataset_of_table(catalog, each) == dataset.name]
    return part_of(draft.changes, (), tables)


def _read_before(draft: Draft, dataset: DatasetRecord) -> dict[str, Any]:
    """What the release before says of the dataset in its datasets.json, if anything."""
    path = draft.before / API / "datasets.json" if draft.before else None
    listed = read_json(path)["datasets"] if path and path.is_file() else []
    found: dict[str, Any] = next((e for e in listed if e["dataset"] == dataset.name), {})
    return found
