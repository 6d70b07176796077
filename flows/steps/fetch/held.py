"""Held: a file that cannot be read as it streams in, apart from all others until it was read.

A workbook, a Parquet or an archive tells where its columns are at its end. What it holds stands in
a folder that none but its owner may enter, and that goes with the reading, however that ends; the
sweep of the next run takes that of a process which was killed.
"""

import csv
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from flows.catalog import Source
from flows.errors import SourceError
from flows.files import beside
from flows.settings import Settings

Lines = tuple[list[str], Iterator[list[str]]]


@contextmanager
def holding(settings: Settings, source: Source, pieces: Iterable[bytes]) -> Iterator[Lines]:
    """The labels and rows of the table in *pieces*, as text, as long as the block lasts.

    A row whose last quote is never closed has a cell too many: it may have swallowed others.
    Raises SourceError, as do the rows, when it cannot be read as its YAML says.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    prefix = f"{beside(settings.data / f'held_{source.name}').name}-"
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=settings.data))  # with mode 0700
    try:
        path = folder / f"received.{source.format}"
        with path.open("wb") as file:
            file.writelines(pieces)
        with _reading(source):
            yield from _open(source, path, folder)
    finally:
        shutil.rmtree(folder)


def _open(source: Source, path: Path, folder: Path) -> Iterator[Lines]:
    from flows.steps.validate.reading.open import open_file, tell_dialect

    dialect = tell_dialect(source.csv)
    with closing(open_file(path, folder, dialect, source.format, source.layout)) as table:
        rows = (row.cells + [""] * row.is_open for row in table.rows)
        yield table.labels, rows


@contextmanager
def _reading(source: Source) -> Iterator[None]:
    hint = "look at csv: and layout: in its YAML; nothing of the file was stored"
    try:
        yield
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(source.name, f"cannot be read as its YAML says: {error}", hint) from error
    except SourceError as error:
        if error.args[0] == source.name:
            raise
        problem = f"{error.args[0]} {error.args[1]}"
        raise SourceError(source.name, problem, error.args[2] or hint) from error
