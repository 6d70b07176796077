"""APIs: where a source's one file is, or its rows page by page, as one JSON document."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flows.catalog import Source
from flows.catalog.apis import Cube, DataGouv, GeoApi, Melodi, OpenDataSoft, Tabular
from flows.steps.fetch.apis.cube import read_cube
from flows.steps.fetch.apis.datagouv import find_resource
from flows.steps.fetch.apis.paged import read_melodi, read_records, read_tabular
from flows.steps.fetch.apis.target import Target

if TYPE_CHECKING:
    from flows.steps.fetch.http import Client

__all__ = ["Target", "find_target", "read_pages"]


def find_target(client: "Client", source: Source) -> Target | None:
    """The one file that holds all of *source*; None where its API gives pages.

    Raises SourceError when the API does not tell it.
    """
    match source.api:
        case DataGouv() as api:
            return find_resource(client, source.name, api)
        case OpenDataSoft(mode="export") as api:
            return Target(_export_address(source, api))
        case GeoApi() as api:
            return Target(f"{api.address}?fields={','.join(api.fields)}&format=json")
    return None


def _export_address(source: Source, api: OpenDataSoft) -> str:
    """The whole dataset, under the names of its columns rather than their labels.

    See https://help.opendatasoft.com/apis/ods-explore-v2/, "Export a dataset".
    """
    from urllib.parse import urlencode

    told = [("use_labels", "false")] if source.format == "csv" else []
    if source.format == "csv":
        told.append(("delimiter", source.csv.delimiter))
    told += [(k, v) for k, v in (("select", api.select), ("where", api.where)) if v]
    told += [("refine", each) for each in api.refine]
    return f"{api.address}/exports/{source.format}" + (f"?{urlencode(told)}" if told else "")


def read_pages(client: "Client", source: Source) -> Iterator[bytes]:
    """The rows of all pages, as one JSON list, while they come.

    Raises SourceError when they are not as many as the API tells.
    """
    yield b"["
    separator = ""
    for row in _read_rows(client, source):
        yield (separator + json.dumps(row, ensure_ascii=False)).encode()
        separator = ",\n"
    yield b"]\n"


def _read_rows(client: "Client", source: Source) -> Iterator[dict[str, Any]]:
    match source.api:
        case Tabular() as api:
            return read_tabular(client, source.name, api)
        case OpenDataSoft() as api:
            return read_records(client, source.name, api)
        case Melodi() as api:
            return read_melodi(client, source.name, api)
        case Cube() as api:
            return read_cube(client, source.name, api)
    raise TypeError(source.api)
