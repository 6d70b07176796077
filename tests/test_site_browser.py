"""The site in a real browser: journeys, who is shut out, weight, and silence of the console."""

import csv
import functools
import gzip
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from flows.catalog.read import load_catalog
from flows.publish.draft import Draft
from flows.publish.release import find_latest
from flows.publish.site.console import write_console
from flows.publish.site.facts import Facts
from flows.publish.site.frame import Site
from flows.publish.site.words import words_in
from flows.warehouse import connect
from serving import serving

ENGLISH = words_in("en")
ROOT = Path(__file__).parent.parent
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
WIDE, PHONE, NARROW = (1280, 900), (390, 780), (320, 640)
FRENCH = [
    "fr/",
    "fr/territoire/?q=rennes",
    "fr/territoire/FRA/",
    "fr/territoire/REG-53/",
    "fr/territoire/USR-pays_de_rennes/",
    "fr/territoire/DEP-35/",
    "fr/territoire/EPCI-243500139/",
    "fr/territoire/COM-35238/",
    "fr/territoire/ABC-C/",
    "fr/indicateur/",
    "fr/indicateur/road_deaths_rate/",
    "fr/barometre/",
    "fr/comparer/?t=DEP-35,COM-35238",
    "fr/donnees/",
    "fr/donnees/console/",
    "fr/qualite/",
    "fr/innovation/",
    "fr/accessibilite/",
]
FOLDERS = {
    "fr/": "en/",
    "territoire": "territory",
    "indicateur": "indicator",
    "barometre": "barometer",
    "comparer": "compare",
    "donnees": "data",
    "qualite": "quality",
    "accessibilite": "accessibility",
}
STOPS = 12  # of the keyboard: the head of a page and some of its content
FOCUS = """() => {
    const focused = document.activeElement, style = getComputedStyle(focused);
    const box = focused.getBoundingClientRect();
    return {
        class: focused.className,
        place: [...document.querySelectorAll("*")].indexOf(focused),
        is_seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
            && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight,
    };
}"""
HEAVIEST_BYTES = 150_000
HARM = "\"><img src=x onerror='harmed=1'><script>harmed=1</script>\u202eRennes & <b>"
INTERVAL = ("rank_low", "rank_high")
PLACE = ("level_rank", "level_count", "level_quartile")

expect.set_options(timeout=20_000)  # a busy machine draws late

pytestmark = pytest.mark.skipif(not CHROMIUM.is_file(), reason="needs Debian's chromium")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def address(ran) -> Iterator[str]:
    """The releases, served on loopback as any static host would."""
    handler = functools.partial(Quiet, directory=str(ran[0].public))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/latest/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def release(ran) -> Path:
    return find_latest(ran[0].public)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture
def page(browser, address) -> Iterator[Page]:
    """A page that fails its test for any error, and any request that leaves this machine."""
    context = browser.new_context(
        base_url=address,
        viewport=dict(zip(("width", "height"), WIDE, strict=True)),
        reduced_motion="reduce",  # what is focused is in view at once
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    troubles: list[str] = []
    page.on("console", lambda message: message.type == "error" and troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            asked.url.startswith((address.removesuffix("latest/"), "blob:"))
            or troubles.append(asked.url)
        ),
    )
    yield page
    cookies = context.cookies()
    context.close()
    assert troubles == []
    assert cookies == []


def english(path: str) -> str:
    for french, other in FOLDERS.items():
        path = path.replace(french, other)
    return path


