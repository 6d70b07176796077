"""Load: validated rows → raw.<source>, as published → core.<source>, named and typed."""

import duckdb

from flows.catalog import Catalog, Source
from flows.catalog.models import Correction
from flows.errors import SourceError
from flows.handover import Report
from flows.spatial import load_spatial
from flows.warehouse import (
    build_order,
    explain,
    query_errors,
    quote_name,
    quote_text,
    run_query,
    shared_sql,
    tables_read,
    transaction,
)

SUCCESSORS = "core.commune_successors"
# What is read of every source with a territory.
MAP = frozenset((SUCCESSORS, "core.communes", "core.administrative_divisions_departements"))
BOUNDARIES = "core.commune_boundaries"
DECLARED = "declared_members"


def create_floors(con: duckdb.DuckDBPyConnection) -> None:
    """The schemas of the warehouse, empty; queries may use the functions of geometry."""
    con.execute(shared_sql("floors"))
    load_spatial(con)


def load_raw(con: duckdb.DuckDBPyConnection, source: Source, reports: list[Report]) -> None:
    """Fill raw.<source> from all its editions, then apply the corrections that its YAML declares.

    Of each column with `secret_values` comes `<column>_is_secret` beside it.

    Raises SourceError when a correction no longer finds what it expects.
    """
    files = [str(report.valid) for report in reports]
    with transaction(con):
        rows = con.read_parquet(files, union_by_name=True)
        rows.project(_mark_secrets(source)).create(f"raw.{source.name}")
    for correction in source.corrections:
        _correct(con, source, correction)


def order_core(catalog: Catalog) -> list[str]:
    """Sources, tables and DECLARED, each after what it reads; who needs the map comes after it."""
    queries = catalog.queries["sources"] | catalog.queries["tables"]
    reads = {f"core.{name}": tables_read(query) for name, query in queries.items()}
    for name, geography in catalog.geographies.items():
        reads[f"core.{name}"] |= MAP
        if geography.coordinates:
            reads[f"core.{name}"] |= {BOUNDARIES}
    for name in catalog.coarse_geographies:
        reads[f"core.{name}"] |= {"core.communes"}
    zonings = {f"core.{source.name}" for source in catalog.sources.values() if source.zoning}
    reads[f"core.{DECLARED}"] = frozenset({SUCCESSORS, "core.communes", *zonings})
    return [name.removeprefix("core.") for name in build_order(reads)]


def build_core(con: duckdb.DuckDBPyConnection, catalog: Catalog, name: str) -> None:
    """Make core.<name> with the query of that source or table.

    Raises SourceError when a value of a source does not convert to the type that its SQL gives it,
    and CatalogError when a query does not run.
    """
    kind = "sources" if name in catalog.sources else "tables"
    where = f"catalog/{kind}/{name}.sql"
    relation = run_query(con, catalog.queries[kind][name], where)
    with query_errors(where), transaction(con):
        try:
            relation.create(f"core.{name}")
        except duckdb.ConversionException as error:
            if kind == "tables":
                raise
            hint = f"mend schemas/sources/{name}.json or {where}"
            raise SourceError(name, explain(error), hint) from error


def _mark_secrets(source: Source) -> str:
    """All columns, as SQL: without the marks of what is secret, which a column of each tells."""
    if not source.secret_values:
        return "*"
    emptied, told = [], []
    for name, marks in source.secret_values.items():
        column = quote_name(name)
        listed = ", ".join(quote_text(mark) for mark in marks)
        is_mark = f"coalesce(trim(cast({column} as varchar)), '') in ({listed})"
        emptied.append(f"case when not {is_mark} then {column} end as {column}")
        told.append(f"{is_mark} as {quote_name(f'{name}_is_secret')}")
    return f"* replace ({', '.join(emptied)}), {', '.join(told)}"


def _correct(con: duckdb.DuckDBPyConnection, source: Source, correction: Correction) -> None:
    column = quote_name(correction.column)
    with query_errors(f"catalog/sources/{source.name}.yml"):
        found = con.execute(
            f"update raw.{source.name} set {column} = ? where {column} = ?",
            [correction.use, correction.found],
        ).fetchall()[0][0]
    if found != correction.rows:
        raise SourceError(
            source.name,
            f"the correction of {correction.column} = {correction.found!r} expects"
            f" {correction.rows} rows and finds {found}",
            "the publisher may have mended the file: take the correction out of its YAML",
        )
