"""Distributions: one dcat:Distribution per file, at an address that stays the same."""

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, XSD

from flows.catalog import Text
from flows.publish.dcat import vocabulary as v
from flows.publish.dcat.records import DatasetRecord, FileRecord
from flows.publish.dcat.writer import Writer


def add_distribution(writer: Writer, dataset: DatasetRecord, file: FileRecord) -> URIRef:
    """Describe a file; its node."""
    node = writer.node(f"file/{file.name}")
    writer.add(node, RDF.type, v.DCAT.Distribution)
    label = f"{file.kind.label}{', gzip' if file.is_gzipped else ''}"
    title = Text(fr=f"{file.title.fr} ({label})", en=f"{file.title.en} ({label})")
    writer.tell(node, DCTERMS.title, title)
    writer.tell(node, DCTERMS.description, file.description)
    writer.add(node, DCTERMS.identifier, Literal(file.name))
    address = writer.url(file.path)
    writer.add(node, v.DCAT.accessURL, address)
    writer.add(node, v.DCAT.downloadURL, address)
    writer.add(node, DCTERMS.modified, Literal(dataset.modified, datatype=XSD.date))
    writer.add_licence(node, file.licence)
    writer.add(node, v.DCATAP.availability, v.authority("planned-availability", "STABLE"))
    writer.languages(node)
    _add_format(writer, node, file)
    _add_bytes(writer, node, file)
    if file.schema_path:
        schema = writer.typed(writer.record.url(file.schema_path), DCTERMS.Standard)
        writer.add(node, DCTERMS.conformsTo, schema)
    return node


def _add_format(writer: Writer, node: URIRef, file: FileRecord) -> None:
    """Format and media type: by URI for the standard, as a word for data.gouv.fr."""
    if writer.is_strict:
        writer.add(node, v.ADMS.status, v.authority("distribution-status", "COMPLETED"))
        writer.add(node, v.DCAT.mediaType, v.media_type(file.content_type))
        if file.kind.file_type:
            writer.add(node, DCTERMS["format"], v.authority("file-type", file.kind.file_type))
        if file.is_gzipped:
            writer.add(node, v.DCAT.compressFormat, v.media_type(file.media_type))
        return
    suffix = f"{file.suffix}.gz" if file.is_gzipped else file.suffix
    writer.add(node, DCTERMS["format"], Literal(suffix))
    writer.add(node, v.DCAT.mediaType, v.media_type(file.media_type))


def _add_bytes(writer: Writer, node: URIRef, file: FileRecord) -> None:
    """Size and SHA-256, of a file that is the same in every build."""
    if file.bytes is None or file.sha256 is None:
        return
    size = Literal(str(file.bytes), datatype=XSD.nonNegativeInteger)
    writer.add(node, v.DCAT.byteSize, size)
    checksum = writer.blank(f"{file.name}-checksum", v.SPDX.Checksum)
    writer.add(checksum, v.SPDX.algorithm, v.SPDX.checksumAlgorithm_sha256)
    # As the standard types it, data.gouv.fr reads bytes where it wants text, and drops the dataset.
    kind = XSD.hexBinary if writer.is_strict else None
    writer.add(checksum, v.SPDX.checksumValue, Literal(file.sha256, datatype=kind))
    writer.add(node, v.SPDX.checksum, checksum)
