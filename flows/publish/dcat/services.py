"""Services: the API, and the series of the releases."""

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, XSD

from flows.catalog import Text
from flows.publish.changes import Previous
from flows.publish.dcat import vocabulary as v
from flows.publish.dcat.writer import Writer


def add_service(writer: Writer) -> None:
    """The static API, which serves every dataset."""
    record = writer.record
    title = record.package.title
    node = writer.node("api")
    writer.add(node, RDF.type, v.DCAT.DataService)
    writer.add(node, DCTERMS.identifier, Literal(record.identifier("api")))
    writer.tell(node, DCTERMS.title, Text(fr=f"API : {title.fr}", en=f"API: {title.en}"))
    description = Text(
        fr="Fichiers JSON à des adresses prévisibles, sans clé ni inscription : un par territoire"
        " et par indicateur, décrits par OpenAPI 3.1.",
        en="JSON files at predictable addresses, without key or registration: one per territory"
        " and per indicator, described by OpenAPI 3.1.",
    )
    writer.tell(node, DCTERMS.description, description)
    writer.add(node, v.DCAT.endpointURL, writer.url("api/v1/"))
    writer.add(node, v.DCAT.endpointDescription, writer.url("api/v1/openapi.json"))
    writer.add(node, v.DCAT.servesDataset, *(writer.node(each.name) for each in record.datasets))
    writer.add(node, DCTERMS.publisher, writer.publisher())
    writer.add(node, v.DCAT.contactPoint, writer.contact())
    writer.add_licence(node, record.licence)
    if writer.is_strict:
        writer.add(node, v.DCAT.theme, v.authority("data-theme", "REGI"))
        writer.add(node, DCTERMS["format"], v.authority("file-type", "JSON"))
        writer.add(writer.node("catalogue"), v.DCAT.service, node)


def add_series(writer: Writer) -> None:
    """The releases, whose list is one floor up: this one, as a whole, and the one before it.

    Each tells the one before; so all are found, and no release has to know those after it.
    """
    record = writer.record
    title = record.package.title
    node = writer.node("releases")
    writer.add(node, RDF.type, v.DCAT.DatasetSeries)
    writer.tell(
        node, DCTERMS.title, Text(fr=f"Versions de « {title.fr} »", en=f"Releases of “{title.en}”")
    )
    description = Text(
        fr="Chaque version est un dossier que rien ne change plus ; latest montre la dernière.",
        en="Each release is a folder that nothing changes any more; latest shows the last one.",
    )
    writer.tell(node, DCTERMS.description, description)
    writer.add(node, DCTERMS.modified, Literal(record.modified, datatype=XSD.date))
    writer.add(node, DCTERMS.publisher, writer.publisher())
    writer.add(node, v.DCAT.contactPoint, writer.contact())
    index = record.package.releases_url("index.json")
    writer.add(node, FOAF.page, writer.typed(index, FOAF.Document))
    whole = writer.node(record.package.id)
    writer.add(whole, v.DCAT.inSeries, node)
    if record.previous:
        previous = _add_previous(writer, record.previous)
        writer.add(previous, v.DCAT.inSeries, node)
        writer.add(whole, v.DCAT.prev, previous)
        writer.add(whole, v.DCAT.previousVersion, previous)


def _add_previous(writer: Writer, previous: Previous) -> URIRef:
    """The release before, at the address where it stays; its node."""
    record = writer.record
    title, folder = record.package.title, record.package.releases_url(f"{previous.name}/")
    node = URIRef(folder)
    writer.add(node, RDF.type, v.DCAT.Dataset)
    number = previous.version
    told = Text(fr=f"{title.fr}, version {number}", en=f"{title.en}, version {number}")
    writer.tell(node, DCTERMS.title, told)
    writer.tell(node, DCTERMS.description, record.package.description)
    writer.add(node, DCTERMS.publisher, writer.publisher())
    writer.add(node, v.DCAT.contactPoint, writer.contact())
    writer.add(node, v.DCAT.version, Literal(number))
    page = writer.typed(f"{folder}index.html", FOAF.Document)
    writer.add(node, v.DCAT.landingPage, page)
    return node
