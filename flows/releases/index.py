"""Index: the list of releases, public/releases/index.json, made of what each release says itself.

What no release says of itself is kept here: that it was removed, or withdrawn, and why; a number of
a version is therefore never given twice.
"""

from pathlib import Path
from typing import Any

from flows.catalog import Catalog
from flows.changes.version import parse
from flows.files import files_of, read_json, write_json
from flows.publish.changes import read_changes
from flows.publish.release import MANIFEST, read_manifest
from flows.releases.feed import write_feed
from flows.releases.retention import why_kept

INDEX = "index.json"
NO_SUMMARY: dict[str, list[str]] = {"fr": [], "en": []}


def list_releases(public: Path) -> list[Path]:
    """The folders of the releases, oldest first."""
    found = [path.parent for path in (public / "releases").glob(f"*/{MANIFEST}")]
    return sorted((path for path in found if not path.name.startswith(".")), key=order_of)


def order_of(release: Path) -> tuple[str, int]:
    """2026-11-25.10 comes after 2026-11-25.9."""
    day, _, number = release.name.partition(".")
    return day, int(number) if number.isdigit() else 0


def read_index(public: Path) -> dict[str, dict[str, Any]]:
    """What the index told last, by the name of each release; nothing, where it was damaged."""
    try:
        entries = read_json(public / "releases" / INDEX)["releases"]
        return {each["name"]: each for each in entries}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def known_versions(public: Path) -> list[str]:
    """The version of every release that there is or was."""
    told = [each["version"] for each in read_index(public).values()]
    return told + [read_manifest(each)["version"] for each in list_releases(public)]


def is_withdrawn(public: Path, name: str) -> bool:
    """Whether `latest` was taken back from the release of that name."""
    return bool(read_index(public).get(name, {}).get("withdrawn"))


def write_index(
    public: Path, catalog: Catalog, latest: Path, withdrawn: dict[str, str | None] | None = None
) -> None:
    """Write index.json and feed.atom anew, each in one step.

    *latest* is where the link `latest` is about to point; *withdrawn* says why releases are no
    longer to be used, or by None that they are again.
    """
    told, present = read_index(public), list_releases(public)
    kept = why_kept(present, latest, catalog.retention)
    entries = {name: {**each, "removed": True, "kept_because": []} for name, each in told.items()}
    for release in present:
        reason = told.get(release.name, {}).get("withdrawn")
        entries[release.name] = _entry(release, kept[release.name], reason)
    for name, reason in (withdrawn or {}).items():
        entries[name]["withdrawn"] = reason
    ordered = sorted(entries.values(), key=lambda each: parse(each["version"]), reverse=True)
    body = {"latest": entries[latest.name]["version"], "releases": ordered}
    write_json(public / "releases" / INDEX, body)
    write_feed(public / "releases" / "feed.atom", catalog, ordered)


def _entry(release: Path, kept: list[dict[str, str]], withdrawn: str | None) -> dict[str, Any]:
    manifest, changes = read_manifest(release), read_changes(release)
    return {
        "name": release.name,
        "version": manifest["version"],
        "previous": changes.get("previous"),
        "kind": changes.get("kind"),
        "published_on": order_of(release)[0],
        "data_modified": manifest["data_modified"],
        "bytes": sum((release / path).stat().st_size for path in files_of(release)),
        "summary": changes.get("summary", NO_SUMMARY),
        "kept_because": kept,
        "withdrawn": withdrawn,
        "removed": False,
    }
