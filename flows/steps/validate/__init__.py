"""Validate: a file against its Table Schema gives valid rows, rejected rows and a report.

The verdicts are those of frictionless, cell by cell; the rows are judged by DuckDB, in as few
readings as can be. The result is kept under a hash of all that it depends on, and is not computed
twice.
"""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flows.errors import CatalogError, SourceError
from flows.files import beside, machine_errors, sha256_of, write_json
from flows.handover import RawFile, Report, read_report
from flows.settings import Settings
from flows.warehouse import database_errors

if TYPE_CHECKING:
    from flows.catalog import Source

__all__ = ["tell_drift", "validate_file"]

CODE = (".py", ".html", ".css")
KEPT = ("report.json", "valid.parquet", "rejects.csv")


def validate_file(settings: Settings, source: "Source", raw: RawFile) -> Report:
    """The report on *raw*, beside its valid rows (typed, Parquet) and rejected rows (CSV).

    Raises SourceError when the file cannot be read, has a column that nobody described, or breaks
    the bounds of its YAML; its valid and rejected rows are kept all the same.
    """
    source = source.as_stored()
    schema = settings.schemas / "sources" / f"{source.name}.json"
    if not schema.is_file():
        raise CatalogError(str(schema), "missing: every source has a Table Schema")
    folder = settings.data / "valid" / source.name / _key(source, raw, schema)
    with _naming_edition(raw.edition):
        if not all((folder / name).is_file() for name in KEPT):
            _validate_into(folder, source, raw, schema)
        report = read_report(folder)
        _hold_bounds(source, report)
    return report


def tell_drift(settings: Settings, source: "Source", report: Report) -> None:
    """Tell the publisher what `report.drift` holds, in the reports beside the valid rows."""
    from flows.steps.validate import retell

    retell.tell_drift(settings, source, report)


@contextmanager
def _naming_edition(edition: int | None) -> Iterator[None]:
    """Say which edition of a source a fault is in, where there are several."""
    try:
        yield
    except SourceError as error:
        if edition is None:
            raise
        subject, problem, hint = error.args
        raise SourceError(f"{subject} {edition}", problem, hint) from error


def _validate_into(folder: Path, source: "Source", raw: RawFile, schema: Path) -> None:
    """Fill a folder beside, then give it its name: it is whole or not there."""
    from flows.steps.validate.source import judge_source

    part = beside(folder)
    part.mkdir(parents=True, exist_ok=True)
    try:
        with machine_errors(folder), database_errors(folder):
            write_json(part / "report.json", judge_source(part, source, raw, schema))
            shutil.rmtree(folder, ignore_errors=True)  # one that lacks a file, or another run's
            part.replace(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _key(source: "Source", raw: RawFile, schema: Path) -> str:
    """A name that changes with the file, its schema, how it is read, and this code."""
    here = Path(__file__).parent
    code = [sha256_of(path) for path in sorted(here.rglob("*")) if path.suffix in CODE]
    how = (
        source.format,
        source.csv.model_dump_json(),
        source.layout.model_dump_json(),
        sorted(source.ignored_columns),
        raw.edition,
    )
    parts = (raw.sha256, sha256_of(schema), *code, *map(str, how))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _hold_bounds(source: "Source", report: Report) -> None:
    rejected_percent = 100 * report.rejected_rows / max(report.rows, 1)
    if report.rows < source.rows.min:
        raise SourceError(
            source.name,
            f"{report.file} has {report.rows:,} rows, under the {source.rows.min:,.0f} promised",
            "ask the publisher, or explain the new minimum in its YAML",
        )
    if rejected_percent > source.rejects.max_percent:
        raise SourceError(
            source.name,
            f"{report.rejected_rows:,} of {report.rows:,} rows of {report.file} are rejected, over"
            f" {source.rejects.max_percent} %: {report.worst()}",
            f"see {report.folder / 'rejects.csv'}, and report.html beside it for the publisher",
        )
