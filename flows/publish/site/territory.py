"""Territory: a whole page for France and each région, département, EPCI, zone and own territory."""

import json
from dataclasses import dataclass
from statistics import median
from typing import Any

from flows.publish.site.facts import Row, folder_of
from flows.publish.site.frame import Page, Site
from flows.publish.site.maps import box_of
from flows.publish.site.sparks import sparkline
from flows.publish.site.words import LANGUAGES, Words, words_in

PARENTS = ("departement_id", "region_id", "country_id")
DRAWN = ("region", "departement", "epci")


@dataclass(frozen=True)
class Line:
    """One indicator of a territory, in words."""

    indicator: str
    title: str
    unit: str
    value: str
    period: str
    status: str
    spark: str
    trend: str
    rank: str
    quarter: int | None
    others: list[str]


def write_territories(site: Site) -> None:
    """The page of every territory but the communes, and the list of them all."""
    children = _children(site)
    for language in LANGUAGES:
        words = words_in(language)
        writer = _Writer(site, words, children)
        for territory in site.facts.territories.values():
            writer.write(territory)
        _write_list(site, words, children)


def _children(site: Site) -> dict[str, list[Row]]:
    """By territory: what it is made of, one level down; EPCI come last."""
    found: dict[str, list[Row]] = {}
    for row in sorted(
        site.facts.territories.values(), key=lambda each: (each["level"] == "epci", each["name"])
    ):
        parent = {
            "region": row["country_id"],
            "departement": row["region_id"],
            "epci": row["departement_id"] or row["region_id"],
        }.get(row["level"])
        if parent:
            found.setdefault(parent, []).append(row)
    for row in sorted(site.facts.communes, key=lambda each: str(each["name"])):
        found.setdefault(row["group_id"], []).append(row)
    return found


