"""Unpack: gzip as it streams, with bounded memory, to its true end."""

import zlib
from collections.abc import Iterator

from flows.steps.fetch.limits import TELL, FetchError

PIECE_BYTES = 1 << 18
GZIP = zlib.MAX_WBITS | 16


class Gunzip:
    """Unpacks one or several gzip members; *what* begins the message about one that is broken."""

    def __init__(self, what: str, most: int) -> None:
        self._what, self._left, self._most = what, most, most
        self._member = zlib.decompressobj(GZIP)

    def feed(self, packed: bytes) -> Iterator[bytes]:
        """What *packed*, which follows all that was fed before, holds."""
        while packed:
            if self._member.eof and not self._begin_member(packed := packed.lstrip(b"\0")):
                return
            yield from self._inflate(packed)
            packed = self._member.unused_data

    def _begin_member(self, packed: bytes) -> bool:
        """Whether another member begins. What follows the last one can only be zeros."""
        if not packed:
            return False
        if packed[:1] != b"\x1f":
            raise FetchError(f"{self._what} with other bytes after its end", TELL)
        self._member = zlib.decompressobj(GZIP)
        return True

    def _inflate(self, packed: bytes) -> Iterator[bytes]:
        while True:
            try:
                piece = self._member.decompress(packed, PIECE_BYTES)
            except zlib.error as error:
                raise FetchError(f"{self._what} that is damaged: {error}", TELL) from error
            self._left -= len(piece)
            if self._left < 0:
                raise FetchError(f"{self._what} with over {self._most:,} bytes in it", TELL)
            if piece:
                yield piece
            packed = self._member.unconsumed_tail
            if self._member.eof or (not packed and len(piece) < PIECE_BYTES):
                return

    def end(self) -> None:
        """Raise FetchError unless the last member is whole."""
        if not self._member.eof:
            raise FetchError(f"{self._what} that ends early", TELL)


def decode(pieces: Iterator[bytes], coding: str | None, most: int) -> Iterator[bytes]:
    """What a Content-Encoding hides: we ask for none, and some servers pack all the same."""
    coding = (coding or "identity").strip().lower()
    if coding == "identity":
        return pieces
    if coding not in ("gzip", "x-gzip"):
        raise FetchError(f"Content-Encoding {coding[:40]}, which nobody asked for", TELL)
    return _gunzip(pieces, most)


def _gunzip(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    unpacked = Gunzip("a Content-Encoding of gzip", most)
    for piece in pieces:
        yield from unpacked.feed(piece)
    unpacked.end()
