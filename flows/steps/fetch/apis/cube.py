"""Cube: queries to a Cube.js server, which asks for a token.

See https://cube.dev/docs/product/apis-integrations/rest-api: "Continue wait" and pages.
"""

import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flows.catalog.apis import Cube
from flows.errors import SourceError
from flows.steps.fetch.tokens import find_token

if TYPE_CHECKING:
    from flows.steps.fetch.http import Client

PAGE_ROWS = 10_000
WAITS = 30  # while the answer is computed
WAIT_SECONDS = 2.0


def read_cube(client: "Client", name: str, api: Cube) -> Iterator[dict[str, Any]]:
    """The rows of the query, page after page.

    Raises SourceError when there is no token, or the server computes too long.
    """
    headers = {"Authorization": find_token(name, api.token)}
    offset = 0
    while True:
        query = {**api.query, "limit": PAGE_ROWS, "offset": offset}
        rows = _ask(client, name, api, query, headers)
        yield from rows
        offset += len(rows)
        if len(rows) < PAGE_ROWS:
            return


def _ask(
    client: "Client", name: str, api: Cube, query: dict[str, Any], headers: dict[str, str]
) -> list[dict[str, Any]]:
    params = {"query": json.dumps(query, sort_keys=True)}
    for _ in range(WAITS):
        page = client.get_json(name, api.address, params=params, headers=headers)
        told = page.get("error") if isinstance(page, dict) else "no answer"
        if told == "Continue wait":
            time.sleep(WAIT_SECONDS)
            continue
        if told or not isinstance(page.get("data"), list):
            # A server may repeat what it was sent, and the token with it.
            said = str(told or "no data").replace(headers["Authorization"], "<token>")
            problem = f"the server refuses the query: {said}"
            raise SourceError(name, problem, "mend query: in its YAML")
        return list(page["data"])
    problem = f"the server is still computing after {WAITS * WAIT_SECONDS:.0f} s"
    raise SourceError(name, problem, "try again later")
