"""Graph: the records as DCAT-AP 3.0.1, strictly, or as data.gouv.fr's harvester really reads it.

The two cannot be one file. The standard wants checksums as xsd:hexBinary, which make the harvester
fail; it wants formats and themes by URI, of which the harvester makes less. The harvester takes a
dataset series, or a source that is described, for one more dataset of ours.
"""

import json
from typing import Any

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS, XSD

from flows.publish.dcat import vocabulary as v
from flows.publish.dcat.datasets import add_dataset
from flows.publish.dcat.records import CatalogRecord
from flows.publish.dcat.services import add_series, add_service
from flows.publish.dcat.writer import Writer

PREFIXES = {
    "adms": v.ADMS,
    "dcat": v.DCAT,
    "dcatap": v.DCATAP,
    "dct": DCTERMS,
    "foaf": FOAF,
    "geo": v.GEO,
    "rdfs": RDFS,
    "spdx": v.SPDX,
    "vcard": v.VCARD,
    "xsd": XSD,
}


def make_graph(record: CatalogRecord, is_strict: bool) -> Graph:
    """The catalogue with all its datasets; blank nodes bear names that never change."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    writer = Writer(graph, record, is_strict)
    _add_catalogue(writer)
    for dataset in record.datasets:
        writer.add(writer.node("catalogue"), v.DCAT.dataset, add_dataset(writer, dataset))
    if record.has_api:
        add_service(writer)
    if is_strict:
        add_series(writer)
    return graph


def as_turtle(graph: Graph) -> str:
    """Turtle, of which rdflib sorts subjects, predicates and objects."""
    return graph.serialize(format="turtle")


def as_json_ld(graph: Graph) -> str:
    """JSON-LD with the prefixes as its context, sorted: it has sets, and no list."""
    context = {prefix: str(namespace) for prefix, namespace in PREFIXES.items()}
    body = json.loads(graph.serialize(format="json-ld", context=context))
    return json.dumps(_sorted(body), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(each) for key, each in value.items()}
    if isinstance(value, list):
        return sorted(
            (_sorted(each) for each in value), key=lambda e: json.dumps(e, sort_keys=True)
        )
    return value


def _add_catalogue(writer: Writer) -> None:
    record = writer.record
    node = writer.node("catalogue")
    writer.add(node, RDF.type, v.DCAT.Catalog)
    writer.tell(node, DCTERMS.title, record.package.title)
    writer.tell(node, DCTERMS.description, record.package.description)
    writer.add(node, DCTERMS.publisher, writer.publisher())
    writer.add(node, DCTERMS.modified, Literal(record.modified, datatype=XSD.date))
    writer.add(node, FOAF.homepage, writer.typed(record.package.homepage, FOAF.Document))
    writer.add_licence(node, record.licence)
    writer.languages(node)
    if writer.is_strict:
        writer.add(node, DCTERMS.spatial, v.authority("country", "FRA"))
        writer.add(node, v.DCAT.themeTaxonomy, URIRef(f"{v.AUTHORITY}/data-theme"))
        writer.add(node, v.DCAT.contactPoint, writer.contact())
