"""Fetch: the publisher's file, stored once under its own hash, with where it comes from."""

import shutil
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.catalog import Source, read_yaml
from flows.errors import SourceError
from flows.files import beside, replacing, sha256_of, write_json
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
    sidecar = read_yaml(path.parent / "snapshot.yml")
    told = sidecar["files"].get(path.name)
    if told is None or not path.is_file():
        hint = f"restore it from git, or run catalog/snapshots/build_{source.family}.py"
        raise SourceError(source.name, f"the snapshot {path} is missing", hint)
    if (sha256 := sha256_of(path)) != told["sha256"]:
        hint = "restore it from git, or rebuild it so that its sidecar follows"
        raise SourceError(source.name, f"{path} is not the file that its sidecar describes", hint)
    stored = _stored_path(settings, source, sha256, address)
    if not stored.exists():
        with replacing(stored) as part:
            shutil.copyfile(path, part)
    file = RawFile(source.name, edition, stored, sha256, str(sidecar["modified"]))
    _keep_provenance(source, file, f"snapshot:{address}", str(sidecar["retrieved"]))
    return file


def _fetch_url(settings: Settings, source: Source, edition: int | None, address: str) -> RawFile:
    part = beside(_stored_path(settings, source, "download", address))
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        headers = _download(source.name, address, part)
        sha256 = sha256_of(part)
        stored = _stored_path(settings, source, sha256, address)
        if not stored.exists():
            part.replace(stored)
    finally:
        part.unlink(missing_ok=True)
    now = datetime.now(UTC)
    told = headers.get("Last-Modified")
    modified = (parsedate_to_datetime(told) if told else now).date().isoformat()
    file = RawFile(source.name, edition, stored, sha256, modified)
    _keep_provenance(source, file, address, now.isoformat(timespec="seconds"))
    return file


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
        raise SourceError(name, f"cannot fetch {address}: {_cause(error)}", hint) from error


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


def _cause(error: Exception) -> str:
    """The end of a chain of requests and urllib3 errors: what went wrong, without objects."""
    return str(error).rsplit(": ", 1)[-1].rstrip(")'\"") or type(error).__name__


def _keep_provenance(source: Source, file: RawFile, address: str, retrieved: str) -> None:
    """Write where *file* comes from beside it, the first time that it is seen."""
    path = file.path.parent / f"{file.sha256}.json"
    if path.exists():
        return
    write_json(
        path,
        {
            "source": source.name,
            "edition": file.edition,
            "file": file.path.name,
            "address": address,
            "retrieved": retrieved,
            "modified": file.modified,
            "bytes": file.path.stat().st_size,
            "sha256": file.sha256,
            "licence": source.licence,
        },
    )
