"""Reply: one answer of one server, and its bytes as they come."""

import http.client
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import requests
import urllib3

from flows.steps.fetch.asked import Validators, find_cause
from flows.steps.fetch.connect import ExcessError
from flows.steps.fetch.limits import TELL, FetchError, Limits, PassingError
from flows.steps.fetch.pace import Pace, Watch, too_slow

PIECE_BYTES = 1 << 18
BROKEN = (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError)


class Reply:
    """One answer. It holds a connection of its host until it is closed."""

    def __init__(self, response: requests.Response, limits: Limits, hold: ExitStack) -> None:
        self._response, self._limits, self._hold = response, limits, hold
        self.address = str(response.url)
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.told = f"{response.status_code} {response.reason or ''}".strip()

    @property
    def validators(self) -> Validators:
        """By which this very content is known again."""
        return Validators(self.headers.get("ETag"), self.headers.get("Last-Modified"))

    @property
    def length(self) -> int | None:
        """The bytes that are announced. Raises FetchError where what is announced is senseless."""
        coding = self.headers.get("Transfer-Encoding", "").strip().lower()
        told = self.headers.get("Content-Length")
        if coding not in ("", "chunked", "identity"):
            raise FetchError(f"Transfer-Encoding {coding}, which nobody asked for", TELL)
        if told is None or coding == "chunked":
            return None
        if not (told.strip().isascii() and told.strip().isdigit()):
            raise FetchError(f"a Content-Length that is no number, {told[:20]!r}", TELL)
        return int(told)

    def pieces(self) -> Iterator[bytes]:
        """The body. Raises PassingError where it breaks off or drips."""
        limits, raw = self._limits, self._response.raw
        pace = Pace(limits.slow_seconds, limits.slow_bytes_per_second)
        with Watch(limits.slow_seconds, raw.shutdown) as watch:
            while piece := self._read(raw, watch, pace):
                yield piece

    def _read(self, raw: Any, watch: Watch, pace: Pace) -> bytes:
        begin = time.monotonic()
        piece, fault = b"", None
        try:
            with watch.waiting():
                piece = raw.read1(PIECE_BYTES, decode_content=False)
        except BROKEN as error:
            fault = _explain_break(error)
        if watch.has_shut:
            raise too_slow(self._limits.slow_seconds, self._limits.slow_bytes_per_second)
        if fault:  # raised here, so that no traceback shows what the libraries tell
            raise fault
        pace.count(len(piece), time.monotonic() - begin)
        return piece

    def close(self) -> None:
        """Give the connection back, or end it where the body was not read to its end."""
        self._hold.close()


def _explain_break(error: BaseException) -> FetchError:
    if any(isinstance(each, ExcessError) for each in (error, *error.args)):
        return FetchError(str(ExcessError()), TELL)
    return PassingError(find_cause(error))
