"""Datasets: one dcat:Dataset per record, with when, where, from what and how often."""

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS, XSD

from flows.publish.dcat import vocabulary as v
from flows.publish.dcat.distributions import add_distribution
from flows.publish.dcat.records import DatasetRecord
from flows.publish.dcat.writer import Writer


def add_dataset(writer: Writer, dataset: DatasetRecord) -> URIRef:
    """Describe a dataset and its files; its node."""
    node = writer.node(dataset.name)
    writer.add(node, RDF.type, v.DCAT.Dataset)
    writer.add(node, DCTERMS.identifier, Literal(writer.record.identifier(dataset.name)))
    writer.tell(node, DCTERMS.title, dataset.title)
    writer.tell(node, DCTERMS.description, dataset.description)
    writer.add_keywords(node, dataset.keywords)
    writer.add(node, DCTERMS.publisher, writer.publisher())
    writer.add(node, v.DCAT.contactPoint, writer.contact())
    writer.add(node, DCTERMS.modified, Literal(dataset.modified, datatype=XSD.date))
    frequency = v.authority("frequency", v.FREQUENCIES[dataset.cadence])
    writer.add(node, DCTERMS.accrualPeriodicity, frequency)
    writer.add(node, v.DCAT.version, Literal(writer.record.version))
    writer.tell(node, v.ADMS.versionNotes, dataset.notes)
    _add_period(writer, node, dataset)
    _add_place(writer, node, dataset.name)
    _add_provenance(writer, node, dataset)
    landing = writer.typed(writer.record.url("index.html"), FOAF.Document)
    writer.add(node, v.DCAT.landingPage, landing)
    if writer.is_strict:
        _add_codes(writer, node, dataset)
    else:
        writer.add_licence(node, dataset.licence)
    for file in dataset.files:
        writer.add(node, v.DCAT.distribution, add_distribution(writer, dataset, file))
    return node


def _add_period(writer: Writer, node: URIRef, dataset: DatasetRecord) -> None:
    """A blank node: of a URI, data.gouv.fr would fetch what stands there, and find nothing."""
    if dataset.period:
        period = writer.blank(f"{dataset.name}-period", DCTERMS.PeriodOfTime)
        first, last = (Literal(day.isoformat(), datatype=XSD.date) for day in dataset.period)
        writer.add(period, v.DCAT.startDate, first)
        writer.add(period, v.DCAT.endDate, last)
        writer.add(node, DCTERMS.temporal, period)


def _add_place(writer: Writer, node: URIRef, name: str) -> None:
    """One place for each part of the country, as a box: data.gouv.fr reads geometry alone.

    No multipolygon: of the two sets of shapes of DCAT-AP, one wants a geometry to be a literal, and
    the other a node.
    """
    for number, box in enumerate(writer.record.boxes, 1):
        place = writer.blank(f"{name}-place-{number}", DCTERMS.Location)
        writer.add(place, v.DCAT.bbox, Literal(f"POLYGON{box.ring}", datatype=v.GEO.wktLiteral))
        writer.add(node, DCTERMS.spatial, place)
    if writer.is_strict:
        writer.add(node, DCTERMS.spatial, v.authority("country", "FRA"))


def _add_provenance(writer: Writer, node: URIRef, dataset: DatasetRecord) -> None:
    """From what it was made. data.gouv.fr would take the sources for datasets of ours."""
    statement = writer.blank(f"{dataset.name}-provenance", DCTERMS.ProvenanceStatement)
    writer.tell(statement, RDFS.label, dataset.provenance)
    writer.add(node, DCTERMS.provenance, statement)
    if not writer.is_strict:
        return
    for source in dataset.sources:
        origin = writer.node(f"source/{source.name}")
        writer.add(origin, RDF.type, v.DCAT.Dataset)
        writer.tell(origin, DCTERMS.title, source.title)
        writer.tell(origin, DCTERMS.description, source.title)
        page = writer.typed(source.homepage, FOAF.Document)
        writer.add(origin, v.DCAT.landingPage, page)
        publisher = writer.node(f"source/{source.name}/publisher")
        writer.add(publisher, RDF.type, FOAF.Agent)
        writer.add(publisher, FOAF.name, Literal(source.publisher))
        writer.add(origin, DCTERMS.publisher, publisher)
        writer.add(node, DCTERMS.source, origin)


def _add_codes(writer: Writer, node: URIRef, dataset: DatasetRecord) -> None:
    """What European catalogues sort by."""
    writer.languages(node)
    rights = writer.typed(v.authority("access-right", "PUBLIC"), DCTERMS.RightsStatement)
    writer.add(node, DCTERMS.accessRights, rights)
    writer.add(node, v.DCAT.theme, v.authority("data-theme", dataset.data_theme))
    writer.add(node, DCTERMS.type, v.authority("dataset-type", "STATISTICAL"))
    for path in sorted({file.schema_path for file in dataset.files if file.schema_path}):
        standard = writer.typed(writer.record.url(path), DCTERMS.Standard)
        writer.add(node, DCTERMS.conformsTo, standard)
