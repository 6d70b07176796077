"""Croissant 1.0: a dataset as tools of machine learning load it, down to its columns."""

from collections.abc import Iterable
from typing import Any

from flows.publish.dcat.records import CatalogRecord, DatasetRecord, FileRecord

CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
TYPES = {
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "string": "sc:Text",
    "year": "sc:Integer",
}
# As loaders of Croissant know them; they look into a gzip by themselves.
FORMATS = {"csv": "text/csv", "parquet": "application/x-parquet"}


def as_croissant(record: CatalogRecord, dataset: DatasetRecord) -> dict[str, Any]:
    """The JSON-LD of *dataset*, in English: each table is a record set, each column a field.

    It is live: an address always gives the latest release, whose hash this tells.
    """
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": record.identifier(dataset.name),
        "alternateName": dataset.title.en,
        "description": dataset.description.en,
        "url": f"{record.url('catalog.ttl')}#{dataset.name}",
        "license": dataset.licence.path,
        "creator": {
            "@type": "sc:Organization",
            "name": record.package.publisher,
            "url": record.package.homepage,
        },
        "publisher": {"@type": "sc:Organization", "name": record.package.publisher},
        "citeAs": f"{record.package.publisher}: {dataset.title.en}, version {record.version}."
        f" {record.url('')}",
        "datePublished": dataset.modified,
        "dateModified": dataset.modified,
        "version": record.version,
        "inLanguage": ["fr", "en"],
        "keywords": [*dataset.keywords.en, *dataset.keywords.fr],
        "isLiveDataset": True,
        "distribution": [_file_object(record, file) for file in dataset.files],
        "recordSet": [_record_set(file) for file in _tables(dataset.files)],
    }


def _tables(files: Iterable[FileRecord]) -> list[FileRecord]:
    """One file for each table: the Parquet if there is one, which knows its types."""
    chosen: dict[str, FileRecord] = {}
    for file in files:
        if file.schema_path and file.suffix in FORMATS:
            held = chosen.setdefault(file.schema_path, file)
            if held.suffix != "parquet" and file.suffix == "parquet":
                chosen[file.schema_path] = file
    return list(chosen.values())


def _file_object(record: CatalogRecord, file: FileRecord) -> dict[str, Any]:
    told = {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path.rsplit("/", 1)[-1],
        "description": f"{file.title.en}. {file.description.en}",
        "contentUrl": record.url(file.path),
        "encodingFormat": FORMATS.get(file.suffix, file.media_type),
    }
    if file.bytes is not None and file.sha256 is not None:
        told |= {"contentSize": f"{file.bytes} B", "sha256": file.sha256}
    return told


def _record_set(file: FileRecord) -> dict[str, Any]:
    told: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": file.name,
        "name": file.name,
        "description": file.description.en,
        "field": [_field(file, each) for each in file.schema["fields"]],
    }
    key = file.schema.get("primaryKey", [])
    if key:
        told["key"] = [{"@id": f"{file.name}/{column}"} for column in key]
    return told


def _field(file: FileRecord, column: dict[str, Any]) -> dict[str, Any]:
    name = column["name"]
    return {
        "@type": "cr:Field",
        "@id": f"{file.name}/{name}",
        "name": name,
        "description": column.get("description_en") or column.get("title_en") or name,
        "dataType": TYPES.get(column["type"], "sc:Text"),
        "source": {"fileObject": {"@id": file.path}, "extract": {"column": name}},
    }
