"""Verify: whether a release is what it says it is, from its files alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from flows.errors import PipelineError
from flows.files import read_json, sha256_of
from flows.publish.database import content_of, hash_database
from flows.publish.release import DATABASE, MANIFEST, SEAL, SUMS, UNSUMMED, read_manifest, read_sums
from flows.releases.verify_json import verify_json
from flows.steps.validate.package import validate_package
from flows.warehouse import connect, quote_text

# Whose rows speak of an indicator and a territory, whatever their schemas say of foreign keys.
OF_BOTH = ("observations", "observations_as_published", "comparisons")


def verify_release(release: Path) -> list[str]:
    """Every fault of a release; none, if it keeps all that it promises."""
    faults = verify_files(release)
    if faults:
        return faults  # what is read of damaged files says nothing
    return [*verify_tables(release), *_verify_package(release), *verify_json(release)]


def verify_files(release: Path) -> list[str]:
    """Files that are not there, not as their sum says, or that no sum knows."""
    try:
        told = read_sums(release)
    except (OSError, ValueError) as error:
        return [f"{SUMS} and {SEAL}: cannot be read: {error}"]
    present = {
        path.relative_to(release).as_posix()
        for path in release.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }
    faults = [f"{path}: is missing" for path in sorted({*told, *UNSUMMED, MANIFEST} - present)]
    faults += [f"{path}: no sum knows it" for path in sorted(present - told.keys() - UNSUMMED)]
    return faults + [
        f"{path}: is not what {SEAL if path == DATABASE else SUMS} says"
        for path in sorted(told.keys() & present)
        if sha256_of(release / path) != told[path]
    ]


def verify_tables(release: Path) -> list[str]:
    """Tables of jalon.duckdb and Parquet files whose rows, content or keys are not as promised."""
    manifest = read_manifest(release)
    schemas = {
        each["name"].removesuffix("_parquet"): each["schema"]
        for each in read_json(release / "datapackage.json")["resources"]
        if each["name"].endswith("_parquet") and each.get("schema")
    }
    try:
        with connect(release / DATABASE, read_only=True) as con:
            faults = [
                fault
                for table, told in manifest["tables"].items()
                for fault in _verify_table(con, release, table, told, schemas[table])
            ] + [fault for table in OF_BOTH for fault in _verify_names(con, table)]
        return faults + list(_verify_database(release, manifest))
    except (PipelineError, KeyError) as error:
        return [f"{DATABASE}: {error}"]


def _verify_database(release: Path, manifest: dict[str, Any]) -> Iterator[str]:
    """Tables that no other file holds, and how views, macros and all columns are defined."""
    told, found = manifest["database"], hash_database(release, manifest["tables"])
    for name in sorted(told["tables"].keys() | found["tables"].keys()):
        if found["tables"].get(name) != told["tables"].get(name):
            yield f"{name}: is not the table of {DATABASE} that {MANIFEST} tells"
    if found["definitions"] != told["definitions"]:
        yield f"{DATABASE}: a view, macro, type or comment is not the one that {MANIFEST} tells"


def _verify_table(
    con: duckdb.DuckDBPyConnection,
    release: Path,
    table: str,
    told: dict[str, Any],
    schema: dict[str, Any],
) -> Iterator[str]:
    columns = [field["name"] for field in schema["fields"]]
    path = quote_text(release / "data" / f"{table}.parquet")
    for where, rows in ((table, table), (f"data/{table}.parquet", f"read_parquet({path})")):
        if (found := content_of(con, rows, columns)) != told:
            yield f"{where}: holds {found}, and {MANIFEST} says {told}"
    key = ", ".join(schema.get("primaryKey", []))
    if key:
        twice = con.sql(f"select {key} from {table} group by all having count(*) > 1")
        if row := twice.fetchone():
            yield f"{table}: the key {key} is not unique: {row}"


def _verify_names(con: duckdb.DuckDBPyConnection, table: str) -> Iterator[str]:
    """Every indicator and territory that a table speaks of has a row of its own."""
    for column, of in (("indicator", "indicators"), ("territory_id", "territories")):
        lost = con.sql(f"select {column} from {table} anti join {of} using ({column})")
        if found := lost.fetchone():
            yield f"{table}: {column} {found[0]} is not in {of}"


def _verify_package(release: Path) -> Iterator[str]:
    """Tables that break their schema, and files that are not as datapackage.json says."""
    path = release / "datapackage.json"
    for each in read_json(path)["resources"]:
        file = release / each["path"]
        if not file.is_file():
            yield f"{each['path']}: is missing, and datapackage.json lists it"
        # What no sum covers has none there either.
        elif "hash" in each and each["hash"] != f"sha256:{sha256_of(file)}":
            yield f"{each['path']}: is not what datapackage.json says"
    try:
        for resource, verdict in validate_package(path):
            if not verdict.valid:
                counts = ", ".join(f"{count} × {kind}" for kind, count in verdict.counts.items())
                yield f"{resource.name}: breaks its schema: {counts}"
    except PipelineError as error:
        yield f"datapackage.json: {error}"
