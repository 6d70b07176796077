"""Hosts: how many connections and requests at a time each server gets, over all threads."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from flows.steps.fetch.addresses import Origin
from flows.steps.fetch.limits import Limits


class Host:
    """The turns of one server."""

    def __init__(self, limits: Limits) -> None:
        self._slots = threading.BoundedSemaphore(limits.connections_per_host)
        self._gap = 1 / limits.requests_per_second
        self._lock = threading.Lock()
        self._next = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold one of the connections, from the time at which a request may go."""
        with self._slots:
            time.sleep(self._take_time())
            yield

    def _take_time(self) -> float:
        """Take the next moment for a request; how far away it is."""
        with self._lock:
            now = time.monotonic()
            at = max(now, self._next)
            self._next = at + self._gap
            return at - now

    def rest(self, seconds: float) -> None:
        """Leave the server alone for that time, as it asked."""
        with self._lock:
            self._next = max(self._next, time.monotonic() + seconds)


class Hosts:
    """The server of each origin; one for all threads."""

    def __init__(self, limits: Limits) -> None:
        self._lock = threading.Lock()
        self._hosts: defaultdict[Origin, Host] = defaultdict(lambda: Host(limits))

    def __getitem__(self, origin: Origin) -> Host:
        with self._lock:
            return self._hosts[origin]
