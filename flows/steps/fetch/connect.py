"""Connect: connections which go only where they may, whose headers come in time, and which end
where they say. Heavy to import, as reply.py is, since they bring requests and urllib3.
"""

import http.client
import logging
import socket
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar

import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection

from flows.steps.fetch.addresses import redact
from flows.steps.fetch.limits import Limits
from flows.steps.fetch.pace import Watch
from flows.steps.fetch.redirects import refuse_peer, refuse_private


class ExcessError(http.client.HTTPException):
    """The server has sent more than it had announced."""

    def __str__(self) -> str:
        return "more bytes than its Content-Length announces"


class StrictResponse(http.client.HTTPResponse):
    """An answer after whose end nothing may stand."""

    def __init__(self, sock: socket.socket, *arguments: Any, **named: Any) -> None:
        super().__init__(sock, *arguments, **named)
        self._sock = sock

    def _close_conn(self) -> None:
        more = self.length == 0 and not self.chunked and self._has_more()
        super()._close_conn()  # type: ignore[misc]
        if more:
            raise ExcessError

    def _has_more(self) -> bool:
        """Whether bytes are there already; those that come later close the connection unread."""
        if self.fp is None or self.fp.closed or self.status in (204, 304):
            return False
        with suppress(OSError, ValueError):
            patience = self._sock.gettimeout()
            self._sock.settimeout(0)
            try:
                return bool(self.fp.peek(1))
            finally:
                self._sock.settimeout(patience)
        return False


class WatchedConnection(HTTPConnection):
    """A connection whose headers come in time."""

    limits: ClassVar[Limits]
    guarded: ClassVar[bool]
    response_class = StrictResponse

    def _new_conn(self) -> socket.socket:
        """Connect; where a redirect has led us, to a public address alone."""
        if not self.guarded:
            return super()._new_conn()
        with suppress(socket.gaierror):  # which the connection tells better
            refuse_private(self._dns_host, self.port)
        sock = super()._new_conn()
        try:
            refuse_peer(self.host, str(sock.getpeername()[0]))
        except BaseException:
            sock.close()
            raise
        return sock

    def getresponse(self) -> Any:
        """The answer once its headers are read."""
        with Watch(self.limits.answer_seconds, partial(_shut, self.sock)) as watch:
            try:
                with watch.waiting():
                    answer = super().getresponse()
            except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError):
                if not watch.has_shut:
                    raise
        if watch.has_shut:  # headers that are cut look as if they had ended
            answer.close()
            raise TimeoutError(f"no whole answer within {self.limits.answer_seconds:g} s")
        return answer


class WatchedSecureConnection(WatchedConnection, HTTPSConnection):
    """The same over TLS."""


def _shut(sock: socket.socket | None) -> None:
    if isinstance(sock, socket.socket):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # that of TLS would say goodbye first


def make_adapter(limits: Limits, *, guarded: bool) -> HTTPAdapter:
    """Connections of *limits*; a guarded one goes nowhere but to public addresses.

    A proxy has connections of its own: it resolves names itself, and stands inside of a network.
    """
    told = {"limits": limits, "guarded": guarded}
    plain = type("Plain", (WatchedConnection,), told)
    secure = type("Secure", (WatchedSecureConnection,), told)
    adapter = HTTPAdapter(pool_maxsize=limits.connections_per_host)
    adapter.poolmanager.pool_classes_by_scheme = {
        "http": type("PlainPool", (urllib3.HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("SecurePool", (urllib3.HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }
    return adapter


def _hide_secrets(record: logging.LogRecord) -> bool:
    """Take the values of secret parameters out of a line of urllib3's log; it is always kept."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            redact(each) if isinstance(each, str) and "?" in each else each for each in record.args
        )
    return True


for name in ("urllib3.connection", "urllib3.connectionpool"):
    logging.getLogger(name).addFilter(_hide_secrets)
