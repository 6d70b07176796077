"""Tables: the rows that one barometer adds to its tables at one level."""

from typing import Any

import duckdb
import numpy as np

from flows.catalog import Catalog
from flows.catalog.barometers import Barometer
from flows.steps.barometer import is_absent
from flows.steps.barometer.coherence import correlate
from flows.steps.barometer.level import Comparison
from flows.steps.barometer.panel import Bools
from flows.steps.barometer.read import LevelData
from flows.steps.barometer.treat import treat
from flows.steps.barometer.uncertainty import Ranking

Columns = dict[str, Any]  # arrays of as many rows each, or one value for all


class Writer:
    """Writes for one barometer and level, on *con*."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, barometer: Barometer, data: LevelData
    ) -> None:
        self.con, self.barometer, self.data = con, barometer, data

    def write_components(
        self, catalog: Catalog, kept: Bools, comparison: Comparison | None
    ) -> None:
        """Every indicator: whether it is used at this level and how; if not, why."""
        theme_of = {c.indicator: t for t, theme in self.barometer.themes.items() for c in theme}
        told = self._correlations(comparison)
        rows = []
        for place, (name, each) in enumerate(self.barometer.components.items()):
            known = catalog.indicators.get(name)
            share = round(float((~np.isnan(self.data.values[:, place])).mean()), 6)
            period = self.data.periods[place] or None
            head = [self.barometer.name, self.data.level, theme_of[name], name, each.weight]
            about = [each.per, known.direction if known else None, period, share]
            reason = "no_value" if share == 0 else "too_few_values"
            use = "used" if kept[place] else reason
            use = "absent" if is_absent(each, catalog.indicators) else use
            rows.append([*head, *about, use, *self._treatment(place, kept), told.get(place)])
        marks = ", ".join("?" for _ in rows[0])
        self.con.executemany(f"insert into indicators.barometer_components values ({marks})", rows)

    def write_values(self, comparison: Comparison) -> None:
        """The normalised values that the scores are made of."""
        rows, columns = np.nonzero(~np.isnan(comparison.values))
        names = _texts(self.data.indicators)[comparison.places]
        self._insert(
            "barometer_indicators",
            {
                "territory_id": _texts(self.data.territories)[rows],
                "indicator": names[columns],
                "normalised_value": comparison.values[rows, columns],
                "is_imputed": ~comparison.used.known[rows, columns],
            },
        )

    def write_scores(self, comparison: Comparison) -> None:
        """Every territory under each profile, those without a score too."""
        coverage, assessment = comparison.coverage, comparison.assessment
        here = sorted(set(comparison.used.themes))
        themes = list(self.barometer.themes)
        parts = [(themes[p], assessment.themes[p], coverage.theme[p]) for p in here]
        for place, profile in enumerate(self.barometer.profiles):
            whole = ("overall", assessment.overall[place], coverage.overall[place])
            for theme, ranking, share in [whole, *parts]:
                keys = {"territory_id": _texts(self.data.territories), "theme": theme}
                columns = keys | _ranked(ranking, len(share)) | {"coverage": share}
                self._insert("barometer_scores", columns, profile)

    def write_sensitivity(self, comparison: Comparison) -> None:
        """What moves the overall ranks, under each profile that gives some."""
        assessment = comparison.assessment
        for place, profile in enumerate(self.barometer.profiles):
            if not len(assessment.overall[place].among):
                continue
            found = assessment.indices[place]
            first, total = np.round(np.array(list(found.values())), 4).T
            told = {"choice": _texts(list(found)), "first_order": first, "total_order": total}
            shift = {"mean_rank_shift": assessment.shifts[place]}
            self._insert("barometer_sensitivity", told | shift, profile)

    def _treatment(self, place: int, kept: Bools) -> tuple[str | None, int | None]:
        """What was done to the outliers of an indicator, and to how many values."""
        if not kept[place]:
            return None, None
        if self.barometer.method.outliers[0] == "as_they_are":
            return "none", 0
        limits = self.barometer.skewed
        x = self.data.values[:, place]
        return treat(x, limits.max_percent, limits.max_skewness, limits.max_kurtosis)[1:]

    def _correlations(self, comparison: Comparison | None) -> dict[int, float | None]:
        """By place among all indicators."""
        if comparison is None:
            return {}
        themes, rankings = comparison.used.themes, comparison.assessment.themes
        told = correlate(comparison.values, themes, rankings)
        return dict(zip(comparison.places.tolist(), told, strict=True))

    def _insert(self, table: str, columns: Columns, profile: str | None = None) -> None:
        """Add rows whose columns are in the order of *table*; DuckDB reads NaN as null."""
        profiles = {"profile": profile} if profile else {}
        keys = {"barometer": self.barometer.name} | profiles | {"level": self.data.level}
        count = max(len(x) for x in columns.values() if isinstance(x, np.ndarray))
        filled = {name: _repeat(x, count) for name, x in (keys | columns).items()}
        self.con.register("barometer_rows", filled)
        self.con.execute(f"insert into indicators.{table} from barometer_rows")
        self.con.unregister("barometer_rows")


def _ranked(ranking: Ranking, count: int) -> Columns:
    """The columns of a ranking, NaN for territories that are not in it."""
    told = [ranking.scores, ranking.ranks, ranking.low, ranking.high]
    columns: Columns = {}
    for name, values in zip(("score", "rank", "rank_low", "rank_high"), told, strict=True):
        columns[name] = np.full(count, np.nan)
        columns[name][ranking.among] = values
    return columns | {"ranked_count": len(ranking.among)}


def _texts(names: list[str]) -> "np.ndarray[Any, np.dtype[np.object_]]":
    return np.array(names, dtype=object)


def _repeat(x: Any, count: int) -> Any:
    if isinstance(x, np.ndarray):
        return x
    return np.full(count, x, dtype=object if isinstance(x, str) else None)
