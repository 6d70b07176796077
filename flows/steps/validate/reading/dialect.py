"""Dialect: how a CSV is written, as declared, or found in its first lines as frictionless does."""

import codecs
import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

BUFFER_BYTES = 100_000  # frictionless looks at as many
SNIFFED_CHARS = 100_000  # Python's sniffer may take minutes on more
DELIMITERS = ",\t;|"
CSV_KEYS = {
    "delimiter": "delimiter",
    "quoteChar": "quote_char",
    "doubleQuote": "double_quote",
    "escapeChar": "escape_char",
    "skipInitialSpace": "skip_initial_space",
}
TABLE_KEYS = {
    "header": "header",
    "headerRows": "header_rows",
    "headerJoin": "header_join",
    "headerCase": "header_case",
    "commentChar": "comment_char",
    "commentRows": "comment_rows",
    "skipBlankRows": "skip_blank_rows",
}


@dataclass(frozen=True)
class Dialect:
    """The properties of a Table Dialect; None is for what is not declared and may be found."""

    encoding: str | None = None
    delimiter: str | None = None
    quote_char: str | None = None
    double_quote: bool = True
    escape_char: str | None = None
    skip_initial_space: bool | None = None
    header: bool | None = None
    header_rows: tuple[int, ...] | None = None
    header_join: str = " "
    header_case: bool = True
    comment_char: str | None = None
    comment_rows: tuple[int, ...] = ()
    skip_blank_rows: bool = False

    @property
    def first_content_row(self) -> int:
        """The number of the first row after the header."""
        return self.header_rows[-1] + 1 if self.header and self.header_rows else 1

    @property
    def is_plain(self) -> bool:
        """Whether row 1 is the header and all that follows is data, quoted by double quotes."""
        return (
            self.header_rows == (1,)
            and self.header is True
            and self.quote_char == '"'
            and self.escape_char is None
            and not (self.skip_initial_space or self.comment_char or self.comment_rows)
            and not self.skip_blank_rows
        )

    def keeps(self, number: int, cells: Sequence[str]) -> bool:
        """Whether a row is data or header, and not a comment or a blank row left out."""
        if self.comment_char and cells and cells[0].startswith(self.comment_char):
            return False
        if number in self.comment_rows:
            return False
        return number < self.first_content_row or not self.skip_blank_rows or any(cells)

    def reader_options(self) -> dict[str, Any]:
        """The arguments of csv.reader."""
        quote = self.quote_char or ""
        return {
            "delimiter": self.delimiter,
            "quotechar": quote or None,
            "quoting": csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
            "doublequote": self.double_quote if self.escape_char else True,
            "escapechar": self.escape_char,
            "skipinitialspace": bool(self.skip_initial_space),
        }


def suit(dialect: Dialect, path: Path) -> Dialect:
    """*dialect* with the delimiter that the name of a file tells, if none is declared."""
    if path.suffix in (".tsv", ".tab") and dialect.delimiter is None:
        return replace(dialect, delimiter="\t")
    return dialect


def read_dialect(descriptor: Mapping[str, Any], encoding: str | None = None) -> Dialect:
    """The dialect of a Data Package descriptor, of version 1 (flat) or 2 (`csv` inside)."""
    told = {**descriptor, **descriptor.get("csv", {})}
    keys = CSV_KEYS | TABLE_KEYS
    values = {keys[key]: value for key, value in told.items() if key in keys and value is not None}
    for name in ("header_rows", "comment_rows"):
        if name in values:
            values[name] = tuple(values[name])
    return Dialect(encoding=encoding, **values)


def find_encoding(buffer: bytes, declared: str | None) -> str:
    """The codec of a file that begins with *buffer*: as declared, else by its marks, else by trial.

    Raises LookupError when the declared encoding is not known.
    """
    name = codecs.lookup(declared).name if declared else _try_encodings(buffer)
    if name == "utf-8" and buffer.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    marks = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    return "utf-16" if name in marks and buffer.startswith(marks[name]) else name


def _try_encodings(buffer: bytes) -> str:
    if buffer.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for name in ("utf-8", "cp1252"):
        try:
            codecs.getincrementaldecoder(name)().decode(buffer)
        except UnicodeDecodeError:
            continue
        return name
    return "iso8859-1"


def sniff(dialect: Dialect, lines: Sequence[str]) -> Dialect:
    """*dialect* with delimiter, quote and initial space found in *lines* where not declared."""
    found: Any = csv.excel
    if (
        dialect.delimiter is None
        or dialect.quote_char is None
        or dialect.skip_initial_space is None
    ):
        try:
            sample = "".join(lines)[:SNIFFED_CHARS]
            found = csv.Sniffer().sniff(sample, dialect.delimiter or DELIMITERS)
        except csv.Error:
            pass  # nothing to be found: as Excel writes
    # An apostrophe is more often a French article than a quote.
    quote = '"' if found.quotechar == "'" else found.quotechar
    return replace(
        dialect,
        delimiter=dialect.delimiter or found.delimiter,
        quote_char=quote if dialect.quote_char is None else dialect.quote_char,
        skip_initial_space=bool(found.skipinitialspace)
        if dialect.skip_initial_space is None
        else dialect.skip_initial_space,
    )


def find_header(dialect: Dialect, sample: Sequence[Sequence[str]]) -> Dialect:
    """*dialect* with the row of its header: the first whose width is near the average of *sample*.

    Rows before it (a title, a note) are left out, as frictionless does.
    """
    if dialect.header is not None or dialect.header_rows is not None or not sample:
        header = dialect.header is not False
        return replace(dialect, header=header, header_rows=dialect.header_rows or (1,))
    width = round(sum(map(len, sample)) / len(sample))
    drift = max(round(width * 0.1), 1)
    rows = (
        number
        for number, cells in enumerate(sample, start=1)
        if dialect.keeps(number, cells) and abs(len(cells) - width) <= drift
    )
    return replace(dialect, header=True, header_rows=(next(rows, 1),))
