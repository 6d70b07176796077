"""Resume: the bytes of one file, over as many answers as it takes when connections break."""

import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from flows.steps.fetch.limits import TELL, FetchError, Limits, PassingError, SlowError

if TYPE_CHECKING:
    from flows.steps.fetch.reply import Reply

CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
CHANGED = "the file has changed while it was being read"


class Wire:
    """The bytes as they are sent. They go on after a break if it is the same file for certain.

    *ask* gives the answer to the same request with more headers.
    """

    def __init__(
        self, reply: "Reply", ask: Callable[[Mapping[str, str]], "Reply"], limits: Limits
    ) -> None:
        self._first = self._reply = reply
        self._ask, self._limits = ask, limits
        self._whole = reply.length
        self._got = self._skip = self._in_vain = 0
        if (self._whole or 0) > limits.max_bytes:
            raise FetchError(f"{self._whole:,} bytes, over the {limits.max_bytes:,} that we take")

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self._limits.resumes + 1):
            before = self._got
            fault = PassingError("the answer ends early", TELL)
            try:
                yield from self._read()
            except SlowError:
                raise
            except PassingError as error:
                fault = error
            else:
                if self._is_whole():
                    return
            self._in_vain = 0 if self._got > before else self._in_vain + 1
            self._go_on(fault)
        raise PassingError(f"the connection broke {self._limits.resumes + 1} times", TELL)

    def _read(self) -> Iterator[bytes]:
        """The bytes of one answer that are new."""
        try:
            for piece in self._reply.pieces():
                fresh = piece[self._skip :]
                self._skip -= len(piece) - len(fresh)
                self._got += len(fresh)
                if self._got > self._limits.max_bytes:
                    raise FetchError(f"over the {self._limits.max_bytes:,} bytes that we take")
                if fresh:
                    yield fresh
        finally:
            self.close()

    def _is_whole(self) -> bool:
        if self._whole is None:
            return not self._skip
        if self._got > self._whole:
            raise FetchError(f"{self._got:,} bytes, where {self._whole:,} were announced", TELL)
        return self._got == self._whole

    def _go_on(self, fault: PassingError) -> None:
        """Ask for the rest, unless that is of no use."""
        mark = self._mark()
        if self._in_vain >= self._limits.attempts or (self._got and mark is None):
            why = "" if mark else ", and no ETag or Last-Modified tells how to go on"
            whole = "" if self._whole is None else f" of {self._whole:,}"
            problem = f"the connection broke after {self._got:,}{whole} bytes{why}"
            raise PassingError(f"{problem}: {fault.problem}", TELL)
        time.sleep(backoff(self._limits, self._in_vain + 1))
        rest = {"Range": f"bytes={self._got}-", "If-Range": mark} if self._got and mark else {}
        self._reply = self._ask(rest)
        self._skip = self._find_skip()

    def _mark(self) -> str | None:
        """What tells the server which file we hold the beginning of."""
        told = self._first.validators
        if is_strong(told.etag):
            return told.etag
        return told.last_modified if self._whole is not None else None

    def _find_skip(self) -> int:
        """How many bytes of the new answer we have. Raises FetchError if it is of another file."""
        reply, first = self._reply, self._first
        if reply.headers.get("Content-Encoding") != first.headers.get("Content-Encoding"):
            raise FetchError(CHANGED, TELL)
        if reply.status == 206:
            self._hold_range()
            return 0
        old, new = first.validators, reply.validators
        is_same = old == new and reply.length == self._whole
        if is_strong(old.etag):
            is_same = old.etag == new.etag
        if not is_same:
            raise FetchError(CHANGED, TELL)
        return self._got

    def _hold_range(self) -> None:
        """Raise FetchError unless a partial answer goes on where we are, in the same file."""
        told = self._reply.headers.get("Content-Range", "")
        found = CONTENT_RANGE.fullmatch(told.strip())
        if not found or int(found[1]) != self._got or int(found[2]) < int(found[1]):
            problem = f"a wrong Content-Range, {told[:60]!r}, where bytes {self._got}- were asked"
            raise FetchError(problem, TELL)
        whole = None if found[3] == "*" else int(found[3])
        self._whole = whole if self._whole is None else self._whole
        etag = self._reply.validators.etag
        if whole not in (None, self._whole) or (etag and etag != self._first.validators.etag):
            raise FetchError(CHANGED, TELL)

    def close(self) -> None:
        """Let the connection go."""
        self._reply.close()


def is_strong(etag: str | None) -> bool:
    """Whether equal ETags mean equal bytes."""
    return etag is not None and not etag.startswith("W/")


def backoff(limits: Limits, attempt: int) -> float:
    """Seconds to wait before trying again: doubled each time, and never the same for two of us."""
    return random.uniform(0.5, 1) * limits.backoff_seconds * 2.0 ** (attempt - 1)
