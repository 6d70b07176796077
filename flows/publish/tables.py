"""Tables: Parquet of every published table, and the observations as one CSV per dataset."""

import json

from flows.publish.draft import Draft, texts_of

LARGE_ROWS = 100_000  # over this a CSV is gzipped: no spreadsheet would open it well


def write_parquets(draft: Draft) -> None:
    """Every published table as data/<name>.parquet, with its Table Schema inside."""
    for table in draft.tables:
        schema = draft.schema(table)
        columns = ", ".join(field["name"] for field in schema["fields"])
        told = json.dumps(schema, ensure_ascii=False).replace("'", "''")
        path = f"data/{table}.parquet"
        draft.copy(
            f"select {columns} from indicators.{table} order by {draft.order(table)}",
            path,
            "format parquet, compression zstd, row_group_size 122880,"
            f" kv_metadata {{table_schema: '{told}'}}",
        )
        draft.add(f"{table}_parquet", path, schema, *texts_of(schema))


def write_csvs(draft: Draft) -> None:
    """The observations of each dataset, and the other tables whole."""
    for table in draft.tables:
        if table != "observations":
            publication = draft.catalog.publications.get(table)
            name = publication.dataset if publication else table
            path = _write_csv(draft, table, f"from indicators.{table}", name)
            schema = draft.schema(table)
            draft.add(name, path, schema, *texts_of(schema))
    for dataset in draft.catalog.datasets.values():
        names = ", ".join(f"'{name}'" for name in dataset.indicators)
        rows = f"from indicators.observations where indicator in ({names})"
        name = f"observations_{dataset.name}"
        path = _write_csv(draft, "observations", rows, name)
        draft.add(name, path, draft.schema("observations"), dataset.title, dataset.description)


def _write_csv(draft: Draft, table: str, rows: str, name: str) -> str:
    count = draft.con.sql(f"select count(*) as row_count {rows}").fetchall()[0][0]
    is_large = count > LARGE_ROWS
    path = f"data/{name}.csv" + (".gz" if is_large else "")
    types = {
        column[0]: column[1] for column in draft.con.sql(f"select * {rows} limit 0").description
    }
    columns = ", ".join(
        _as_written(field["name"], str(types[field["name"]]))
        for field in draft.schema(table)["fields"]
    )
    compression = "gzip" if is_large else "none"
    query = f"select {columns} {rows} order by {draft.order(table)}"
    draft.copy(query, path, f"format csv, header, compression {compression}")
    return path


def _as_written(column: str, kind: str) -> str:
    """A decimal without the zeros that say nothing: 34875, not 34875.000000."""
    if not kind.upper().startswith("DECIMAL"):
        return column
    return f"rtrim(rtrim(cast({column} as varchar), '0'), '.') as {column}"
