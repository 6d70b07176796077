"""Media types: what a file that is published is, by the end of its name.

The one table: servers tell them, and the data package, the catalogues and the API tell the same.
Those that IANA has registered, since DCAT names them by its address: it knows neither TopoJSON,
which is JSON, nor DuckDB.
"""

from pathlib import PurePosixPath

UTF8 = "; charset=utf-8"
DEFAULT = "application/octet-stream"
BY_SUFFIX = {
    ".atom": "application/atom+xml",
    ".css": f"text/css{UTF8}",
    ".csv": f"text/csv{UTF8}",
    ".geojson": "application/geo+json",
    ".gz": "application/gzip",  # a .csv.gz is downloaded as it is, and never unpacked on the way
    ".html": f"text/html{UTF8}",
    ".ico": "image/x-icon",
    ".js": f"text/javascript{UTF8}",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": f"text/markdown{UTF8}",
    ".mjs": f"text/javascript{UTF8}",
    ".parquet": "application/vnd.apache.parquet",
    ".png": "image/png",
    ".sha256": f"text/plain{UTF8}",
    ".svg": "image/svg+xml",
    ".topojson": "application/json",
    ".ttl": f"text/turtle{UTF8}",
    ".txt": f"text/plain{UTF8}",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".xsd": "application/xml",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".zip": "application/zip",
}


def served_type_of(path: str) -> str:
    """What a server says of a file, with its charset; SHA256SUMS is text."""
    name = PurePosixPath(path)
    suffix = ".txt" if name.name == "SHA256SUMS" else name.suffix
    return BY_SUFFIX.get(suffix, DEFAULT)


def media_type_of(path: str) -> str:
    """The media type alone, as catalogues tell it."""
    return served_type_of(path).partition(";")[0]
