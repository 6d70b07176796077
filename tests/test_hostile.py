"""Hostile names in a release: text stays text in every file, and comes back as it was."""

import csv
import gzip
import html.parser
import json
import re
import shutil
from xml.etree import ElementTree

import duckdb
import openpyxl
import pytest
from rdflib import DCTERMS, Graph

from flows.catalog import Text, load_catalog
from flows.catalog.lineage import restrict
from flows.changes.compare import no_changes
from flows.files import sha256_of
from flows.handover import RawFile
from flows.publish.changes import tell_changes
from flows.publish.draft import Draft
from flows.publish.release import find_latest, read_manifest
from flows.publish.whole import write_release
from flows.settings import Settings
from flows.steps.validate import validate_file
from flows.warehouse import connect, reads_of, shared_sql
from project import ROOT

SCRIPT = "<script>alert('x')</script>"
NAMES = {
    "COM-01033": '=HYPERLINK("https://evil.example","click")',
    "COM-14666": "+1+cmd|' /C calc'!A0",
    "COM-14712": "-2+3",
    "COM-2A004": "@SUM(A1:A9)",
    "COM-2A041": SCRIPT,
    "COM-35024": "a\"b'c, d",
    "COM-35051": "\u202eetavirp\u202c \u200fשלום",
    "COM-35238": "Rennes;=1+1\n=2",
    "COM-55039": "</script><img src=x onerror=alert(1)>",
    "COM-55545": "\t=1+1",
}
TITLE = f"=1+1 {SCRIPT} \u202e"
ATOM = "{http://www.w3.org/2005/Atom}"
REJECTED = "housing_tension"  # a source that may quote the code of a commune that it rejects
PLAIN_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?")


@pytest.fixture(scope="module")
def hostile(ran, tmp_path_factory):
    """A release whose territories, package, and one dataset and indicator, bear hostile names."""
    settings, folder = ran[0], tmp_path_factory.mktemp("hostile")
    shutil.copy(settings.warehouse, folder / "warehouse.duckdb")
    catalog = load_catalog(settings.catalog)
    with connect(folder / "warehouse.duckdb") as con:
        present = {row[0] for row in con.sql("select source from parts.files_used").fetchall()}
        catalog = spoil(restrict(catalog, reads_of(catalog.queries), present))
        for territory_id, name in NAMES.items():
            rename(con, territory_id, name)
        con.execute("update indicators.indicators set title_fr = ?, unit_en = ?", [TITLE, TITLE])
        (folder / "release").mkdir()
        draft = Draft(con, settings, catalog, folder / "release", "1.0.0")
        tell_changes(draft, no_changes(con), "first", None, [])
        reports = {name: [] for name in catalog.sources}
        reports[REJECTED] = [judge_hostile(folder, catalog.sources[REJECTED])]
        write_release(draft, reports, [], read_manifest(find_latest(settings.public)))
    return folder / "release"


def judge_hostile(folder, source):
    """The report on a file of *source* that has hostile names for codes, which are rejected."""
    (folder / "schemas").symlink_to(ROOT / "schemas")
    path = folder / "received.csv"
    schema = json.loads((ROOT / f"schemas/sources/{source.name}.json").read_text(encoding="utf-8"))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow([field["name"] for field in schema["fields"]])
        writer.writerows([name, "84", "01", "x", "A", "Non"] for name in NAMES.values())
    bounds = source.rows.model_copy(update={"min": 1})
    rejects = source.rejects.model_copy(update={"max_percent": 100})
    source = source.model_copy(update={"rows": bounds, "rejects": rejects})
    raw = RawFile(source.name, None, path, sha256_of(path), "2026-01-01")
    return validate_file(Settings(folder), source, raw)


def rename(con, territory_id, name):
    code = territory_id.removeprefix("COM-")
    con.execute(
        "update indicators.territories set name = ? where territory_id = ?", [name, territory_id]
    )
    con.execute("update core.communes set commune_name = ? where commune_code = ?", [name, code])


def spoil(catalog):
    """The catalogue with a hostile title of itself, of a dataset and of an indicator of it."""
    text = Text(fr=TITLE, en=TITLE)
    population = catalog.indicators["population"].model_copy(update={"title": text, "unit": text})
    dataset = catalog.datasets["population"].model_copy(update={"title": text})
    return catalog.model_copy(
        update={
            "indicators": catalog.indicators | {"population": population},
            "datasets": catalog.datasets | {"population": dataset},
            "package": catalog.package.model_copy(update={"title": text}),
        }
    )


def test_no_cell_of_a_csv_is_a_formula(hostile):
    read = 0
    paths = sorted([*hostile.rglob("*.csv"), *hostile.rglob("*.csv.gz")])
    for path in paths:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    parts = [part.lstrip() for part in re.split(r"[;\t\r\n]", cell)]
                    for part in parts:
                        assert part[:1] not in "=+-@" or not part or PLAIN_NUMBER.fullmatch(part)
                    read += 1
    told = {path.relative_to(hostile).as_posix() for path in paths}
    assert {"data/observations_population.csv.gz", "sdmx/population.csv.gz"} <= told
    assert {f"reports/{REJECTED}/report{end}.csv" for end in ("", "-rejects")} <= told
    assert read > 10_000


