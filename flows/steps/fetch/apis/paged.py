"""Paged: interfaces that give their rows page by page, and how many there are.

The tabular API: https://tabular-api.data.gouv.fr/api/doc; Explore 2.1:
https://help.opendatasoft.com/apis/ods-explore-v2/; Melodi: https://portail-api.insee.fr.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flows.catalog.apis import Melodi, OpenDataSoft, Tabular
from flows.errors import SourceError

if TYPE_CHECKING:
    from flows.steps.fetch.http import Client

Rows = Iterator[dict[str, Any]]
TABULAR_ROWS = 200  # the most that it gives in a page
RECORDS_ROWS = 100
MOST_RECORDS = 10_000  # an offset beyond is refused
MELODI_ROWS = 10_000
LATER = "try again later; if it stays so, tell the publisher"


def read_tabular(client: "Client", name: str, api: Tabular) -> Rows:
    """The rows of a resource, without the number that the API gives each."""
    page = client.get_json(name, api.address, params={"page_size": TABULAR_ROWS, **api.filters})
    total, count, been = _total(name, page, "meta", "total"), 0, set[str]()
    while True:
        for row in _list(name, page, "data"):
            count += 1
            yield {key: value for key, value in row.items() if key != "__id"}
        following = (page.get("links") or {}).get("next")
        if not following:
            break
        _refuse_round(name, following, been)
        page = client.get_json(name, _same_host(name, api.base, following))
        _refuse_change(name, total, _total(name, page, "meta", "total"))
    _refuse_lack(name, total, count)


def read_records(client: "Client", name: str, api: OpenDataSoft) -> Rows:
    """The rows of a dataset, up to the 10,000 that pages can give."""
    told = {"select": api.select, "where": api.where, "refine": list(api.refine)}
    asked = {key: value for key, value in told.items() if value}
    total, count = None, 0
    while total is None or count < total:
        params = {**asked, "limit": RECORDS_ROWS, "offset": count}
        page = client.get_json(name, f"{api.address}/records", params=params)
        found = _total(name, page, "total_count")
        if found > MOST_RECORDS:
            problem = f"has {found:,} rows, and pages end at {MOST_RECORDS:,}"
            raise SourceError(name, problem, "use mode: export in its YAML")
        total = found if total is None else _refuse_change(name, total, found)
        rows = _list(name, page, "results")
        if not rows:
            break
        count += len(rows)
        yield from rows
    _refuse_lack(name, total or 0, count)


def read_melodi(client: "Client", name: str, api: Melodi) -> Rows:
    """One row per observation: its dimensions, OBS_VALUE, and its attributes and statuses."""
    params = {
        key: each if isinstance(each, str) else list(each) for key, each in api.filters.items()
    }
    page = client.get_json(name, api.address, params={**params, "maxResult": MELODI_ROWS})
    been = set[str]()
    while True:
        for each in _list(name, page, "observations"):
            yield _flatten(each)
        paging = page.get("paging") or {}
        if paging.get("isLast", True) or not paging.get("next"):
            return
        _refuse_round(name, paging["next"], been)
        page = client.get_json(name, _same_host(name, api.base, paging["next"]))


def _flatten(observation: dict[str, Any]) -> dict[str, Any]:
    """Dimensions, then the measure, whatever its name, then attributes: OBS_STATUS, CONF_STATUS."""
    measures = observation.get("measures") or {}
    value = next((each.get("value") for each in measures.values()), None)
    return {
        **(observation.get("dimensions") or {}),
        "OBS_VALUE": value,
        **(observation.get("attributes") or {}),
    }


def _list(name: str, page: Any, key: str) -> list[dict[str, Any]]:
    rows = page.get(key) if isinstance(page, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SourceError(name, f"a page gives no list of rows under {key}", LATER)
    return rows


def _total(name: str, page: Any, *way: str) -> int:
    for part in way:
        page = page.get(part) if isinstance(page, dict) else None
    if not isinstance(page, int):
        raise SourceError(name, f"a page does not tell its {'/'.join(way)}", LATER)
    return page


def _same_host(name: str, base: str, following: str) -> str:
    """The next page, if it is of the same server: it may hold a token."""
    if urlsplit(following)[:2] != urlsplit(base)[:2]:
        told = urlsplit(following).netloc or following
        raise SourceError(name, f"the next page is on another server: {told}", LATER)
    return following


def _refuse_round(name: str, following: str, been: set[str]) -> None:
    if following in been:
        raise SourceError(name, "the same page comes again and again", LATER)
    been.add(following)


def _refuse_change(name: str, before: int, after: int) -> int:
    if before != after:
        problem = f"its rows change while they are read: {before:,}, then {after:,}"
        raise SourceError(name, problem, LATER)
    return after


def _refuse_lack(name: str, total: int, count: int) -> None:
    if count != total:
        raise SourceError(name, f"its pages give {count:,} rows of {total:,}", LATER)
