"""Snapshot: a file that stands in the project, which its sidecar describes."""

import shutil
from datetime import date
from pathlib import Path

from flows.catalog import Source, read_yaml
from flows.errors import CatalogError, SourceError
from flows.files import replacing, sha256_of
from flows.handover import RawFile
from flows.settings import Settings
from flows.steps.fetch.store import is_stored, keep_provenance, stored_path


def fetch_snapshot(
    settings: Settings, source: Source, edition: int | None, address: str
) -> RawFile:
    """The stored copy of one snapshot."""
    path = settings.catalog / "snapshots" / address
    restore = f"restore it from git, or run catalog/snapshots/build_{source.family}.py"
    if not path.is_file():
        raise SourceError(source.name, f"the snapshot {path} is missing", restore)
    sidecar = read_sidecar(path, restore)
    if (sha256 := sha256_of(path)) != sidecar["sha256"]:
        raise SourceError(
            source.name, f"{path} is not the file that its sidecar describes", restore
        )
    stored = stored_path(settings, source, sha256, address)
    if not is_stored(stored, path):
        with replacing(stored) as part:
            shutil.copyfile(path, part)
    file = RawFile(source.name, edition, stored, sha256, sidecar["modified"])
    keep_provenance(source, file, f"snapshot:{address}", sidecar["retrieved"])
    return file


def read_sidecar(path: Path, restore: str) -> dict[str, str]:
    """When the snapshot *path* was retrieved and modified, and its hash."""
    sidecar = path.parent / "snapshot.yml"
    if not sidecar.is_file():
        raise CatalogError(str(sidecar), "missing: it tells the hash of each snapshot", restore)
    body = read_yaml(sidecar)
    files = body.get("files")
    told = files.get(path.name) if isinstance(files, dict) else None
    if not isinstance(told, dict) or not isinstance(told.get("sha256"), str):
        raise CatalogError(str(sidecar), f"files: gives no sha256 for {path.name}", restore)
    dates = {}
    for key in ("retrieved", "modified"):
        try:
            dates[key] = date.fromisoformat(str(body.get(key))).isoformat()
        except ValueError as error:
            problem = f"{key}: must be a date, as in 2026-11-22, and is {body.get(key)}"
            raise CatalogError(str(sidecar), problem) from error
    return {"sha256": told["sha256"], **dates}
