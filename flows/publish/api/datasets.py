"""Datasets: datasets.json, and an Atom feed of each, from what the catalogues say too."""

import hashlib
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree

from flows.publish.api.columns import API, write_body, write_bytes
from flows.publish.dcat.records import CatalogRecord, DatasetRecord
from flows.publish.draft import Draft

ATOM = "http://www.w3.org/2005/Atom"


def write_datasets(draft: Draft, record: CatalogRecord) -> list[str]:
    """Every dataset with its files, indicators, sources and feed; their paths."""
    body = {"datasets": [_dataset(record, each) for each in record.datasets]}
    write_body(draft, "datasets.json", body)
    return ["datasets.json", *(_write_feed(draft, record, each) for each in record.datasets)]


def _dataset(record: CatalogRecord, dataset: DatasetRecord) -> dict[str, Any]:
    return {
        "dataset": dataset.name,
        "identifier": record.identifier(dataset.name),
        "title": dataset.title.model_dump(),
        "description": dataset.description.model_dump(),
        "keywords": {"fr": list(dataset.keywords.fr), "en": list(dataset.keywords.en)},
        "modified": dataset.modified,
        "period": [day.isoformat() for day in dataset.period] if dataset.period else None,
        "licence": dataset.licence.name,
        "indicators": [each.name for each in dataset.measures],
        "sources": [each.name for each in dataset.sources],
        "usage_notes": dataset.notes.model_dump() if dataset.notes else None,
        "feed": f"feeds/{dataset.name}.atom",
        "files": [
            {
                "path": file.path,
                "media_type": file.media_type,
                "bytes": file.bytes,
                "sha256": file.sha256,
                "title": file.title.model_dump(),
                "licence": file.licence.name,
            }
            for file in dataset.files
        ],
    }


def _write_feed(draft: Draft, record: CatalogRecord, dataset: DatasetRecord) -> str:
    """One entry, whose id changes when a file of the dataset does; the releases have a feed too."""
    path = f"feeds/{dataset.name}.atom"
    address = record.url(f"{API}/{path}")
    updated = f"{dataset.modified}T00:00:00Z"
    feed = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "fr"})
    _tell(feed, dataset.title.fr, address, updated)
    _add(feed, "subtitle", text=dataset.title.en)
    _add(feed, "link", rel="self", type="application/atom+xml", href=address)
    _add(feed, "link", rel="related", type="application/atom+xml", href=_of_releases(record))
    _add(_add(feed, "author"), "name", text=record.package.publisher)
    _add(feed, "rights", text=dataset.licence.title)
    entry = _add(feed, "entry")
    content = "".join(f"{file.path} {file.sha256}\n" for file in dataset.files)
    mark = hashlib.sha256(content.encode()).hexdigest()[:16]
    title = f"{dataset.title.fr}, données du {dataset.modified}"
    _tell(entry, title, f"{address}#{mark}", updated)
    _add(entry, "summary", text=f"{dataset.provenance.fr} {dataset.provenance.en}")
    _add(entry, "link", rel="alternate", href=record.url(dataset.files[0].path))
    for file in dataset.files:
        size = {"length": str(file.bytes)} if file.bytes is not None else {}
        _add(
            entry, "link", rel="enclosure", type=file.media_type, href=record.url(file.path), **size
        )
    ElementTree.indent(feed)
    body = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    write_bytes(draft, path, body + b"\n")
    return path


def _of_releases(record: CatalogRecord) -> str:
    """The feed of the releases, which stands beside them: `latest/` is one of their neighbours."""
    return urljoin(record.package.base_url, "../releases/feed.atom")


def _tell(parent: ElementTree.Element, title: str, address: str, updated: str) -> None:
    _add(parent, "title", text=title)
    _add(parent, "id", text=address)
    _add(parent, "updated", text=updated)


def _add(
    parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name, attributes)
    child.text = text
    return child
