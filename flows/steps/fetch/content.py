"""Content: whether bytes are what their source promises, while they stream by."""

from collections.abc import Iterator

from flows.steps.fetch.kinds import WORDS, recognise, refuse_other
from flows.steps.fetch.limits import TELL, FetchError
from flows.steps.fetch.unpack import Gunzip

HEAD_BYTES = 1024
END_OF_ZIP = b"PK\x05\x06"
ZIPS = ("zip", "xlsx", "ods")
ZIP_TAIL_BYTES = 66_000  # a comment may follow its end
TAIL_BYTES = 64


def checked(
    pieces: Iterator[bytes], expects: str, content_type: str | None, most_unpacked: int
) -> Iterator[bytes]:
    """*pieces* as they are; of what is no *expects*, nothing comes.

    Raises FetchError at the end if they are not whole.
    """
    head = bytearray()
    for piece in pieces:
        head += piece
        if len(head) >= HEAD_BYTES:
            break
    kind = recognise(bytes(head), content_type)
    refuse_other(kind, expects)
    ending = Ending(kind, expects, most_unpacked)
    ending.feed(bytes(head))
    yield bytes(head)
    for piece in pieces:
        ending.feed(piece)
        yield piece
    ending.end()


class Ending:
    """Looks, as a file streams by, whether it is whole."""

    def __init__(self, kind: str, expects: str, most_unpacked: int) -> None:
        self._kind, self._expects, self._most = kind, expects, most_unpacked
        self._tail, self._size = b"", 0
        self._keep = ZIP_TAIL_BYTES if kind in ZIPS else TAIL_BYTES
        self._gunzip = Gunzip("a gzip file", most_unpacked) if kind == "gzip" else None
        self._head = b""  # of what is packed, until it is enough to be recognised
        self._inner: Ending | None = None

    def feed(self, piece: bytes) -> None:
        """Note the next bytes."""
        self._size += len(piece)
        self._tail = (self._tail[-self._keep :] + piece[-self._keep :])[-self._keep :]
        for inner in self._gunzip.feed(piece) if self._gunzip else ():
            self._feed_inner(inner)

    def _feed_inner(self, piece: bytes) -> None:
        """Look at what is packed as if it had come so."""
        if self._inner:
            self._inner.feed(piece)
            return
        self._head += piece
        if len(self._head) >= HEAD_BYTES:
            self._begin_inner()

    def _begin_inner(self) -> "Ending":
        kind = recognise(self._head)
        if kind == "gzip":
            raise FetchError("a gzip file within a gzip file", TELL)
        refuse_other(kind, self._expects)
        self._inner = Ending(kind, self._expects, self._most)
        self._inner.feed(self._head)
        return self._inner

    def end(self) -> None:
        """Raise FetchError if the end is missing."""
        if self._gunzip:
            self._gunzip.end()
            (self._inner or self._begin_inner()).end()
        elif self._is_cut():
            raise FetchError(f"{WORDS[self._kind]} that ends early", TELL)

    def _is_cut(self) -> bool:
        if self._kind == "parquet":
            return self._size < 12 or not self._tail.endswith(b"PAR1")
        if self._kind in ZIPS:
            return END_OF_ZIP not in self._tail
        if self._kind == "json":
            text = self._tail.replace(b"\0", b"").rstrip()
            return bool(text) and text[-1:] not in (b"}", b"]")
        return False
