"""Folder: a release copied beside, checked, named, and then pointed at in one step.

A reader of `latest` sees the release before or this one; a push that is killed leaves a part that
no reader looks at, which the next push sweeps.
"""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from flows.catalog.destinations import Folder
from flows.errors import CatalogError, PushError
from flows.files import beside, machine_errors, remove, replacing, sha256_of
from flows.publish.release import SUMS, point_latest
from flows.push.outgoing import Outgoing, OutgoingFile
from flows.push.plan import Change, Stage, stages_of
from flows.settings import Settings
from flows.state import PARTS, sweep_parts

AGAIN = "then push again: what is there is whole"


def plan_folder(settings: Settings, destination: Folder, outgoing: Outgoing) -> list[Stage]:
    """What would change in the folder. Raises PushError where the name is taken by another."""
    root = find_root(settings, destination)
    release = root / "releases" / outgoing.name
    _refuse_another(destination, release, outgoing)
    return stages_of(
        Stage(f"copy releases/{outgoing.name}", tuple(_copies(release, outgoing))),
        Stage(f"point latest at releases/{outgoing.name}", tuple(_pointing(root, release))),
        Stage("copy the list of releases", tuple(_listing(root / "releases", outgoing))),
    )


def find_root(settings: Settings, destination: Folder) -> Path:
    """The folder on this machine. Raises CatalogError where it is that of the project itself."""
    root = (settings.root / destination.path).resolve()
    public = settings.public.resolve()
    if root.is_relative_to(public) or public.is_relative_to(root):
        problem = f"{destination.name}: {root} and {public} stand in one another"
        raise CatalogError("catalog/destinations.yml", problem, "give another path")
    return root


def _refuse_another(destination: Folder, release: Path, outgoing: Outgoing) -> None:
    sums = release / SUMS
    if sums.is_file() and sums.read_bytes() != (outgoing.folder / SUMS).read_bytes():
        problem = f"{release} is another release of that name"
        raise PushError(destination.name, problem, "move one of them away, then push again")


def _copies(release: Path, outgoing: Outgoing) -> Iterator[Change]:
    with machine_errors(release, AGAIN):
        if all(_is_same(release / file.path, file) for file in outgoing.files):
            return
    what = f"releases/{outgoing.name}: {len(outgoing.files)} files"
    yield Change("copy", what, outgoing.bytes, partial(_copy, release, outgoing))


def _pointing(root: Path, release: Path) -> Iterator[Change]:
    latest = root / "latest"
    if latest.is_symlink() and latest.resolve() == release:
        return
    make = partial(_point, root, release)
    yield Change("point", f"latest at releases/{release.name}", 0, make)


def _listing(releases: Path, outgoing: Outgoing) -> Iterator[Change]:
    for file in outgoing.listing:
        target = releases / file.path
        if not _is_same(target, file):
            make = partial(_replace, target, file)
            yield Change("copy", f"releases/{file.path}", file.bytes, make)


def _is_same(path: Path, file: OutgoingFile) -> bool:
    return path.is_file() and path.stat().st_size == file.bytes and sha256_of(path) == file.sha256


def _copy(release: Path, outgoing: Outgoing) -> None:
    """Put the release in place; one of that name is there only if it was damaged."""
    with machine_errors(release, AGAIN):
        release.parent.mkdir(parents=True, exist_ok=True)
        sweep_parts(release.parent.parent.rglob(PARTS))
        part = beside(release)
        try:
            for file in outgoing.files:
                _copy_file(file, part / file.path)
            remove(release)
            part.rename(release)
        finally:
            remove(part)


def _copy_file(file: OutgoingFile, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file.source, target)
    if sha256_of(target) != file.sha256:
        raise PushError(str(target), "was not written as it was read", "look at this disk")


def _point(root: Path, release: Path) -> None:
    with machine_errors(root / "latest", AGAIN):
        point_latest(root, release)


def _replace(target: Path, file: OutgoingFile) -> None:
    with replacing(target) as part:
        _copy_file(file, part)
