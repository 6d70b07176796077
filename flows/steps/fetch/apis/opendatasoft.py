"""OpenDataSoft: a dataset of one of its portals, exported whole or page by page.

See https://help.opendatasoft.com/apis/ods-explore-v2/.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flows.catalog import Source
from flows.catalog.apis import OpenDataSoft
from flows.errors import SourceError
from flows.steps.fetch.apis.pages import Row, Tally, rows_of, total_of
from flows.steps.fetch.apis.target import Target

if TYPE_CHECKING:
    from flows.steps.fetch.http import Client

PAGE_ROWS = 100  # the most that it gives
MOST_ROWS = 10_000  # limit and offset together may be no more


def export_target(source: Source, api: OpenDataSoft) -> Target:
    """The whole dataset, under the names of its columns rather than their labels."""
    told = _asked(api)
    if source.format == "csv":
        told = {"use_labels": "false", "delimiter": source.csv.delimiter, **told}
    query = urlencode(told, doseq=True)
    return Target(f"{api.address}/exports/{source.format}" + (f"?{query}" if query else ""))


def read_records(client: "Client", name: str, api: OpenDataSoft) -> Iterator[Row]:
    """The rows, up to the 10,000 that pages can give.

    Raises SourceError when there are more, or not as many as `total_count`.
    """
    tally = Tally(name)
    while tally.total is None or tally.count < tally.total:
        params = {**_asked(api), "limit": PAGE_ROWS, "offset": tally.count}
        page = client.get_json(name, f"{api.address}/records", params=params)
        total = total_of(name, page, "total_count")
        _refuse_many(name, total)
        rows = tally.take(rows_of(name, page, "results"), total)
        if not rows:
            break
        yield from rows
    tally.close()


def _asked(api: OpenDataSoft) -> dict[str, str | list[str]]:
    told = {"select": api.select, "where": api.where, "refine": list(api.refine)}
    return {key: value for key, value in told.items() if value}


def _refuse_many(name: str, total: int) -> None:
    if total > MOST_ROWS:
        problem = f"has {total:,} rows, and pages end at {MOST_ROWS:,}"
        raise SourceError(name, problem, "use mode: export in its YAML")
