"""Feed: the releases as an Atom feed, newest first, in French and English."""

from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from flows.catalog import Catalog
from flows.files import replacing

ATOM = "http://www.w3.org/2005/Atom"
ENTRIES = 50


def write_feed(path: Path, catalog: Catalog, entries: list[dict[str, Any]]) -> None:
    """Write feed.atom, in one step; *entries* are those of index.json."""
    package = catalog.package
    base = package.releases_url()
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": "fr"})
    _add(feed, "id", f"{base}feed.atom")
    _add(feed, "title", package.title.fr)
    _add(feed, "subtitle", package.title.en)
    _add(feed, "updated", _moment(max(entries, key=_moment)))
    SubElement(feed, "link", {"rel": "self", "href": f"{base}feed.atom"})
    SubElement(feed, "link", {"rel": "alternate", "href": package.base_url})
    _add(SubElement(feed, "author"), "name", package.publisher)
    for entry in entries[:ENTRIES]:
        _add_entry(feed, base, entry)
    indent(feed)
    body = tostring(feed, encoding="unicode")
    with replacing(path) as part:
        part.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n', encoding="utf-8")


def _add_entry(feed: Element, base: str, told: dict[str, Any]) -> None:
    entry = SubElement(feed, "entry")
    _add(entry, "id", f"{base}{told['name']}/")
    _add(entry, "title", f"Version {told['version']}")
    _add(entry, "published", _moment(told))
    _add(entry, "updated", _moment(told))
    SubElement(entry, "category", {"term": told["kind"] or "unknown"})
    if not told["removed"]:
        SubElement(entry, "link", {"rel": "alternate", "href": f"{base}{told['name']}/"})
    lines = [*told["summary"]["fr"], *told["summary"]["en"]]
    if told["withdrawn"]:
        lines.insert(0, f"Retirée — withdrawn: {told['withdrawn']}")
    _add(entry, "summary", "\n".join(lines) or f"Version {told['version']}")


def _moment(told: dict[str, Any]) -> str:
    """Midnight of its day, and as many seconds later as it is the nth of that day."""
    number = int(told["name"].partition(".")[2] or 0)
    return f"{told['published_on']}T00:{number // 60 % 60:02}:{number % 60:02}Z"


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
