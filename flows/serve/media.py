"""Media: what a file is, told by its name, and whether it is worth compressing."""

from pathlib import PurePosixPath

UTF_8 = "; charset=utf-8"
TYPES = {
    ".atom": "application/atom+xml",
    ".css": "text/css" + UTF_8,
    ".csv": "text/csv" + UTF_8,
    ".duckdb": "application/vnd.duckdb",
    ".geojson": "application/geo+json",
    ".gz": "application/gzip",
    ".html": "text/html" + UTF_8,
    ".ico": "image/x-icon",
    ".js": "text/javascript" + UTF_8,
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown" + UTF_8,
    ".mjs": "text/javascript" + UTF_8,
    ".parquet": "application/vnd.apache.parquet",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".topojson": "application/topo+json",
    ".ttl": "text/turtle" + UTF_8,
    ".txt": "text/plain" + UTF_8,
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".xsd": "application/xml",
    ".zip": "application/zip",
}
OTHER = "application/octet-stream"
PLAIN = "text/plain" + UTF_8  # SHA256SUMS, and other names in capitals
PACKED = {".duckdb", ".gz", ".ico", ".parquet", ".png", ".woff2", ".xlsx", ".zip"}


def media_type(name: str) -> str:
    """Of the file *name*; `.csv.gz` is what it is stored as, and never a coding of transfer."""
    path = PurePosixPath(name)
    return TYPES.get(path.suffix, OTHER if path.suffix else PLAIN)


def is_compressible(name: str) -> bool:
    """Whether gzip would make it smaller."""
    kind = media_type(name)
    return kind != OTHER and PurePosixPath(name).suffix not in PACKED
