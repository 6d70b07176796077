"""Judge: frictionless's verdict on every row, and the rows sorted into valid and rejected."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
from frictionless import Error, FrictionlessException, Resource, Schema, fields

from flows.catalog import Source
from flows.errors import CatalogError, SourceError
from flows.handover import RawFile
from flows.steps.validate.read import read_rows
from flows.warehouse import database_errors

SAMPLES = 100
MAX_LINE_BYTES = 100_000_000  # a nested JSON value may fill a cell
Judged = tuple[int, list[str], list[Error]]


def judge_file(folder: Path, source: Source, raw: RawFile, schema_path: Path) -> dict[str, Any]:
    """Write valid.parquet and rejects.csv in *folder*; give the report's body.

    Raises SourceError when the file cannot be read or its columns are not those described, and
    CatalogError when *schema_path* does not hold a Table Schema.
    """
    schema = _read_schema(schema_path)
    with closing(read_rows(source, raw.path)) as rows:
        header = next(rows)
        _check_header(source, header, schema, _added(raw.edition))
        judged = _judge_rows(source, chain([header], rows), _fit_schema(schema, header))
        totals = _sort_rows(folder, header, raw.edition, judged)
    columns = [*header, *_added(raw.edition)]
    _write_parquet(folder / "valid.csv", folder / "valid.parquet", columns)
    (folder / "valid.csv").unlink()
    return {
        "source": source.name,
        "edition": raw.edition,
        "file": raw.path.name,
        "sha256": raw.sha256,
        "modified": raw.modified,
        **totals,
    }


def _read_schema(path: Path) -> Schema:
    try:
        schema = Schema.from_descriptor(str(path))
        for field in schema.fields:
            field.create_cell_reader()  # patterns are compiled here
    except FrictionlessException as error:
        raise CatalogError(str(path), f"not a Table Schema: {error.error.message}") from error
    except re.error as error:
        problem = f"the pattern of {field.name} is not a regular expression: {error}"
        raise CatalogError(str(path), problem) from error
    return schema


def _added(edition: int | None) -> list[str]:
    """The columns that are ours, after the publisher's."""
    return ["source_row"] if edition is None else ["source_row", "edition"]


def _check_header(source: Source, header: list[str], schema: Schema, added: list[str]) -> None:
    """Refuse a column that nobody has looked at, and a file that lacks one."""
    # SQL knows no capitals: CODE and code are one column.
    names = [name.lower() for name in (*header, *added)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        problem = f"columns given twice: {', '.join(twice)}"
        raise SourceError(source.name, problem, "ask the publisher to name them apart")
    ignored = set(source.ignored_columns)
    if unknown := sorted(set(header) - set(schema.field_names) - ignored):
        hint = (
            f"describe them in schemas/sources/{source.name}.json, or list them in ignored_columns"
        )
        raise SourceError(
            source.name, f"new columns {', '.join(n or 'without a name' for n in unknown)}", hint
        )
    # A key that no object of a JSON file has is an empty column, not a fault.
    wanted = {f.name for f in schema.fields if source.format == "csv" or f.required}
    if missing := sorted(wanted - set(header)):
        hint = "ask the publisher, or mend the schema and the SQL"
        raise SourceError(source.name, f"columns missing: {', '.join(missing)}", hint)


def _fit_schema(schema: Schema, header: list[str]) -> Schema:
    """*schema* in the order of *header*; an ignored column may hold anything."""
    known = {field.name: field for field in schema.fields}
    fitted = schema.to_copy()
    fitted.fields = [known.get(name) or fields.AnyField(name=name) for name in header]
    return fitted


def _judge_rows(source: Source, rows: Iterator[list[str]], schema: Schema) -> Iterator[Judged]:
    # Rows are read by us: frictionless would guess the quotes and spaces of a CSV from a sample.
    resource: Any = Resource(data=lambda: rows, format="inline", schema=schema)
    try:
        with resource:
            for row in resource.row_stream:
                yield row.row_number, row.cells, row.errors
    except FrictionlessException as error:
        raise SourceError(source.name, error.error.message) from error


def _sort_rows(
    folder: Path, header: list[str], edition: int | None, rows: Iterator[Judged]
) -> dict[str, Any]:
    """Valid rows to valid.csv, the others to rejects.csv with their reasons; what was counted."""
    tail = [] if edition is None else [edition]
    total, rejected = 0, 0
    counts: Counter[str] = Counter()
    samples: list[dict[str, Any]] = []
    with ExitStack() as stack:
        keep = _open_writer(stack, folder / "valid.csv")
        reject = _open_writer(stack, folder / "rejects.csv")
        keep([*header, *_added(edition)])
        reject(["source_row", "reasons", *header])
        for number, cells, errors in rows:
            total += 1
            if not errors:
                keep([*cells, number, *tail])
                continue
            rejected += 1
            reject([number, " | ".join(error.message for error in errors), *cells])
            counts.update(_name_fault(error) for error in errors)
            samples.extend(_sample(number, error) for error in errors if len(samples) < SAMPLES)
    return {
        "rows": total,
        "rejected_rows": rejected,
        "counts": dict(sorted(counts.items())),
        "samples": samples,
    }


def _open_writer(stack: ExitStack, path: Path) -> Any:
    return csv.writer(stack.enter_context(path.open("w", encoding="utf-8", newline=""))).writerow


def _name_fault(error: Error) -> str:
    return f"{error.type} {getattr(error, 'field_name', '')}".strip()


def _sample(number: int, error: Error) -> dict[str, Any]:
    return {
        "row": number,
        "type": error.type,
        "field": getattr(error, "field_name", None),
        "cell": getattr(error, "cell", None),
        "message": error.message,
    }


def _write_parquet(text: Path, parquet: Path, columns: list[str]) -> None:
    """Every column as text; an empty cell is null. Nothing is guessed: we wrote this CSV."""
    with database_errors(parquet), duckdb.connect() as con:
        rows = con.read_csv(
            str(text),
            auto_detect=False,
            columns=dict.fromkeys(columns, "VARCHAR"),
            header=True,
            delimiter=",",
            quotechar='"',
            escapechar='"',
            max_line_size=MAX_LINE_BYTES,
        )
        rows.write_parquet(str(parquet), compression="zstd")
