"""Cube: queries to a Cube.js server, which asks for a token.

See https://cube.dev/docs/product/apis-integrations/rest-api: "Continue wait", `limit`, `total`.
"""

import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flows.catalog.apis import Cube
from flows.errors import SourceError
from flows.steps.fetch.addresses import find_secrets, scrub
from flows.steps.fetch.apis.pages import Row, Tally, rows_of
from flows.steps.fetch.tokens import find_token

if TYPE_CHECKING:
    from flows.steps.fetch.http import Client

PAGE_ROWS = 10_000
WAITS = 30  # while the answer is computed
WAIT_SECONDS = 2.0
TOLD_CHARACTERS = 200


def read_cube(client: "Client", name: str, api: Cube) -> Iterator[Row]:
    """The rows of the query, page after page; its `limit` is that of a page.

    A server may give fewer rows than asked for: a short page is not the last one, an empty one is.
    Raises SourceError when there is no token, the server refuses the query or computes too long,
    or the rows are not as many as `total`, which old servers do not tell.
    """
    headers = {"Authorization": find_token(name, api.token)}
    query, tally = _complete(api.query), Tally(name)
    while tally.total is None or tally.count < tally.total:
        page = _ask(client, name, api, {**query, "offset": tally.count}, headers)
        rows = tally.take(rows_of(name, page, "data"), _read_total(page))
        if not rows:
            break
        yield from rows
    tally.close()


def _complete(query: dict[str, Any]) -> dict[str, Any]:
    """The query with all that pages need.

    Cube orders by one member alone: where others are equal, rows would jump from page to page.
    """
    times = [each for each in query.get("timeDimensions", []) if each.get("granularity")]
    members = [*(each["dimension"] for each in times), *query.get("dimensions", [])]
    order = {"order": [[each, "asc"] for each in members]} if members else {}
    return {"limit": PAGE_ROWS, **order, **query, "total": True}


def _read_total(page: dict[str, Any]) -> int | None:
    """The number of all rows, which some databases give as text."""
    told = str(page.get("total"))
    return int(told) if told.isascii() and told.isdigit() else None


def _ask(
    client: "Client", name: str, api: Cube, query: dict[str, Any], headers: dict[str, str]
) -> dict[str, Any]:
    params = {"query": json.dumps(query, sort_keys=True)}
    for _ in range(WAITS):
        page = client.get_json(name, api.address, params=params, headers=headers)
        if not isinstance(page, dict):
            raise SourceError(name, "the server answers no object", "look at base: in its YAML")
        if page.get("error") == "Continue wait":
            time.sleep(WAIT_SECONDS)
            continue
        if page.get("error"):
            # With status 200, and what it says may quote the token.
            told = scrub(str(page["error"]), find_secrets(api.address, headers))[:TOLD_CHARACTERS]
            problem = f"the server refuses the query: {told}"
            raise SourceError(name, problem, "mend query: in its YAML")
        return page
    problem = f"the server is still computing after {WAITS * WAIT_SECONDS:.0f} s"
    raise SourceError(name, problem, "try again later")
