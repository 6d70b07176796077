"""Which: the release that is attacked, and the one before it."""

from pathlib import Path

from flows.errors import CatalogError
from flows.publish.release import MANIFEST, find_latest
from flows.releases.index import list_releases
from flows.settings import Settings


def find_attacked(settings: Settings, told: str | None) -> Path:
    """The folder *told*, or the release of that name, or the latest; CatalogError if none is.

    Unlike what is verified, a folder need hold no more than a database: files are attacked as they
    are found.
    """
    if told is None:
        if latest := find_latest(settings.public):
            return latest
        raise CatalogError("jalon attack", "nothing is published yet", "jalon run publishes")
    for folder in (Path(told), settings.public / "releases" / told):
        if (folder / MANIFEST).is_file() or any(folder.glob("*.duckdb")):
            return folder.resolve()
    known = ", ".join(each.name for each in list_releases(settings.public)) or "none"
    raise CatalogError(told, "no such release", f"a folder, or one of: {known}")


def find_since(settings: Settings, release: Path, told: str | None) -> Path | None:
    """The release *told*, or the newest of this project that is older than *release*."""
    if told is not None:
        return find_attacked(settings, told)
    every = [each.resolve() for each in list_releases(settings.public)]
    older = every[: every.index(release)] if release in every else every
    return older[-1] if older else None
