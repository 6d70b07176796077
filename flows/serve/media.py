"""Media: whether a file is worth compressing on the way."""

from pathlib import PurePosixPath

from flows.media_types import DEFAULT, media_type_of

PACKED = {".duckdb", ".gz", ".ico", ".parquet", ".png", ".woff2", ".xlsx", ".zip"}


def is_compressible(name: str) -> bool:
    """Whether gzip would make the file *name* smaller."""
    return media_type_of(name) != DEFAULT and PurePosixPath(name).suffix not in PACKED
