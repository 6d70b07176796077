"""Describe: the tables that say what is published, from the catalogue and the files used."""

import duckdb

from flows.catalog import Catalog, Indicator
from flows.catalog.lineage import Reads, sources_of
from flows.handover import Report
from flows.warehouse import query_errors, reads_of, run_query, shared_sql, transaction


def describe_release(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, reports: dict[str, list[Report]]
) -> None:
    """Make indicators.territories, indicators.indicators, and a table for each publication."""
    with transaction(con):
        con.table("core.territories").create("indicators.territories")
    for publication in catalog.publications.values():
        query = catalog.queries["publications"][publication.name]
        where = f"catalog/publications/{publication.name}.sql"
        rows = run_query(con, query, where)
        with query_errors(where), transaction(con):
            rows.create(f"indicators.{publication.name}")
    con.execute(shared_sql("indicators"))
    reads = reads_of(catalog.queries)
    rows_of = [_row(catalog, each, reads, reports) for each in catalog.indicators.values()]
    marks = ", ".join("?" for _ in rows_of[0])
    con.executemany(f"insert into parts.descriptions values ({marks})", rows_of)
    con.execute(shared_sql("indicators_dated"))


def note_parts(
    con: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    parts: dict[str, str],
    reports: dict[str, list[Report]],
) -> None:
    """Note what the warehouse was made from: made_from, tables_read and files_used in parts."""
    con.execute(shared_sql("made_from"))
    con.executemany("insert into parts.made_from values (?, ?)", list(parts.items()))
    reads = reads_of(catalog.queries)
    read = [[f"core.{name}", sorted(reads[f"core.{name}"])] for name in catalog.queries["tables"]]
    con.executemany("insert into parts.tables_read values (?, ?)", read)
    files = [_file(report) for every in reports.values() for report in every]
    marks = ", ".join("?" for _ in files[0])
    con.executemany(f"insert into parts.files_used values ({marks})", files)


def _file(report: Report) -> list[str | int | None]:
    """One row of parts.files_used, in the order of its columns."""
    known = [report.source, report.edition, report.file, report.sha256, report.modified]
    rejects = str(report.folder / "rejects.csv")
    return [*known, report.rows, report.rejected_rows, str(report.valid), rejects]


def _row(
    catalog: Catalog,
    indicator: Indicator,
    reads: Reads,
    reports: dict[str, list[Report]],
) -> list[str | int | float]:
    """One row of parts.descriptions, in the order of its columns."""
    sources = sources_of(catalog, reads, f"indicators/{indicator.name}")
    dataset = next(d.name for d in catalog.datasets.values() if indicator.name in d.indicators)
    return [
        indicator.name,
        dataset,
        indicator.title.fr,
        indicator.title.en,
        indicator.unit.fr,
        indicator.unit.en,
        indicator.theme,
        indicator.direction,
        indicator.rollup,
        indicator.per,
        indicator.decimals,
        indicator.coverage,
        indicator.published_from,
        indicator.description.fr,
        indicator.description.en,
        indicator.method.fr,
        indicator.method.en,
        ", ".join(sources),
        ", ".join(sorted({catalog.sources[name].licence for name in sources})),
        "; ".join(_vintages(name, reports.get(name, [])) for name in sources),
        ", ".join(indicator.usage_warnings),
    ]


def _vintages(name: str, reports: list[Report]) -> str:
    """For a source: its editions, and the date of the newest file."""
    editions = [str(report.edition) for report in reports if report.edition is not None]
    newest = max((report.modified for report in reports), default="")
    return f"{name} {', '.join(editions)} ({newest})".replace("  ", " ")
