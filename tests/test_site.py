"""The site of a release, without a browser: HTML, links, words, weight, names that mean harm."""

import gzip
import json
import re
import shutil
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import html5lib
import pytest

from catalogued import make_record
from flows.catalog import Text
from flows.catalog.lineage import restrict
from flows.catalog.read import load_catalog
from flows.handover import Issue
from flows.publish.dcat.records import Measure
from flows.publish.draft import Draft
from flows.publish.release import find_latest
from flows.publish.site import write_site
from flows.publish.site.classes import quantiles
from flows.publish.site.facts import folder_of
from flows.publish.site.frame import HERE
from flows.publish.site.innovation import GOALS
from flows.publish.site.sparks import sparkline
from flows.publish.site.words import typeset, words_in
from flows.warehouse import connect, reads_of

BAD_ID = "ABC-../../<b>"
HOSTILE = "\"><script>alert(1)</script>' & <b>=1+1"
CHOSEN_BY_DATA = {"paths", "levels", "levels_plural", "statuses", "cadences", "survey"}
LOADS = {("script", "src"), ("img", "src"), ("link", "href"), ("use", "href"), ("iframe", "src")}


class Links(HTMLParser):
    """The addresses of a page, which of them it loads by itself, its ids, and what it forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.followed: list[str] = []
        self.loaded: list[str] = []
        self.ids: list[str] = []
        self.inline: list[str] = []
        self.policy = ""

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.ids += [told["id"]] if told.get("id") else []
        self.inline += [name for name in told if name == "style" or name.startswith("on")]
        is_data = told.get("type") == "application/ld+json"  # which no browser runs
        is_code = tag == "script" and "src" not in told and not is_data
        self.inline += [tag] if tag == "style" or is_code else []
        if told.get("http-equiv") == "Content-Security-Policy":
            self.policy = told["content"]
        for name in ("href", "src", "action"):
            if told.get(name) is not None:
                is_loaded = (tag, name) in LOADS and told.get("rel") not in (
                    "canonical",
                    "alternate",
                    "describedby",
                )
                (self.loaded if is_loaded else self.followed).append(told[name])


def read_links(path: Path) -> Links:
    links = Links()
    links.feed(path.read_text(encoding="utf-8"))
    return links


@pytest.fixture(scope="session")
def release(ran) -> Path:
    return find_latest(ran[0].public)


@pytest.fixture(scope="session")
def reports(release) -> list[Path]:
    """The pages on the files of sources, which have their style in them."""
    return sorted(release.glob("reports/*/*.html"))


@pytest.fixture(scope="session")
def pages(release) -> list[Path]:
    return [
        release / "index.html",
        *sorted(release.glob("fr/**/*.html")),
        *sorted(release.glob("en/**/*.html")),
    ]


def relative(release, page):
    return page.relative_to(release).as_posix()


def test_every_page_is_html_without_a_fault(release, pages, reports):
    parser = html5lib.HTMLParser(strict=True)
    for page in [*pages, *reports]:
        try:
            parser.parse(page.read_bytes())
        except html5lib.html5parser.ParseError as error:
            pytest.fail(f"{relative(release, page)}: {error} {parser.errors[-1:]}")
    assert len(pages) > 120


def test_every_internal_link_leads_somewhere(release, pages, reports):
    """To a file that is there; after a #, to what has that id in it."""
    read = {page: read_links(page) for page in [*pages, *reports]}
    read |= {path: read_links(path) for path in release.glob("assets/maps/*.svg")}
    ids = {path: set(links.ids) for path, links in read.items()}
    broken = []
    for page, links in read.items():
        for address in {*links.followed, *links.loaded}:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            target = target / "index.html" if target.is_dir() else target
            there = ids.get(target, {parts.fragment}) if parts.fragment else {""}
            if not target.is_file() or unquote(parts.fragment) not in there:
                broken.append((relative(release, page), address))
    assert len(reports) > 10
    assert broken == []


