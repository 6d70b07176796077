"""Melodi: datasets of INSEE, observation by observation, or as the files of its catalogue.

See https://portail-api.insee.fr (API Melodi) and https://inseefrlab.github.io/melodi, which tells
what the answers hold.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flows.catalog.apis import Melodi
from flows.errors import SourceError
from flows.steps.fetch.apis.pages import LATER, Row, Tally, find, rows_of, same_server
from flows.steps.fetch.apis.target import Target

if TYPE_CHECKING:
    from flows.steps.fetch.http import Client

# A tenth of what it allows: 100,000 observations come close to the largest JSON that we read.
PAGE_ROWS = 10_000
LANGUAGE = "FR"


def find_product(client: "Client", name: str, api: Melodi, format_: str) -> Target:
    """The one file of the dataset that has this format; a CSV comes in a zip.

    Raises SourceError when there is none, or more than one.
    """
    dataset = client.get_json(name, f"{api.base}/catalog/{api.dataset}")
    files = [each for each in rows_of(name, dataset, "product") if each.get("language") == LANGUAGE]
    fit = [each for each in files if _fits(each, api.file, format_)]
    if len(fit) != 1 or not fit[0].get("accessURL"):
        told = ", ".join(str(each.get("id")) for each in fit or files) or "none"
        problem = f"{len(fit)} files of {api.dataset} fit as {format_}, of {told}"
        raise SourceError(name, problem, "name one by file: in its YAML")
    return Target(str(fit[0]["accessURL"]), str(fit[0].get("modified") or "")[:10] or None)


def _fits(product: dict[str, Any], pattern: str | None, format_: str) -> bool:
    told = str(product.get("format")).lower() == format_
    return told and re.search(pattern or "", str(product.get("id"))) is not None


def read_melodi(client: "Client", name: str, api: Melodi) -> Iterator[Row]:
    """One row per observation: its dimensions, OBS_VALUE, and its attributes and statuses.

    `count` is told only if asked for, and `isLast` not where there is one page.
    Raises SourceError when the rows are not as many as `count`.
    """
    filters = {key: each if isinstance(each, str) else [*each] for key, each in api.filters.items()}
    params = {**filters, "maxResult": PAGE_ROWS, "totalCount": "TRUE"}
    page, tally = client.get_json(name, api.address, params=params), Tally(name)
    while True:
        paging = find(page, "paging") or {}
        count = find(paging, "count")
        told = count if isinstance(count, int) else None
        rows = tally.take(rows_of(name, page, "observations"), told)
        yield from (_flatten(name, each) for each in rows)
        following = None if find(paging, "isLast") else find(paging, "next")
        if not following or not rows:
            return tally.close()
        page = client.get_json(name, same_server(name, api.base, following))


def _flatten(name: str, observation: dict[str, Any]) -> Row:
    """Dimensions, then the measure, whose name tells its kind alone, then attributes.

    A secret value has none, and CONF_STATUS tells why.
    """
    measures = list((observation.get("measures") or {}).values())
    if len(measures) > 1:
        raise SourceError(name, f"an observation has {len(measures)} measures, not one", LATER)
    return {
        **(observation.get("dimensions") or {}),
        "OBS_VALUE": find(measures[0], "value") if measures else None,
        **(observation.get("attributes") or {}),
    }
