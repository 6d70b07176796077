"""Reference: the tables of the geography alone, built from their own sources and kept."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from flows.catalog import Catalog, load_catalog
from flows.files import machine_errors, replacing, sha256_of
from flows.handover import RawFile
from flows.settings import Settings
from flows.steps.fetch import fetch_source
from flows.steps.load import build_core, create_floors, load_raw
from flows.steps.validate import validate_file
from flows.warehouse import build_order, connect, tables_read

# What the queries of diagnose and convert read; the tables behind these are built too.
ROOTS = (
    "core.administrative_divisions_departements",
    "core.administrative_divisions_epci",
    "core.commune_successors",
    "core.commune_weights",
    "core.communes",
)
CODE = Path(__file__).parent
BUILDERS = (
    "reference.py",
    "warehouse.py",
    "steps/fetch/snapshot.py",
    "steps/fetch/store.py",
    "steps/load.py",
    "steps/validate/**/*.py",
)
AGAIN = "then run again"


@contextmanager
def open_reference(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in which core.commune_successors and all that it follows from stand.

    It stands in data/reference.duckdb, is built again only when its inputs have changed, and is
    read only but for temporary tables, so that any number of processes may hold it. Raises
    PipelineError when its sources cannot be had.
    """
    path = settings.data / "reference.duckdb"
    catalog = load_catalog(settings.catalog)
    names = _find_names(catalog)
    with machine_errors(settings.root, AGAIN):
        raw = {
            name: fetch_source(settings, catalog.sources[name])
            for name in names
            if name in catalog.sources
        }
        key = _hash_inputs(settings, catalog, names, raw)
        if _read_key(path) != key:
            _build(settings, path, catalog, names, raw, key)
    with connect(path, read_only=True) as con:
        yield con


def _find_names(catalog: Catalog) -> list[str]:
    """The sources and tables behind ROOTS, each after those that it reads."""
    queries = catalog.queries["sources"] | catalog.queries["tables"]
    reads: dict[str, frozenset[str]] = {}
    waiting = list(ROOTS)
    while waiting:
        name = waiting.pop()
        if name not in reads:
            reads[name] = tables_read(queries[name.removeprefix("core.")])
            waiting += [table for table in reads[name] if table.startswith("core.")]
    return [name.removeprefix("core.") for name in build_order(reads)]


def _hash_inputs(
    settings: Settings, catalog: Catalog, names: list[str], raw: dict[str, list[RawFile]]
) -> str:
    """One hash of the files, their descriptions and schemas, the queries and the code."""
    told = [file.sha256 for name in names for file in raw.get(name, [])]
    for name in names:
        if name in catalog.sources:
            told.append(catalog.sources[name].model_dump_json())
            told.append(sha256_of(settings.schemas / "sources" / f"{name}.json"))
            told.append(catalog.queries["sources"][name])
        else:
            told.append(catalog.queries["tables"][name])
    code = (path for part in BUILDERS for path in sorted(CODE.glob(part)))
    told += [sha256_of(path) for path in code]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _read_key(path: Path) -> str | None:
    """The hash of what the reference in *path* was built from, if it is there and whole."""
    if not path.is_file():
        return None
    try:
        with duckdb.connect(str(path), read_only=True) as con:
            found = con.execute("select key from reference_key").fetchone()
    except duckdb.Error:
        return None  # damaged: built again
    return str(found[0]) if found else None


def _build(
    settings: Settings,
    path: Path,
    catalog: Catalog,
    names: list[str],
    raw: dict[str, list[RawFile]],
    key: str,
) -> None:
    with replacing(path) as part, connect(part) as con:
        create_floors(con)
        for name in names:
            if name in raw:
                source = catalog.sources[name]
                load_raw(con, source, [validate_file(settings, source, f) for f in raw[name]])
            build_core(con, catalog, name)
        con.execute("create table reference_key as select ? as key", [key])
