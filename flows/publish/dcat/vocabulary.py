"""Vocabulary: the words of DCAT-AP 3.0.1, and the codes of Europe's tables for what we publish."""

from dataclasses import dataclass

from rdflib import Namespace, URIRef

from flows.catalog import Text

ADMS = Namespace("http://www.w3.org/ns/adms#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")  # rdflib knows its second version
DCATAP = Namespace("http://data.europa.eu/r5r/")
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")

AUTHORITY = "http://publications.europa.eu/resource/authority"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types"
PUBLISHER_TYPE = Namespace("http://purl.org/adms/publishertype/")
LANGUAGES = {"fr": "FRA", "en": "ENG"}
FREQUENCIES = {
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "monthly": "MONTHLY",
    "quarterly": "QUARTERLY",
    "yearly": "ANNUAL",
    "irregular": "IRREG",
}


def authority(table: str, code: str) -> URIRef:
    """The URI of a code of one of the EU's tables: `frequency`, `language`, `data-theme` …"""
    return URIRef(f"{AUTHORITY}/{table}/{code}")


def media_type(name: str) -> URIRef:
    """The URI that IANA gives to a media type."""
    return URIRef(f"{MEDIA_TYPES}/{name}")


@dataclass(frozen=True)
class Kind:
    """A kind of file; `file_type` is its code in the EU's table, where it has one."""

    label: str
    file_type: str | None


# The table of the EU knows neither DuckDB nor TopoJSON: the second is JSON, the first has no code.
KINDS = {
    "csv": Kind("CSV", "CSV"),
    "duckdb": Kind("DuckDB", None),
    "geojson": Kind("GeoJSON", "GEOJSON"),
    "json": Kind("JSON", "JSON"),
    "parquet": Kind("Parquet", "PARQUET"),
    "topojson": Kind("TopoJSON", "JSON"),
    "xlsx": Kind("XLSX", "XLSX"),
}

WARNINGS = {
    "series_break": Text(
        fr="rupture de série : ne pas comparer avec les périodes antérieures",
        en="series break: do not compare with earlier periods",
    ),
    "old_data": Text(fr="données anciennes", en="old data"),
    "partial_field": Text(fr="champ partiel", en="partial field"),
    "changed_geography": Text(
        fr="valeurs ramenées à la carte d’aujourd’hui", en="values brought to the map of today"
    ),
    "small_numbers": Text(
        fr="petits effectifs : grandes variations d’une période à l’autre",
        en="small numbers: large variations from one period to the next",
    ),
}
