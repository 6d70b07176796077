"""Explained: how one number came about, from the publisher's rows to the checks that it passed.

Only what is disclosed is looked at. Of an indicator under secrecy no part's rows are shown: how
many there are would tell what is hidden.
"""

from dataclasses import dataclass
from typing import Any

from flows.card import Row, list_columns, list_sources, look, rows_of, tables_of
from flows.catalog import Indicator, load_catalog
from flows.catalog.columns import Trace
from flows.errors import CatalogError
from flows.settings import Settings
from flows.source_rows import find_rows
from flows.warehouse import set_variable


@dataclass(frozen=True)
class Explained:
    """One observation and its making.

    `members` are the parts that were added up; `estimation` counts those that were estimated, by
    way; `files` are the publishers' files, each with the numbers of its rows in this territory
    (`source_rows`, counted as its validation report does), where these can be told; `lost` what
    reached no territory; `checks` what the number was held to.
    """

    indicator: Indicator
    observation: Row
    periods: list[Row]
    members: list[Row]
    estimation: dict[str, int]
    columns: dict[str, list[str]]
    files: list[Row]
    lost: list[Row]
    checks: list[Row]


def explain(settings: Settings, name: str, territory: str, period: str | None = None) -> Explained:
    """How the indicator *name* came to its value in *territory*; in its newest period, if None.

    Raises CatalogError when there is no such indicator, or none there or then.
    """
    catalog = load_catalog(settings.catalog)
    indicator = catalog.indicator(name)
    with look(settings, name) as con:
        set_variable(con, "territory", territory)
        set_variable(con, "level", indicator.level)
        periods = rows_of(con, "explain_periods")
        set_variable(con, "period", _choose(name, territory, period, periods))
        observation = rows_of(con, "explain_observation")[0]
        estimation = rows_of(con, "explain_estimation")
        files = list_sources(con, catalog, name)
        used = {file["source"] for file in files}
        trace = Trace(catalog, tables_of(con))
        return Explained(
            indicator,
            observation,
            periods,
            rows_of(con, "explain_members"),
            {row["estimation"]: row["part_count"] for row in estimation},
            list_columns(trace, catalog, name),
            [file | find_rows(con, catalog, trace, indicator, file) for file in files],
            [row for row in rows_of(con, "explain_lost") if row["source"] in used],
            _check(indicator, observation),
        )


def _choose(name: str, territory: str, period: str | None, periods: list[Row]) -> str:
    """The period asked for, else the newest with something to tell."""
    known = [row["period"] for row in periods]
    if not known:
        hint = "an id is as in COM-35238, EPCI-243500139, DEP-35, REG-53, FRA"
        raise CatalogError(name, f"is not given for {territory}", hint)
    if period is not None and period not in known:
        raise CatalogError(name, f"is not given for {period} (known: {', '.join(known)})")
    told = [row["period"] for row in periods if row["obs_status"] != "O"]
    return period or (told or known)[-1]


def _check(indicator: Indicator, observation: Row) -> list[Row]:
    """What every observation is held to, and whether this one keeps it.

    A release is held to the first two (`flows/steps/check.py`); of a sum no part may lack.
    """
    value, low, high = observation["value"], indicator.value.min, indicator.value.max
    least = 1.0 if indicator.rollup == "sum" else indicator.coverage
    has_none = observation["obs_status"] in ("M", "O", "Q")
    told: list[tuple[str, Any]] = [
        (f"value between {low:g} and {high:g}", value is None or low <= value <= high),
        ("no value if and only if the status is M, O or Q", (value is None) == has_none),
        (
            f"coverage of at least {least:.0%}, else no value",
            value is None or observation["coverage"] >= least,
        ),
    ]
    return [{"check": check, "holds": bool(holds)} for check, holds in told]
