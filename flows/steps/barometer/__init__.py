"""Barometer: territories compared by theme and overall, as catalog/barometers/ declares.

The steps are those of the "Handbook on constructing composite indicators: methodology and user
guide" (OECD and JRC, 2008); only what is published is read, after secrecy.
"""

from collections.abc import Collection

import duckdb

from flows.catalog import Catalog
from flows.catalog.barometers import Barometer, Component
from flows.warehouse import shared_sql, transaction


def build_barometers(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    """Make the five tables `indicators.barometer_…` from indicators.observations.

    An indicator that this release does not have is left out, and told in barometer_components.
    """
    con.execute(shared_sql("barometer_asked"))
    with transaction(con):
        for barometer in catalog.barometers.values():
            _ask(con, barometer, catalog.indicators)
            _write_profiles(con, barometer)
    for barometer in catalog.barometers.values():
        _build(con, catalog, barometer)


def _build(con: duckdb.DuckDBPyConnection, catalog: Catalog, barometer: Barometer) -> None:
    from flows.steps.barometer.level import compare, find_kept  # numpy only where it is needed
    from flows.steps.barometer.read import read_levels
    from flows.steps.barometer.tables import Writer

    for data in read_levels(con, barometer):
        panel, kept = find_kept(catalog, barometer, data)
        comparison = compare(barometer, panel, kept)
        with transaction(con):
            writer = Writer(con, barometer, data)
            writer.write_components(catalog, kept, comparison)
            if comparison:
                writer.write_values(comparison)
                writer.write_scores(comparison)
                writer.write_sensitivity(comparison)


def _ask(con: duckdb.DuckDBPyConnection, barometer: Barometer, present: Collection[str]) -> None:
    share = barometer.screening.min_territories_percent / 100
    for level in barometer.levels:
        for each in barometer.components.values():
            if not is_absent(each, present):
                row = [barometer.name, level, each.indicator, each.per, share]
                con.execute("insert into parts.barometer_asked values (?, ?, ?, ?, ?)", row)


def is_absent(component: Component, present: Collection[str]) -> bool:
    """Whether this release lacks the indicator, or that by which it is divided."""
    return bool({component.indicator, component.per or component.indicator} - set(present))


def _write_profiles(con: duckdb.DuckDBPyConnection, barometer: Barometer) -> None:
    for name, each in barometer.profiles.items():
        texts = [each.title.fr, each.title.en, each.description.fr, each.description.en]
        for theme, weight in each.weights.items():
            con.execute(
                "insert into indicators.barometer_profiles values (?, ?, ?, ?, ?, ?, ?, ?)",
                [barometer.name, name, theme, weight, *texts],
            )
