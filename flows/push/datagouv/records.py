"""Records: what data.gouv.fr is told of each dataset: what the release's own catalogue says of it.

That is `catalog-datagouv.ttl`, which is written as data.gouv.fr reads it, so that a dataset that is
pushed says what it would say if it were harvested. What is known beside it: the finest level, which
the platform takes by its interface alone.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rdflib import Graph, Namespace
from rdflib.namespace import DCTERMS, RDF, RDFS
from rdflib.term import Node

from flows.errors import MachineError
from flows.push.outgoing import Outgoing, OutgoingFile

DCAT = Namespace("http://www.w3.org/ns/dcat#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
SOURCE = "catalog-datagouv.ttl"
FREQUENCIES = {"ANNUAL": "annual", "IRREG": "irregular"}  # others are the same word
LEVELS = ("commune", "epci", "departement", "region")  # from the finest on
LEAST_TAG, MOST_TAG = 3, 96  # characters, as the platform asks


@dataclass(frozen=True)
class FileRecord:
    """One file of a dataset: `address` is where it is served, the same in every release."""

    name: str
    file: OutgoingFile
    address: str
    title: str
    description: str
    format: str
    schema: str | None


@dataclass(frozen=True)
class DatasetRecord:
    """One dataset: its name is the identifier that never changes."""

    name: str
    metadata: dict[str, Any]
    contact: dict[str, str]
    page: str
    files: tuple[FileRecord, ...]


def read_records(outgoing: Outgoing, zones: tuple[str, ...]) -> list[DatasetRecord]:
    """Every dataset of the release. Raises MachineError where it has no catalogue of its own."""
    files = {file.path: file for file in outgoing.files}
    if SOURCE not in files:
        hint = "run again with this version of Jalon, then push"
        raise MachineError(str(outgoing.folder / SOURCE), "is missing", hint)
    graph = Graph().parse(files[SOURCE].source, format="turtle")
    reader = _Reader(graph, files, _finest_levels(files), zones)
    nodes = graph.subjects(RDF.type, DCAT.Dataset)
    return sorted((reader.dataset(node) for node in nodes), key=lambda record: record.name)


@dataclass(frozen=True)
class _Reader:
    graph: Graph
    files: dict[str, OutgoingFile]
    levels: dict[str, str]
    zones: tuple[str, ...]

    def dataset(self, node: Node) -> DatasetRecord:
        name = str(self.graph.value(node, DCTERMS.identifier))
        level = self.levels.get(str(node).rsplit("#", 1)[-1], "commune")
        metadata = {
            "title": self.text(node, DCTERMS.title),
            "description": self.text(node, DCTERMS.description),
            "license": self.licence(node),
            "frequency": self.frequency(node),
            "temporal_coverage": self.period(node),
            "spatial": {"zones": list(self.zones), "granularity": f"fr:{level}"},
            "tags": sorted(self.tags(node)),
        }
        told = {key: value for key, value in metadata.items() if value is not None}
        files = sorted(self.dataset_files(node), key=lambda record: record.name)
        page = str(self.graph.value(node, DCAT.landingPage))
        return DatasetRecord(name, told, self.contact(node), page, tuple(files))

    def text(self, node: Node, predicate: Node) -> str:
        """In French, as all that the platform shows."""
        texts = list(self.graph.objects(node, predicate))
        return str(next((t for t in texts if getattr(t, "language", "") == "fr"), texts[0]))

    def licence(self, node: Node) -> str | None:
        licence = self.graph.value(node, DCTERMS.license)
        label = licence and self.graph.value(licence, RDFS.label)
        return str(label) if label else None

    def frequency(self, node: Node) -> str:
        code = str(self.graph.value(node, DCTERMS.accrualPeriodicity)).rsplit("/", 1)[-1]
        return FREQUENCIES.get(code, code.lower())

    def period(self, node: Node) -> dict[str, str] | None:
        period = self.graph.value(node, DCTERMS.temporal)
        if period is None:
            return None
        first, last = (self.graph.value(period, DCAT[end]) for end in ("startDate", "endDate"))
        return {"start": str(first), "end": str(last)}

    def tags(self, node: Node) -> Iterator[str]:
        words = (str(word) for word in self.graph.objects(node, DCAT.keyword))
        return (word for word in words if LEAST_TAG <= len(word) <= MOST_TAG)

    def contact(self, node: Node) -> dict[str, str]:
        contact = self.graph.value(node, DCAT.contactPoint)
        if contact is None:
            return {}
        told = {"name": self.text(contact, VCARD.fn), "role": "contact"}
        if mail := self.graph.value(contact, VCARD.hasEmail):
            told["email"] = str(mail).removeprefix("mailto:")
        if page := self.graph.value(contact, VCARD.hasURL):
            told["contact_form"] = str(page)
        return told

    def dataset_files(self, node: Node) -> Iterator[FileRecord]:
        for each in self.graph.objects(node, DCAT.distribution):
            address = str(self.graph.value(each, DCAT.downloadURL))
            path = next((path for path in self.files if address.endswith(f"/{path}")), None)
            if path is None:
                continue  # of a service, or of a file that is no part of the release
            schema = self.graph.value(each, DCTERMS.conformsTo)
            yield FileRecord(
                name=str(self.graph.value(each, DCTERMS.identifier)),
                file=self.files[path],
                address=address,
                title=self.text(each, DCTERMS.title),
                description=self.text(each, DCTERMS.description),
                format=str(self.graph.value(each, DCTERMS["format"])),
                schema=str(schema) if schema else None,
            )


def _finest_levels(files: dict[str, OutgoingFile]) -> dict[str, str]:
    """The finest level at which a dataset has an indicator."""
    if "data/indicators.csv" not in files:
        return {}
    found: dict[str, str] = {}
    with files["data/indicators.csv"].source.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            levels = (row["published_from"], found.get(row["dataset"], LEVELS[-1]))
            found[row["dataset"]] = min(levels, key=LEVELS.index)
    return found
