"""Pruning: what of data/ may go, since no release follows from it and it is old."""

from datetime import date, timedelta
from pathlib import Path

from flows.catalog import Catalog
from flows.publish.release import read_manifest
from flows.settings import Settings
from flows.steps.fetch.retention import find_unused

KEPT_DAYS = 365


def find_prunable(settings: Settings, catalog: Catalog, days: int, today: date) -> list[Path]:
    """The stored files of every source that no release uses, and older than *days*."""
    used = {
        each["sha256"]
        for release in sorted((settings.public / "releases").glob("*/manifest.json"))
        for each in read_manifest(release.parent)["inputs"]["sources"]
    }
    before = today - timedelta(days=days)
    return [
        path
        for source in catalog.sources.values()
        for path in find_unused(settings, source, used, before)
    ]
