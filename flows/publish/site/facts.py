"""Facts: all that the pages tell, read from the warehouse once, in a few queries."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flows.publish.draft import Draft
from flows.warehouse import shared_sql

Row = dict[str, Any]
SHOWN = ("country", "region", "departement", "epci", "ept", "collectivity", "zone", "user")
UNSAFE = re.compile(r"[^A-Za-z0-9_-]")


def folder_of(territory_id: str) -> str:
    """The folder of a territory: its id, if it holds nothing that an address or a disk reads."""
    return UNSAFE.sub(lambda found: f"~{ord(found[0]):x}", territory_id)


@dataclass(frozen=True)
class Facts:
    """Read lazily: a page kind asks for what it needs."""

    draft: Draft

    def rows(self, query: str) -> list[Row]:
        """The rows of a file of flows/sql/, by column."""
        found = self.draft.con.sql(shared_sql(query))
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]

    @cached_property
    def indicators(self) -> dict[str, Row]:
        """Indicators by name, as the table `indicators` describes them."""
        return {row["indicator"]: row for row in self.rows("site_indicators")}

    @cached_property
    def territories(self) -> dict[str, Row]:
        """Territories of today that have a page of their own, by id: all but the communes."""
        return {row["territory_id"]: row for row in self.rows("site_territories")}

    @cached_property
    def communes(self) -> list[Row]:
        """Communes of today, the most populous first, with their shard and where they lie."""
        return self.rows("site_communes")

    @cached_property
    def vanished(self) -> list[Row]:
        """Ids of communes that exist no more, with the commune of today where their seat lies."""
        return self.rows("site_vanished")

    @cached_property
    def cells(self) -> dict[str, dict[str, Row]]:
        """By territory, then indicator: its series and its place among others."""
        found: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in self.rows("site_cells"):
            found[row["territory_id"]][row["indicator"]] = row
        return dict(found)

    @cached_property
    def similar(self) -> dict[str, list[Row]]:
        """By territory: those most like it."""
        return self._grouped("site_similar", "territory_id")

    @cached_property
    def targets(self) -> dict[str, list[Row]]:
        """By territory: what was promised."""
        return self._grouped("site_targets", "territory_id")

    @cached_property
    def scores(self) -> dict[str, list[Row]]:
        """By territory: its scores in the barometer under the first profile, the whole first."""
        return self._grouped("site_scores", "territory_id")

    @cached_property
    def mapped(self) -> dict[str, dict[str, list[Row]]]:
        """By indicator, then level: the newest values of régions, départements and EPCI."""
        found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in self.rows("site_values"):
            found[row["indicator"]][row["level"]].append(row)
        return {name: dict(levels) for name, levels in found.items()}

    def value_at(self, territory_id: str | None, indicator: str, period: str) -> float | None:
        """A value, if there is one at that period."""
        cell = self.cells.get(territory_id or "", {}).get(indicator)
        if cell is None or period not in cell["periods"]:
            return None
        value: float | None = cell["series"][cell["periods"].index(period)]
        return value

    def short(self, indicator: str, value: float | None) -> float | None:
        """Rounded to two places more than the indicator's decimals, as the API tells it."""
        return None if value is None else round(value, self.indicators[indicator]["decimals"] + 2)

    def _grouped(self, query: str, column: str) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows(query):
            found[row[column]].append(row)
        return dict(found)
