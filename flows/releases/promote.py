"""Promote: a draft takes its place among the releases, the list of them is told, `latest` moves.

In this order: killed in between, `latest` points at a whole release that the list knows, and the
next run goes on from there.
"""

from pathlib import Path

from flows.catalog import Catalog
from flows.publish.release import find_latest, place_draft, point_latest
from flows.releases.index import list_releases, read_index, write_index
from flows.releases.retention import find_removable, remove_releases
from flows.settings import Settings


def promote(draft: Path, settings: Settings, catalog: Catalog) -> Path:
    """Make *draft* the latest release; one that holds the same already is pointed at instead."""
    public = settings.public
    release = place_draft(draft, public, set(read_index(public)))
    write_index(public, catalog, release)
    point_latest(public, release)
    prune_releases(settings, catalog)
    return release


def prune_releases(settings: Settings, catalog: Catalog) -> list[Path]:
    """Remove the releases that nothing keeps, once the list says so; those that went."""
    public = settings.public
    latest = find_latest(public)
    removable = find_removable(list_releases(public), latest, catalog.retention)
    if latest and removable:
        remove_releases(removable)
        write_index(public, catalog, latest)
    return removable
