"""Spatial: DuckDB's extension for geometry, from its package, without any network."""

from importlib.resources import files

import duckdb


def load_spatial(con: duckdb.DuckDBPyConnection) -> None:
    """Load the extension into *con*; it is that of the very version of DuckDB."""
    folder = files("duckdb_extension_spatial") / "extensions" / f"v{duckdb.__version__}"
    con.execute(f"load '{folder / 'spatial.duckdb_extension'}'")