def visit(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("path", [*FRENCH, *map(english, FRENCH)])
def test_nobody_is_shut_out_of_a_page(page, path):
    """axe-core finds nothing, at the width of a desk and of a phone; at 320 px nothing is cut, nor
    where text is twice as large; the keyboard goes from the link to the content to what follows,
    and each stop is seen.
    """
    visit(page, path)
    if "?q=" in path:
        expect(page.get_by_role("option").first).to_contain_text("Rennes")
    stops = []
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUS))
    assert stops[0]["class"] == "skip"
    assert [each for each in stops if not each["is_seen"]] == []
    assert len({each["place"] for each in stops}) == STOPS
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDE[0]
    page.evaluate("document.documentElement.style.fontSize = ''")
    for width, height in (WIDE, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        assert faults_of(page) == [], f"{path} at {width}"
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    assert page.evaluate("document.documentElement.lang") == path[:2]


@pytest.mark.parametrize(
    "path",
    ["fr/territoire/COM-35238/", "fr/territoire/?q=rennes", "fr/comparer/?t=DEP-35,COM-35238"],
)
def test_a_name_that_means_harm_stays_text_in_what_scripts_draw(page, path):
    """The name of a commune, in every file that a script reads."""

    def spoil(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("Rennes", json.dumps(HARM)[1:-1]))

    page.route(re.compile(r"\.json$"), spoil)
    visit(page, path)
    expect(page.locator("body")).to_contain_text(HARM)
    assert page.evaluate("window.harmed") is None


@pytest.mark.parametrize(
    "path", ["fr/", *(each for each in FRENCH if "territoire/" in each and "?" not in each)]
)
def test_a_first_view_is_light(page, release, address, path):
    """Compressed, as hosts send it: a page, and any commune whose file it might have read."""
    paths: list[str] = []
    page.on("requestfinished", lambda asked: paths.append(urlsplit(asked.url).path))
    visit(page, path)
    base = urlsplit(address).path
    sizes = {each: packed(release / unquote(each).removeprefix(base)) for each in paths}
    shards = [each for each in sizes if "/api/v1/communes/" in each]
    assert len(shards) == ("COM-" in path)
    heaviest = max(map(packed, release.glob("api/v1/communes/*.json"))) if shards else 0
    others = sum(size for each, size in sizes.items() if each not in shards)
    assert 1_000 < others + heaviest <= HEAVIEST_BYTES


def packed(path: Path) -> int:
    """Bytes of a file, or of the page of a folder, once compressed."""
    path = path / "index.html" if path.is_dir() else path
    return len(gzip.compress(path.read_bytes(), mtime=0))


@pytest.mark.parametrize("path", ["REG-53", "DEP-35", "EPCI-243500139"])
def test_a_territory_can_be_read_without_script(browser, release, address, path):
    """Its population, its parts (départements first), the data; and it prints on few pages."""
    told = json.loads((release / f"api/v1/territories/{path}.json").read_bytes())
    population = words_in("fr").number(told["territories"]["population"])
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"fr/territoire/{path}/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("row", name="Population municipale")).to_contain_text(population)
    assert page.locator("a[href$='.json']").count() >= 1
    assert pages_of(page) <= 2
    if path == "REG-53":
        expect(page.locator(".many a").first).to_have_text("Ille-et-Vilaine")
        page.goto("fr/territoire/?q=rennes")
        assert "Sans script, partir de la liste" in page.locator("noscript").inner_html()
    context.close()


def test_a_mayor_finds_the_commune_prints_it_and_takes_it(page):
    """On a phone, from home, by the keyboard alone, without accents; then one that is no more."""
    page.set_viewport_size(dict(zip(("width", "height"), PHONE, strict=True)))
    visit(page, "fr/")
    page.get_by_role("combobox").fill("zzz")
    expect(page.get_by_text("Aucun résultat")).to_be_in_viewport()
    page.get_by_role("combobox").fill("cesson sevigne")
    expect(page.get_by_role("option").first).to_contain_text("Cesson-Sévigné")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cesson-Sévigné")
    assert page.url.endswith("/fr/territoire/COM-35051/")
    row = page.get_by_role("row", name="Population municipale")
    expect(row).to_contain_text("habitants, 2023")
    expect(row).to_contain_text("sur")
    expect(page.get_by_role("link", name="Ille-et-Vilaine")).to_be_visible()
    assert page.get_by_role("button", name="Imprimer").is_visible()
    assert pages_of(page) <= 2
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV").click()
    rows = csv.DictReader(taken.value.path().read_text(encoding="utf-8-sig").splitlines())
    told = {(row["indicator"], row["period"]): row["value"] for row in rows}
    assert told["population", "2023"] == "18761"

    page.get_by_role("combobox").fill("97127")
    expect(page.get_by_role("option")).to_contain_text("ancienne commune")
    page.keyboard.press("Enter")
    expect(page.locator("main .warn")).to_contain_text("Saint-Martin (97127) n’est plus")
    canonical = page.locator("link[rel=canonical]").get_attribute("href")
    assert canonical == "https://jalon.example/latest/fr/territoire/COM-97801/"
    assert faults_of(page) == []


def pages_of(page: Page) -> int:
    """How many pages of A4 it takes to print."""
    printed = page.pdf(format="A4", print_background=True)
    return max(int(count) for count in re.findall(rb"/Count (\d+)", printed))


def faults_of(page: Page) -> list[tuple[str, str]]:
    """What axe-core finds: rules, each with the first element at fault."""
    found = Axe().run(page).response["violations"]
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in found]


