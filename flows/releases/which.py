"""Which: the release that is attacked, and the one before it."""

from pathlib import Path

from flows.errors import CatalogError
from flows.publish.release import MANIFEST, find_latest
from flows.settings import Settings


def find_release(settings: Settings, told: str | None) -> Path:
    """The folder *told*, or the release of that name, or the latest; CatalogError if none is."""
    releases = settings.public / "releases"
    if told is None:
        if latest := find_latest(settings.public):
            return latest
        raise CatalogError("jalon attack", "nothing is published yet", "jalon run publishes")
    for folder in (Path(told), releases / told):
        if (folder / MANIFEST).is_file() or any(folder.glob("*.duckdb")):
            return folder.resolve()
    known = ", ".join(each.name for each in _list_releases(settings)) or "none"
    raise CatalogError(told, "no such release", f"a folder, or one of: {known}")


def find_since(settings: Settings, release: Path, told: str | None) -> Path | None:
    """The release *told*, or the newest of this project that is older than *release*."""
    if told is not None:
        return find_release(settings, told)
    every = _list_releases(settings)
    older = every[: every.index(release)] if release in every else every
    return older[-1] if older else None


def _list_releases(settings: Settings) -> list[Path]:
    """The releases of the project, oldest first: 2026-11-25.10 comes after 2026-11-25.9."""
    folders = (settings.public / "releases").resolve().glob(f"*/{MANIFEST}")
    every = [path.parent for path in folders if not path.parent.name.startswith(".")]
    return sorted(every, key=lambda each: (each.name.partition(".")[0], len(each.name), each.name))
