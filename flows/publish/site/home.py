"""Home: what this is, the map of the barometer, the themes, and what has changed."""

from typing import Any

from flows.publish.site.choropleth import Choropleth, draw_choropleth
from flows.publish.site.facts import Row
from flows.publish.site.frame import Page, Site
from flows.publish.site.words import LANGUAGES, Words, words_in

CHANGES_SHOWN = 6
LEVEL = "departement"


def write_home(site: Site) -> None:
    """The home page of each language."""
    counts = {row["level"]: row for row in site.facts.rows("site_counts")}
    for language in LANGUAGES:
        words = words_in(language)
        site.write(
            words,
            Page("home"),
            "home.html",
            counts=counts,
            choropleth=_map(site, words),
            themes=_themes(site, words),
            changes=site.changed(words)[:CHANGES_SHOWN],
        )


def _themes(site: Site, words: Words) -> list[tuple[str, str, list[Row]]]:
    """Each theme with its indicators, and the national value of each where there is one."""
    france = site.facts.cells.get("FRA", {})
    found = []
    for theme in site.draft.catalog.themes.values():
        rows: list[dict[str, Any]] = [
            row | {"cell": france.get(name)}
            for name, row in site.facts.indicators.items()
            if row["theme"] == theme.name
        ]
        if rows:
            found.append((theme.name, words.told(theme.title), rows))
    return found


def _map(site: Site, words: Words) -> Choropleth | None:
    """The overall scores of the départements, under the first profile of the first barometer."""
    for name, barometer in site.draft.catalog.barometers.items():
        profile = next(iter(barometer.profiles))
        scores = {
            territory: row["score"]
            for territory, rows in site.facts.scores.items()
            for row in rows
            if (row["barometer"], row["profile"]) == (name, profile)
            and (row["level"], row["theme"]) == (LEVEL, "overall")
        }
        return draw_choropleth(site, words, LEVEL, scores, {}, 1)
    return None
