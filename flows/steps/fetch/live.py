"""Live: a file had from its publisher, or the last good one and why it is still used."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256 as new_hash
from typing import TYPE_CHECKING, Any

from flows.catalog import Source
from flows.errors import PromiseError, SourceError
from flows.handover import RawFile
from flows.settings import Settings
from flows.steps.fetch.apis import find_target, read_pages
from flows.steps.fetch.history import Outcome, Try, find_files, last_seen, note
from flows.steps.fetch.http import Validators
from flows.steps.fetch.private import drop_private
from flows.steps.fetch.store import keep_provenance, store_pieces

if TYPE_CHECKING:
    from flows.steps.fetch.http import Answer, Client


def fetch_edition(
    client: "Client", settings: Settings, source: Source, edition: int | None
) -> RawFile:
    """The publisher's file of today; where it cannot be had, the last good one, with `trouble`.

    Raises SourceError when there is no last good one, and PromiseError when it is older than the
    source allows.
    """
    known = next(iter(find_files(settings, source, edition)), None)
    try:
        return _pull_whole(client, settings, source, edition, known)
    except SourceError as error:
        note(settings, source, edition, "failed", why=_say(error))
        if known is None:
            raise
        _hold_age(settings, source, edition, error)
        return replace(known[1], trouble=_say(error))


def _pull_whole(
    client: "Client",
    settings: Settings,
    source: Source,
    edition: int | None,
    known: tuple[Try, RawFile] | None,
) -> RawFile:
    """Once more from the start, where a body broke off that its server cannot go on with."""
    try:
        return _pull(client, settings, source, edition, known)
    except SourceError as error:
        if not isinstance(error.__cause__, OSError):  # the network's fault, as requests tells it
            raise
    return _pull(client, settings, source, edition, known)


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


def _pull(
    client: "Client",
    settings: Settings,
    source: Source,
    edition: int | None,
    known: tuple[Try, RawFile] | None,
) -> RawFile:
    address, modified = source.addresses()[edition], None
    if source.api:
        target = find_target(client, source, edition)
        if target is None:
            pages = read_pages(client, source, edition)
            return _keep(settings, source, edition, pages, f"{address}.json")
        address, modified = target.address, target.modified
    mark = Validators()
    if known and known[0].address == address:  # elsewhere, what is older may be another file
        mark = Validators(known[0].etag, known[0].last_modified)
    with client.open(source.name, address, known=mark, expects=source.format) as answer:
        if answer.unchanged and known:
            _note_answer(settings, source, edition, "unchanged", known[1].sha256, address, answer)
            return known[1]
        modified = modified or answer.modified
        return _keep(settings, source, edition, answer.pieces, address, modified, answer)


def _keep(
    settings: Settings,
    source: Source,
    edition: int | None,
    pieces: Iterable[bytes],
    address: str,
    modified: str | None = None,
    answer: "Answer | None" = None,
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
    _note_answer(settings, source, edition, "fetched", sha256, address, answer)
    return replace(file, path=path.parent / told["file"], modified=told["modified"])


def _note_answer(
    settings: Settings,
    source: Source,
    edition: int | None,
    outcome: Outcome,
    sha256: str,
    address: str,
    answer: "Answer | None",
) -> None:
    marks = answer.validators if answer else Validators()
    told = {"etag": marks.etag, "last_modified": marks.last_modified, "address": address}
    note(settings, source, edition, outcome, sha256=sha256, **told)


def _hashing(pieces: Iterable[bytes], digest: Any) -> Iterator[bytes]:
    """*pieces* as they come, each of which *digest* has seen."""
    for piece in pieces:
        digest.update(piece)
        yield piece
