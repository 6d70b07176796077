"""Hosts: how many connections at a time and requests a second each server gets, over all threads.

Whoever waits for a turn has asked nothing yet, so that no wait counts as slowness or as a fault.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flows.steps.fetch.addresses import PORTS, Origin
from flows.steps.fetch.limits import Limits

Clock = Callable[[], float]
Sleep = Callable[[float], None]


class Host:
    """The turns of one server: requests begin at an even distance, and never in a burst.

    So no window of time holds more than the rate allows, however the server draws its windows.
    """

    def __init__(
        self,
        connections: int,
        rate: float,
        clock: Clock = time.monotonic,
        sleep: Sleep = time.sleep,
    ) -> None:
        self._slots = threading.BoundedSemaphore(connections)
        self._gap = 1 / rate
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._next = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold one of the connections, from the time at which a request may go."""
        with self._slots:
            self._sleep(self._take_time())
            yield

    def _take_time(self) -> float:
        """Take the next moment for a request; how far away it is."""
        with self._lock:
            now = self._clock()
            at = max(now, self._next)
            self._next = at + self._gap
            return at - now

    def rest(self, seconds: float) -> None:
        """Leave the server alone for that time, as it asked."""
        with self._lock:
            self._next = max(self._next, self._clock() + seconds)


class Hosts:
    """The server of each origin; one for all threads.

    A host has one for http and https, whose quota it counts together.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._hosts: dict[tuple[str, int], Host] = {}

    def __getitem__(self, origin: Origin) -> Host:
        _, name, port = origin
        key = (name, 0 if port in PORTS.values() else port)
        with self._lock:
            if key not in self._hosts:
                self._hosts[key] = Host(self._limits.connections_per_host, self._rate(name))
            return self._hosts[key]

    def _rate(self, name: str) -> float:
        ours = self._limits.requests_per_second
        return min(ours, self._limits.quotas.get(name, ours))
