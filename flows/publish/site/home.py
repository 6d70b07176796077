"""Home: what this is, the map of the barometer, the themes, and what to know of the release."""

from typing import Any

from flows.handover import Issue
from flows.publish.site.choropleth import Choropleth, draw_choropleth
from flows.publish.site.facts import Row
from flows.publish.site.frame import Page, Site
from flows.publish.site.words import LANGUAGES, Words, words_in

ISSUES_SHOWN = 5
LEVEL = "departement"


def write_home(site: Site, issues: list[Issue]) -> None:
    """The home page of each language."""
    warnings = [issue for issue in issues if issue.severity == "warning"]
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
            issues=[(each.subject, getattr(each, f"message_{language}")) for each in warnings][
                :ISSUES_SHOWN
            ],
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
            found.append((theme.name, getattr(theme.title, words.language), rows))
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
