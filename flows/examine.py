"""Examine: one file or package against a Table Schema, for whoever asks, outside the line."""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flows.errors import CatalogError, SourceError
from flows.files import machine_errors
from flows.steps.validate.package import validate_package
from flows.steps.validate.propose import propose_schema
from flows.steps.validate.reading.dialect import Dialect
from flows.steps.validate.reading.open import open_file
from flows.steps.validate.schema import Schema, check_schema, parse_schema, read_schema
from flows.steps.validate.table import Request, make_workplace, validate_table
from flows.steps.validate.verdict import Verdict
from flows.warehouse import database_errors

CATALOGUE = "https://schema.data.gouv.fr/schemas"
NAME = re.compile(r"(?P<name>[\w.-]+/[\w.-]+?)(@(?P<version>v?[\w.]+))?")
TIMEOUT_SECONDS = 30
MAX_SCHEMA_BYTES = 10_000_000


@dataclass(frozen=True)
class Examined:
    """The verdict on one table; `resource` is its name in a package, `proposed` a new schema."""

    verdict: Verdict
    schema: Schema
    resource: str | None = None
    proposed: dict[str, Any] | None = None


def examine(
    path: Path,
    schema: str | None,
    dialect: Dialect,
    *,
    rejects: Path | None = None,
    watch: Callable[[Any], AbstractContextManager[Any]] | None = None,
) -> Iterator[Examined]:
    """The verdict on the file *path*, or on each table of a Data Package.

    *schema* is a path, a URL, or `owner/name@version` of schema.data.gouv.fr; without one, one is
    proposed. Raises PipelineError when the file cannot be judged.
    """
    if not path.is_file():
        raise SourceError(str(path), "there is no such file")
    with machine_errors(path), database_errors(path):
        if path.suffix == ".json" and schema is None:
            for resource, verdict in validate_package(path):
                yield Examined(verdict, resource.request.schema, resource.name)
            return
        if path.suffix in (".tsv", ".tab") and dialect.delimiter is None:
            dialect = replace(dialect, delimiter="\t")
        proposed = None if schema else _propose(path, dialect)
        known = find_schema(schema) if schema else parse_schema(proposed or {})
        request = Request(path, known, dialect, rejects=rejects)
        request = replace(request, watch=watch) if watch else request
        yield Examined(validate_table(request), known, proposed=proposed)


def _propose(path: Path, dialect: Dialect) -> dict[str, Any]:
    with make_workplace() as folder:
        try:
            with closing(open_file(path, folder, dialect)) as table:
                return propose_schema(table)
        except (UnicodeDecodeError, LookupError) as error:
            hint = "give its encoding with --encoding"
            raise SourceError(path.name, f"cannot be read: {error}", hint) from error


def find_schema(told: str) -> Schema:
    """The schema at a path, at a URL, or of that name in the national catalogue."""
    if re.match(r"https?://", told):
        return check_schema(_fetch(told), told)
    if Path(told).is_file():
        return read_schema(Path(told))
    if named := NAME.fullmatch(told):
        base = os.environ.get("JALON_SCHEMAS_URL", CATALOGUE)
        version = named["version"] or "latest"
        url = f"{base}/{named['name']}/{version}/schema.json"
        return check_schema(_fetch(url), url)
    hint = "give a path, a URL, or owner/name@version of schema.data.gouv.fr"
    raise CatalogError(told, "no such schema", hint)


def _fetch(url: str) -> Any:
    """The JSON at *url*."""
    import requests

    try:
        with requests.get(url, timeout=TIMEOUT_SECONDS, stream=True) as answer:
            answer.raise_for_status()
            body = answer.raw.read(MAX_SCHEMA_BYTES + 1, decode_content=True)
    except requests.RequestException as error:
        hint = "look at the address, or download the schema and give its path"
        raise CatalogError(url, f"cannot be fetched: {error}", hint) from error
    try:
        return json.loads(body[:MAX_SCHEMA_BYTES])
    except ValueError as error:
        raise CatalogError(url, f"not JSON: {error}", "look at the address") from error
