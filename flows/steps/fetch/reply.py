"""Reply: one request to one server, and the bytes of its answer as they come."""

import http.client
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from typing import Any

import requests
import urllib3

from flows.steps.fetch.addresses import headers_for, origin_of, refuse_literal, split
from flows.steps.fetch.asked import Validators, find_cause
from flows.steps.fetch.connect import ExcessError, make_adapter
from flows.steps.fetch.hosts import Hosts
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


class Sender:
    """Sends requests; holds the connections and the turns of all threads."""

    def __init__(self, limits: Limits, inside: frozenset[tuple[str, int]]) -> None:
        self._limits, self._inside = limits, inside
        self._hosts = Hosts(limits)
        self._trusting = make_adapter(limits, guarded=False)
        self._guarded = make_adapter(limits, guarded=True)
        self._environment = requests.Session()  # asked for proxies and certificates alone

    def send(self, address: str, headers: Mapping[str, str], own: str) -> Reply:
        """The answer of *address*, to which the address *own* of a source has led.

        No cookie and no password of a .netrc is sent. Raises FetchError; a PassingError where a
        connection fails.
        """
        with ExitStack() as hold:
            hold.enter_context(self._hosts[origin_of(address)].turn())
            request = _prepare(address, headers_for(address, own, headers))
            response = self._exchange(request, own)
            hold.callback(_close, response)
            return Reply(response, self._limits, hold.pop_all())
        raise AssertionError  # an ExitStack swallows nothing

    def rest(self, address: str, seconds: float) -> None:
        """Leave the host of *address* alone for that time."""
        self._hosts[origin_of(address)].rest(seconds)

    def _exchange(self, request: requests.PreparedRequest, own: str) -> requests.Response:
        limits = self._limits
        address = str(request.url)
        told: Any = self._environment.merge_environment_settings(address, {}, True, None, None)
        told["timeout"] = (limits.connect_seconds, limits.read_seconds)
        try:
            return self._adapter_for(address, own).send(request, **told)
        except requests.RequestException as error:
            fault = _explain_failure(error)
        raise fault  # here, so that no traceback shows the address with its secrets

    def _adapter_for(self, address: str, own: str) -> requests.adapters.HTTPAdapter:
        host = origin_of(address)[1:]
        if host == origin_of(own)[1:] or host in self._inside:
            return self._trusting
        refuse_literal(host[0])  # a proxy would go there
        return self._guarded


def _prepare(address: str, headers: Mapping[str, str]) -> requests.PreparedRequest:
    split(address)
    try:
        return requests.Request("GET", address, headers=dict(headers)).prepare()
    except (requests.RequestException, ValueError):
        fault = FetchError("the request cannot be written: look at its address and headers")
    raise fault  # the error of requests quotes the header


def _explain_failure(error: requests.RequestException) -> FetchError:
    if isinstance(error, requests.exceptions.SSLError):
        return FetchError(find_cause(error), "the publisher must mend its certificate")
    if isinstance(error, requests.exceptions.ConnectionError | requests.exceptions.Timeout):
        return PassingError(find_cause(error))
    return FetchError(find_cause(error))


def _close(response: requests.Response) -> None:
    with suppress(*BROKEN):
        response.close()
