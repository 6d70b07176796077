"""Media types: what a server says of each file that is published, by the end of its name."""

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
    ".svg": "image/svg+xml",
    ".topojson": "application/json",
    ".ttl": f"text/turtle{UTF8}",
    ".txt": f"text/plain{UTF8}",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".zip": "application/zip",
}


def media_type_of(path: str) -> str:
    """The media type of a file; SHA256SUMS is text."""
    name = path.rsplit("/", 1)[-1]
    if name == "SHA256SUMS":
        return BY_SUFFIX[".txt"]
    return BY_SUFFIX.get("." + name.rsplit(".", 1)[-1], DEFAULT)
