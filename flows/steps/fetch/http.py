"""HTTP: files and answers of the web, strictly: what is not whole or not promised is refused.

docs/faults.md lists what servers do wrong, and what comes of it.
"""

import functools
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from flows.steps.fetch.addresses import redact
from flows.steps.fetch.asked import UNKNOWN, Asked, Validators, explaining, find_cause
from flows.steps.fetch.content import checked
from flows.steps.fetch.judge import PARTIAL, REDIRECTS, UNCHANGED, judge, read_date
from flows.steps.fetch.limits import FetchError, Limits, PassingError
from flows.steps.fetch.plain_json import add_query, read_json
from flows.steps.fetch.redirects import follow
from flows.steps.fetch.resume import Wire, backoff
from flows.steps.fetch.unpack import decode

if TYPE_CHECKING:
    from flows.steps.fetch.reply import Reply

__all__ = ["Answer", "Client", "Limits", "Validators", "find_cause", "shared_client"]

AGENT = "Jalon (open-data pipeline for French territories)"
NOTHING: Mapping[str, Any] = MappingProxyType({})
FILE, REST = (200,), (200, PARTIAL)
T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """A file. `address` is where redirects have led, without secrets.

    `pieces` raise SourceError, at the end if need be, unless they are all of the file and what was
    expected. `modified` is the ISO date of Last-Modified, if there is one that can be read.
    """

    address: str
    unchanged: bool
    validators: Validators
    modified: str | None
    pieces: Iterator[bytes]


class Client:
    """Fetches for all threads at once, each host within *limits*.

    Redirects lead to no private address but those *inside*, as hosts and ports. Whoever holds an
    open answer of a host must not ask the same host again: there may be no connection left.
    """

    def __init__(
        self, limits: Limits | None = None, inside: Collection[tuple[str, int]] = ()
    ) -> None:
        from flows.steps.fetch.sender import Sender  # heavy, and only for what is not embedded

        self._limits = limits or Limits()
        self._sender = Sender(self._limits, frozenset(inside))

    @contextmanager
    def open(
        self,
        name: str,
        address: str,
        *,
        known: Validators = UNKNOWN,
        headers: Mapping[str, str] = NOTHING,
        expects: str = "csv",
    ) -> Iterator[Answer]:
        """The file at *address*, as long as the block lasts; nothing of it if it is still *known*.

        *expects* is the format of a source, or `any` for whatever may hold a table.
        Raises SourceError about *name*; so do the pieces.
        """
        asked = Asked(name, address, headers)
        wanted = (*FILE, UNCHANGED) if known.ask() else FILE
        with explaining(asked):
            reply = self._retry(lambda: self._follow(asked, known.ask(), wanted))
            try:
                wire = Wire(reply, lambda rest: self._ask_rest(asked, rest), self._limits)
            except FetchError:
                reply.close()
                raise
        try:
            yield self._answer(asked, reply, wire, known, expects)
        finally:
            wire.close()

    def _answer(
        self, asked: Asked, reply: "Reply", wire: Wire, known: Validators, expects: str
    ) -> Answer:
        told, date = reply.validators, read_date(reply.headers.get("Last-Modified"))
        is_unchanged = reply.status == UNCHANGED
        if is_unchanged:  # a server need not repeat what we have told it
            told = Validators(told.etag or known.etag, told.last_modified or known.last_modified)
        return Answer(
            address=redact(reply.address),
            unchanged=is_unchanged,
            validators=told,
            modified=date.date().isoformat() if date else None,
            pieces=iter(()) if is_unchanged else _read(asked, reply, wire, expects, self._limits),
        )

    def get_json(
        self,
        name: str,
        address: str,
        *,
        params: Mapping[str, Any] = NOTHING,
        headers: Mapping[str, str] = NOTHING,
    ) -> Any:
        """What a server answers, as strict JSON of a bounded size. Raises SourceError."""
        asked = Asked(name, add_query(address, params), {"Accept": "application/json", **headers})
        with explaining(asked):
            return self._retry(lambda: self._read_json(asked))

    def _read_json(self, asked: Asked) -> Any:
        # Small enough to be had again as a whole if it breaks.
        limits = replace(self._limits, max_bytes=self._limits.max_json_bytes, attempts=0)
        reply = self._follow(asked, {}, FILE)
        try:
            wire = Wire(reply, lambda _: reply, limits)
            return read_json(b"".join(_check(reply, wire, "json", limits)))
        finally:
            reply.close()

    def _ask_rest(self, asked: Asked, rest: Mapping[str, str]) -> "Reply":
        return self._retry(lambda: self._follow(asked, rest, REST if rest else FILE))

    def _retry(self, call: Callable[[], T]) -> T:
        """What *call* gives, tried again while time may help."""
        for attempt in range(1, self._limits.attempts):
            try:
                return call()
            except PassingError as fault:
                # Where the server says when to come, the host itself keeps us waiting.
                pause = backoff(self._limits, attempt) if fault.wait is None else 0
            time.sleep(pause)
        return call()

    def _follow(self, asked: Asked, more: Mapping[str, str], wanted: Collection[int]) -> "Reply":
        """The answer at the end of all redirects, if it is one of those *wanted*."""
        headers = {"User-Agent": AGENT, "Accept-Encoding": "identity", **asked.headers, **more}
        been = [asked.address]
        while True:
            reply = self._sender.send(been[-1], headers, asked.address)
            try:
                if reply.status not in REDIRECTS:
                    self._judge(reply, wanted, asked)
                    return reply
                been.append(follow(been[-1], reply.headers.get("Location")))
            except BaseException:
                reply.close()
                raise
            reply.close()
            _refuse_round(been, self._limits.redirects)

    def _judge(self, reply: "Reply", wanted: Collection[int], asked: Asked) -> None:
        try:
            judge(reply, wanted, asked.address, self._limits)
        except PassingError as fault:
            if fault.wait is not None:
                self._sender.rest(reply.address, fault.wait)
            raise


def _refuse_round(been: list[str], most: int) -> None:
    told = " → ".join(map(redact, been))
    if been[-1] in been[:-1]:
        raise FetchError(f"redirects that go round: {told}")
    if len(been) > most + 1:
        raise FetchError(f"more than {most} redirects: {told}")


def _read(
    asked: Asked, reply: "Reply", wire: Wire, expects: str, limits: Limits
) -> Iterator[bytes]:
    with explaining(asked):
        yield from _check(reply, wire, expects, limits)


def _check(reply: "Reply", wire: Wire, expects: str, limits: Limits) -> Iterator[bytes]:
    """The content, as long as it is what was promised."""
    plain = decode(iter(wire), reply.headers.get("Content-Encoding"), limits.max_bytes)
    kind = reply.headers.get("Content-Type")
    return checked(plain, expects, kind, limits.max_unpacked_bytes)


@functools.cache
def shared_client() -> Client:
    """The client of this process, so that every thread keeps to the same turns."""
    return Client()
