"""Make: a draft is compared with the latest release, and promoted unless an indicator jumps.

Data that a release holds already make no new one: the draft bears its version and tells its
changes, and unless a text or a page differs it is that release, byte for byte.
"""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from flows.attack import refuse_leaks
from flows.catalog import Catalog, load_catalog
from flows.catalog.promises import Acceptance
from flows.changes.compare import compare, no_changes
from flows.changes.gate import find_jumps, refuse_jumps
from flows.changes.sides import Side, read_side
from flows.changes.trace import trace_geography, trace_indicators
from flows.changes.version import Kind, bump, kind_of
from flows.errors import PromiseError
from flows.files import beside
from flows.handover import Issue, Report
from flows.publish.changes import Previous, read_changes, tell_changes
from flows.publish.database import hash_tables
from flows.publish.draft import Draft
from flows.publish.release import find_latest, is_same, read_manifest
from flows.publish.renamed import renamed_in
from flows.publish.whole import write_release
from flows.releases.index import is_withdrawn, known_versions, list_releases
from flows.releases.promote import promote
from flows.settings import Settings
from flows.warehouse import connect, reads_of


def make_release(
    settings: Settings,
    catalog: Catalog,
    reports: dict[str, list[Report]],
    issues: list[Issue],
    inputs: dict[str, Any],
) -> Path:
    """Write a draft beside the releases, and promote it once it is whole; the release's folder.

    Raises PromiseError when an indicator jumps over its promise and nobody has accepted that, or
    when the data are those of a release that was withdrawn.
    """
    part = beside(settings.public / "draft")
    told = (reports, issues, inputs)
    try:
        # Where texts or pages differ, and no data: written once more, as a release of its own.
        if not _write(settings, catalog, part, told, is_again=True):
            _write(settings, catalog, part, told, is_again=False)
        return promote(part, settings, catalog)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _write(
    settings: Settings,
    catalog: Catalog,
    part: Path,
    told: tuple[dict[str, list[Report]], list[Issue], dict[str, Any]],
    is_again: bool,
) -> bool:
    """Write the draft: with *is_again*, under the version of a release that has its data.

    Whether it may be promoted: not if it bears that version and is not that release.
    """
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    reports, issues, inputs = told
    with connect(settings.warehouse) as con:
        draft = Draft(con, settings, catalog, part)
        manifest = _describe(draft, inputs)
        twin = _find_twin(settings.public, manifest)
        draft = _compare(draft, twin, manifest)
        if twin and is_again:
            version = str(read_manifest(twin)["version"])
            draft = replace(draft, version=version, changes=read_changes(twin), twin=twin)
        write_release(draft, reports, issues, manifest)
    # What a release tells already is known, with the latest too: again, it tells no more.
    refuse_leaks(settings, catalog, part, None if twin else draft.before)
    return draft.twin is None or is_same(part, draft.twin)


def _describe(draft: Draft, inputs: dict[str, Any]) -> dict[str, Any]:
    """What the manifest says of the draft, but for its version."""
    reads = reads_of(draft.catalog.queries)
    return {
        "data_modified": max(each["modified"] for each in inputs["sources"]),
        "inputs": inputs,
        "indicators": trace_indicators(draft.catalog, reads),
        "geography": trace_geography(draft.catalog, reads),
        "tables": hash_tables(draft),
    }


def _find_twin(public: Path, manifest: dict[str, Any]) -> Path | None:
    """A release that holds the same tables; the latest, if it does.

    Raises PromiseError when it was withdrawn.
    """
    latest = find_latest(public)
    for release in sorted(list_releases(public), key=lambda each: each != latest):
        told = read_manifest(release)
        if told["tables"] == manifest["tables"]:
            if is_withdrawn(public, release.name):
                problem = f"was withdrawn, and these are its data (version {told['version']})"
                hint = f"mend them, or publish it again: jalon rollback {release.name}"
                raise PromiseError(release.name, problem, hint)
            return release
    return None


def _compare(draft: Draft, twin: Path | None, manifest: dict[str, Any]) -> Draft:
    """The draft of a new release, with its version and its changes."""
    before = find_latest(draft.settings.public)
    if before is None:
        return _number(draft, no_changes(draft.con), "first", None, [])
    if twin == before:
        return _number(draft, no_changes(draft.con), "patch", before, [])
    compared, accepted = compare_draft(draft, read_side(before), manifest)
    kind = kind_of(compared)
    return _number(draft, compared, "patch" if kind == "none" else kind, before, accepted)


def _number(
    draft: Draft,
    compared: dict[str, Any],
    kind: Kind,
    before: Path | None,
    accepted: list[Acceptance],
) -> Draft:
    known = known_versions(draft.settings.public)
    version = bump(known, kind, draft.catalog.package.version)
    previous = Previous(before.name, read_manifest(before)["version"]) if before else None
    made = replace(draft, version=version, before=before, changes={})
    tell_changes(made, compared, kind, previous, accepted)
    return made


def compare_draft(
    draft: Draft, before: Side, manifest: dict[str, Any]
) -> tuple[dict[str, Any], list[Acceptance]]:
    """How the draft differs from a release, and what was accepted of that.

    Raises PromiseError for what was not.
    """
    after = Side({table: f"indicators.{table}" for table in draft.tables}, manifest)
    compared = compare(
        draft.con, before, after, renamed_in(draft.catalog), secret_in(draft.catalog)
    )
    lost = lost_indicators(draft.con, before, load_catalog(draft.settings.catalog))
    jumps = find_jumps(draft.con, draft.catalog.indicators, lost)
    return compared, refuse_jumps(jumps, draft.catalog.accepted)


def secret_in(catalog: Catalog) -> list[str]:
    """The indicators under secrecy."""
    return [name for name, each in catalog.indicators.items() if each.secrecy != "none"]


def lost_indicators(con: duckdb.DuckDBPyConnection, before: Side, catalog: Catalog) -> list[str]:
    """What was published, stands in the whole *catalog*, and has no observation any more."""
    gone = con.execute(
        "select indicator from before_changed except select indicator from after_changed"
    )
    return sorted({row[0] for row in gone.fetchall()} & catalog.indicators.keys())
