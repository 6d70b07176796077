"""Banner: a CSV without the lines that stand above its header, and between header and data."""

import shutil
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from flows.errors import SourceError
from flows.steps.validate.reading.dialect import BUFFER_BYTES, Dialect, find_encoding
from flows.steps.validate.reading.rows import read_lines

if TYPE_CHECKING:
    from flows.catalog.models import Layout


class Bare(NamedTuple):
    """A CSV that begins with its header, in UTF-8: how many lines it lacks, above and in all."""

    path: Path
    skipped: int  # those between header and data
    dropped: int


def drop_banner(path: Path, name: str, folder: Path, dialect: Dialect, layout: "Layout") -> Bare:
    """Write in *folder* what *path* holds, but for the lines that *layout* says are no table.

    Lines are those of the file, whatever its banner quotes. Raises SourceError when there is no
    header on the line that is told, UnicodeDecodeError and LookupError.
    """
    with path.open("rb") as file:
        encoding = find_encoding(file.read(BUFFER_BYTES), dialect.encoding)
    target = folder / "bare.csv"
    with (
        path.open(encoding=encoding, newline="") as text,
        target.open("w", encoding="utf-8", newline="") as bare,
    ):
        wanted = layout.header_row
        head = list(islice(read_lines(text, name), wanted + layout.skipped_rows))
        if len(head) < wanted:
            problem = f"has {len(head)} lines, and no header on line {wanted}"
            raise SourceError(name, problem, "mend layout: in its YAML")
        kept = _keep_header(head[wanted - 1 :])
        bare.writelines(kept)
        shutil.copyfileobj(text, bare, 1 << 20)
    return Bare(target, len(head) - wanted + 1 - len(kept), len(head) - len(kept))


def _keep_header(head: list[str]) -> list[str]:
    """The header alone, or also the rows after it, if a quote makes lines other than rows."""
    return head if any(line.count('"') % 2 for line in head) else head[:1]
