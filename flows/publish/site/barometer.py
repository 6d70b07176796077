"""Barometer: the scores of a level, to be weighted anew in the page; what they are made of."""

import json
from collections import defaultdict
from typing import Any

from flows.catalog.barometers import Barometer
from flows.handover import Issue
from flows.publish.site.facts import Row
from flows.publish.site.frame import Page, Site
from flows.publish.site.words import LANGUAGES, Words, words_in

SHOWN = "region"  # few enough to be read without a script
OVERALL = "overall"


def write_barometers(site: Site, issues: list[Issue]) -> None:
    """One page for all barometers, and a file for each level that it can be weighted in."""
    components = site.facts.rows("site_components")
    effects = site.facts.rows("site_sensitivity")
    for name, barometer in site.draft.catalog.barometers.items():
        for level in barometer.levels:
            _put_level(site, name, level)
    for language in LANGUAGES:
        words = words_in(language)
        told = [
            _told(site, words, name, barometer, components, effects)
            | {"notes": [words.of(vars(e), "message") for e in issues if e.subject == name]}
            for name, barometer in site.draft.catalog.barometers.items()
        ]
        site.write(words, Page("barometer"), "barometer.html", barometers=told)


def _put_level(site: Site, name: str, level: str) -> None:
    """Scores by theme, and rank with its interval by profile, a column each."""
    rows = [row for rows in site.facts.scores.values() for row in rows]
    rows = [row for row in rows if (row["barometer"], row["level"]) == (name, level)]
    ids = sorted({row["territory_id"] for row in rows})
    themes: dict[str, list[float | None]] = defaultdict(lambda: [None] * len(ids))
    profiles: dict[str, dict[str, list[Any]]] = {}
    places = {territory: place for place, territory in enumerate(ids)}
    for row in rows:
        place = places[row["territory_id"]]
        if row["theme"] == OVERALL:
            columns = profiles.setdefault(
                row["profile"],
                {each: [None] * len(ids) for each in ("score", "rank", "rank_low", "rank_high")},
            )
            for each, column in columns.items():
                column[place] = row[each]
        else:
            themes[row["theme"]][place] = row["score"]
    body = {"ids": ids, "themes": dict(sorted(themes.items())), "profiles": profiles}
    text = json.dumps(body, separators=(",", ":"), sort_keys=True)
    site.put(f"assets/barometer/{name}-{level}.json", text + "\n")


def _told(
    site: Site,
    words: Words,
    name: str,
    barometer: Barometer,
    components: list[Row],
    effects: list[Row],
) -> dict[str, Any]:
    first = next(iter(barometer.profiles))
    rows: list[dict[str, Any]] = [
        {row["theme"]: row for row in rows if _is_of(row, name, first)}
        | {"territory": site.facts.territories[territory]}
        for territory, rows in site.facts.scores.items()
        if any(_is_of(row, name, first) for row in rows)
    ]
    weights = barometer.profiles[first].weights
    rows = [row | {"parts": _parts(row, weights)} for row in rows]
    last = len(rows) + 1
    ranked = sorted(rows, key=lambda row: (row[OVERALL]["rank"] or last, row["territory"]["name"]))
    themes = [theme for theme in barometer.themes if any(theme in row for row in rows)]
    catalog = site.draft.catalog
    return {
        "name": name,
        "entry": barometer,
        "levels": sorted({row["level"] for row in components if row["barometer"] == name}),
        "ranked": ranked,
        "themes": [(theme, words.told(catalog.themes[theme].title)) for theme in themes],
        "all_themes": {
            theme: words.told(catalog.themes[theme].title) for theme in barometer.themes
        },
        "places": {theme: place for place, theme in enumerate(barometer.themes)},
        "components": [row for row in components if row["barometer"] == name],
        "effects": [
            row
            for row in effects
            if (row["barometer"], row["profile"], row["level"]) == (name, first, SHOWN)
        ],
    }


def _parts(row: dict[str, Any], weights: dict[str, float]) -> list[dict[str, Any]]:
    """What each goal adds to the score of a territory, one after the other; none without a score.

    It is what scripts make of other weights: the mean of the goals that are known, by weight.
    """
    if row[OVERALL]["score"] is None:
        return []
    scores = {theme: row[theme]["score"] for theme in weights if theme in row}
    known = {theme: score for theme, score in scores.items() if score is not None}
    whole = sum(weights[theme] for theme in known)
    parts, start = [], 0.0
    for theme, score in known.items():
        width = weights[theme] * score / whole
        parts.append({"theme": theme, "start": start, "width": width})
        start += width
    return parts


def _is_of(row: Row, barometer: str, profile: str) -> bool:
    return (row["barometer"], row["profile"], row["level"]) == (barometer, profile, SHOWN)
