"""HTTP: a file of the web, streamed to disk."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.errors import SourceError

if TYPE_CHECKING:
    import requests

TIMEOUT_SECONDS = (10, 60)  # to connect, and between two pieces
MAX_BYTES = 5_000_000_000


def download(name: str, address: str, part: Path) -> Any:
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
