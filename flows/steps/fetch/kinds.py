"""Kinds: what a file is by its first bytes, and which kinds may come where a format is promised."""

import re

from flows.steps.fetch.limits import TELL, FetchError

BROWSE = "open the address in a browser: the file may have moved, or ask for a login"
MAGICS = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PAR1", "parquet"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"SQLite format 3\0", "gpkg"),
    (b"%PDF", "pdf"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "rar"),
)
# Where the name of its first member stands in a ZIP, and how that of a workbook begins.
NAME_OF_MEMBER = 30
MEMBERS = (
    (b"[Content_Types].xml", "xlsx"),
    (b"_rels/", "xlsx"),
    (b"xl/", "xlsx"),
    (b"docProps/", "xlsx"),
    (b"mimetype", "ods"),
)
WORDS = {
    "gzip": "a gzip file",
    "bzip2": "a bzip2 file",
    "tar": "a tar archive",
    "zip": "a ZIP file",
    "xlsx": "a spreadsheet (XLSX)",
    "ods": "a spreadsheet (ODS)",
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
PACKINGS = ("gzip", "bzip2", "tar", "zip")  # in which any format may come
KIND_OF = {"csv": "text", "geojson": "json"}  # of the others, it has the same name
TABLES = ("text", "json", "xlsx", "ods", "xls", "parquet", "gpkg")  # what `any` stands for
HTML = re.compile(rb"(?i)<!doctype\s+html|<(html|head|body|title|script|meta|p|h1|div)\b")
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def recognise(head: bytes, content_type: str | None = None) -> str:
    """What a file that begins with *head* is. Raises FetchError where there is nothing."""
    for magic, kind in MAGICS:
        if head.startswith(magic):
            return _find_workbook(head) if kind == "zip" else kind
    if head[257:262] == b"ustar":
        return "tar"
    return _recognise_text(head, content_type or "")


def _find_workbook(head: bytes) -> str:
    name = head[NAME_OF_MEMBER:]
    return next((kind for begin, kind in MEMBERS if name.startswith(begin)), "zip")


def _recognise_text(head: bytes, content_type: str) -> str:
    text = head
    for mark in MARKS:
        text = text.removeprefix(mark)
    text = text.replace(b"\0", b"").lstrip()  # as UTF-16 writes it
    if not text:
        raise FetchError("the answer is empty", TELL)
    if text[:1] == b"<":
        is_page = HTML.search(text) or "html" in content_type.lower()
        return "html" if is_page else "xml"
    return "json" if text[:1] in (b"{", b"[") else "text"


def refuse_other(kind: str, expects: str) -> None:
    """Raise FetchError unless a file of *kind* can hold what is expected."""
    fit = TABLES if expects == "any" else (KIND_OF.get(expects, expects),)
    if kind not in (*fit, *PACKINGS):
        raise FetchError(f"{WORDS[kind]} where {expects} is expected", BROWSE)
