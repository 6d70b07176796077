"""Store: every file that was fetched, once, under its own hash, with where it comes from."""

from pathlib import Path
from typing import Any

from flows.catalog import Source
from flows.files import read_json, write_json
from flows.handover import RawFile
from flows.settings import Settings


def stored_path(settings: Settings, source: Source, stem: str, address: str) -> Path:
    """Where a file of *source* stands; its suffixes are those of *address*."""
    suffix = "".join(Path(address.split("?")[0]).suffixes[-2:]) or f".{source.format}"
    return settings.data / "raw" / source.name / f"{stem}{suffix}"


def is_stored(stored: Path, path: Path) -> bool:
    """Whether *stored* holds what *path* does; its name is its hash, so that its size is enough."""
    return stored.is_file() and stored.stat().st_size == path.stat().st_size


def keep_provenance(source: Source, file: RawFile, address: str, retrieved: str) -> dict[str, Any]:
    """Write where *file* comes from beside it, the first time that it is seen; what stands there.

    Its name cannot be that of a file: a publisher's JSON is stored as <sha256>.json.
    """
    path = file.path.parent / f"{file.sha256}.provenance.json"
    if path.exists():
        told: dict[str, Any] = read_json(path)
        return told
    told = {
        "source": source.name,
        "edition": file.edition,
        "file": file.path.name,
        "address": address,
        "retrieved": retrieved,
        "modified": file.modified,
        "bytes": file.path.stat().st_size,
        "sha256": file.sha256,
        "licence": source.licence,
    }
    write_json(path, told)
    return told