def test_an_analyst_compares_and_takes_a_table(page, tmp_path):
    """Who is sent the address sees the same; a seventh territory is refused in so many words."""
    visit(page, "fr/")
    page.get_by_role("link", name="Comparer").click()
    field = page.get_by_role("combobox", name="Ajouter un territoire")
    field.fill("ille et vilaine")
    field.press("Enter")
    expect(page.get_by_role("columnheader", name="Ille-et-Vilaine")).to_be_visible()
    field.fill("rennes metro")
    expect(page.get_by_role("option").first).to_contain_text("Rennes Métropole")
    field.press("Enter")
    expect(page.get_by_role("columnheader", name="Rennes Métropole")).to_be_visible()
    assert "EPCI-243500139" in page.url
    with page.expect_download() as taken:
        page.get_by_role("button", name="Télécharger le tableau").click()
    rows = list(csv.DictReader(taken.value.path().read_text(encoding="utf-8-sig").splitlines()))
    assert {row["territory_id"] for row in rows} == {"DEP-35", "EPCI-243500139"}
    picking = page.get_by_role("combobox", name="Ajouter un indicateur")
    for asked in ("densite de population", "population municipale"):
        picking.fill(asked)
        picking.press("Enter")
    heads = page.locator("#compare tbody").first.get_by_role("rowheader")
    expect(heads).to_have_text([re.compile("^Densité"), re.compile("^Population municipale")])
    page.get_by_role("combobox", name="Niveau").select_option("epci")
    page.get_by_role("button", name="Dessiner").first.click()
    expect(page.locator(".chart svg.marks").first).to_be_visible()
    page.get_by_role("button", name="Dessiner").nth(1).click()
    expect(page.locator(".chart svg.marks").nth(1)).to_be_visible()

    others = "DEP-01,DEP-14,DEP-2A,DEP-55,DEP-75"
    visit(page, page.url.replace("EPCI-243500139", f"EPCI-243500139,{others}"))
    expect(heads).to_have_text([re.compile("^Densité"), re.compile("^Population municipale")])
    expect(page.locator(".chart svg.marks")).to_have_count(2)
    expect(page.get_by_role("combobox", name="Niveau")).to_have_value("epci")
    expect(page.get_by_text("Six territoires au plus : DEP-75 n’est pas ajouté.")).to_be_visible()
    expect(page.locator("#compare thead").first.get_by_role("columnheader")).to_have_count(7)
    assert faults_of(page) == []


def test_a_journalist_goes_from_the_map_to_the_sources(page):
    visit(page, "en/")
    page.get_by_role("link", name="People killed on the roads per million inhabitants").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("killed on the roads")
    page.get_by_role("combobox", name="Level").select_option("epci")
    expect(page.get_by_role("rowheader", name="Rennes Métropole")).to_be_visible()
    page.get_by_role("combobox", name="Level").select_option("commune")
    page.get_by_role("combobox", name="Département").select_option("DEP-35")
    expect(page.get_by_role("rowheader", name="Cesson-Sévigné")).to_be_visible()
    assert page.locator(".map path[class^=q]").count() >= 2
    page.get_by_role("button", name="Explore this chart").first.click()
    expect(page.locator(".chart svg.marks")).to_be_visible()
    assert faults_of(page) == []
    with page.expect_download() as taken:
        page.get_by_role("link", name="road_safety_departement.csv").click()
    rows = csv.DictReader(taken.value.path().read_text(encoding="utf-8").splitlines())
    assert {"35", "75"} <= {row["code_departement"] for row in rows}
    page.locator("table a[href*='reports/road_accidents']").first.click()
    assert "/reports/road_accidents/" in page.url
    assert faults_of(page) == []


def test_a_data_officer_reads_quality_and_downloads(page):
    visit(page, "fr/")
    page.get_by_role("navigation", name="Navigation principale").get_by_role(
        "link", name="Qualité"
    ).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Qualité")
    expect(page.get_by_role("rowheader", name="Accidents corporels")).to_be_visible()
    page.get_by_role("link", name="Données", exact=True).click()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Data")
    feed = page.locator("#road_safety").get_by_role("link", name="Follow this dataset")
    assert page.request.get(resolved(page, feed)).ok
    page.get_by_text("All releases", exact=True).click()
    page.locator("#releases-list tbody").get_by_role("link").first.click()  # its own address
    assert "/releases/2" in page.url
    page.get_by_role("link", name="Data", exact=True).click()
    page.get_by_text("All releases", exact=True).click()
    assert page.request.get(resolved(page, page.get_by_role("link", name="Follow the rel"))).ok
    assert resolved(page, page.locator("#releases-list th a").first).endswith(
        page.url.split("/releases/")[1].replace("data/", "")
    )
    reply = page.request.get(
        page.get_by_role("link", name="datapackage.json")
        .get_attribute("href")
        .replace("../../", "")
    )
    assert reply.ok


