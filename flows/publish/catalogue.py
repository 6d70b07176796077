"""Catalogue: the tables of jalon.duckdb that say what stands in it, and queries to begin with."""

from collections.abc import Iterator, Sequence
from typing import Any

from flows.catalog.lineage import sources_of
from flows.publish.draft import Draft
from flows.publish.renamed import renamed_in
from flows.warehouse import SQL, reads_of, shared_sql


def fill_catalogue(draft: Draft) -> None:
    """Fill the tables of published_catalogue.sql."""
    catalog = draft.catalog
    _insert(draft, "datasets", list(_datasets(draft)))
    _insert(draft, "sources", list(_sources(draft)))
    draft.con.execute(
        "insert into published.source_files select source, edition, sha256, modified, row_count,"
        " rejected_rows from parts.files_used order by all"
    )
    themes = [(name, each.title.fr, each.title.en) for name, each in catalog.themes.items()]
    _insert(draft, "themes", themes)
    _insert(
        draft,
        "licences",
        [(n, e.title, e.path, e.spdx, e.share_alike) for n, e in catalog.licences.items()],
    )
    _insert(draft, "statuses", list(_statuses(draft)))
    _insert(draft, "columns", [row for table in draft.tables for row in _columns(draft, table)])
    _insert(draft, "example_queries", list(read_examples()))
    _insert(draft, "release_facts", list(_facts(draft)))
    _insert(draft, "renamed", list(renamed_in(draft.catalog).items()))


def read_examples() -> Iterator[tuple[str, str, str, str]]:
    """Every file of flows/sql/examples/: its name, what it shows in both languages, the query."""
    for path in sorted((SQL / "examples").glob("*.sql")):
        fr, en, query = path.read_text(encoding="utf-8").split("\n", 2)
        yield path.stem, fr.removeprefix("-- "), en.removeprefix("-- "), query.strip()


def _insert(draft: Draft, table: str, rows: Sequence[Sequence[Any]]) -> None:
    if not rows:
        return
    marks = ", ".join("?" for _ in rows[0])
    draft.con.executemany(f"insert into published.{table} values ({marks})", rows)


def _datasets(draft: Draft) -> Iterator[tuple[str, ...]]:
    catalog = draft.catalog
    reads = reads_of(catalog.queries)
    for name, each in catalog.datasets.items():
        licence = draft.licence(each.made_of).name
        texts = (each.title.fr, each.title.en, each.description.fr, each.description.en)
        yield name, *texts, licence, ", ".join(sources_of(catalog, reads, *each.made_of))


def _sources(draft: Draft) -> Iterator[tuple[str, ...]]:
    vintages = dict(draft.con.execute(shared_sql("source_vintages")).fetchall())
    for name, each in draft.catalog.sources.items():
        told = (each.publisher, each.homepage, each.licence, each.cadence)
        yield name, each.title.fr, each.title.en, *told, vintages[name]


def _statuses(draft: Draft) -> Iterator[tuple[str, str, str]]:
    for field in draft.schema("observations")["fields"]:
        if field["name"] == "obs_status":
            for each in field["categories"]:
                yield each["value"], each["label"], each["label_en"]


def _columns(draft: Draft, table: str) -> Iterator[tuple[str, ...]]:
    keys = ("name", "type", "title", "title_en", "description", "description_en")
    for field in draft.schema(table)["fields"]:
        yield table, *(field[key] for key in keys)


def _facts(draft: Draft) -> Iterator[tuple[str, str]]:
    package = draft.catalog.package
    licence = draft.catalog.licences[package.licence]
    yield "title_fr", package.title.fr
    yield "title_en", package.title.en
    yield "version", draft.version
    yield "publisher", package.publisher
    yield "address", package.base_url
    yield "licence", licence.title
    yield "storage_version", "DuckDB 1.0"
