"""Wanted: what each resource of a dataset should be, as the platform is told."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flows.catalog.destinations import DataGouv
from flows.media_types import media_type_of
from flows.push.datagouv.records import DatasetRecord, FileRecord
from flows.push.outgoing import OutgoingFile

# What the platform stores, by the end of a file's name; anything else it is only told of.
STORED = frozenset(("csv", "gz", "json", "geojson", "xlsx", "zip"))
PAGE = "page"
PAGE_TITLE = "Documentation : définitions, méthodes et limites"
PAGE_TEXT = (
    "La page du jeu de données : indicateurs, sources, méthodes, limites et toutes les versions."
)
Body = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """A resource by its name, which never changes: a file that is stored there, or an address."""

    name: str
    payload: Body
    file: OutgoingFile | None
    is_stored: bool

    @property
    def filetype(self) -> str:
        """What the platform calls it; it cannot be changed."""
        return "file" if self.is_stored else "remote"

    @property
    def bytes(self) -> int:
        """How much is sent."""
        return self.file.bytes if self.file and self.is_stored else 0

    @property
    def digest(self) -> str:
        """One hash of all that is said of it."""
        return digest_of(self.payload)

    def is_held(self, resource: Body) -> bool:
        """Whether a resource of the platform holds this file, or names this address."""
        if not self.is_stored or self.file is None:
            return bool(resource["url"] == self.payload["url"])
        checksum = resource.get("checksum") or {}
        if resource.get("filesize") != self.file.bytes or not checksum:
            return False
        return bool(hash_of(self.file, checksum["type"]) == checksum["value"])


def resources_of(record: DatasetRecord, destination: DataGouv) -> Iterator[Wanted]:
    """The last of them is made first, since the platform shows the newest at the top."""
    for each in record.files:
        suffix = each.file.path.rsplit(".", 1)[-1]
        is_small = each.file.bytes <= destination.largest_megabytes * 1_000_000
        if suffix in STORED and is_small:
            yield Wanted(each.name, _say(each), each.file, is_stored=True)
        elif destination.links:
            yield Wanted(each.name, _say(each) | _link(each), each.file, is_stored=False)
    if destination.links:
        yield Wanted(PAGE, _page(record.page), None, is_stored=False)


def digest_of(body: Body) -> str:
    """One hash of a body."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def hash_of(file: OutgoingFile, algorithm: str) -> str:
    """The hash of a file as the platform computes it; nothing, where it has ways of its own."""
    if algorithm not in hashlib.algorithms_available:
        return ""
    with file.source.open("rb") as body:
        return hashlib.file_digest(body, algorithm).hexdigest()


def _say(each: FileRecord) -> Body:
    said = {"title": each.title, "description": each.description, "type": "main"}
    return said | ({"schema": {"url": each.schema}} if each.schema else {})


def _link(each: FileRecord) -> Body:
    return {
        "filetype": "remote",
        "url": each.address,
        "format": each.format,
        "mime": media_type_of(each.file.path),
        "filesize": each.file.bytes,
        "checksum": {"type": "sha256", "value": each.file.sha256},
    }


def _page(address: str) -> Body:
    return {
        "title": PAGE_TITLE,
        "description": PAGE_TEXT,
        "type": "documentation",
        "filetype": "remote",
        "url": address,
        "format": "html",
        "mime": "text/html",
    }
