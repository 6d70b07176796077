"""Choose: the release that a person means, by its name, its version, or `latest`."""

from difflib import get_close_matches
from pathlib import Path

from flows.errors import CatalogError, MachineError
from flows.files import machine_errors
from flows.publish.release import MANIFEST, find_latest, point_latest, read_manifest
from flows.releases.index import is_withdrawn, list_releases, write_index
from flows.releases.verify import verify_files, verify_tables
from flows.settings import Settings
from flows.state import hold_lock


def find_release(public: Path, told: str) -> Path:
    """The release of that name or version; raises CatalogError, with the names that there are."""
    if told == "latest":
        return latest_release(public)
    releases = list_releases(public)
    for release in reversed(releases):
        if told in (release.name, read_manifest(release)["version"]):
            return release
    names = [release.name for release in releases]
    near = get_close_matches(told, names, 5, 0.3) or names[-5:]
    raise CatalogError(told, f"no such release (known: {', '.join(near) or 'none'})")


def find_folder(public: Path, told: str) -> Path:
    """The release of that name or version, or at that path."""
    path = Path(told)
    return path.resolve() if (path / MANIFEST).is_file() else find_release(public, told)


def latest_release(public: Path) -> Path:
    """What `latest` points at; raises MachineError when nothing was published."""
    if (latest := find_latest(public)) is None:
        raise MachineError(str(public), "holds no release yet", "jalon run makes one")
    return latest


def roll_back(settings: Settings, told: str | None, reason: str) -> Path:
    """Point `latest` at the release *told*, else at the newest before it that still stands.

    Newer ones are withdrawn, for *reason*, and no run points at them again; one that is pointed at
    is withdrawn no more. Raises MachineError when the files of that release are not whole.
    """
    from flows.catalog import load_catalog

    public = settings.public
    with machine_errors(settings.root), hold_lock(settings):
        latest = latest_release(public)
        target = find_release(public, told) if told else _before(public, latest)
        if faults := verify_files(target) or verify_tables(target):
            raise MachineError(target.name, f"is not whole: {faults[0]}", "choose another")
        releases = list_releases(public)
        newer = releases[releases.index(target) + 1 :]
        withdrawn: dict[str, str | None] = {each.name: reason for each in newer}
        write_index(
            public, load_catalog(settings.catalog), target, {**withdrawn, target.name: None}
        )
        point_latest(public, target)
    return target


def _before(public: Path, latest: Path) -> Path:
    releases = list_releases(public)
    older = releases[: releases.index(latest)]
    standing = [each for each in older if not is_withdrawn(public, each.name)]
    if not standing:
        raise MachineError(latest.name, "there is no release before it", "see jalon releases")
    return standing[-1]
