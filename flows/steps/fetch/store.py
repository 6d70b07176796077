"""Store: every file that was fetched, once, under its own hash, with where it comes from."""

from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

from flows.catalog import Source
from flows.files import beside, read_json, sha256_of, write_json
from flows.handover import RawFile
from flows.settings import Settings


def folder_of(settings: Settings, source: Source) -> Path:
    """Where the files of *source* stand."""
    return settings.data / "raw" / source.name


def stored_path(settings: Settings, source: Source, stem: str, address: str) -> Path:
    """Where a file of *source* stands; its suffixes are those of *address*."""
    name = "held.csv" if source.is_held else Path(address.split("?")[0].rstrip("/")).name
    suffix = "".join(Path(name).suffixes[-2:]) or f".{source.format}"
    return folder_of(settings, source) / f"{stem}{suffix}"


def is_stored(stored: Path, path: Path) -> bool:
    """Whether *stored* holds what *path* does; its name is its hash, so that its size is enough."""
    return stored.is_file() and stored.stat().st_size == path.stat().st_size


def store_pieces(
    settings: Settings, source: Source, pieces: Iterable[bytes], address: str
) -> tuple[Path, str]:
    """Write *pieces*, and put them under their hash once they are whole; the path and the hash."""
    part = beside(stored_path(settings, source, "download", address))
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        with part.open("wb") as file:
            file.writelines(pieces)
        sha256 = sha256_of(part)
        stored = stored_path(settings, source, sha256, address)
        if not is_stored(stored, part):
            part.replace(stored)
    finally:
        part.unlink(missing_ok=True)
        if isinstance(pieces, Generator):
            pieces.close()  # now: it may hold a file that no one may keep
    return stored, sha256


def keep_provenance(
    source: Source, file: RawFile, address: str, retrieved: str, publisher_sha256: str | None = None
) -> dict[str, Any]:
    """Write where *file* comes from beside it, the first time that it is seen; what stands there.

    `publisher_sha256` is the hash of what the publisher sent, before private columns were dropped;
    `stored_as` stands where the format is no longer the publisher's.
    Its name cannot be that of a file: a publisher's JSON is stored as <sha256>.json.
    """
    path = provenance_path(file.path.parent, file.sha256)
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
        "publisher_sha256": publisher_sha256 or file.sha256,
        "private_columns": sorted(source.private_columns),
        **({"stored_as": "csv"} if source.is_held else {}),
        "licence": source.licence,
    }
    write_json(path, told)
    return told


def provenance_path(folder: Path, sha256: str) -> Path:
    """Where it is written where the file of that hash comes from."""
    return folder / f"{sha256}.provenance.json"
