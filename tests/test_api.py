"""The static API of the small project: every file against the tables that it is made of."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate


@pytest.fixture(scope="session")
def api(ran) -> Path:
    return ran[1].release / "api" / "v1"


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def bodies(api: Path) -> Iterator[dict[str, Any]]:
    """Every file that tells of territories."""
    return map(read, [*api.glob("territories/*.json"), *api.glob("communes/*.json")])


def places(body: dict[str, Any]) -> list[str]:
    told = body["territories"]["territory_id"]
    return told if isinstance(told, list) else [told]


def cells(body: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The observations that a file tells, as rows of the table."""
    found = []
    series = body["series"]
    for number, indicator in enumerate(series["indicator"]):
        statuses = series["statuses"][number]
        covered = series["coverage"][number]
        for place, territory in enumerate(places(body)):
            letters = statuses if isinstance(statuses, str) else statuses[place]
            values = series["values"][number][place] or [None] * len(letters)
            coverage = (covered[place] if covered else None) or [1] * len(letters)
            rows = zip(series["periods"][number], values, letters, coverage, strict=True)
            found += [(indicator, territory, *row) for row in rows if row[2] != "-"]
    return found


def test_every_observation_is_in_the_api_once(api, small):
    told = sorted(row for body in bodies(api) for row in cells(body))
    rows = small.execute("""
        select indicator, territory_id, period, round(value, decimals + 2), obs_status, coverage
        from indicators.observations join indicators.indicators using (indicator)
        order by all""").fetchall()
    assert len(told) == len(rows) > 1000
    assert told == sorted(rows)


def test_communes_stand_with_those_of_their_epci(api, small):
    for path in api.glob("communes/*.json"):
        body = read(path)
        assert body["level"] == "commune"
        rows = small.execute(
            "select coalesce(epci_id, departement_id, collectivity_id)"
            " from indicators.territories"
            " where valid_to is null and list_contains(?, territory_id)",
            [places(body)],
        ).fetchall()
        assert {row[0] for row in rows} == {path.stem}
        assert len(rows) == len(places(body))


def test_comparisons_are_those_of_the_table(api, small):
    told = []
    for body in bodies(api):
        compared = body["comparisons"]
        for number, indicator in enumerate(body["series"]["indicator"]):
            for place, territory in enumerate(places(body)):
                ranks = compared["level_rank"][number]
                if ranks and ranks[place]:
                    change = compared["change_since_start"][number]
                    row = [
                        compared["period"][number],
                        ranks[place],
                        compared["level_percentile"][number][place],
                        int(compared["level_quartile"][number][place].replace("-", "0")),
                        compared["level_count"][number],
                        compared["level_median"][number],
                        change and change[place],
                    ]
                    told.append((indicator, territory, *row))
    rows = small.execute("""
        select indicator, territory_id, period, level_rank, level_percentile,
            coalesce(level_quartile, 0), level_count, round(level_median, decimals + 2),
            round(change_since_start, decimals + 2)
        from indicators.comparisons join indicators.indicators using (indicator)""").fetchall()
    key = lambda row: row[:2]  # noqa: E731
    assert sorted(told, key=key) == sorted(rows, key=key)
    assert len(told) > 100


def test_rennes_among_the_communes_of_its_epci(api):
    body = read(api / "communes" / "EPCI-243500139.json")
    rennes = places(body).index("COM-35238")
    assert body["territories"]["name"][rennes] == "Rennes"
    population = body["series"]["indicator"].index("population")
    assert body["series"]["periods"][population][-1] == "2023"
    assert body["series"]["values"][population][rennes][-1] > 200_000
    group = body["comparisons"]["parents"]["DEP-35"]
    assert group["count"][population] == 3


def test_what_is_hidden_or_missing_has_no_value(api):
    for body in bodies(api):
        for _, _, _, value, status, _ in cells(body):
            assert (value is None) == (status in "MOQ")


def test_lists_of_territories_and_of_those_gone(api, small):
    levels = read(api / "territories.json")["levels"]
    assert levels["region"]["territory_id"][0].startswith("REG-")
    communes = levels["commune"]
    where = communes["territory_id"].index("COM-35238")
    assert communes["name"][where] == "Rennes"
    assert communes["epci_id"][where] == "EPCI-243500139"
    listed = {each for told in levels.values() for each in told["territory_id"]}
    filed = {each for body in bodies(api) for each in places(body)}
    assert listed == filed
    gone = read(api / "successors.json")["territories"]
    successors = dict(zip(gone["territory_id"], gone["successor_id"], strict=True))
    assert successors["COM-97127"] == "COM-97801"  # Saint-Martin, a collectivity since 2007
    assert successors["REG-42"] == "REG-44"
    assert not successors.keys() & listed


