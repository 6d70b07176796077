"""Content: whether bytes are what their source promises, while they stream by."""

import re
from collections.abc import Iterator

from flows.steps.fetch.limits import TELL, FetchError
from flows.steps.fetch.unpack import Gunzip

HEAD_BYTES = 1024
END_OF_ZIP = b"PK\x05\x06"
TAIL_BYTES = {"zip": 66_000}  # a comment may follow its end
BROWSE = "open the address in a browser: the file may have moved, or ask for a login"

MAGICS = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"BZh", "bzip2"),
    (b"PAR1", "parquet"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"SQLite format 3\0", "gpkg"),
    (b"%PDF", "pdf"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "rar"),
)
WORDS = {
    "gzip": "a gzip file",
    "bzip2": "a bzip2 file",
    "tar": "a tar archive",
    "zip": "a ZIP file",
    "parquet": "a Parquet file",
    "xls": "an old spreadsheet (XLS)",
    "gpkg": "a SQLite database",
    "pdf": "a PDF document",
    "7z": "a 7z archive",
    "rar": "a RAR archive",
    "html": "an HTML page",
    "xml": "an XML document",
    "json": "a JSON document",
    "text": "a text",
}
PACKED = ("gzip", "bzip2", "zip", "tar")
ALLOWED = {
    "any": ("text", "json", "xls", "parquet", "gpkg", *PACKED),
    "csv": ("text", *PACKED),
    "json": ("json", *PACKED),
    "geojson": ("json", *PACKED),
    "xlsx": PACKED,
    "ods": PACKED,
    "xls": ("xls", *PACKED),
    "parquet": ("parquet", *PACKED),
    "gpkg": ("gpkg", *PACKED),
}
HTML = re.compile(rb"(?i)<!doctype\s+html|<(html|head|body|title|script|meta|p|h1|div)\b")
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


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
    _refuse_other(kind, expects)
    ending = Ending(kind, expects, most_unpacked)
    ending.feed(bytes(head))
    yield bytes(head)
    for piece in pieces:
        ending.feed(piece)
        yield piece
    ending.end()


def recognise(head: bytes, content_type: str | None = None) -> str:
    """What a file that begins with *head* is. Raises FetchError where there is nothing."""
    for magic, kind in MAGICS:
        if head.startswith(magic):
            return kind
    if head[257:262] == b"ustar":
        return "tar"
    text = head
    for mark in MARKS:
        text = text.removeprefix(mark)
    text = text.replace(b"\0", b"").lstrip()  # as UTF-16 writes it
    if not text:
        raise FetchError("the answer is empty", TELL)
    if text[:1] == b"<":
        is_page = HTML.search(text) or "html" in (content_type or "").lower()
        return "html" if is_page else "xml"
    return "json" if text[:1] in (b"{", b"[") else "text"


def _refuse_other(kind: str, expects: str) -> None:
    if kind not in ALLOWED[expects]:
        raise FetchError(f"{WORDS[kind]} where {expects} is expected", BROWSE)


class Ending:
    """Looks, as a file streams by, whether it is whole."""

    def __init__(self, kind: str, expects: str, most_unpacked: int) -> None:
        self._kind, self._expects, self._most = kind, expects, most_unpacked
        self._tail, self._size = b"", 0
        self._keep = TAIL_BYTES.get(kind, 64)
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
        _refuse_other(kind, self._expects)
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
        if self._kind == "zip":
            return END_OF_ZIP not in self._tail
        if self._kind == "json":
            text = self._tail.replace(b"\0", b"").rstrip()
            return bool(text) and text[-1:] not in (b"}", b"]")
        return False
