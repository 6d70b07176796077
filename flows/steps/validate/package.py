"""Package: every table of a Data Package, with the keys that lead from one to another."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flows.errors import CatalogError, SourceError
from flows.steps.validate.reading.dialect import read_dialect
from flows.steps.validate.schema import Schema
from flows.steps.validate.schema_file import check_schema, read_schema
from flows.steps.validate.table import Request, make_workplace, validate_table
from flows.steps.validate.verdict import Verdict

TABLES = ("csv", "tsv", "txt")


@dataclass(frozen=True)
class Resource:
    """One table of a package: its name, and what to judge."""

    name: str
    request: Request


def validate_package(path: Path) -> Iterator[tuple[Resource, Verdict]]:
    """The verdict on each CSV of the package whose descriptor is *path*.

    The notes of the first verdict name the resources that were passed over. Raises CatalogError
    when the descriptor or a schema is wrong, SourceError when a file cannot be judged.
    """
    tables, others = read_package(path)
    resources = {resource.name: resource for resource in tables}
    notes = (f"Not judged, being no CSV with a schema: {', '.join(others)}",) if others else ()
    with make_workplace() as folder:
        for resource in tables:
            references = _find_references(resources, resource.request.schema, folder)
            verdict = validate_table(replace(resource.request, references=references))
            yield resource, replace(verdict, notes=(*notes, *verdict.notes))
            notes = ()


def read_package(path: Path) -> tuple[list[Resource], list[str]]:
    """The tables that the descriptor *path* lists, and the names of what is none."""
    try:
        body = json.loads(path.read_text(encoding="utf-8-sig"))
        listed = body.get("resources", [body])
        found = [(_read_resource(path.parent, each), each) for each in listed]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CatalogError(str(path), f"not a Data Package: {error!r}") from error
    tables = [resource for resource, _ in found if resource]
    if not tables:
        raise CatalogError(str(path), "lists no CSV with a schema", "name the file itself")
    others = [
        str(told.get("name", "a resource without a name")) for table, told in found if not table
    ]
    return tables, others


def _read_resource(base: Path, told: dict[str, Any]) -> Resource | None:
    """A CSV with a schema; None for anything else."""
    where = told.get("path")
    where = where[0] if isinstance(where, list) and len(where) == 1 else where
    if not isinstance(where, str) or "schema" not in told:
        return None
    path, name = base / where, str(told.get("name", where))
    suffixes = [each.lstrip(".") for each in path.suffixes]
    if not {told.get("format"), *suffixes} & set(TABLES):
        return None
    _refuse_outside(name, where, told["schema"], told.get("dialect"))
    if not path.is_file():
        raise SourceError(name, f"{where} is not there", "mend its path in the package")
    schema, dialect = told["schema"], told.get("dialect", {})
    known = read_schema(base / schema) if isinstance(schema, str) else check_schema(schema, name)
    if isinstance(dialect, str):
        dialect = json.loads((base / dialect).read_text(encoding="utf-8"))
    return Resource(name, Request(path, known, read_dialect(dialect, told.get("encoding"))))


def _refuse_outside(name: str, *paths: Any) -> None:
    """Raise CatalogError on a path that leaves the folder: a package may come from anybody."""
    for path in paths:
        if isinstance(path, str) and (Path(path).is_absolute() or ".." in Path(path).parts):
            problem = f"the path {path} leaves the folder of the package"
            raise CatalogError(name, problem, "put the file beside the datapackage.json")


def _find_references(
    resources: dict[str, Resource], schema: Schema, folder: Path
) -> dict[tuple[str, ...], Path]:
    """A file of the values that each foreign key must find."""
    references: dict[tuple[str, ...], Path] = {}
    for key in schema.foreign_keys:
        if not key.resource:
            continue
        if key.resource not in resources:
            problem = f"a foreign key speaks of {key.resource}"
            raise CatalogError("schema", problem, f"known: {', '.join(resources)}")
        path = folder / f"reference{len(references)}.parquet"
        request = resources[key.resource].request
        alone = replace(request.schema, foreign_keys=())
        validate_table(replace(request, schema=alone, key_files={key.reference: path}))
        references[key.resource, *key.reference] = path
    return references
