"""Tables: every published table, and the observations of each dataset, as Parquet and CSV."""

import json
from typing import Any

from flows.catalog import Dataset
from flows.publish.draft import Draft, texts_of
from flows.warehouse import quote_text

LARGE_ROWS = 100_000  # over this a CSV is gzipped: no spreadsheet would open it well
# Few enough that one territory of three million observations is had with 200 kB of range requests,
# of which the footer, that grows with the number of groups, is a third.
GROUP_ROWS = 40_960


def write_parquets(draft: Draft) -> None:
    """Every published table, and the observations by dataset, as data/<name>.parquet."""
    for table in draft.tables:
        schema, made_of = draft.schema(table), draft.made_of(table)
        path = f"data/{table}.parquet"
        _write_parquet(draft, table, f"from indicators.{table}", path, made_of)
        draft.add(f"{table}_parquet", path, schema, *texts_of(schema), made_of)
    for dataset in draft.catalog.datasets.values():
        name, made_of = f"observations_{dataset.name}", dataset.made_of
        path = f"data/{name}.parquet"
        _write_parquet(draft, "observations", _rows_of(dataset), path, made_of)
        schema = draft.schema("observations")
        texts = (dataset.title, dataset.description)
        draft.add(f"{name}_parquet", path, schema, *texts, made_of)


def write_csvs(draft: Draft) -> None:
    """The observations of each dataset, and the other tables whole."""
    for table in draft.tables:
        if table != "observations":
            publication = draft.catalog.publications.get(table)
            name = publication.dataset if publication else table
            path = _write_csv(draft, table, f"from indicators.{table}", name)
            schema = draft.schema(table)
            draft.add(name, path, schema, *texts_of(schema), draft.made_of(table))
    for dataset in draft.catalog.datasets.values():
        name = f"observations_{dataset.name}"
        path = _write_csv(draft, "observations", _rows_of(dataset), name)
        texts = (dataset.title, dataset.description)
        draft.add(name, path, draft.schema("observations"), *texts, dataset.made_of)


def parquet_options(told: dict[str, str]) -> str:
    """How Parquet is written, as options of COPY; *told* stands in its footer."""
    pairs = ", ".join(f"{key}: {quote_text(text)}" for key, text in told.items())
    groups = f"row_group_size {GROUP_ROWS}"
    return f"format parquet, compression zstd, {groups}, kv_metadata {{{pairs}}}"


def describe_parquet(
    draft: Draft, schema: dict[str, Any], made_of: tuple[str, ...]
) -> dict[str, str]:
    """What a Parquet file says of itself: where it comes from, its columns, its units."""
    catalog, package = draft.catalog, draft.catalog.package
    licence, every = draft.licence(made_of), draft.whole(made_of)
    named = [each.removeprefix("indicators/") for each in every if each.startswith("indicators/")]
    told = {
        name: {
            "title": catalog.indicators[name].title.fr,
            "title_en": catalog.indicators[name].title.en,
            "unit": catalog.indicators[name].unit.fr,
            "unit_en": catalog.indicators[name].unit.en,
        }
        for name in named
    }
    return {
        "package": package.id,
        "version": draft.version,
        "publisher": package.publisher,
        "homepage": package.homepage,
        "licence": licence.spdx or licence.name,
        "licence_path": licence.path,
        **({"table_schema": json.dumps(schema, ensure_ascii=False)} if schema else {}),
        **({"indicators": json.dumps(told, ensure_ascii=False)} if told else {}),
    }


def _rows_of(dataset: Dataset) -> str:
    names = ", ".join(f"'{name}'" for name in dataset.indicators)
    return f"from indicators.observations where indicator in ({names})"


def _columns(draft: Draft, table: str) -> str:
    return ", ".join(field["name"] for field in draft.schema(table)["fields"])


def _write_parquet(
    draft: Draft, table: str, rows: str, path: str, made_of: tuple[str, ...]
) -> None:
    told = describe_parquet(draft, draft.schema(table), made_of)
    query = f"select {_columns(draft, table)} {rows} order by {draft.order(table)}"
    draft.copy(query, path, parquet_options(told))


def _write_csv(draft: Draft, table: str, rows: str, name: str) -> str:
    count = draft.con.sql(f"select count(*) as row_count {rows}").fetchall()[0][0]
    is_large = count > LARGE_ROWS
    path = f"data/{name}.csv" + (".gz" if is_large else "")
    query = f"select {_columns(draft, table)} {rows}"
    draft.copy_csv(query, path, draft.order(table), "gzip" if is_large else "none")
    return path
