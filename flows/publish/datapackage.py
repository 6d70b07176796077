"""Datapackage: datapackage.json, version 2 of the standard, from what the draft has written.

Where it says less than the standard has words for: a Parquet is a `file`, since readers of Data
Packages open a `table` as CSV; jalon.duckdb has no `bytes` and no `hash`, which differ from build
to build; no category is `categoriesOrdered`, since statuses have no order.
"""

from functools import partial
from pathlib import PurePosixPath
from typing import Any

from flows.catalog import Source, Text
from flows.catalog.lineage import Reads, sources_of
from flows.catalog.models import Licence
from flows.files import sha256_of, write_json
from flows.media_types import media_type_of
from flows.publish.draft import Draft, PublishedFile
from flows.warehouse import reads_of, shared_sql

PROFILES = "https://datapackage.org/profiles/2.0"
DIALECT = {
    "$schema": f"{PROFILES}/tabledialect.json",
    "header": True,
    "delimiter": ",",
    "lineTerminator": "\n",
    "quoteChar": '"',
    "doubleQuote": True,
}
DATABASE = Text(
    fr="Base DuckDB : toutes les tables, des vues, des macros et des exemples de requêtes.",
    en="DuckDB database: every table, views, macros and example queries.",
)


def write_datapackage(draft: Draft, created: str) -> None:
    """Describe every file of data; *created* is the date of the newest input."""
    package = draft.catalog.package
    vintages = dict(draft.con.execute(shared_sql("source_vintages")).fetchall())
    resource = partial(_resource, draft, reads_of(draft.catalog.queries), vintages)
    write_json(
        draft.folder / "datapackage.json",
        {
            "$schema": f"{PROFILES}/datapackage.json",
            "name": package.id,
            "id": f"{package.base_url}datapackage.json",
            **_texts(package.title, package.description),
            "homepage": package.homepage,
            "image": f"{package.base_url}assets/icon.svg",
            "version": draft.version,
            "created": f"{created}T00:00:00Z",
            "keywords": list(package.keywords),
            "licenses": [_licence(draft.catalog.licences[package.licence])],
            "contributors": _contributors(draft),
            "sources": [_source(each, vintages) for each in draft.catalog.sources.values()],
            "resources": [*(resource(file) for file in draft.files), _database(draft)],
        },
    )


def _texts(title: Text, description: Text) -> dict[str, str]:
    return {
        "title": title.fr,
        "title_en": title.en,
        "description": description.fr,
        "description_en": description.en,
    }


def _licence(licence: Licence) -> dict[str, str]:
    name = licence.spdx or licence.name
    return {"name": name, "path": licence.path, "title": licence.title}


def _contributors(draft: Draft) -> list[dict[str, Any]]:
    """In the roles of DataCite: who publishes has made the tables, and keeps them."""
    package = draft.catalog.package
    contact, publisher = package.contact, package.publisher
    roles = ["creator", "rightsHolder", "dataCurator"]
    return [
        {"title": publisher, "path": package.homepage, "roles": roles},
        {
            "title": contact.name.fr,
            "path": contact.url,
            "organization": publisher,
            "roles": ["contact"],
        },
    ]


def _source(source: Source, vintages: dict[str, str]) -> dict[str, str]:
    return {
        "title": source.title.fr,
        "title_en": source.title.en,
        "path": source.homepage,
        "version": vintages[source.name],
        "publisher": source.publisher,
    }


def _resource(
    draft: Draft, reads: Reads, vintages: dict[str, str], file: PublishedFile
) -> dict[str, Any]:
    catalog, path = draft.catalog, draft.folder / file.path
    kind = PurePosixPath(file.path.removesuffix(".gz")).suffix[1:]
    # What is made of all has the sources that the head of the package tells.
    sources = sources_of(catalog, reads, *file.made_of)
    return {
        "$schema": f"{PROFILES}/dataresource.json",
        "name": file.name,
        "path": file.path,
        "type": "table" if kind == "csv" else "file",  # see the head of this module
        **_texts(file.title, file.description),
        "format": kind,
        "mediatype": media_type_of(file.path),
        **({"encoding": "utf-8", "dialect": DIALECT} if kind == "csv" else {}),
        "licenses": [_licence(draft.licence(file.made_of))],
        **_if_any("sources", [_source(catalog.sources[name], vintages) for name in sources]),
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_of(path)}",
        **_if_any("schema", file.schema),
    }


def _database(draft: Draft) -> dict[str, Any]:
    """jalon.duckdb, whose bytes differ from build to build: the manifest tells what is in it."""
    return {
        "$schema": f"{PROFILES}/dataresource.json",
        "name": "jalon_duckdb",
        "path": "jalon.duckdb",
        "type": "file",
        **_texts(draft.catalog.package.title, DATABASE),
        "format": "duckdb",
        "mediatype": media_type_of("jalon.duckdb"),
        "licenses": [_licence(draft.catalog.licences[draft.catalog.package.licence])],
    }


def _if_any(key: str, told: Any) -> dict[str, Any]:
    return {key: told} if told else {}
