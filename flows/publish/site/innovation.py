"""Innovation: what surveys say of it, what measures the goals that they name, and labs."""

from typing import Any

from flows.publish.site.facts import Row
from flows.publish.site.frame import Page, Site
from flows.publish.site.words import LANGUAGES, Words, words_in

# Answers on the goals of innovation, and the theme of a barometer that was made of each.
GOALS = {
    "ecological transition of the territory": "ecological_transition",
    "everyday life of users": "everyday_life",
    "functioning of the local government": "local_government",
    "economic fabric of the territory": "economy",
}
SIZE = "population"  # what every territory has, told first
Measured = dict[str, list[Row]]


def write_innovation(site: Site) -> None:
    """The page of each language."""
    tables = site.draft.tables
    survey = site.facts.rows("site_survey") if "survey_results" in tables else []
    has_labs = "innovation_labs" in tables
    labs = site.facts.rows("site_labs") if has_labs else []
    values = site.facts.rows("site_lab_values") if has_labs else []
    measured = _measured(site)
    labs = [row | {"values": _values(site, measured, row["territory_id"], values)} for row in labs]
    names = {row["territory_id"] for row in site.facts.communes} | site.facts.territories.keys()
    for language in LANGUAGES:
        words = words_in(language)
        site.write(
            words,
            Page("innovation"),
            "innovation.html",
            questions=_by_question(survey),
            goals=_goals(site, words, measured, survey),
            labs=labs,
            names=names,
            france=site.facts.cells.get("FRA", {}),
        )


def _by_question(survey: list[Row]) -> list[tuple[tuple[int, str], list[Row]]]:
    questions: dict[tuple[int, str], list[Row]] = {}
    for row in survey:
        questions.setdefault((row["survey_year"], row["question"]), []).append(row)
    return list(questions.items())


def _goals(site: Site, words: Words, measured: Measured, survey: list[Row]) -> list[dict[str, Any]]:
    """Each goal: who named it, and the indicators by which a barometer measures it."""
    found = [
        {
            "title": words.told(site.draft.catalog.themes[theme].title),
            "answers": [row for row in survey if row["answer"] == goal],
            "indicators": measured[theme],
        }
        for goal, theme in GOALS.items()
        if theme in measured
    ]
    return [each for each in found if each["answers"]]


def _measured(site: Site) -> Measured:
    """By theme of the barometers: its indicators that this release has."""
    indicators = site.facts.indicators
    return {
        theme: [indicators[each.indicator] for each in parts if each.indicator in indicators]
        for barometer in site.draft.catalog.barometers.values()
        for theme, parts in barometer.themes.items()
    }


def _values(
    site: Site, measured: Measured, territory_id: str, values: list[Row]
) -> list[tuple[Row, Row]]:
    """A few of a territory, each with its indicator: its size, and one of each goal."""
    known = {row["indicator"]: row for row in values if row["territory_id"] == territory_id}
    asked = [[site.facts.indicators[SIZE]] if SIZE in site.facts.indicators else []]
    asked += [measured[theme] for theme in GOALS.values() if theme in measured]
    found = [[row for row in rows if row["indicator"] in known] for rows in asked]
    return [(rows[0], known[rows[0]["indicator"]]) for rows in found if rows]
