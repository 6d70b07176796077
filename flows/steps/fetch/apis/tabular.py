"""Tabular: a resource of data.gouv.fr, row by row, as its platform has read it.

See https://github.com/datagouv/api-tabular.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flows.catalog.apis import Tabular
from flows.steps.fetch.apis.pages import Row, Tally, find, rows_of, same_server, total_of

if TYPE_CHECKING:
    from flows.steps.fetch.http import Client

PAGE_ROWS = 200  # the most that it gives


def read_tabular(client: "Client", name: str, api: Tabular) -> Iterator[Row]:
    """The rows, in the order of the file, without the number that the API gives each (`__id`).

    Raises SourceError when they are not as many as `meta.total`.
    """
    page = client.get_json(name, api.address, params={"page_size": PAGE_ROWS, **api.filters})
    tally = Tally(name)
    while True:
        rows = tally.take(rows_of(name, page, "data"), total_of(name, page, "meta", "total"))
        for row in rows:
            yield {key: value for key, value in row.items() if key != "__id"}
        following = find(page, "links", "next")
        if not following or not rows:
            return tally.close()
        page = client.get_json(name, same_server(name, api.base, following))
