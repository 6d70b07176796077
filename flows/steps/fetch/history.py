"""History: every try to have a source's file, and which file was in force on a day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from flows.catalog import Source
from flows.files import read_json, write_json
from flows.handover import RawFile
from flows.settings import Settings
from flows.steps.fetch.store import folder_of, provenance_path

# given: by hand, from a file of this machine; replayed: an older file was asked for.
Outcome = Literal["fetched", "unchanged", "failed", "given", "replayed"]


@dataclass(frozen=True)
class Try:
    """One try. `sha256` is that of the file in force after it, `why` says what went wrong.

    `etag` and `last_modified` are what the publisher called that file at `address`.
    """

    at: str
    edition: int | None
    outcome: Outcome
    sha256: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    address: str = ""
    why: str = ""

    @property
    def day(self) -> date:
        """The day of the try, in universal time."""
        return datetime.fromisoformat(self.at).date()


def read_tries(settings: Settings, source: Source) -> list[Try]:
    """Every try, the oldest first."""
    path = folder_of(settings, source) / "history.json"
    return [Try(**each) for each in read_json(path)["tries"]] if path.is_file() else []


def note(
    settings: Settings, source: Source, edition: int | None, outcome: Outcome, **more: Any
) -> Try:
    """Add a try to the history."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    latest = Try(now, edition, outcome, **more)
    tries = [each.__dict__ for each in (*read_tries(settings, source), latest)]
    write_json(folder_of(settings, source) / "history.json", {"tries": tries})
    return latest


def find_files(
    settings: Settings, source: Source, edition: int | None, until: date | None = None
) -> list[tuple[Try, RawFile]]:
    """The files of an edition that are at hand, the one in force (on the day *until*) first.

    A file from which a column was not dropped that is private today is not among them, nor one that
    is stored in another format than its YAML makes of it today.
    """
    found: dict[str, tuple[Try, RawFile]] = {}
    for each in reversed(read_tries(settings, source)):
        if each.edition != edition or each.sha256 is None or each.sha256 in found:
            continue
        if until and each.day > until:
            continue
        if file := _read_file(settings, source, each.sha256, edition):
            found[each.sha256] = (each, file)
    return list(found.values())


def _read_file(
    settings: Settings, source: Source, sha256: str, edition: int | None
) -> RawFile | None:
    folder = folder_of(settings, source)
    path = provenance_path(folder, sha256)
    if not path.is_file():
        return None
    told = read_json(path)
    file = folder / told["file"]
    if not file.is_file() or not set(source.private_columns) <= set(told["private_columns"]):
        return None
    if ("stored_as" in told) != source.is_held:
        return None
    return RawFile(source.name, edition, file, sha256, told["modified"])


def last_seen(settings: Settings, source: Source, edition: int | None) -> date | None:
    """The last day on which the publisher was seen to have the file that is in force."""
    days = [
        each.day
        for each in read_tries(settings, source)
        if each.edition == edition and each.outcome in ("fetched", "unchanged", "given")
    ]
    return max(days, default=None)
