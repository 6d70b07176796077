"""Console: SQL in the page, on the Parquet files of the release, by an engine that we ship."""

from flows.publish.site.frame import Page, Site
from flows.publish.site.words import LANGUAGES, words_in

QUERIES = {
    "women": """select territories.name, round(observations.value, 1) as women_percent
from observations
inner join territories on observations.territory_id = territories.territory_id
where
    observations.indicator = 'women_mayors_share'
    and territories.level = 'region'
    and territories.valid_to is null
order by women_percent desc""",
    "population": """select name, population
from territories
where level = 'commune' and departement_id = 'DEP-35' and valid_to is null
order by population desc
limit 10""",
    "tables": "describe observations",
}


def has_engine(site: Site) -> bool:
    """Whether the release has a console that answers."""
    return site.draft.settings.engine.is_dir()


def write_console(site: Site) -> None:
    """The page in both languages; without the engine it says where else one can ask."""
    engine = site.draft.settings.engine
    if has_engine(site):
        target = site.draft.folder / "assets" / engine.name
        target.mkdir(parents=True)
        for path in sorted(engine.iterdir()):
            (target / path.name).write_bytes(path.read_bytes())
    for language in LANGUAGES:
        words = words_in(language)
        titles = words["data"]["example_titles"]
        site.write(
            words,
            Page("console"),
            "console.html",
            has_engine=has_engine(site),
            files=site.draft.tables,
            examples=[(titles[name], query) for name, query in QUERIES.items()],
        )
