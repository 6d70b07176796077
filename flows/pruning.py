"""Pruning: what of data/ may go, since no release follows from it and it is old or replaced."""

from datetime import date, timedelta
from pathlib import Path

from flows.catalog import Catalog
from flows.files import read_json
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


def find_replaced(settings: Settings, gone: set[str]) -> list[Path]:
    """The folders of valid rows that nothing reads any more.

    They are those of stored files in *gone* (hashes), of sources that are described no more, and
    those that the same file was given again since, under other code or another description.
    """
    newest: dict[tuple[str, str], Path] = {}
    replaced = []
    told = sorted((settings.data / "valid").glob("*/*/report.json"), key=_written)
    for path in told:
        report = read_json(path)
        known = (report["source"], f"{report['edition']} {report['sha256']}")
        if older := newest.get(known):
            replaced.append(older)
        newest[known] = path.parent
    known_sources = {path.stem for path in (settings.catalog / "sources").glob("*.yml")}
    replaced += [
        folder
        for (source, file), folder in newest.items()
        if source not in known_sources or file.split()[-1] in gone
    ]
    return sorted(replaced)


def _written(path: Path) -> tuple[int, str]:
    return path.stat().st_mtime_ns, str(path)
