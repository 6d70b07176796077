"""Live: a file had from its publisher, or the last good one and why it is still used."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256 as new_hash
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from flows.catalog import Source
from flows.errors import PromiseError, SourceError
from flows.handover import RawFile
from flows.settings import Settings
from flows.steps.fetch.history import Outcome, find_files, last_seen, note
from flows.steps.fetch.http import download
from flows.steps.fetch.private import drop_private
from flows.steps.fetch.store import keep_provenance, store_pieces


def fetch_edition(settings: Settings, source: Source, edition: int | None) -> RawFile:
    """The publisher's file of today; where it cannot be had, the last good one, with `trouble`.

    Raises SourceError when there is no last good one, and PromiseError when it is older than the
    source allows.
    """
    known = next(iter(find_files(settings, source, edition)), None)
    try:
        return _pull(settings, source, edition)
    except SourceError as error:
        note(settings, source, edition, "failed", why=_say(error))
        if known is None:
            raise
        _hold_age(settings, source, edition, error)
        return replace(known[1], trouble=_say(error))


def _say(error: SourceError) -> str:
    """What went wrong, without the name of the source."""
    return str(error.args[1])


def _hold_age(settings: Settings, source: Source, edition: int | None, error: SourceError) -> None:
    seen = last_seen(settings, source, edition)
    if source.max_age_days is None or seen is None:
        return
    days = (datetime.now(UTC).date() - seen).days
    if days > source.max_age_days:
        problem = (
            f"{_say(error)}; the last good file is {days} days old, over the"
            f" {source.max_age_days} of its max_age_days"
        )
        raise PromiseError(source.name, problem, error.args[2]) from error


def _pull(settings: Settings, source: Source, edition: int | None) -> RawFile:
    address = source.addresses()[edition]
    with NamedTemporaryFile() as file:
        headers = download(source.name, address, Path(file.name), source.format)
        modified = read_modified(headers)
        pieces = iter(lambda: file.read(1 << 20), b"")
        return _keep(settings, source, edition, pieces, address, modified)


def read_modified(headers: Any) -> str | None:
    """The date that a Last-Modified gives, if it says any."""
    try:
        return parsedate_to_datetime(headers.get("Last-Modified") or "").date().isoformat()
    except ValueError:
        return None


def _keep(
    settings: Settings,
    source: Source,
    edition: int | None,
    pieces: Iterable[bytes],
    address: str,
    modified: str | None = None,
) -> RawFile:
    """Store what comes, without its private columns; the same bytes keep their first date.

    So a mere upload of the same file makes no release.
    """
    digest = new_hash()
    public = drop_private(settings, source, _hashing(pieces, digest))
    path, sha256 = store_pieces(settings, source, public, address)
    now = datetime.now(UTC)
    file = RawFile(source.name, edition, path, sha256, modified or now.date().isoformat())
    retrieved = now.isoformat(timespec="seconds")
    told = keep_provenance(source, file, address, retrieved, digest.hexdigest())
    _note_answer(settings, source, edition, "fetched", sha256)
    return replace(file, path=path.parent / told["file"], modified=told["modified"])


def _note_answer(
    settings: Settings,
    source: Source,
    edition: int | None,
    outcome: Outcome,
    sha256: str,
) -> None:
    note(settings, source, edition, outcome, sha256=sha256)


def _hashing(pieces: Iterable[bytes], digest: Any) -> Iterator[bytes]:
    """*pieces* as they come, each of which *digest* has seen."""
    for piece in pieces:
        digest.update(piece)
        yield piece
