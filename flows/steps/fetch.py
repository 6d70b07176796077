"""Fetch: the publisher's file, stored once under its own hash, with where it comes from."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.catalog import Source, read_yaml
from flows.errors import CatalogError, SourceError
from flows.files import beside, read_json, replacing, sha256_of, write_json
from flows.handover import RawFile
from flows.settings import Settings

if TYPE_CHECKING:
    import requests

TIMEOUT_SECONDS = (10, 60)  # to connect, and between two pieces
MAX_BYTES = 5_000_000_000


def fetch_source(settings: Settings, source: Source) -> list[RawFile]:
    """Every file of *source*, from its snapshot or its URL.

    Raises SourceError when a file is missing, is not the one its sidecar describes, or cannot be
    had from its address.
    """
    fetch = _fetch_snapshot if source.snapshot else _fetch_url
    return [fetch(settings, source, *item) for item in source.addresses().items()]


def _fetch_snapshot(
    settings: Settings, source: Source, edition: int | None, address: str
) -> RawFile:
    path = settings.catalog / "snapshots" / address
    restore = f"restore it from git, or run catalog/snapshots/build_{source.family}.py"
    if not path.is_file():
        raise SourceError(source.name, f"the snapshot {path} is missing", restore)
    sidecar = _read_sidecar(path, restore)
    if (sha256 := sha256_of(path)) != sidecar["sha256"]:
        raise SourceError(
            source.name, f"{path} is not the file that its sidecar describes", restore
        )
    stored = _stored_path(settings, source, sha256, address)
    if not _is_stored(stored, path):
        with replacing(stored) as part:
            shutil.copyfile(path, part)
    file = RawFile(source.name, edition, stored, sha256, sidecar["modified"])
    _keep_provenance(source, file, f"snapshot:{address}", sidecar["retrieved"])
    return file


def _read_sidecar(path: Path, restore: str) -> dict[str, str]:
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


def _is_stored(stored: Path, path: Path) -> bool:
    """Whether *stored* holds what *path* does; its name is its hash, so that its size is enough."""
    return stored.is_file() and stored.stat().st_size == path.stat().st_size


def _fetch_url(settings: Settings, source: Source, edition: int | None, address: str) -> RawFile:
    part = beside(_stored_path(settings, source, "download", address))
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        headers = _download(source.name, address, part)
        sha256 = sha256_of(part)
        stored = _stored_path(settings, source, sha256, address)
        if not _is_stored(stored, part):
            part.replace(stored)
    finally:
        part.unlink(missing_ok=True)
    now = datetime.now(UTC)
    modified = _read_modified(headers.get("Last-Modified"), now)
    file = RawFile(source.name, edition, stored, sha256, modified)
    told = _keep_provenance(source, file, address, now.isoformat(timespec="seconds"))
    # The same bytes keep the date under which they were first seen: no release for a mere upload.
    return replace(file, modified=told["modified"])


def _read_modified(told: str | None, now: datetime) -> str:
    """The date that a Last-Modified gives; today's, where there is none or it says nothing."""
    try:
        return (parsedate_to_datetime(told) if told else now).date().isoformat()
    except ValueError:
        return now.date().isoformat()


def _stored_path(settings: Settings, source: Source, stem: str, address: str) -> Path:
    suffix = "".join(Path(address.split("?")[0]).suffixes[-2:]) or f".{source.format}"
    return settings.data / "raw" / source.name / f"{stem}{suffix}"


def _download(name: str, address: str, part: Path) -> Any:
    """Stream *address* to *part* and return the headers."""
    import requests  # heavy, and only for sources that are not embedded

    try:
        with (
            _open_session() as session,
            session.get(address, stream=True, timeout=TIMEOUT_SECONDS) as answer,
        ):
            answer.raise_for_status()
            _write_bounded(name, answer.iter_content(1 << 20), part)
            return answer.headers
    except requests.RequestException as error:
        hint = "look at the address in its YAML, or try again later"
        raise SourceError(name, f"cannot fetch {address}: {find_cause(error)}", hint) from error


def _open_session() -> "requests.Session":
    """A session that says who asks, and retries what can heal, as Retry-After tells."""
    import requests
    from urllib3.util import Retry

    retry = Retry(
        total=4, backoff_factor=0.5, backoff_jitter=0.5, status_forcelist=[429, 500, 502, 503, 504]
    )
    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, requests.adapters.HTTPAdapter(max_retries=retry))
    session.headers["User-Agent"] = "Jalon (open-data pipeline for French territories)"
    return session


def _write_bounded(name: str, pieces: Any, part: Path) -> None:
    written = 0
    with part.open("wb") as file:
        for piece in pieces:
            written += file.write(piece)
            if written > MAX_BYTES:
                raise SourceError(name, f"the file is over {MAX_BYTES:,} bytes")


def find_cause(error: "requests.RequestException") -> str:
    """The answer's status, or the first of the errors that urllib3 and requests have wrapped."""
    if error.response is not None:
        return f"{error.response.status_code} {error.response.reason}"
    first: BaseException = error
    while inner := first.__cause__ or first.__context__:
        first = inner
    return str(first) or type(first).__name__


def _keep_provenance(source: Source, file: RawFile, address: str, retrieved: str) -> dict[str, Any]:
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
