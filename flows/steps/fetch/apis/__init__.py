"""APIs: where a source's one file is, or its rows page by page, as one JSON document."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flows.catalog import Source
from flows.catalog.apis import Cube, DataGouv, GeoApi, Melodi, OpenDataSoft, Tabular, of_edition
from flows.errors import SourceError
from flows.steps.fetch.apis.cube import read_cube
from flows.steps.fetch.apis.datagouv import find_resource
from flows.steps.fetch.apis.melodi import find_product, read_melodi
from flows.steps.fetch.apis.opendatasoft import export_target, read_records
from flows.steps.fetch.apis.pages import LATER, Row
from flows.steps.fetch.apis.tabular import read_tabular
from flows.steps.fetch.apis.target import Target

if TYPE_CHECKING:
    from flows.steps.fetch.http import Client

__all__ = ["Target", "find_target", "read_pages"]


def find_target(client: "Client", source: Source, edition: int | None) -> Target | None:
    """The one file that holds all of *source*; None where its API gives pages.

    Raises SourceError when the API does not tell it.
    """
    match of_edition(source.api, edition):
        case DataGouv() as api:
            return find_resource(client, source.name, api, source.format)
        case OpenDataSoft(mode="export") as api:
            return export_target(source, api)
        case Melodi() as api if source.format != "json":
            return find_product(client, source.name, api, source.format)
        case GeoApi() as api:
            return Target(f"{api.address}?fields={','.join(api.fields)}&format=json")
    return None


def read_pages(client: "Client", source: Source, edition: int | None) -> Iterator[bytes]:
    """The rows of all pages, as one JSON list, while they come.

    Raises SourceError, perhaps after many rows, when they are not as many as the API tells: what
    has come by then is not the source.
    """
    yield b"["
    separator = ""
    for row in _read_rows(client, source, edition):
        yield separator.encode() + _write(source.name, row)
        separator = ",\n"
    yield b"]\n"


def _write(name: str, row: Row) -> bytes:
    """The row as UTF-8. JSON may hold what no text and no number is: `"\\ud800"`, 1e999."""
    try:
        return json.dumps(row, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        problem = "a row holds half a character, or a number that is too large"
        raise SourceError(name, problem, LATER) from None


def _read_rows(client: "Client", source: Source, edition: int | None) -> Iterator[Row]:
    match of_edition(source.api, edition):
        case Tabular() as api:
            return read_tabular(client, source.name, api)
        case OpenDataSoft() as api:
            return read_records(client, source.name, api)
        case Melodi() as api:
            return read_melodi(client, source.name, api)
        case Cube() as api:
            return read_cube(client, source.name, api)
    raise TypeError(source.api)
