"""Harvested: a catalogue as data.gouv.fr reads it (udata 17, udata/harvest/backends/dcat.py).

Each field is read as udata reads it, which is not always as the standard means it; tests hold this
to udata's own code.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from flows.errors import CatalogError
from flows.preflight.known import FREQUENCIES
from flows.publish.dcat.vocabulary import AUTHORITY, DCAT, GEO, SPDX, VCARD
from flows.publish.dcat.write import DATAGOUV

POLYGON = re.compile(r"^(MULTI)?POLYGON\s*\(", re.IGNORECASE)
HASHES = {SPDX[f"checksumAlgorithm_{name}"] for name in ("md5", "sha1", "sha256")}


@dataclass(frozen=True)
class Resource:
    """One file; `checksum` is bytes where the harvester would get bytes, which it refuses."""

    url: str
    title: str | None
    description: str | None
    format: str | None
    media_type: str | None
    size: int | None
    checksum: str | bytes | None
    schema: str | None
    modified: str | None
    licences: tuple[str, ...]


@dataclass(frozen=True)
class Harvested:
    """One dataset; what it lacks is None or empty, as it would be there."""

    node: str
    identifier: str | None
    title: str | None
    description: str
    tags: tuple[str, ...]
    licences: tuple[str, ...]
    frequency: str | None
    period: tuple[str, str] | None
    polygons: int
    modified: str | None
    contact: str | None
    resources: tuple[Resource, ...]


def read_harvested(release: Path) -> list[Harvested]:
    """The datasets of a release; raises CatalogError where its catalogue is not there or broken."""
    path = release / DATAGOUV
    if not path.is_file():
        hint = "a release that was made before catalogues were: jalon run makes another"
        raise CatalogError(str(path), "no such file", hint)
    try:
        graph = Graph().parse(path, format="turtle")
    except Exception as error:  # whatever the parser of Turtle raises
        raise CatalogError(
            str(path), f"is not Turtle: {error}", "make the release again"
        ) from error
    series = set(graph.subjects(RDF.type, DCAT.DatasetSeries))  # a dataset, for the harvester
    nodes = sorted(series | set(graph.subjects(RDF.type, DCAT.Dataset)), key=str)
    return [_dataset(graph, node) for node in nodes]


def _dataset(graph: Graph, node: Node) -> Harvested:
    frequency = graph.value(node, DCTERMS.accrualPeriodicity)
    code = str(frequency or "").removeprefix(f"{AUTHORITY}/frequency/")
    contact = graph.value(node, DCAT.contactPoint)
    return Harvested(
        node=str(node),
        identifier=_text(graph, node, DCTERMS.identifier),
        title=_text(graph, node, DCTERMS.title),
        description=(_text(graph, node, DCTERMS.description) or "").strip(),
        tags=tuple(
            sorted(str(o) for o in graph.objects(node, DCAT.keyword) if isinstance(o, Literal))
        ),
        licences=_licences(graph, node),
        frequency=code if code in FREQUENCIES else None,
        period=_period(graph, node),
        polygons=_polygons(graph, node),
        modified=_text(graph, node, DCTERMS.modified),
        contact=_text(graph, contact, VCARD.fn) if contact else None,
        resources=tuple(
            resource
            for each in sorted(graph.objects(node, DCAT.distribution), key=str)
            if (resource := _resource(graph, each))
        ),
    )


def _text(graph: Graph, node: Node, predicate: URIRef) -> str | None:
    """The French text, else any: there by chance, here the first in order."""
    values = sorted(graph.objects(node, predicate), key=str)
    french = [each for each in values if isinstance(each, Literal) and each.language == "fr"]
    chosen = next(iter([*french, *values]), None)
    return str(chosen) if chosen is not None else None


def _licences(graph: Graph, node: Node) -> tuple[str, ...]:
    """The label of a licence is read before its address."""
    found = sorted(graph.objects(node, DCTERMS.license), key=str)
    return tuple(_text(graph, each, RDFS.label) or str(each) for each in found)


def _period(graph: Graph, node: Node) -> tuple[str, str] | None:
    """Only a blank node is looked into: what stands at an address is fetched, and mostly fails."""
    period = graph.value(node, DCTERMS.temporal)
    if not isinstance(period, BNode):
        return None
    first, last = (_text(graph, period, each) for each in (DCAT.startDate, DCAT.endDate))
    return (first or "", last or "") if first or last else None


def _polygons(graph: Graph, node: Node) -> int:
    """How many polygons the places have; a name or an address of a place counts for nothing."""
    literals = {
        value
        for place in graph.objects(node, DCTERMS.spatial)
        for value in graph.objects(place)
        if isinstance(value, Literal)
    }
    shapes = [each for each in literals if each.datatype in (GEO.wktLiteral, GEO.geoJSONLiteral)]
    return sum(1 for each in shapes if POLYGON.match(each) or '"Polygon"' in each)


def _resource(graph: Graph, node: Node) -> Resource | None:
    """A distribution; without an address it is dropped."""
    url = _text(graph, node, DCAT.downloadURL) or _text(graph, node, DCAT.accessURL)
    if not url:
        return None
    size = graph.value(node, DCAT.byteSize)
    media_type = (_text(graph, node, DCAT.mediaType) or "").rpartition("/media-types/")[2]
    return Resource(
        url=url,
        title=_text(graph, node, DCTERMS.title),
        description=_text(graph, node, DCTERMS.description),
        format=(_text(graph, node, DCTERMS["format"]) or "").rpartition("/")[2].lower() or None,
        media_type=media_type or None,
        size=int(str(size)) if size is not None else None,
        checksum=_checksum(graph, node),
        schema=_text(graph, node, DCTERMS.conformsTo),
        modified=_text(graph, node, DCTERMS.modified),
        licences=_licences(graph, node),
    )


def _checksum(graph: Graph, node: Node) -> str | bytes | None:
    checksum = graph.value(node, SPDX.checksum)
    if checksum is None or graph.value(checksum, SPDX.algorithm) not in HASHES:
        return None
    value = graph.value(checksum, SPDX.checksumValue)
    python = value.toPython() if isinstance(value, Literal) else None
    return python if isinstance(python, (str, bytes)) else None
