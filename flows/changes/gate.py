"""Gate: a release in which an indicator jumps over its promise waits for a person.

What a person accepts is one change: from exactly these observations to exactly those.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from flows.catalog import Indicator
from flows.catalog.promises import Acceptance
from flows.changes.sides import fill
from flows.errors import PromiseError
from flows.warehouse import shared_sql


@dataclass(frozen=True)
class Jump:
    """An indicator that changes more than it promises; `change` names this change and no other."""

    indicator: str
    change: str
    told: str


def find_jumps(
    con: duckdb.DuckDBPyConnection, indicators: Mapping[str, Indicator], lost: Collection[str] = ()
) -> list[Jump]:
    """The indicators that jump, of those that `find_changes` found changed, by name.

    *lost* were published, are still in the catalogue, and have nothing to be made of.
    """
    rows: list[list[Any]] = [
        [name, each.change.max_percent, each.change.max_territories_percent]
        for name, each in indicators.items()
    ]
    fill(con, "change_promises", rows)
    told: dict[str, str] = dict.fromkeys(lost, "has no observation any more")
    for name, *row in con.execute(shared_sql("changes_jumps")).fetchall():
        told.setdefault(name, _tell(*row))
    contents = {
        name: (old, new) for name, old, new in con.execute(shared_sql("changes_content")).fetchall()
    }
    return [Jump(name, name_change(name, *contents[name]), told[name]) for name in sorted(told)]


def refuse_jumps(jumps: list[Jump], accepted: Mapping[str, Acceptance]) -> list[Acceptance]:
    """What was accepted of *jumps*; raises PromiseError for the first that was not."""
    for jump in jumps:
        if jump.change not in accepted:
            hint = (
                "nothing is published; look at it, then mend it, or:"
                f" jalon accept {jump.indicator} --by OFFICE --reason TEXT"
            )
            raise PromiseError(f"catalog/indicators/{jump.indicator}.yml", jump.told, hint)
    return [accepted[jump.change] for jump in jumps]


def name_change(indicator: str, old_content: str, new_content: str) -> str:
    """A short name for one change, from the hashes of what was and of what is."""
    digest = hashlib.sha256(f"{indicator} {old_content} {new_content}".encode()).hexdigest()
    return f"change_{digest[:16]}"


def _tell(
    level: str,
    period: str,
    territories: int,
    jumps: int,
    max_percent: float,
    max_territories_percent: float,
    worst: list[dict[str, Any]],
) -> str:
    shown = ", ".join(
        f"{each['name']} ({each['territory_id']}) {_say(each['old_value'])} →"
        f" {_say(each['new_value'])}"
        for each in worst
    )
    return (
        f"jumps: of the {territories:,} values of level {level} for {period}, {jumps:,} are lost or"
        f" differ by over {max_percent:g} %, and it promises that at most"
        f" {max_territories_percent:g} % do: {shown}"
    )


def _say(value: float | None) -> str:
    return "no value" if value is None else f"{value:,.6g}"
