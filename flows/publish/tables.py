"""Tables: every published table, and the observations of each dataset, as Parquet and CSV."""

import json
from typing import Any

from flows.catalog import Dataset
from flows.errors import CatalogError
from flows.publish.draft import Draft, texts_of
from flows.warehouse import quote_text

LARGE_ROWS = 100_000  # over this a CSV has to be gzipped: no spreadsheet would open it well
# Beside what the catalogue says is packed.
PACKED = ("observations_as_published", "comparisons", "similar_territories")
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
            publication, rows = draft.catalog.publications.get(table), f"from indicators.{table}"
            if publication:
                name, packed = publication.dataset, publication.packed
                where = f"catalog/publications/{table}.yml"
            else:
                name, packed, where = table, table in PACKED, "flows/publish/tables.py"
            path = csv_path(draft, f"data/{name}.csv", rows, packed, where)
            _write_csv(draft, table, rows, path)
            schema = draft.schema(table)
            draft.add(name, path, schema, *texts_of(schema), draft.made_of(table))
    for dataset in draft.catalog.datasets.values():
        name, rows = f"observations_{dataset.name}", _rows_of(dataset)
        path = csv_path_of(draft, f"data/{name}.csv", dataset)
        _write_csv(draft, "observations", rows, path)
        texts = (dataset.title, dataset.description)
        draft.add(name, path, draft.schema("observations"), *texts, dataset.made_of)


def csv_path_of(draft: Draft, path: str, dataset: Dataset) -> str:
    """Where the observations of *dataset* stand as a CSV: at *path*, or packed."""
    where = f"catalog/datasets/{dataset.name}.yml"
    return csv_path(draft, path, _rows_of(dataset), dataset.packed, where)


def csv_path(draft: Draft, path: str, rows: str, packed: bool, where: str) -> str:
    """Its address for ever: *path*, with `.gz` where it is *packed*, which *where* says.

    Raises CatalogError for so many rows that it has to be.
    """
    if packed:
        return f"{path}.gz"
    count = draft.con.sql(f"select count(*) as row_count {rows}").fetchall()[0][0]
    if count > LARGE_ROWS:
        problem = (
            f"{path} would have {count:,} rows, and over {LARGE_ROWS:,} no spreadsheet opens it"
        )
        hint = f"say packed: true there, which moves it to {path}.gz for good"
        raise CatalogError(where, problem, hint)
    return path


def compression_of(path: str) -> str:
    """How a file of that name is packed, as an option of COPY."""
    return "gzip" if path.endswith(".gz") else "none"


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


def _write_csv(draft: Draft, table: str, rows: str, path: str) -> None:
    query = f"select {_columns(draft, table)} {rows}"
    draft.copy_csv(query, path, draft.order(table), compression_of(path))
