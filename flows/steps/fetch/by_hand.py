"""By hand: a file that a person downloaded, or an older one asked for again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from flows.catalog import Source
from flows.errors import SourceError
from flows.files import sha256_of
from flows.handover import RawFile
from flows.settings import Settings
from flows.steps.fetch.history import find_files, note
from flows.steps.fetch.private import drop_private
from flows.steps.fetch.store import keep_provenance, store_pieces

PIECE_BYTES = 1 << 20


def give_file(
    settings: Settings, source: Source, path: Path, edition: int | None = None
) -> RawFile:
    """Store *path* as the file of *source*, as if its publisher had sent it.

    Private columns are dropped. Raises SourceError when the source has editions and none is told.
    """
    if edition not in source.addresses():
        known = ", ".join(map(str, source.editions)) or "it has none"
        raise SourceError(source.name, f"no edition {edition}", f"its editions: {known}")
    stored, sha256 = store_pieces(
        settings, source, drop_private(settings, source, _read(path)), path.name
    )
    now = datetime.now(UTC)
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
    file = RawFile(source.name, edition, stored, sha256, modified)
    # Where it stood on this machine says something of a person, and nothing of the data.
    address, retrieved = f"given:{path.name}", now.isoformat(timespec="seconds")
    told = keep_provenance(source, file, address, retrieved, sha256_of(path))
    note(settings, source, edition, "given", sha256=sha256)
    return replace(file, path=stored.parent / told["file"], modified=told["modified"])


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def replay(settings: Settings, source: Source, day: date) -> list[RawFile]:
    """Put back in force the files that *source* had on *day*; the next fetch takes newer ones.

    Raises SourceError when it had none.
    """
    files = []
    for edition in source.addresses():
        found = find_files(settings, source, edition, until=day)
        if not found:
            hint = "jalon sources says since when it is fetched"
            raise SourceError(source.name, f"no file of {day.isoformat()} is at hand", hint)
        files.append(found[0][1])
    for file in files:
        note(settings, source, file.edition, "replayed", sha256=file.sha256)
    return files