def resolved(page: Page, link: Locator) -> str:
    return urljoin(page.url, link.get_attribute("href"))


def test_the_barometer_is_weighed_anew(page, browser, address, ran):
    """A profile has the published scores and ranks; all weight on one goal makes it the whole."""
    scores = published_scores(ran[0].public, "equal")
    assert len(scores["epci"]) > 5 < len(scores["departement"])
    without_script = browser.new_context(base_url=address, java_script_enabled=False)
    plain = without_script.new_page()
    plain.goto("en/barometer/")
    assert told_scores(plain) == scores["region"]
    bars = plain.locator(".ranking tbody tr").first.locator(".mix rect").count()
    assert bars == plain.locator(".ranking tbody tr").first.locator(".part").count() == 2
    without_script.close()

    visit(page, "en/barometer/")
    for level, published in scores.items():
        page.get_by_role("combobox", name="Level").select_option(level)
        expect(page.locator(".ranking tbody tr")).to_have_count(len(published))
        assert told_scores(page) == published
    for slider in page.get_by_role("slider", disabled=False).all():
        slider.fill("0")
    page.get_by_role("slider", name="Functioning of local government").fill("80")
    expect(page.get_by_role("combobox", name="Profile")).to_have_value("own")
    for row in told_scores(page).values():
        assert row["overall"] == row["local_government"]
    off = page.get_by_role("slider", disabled=True)
    expect(off).to_have_count(2)  # two goals have no indicator among those of the small project
    expect(off.first).to_have_accessible_description(re.compile("No indicator of this goal"))
    page.get_by_role("combobox", name="Profile").select_option("elected_officials")
    assert told_scores(page) == published_scores(ran[0].public, "elected_officials")[level]


