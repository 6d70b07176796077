"""Pace: a server that sends too slowly, or nothing, is left; what we do meanwhile is not counted.

A timeout of the socket is not enough: it begins again with every byte that drips.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self

from flows.steps.fetch.limits import TELL, SlowError

CHECKS = 4  # in the time that a wait may last


class Watch:
    """Calls *shut* from another thread once a single wait has lasted *seconds*."""

    def __init__(self, seconds: float, shut: Callable[[], None]) -> None:
        self._seconds, self._shut = seconds, shut
        self._since: float | None = None
        self._done = threading.Event()
        self.has_shut = False

    def __enter__(self) -> Self:
        threading.Thread(target=self._look, name="watch of a server", daemon=True).start()
        return self

    def __exit__(
        self, _: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._done.set()

    def _look(self) -> None:
        while not self._done.wait(self._seconds / CHECKS):
            since = self._since
            if since is not None and time.monotonic() - since > self._seconds:
                self.has_shut = True
                with suppress(OSError, RuntimeError, ValueError):  # it has ended meanwhile
                    self._shut()
                return

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """The time in which the server must act."""
        self._since = time.monotonic()
        try:
            yield
        finally:
            self._since = None


class Pace:
    """The speed of one body."""

    def __init__(self, seconds: float, bytes_per_second: float) -> None:
        self._seconds, self._least = seconds, bytes_per_second
        self._waited, self._bytes = 0.0, 0

    def count(self, size: int, seconds: float) -> None:
        """Note that *size* bytes took *seconds* to come. Raises SlowError if it is too slow."""
        self._waited += seconds
        self._bytes += size
        if self._waited < self._seconds:
            return
        if self._bytes < self._least * self._waited:
            raise too_slow(self._seconds, self._least)
        self._waited, self._bytes = 0.0, 0


def too_slow(seconds: float, bytes_per_second: float) -> SlowError:
    """The error of a server that drips."""
    least = f"{bytes_per_second:,.0f} bytes a second"
    return SlowError(f"the server sends too slowly, under {least} for {seconds:g} s", TELL)
