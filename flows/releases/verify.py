"""Verify: whether a release is what it says it is, from its files alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from flows.errors import PipelineError
from flows.files import read_json, sha256_of
from flows.publish.database import content_of
from flows.publish.release import MANIFEST, SUMS, UNSUMMED, read_manifest
from flows.steps.validate.package import validate_package
from flows.warehouse import connect, quote_text

DOCUMENTS = ("changes", "errata", "renamed")
# Whose rows speak of an indicator and a territory, whatever their schemas say of foreign keys.
OF_BOTH = ("observations", "observations_as_published", "comparisons")


def verify_release(release: Path, schemas: Path) -> list[str]:
    """Every fault of a release; none, if it keeps all that it promises."""
    faults = verify_files(release)
    if faults:
        return faults  # what is read of damaged files says nothing
    return [*verify_tables(release), *_verify_package(release), *_verify_json(release, schemas)]


def verify_files(release: Path) -> list[str]:
    """Files that are not there, not as their sum says, or that no sum knows."""
    try:
        lines = (release / SUMS).read_text(encoding="utf-8").splitlines()
        told = {path: sha256 for sha256, path in (line.split("  ", 1) for line in lines)}
    except (OSError, ValueError) as error:
        return [f"{SUMS}: cannot be read: {error}"]
    present = {
        path.relative_to(release).as_posix()
        for path in release.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }
    faults = [f"{path}: is missing" for path in sorted({*told, *UNSUMMED, MANIFEST} - present)]
    faults += [f"{path}: no sum knows it" for path in sorted(present - told.keys() - UNSUMMED)]
    return faults + [
        f"{path}: is not what {SUMS} says"
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
        with connect(release / "jalon.duckdb", read_only=True) as con:
            return [
                fault
                for table, told in manifest["tables"].items()
                for fault in _verify_table(con, release, table, told, schemas[table])
            ] + [fault for table in OF_BOTH for fault in _verify_names(con, table)]
    except (PipelineError, KeyError) as error:
        return [f"jalon.duckdb: {error}"]


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


def _verify_json(release: Path, schemas: Path) -> Iterator[str]:
    """Documents that are not as the JSON Schemas of this project say."""
    from jsonschema import Draft202012Validator

    for name in DOCUMENTS:
        path = release / f"{name}.json"
        if not path.is_file():
            yield f"{name}.json: is missing"
            continue
        checker = Draft202012Validator(read_json(schemas / f"{name}.schema.json"))
        for error in checker.iter_errors(read_json(path)):
            yield f"{name}.json: {error.json_path}: {error.message}"