def test_no_page_loads_anything_from_elsewhere_nor_runs_what_stands_in_it(release, pages):
    for page in pages:
        links = read_links(page)
        assert links.inline == [], relative(release, page)
        assert not [each for each in links.loaded if urlsplit(each).netloc or ":" in each]
        assert links.policy.startswith(("default-src 'self'", "default-src 'none'")), page
        assert "unsafe-inline" not in links.policy
        assert "unsafe-eval" not in links.policy.replace("wasm-unsafe-eval", "")


def test_the_page_of_the_data_tells_search_engines_of_each_dataset(release):
    """In the language of the page, at addresses of the files of the release."""
    for address, name in (("fr/donnees", "Sécurité routière"), ("en/data", "Road safety")):
        text = (release / address / "index.html").read_text(encoding="utf-8")
        blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
        told = {each["name"]: each for each in map(json.loads, blocks)}

        assert len(told) == 6
        linked = re.findall(r'<link rel="describedby"[^>]* href="../../(metadata/[^"]+)"', text)
        there = [path.relative_to(release).as_posix() for path in release.glob("metadata/*")]
        assert sorted(linked) == sorted(there)  # schema.org and Croissant of every dataset
        for each in told[name]["distribution"]:
            path = each["contentUrl"].removeprefix("https://jalon.example/latest/")
            assert (release / path).is_file()