def published_scores(public: Path, profile: str) -> dict[str, dict[str, dict[str, str]]]:
    """By level and id, as English writes it: each score to a tenth, rank and its interval."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    text = (public / "latest/data/barometer_scores.csv").read_text(encoding="utf-8-sig")
    for row in csv.DictReader(text.splitlines()):
        if row["profile"] == profile:
            told = found.setdefault(row["level"], {}).setdefault(row["territory_id"], {})
            told[row["theme"]] = f"{Decimal(row['score']):.1f}" if row["score"] else "–"
            if row["theme"] == "overall":
                ends = [
                    ENGLISH.ordinal(int(row[end])) for end in ("rank_low", "rank_high") if row[end]
                ]
                told["rank"] = ENGLISH.ordinal(int(row["rank"])) if row["rank"] else "–"
                told["interval"] = " – ".join(ends)
    return found


def told_scores(page: Page) -> dict[str, dict[str, str]]:
    """The same as the page shows it."""
    found = {}
    for row in page.locator(".ranking tbody tr").all():
        rank, interval, overall, life, government, _ = row.locator("td").all_inner_texts()
        href = row.get_by_role("link").get_attribute("href") or ""
        found[href.rstrip("/").split("/")[-1]] = {
            "rank": rank,
            "interval": interval,
            "overall": overall,
            "everyday_life": life,
            "local_government": government,
        }
    return found


def test_a_page_is_taken_away_as_a_table(page, release, tmp_path):
    """CSV and XLSX say the same: what the page shows, and what the published tables hold."""
    visit(page, "fr/territoire/DEP-35/")
    found = {}
    for kind in ("CSV", "XLSX"):
        with page.expect_download() as taken:
            page.get_by_role("button", name=kind).click()
        assert taken.value.suggested_filename == f"DEP-35.{kind.lower()}"
        found[kind] = tmp_path / taken.value.suggested_filename
        taken.value.save_as(found[kind])
    with found["CSV"].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    book = openpyxl.load_workbook(found["XLSX"]).active.iter_rows(values_only=True)
    told = [["" if cell is None else str(cell) for cell in row] for row in book]
    assert told == [list(rows[0]), *(list(row.values()) for row in rows)]

    (hours,) = (row for row in rows if row["indicator"] == "town_hall_weekly_hours")
    assert (hours["period"], hours["value"], hours["REG-53"]) == ("2026", "40", "40")
    (deaths,) = (
        row for row in rows if (row["indicator"], row["period"]) == ("road_deaths", "2020")
    )
    # Four people killed: the most of the eight départements, so the last, in the highest quarter.
    assert [deaths[each] for each in PLACE] == ["8", "8", "4"]
    scores = {row["indicator"]: row for row in rows if "/" in row["indicator"]}
    with (release / "data/barometer_scores.csv").open(encoding="utf-8", newline="") as file:
        every = [row for row in csv.DictReader(file) if row["territory_id"] == "DEP-35"]
    published = [row for row in every if row["profile"] == "equal"]
    assert len(scores) == len(published) == 3
    for row in published:
        score = scores[f"{row['barometer']}/equal/{row['theme']}"]
        assert float(score["value"]) == pytest.approx(float(row["score"]), abs=1e-4)
        assert [score[each] for each in INTERVAL] == [row[each] for each in INTERVAL]

    visit(page, "fr/territoire/FRA/")
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(taken.value.path().read_text(encoding="utf-8-sig").splitlines()))
    (target,) = (row for row in rows if row["target"])
    assert (target["target"], target["target_period"]) == ("road_deaths_halved", "2030")


@pytest.fixture
def with_console(ran, release, tmp_path) -> Path:
    """A release that has the engine of the console, which `make console` fetches."""
    if not shutil.which("npm"):
        pytest.skip("needs npm, with which `make console` fetches the engine")
    settings = replace(ran[0], root=tmp_path)
    settings.engine.parent.mkdir()
    made = subprocess.run(
        ["make", "console", f"ENGINE={settings.engine}"], cwd=ROOT, capture_output=True, text=True
    )
    if made.returncode:
        pytest.skip(f"the engine of the console cannot be fetched: {made.stderr[-300:]}")
    folder = tmp_path / "public" / "releases" / release.name
    shutil.copytree(release, folder, copy_function=os.link)
    shutil.rmtree(folder / "fr/donnees/console")
    shutil.rmtree(folder / "en/data/console")
    (folder.parents[1] / "latest").symlink_to(folder)
    catalog = load_catalog(ran[0].catalog)
    with connect(ran[0].warehouse, read_only=True) as con:
        draft = Draft(con, settings, catalog, folder)
        write_console(Site(draft, Facts(draft), {}, "2026-08-04"))
    return folder.parents[1]


def test_an_analyst_asks_in_sql(browser, with_console):
    """The engine reads parts of the Parquet files that it needs, in the page, under its policy."""
    statuses: list[int] = []
    with serving(with_console) as client:
        page = browser.new_page(base_url=f"http://127.0.0.1:{client.port}/latest/")
        page.on(
            "response",
            lambda told: told.url.endswith(".parquet") and statuses.append(told.status),
        )
        page.goto("fr/donnees/console/")
        example = page.locator(".example", has_text="Les dix communes les plus peuplées")
        example.get_by_role("button", name="Essayer").click()
        page.get_by_role("button", name="Exécuter").click()
        first = page.get_by_role("group", name="Résultat").locator("tbody tr").first
        expect(first).to_contain_text("Rennes", timeout=30_000)
        assert faults_of(page) == []
        page.close()
    assert statuses.count(206) >= 2


def test_an_embed_shows_the_territory_its_date_and_the_way_back(page, address):
    """In a frame of another site: links leave the frame."""
    frame = (
        f'<iframe title="Ille-et-Vilaine" src="{address}fr/territoire/DEP-35/?embed=1"></iframe>'
    )
    page.set_content(
        f'<!doctype html><html lang="fr"><title>x</title><main><h1>x</h1>{frame}</main>'
    )
    shown = page.frame_locator("iframe")
    expect(shown.get_by_role("heading", level=1)).to_be_visible()
    expect(shown.locator("header.top")).to_be_hidden()
    expect(shown.get_by_text("Données jusqu’au")).to_be_visible()
    assert faults_of(page) == []
    for name, path in (
        ("Ille-et-Vilaine – Jalon", "fr/territoire/DEP-35/"),
        ("Nombre de communes", "fr/indicateur/commune_count/"),
    ):
        with page.context.expect_page() as opened:
            shown.get_by_role("link", name=name).click()
        assert opened.value.url == f"{address}{path}"
