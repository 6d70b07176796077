"""Source: a file of the catalogue against its Table Schema, with what its YAML says of it."""

import csv
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from flows.catalog import Source
from flows.errors import SourceError
from flows.handover import RawFile
from flows.steps.validate.reading.open import open_file, tell_dialect
from flows.steps.validate.reading.rows import Table
from flows.steps.validate.retell import tell_publisher
from flows.steps.validate.schema import Schema, parse_schema
from flows.steps.validate.schema_file import read_schema
from flows.steps.validate.table import Request, judge_table, make_workplace
from flows.steps.validate.verdict import Verdict, pack

SAMPLES = 100
STOPPED = ("encoding-error", "source-error")


def judge_source(folder: Path, source: Source, raw: RawFile, schema_path: Path) -> dict[str, Any]:
    """Write valid.parquet and rejects.csv in *folder*; give the report's body.

    Of a file that is not valid there are also report.html and report.md, for its publisher.
    Columns may come in any order. Raises SourceError when the file cannot be read or its columns
    are not those described, and CatalogError when *schema_path* does not hold a Table Schema.
    """
    schema = read_schema(schema_path)
    with make_workplace(folder) as workplace, closing(_open(source, raw, workplace)) as table:
        fitted = _fit_schema(source, schema, table.labels)
        request = Request(
            raw.path,
            fitted,
            tell_dialect(source.csv),
            source.format,
            source.layout,
            valid=folder / "valid.parquet",
            rejects=folder / "rejects.csv",
            edition=raw.edition,
        )
        verdict = judge_table(request, table, workplace)
    # A person knows the file by its publisher's name, not by the hash under which it is stored.
    verdict = replace(verdict, file=source.addresses()[raw.edition].rsplit("/", 1)[-1])
    _refuse_unread(source, raw, verdict)
    tell_publisher(folder, verdict, fitted.descriptor)
    return _describe(source, raw, verdict)


def _open(source: Source, raw: RawFile, workplace: Path) -> Table:
    try:
        table = open_file(
            raw.path, workplace, tell_dialect(source.csv), source.format, source.layout
        )
    except UnicodeDecodeError as error:
        hint = "give the encoding in its YAML, under csv:"
        problem = f"{raw.path.name} is not in {source.csv.encoding}: byte {error.start}"
        raise SourceError(source.name, problem, hint) from error
    except csv.Error as error:
        raise SourceError(source.name, f"{raw.path.name} is not a CSV: {error}") from error
    except SourceError as error:
        raise SourceError(source.name, f"{error.args[0]} {error.args[1]}", error.args[2]) from error
    if table.is_empty:
        table.close()
        raise SourceError(source.name, "the file is empty", "ask the publisher for the whole file")
    return table


def _fit_schema(source: Source, schema: Schema, labels: list[str]) -> Schema:
    """*schema* in the order of *labels*; an ignored column may hold anything.

    Refuses a column that nobody has looked at, and a file that lacks one.
    """
    _refuse_doubles(source, labels)
    known = {field.name: field for field in schema.fields}
    unknown = sorted(set(labels) - set(known) - set(source.ignored_columns))
    # A key that no object of a JSON file has is an empty column, not a fault.
    loose = source.format in ("json", "geojson")
    missing = sorted(
        {name for name, field in known.items() if field.required or not loose} - set(labels)
    )
    if unknown:
        listed = ", ".join(label or "without a name" for label in unknown)
        renamed = f"; columns missing, perhaps renamed: {', '.join(missing)}" if missing else ""
        hint = (
            f"describe them in schemas/sources/{source.name}.json, or list them in ignored_columns"
        )
        raise SourceError(source.name, f"new columns {listed}{renamed}", hint)
    if missing:
        hint = "ask the publisher, or mend the schema and the SQL"
        raise SourceError(source.name, f"columns missing: {', '.join(missing)}", hint)
    fields = [
        known[label].descriptor if label in known else {"name": label, "type": "any"}
        for label in labels
    ]
    return parse_schema({**schema.descriptor, "fields": fields, "fieldsMatch": "exact"})


def _refuse_doubles(source: Source, labels: list[str]) -> None:
    # SQL knows no capitals: CODE and code are one column.
    names = [label.lower() for label in (*labels, "edition")]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        problem = f"columns given twice: {', '.join(twice)}"
        raise SourceError(source.name, problem, "ask the publisher to name them apart")


def _refuse_unread(source: Source, raw: RawFile, verdict: Verdict) -> None:
    """Raise SourceError when reading broke off: what follows is not known."""
    for rule in verdict.rules:
        if rule.type in STOPPED:
            hint = "give the encoding in its YAML, under csv:"
            problem = f"{raw.path.name} is not in {source.csv.encoding}: {rule.expected}"
            raise SourceError(source.name, problem, hint)


def _describe(source: Source, raw: RawFile, verdict: Verdict) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    for rule in verdict.rules:
        counts[f"{rule.type} {rule.field or ''}".strip()] += rule.count
    return {
        "source": source.name,
        "edition": raw.edition,
        "file": raw.path.name,
        "sha256": raw.sha256,
        "modified": raw.modified,
        "rows": verdict.rows,
        "rejected_rows": verdict.rejected_rows,
        "counts": dict(sorted(counts.items())),
        "samples": [fault.as_json() for fault in verdict.errors[:SAMPLES]],
        "fallback_fields": list(verdict.fallback_fields),
        "notes": list(verdict.notes),
        "verdict": pack(verdict),
    }