def test_the_page_of_an_indicator_tells_search_engines_of_it(release, catalog):
    stems = {path.stem for path in (release / "api/v1/indicators").glob("*.json")}
    names = sorted(stems & catalog.indicators.keys())
    assert "road_deaths" in names
    for name in names:
        for language, address in (("fr", "fr/indicateur"), ("en", "en/indicator")):
            text = (release / address / name / "index.html").read_text(encoding="utf-8")
            (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
            told, indicator = json.loads(block), catalog.indicators[name]

            assert told["@type"] == "Dataset"
            assert told["name"] == getattr(indicator.title, language)
            assert told["variableMeasured"]["unitText"] == getattr(indicator.unit, language)
            assert len(told["description"]) > 50  # or search engines do not take it
            assert f'<link rel="canonical" href="{told["url"]}">' in text
            path = told["distribution"]["contentUrl"].removeprefix("https://jalon.example/latest/")
            assert (release / path).is_file()
    assert told["temporalCoverage"].count("-12-31") == 1


def test_scripts_and_style_name_no_other_host(release):
    own = [*HERE.glob("assets/*.js"), *HERE.glob("assets/*.css")]
    for path in own:
        text = path.read_text(encoding="utf-8")
        hosts = set(re.findall(r"https?://([^/\"'`)]+)", text))
        # Names of XML vocabularies, which nothing is fetched from.
        assert hosts <= {"www.w3.org", "schemas.openxmlformats.org"}, path.name
        assert "cookie" not in text
        assert "innerHTML" not in text
        assert (release / "assets" / path.name).read_bytes() == path.read_bytes()


def test_a_chart_draws_each_of_its_values_and_names_its_axes(release):
    charts = sorted(release.glob("assets/charts/*.json"))
    for path in charts:
        rows = json.loads(path.read_bytes())["data"]["values"]
        told = sum(row.get("value", row.get("count")) is not None for row in rows)
        drawn = path.with_suffix(".svg").read_text(encoding="utf-8")
        assert len(re.findall(r'aria-roledescription="(?:point|bar)"', drawn)) == told, path.name
        assert "undefined" not in drawn, path.name
    assert {"trend", "spread"} <= {path.stem.split("-")[1] for path in charts}


def test_ids_are_given_once(release, pages):
    for page in pages:
        ids = read_links(page).ids
        assert len(ids) == len(set(ids)), relative(release, page)


def test_a_commune_is_a_stub_of_500_bytes_at_most(release):
    stubs = [
        *release.glob("fr/territoire/COM-*/index.html"),
        *release.glob("en/territory/COM-*/index.html"),
    ]
    assert len(stubs) > 20
    assert max(stub.stat().st_size for stub in stubs) <= 500
    rennes = (release / "fr/territoire/COM-35238/index.html").read_text(encoding="utf-8")
    assert "<title>Rennes (35238), Ille-et-Vilaine</title>" in rennes
    assert '<meta name=description content="Rennes (35238)' in rennes
    assert "EPCI-243500139" in rennes


def test_a_vanished_commune_leads_to_todays(release):
    """Saint-Martin was a commune of Guadeloupe until 2007; its page of today knows which."""
    led = (release / "en/territory/COM-97127/index.html").read_text(encoding="utf-8")
    assert 'content="0; url=../COM-97801/?was=97127"' in led
    assert "<title>Saint-Martin, former commune</title>" in led
    around = json.loads((release / "assets/around/FRA.json").read_bytes())
    assert around["former"]["97801"] == {"97127": "Saint-Martin"}


def test_the_sitemap_tells_every_page(release, pages):
    told = set()
    for language in ("fr", "en"):
        text = gzip.decompress((release / f"sitemap-{language}.xml.gz").read_bytes()).decode()
        told |= set(re.findall("<loc>(.*?)</loc>", text))
    base = load_base(release)
    led = {page for page in pages if "refresh" in page.read_text(encoding="utf-8")[:300]}
    asked = {f"{base}{relative(release, page.parent)}/" for page in set(pages) - led - {pages[0]}}
    assert told == asked
    assert "sitemap-fr.xml.gz" in (release / "sitemap.xml").read_text(encoding="utf-8")
    assert f"Sitemap: {base}sitemap.xml" in (release / "robots.txt").read_text(encoding="utf-8")


def load_base(release):
    home = (release / "fr/index.html").read_text(encoding="utf-8")
    return re.search(r'rel="canonical" href="(.*?)fr/"', home)[1]


def keys_of(texts, path=""):
    for key, value in texts.items():
        if isinstance(value, dict):
            yield from keys_of(value, f"{path}/{key}")
        else:
            yield f"{path}/{key}"


def test_both_languages_say_everything():
    french, english = words_in("fr").texts, words_in("en").texts
    of_data = {"survey"}  # keyed by what the data say, in English
    told = [
        {key: each for key, each in texts.items() if key not in of_data}
        for texts in (french, english)
    ]
    assert sorted(keys_of(told[0])) == sorted(keys_of(told[1]))
    asked = [sorted(re.findall(r"\{(\w+)\}", json.dumps(each, sort_keys=True))) for each in told]
    assert asked[0] == asked[1]


def test_every_word_is_said_somewhere():
    """Its name, or that of its group where data choose in it, stands in a page or a script."""
    own = [*HERE.glob("*.py"), *HERE.glob("templates/*"), *HERE.glob("assets/*.js")]
    said = set(re.findall(r"\w+", "\n".join(path.read_text(encoding="utf-8") for path in own)))
    for group, texts in words_in("fr").texts.items():
        assert group in said
        if isinstance(texts, dict) and group not in CHOSEN_BY_DATA:
            assert texts.keys() <= said, group


def test_no_line_of_french_begins_with_a_mark(release, pages):
    """Nor ends with an opening one: the space between is one that no line breaks at."""
    for page in pages:
        if not relative(release, page).startswith("en/"):
            text = page.read_text(encoding="utf-8")
            text = re.sub(r"<(pre|script|code)\b.*?</\1>", "", text, flags=re.DOTALL)
            told = re.findall(r">([^<]+)", text)
            loose = [each for each in told if re.search(r"\S [:;!?%»€]|« |\w'\w", each)]
            assert loose == [], relative(release, page)
    words = (release / "assets/words-fr.json").read_text(encoding="utf-8")
    assert re.findall(r"\S [:;!?%»](?! \{)|« ", words) == []
    assert json.loads(words)["colon"] == "\u00a0: "
    assert typeset("l'eau : 5 % ; « non » !", "fr") == (
        "l’eau\u00a0: 5\u00a0%\u202f; «\u00a0non\u00a0»\u202f!"
    )
    assert typeset("isn't it: 5 %", "en") == "isn’t it: 5%"


def test_home_tells_what_has_changed_and_quality_what_to_mind(release):
    changes = json.loads((release / "changes.json").read_text(encoding="utf-8"))
    issues = json.loads((release / "issues.json").read_text(encoding="utf-8"))["issues"]
    home, quality = (
        (release / "en" / name / "index.html").read_text(encoding="utf-8")
        for name in ("", "quality")
    )
    assert changes["summary"]["en"]
    assert [line for line in changes["summary"]["en"][:6] if f"<li>{line}</li>" not in home] == []
    told = [escape(each["message_en"]) for each in issues]
    assert told
    assert [each for each in told if f"<dd>{each}</dd>" not in quality] == []
    assert [each for each in told if each in home] == []
    assert "<dt>Missing sources</dt>" in quality  # no name of a file of the catalogue


def test_the_accessibility_statement_is_what_the_law_asks_for(release):
    """Without an audit nothing but non-compliance may be declared; then contact and recourse."""
    statement = (release / "fr/accessibilite/index.html").read_text(encoding="utf-8")
    assert "Accessibilité\u00a0: non conforme" in statement
    assert "non conforme au référentiel" in statement
    assert 'href="https://jalon.example/contact"' in statement
    assert 'href="https://formulaire.defenseurdesdroits.fr/"' in statement
    assert "établie le 25 novembre 2026" in statement


def test_nothing_moves_and_no_class_of_a_map_is_told_by_hue_alone():
    style = (HERE / "assets/site.css").read_text(encoding="utf-8")
    assert not re.search("animation|transition", style)
    asked = "@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }"
    assert style.count("smooth") == style.count(asked) == 1
    shades = [re.search(rf"--q{each}: #(..)(..)(..)", style).groups() for each in range(5)]
    light = [luminance(*(int(part, 16) / 255 for part in shade)) for shade in shades]
    steps = [(one + 0.05) / (other + 0.05) for one, other in pairwise(light)]
    assert min(steps) > 1.3  # each is clearly darker than the one before


def luminance(*colour):
    """As WCAG 2 defines it."""
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_each_chart_has_a_table(release, pages):
    charts = 0
    for page in pages:
        text = page.read_text(encoding="utf-8")
        drawn = len(re.findall(r'<img class="chart"', text))
        charts += drawn
        assert drawn == len(re.findall(r"<summary>(?:Les v|The v)[^<]*</summary>\s*<table", text))
    assert charts > 10


def test_innovation_sets_goals_and_labs_against_the_indicators(small, release):
    """Bretagne has a lab and the 262,615 residents of the two communes of the small project."""
    assert set(GOALS) <= {
        row[0]
        for row in small.sql(
            "select distinct answer from indicators.survey_results where theme = 'goals'"
        ).fetchall()
    }
    page = (release / "en/innovation/index.html").read_text(encoding="utf-8")
    goals = page[page.index('id="goals"') : page.index('id="labs"')].split("rowgroup")
    (life,) = [each for each in goals if "Everyday life" in each]
    assert "<small>77% (users aged 73 and over, 2021)</small>" in life
    assert "../../en/indicator/road_accidents_rate/" in life
    assert "women_councillors_share" not in life
    assert "4.5 <small>killed per million inhabitants</small>" in life  # 12 of 2,662,636
    assert "–<" in life  # what is not known for France has no unit
    assert "– <small>" not in page
    labs = page[page.index('id="labs"') :]
    assert re.search(r"TiLab.*?262,615 <small>inhabitants, 2023</small>", labs, re.DOTALL)


def test_french_knows_every_answer_of_the_surveys(small):
    rows = small.sql(
        "select question, answer, population from indicators.survey_results"
    ).fetchall()
    kinds = small.sql("select kind from indicators.innovation_labs").fetchall()
    said = {cell for row in [*rows, *kinds] for cell in row}
    assert said <= words_in("fr")["survey"].keys()


def test_numbers_are_those_of_the_language():
    french, english = words_in("fr"), words_in("en")
    assert french.number(34875.55, 1) == "34\u202f875,6"
    assert english.number(-34875.54, 1) == "\u221234,875.5"
    assert french.number(-0.001, 1) == "0,0"
    assert french.number(None) == "–"
    assert [french.ordinal(1), french.ordinal(2)] == ["1er", "2e"]
    assert [english.ordinal(each) for each in (1, 2, 3, 11, 112, 21)] == [
        "1st",
        "2nd",
        "3rd",
        "11th",
        "112th",
        "21st",
    ]
    forms = ["{count} {what}", "{count} {what}s"]
    assert [french.counted(forms, each, what="an") for each in (0, 1, 2)] == [
        "0 an",
        "1 an",
        "2 ans",
    ]
    assert english.counted(forms, 0, what="year") == "0 years"
    assert english.counted(forms, 1, what="year") == "1 year"
    assert french.date("2026-01-01") == "1er janvier 2026"
    assert english.date("2026-08-04") == "4 August 2026"


def test_classes_hold_as_many_each_and_never_part_equal_values():
    classes = quantiles(range(1, 11), 5)
    assert [classes.number(each) for each in range(1, 11)] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert classes.ranges()[0] == (1, 2)
    tied = quantiles([0] * 8 + [1, 2], 5)
    assert [tied.number(each) for each in (0, 1, 2)] == [0, 1, 1]
    assert quantiles([]) is None
    assert quantiles([7, 7]).number(7) == 0


def test_a_sparkline_breaks_where_a_value_is_missing():
    assert sparkline(["2019", "2020"], [1, 2]) == ""
    assert sparkline(["2018", "2019", "2020", "2022"], [0, 5, None, 10]) == "M2 18L21 10M78 2"


def cells_of(page: str, title: str) -> list[str]:
    """The text of each cell of the line of an indicator, without its heading."""
    line = re.search(rf"{re.escape(title)}</a>(.*?)\n(?:<tr|</t|\n)", page, re.DOTALL)[1]
    cells = (re.sub("<[^>]+>", " ", cell) for cell in line.split("<td>")[1:])
    return [" ".join(cell.split()) for cell in cells]


def test_a_territory_is_told_whole(release):
    """Four people were killed in 2020, the most of the eight départements; all twelve in France."""
    page = (release / "fr/territoire/DEP-35/index.html").read_text(encoding="utf-8")
    assert "<h1>Ille-et-Vilaine</h1>" in page
    assert "../REG-53/" in page
    assert "../EPCI-243500139/" in page
    assert 'property="og:title"' in page
    assert "api/v1/territories/DEP-35.json" in page
    value, _, rank, region, france = cells_of(page, "Personnes tuées sur les routes")
    assert value == "4 personnes tuées, 2020"
    assert rank == "8e sur 8 4e quart"
    assert (region, france) == ("4", "12")


def test_a_ranking_has_the_published_ranks(release, small):
    """Lowest first where lower is better; what has no value comes last and has no rank."""
    published = {
        (indicator, territory): rank
        for indicator, territory, rank in small.sql(
            "select indicator, territory_id, level_rank from indicators.comparisons"
            " where territory_id like 'DEP-%'"
        ).fetchall()
    }
    row = re.compile(r'<tr><td class="n">(\S+)</td><th scope="row"><a href="\S+/(DEP-\w+)/">')
    checked = 0
    for page in release.glob("fr/indicateur/*/index.html"):
        found = row.findall(page.read_text(encoding="utf-8"))
        ranks = [int(rank) for rank, _ in found if rank != "–"]
        assert ranks == sorted(ranks)
        assert [rank == "–" for rank, _ in found] == sorted(rank == "–" for rank, _ in found)
        for rank, territory in found:
            told = published.get((page.parent.name, territory)) if rank != "–" else None
            assert rank == (str(told) if told else "–"), (page.parent.name, territory)
            checked += told is not None
    assert checked > 100


def test_an_indicator_tells_where_its_values_come_from(release):
    """Of each file: which map its codes are of, when the next is due, its address and its hash."""
    page = (release / "en/indicator/road_deaths_rate/index.html").read_text(encoding="utf-8")
    accidents = re.search(r"<tr>.*?Road accidents with injury.*?</tr>", page)[0]
    assert "that of the year of each row" in accidents
    stored = json.loads((release / "manifest.json").read_bytes())["inputs"]["sources"]
    (file,) = (each for each in stored if each["source"] == "road_accidents")
    assert file["sha256"] in page
    assert "road_accidents/road_accidents-2020.csv.gz" in page


def test_what_is_hidden_is_said_and_not_shown(release, small):
    """Each cell of a page whose newest value is hidden says so, and nothing else."""
    hidden = small.sql(
        "select territory_id, title_fr, max(period) from indicators.observations"
        " inner join indicators.indicators using (indicator)"
        " where territory_id not like 'COM-%' and territory_id not like 'ARM-%'"
        " group by territory_id, title_fr"
        " having max_by(obs_status, period) = 'Q' and max_by(value, period) is null"
    ).fetchall()
    told = set()
    for territory, title, period in hidden:
        page = release / "fr/territoire" / folder_of(territory) / "index.html"
        text = page.read_text(encoding="utf-8") if page.is_file() else ""
        if f">{title}</a>" in text:  # an EPCI has all its lines once the script has run
            value, spark, rank, *_ = cells_of(text, title)
            assert (value, rank) == (f"{period} secret statistique", ""), (territory, title)
            assert "secret" not in spark
            told.add(territory)
    assert len(told) > 3


def test_names_that_mean_harm_stay_text(ran, tmp_path):
    """A warehouse whose names, and the id of a zone, are made to break out of HTML and paths."""
    settings, _ = ran
    copy = tmp_path / "data" / "warehouse.duckdb"
    copy.parent.mkdir()
    shutil.copy(settings.warehouse, copy)
    folder = tmp_path / "draft"
    folder.mkdir()
    shutil.copytree(find_latest(settings.public) / "boundaries", folder / "boundaries")
    catalog = load_catalog(settings.catalog)
    catalog = restrict(
        catalog, reads_of(catalog.queries), {p.name for p in (settings.data / "valid").iterdir()}
    )
    issue = Issue("warning", HOSTILE, HOSTILE, 1, HOSTILE, HOSTILE)
    text = Text(fr=HOSTILE, en=HOSTILE)
    record = make_record(catalog)
    (dataset,) = record.datasets
    datasets = tuple(
        replace(
            dataset,
            name=each.name,
            measures=tuple(Measure(name, text, text, text, text) for name in each.indicators),
        )
        for each in catalog.datasets.values()
    )
    with connect(copy) as con:
        con.execute("update indicators.territories set name = ?", [f"{HOSTILE}|\n0"])
        con.execute(
            "update indicators.territories set territory_id = ? where territory_id = 'ABC-C'",
            [BAD_ID],
        )
        con.execute(
            "update indicators.indicators set title_fr = ?, unit_en = ?", [HOSTILE, HOSTILE]
        )
        write_site(
            Draft(con, settings, catalog, folder),
            {name: [] for name in catalog.sources},
            [issue],
            "2026-08-04",
            replace(record, datasets=datasets),
        )

    pages = [*folder.glob("fr/**/*.html"), *folder.glob("en/**/*.html")]
    parser = html5lib.HTMLParser(strict=True)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        parser.parse(text)
        assert "<script>alert" not in text, page
        assert page.stat().st_size <= 500 or "COM-" not in page.parent.name
    assert (folder / "fr/territoire" / folder_of(BAD_ID) / "index.html").is_file()
    index = json.loads((folder / "assets/search.json").read_bytes())
    communes = [line.split("|") for line in index["communes"].split("\n")]
    assert {"|".join(name) for _, _, *name in communes} == {f"{HOSTILE}| 0"}
    assert not [path for path in tmp_path.rglob("*") if "<" in path.name]
