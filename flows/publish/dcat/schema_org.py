"""schema.org: a dataset as search engines read it in a page."""

import json
from typing import Any, Literal

from flows.media_types import media_type_of
from flows.publish.dcat.records import Box, CatalogRecord, DatasetRecord, FileRecord, Measure

Language = Literal["fr", "en"]


def as_schema_org(
    record: CatalogRecord, dataset: DatasetRecord, lang: Language = "fr"
) -> dict[str, Any]:
    """The JSON-LD of *dataset*, its texts in one language, as a page of that language has it."""
    other: Language = "en" if lang == "fr" else "fr"
    described: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{record.url('catalog.ttl')}#{dataset.name}",
        "identifier": record.identifier(dataset.name),
        "name": getattr(dataset.title, lang),
        "alternateName": getattr(dataset.title, other),
        "description": getattr(dataset.description, lang),
        "url": record.url("index.html"),
        "keywords": list(getattr(dataset.keywords, lang)),
        "inLanguage": ["fr", "en"],
        "isAccessibleForFree": True,
        "license": dataset.licence.path,
        "creator": _organisation(record, lang),
        "publisher": _organisation(record, lang),
        "version": record.version,
        "dateModified": dataset.modified,
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "@id": f"{record.url('catalog.ttl')}#catalogue",
            "name": getattr(record.package.title, lang),
            "url": record.url("catalog.ttl"),
        },
        "spatialCoverage": [_place(box) for box in record.boxes],
        "isBasedOn": [
            {
                "@type": "CreativeWork",
                "name": getattr(source.title, lang),
                "url": source.homepage,
                "publisher": {"@type": "Organization", "name": source.publisher},
            }
            for source in dataset.sources
        ],
        "creditText": getattr(dataset.provenance, lang),
        "distribution": [_download(record, file, lang) for file in dataset.files],
    }
    if dataset.period:
        described["temporalCoverage"] = "/".join(day.isoformat() for day in dataset.period)
    if dataset.notes:
        described["usageInfo"] = getattr(dataset.notes, lang)
    if dataset.measures:
        described["variableMeasured"] = [_variable(each, lang) for each in dataset.measures]
        methods = dict.fromkeys(getattr(each.method, lang) for each in dataset.measures)
        described["measurementTechnique"] = list(methods)
    return described


def indicator_as_schema_org(
    record: CatalogRecord, dataset: DatasetRecord, name: str, address: str, lang: Language
) -> dict[str, Any]:
    """The JSON-LD of one indicator of *dataset*, whose page is at *address*."""
    measure = next(each for each in dataset.measures if each.name == name)
    variable, path = _variable(measure, lang), f"api/v1/indicators/{name}.json"
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": address,
        "identifier": name,
        "name": variable["name"],
        "description": f"{variable['description']} {variable['measurementTechnique']}",
        "url": address,
        "inLanguage": lang,
        "isAccessibleForFree": True,
        "isPartOf": {
            "@type": "CreativeWork",
            "@id": f"{record.url('catalog.ttl')}#{dataset.name}",
            "name": getattr(dataset.title, lang),
        },
        "license": dataset.licence.path,
        "creator": _organisation(record, lang),
        "version": record.version,
        "dateModified": dataset.modified,
        "spatialCoverage": {"@type": "Place", "name": "France"},
        "variableMeasured": variable,
        "distribution": {
            "@type": "DataDownload",
            "contentUrl": record.url(path),
            "encodingFormat": media_type_of(path),
        },
    }


def as_data_block(described: dict[str, Any]) -> str:
    """JSON-LD as it may stand in a `script` of a page: nothing in it can end that element."""
    return json.dumps(described, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _organisation(record: CatalogRecord, lang: Language) -> dict[str, Any]:
    contact = record.package.contact
    return {
        "@type": "Organization",
        "name": record.package.publisher,
        "url": record.package.homepage,
        "contactPoint": {
            "@type": "ContactPoint",
            "contactType": getattr(contact.name, lang),
            "url": contact.url,
        },
    }


def _place(box: Box) -> dict[str, Any]:
    """A box is written south, west, north, east."""
    corners = f"{box.south:g} {box.west:g} {box.north:g} {box.east:g}"
    return {
        "@type": "Place",
        "name": "France",
        "geo": {"@type": "GeoShape", "box": corners},
    }


def _download(record: CatalogRecord, file: FileRecord, lang: Language) -> dict[str, Any]:
    told = {
        "@type": "DataDownload",
        "name": f"{getattr(file.title, lang)} ({file.kind.label})",
        "description": getattr(file.description, lang),
        "contentUrl": record.url(file.path),
        "encodingFormat": file.media_type,
        "license": file.licence.path,
    }
    if file.bytes is not None and file.sha256 is not None:
        told |= {"contentSize": f"{file.bytes} B", "sha256": file.sha256}
    return told


def _variable(measure: Measure, lang: Language) -> dict[str, Any]:
    return {
        "@type": "PropertyValue",
        "propertyID": measure.name,
        "name": getattr(measure.title, lang),
        "description": getattr(measure.description, lang),
        "unitText": getattr(measure.unit, lang),
        "measurementTechnique": getattr(measure.method, lang),
    }
