"""Fetch: the publisher's file, stored once under its own hash, with where it comes from."""

from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from flows.catalog import Source
from flows.files import beside, sha256_of
from flows.handover import RawFile
from flows.settings import Settings
from flows.steps.fetch.http import download
from flows.steps.fetch.snapshot import fetch_snapshot
from flows.steps.fetch.store import is_stored, keep_provenance, stored_path


def fetch_source(settings: Settings, source: Source) -> list[RawFile]:
    """Every file of *source*, from its snapshot or its URL.

    Raises SourceError when a file is missing, is not the one its sidecar describes, or cannot be
    had from its address.
    """
    fetch = fetch_snapshot if source.snapshot else _fetch_url
    return [fetch(settings, source, *item) for item in source.addresses().items()]


def _fetch_url(settings: Settings, source: Source, edition: int | None, address: str) -> RawFile:
    part = beside(stored_path(settings, source, "download", address))
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        headers = download(source.name, address, part)
        sha256 = sha256_of(part)
        stored = stored_path(settings, source, sha256, address)
        if not is_stored(stored, part):
            part.replace(stored)
    finally:
        part.unlink(missing_ok=True)
    now = datetime.now(UTC)
    modified = _read_modified(headers.get("Last-Modified"), now)
    file = RawFile(source.name, edition, stored, sha256, modified)
    told = keep_provenance(source, file, address, now.isoformat(timespec="seconds"))
    # The same bytes keep the date under which they were first seen: no release for a mere upload.
    return replace(file, modified=told["modified"])


def _read_modified(told: str | None, now: datetime) -> str:
    """The date that a Last-Modified gives; today's, where there is none or it says nothing."""
    try:
        return (parsedate_to_datetime(told) if told else now).date().isoformat()
    except ValueError:
        return now.date().isoformat()
