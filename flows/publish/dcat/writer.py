"""Writer: what every node of the graph is written with."""

from collections.abc import Iterable
from dataclasses import dataclass

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS
from rdflib.term import Node

from flows.catalog import Text
from flows.catalog.models import Keywords, Licence
from flows.publish.dcat import vocabulary as v
from flows.publish.dcat.records import CatalogRecord

CATALOGUE = "catalog.ttl"


@dataclass(frozen=True)
class Writer:
    """A graph that fills up; what is not `is_strict` is for data.gouv.fr."""

    graph: Graph
    record: CatalogRecord
    is_strict: bool

    def node(self, name: str) -> URIRef:
        """What this catalogue describes under *name*: the address of its Turtle, and a fragment."""
        return URIRef(f"{self.record.url(CATALOGUE)}#{name}")

    def url(self, path: str) -> URIRef:
        """Where *path* is served."""
        return URIRef(self.record.url(path))

    def add(self, subject: Node, predicate: URIRef, *values: Node | None) -> None:
        """State *values* of *subject*, those that there are."""
        for value in values:
            if value is not None:
                self.graph.add((subject, predicate, value))

    def tell(self, subject: Node, predicate: URIRef, text: Text | None) -> None:
        """State a text in both languages."""
        if text:
            french, english = Literal(text.fr, lang="fr"), Literal(text.en, lang="en")
            self.add(subject, predicate, french, english)

    def blank(self, name: str, kind: URIRef) -> BNode:
        """A blank node, whose name is the same in every run."""
        node = BNode(name.replace("/", "-").replace(".", "-"))
        self.add(node, RDF.type, kind)
        return node

    def typed(self, uri: str, kind: URIRef) -> URIRef:
        """A node of another place, of which we know what it is; the standard asks to say it."""
        node = URIRef(uri)
        if self.is_strict:
            self.add(node, RDF.type, kind)
        return node

    def add_licence(self, subject: Node, licence: Licence) -> None:
        """The licence by its address; data.gouv.fr reads its label first, and knows its own ids."""
        node = self.typed(licence.path, DCTERMS.LicenseDocument)
        self.add(subject, DCTERMS.license, node)
        if self.is_strict:
            self.add(node, DCTERMS.title, Literal(licence.title))
        elif licence.datagouv:
            self.add(node, RDFS.label, Literal(licence.datagouv))

    def add_keywords(self, subject: Node, keywords: Keywords) -> None:
        """Keywords in both languages; French alone for data.gouv.fr, which makes tags of all."""
        words: Iterable[Literal] = (Literal(each, lang="fr") for each in keywords.fr)
        self.add(subject, v.DCAT.keyword, *words)
        if self.is_strict:
            self.add(subject, v.DCAT.keyword, *(Literal(each, lang="en") for each in keywords.en))

    def publisher(self) -> URIRef:
        """Who publishes; always the same node."""
        package = self.record.package
        node = self.node("publisher")
        self.add(node, RDF.type, FOAF.Agent)
        self.add(node, FOAF.name, Literal(package.publisher))
        self.add(node, DCTERMS.type, v.PUBLISHER_TYPE[package.publisher_kind])
        return node

    def contact(self) -> URIRef:
        """The office that answers."""
        contact = self.record.package.contact
        node = self.node("contact")
        self.add(node, RDF.type, v.VCARD.Kind)
        self.tell(node, v.VCARD.fn, contact.name)
        self.add(node, v.VCARD.hasURL, URIRef(contact.url))
        return node

    def languages(self, subject: Node) -> None:
        """French and English: the texts that the files hold."""
        if self.is_strict:
            codes = (v.authority("language", code) for code in v.LANGUAGES.values())
            self.add(subject, DCTERMS.language, *codes)
