"""Profiles: what readers should know of the weights of a barometer, with the data at hand."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

import duckdb

from flows.catalog import Catalog
from flows.handover import Issue
from flows.publish.wide import LEVELS
from flows.warehouse import shared_sql


def find_alike(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> list[Issue]:
    """The profiles of barometers that give no score, or the very scores of another.

    So it is where the themes in which they differ have no data, or tell nobody apart.
    """
    if not catalog.barometers:
        return []
    rows = con.execute(shared_sql("barometer_alike")).fetchall()
    return [
        issue
        for barometer, of in groupby(rows, itemgetter(0))
        for issue in _tell(catalog, barometer, [row[1:] for row in of])
    ]


def _tell(
    catalog: Catalog, barometer: str, rows: list[tuple[str, str, str | None]]
) -> Iterator[Issue]:
    """One for each profile and what is odd of it; rows are level, profile and its like."""
    levels: dict[tuple[str, str | None], list[str]] = {}
    for level, profile, other in rows:
        levels.setdefault((profile, other), []).append(level)
    titles = {n: each.title for n, each in catalog.barometers[barometer].profiles.items()}
    for (profile, other), at in levels.items():
        where_fr, where_en = (
            ", ".join(getattr(LEVELS[level], language) for level in at) for language in ("fr", "en")
        )
        title = titles[profile]
        if other:
            kind = "profile_like_another"
            fr = f"donne les mêmes scores que « {titles[other].fr} » ({where_fr})"
            en = f"gives the same scores as “{titles[other].en}” ({where_en})"
            why_fr = "les objectifs que leurs poids distinguent n’y changent rien"
            why_en = "the goals that they weigh differently change nothing there"
        else:
            kind = "profile_without_score"
            fr, en = f"ne donne aucun score ({where_fr})", f"gives no score ({where_en})"
            why_fr = "trop peu du poids de ses objectifs a des données"
            why_en = "too little of the weight of its goals has data"
        yield Issue(
            "info",
            barometer,
            kind,
            len(at),
            f"le profil « {title.fr} » {fr} : {why_fr}",
            f"the profile “{title.en}” {en}: {why_en}",
        )
