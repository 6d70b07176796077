"""Asked: what a query asks for, read strictly; what is wrong in it is said with what would do."""

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from starlette.datastructures import QueryParams

from flows.serve.store import Store

FILTERS = ("indicator", "level", "territory", "period")
KNOWN = (*FILTERS, "format", "limit", "after")
FORMATS = ("json", "csv", "parquet")
NAMES_AT_MOST = 100
ROWS, ROWS_AT_MOST = 1_000, 10_000
MARK = "~"  # between the parts of `after`, in none of which it stands


class WrongQueryError(Exception):
    """What is wrong, in which parameter, and what would do: an answer 400."""

    def __init__(self, parameter: str, problem: str, known: Any = None, hint: str = "") -> None:
        super().__init__(parameter, problem)
        more = {"known": known, "hint": hint}
        self.told = {
            "error": f"{parameter}: {problem}",
            "parameter": parameter,
            **{name: each for name, each in more.items() if each},
        }


@dataclass(frozen=True)
class Asked:
    """A query that can be answered. `after` is the last row of the page before."""

    names: dict[str, list[str]]
    format: str = "json"
    limit: int = ROWS
    after: tuple[str, ...] = ()
    renamed: dict[str, str] = field(default_factory=dict)


def read_query(parameters: QueryParams, store: Store) -> Asked:
    """What *parameters* ask of *store*; raises WrongQueryError."""
    if strange := sorted(set(parameters) - set(KNOWN)):
        raise WrongQueryError(strange[0], "no such parameter", list(KNOWN))
    names = {name: _names(parameters, name) for name in FILTERS}
    asked = names["indicator"]
    names["indicator"] = [store.renamed.get(name, name) for name in asked]
    renamed = {name: store.renamed[name] for name in asked if name in store.renamed}
    _hold_to(names["indicator"], "indicator", store.indicators)
    _hold_to(names["level"], "level", store.levels)
    _hold_territories(names["territory"], store)
    if names["period"]:
        _hold_to(names["period"], "period", store.periods(names["indicator"]))
    told = _one(parameters, "format", "json")
    _hold_to([told], "format", list(FORMATS))
    return Asked(names, told, _limit(parameters), _after(parameters), renamed)


def _names(parameters: QueryParams, name: str) -> list[str]:
    """What is asked for: repeated, or with commas between."""
    told = [part for each in parameters.getlist(name) for part in each.split(",")]
    if any(not part for part in told):
        raise WrongQueryError(name, "is empty", hint="leave it out to ask for all")
    if len(told) > NAMES_AT_MOST:
        raise WrongQueryError(name, f"more than {NAMES_AT_MOST} are named")
    return list(dict.fromkeys(told))


def _one(parameters: QueryParams, name: str, usual: str) -> str:
    told = parameters.getlist(name)
    if len(told) > 1:
        raise WrongQueryError(name, "is given more than once")
    return told[0] if told else usual


def _hold_to(names: list[str], parameter: str, known: list[str]) -> None:
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, 5, 0.6)
            hint = f"did you mean {', '.join(near)}?" if near else ""
            raise WrongQueryError(parameter, f"{_shown(name)} is not known", known, hint)


def _hold_territories(names: list[str], store: Store) -> None:
    """Raise for one that is none, and say of one that has vanished where its ground lies."""
    query = (
        "select territory_id, arg_max(successor_id, valid_from), bool_or(valid_to is null)"
        " from release.territories where territory_id in (select unnest($names))"
        " group by territory_id"
    )
    rows = store.rows(query, {"names": names}) if names else []
    found = {name: (successor, is_today) for name, successor, is_today in rows}
    for name in names:
        successor, is_today = found.get(name, (None, False))
        if name not in found:
            hint = "as in COM-35238, EPCI-243500139, DEP-35, REG-53, FRA; see territories.json"
            raise WrongQueryError("territory", f"{_shown(name)} is not known", hint=hint)
        if not is_today:
            known = [successor] if successor else None
            raise WrongQueryError("territory", f"{name} has vanished", known, "see successors.json")


def _limit(parameters: QueryParams) -> int:
    told = _one(parameters, "limit", str(ROWS))
    if not (told.isascii() and told.isdigit() and 1 <= int(told[:9]) <= ROWS_AT_MOST):
        raise WrongQueryError("limit", f"give a number from 1 to {ROWS_AT_MOST}")
    return int(told)


def _after(parameters: QueryParams) -> tuple[str, ...]:
    told = _one(parameters, "after", "")
    parts = tuple(told.split(MARK)) if told else ()
    if len(parts) not in (0, 3) or len(told) > 200:
        raise WrongQueryError("after", "take it from the link to the next page as it stands")
    return parts


def _shown(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:40]}…"