def test_similar_territories_and_why(api, small):
    body = read(api / "communes" / "EPCI-243500139.json")
    told, variables = body["similar_territories"], body["similarity_variables"]
    rennes = places(body).index("COM-35238")
    rows = small.execute("""
        select similar_id, round(distance, 3), shared_variables, differing_variable
        from indicators.similar_territories where territory_id = 'COM-35238' and similar_rank <= 5
        order by similar_rank""").fetchall()
    found = [
        (each, distance, ", ".join(variables[i] for i in shared), variables[differing])
        for each, distance, shared, differing in zip(
            *(told[name][rennes] for name in ("similar_ids", "distances", "shared", "differing")),
            strict=True,
        )
    ]
    assert found == rows
    assert rows


def test_targets_and_barometer_of_a_territory(api, small):
    france = read(api / "territories" / "FRA.json")
    assert france["targets"]["target"] == ["road_deaths_halved"]
    region = read(api / "territories" / "REG-53.json")
    scores = region["barometer_scores"]
    rows = small.execute("""
        select profile, theme, score, rank, rank_low, rank_high from indicators.barometer_scores
        where territory_id = 'REG-53' order by barometer, profile, theme""").fetchall()
    columns = ("profile", "theme", "score", "rank", "rank_low", "rank_high")
    empty = [None] * len(rows)
    assert list(zip(*(scores.get(name, empty) for name in columns), strict=True)) == rows


def test_every_file_is_listed_and_keeps_to_its_schema(api):
    listed = read(api / "index.json")["files"]
    found = {path.relative_to(api).as_posix() for path in api.rglob("*") if path.is_file()}
    assert {each["path"] for each in listed} == found - {"index.json"}
    kinds: Counter[str] = Counter()
    for each in [*listed, {"path": "index.json", "schema": "schemas/index.json"}]:
        if each["schema"]:
            validator = Draft202012Validator(read(api / each["schema"]))
            validator.check_schema(validator.schema)
            validator.validate(read(api / each["path"]))
            kinds[each["schema"]] += 1
    of_files = {f"schemas/{path.name}" for path in (api / "schemas").iterdir()}
    assert kinds.keys() == of_files - {
        "schemas/page.json",
        "schemas/refusal.json",
        "schemas/releases.json",  # which stands beside the releases
    }
    assert kinds["schemas/territory.json"] > 40


def test_a_schema_refuses_what_it_does_not_know(api):
    validator = Draft202012Validator(read(api / "schemas" / "territory.json"))
    body = read(api / "territories" / "FRA.json")
    assert validator.is_valid(body)
    assert not validator.is_valid({**body, "more": 1})
    body["series"]["statuses"][0] = "X"
    assert not validator.is_valid(body)


def test_openapi_is_valid_and_its_examples_are_there(api, ran):
    public = ran[0].public
    described = read(api / "openapi.json")
    validate(described)
    for path, told in described["paths"].items():
        parts = [each for each in told["get"].get("parameters", []) if each["in"] == "path"]
        address = path.format(**{p["name"]: p["example"] for p in parts})
        (server,) = told.get("servers", described["servers"])
        asked = f"{server['url'].removesuffix('/')}{address}"
        where = public / asked.removeprefix("https://jalon.example/")
        assert path == "/api/v1/query" or where.is_file()
    assert {"/releases/index.json", "/releases/feed.atom"} < described["paths"].keys()


def test_the_list_of_releases_keeps_to_the_schema_that_the_api_has(api, ran):
    """In a file of its own, and among those of OpenAPI."""
    listed = read(ran[0].public / "releases" / "index.json")
    schema = read(api / "schemas" / "releases.json")
    told = read(api / "openapi.json")["components"]["schemas"]["ReleaseList"]
    for each in (schema, told):
        assert Draft202012Validator(each).is_valid(listed)
        assert not Draft202012Validator(each).is_valid({**listed, "more": 1})


