"""Plan: what a push would change, in the order in which it may be changed, before anything is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """One thing that a push does: a file sent, a link moved; `make` does it."""

    verb: str
    what: str
    bytes: int
    make: Callable[[], object]

    def __str__(self) -> str:
        return f"{self.verb} {self.what}" + (f" ({megabytes(self.bytes)})" if self.bytes else "")


@dataclass(frozen=True)
class Stage:
    """Changes, made in their order unless several at once; a stage begins once the last is done."""

    title: str
    changes: tuple[Change, ...]
    at_once: int = 1

    @property
    def bytes(self) -> int:
        """How much is sent in it."""
        return sum(change.bytes for change in self.changes)

    def make(self) -> None:
        """Make every change; the first that fails stops those that have not begun."""
        if self.at_once == 1:
            for change in self.changes:  # in their order
                change.make()
            return
        pool = ThreadPoolExecutor(self.at_once)
        try:
            for future in [pool.submit(change.make) for change in self.changes]:
                future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def stages_of(*stages: Stage) -> list[Stage]:
    """Those in which there is something to do."""
    return [stage for stage in stages if stage.changes]


def megabytes(size: int) -> str:
    """A size as a person reads it."""
    return f"{size / 1e6:,.1f} MB"
