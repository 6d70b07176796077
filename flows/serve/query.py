"""Query: observations by indicator, level, territory and period, a page at a time.

The SQL is ours, and what is asked for is bound to it as parameters.
"""

import hashlib
import json
from collections import OrderedDict
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from anyio import CapacityLimiter, WouldBlock, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from flows.errors import MachineError
from flows.media_types import served_type_of
from flows.serve.asked import MARK, Asked, WrongQueryError, read_query
from flows.serve.files import FOR_EVER, METHODS, SHORTLY, is_known
from flows.serve.published import Published
from flows.serve.store import Store, TooLongError
from flows.warehouse import shared_sql

CONDITIONS = {
    "indicator": "observations.indicator in (select unnest($indicator))",
    "level": "territories.level in (select unnest($level))",
    "territory": "observations.territory_id in (select unnest($territory))",
    "period": "observations.period in (select unnest($period))",
}
KEY = "observations.territory_id, observations.indicator, observations.period"
IN_ORDER = "territory_id, indicator, period"
NEXT = f"({KEY}) > ($territory_before, $indicator_before, $period_before)"
COLUMNS = (
    "indicator",
    "territory_id",
    "level",
    "name",
    "period",
    "value",
    "numerator",
    "denominator",
    "coverage",
    "obs_status",
    "conf_status",
)
WRITTEN = {"csv": "format csv, header", "parquet": "format parquet, compression zstd"}
AT_ONCE, WAITING = 2, 8  # queries that run, and that wait for their turn
STORES = 3


class Queries:
    """Answers queries on any release; the databases of the last few are kept open."""

    def __init__(self, published: Published) -> None:
        self._published = published
        self._stores: OrderedDict[Path, Store] = OrderedDict()
        self._opening = Lock()
        self._running = CapacityLimiter(AT_ONCE)
        self._asked = CapacityLimiter(AT_ONCE + WAITING)

    async def answer(self, request: Request) -> Response:
        """The answer to one request."""
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"allow": ", ".join(METHODS)})
        base = request.path_params.get("base", "")
        release = self._published.release(base)
        if release is None:
            return JSONResponse({"error": "no such release"}, 404)
        try:
            self._asked.acquire_on_behalf_of_nowait(request)
        except WouldBlock:
            return _busy("many queries are being answered")
        try:
            return await to_thread.run_sync(self._answer, release, request, limiter=self._running)
        finally:
            self._asked.release_on_behalf_of(request)

    def _answer(self, release: Path, request: Request) -> Response:
        try:
            store = self._store(release)
            asked = read_query(request.query_params, store)
            response = _page(store, asked, request)
        except WrongQueryError as error:
            return JSONResponse(error.told, 400)
        except TooLongError:
            return _busy("this takes too long: name an indicator, a territory or a period")
        except MachineError as error:
            return _busy(str(error.args[1]))
        is_fixed = request.path_params.get("base", "").startswith("releases/")
        response.headers["cache-control"] = FOR_EVER if is_fixed else SHORTLY
        response.headers["etag"] = f'"{hashlib.sha256(response.body).hexdigest()}"'
        if is_known(dict(request.scope["headers"]), response.headers["etag"], 0):
            kept = {name: response.headers[name] for name in ("cache-control", "etag")}
            return Response(status_code=304, headers=kept)
        return response

    def _store(self, release: Path) -> Store:
        with self._opening:
            store = self._stores.get(release)
            if store is None:
                store = self._stores[release] = Store(release)
                while len(self._stores) > STORES:
                    self._stores.popitem(last=False)
            return store


def _busy(problem: str) -> Response:
    return JSONResponse({"error": problem}, 503, {"retry-after": "5"})


def _page(store: Store, asked: Asked, request: Request) -> Response:
    query, parameters = _select(asked)
    rows = store.rows(query, parameters | {"rows": asked.limit + 1})
    link = _next(asked, rows, request) if len(rows) > asked.limit else None
    headers = {"link": f'<{link}>; rel="next"'} if link else {}
    if asked.format in WRITTEN:
        if asked.format == "csv":  # no name is a formula, as in every other CSV
            query = f"select * replace (text_cell(name) as name) from ({query}) order by {IN_ORDER}"
        body = store.write(query, parameters | {"rows": asked.limit}, WRITTEN[asked.format])
        kind = served_type_of(f"x.{asked.format}")
        headers["content-disposition"] = f'attachment; filename="observations.{asked.format}"'
        return Response(body, headers=headers, media_type=kind)
    told = {
        "release": store.release,
        "observations": [_observation(row) for row in rows[: asked.limit]],
        "next": link,
        **({"renamed": asked.renamed} if asked.renamed else {}),
    }
    return Response(
        json.dumps(told, ensure_ascii=False), headers=headers, media_type="application/json"
    )


def _select(asked: Asked) -> tuple[str, dict[str, Any]]:
    """The query, and what is bound to it."""
    parameters: dict[str, Any] = {name: told for name, told in asked.names.items() if told}
    conditions = [CONDITIONS[name] for name in parameters]
    if asked.after:
        conditions.append(NEXT)
        names = ("territory_before", "indicator_before", "period_before")
        parameters |= dict(zip(names, asked.after, strict=True))
    where = f" where {' and '.join(conditions)}" if conditions else ""
    return f"{shared_sql('serve_observations')}{where} order by {KEY} limit $rows", parameters


def _next(asked: Asked, rows: list[tuple[Any, ...]], request: Request) -> str:
    """The address of the page that follows, as seen from this one."""
    last = dict(zip(COLUMNS, rows[asked.limit - 1], strict=True))
    after = MARK.join(last[name] for name in ("territory_id", "indicator", "period"))
    told = [each for each in request.query_params.multi_items() if each[0] != "after"]
    return f"query?{urlencode([*told, ('after', after)], safe=f',{MARK}')}"


def _observation(row: tuple[Any, ...]) -> dict[str, Any]:
    return {name: _cell(cell) for name, cell in zip(COLUMNS, row, strict=True)}


def _cell(cell: Any) -> Any:
    """A number without the zeros that say nothing."""
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell
