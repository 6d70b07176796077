"""Outgoing: which files of a release leave the house, each with the hash that it was found to have.

That is what SHA256SUMS and jalon.duckdb.sha256 name, and these two; nothing else that may have come
to stand in the folder, and nothing that a link leads to.
"""

from dataclasses import dataclass
from pathlib import Path

from flows.errors import MachineError
from flows.files import sha256_of
from flows.publish.release import DATABASE, SEAL, SUMS, read_sums
from flows.releases.choose import latest_release
from flows.settings import Settings

NOTHING_PUSHED = "nothing was pushed: move this release away, run again, then push"


@dataclass(frozen=True)
class OutgoingFile:
    """One file: its path in the release, and what it holds."""

    path: str
    source: Path
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Outgoing:
    """A release that was read whole. `listing` are the files that stand beside the releases."""

    name: str
    folder: Path
    files: tuple[OutgoingFile, ...]
    listing: tuple[OutgoingFile, ...]

    @property
    def bytes(self) -> int:
        """The size of the release."""
        return sum(file.bytes for file in self.files)


def find_outgoing(settings: Settings, name: str | None) -> Outgoing:
    """The release of that name, else the one that `latest` points at, once each byte was checked.

    Raises MachineError where there is none, or where a file of it is not what it was.
    """
    folder = _find_release(settings, name)
    for name in (SUMS, SEAL):
        if not (folder / name).is_file():
            raise _broken(folder, f"has no {name}")
    files = [_check(folder, path, sha256) for path, sha256 in read_sums(folder).items()]
    files += [_describe(folder, name) for name in (SUMS, SEAL)]
    beside = sorted(path for path in folder.parent.iterdir() if path.is_file())
    listing = [_describe(folder.parent, path.name) for path in beside if path.name[0] != "."]
    return Outgoing(folder.name, folder, tuple(files), tuple(listing))


def _find_release(settings: Settings, name: str | None) -> Path:
    if name is None:
        return latest_release(settings.public)
    releases = settings.public / "releases"
    known = sorted(path.name for path in releases.glob("*") if (path / SUMS).is_file())
    if name not in known:
        told = ", ".join(known) or "none"
        raise MachineError(str(releases), f"no release {name} here (known: {told})")
    return releases / name


def _check(folder: Path, path: str, sha256: str) -> OutgoingFile:
    file = _describe(folder, path)
    if file.sha256 != sha256:
        raise _broken(folder / path, f"is not what {SEAL if path == DATABASE else SUMS} says")
    return file


def _describe(folder: Path, path: str) -> OutgoingFile:
    source = folder / path
    if not source.resolve().is_relative_to(folder.resolve()):
        raise _broken(source, "leads out of the release")
    if not source.is_file():
        raise _broken(source, "is missing")
    return OutgoingFile(path, source, sha256_of(source), source.stat().st_size)


def _broken(path: Path, problem: str) -> MachineError:
    return MachineError(str(path), problem, NOTHING_PUSHED)