def test_rejected_cells_come_back_from_a_csv(hostile):
    path = hostile / f"reports/{REJECTED}/report-rejects.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [row["CODGEO"] for row in csv.DictReader(file)]
    with duckdb.connect() as con:
        con.execute(shared_sql("text_cell"))
        came = [con.execute("select text_of_cell($1)", [cell]).fetchone()[0] for cell in cells]
    assert sorted(came) == sorted(NAMES.values())


def test_names_come_back_from_a_csv(hostile):
    with (hostile / "data/wide/population_commune.csv").open(encoding="utf-8", newline="") as file:
        cells = {f"COM-{row['code_commune']}": row["nom_commune"] for row in csv.DictReader(file)}
    with duckdb.connect() as con:
        con.execute(shared_sql("text_cell"))
        for territory_id, name in NAMES.items():
            cell = cells[territory_id]
            assert con.execute("select text_of_cell($1)", [cell]).fetchone() == (name,)


def test_parquet_duckdb_and_geojson_hold_names_as_they_are(hostile):
    with duckdb.connect(str(hostile / "jalon.duckdb"), read_only=True) as con:
        known = "select territory_id, name from {} where valid_to is null and level = 'commune'"
        for place in ("territories", f"'{hostile}/data/territories.parquet'"):
            found = dict(con.sql(known.format(place)).fetchall())
            assert {key: found[key] for key in NAMES} == NAMES
        assert con.sql("select name from find_territory('<script>')").fetchall() == [(SCRIPT,)]
        (comment,) = con.sql(
            "select comment from duckdb_columns()"
            " where table_name = 'wide_commune' and column_name = 'population'"
        ).fetchone()
    assert comment.startswith(TITLE)
    drawn = {
        each["id"]: each["properties"]["name"]
        for path in (hostile / "boundaries/commune").glob("*.geojson")
        for each in json.loads(path.read_text(encoding="utf-8"))["features"]
    }
    assert {key: drawn[key] for key in NAMES if key in drawn} == {
        key: name for key, name in NAMES.items() if key in drawn
    }
    assert len(drawn.keys() & NAMES.keys()) > 5


def test_a_workbook_holds_names_as_texts(hostile):
    book = openpyxl.load_workbook(hostile / "data/wide/population.xlsx")
    cells = {f"COM-{row[0].value}": row[1] for row in book["communes"].iter_rows(min_row=2)}

    for territory_id, name in NAMES.items():
        assert cells[territory_id].value == name
        assert cells[territory_id].data_type == "s"
        assert cells[territory_id].quotePrefix == name.startswith(tuple("=+-@\t"))
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert book["lisez-moi"]["B1"].value == TITLE


class _Scripts(html.parser.HTMLParser):
    """Collects what a browser would run: scripts, handlers, and elements that were not meant."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.inside = False

    def handle_starttag(self, tag, attrs):
        self.inside = tag == "script"
        self.found += [name for name, value in attrs if name.startswith("on")]
        self.found += [value for name, value in attrs if str(value).startswith("javascript:")]

    def handle_data(self, data):
        if self.inside and "alert(" in data and not _is_data(data):
            self.found.append(data)

    def handle_endtag(self, tag):
        self.inside = False


def _is_data(text):
    """Whether the text of a script is JSON: read by a program, never run."""
    try:
        return bool(json.loads(text))
    except ValueError:
        return False


def test_pages_run_nothing_that_was_a_name(hostile):
    pages = sorted(hostile.rglob("*.html"))
    assert pages
    for path in pages:
        scripts = _Scripts()
        scripts.feed(path.read_text(encoding="utf-8"))
        assert scripts.found == [], path.relative_to(hostile)


def texts_in(body):
    """Every string that a JSON document holds, at any depth."""
    if isinstance(body, str):
        return {body}
    values = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    return set().union(*map(texts_in, values))


def test_json_holds_texts_as_they_are(hostile):
    texts = {
        path.relative_to(hostile).as_posix(): texts_in(json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(hostile.rglob("*.*json*"))
    }
    for path in (
        "api/v1/datasets.json",
        "api/v1/indicators/population.json",
        "api/v1/openapi.json",
        "catalog.jsonld",
        "datapackage.json",
        "metadata/population.croissant.json",
        "metadata/population.schema.jsonld",
        "sdmx/structure.json",
    ):
        assert TITLE in texts[path], path
    for path in ("api/v1/territories.json", "sdmx/structure.json"):
        assert texts[path] >= set(NAMES.values()), path


@pytest.mark.parametrize("name", ["catalog.ttl", "catalog-datagouv.ttl"])
def test_turtle_holds_texts_as_they_are(hostile, name):
    titles = {str(title) for title in Graph().parse(hostile / name).objects(None, DCTERMS.title)}
    assert TITLE in titles


def test_xml_is_xml_and_a_feed_holds_texts_as_they_are(hostile):
    for end in ("svg", "xml", "atom"):
        paths = list(hostile.rglob(f"*.{end}"))
        assert paths
        for path in paths:
            ElementTree.parse(path)
    feed = ElementTree.parse(hostile / "api/v1/feeds/population.atom").getroot()
    assert feed.findtext(f"{ATOM}title") == TITLE


def test_a_title_stays_in_its_line_of_llms_txt(hostile):
    lines = (hostile / "llms.txt").read_text(encoding="utf-8").split("\n")
    assert [line for line in lines if TITLE in line] == [
        f"# {TITLE}",
        f"## {TITLE}",
        f"- [population](https://jalon.example/latest/api/v1/indicators/population.json):"
        f" {TITLE} ({TITLE}), from the commune up",
    ]
