"""Examine: one file or package against a Table Schema, for whoever asks, outside the line."""

import json
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flows.errors import CatalogError, SourceError
from flows.files import machine_errors
from flows.steps.validate.package import validate_package
from flows.steps.validate.propose import propose_schema
from flows.steps.validate.reading.dialect import Dialect, suit
from flows.steps.validate.reading.open import open_file
from flows.steps.validate.schema import Schema, parse_schema
from flows.steps.validate.schema_file import check_schema, read_schema
from flows.steps.validate.table import Request, make_workplace, validate_table
from flows.steps.validate.verdict import Verdict
from flows.warehouse import database_errors

CATALOGUE = "https://schema.data.gouv.fr/schemas"
NAME = re.compile(r"(?P<name>[\w.-]+/[\w.-]+?)(@(?P<version>v?[\w.]+))?")
AGAIN = "then run again"
UNREADABLE = "look at the file and at its schema; if both are right, tell the makers of Jalon"
TIMEOUT_SECONDS = 30
MAX_SCHEMA_BYTES = 10_000_000
PIECE_BYTES = 1 << 10  # small, so that a slow server is noticed


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
        problem = "is a folder" if path.is_dir() else "there is no such file"
        raise SourceError(str(path), problem, "give the path of a CSV or of a datapackage.json")
    with machine_errors(path, AGAIN), database_errors(path, UNREADABLE):
        if path.suffix == ".json" and schema is None:
            for resource, verdict in validate_package(path):
                yield Examined(verdict, resource.request.schema, resource.name)
            return
        dialect = suit(dialect, path)
        proposed = None if schema else _propose(path, dialect)
        known = find_schema(schema) if schema else parse_schema(proposed or {})
        request = Request(path, known, dialect, rejects=rejects)
        request = replace(request, watch=watch) if watch else request
        yield Examined(validate_table(request), known, proposed=proposed)


def _propose(path: Path, dialect: Dialect) -> dict[str, Any]:
    with make_workplace() as folder:
        try:
            with closing(open_file(path, folder, dialect)) as table:
                proposed = propose_schema(table)
        except (UnicodeDecodeError, LookupError) as error:
            hint = "give its encoding with --encoding"
            raise SourceError(path.name, f"cannot be read: {error}", hint) from error
    if not proposed["fields"]:
        hint = "look at the file, or give a schema with --schema"
        raise SourceError(path.name, "holds no column that a schema could describe", hint)
    return proposed


def find_schema(told: str) -> Schema:
    """The schema at a path, at a URL, or of that name in the national catalogue."""
    if re.match(r"https?://", told):
        return check_schema(_fetch(told), told)
    if Path(told).is_file():
        return read_schema(Path(told))
    if not told.endswith(".json") and (named := NAME.fullmatch(told)):
        base = os.environ.get("JALON_SCHEMAS_URL", CATALOGUE)
        version = named["version"] or "latest"
        url = f"{base}/{named['name']}/{version}/schema.json"
        return check_schema(_fetch(url), url)
    hint = "give a path, a URL, or owner/name@version of schema.data.gouv.fr"
    raise CatalogError(told, "no such schema", hint)


def _fetch(url: str) -> Any:
    """The JSON at *url*."""
    import requests

    from flows.steps.fetch.http import find_cause

    hint = "look at the address, or download the schema and give its path"
    try:
        with requests.get(url, timeout=TIMEOUT_SECONDS, stream=True) as answer:
            answer.raise_for_status()
            body = _read_bounded(url, answer.iter_content(PIECE_BYTES))
    except requests.RequestException as error:
        problem = f"cannot be fetched: {find_cause(error)}"
        raise CatalogError(url, problem, hint) from error
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise CatalogError(url, f"not JSON: {error}", hint) from error


def _read_bounded(url: str, pieces: Iterable[bytes]) -> bytes:
    """All *pieces*, if they are neither too many nor too slow: a server may send for ever."""
    body, end = bytearray(), time.monotonic() + TIMEOUT_SECONDS
    for piece in pieces:
        body += piece
        if len(body) > MAX_SCHEMA_BYTES:
            problem = f"has more than {MAX_SCHEMA_BYTES:,} bytes, and cannot be a schema"
            raise CatalogError(url, problem, "look at the address")
        if time.monotonic() > end:
            problem = f"takes more than {TIMEOUT_SECONDS} s to come"
            raise CatalogError(url, problem, "download the schema and give its path")
    return bytes(body)
