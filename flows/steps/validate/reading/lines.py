"""Lines: how many a file has, where nothing in it could be read in two ways."""

import codecs
import re
from pathlib import Path

ABSENT = "\ue000absent"  # stands for no cell, and begins with a private character
BLOCK = 1 << 20
OVERLAP = 64
# DuckDB drops spaces beside a quote, and Python keeps them.
SPACED_QUOTES = rb'(?:^|[%b\r\n]) +"|" +(?:[%b\r\n]|$)'


class AmbiguousError(Exception):
    """Two readers may read this text in two ways."""


class LineCounter:
    """Counts the lines of a UTF-8 text, block by block."""

    def __init__(self, delimiter: str) -> None:
        mark = re.escape(delimiter.encode())
        self.spaced = re.compile(SPACED_QUOTES % (mark, mark))
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.tail = b""
        self.feeds = self.returns = 0

    def read(self, block: bytes) -> None:
        """Count the lines of *block*. Raises AmbiguousError, UnicodeDecodeError."""
        whole = self.tail + block
        has_quotes = b'"' in block and self.spaced.search(whole)
        if has_quotes or b"\0" in block or ABSENT.encode() in whole:
            raise AmbiguousError
        if b"\r" in block or self.tail.endswith(b"\r"):
            self.returns += whole.count(b"\r\n") - self.tail.count(b"\r\n")
            if whole[:-1].count(b"\r") != whole.count(b"\r\n"):
                raise AmbiguousError
        if not (block.isascii() and self.tail.isascii()):
            self.decoder.decode(block)
        self.feeds += block.count(b"\n")
        self.tail = whole[-OVERLAP:]

    def finish(self) -> int:
        """The number of lines. Raises AmbiguousError."""
        is_mixed = self.returns not in (0, self.feeds)
        if is_mixed or self.tail.endswith(b"\r") or self.decoder.getstate()[0]:
            raise AmbiguousError
        return self.feeds + (bool(self.tail) and not self.tail.endswith(b"\n"))


def count_plain_lines(path: Path, delimiter: str) -> int | None:
    """The number of lines of a UTF-8 file; None if anything in it could be read in two ways."""
    counter = LineCounter(delimiter)
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                counter.read(block)
        return counter.finish()
    except (AmbiguousError, UnicodeDecodeError):
        return None
