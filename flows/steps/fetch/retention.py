"""Retention: files that no release uses, and that are old, leave the raw store."""

from collections.abc import Collection
from datetime import date
from pathlib import Path

from flows.catalog import Source
from flows.files import read_json
from flows.settings import Settings
from flows.steps.fetch.history import find_files
from flows.steps.fetch.store import folder_of

SUFFIX = ".provenance.json"


def find_unused(
    settings: Settings, source: Source, used: Collection[str], before: date
) -> list[Path]:
    """The files of *source* that may go, each with its provenance.

    Kept are those in force, those whose hash is *used* by a release, and those that were retrieved
    on the day *before* or later. One that still holds a column that is private today goes at once.
    """
    kept = set(used)
    for edition in source.addresses():
        found = find_files(settings, source, edition)
        kept |= {file.sha256 for _, file in found[:1]}
    unused = []
    for path in sorted(folder_of(settings, source).glob(f"*{SUFFIX}")):
        told = read_json(path)
        sha256 = path.name.removesuffix(SUFFIX)
        leaks = not set(source.private_columns) <= set(told.get("private_columns", ()))
        is_old = date.fromisoformat(told["retrieved"][:10]) < before
        if leaks or (is_old and sha256 not in kept):
            unused += [path.parent / told["file"], path]
    return [path for path in unused if path.is_file()]
