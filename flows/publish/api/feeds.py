"""Feeds: an Atom feed of each dataset, of what has changed in it; the releases have one too."""

from xml.etree import ElementTree

from flows.publish.api.columns import API, write_bytes
from flows.publish.api.entries import ATOM, entries_of
from flows.publish.dcat.records import CatalogRecord, DatasetRecord
from flows.publish.draft import Draft


def write_feed(draft: Draft, record: CatalogRecord, dataset: DatasetRecord) -> str:
    """Write the feed of a dataset; its path. The newest entry names the files as they are now."""
    path = f"feeds/{dataset.name}.atom"
    address = record.url(f"{API}/{path}")
    entries = entries_of(draft, dataset, path, f"{address}#{draft.version}")
    feed = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "fr"})
    _tell(feed, dataset.title.fr, address, entries[0].updated)
    _add(feed, "subtitle", text=dataset.title.en)
    _add(feed, "link", rel="self", type="application/atom+xml", href=address)
    releases = record.package.releases_url("feed.atom")
    _add(feed, "link", rel="related", type="application/atom+xml", href=releases)
    _add(_add(feed, "author"), "name", text=record.package.publisher)
    _add(feed, "rights", text=dataset.licence.title)
    for place, each in enumerate(entries):
        entry = _add(feed, "entry")
        _tell(entry, each.title, each.address, each.updated)
        _add(entry, "summary", text=each.summary)
        _add(entry, "link", rel="alternate", href=record.url(dataset.files[0].path))
        if place == 0:
            _add_files(entry, record, dataset)
    ElementTree.indent(feed)
    body = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    write_bytes(draft, path, body + b"\n")
    return path


def _add_files(entry: ElementTree.Element, record: CatalogRecord, dataset: DatasetRecord) -> None:
    for file in dataset.files:
        size = {"length": str(file.bytes)} if file.bytes is not None else {}
        kind, address = file.media_type, record.url(file.path)
        _add(entry, "link", rel="enclosure", type=kind, href=address, **size)


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
