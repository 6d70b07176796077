"""Level: one barometer at one level, from its values to the rows of its tables."""

from typing import Any

import duckdb
import numpy as np

from flows.catalog import Catalog
from flows.catalog.barometers import Barometer
from flows.steps.barometer import is_absent
from flows.steps.barometer.panel import Bools, Floats, Panel
from flows.steps.barometer.read import LevelData
from flows.steps.barometer.screen import Coverage, cover, usable
from flows.steps.barometer.treat import treat
from flows.steps.barometer.uncertainty import DECLARED, Assessment, Ranking, assess, prepare
from flows.warehouse import transaction

Columns = dict[str, Any]  # of as many rows each, or one value for all


def compare_level(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, barometer: Barometer, data: LevelData
) -> None:
    """Add the rows of *barometer* at the level of *data* to its tables."""
    panel = _panel(catalog, barometer, data)
    kept = usable(panel, barometer.screening.min_territories_percent)
    used = panel.only(kept)
    with transaction(con):
        _write_components(con, catalog, barometer, data, kept)
        if not kept.any():
            return
        names = [name for name, keep in zip(data.indicators, kept, strict=True) if keep]
        prepared = prepare(used, barometer)
        _write_values(con, barometer, data, used, names, prepared[DECLARED])
        profiles = np.array(
            [[p.weights[t] for t in barometer.themes] for p in barometer.profiles.values()]
        )
        least = barometer.screening
        coverage = cover(used, profiles, least.min_theme_percent, least.min_overall_percent)
        assessment = assess(used, barometer, prepared, profiles, coverage)
        _write_scores(con, barometer, data, coverage, assessment)
        _write_sensitivity(con, barometer, data.level, assessment)


def _panel(catalog: Catalog, barometer: Barometer, data: LevelData) -> Panel:
    theme_of = {
        each.indicator: place
        for place, theme in enumerate(barometer.themes.values())
        for each in theme
    }
    signs = [
        -1.0 if _direction(catalog, name) == "lower_is_better" else 1.0 for name in data.indicators
    ]
    return Panel(
        data.values,
        np.array(signs),
        np.array([barometer.components[name].weight for name in data.indicators], dtype=float),
        np.array([theme_of[name] for name in data.indicators], dtype=np.int64),
        data.parents,
    )


def _direction(catalog: Catalog, name: str) -> str | None:
    indicator = catalog.indicators.get(name)
    return indicator.direction if indicator else None


def _write_components(
    con: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    barometer: Barometer,
    data: LevelData,
    kept: Bools,
) -> None:
    """Every indicator of *barometer*: whether it is used at this level, and if not, why."""
    limits = barometer.skewed
    bounds = (limits.max_percent, limits.max_skewness, limits.max_kurtosis)
    theme_of = {each.indicator: t for t, theme in barometer.themes.items() for each in theme}
    rows = []
    for place, (name, component) in enumerate(barometer.components.items()):
        x = data.values[:, place]
        share = round(float((~np.isnan(x)).mean()), 6)
        treatment, points = None, None
        if kept[place] and barometer.method.outliers[0] == "treated":
            _, treatment, points = treat(x, *bounds)
        use = (
            "used"
            if kept[place]
            else "absent"
            if is_absent(component, catalog.indicators)
            else ("too_few_values" if share else "no_value")
        )
        head = [barometer.name, data.level, theme_of[name], name, component.weight, component.per]
        told = [_direction(catalog, name), data.periods[place] or None, share]
        rows.append([*head, *told, use, treatment, points])
    marks = ", ".join("?" for _ in rows[0])
    con.executemany(f"insert into indicators.barometer_components values ({marks})", rows)


def _write_values(
    con: duckdb.DuckDBPyConnection,
    barometer: Barometer,
    data: LevelData,
    used: Panel,
    names: list[str],
    x: Floats,
) -> None:
    """*x*: the normalised values from which the scores are made."""
    rows, columns = np.nonzero(~np.isnan(x))
    _insert(
        con,
        "barometer_indicators",
        {
            "barometer": barometer.name,
            "level": data.level,
            "territory_id": _texts(data.territories)[rows],
            "indicator": _texts(names)[columns],
            "normalised_value": x[rows, columns],
            "is_imputed": ~used.known[rows, columns],
        },
    )


def _write_scores(
    con: duckdb.DuckDBPyConnection,
    barometer: Barometer,
    data: LevelData,
    coverage: Coverage,
    assessment: Assessment,
) -> None:
    """One row per territory and theme under each profile, those without a score too."""
    here = {t: p for p, t in enumerate(barometer.themes)}
    for place, profile in enumerate(barometer.profiles):
        wholes = (assessment.overall[place], coverage.overall[place])
        parts = [
            (theme, assessment.themes[p], coverage.theme[p])
            for theme, p in here.items()
            if coverage.theme[p].any()
        ]
        for theme, ranking, share in [("overall", *wholes), *parts]:
            keys = {"barometer": barometer.name, "profile": profile, "level": data.level}
            told = {"territory_id": _texts(data.territories), "theme": theme}
            columns = keys | told | _ranked(ranking, len(data.territories)) | {"coverage": share}
            _insert(con, "barometer_scores", columns)


def _ranked(ranking: Ranking, count: int) -> Columns:
    """The columns of a ranking, NaN for territories that are not in it."""
    told = {
        "score": ranking.scores,
        "rank": ranking.ranks,
        "rank_low": ranking.low,
        "rank_high": ranking.high,
    }
    columns: Columns = {}
    for name, values in told.items():
        columns[name] = np.full(count, np.nan)
        columns[name][ranking.among] = values
    return columns | {"ranked_count": len(ranking.among)}


def _write_sensitivity(
    con: duckdb.DuckDBPyConnection, barometer: Barometer, level: str, assessment: Assessment
) -> None:
    for place, profile in enumerate(barometer.profiles):
        if not len(assessment.overall[place].among):
            continue
        found = assessment.indices[place]
        first, total = np.round(np.array(list(found.values())), 4).T
        keys = {"barometer": barometer.name, "profile": profile, "level": level}
        told = {"choice": _texts(list(found)), "first_order": first, "total_order": total}
        shift = {"mean_rank_shift": assessment.shifts[place]}
        _insert(con, "barometer_sensitivity", keys | told | shift)


def _texts(names: list[str]) -> "np.ndarray[Any, np.dtype[np.object_]]":
    return np.array(names, dtype=object)


def _insert(con: duckdb.DuckDBPyConnection, table: str, columns: Columns) -> None:
    """Add rows to *table*, whose columns these are in order; DuckDB reads NaN as null."""
    rows = max(len(x) for x in columns.values() if isinstance(x, np.ndarray))
    filled = {name: _repeat(x, rows) for name, x in columns.items()}
    con.register("barometer_rows", filled)
    con.execute(f"insert into indicators.{table} from barometer_rows")
    con.unregister("barometer_rows")


def _repeat(x: Any, rows: int) -> Any:
    if isinstance(x, np.ndarray):
        return x
    return np.full(rows, x, dtype=object if isinstance(x, str) else None)