class _Writer:
    """Writes the pages of one language."""

    def __init__(self, site: Site, words: Words, children: dict[str, list[Row]]) -> None:
        self.site, self.words, self.children = site, words, children
        self.facts = site.facts
        by_theme: dict[str, list[Row]] = {theme: [] for theme in site.draft.catalog.themes}
        for row in self.facts.indicators.values():
            by_theme[row["theme"]].append(row)
        self.themes = {theme: rows for theme, rows in by_theme.items() if rows}
        barometers = site.draft.catalog.barometers
        self.first = {name: next(iter(each.profiles)) for name, each in barometers.items()}
        first = {each.name for each in site.draft.catalog.headlines}
        chosen = {
            theme: [row for row in rows if row["indicator"] in first]
            for theme, rows in self.themes.items()
        }
        # The script adds the others from the API: over a thousand pages would weigh too much.
        self.headlines = {theme: rows for theme, rows in chosen.items() if rows}

    def write(self, territory: Row) -> None:
        """Write the page of *territory*."""
        facts, name = self.facts, territory["territory_id"]
        parents = [facts.territories[territory[each]] for each in PARENTS if territory[each]]
        compared = [each for each in parents if each["territory_id"] in facts.cells]
        similar = [
            facts.territories[row["similar_id"]]
            for row in facts.similar.get(name, [])
            if row["similar_id"] in facts.territories
        ]
        shown = self.headlines if territory["level"] == "epci" else self.themes
        themes = [
            (getattr(self.site.draft.catalog.themes[theme].title, self.words.language), lines)
            for theme, rows in shown.items()
            if (lines := self._lines(name, rows, compared, similar))
        ]
        self.site.write(
            self.words,
            Page("territory", folder_of(name)),
            "territory.html",
            territory=territory,
            parents=parents[::-1],
            compared=compared,
            similar=similar,
            themes=themes,
            line_count=sum(len(lines) for _, lines in themes),
            scores=self._scores(name),
            targets=facts.targets.get(name, []),
            parts=self.children.get(name, []),
            map_of=self._map(territory),
            profiles=" ".join(f"{barometer}/{each}" for barometer, each in self.first.items()),
            medians=self._medians(name, similar) if similar else None,
            decimals={each: row["decimals"] for each, row in facts.indicators.items()},
        )

    def _lines(
        self, name: str, rows: list[Row], compared: list[Row], similar: list[Row]
    ) -> list[Line]:
        cells = self.facts.cells.get(name, {})
        return [
            self._line(cells[row["indicator"]], row, compared, similar)
            for row in rows
            if row["indicator"] in cells
        ]

    def _line(self, cell: Row, row: Row, compared: list[Row], similar: list[Row]) -> Line:
        words, indicator, decimals = self.words, row["indicator"], row["decimals"]
        shown = [
            self.facts.value_at(each["territory_id"], indicator, cell["period"])
            for each in compared
        ]
        if similar:
            shown.append(self._median(similar, indicator, cell["period"]))
        ranked = cell["level_rank"] is not None and cell["level_count"] > 1
        known = cell["value"] is not None
        return Line(
            indicator,
            words.of(row, "title"),
            words.of(row, "unit"),
            words.number(cell["value"], decimals) if known else "",
            cell["period"],
            cell["obs_status"],
            sparkline(cell["periods"], cell["series"]),
            self._trend(cell, decimals),
            self._rank(cell) if ranked else "",
            cell["level_quartile"] if ranked else None,
            [words.number(value, decimals) for value in shown],
        )

    def _trend(self, cell: Row, decimals: int) -> str:
        """The first and the last value that the small drawing shows."""
        told = zip(cell["periods"], cell["series"], strict=True)
        known = [(period, value) for period, value in told if value is not None]
        if not known:
            return ""
        (first_period, first), (last_period, last) = known[0], known[-1]
        told_in = {
            "first_period": first_period,
            "first": self.words.number(first, decimals),
            "last_period": last_period,
            "last": self.words.number(last, decimals),
        }
        return str(self.words["territory"]["trend_told"].format(**told_in))

    def _medians(self, name: str, similar: list[Row]) -> str:
        """As JSON, for the lines that the script adds; no name of an indicator needs escaping."""
        told = {
            indicator: self._median(similar, indicator, cell["period"])
            for indicator, cell in self.facts.cells.get(name, {}).items()
        }
        known = {
            indicator: self.facts.short(indicator, each)
            for indicator, each in told.items()
            if each is not None
        }
        return json.dumps(known, separators=(",", ":"))

    def _rank(self, cell: Row) -> str:
        rank, count = self.words.ordinal(cell["level_rank"]), self.words.number(cell["level_count"])
        return str(self.words["territory"]["rank"].format(rank=rank, count=count))

    def _median(self, similar: list[Row], indicator: str, period: str) -> float | None:
        every = (self.facts.value_at(row["territory_id"], indicator, period) for row in similar)
        known = [value for value in every if value is not None]
        return median(known) if known else None

    def _scores(self, name: str) -> list[dict[str, Any]]:
        themes = self.site.draft.catalog.themes
        return [
            row
            | {
                "title": self.words["territory"]["overall"]
                if row["theme"] == "overall"
                else getattr(themes[row["theme"]].title, self.words.language),
            }
            for row in self.facts.scores.get(name, [])
            if row["profile"] == self.first[row["barometer"]]
        ]

    def _map(self, territory: Row) -> dict[str, Any] | None:
        """Where it lies: its shape, on that of the départements of its région."""
        level, name = territory["level"], folder_of(territory["territory_id"])
        if level not in DRAWN or name not in self.site.shapes.get(level, _NONE).paths:
            return None
        path = self.site.shapes[level].paths[name]
        return {"path": path, "box": box_of(self.site.shapes, territory)}


@dataclass(frozen=True)
class _Nothing:
    paths: tuple[str, ...] = ()


_NONE = _Nothing()


def _write_list(site: Site, words: Words, children: dict[str, list[Row]]) -> None:
    territories = site.facts.territories.values()
    others = [row for row in territories if row["level"] in ("zone", "user", "collectivity", "ept")]
    site.write(
        words,
        Page("territories"),
        "territories.html",
        regions=[(row, children.get(row["territory_id"], [])) for row in children.get("FRA", [])],
        others=sorted(others, key=lambda row: (row["level"], row["name"])),
        commune_count=len(site.facts.communes),
    )
