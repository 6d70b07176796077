"""Datapackage: datapackage.json, version 2 of the standard, from what the draft has written."""

from pathlib import PurePosixPath
from typing import Any

from flows.catalog import Text
from flows.catalog.lineage import licence_of
from flows.catalog.models import Licence
from flows.files import sha256_of, write_json
from flows.publish.draft import Draft, PublishedFile
from flows.warehouse import reads_of

PROFILES = "https://datapackage.org/profiles/2.0"
MEDIA_TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "topojson": "application/json",
}


def write_datapackage(draft: Draft, created: str) -> None:
    """Describe every table file; *created* is the date of the newest input."""
    package = draft.catalog.package
    licences = draft.catalog.licences
    write_json(
        draft.folder / "datapackage.json",
        {
            "$schema": f"{PROFILES}/datapackage.json",
            "name": package.id,
            "id": f"{package.homepage.rstrip('/')}/{package.id}",
            **_texts(package.title, package.description),
            "homepage": package.homepage,
            "version": draft.version,
            "created": f"{created}T00:00:00Z",
            "keywords": list(package.keywords),
            "licenses": [_licence(licences[package.licence])],
            "contributors": [
                {"title": package.publisher, "roles": ["creator", "publisher"]},
            ],
            "sources": _sources(draft),
            "resources": [_resource(draft, file) for file in draft.files],
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


def _licence_of(draft: Draft, file: PublishedFile) -> Licence:
    """That of the whole, but for a publication whose sources ask for another."""
    catalog = draft.catalog
    for name, publication in catalog.publications.items():
        if file.name in (publication.dataset, f"{name}_parquet"):
            return licence_of(catalog, reads_of(catalog.queries), f"publications/{name}")
    return catalog.licences[catalog.package.licence]


def _sources(draft: Draft) -> list[dict[str, str]]:
    return [
        {"title": source.title.fr, "title_en": source.title.en, "path": source.homepage}
        for source in draft.catalog.sources.values()
    ]


def _resource(draft: Draft, file: PublishedFile) -> dict[str, Any]:
    path = draft.folder / file.path
    kind = next(s[1:] for s in PurePosixPath(file.path).suffixes if s[1:] in MEDIA_TYPES)
    return {
        "$schema": f"{PROFILES}/dataresource.json",
        "name": file.name,
        "path": file.path,
        # Readers of Data Packages take a table for CSV; Parquet carries its own types.
        "type": "table" if kind == "csv" else "file",
        **_texts(file.title, file.description),
        "format": kind,
        "mediatype": MEDIA_TYPES[kind],
        **({"encoding": "utf-8"} if kind == "csv" else {}),
        "licenses": [_licence(_licence_of(draft, file))],
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_of(path)}",
        **({"schema": file.schema} if file.schema else {}),
    }