def test_cards_of_indicators_and_their_newest_values(api, small, catalog):
    cards = {card["indicator"]: card for card in read(api / "indicators.json")["indicators"]}
    names = small.execute("select indicator from indicators.indicators").fetchall()
    assert cards.keys() == {name for (name,) in names}
    assert cards["women_mayors_share"]["secrecy"]["min_units"] == 2
    assert cards["road_deaths"]["usage_warnings"][0]["en"].startswith("small numbers")
    for name, card in cards.items():
        body = read(api / "indicators" / f"{name}.json")
        levels = body.pop("levels")
        assert body == card
        told = [
            (level, *row)
            for level, each in levels.items()
            if level != "commune"
            for row in zip(
                each["territory_id"], each["values"], each["statuses"], each["ranks"], strict=True
            )
        ]
        rows = small.execute(
            """
            select level, territory_id, round(observations.value, ?), observations.obs_status,
                level_rank
            from indicators.observations as observations
            join indicators.territories using (territory_id)
            left join indicators.comparisons using (indicator, territory_id)
            where indicator = ? and valid_to is null and level <> 'commune'
            qualify observations.period = max(observations.period)
                filter (where observations.value is not null) over (partition by level)
            order by level, territory_id""",
            [catalog.indicators[name].decimals + 2, name],
        ).fetchall()
        assert sorted(told) == rows


def test_an_indicator_is_answered_at_its_old_names(small, ran, catalog, tmp_path):
    from flows.publish.api.indicators import write_indicators
    from flows.publish.draft import Draft
    from flows.warehouse import connect, shared_sql

    old = catalog.indicators["population"].model_copy(update={"formerly": ("residents",)})
    renamed = catalog.model_copy(update={"indicators": catalog.indicators | {"population": old}})
    with connect(ran[0].warehouse, read_only=True) as con:
        con.execute(shared_sql("api_places"))
        paths = write_indicators(Draft(con, ran[0], renamed, tmp_path))
    assert "indicators/residents.json" in paths
    folder = tmp_path / "api" / "v1" / "indicators"
    assert read(folder / "residents.json") == read(folder / "population.json")
    assert read(folder / "residents.json")["formerly"] == ["residents"]


def test_datasets_name_their_files_as_they_are(api):
    datasets = {each["dataset"]: each for each in read(api / "datasets.json")["datasets"]}
    assert "road_deaths" in datasets["road_safety"]["indicators"]
    release = api.parent.parent
    for dataset in datasets.values():
        for file in dataset["files"]:
            assert (release / file["path"]).is_file()
            if file["sha256"]:
                assert (release / file["path"]).stat().st_size == file["bytes"]


def test_each_dataset_has_a_feed(api):
    atom = "{http://www.w3.org/2005/Atom}"
    for dataset in read(api / "datasets.json")["datasets"]:
        feed = ElementTree.parse(api / dataset["feed"]).getroot()
        assert feed.tag == f"{atom}feed"
        for element in (feed, feed.find(f"{atom}entry")):
            for name in ("id", "title", "updated"):
                assert element.findtext(f"{atom}{name}")
        assert feed.find(f"{atom}author/{atom}name").text
        links = {link.get("rel"): link.get("href") for link in feed.findall(f"{atom}link")}
        assert links["self"].endswith(dataset["feed"])
        assert links["related"].endswith("/releases/feed.atom")
        (entry,) = feed.findall(f"{atom}entry")
        assert entry.findtext(f"{atom}summary") == "Première version.\nFirst release."
        assert entry.findtext(f"{atom}id").endswith(f"{dataset['feed']}#1.0.0")
        files = [each for each in entry.findall(f"{atom}link") if each.get("rel") == "enclosure"]
        assert [each.get("type") for each in files] == [
            each["media_type"] for each in dataset["files"]
        ]


def test_the_guide_names_every_indicator_and_addresses_that_are_there(api, small):
    release = api.parent.parent
    text = (release / "llms.txt").read_text(encoding="utf-8")
    assert text.startswith("# ")
    for (name,) in small.execute("select indicator from indicators.indicators").fetchall():
        assert f"[{name}](" in text
    base = text.split("](", 1)[1].split("api/v1")[0]
    for part in text.split("](")[1:]:
        address = part.split(")")[0].removeprefix(base)
        assert "query?" in address or (release / address).is_file(), address


def test_the_same_warehouse_gives_the_same_bytes(ran, api, tmp_path):
    from flows.catalog import load_catalog
    from flows.publish.api.territories import write_territories
    from flows.publish.draft import Draft
    from flows.warehouse import connect

    with connect(ran[0].warehouse, read_only=True) as con:
        draft = Draft(con, ran[0], load_catalog(ran[0].catalog), tmp_path)
        for path in write_territories(draft):
            assert (tmp_path / "api" / "v1" / path).read_bytes() == (api / path).read_bytes()
