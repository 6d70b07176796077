"""Fetch: the publisher's file, stored once under its own hash, with where it comes from."""

from flows.catalog import Source
from flows.handover import RawFile
from flows.settings import Settings
from flows.steps.fetch.history import find_files
from flows.steps.fetch.snapshot import fetch_snapshot


def fetch_source(settings: Settings, source: Source, live: bool = False) -> list[RawFile]:
    """Every file of *source*: of its snapshot, of the network if *live*, else those at hand.

    Empty when a source of the network was never fetched. Raises SourceError when a file is missing,
    is not the one its sidecar describes, or was never had from its address and cannot be.
    """
    if source.snapshot:
        return [fetch_snapshot(settings, source, *item) for item in source.addresses().items()]
    if live and not source.unseen:
        from flows.steps.fetch.http import shared_client
        from flows.steps.fetch.live import fetch_edition

        client = shared_client()
        return [fetch_edition(client, settings, source, each) for each in source.addresses()]
    found = [find_files(settings, source, edition) for edition in source.addresses()]
    return [files[0][1] for files in found] if all(found) else []


def find_older(settings: Settings, source: Source, file: RawFile) -> list[RawFile]:
    """The other files of its edition that are at hand, the newest first; a snapshot has none."""
    found = find_files(settings, source, file.edition)
    return [each for _, each in found if each.sha256 != file.sha256]
