"""Served: whether the files stand at an address as readers need them.

DuckDB and the SQL of web pages read parts of Parquet and of the database: the server has to give
ranges (206), and to let pages of other sites ask (CORS).
"""

from collections.abc import Sequence
from dataclasses import replace

import requests

from flows.errors import CatalogError
from flows.media_types import DEFAULT
from flows.preflight.harvested import Harvested, Resource
from flows.preflight.verdicts import Judged, Verdict

PATIENCE_SECONDS = 10
READ_IN_PARTS = frozenset(("parquet", "duckdb"))


def check_served(
    judged: Sequence[Judged], datasets: Sequence[Harvested], told: str, served: str
) -> list[Judged]:
    """The verdicts with those on every file, asked at *served* in place of the address *told*."""
    checked = []
    with requests.Session() as session:
        session.headers["Origin"] = "https://www.data.gouv.fr"
        session.headers["Accept-Encoding"] = "identity"  # or the size is that of what is sent
        for each, dataset in zip(judged, datasets, strict=False):
            faults = [
                fault
                for resource in dataset.resources
                for fault in _faults(session, resource, told, served)
            ]
            checked.append(replace(each, verdicts=(*each.verdicts, *_tell(dataset, faults))))
    return [*checked, *judged[len(checked) :]]


def _tell(dataset: Harvested, faults: list[Verdict]) -> list[Verdict]:
    """One verdict for each thing that is asked of a server: the first file that fails it."""
    first: dict[str, Verdict] = {}
    for fault in faults:
        first.setdefault(fault.criterion, fault)
    count = len(dataset.resources)
    return [
        first.get(criterion, Verdict(criterion, "ok", f"{count} files"))
        for criterion in ("reachable", "size", "media_type", "ranges", "cors")
    ]


def _faults(session: requests.Session, resource: Resource, told: str, served: str) -> list[Verdict]:
    """What is wrong with one file at its server; where it cannot be had, nothing more is said."""
    url = served.rstrip("/") + "/" + resource.url.removeprefix(told)
    try:
        answer = session.head(url, timeout=PATIENCE_SECONDS, allow_redirects=True)
    except requests.RequestException as error:
        raise CatalogError(url, f"does not answer: {error}", "start its server") from error
    if answer.status_code != requests.codes.ok:
        return [Verdict("reachable", "refused", f"{answer.status_code} at {url}")]
    faults = []
    size = int(answer.headers.get("Content-Length", -1))
    if resource.size is not None and size not in (resource.size, -1):
        faults.append(Verdict("size", "poor", f"{size} bytes, not {resource.size}: {url}"))
    media_type = answer.headers.get("Content-Type", DEFAULT).partition(";")[0]
    if media_type != resource.media_type:
        message = f"{media_type}, not {resource.media_type}: {url}"
        faults.append(Verdict("media_type", "poor", message))
    if "Access-Control-Allow-Origin" not in answer.headers:
        faults.append(Verdict("cors", "poor", f"not allowed for other sites: {url}"))
    if resource.format in READ_IN_PARTS:
        faults += _range_faults(session, url)
    return faults


def _range_faults(session: requests.Session, url: str) -> list[Verdict]:
    asked = {"Range": "bytes=0-3"}
    with session.get(url, headers=asked, timeout=PATIENCE_SECONDS, stream=True) as answer:
        if answer.status_code == requests.codes.partial_content:
            return []
        message = f"the whole file comes ({answer.status_code}, not 206): {url}"
        return [Verdict("ranges", "poor", message)]
