"""Hostile names in a release: text stays text in every file, and comes back as it was."""

import csv
import html.parser
import json
import re
import shutil

import duckdb
import openpyxl
import pytest

from flows.catalog import Text, load_catalog
from flows.catalog.lineage import restrict
from flows.changes.compare import no_changes
from flows.publish.changes import tell_changes
from flows.publish.draft import Draft
from flows.publish.release import find_latest, read_manifest
from flows.publish.whole import write_release
from flows.warehouse import connect, reads_of, shared_sql

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
PLAIN_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?")


@pytest.fixture(scope="module")
def hostile(ran, tmp_path_factory):
    """A release whose territories, and one dataset and indicator, bear hostile names."""
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
        write_release(draft, reports, [], read_manifest(find_latest(settings.public)))
    return folder / "release"


def rename(con, territory_id, name):
    code = territory_id.removeprefix("COM-")
    con.execute(
        "update indicators.territories set name = ? where territory_id = ?", [name, territory_id]
    )
    con.execute("update core.communes set commune_name = ? where commune_code = ?", [name, code])


def spoil(catalog):
    """The catalogue with a hostile title of a dataset and of an indicator of it."""
    text = Text(fr=TITLE, en=TITLE)
    population = catalog.indicators["population"].model_copy(update={"title": text, "unit": text})
    dataset = catalog.datasets["population"].model_copy(update={"title": text})
    return catalog.model_copy(
        update={
            "indicators": catalog.indicators | {"population": population},
            "datasets": catalog.datasets | {"population": dataset},
        }
    )


def test_no_cell_of_a_csv_is_a_formula(hostile):
    read = 0
    for path in sorted(hostile.rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    parts = [part.lstrip() for part in re.split(r"[;\t\r\n]", cell)]
                    for part in parts:
                        assert part[:1] not in "=+-@" or not part or PLAIN_NUMBER.fullmatch(part)
                    read += 1
    assert read > 10_000


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


def test_json_is_json_whatever_it_holds(hostile):
    for path in sorted(hostile.rglob("*.*json*")):
        json.loads(path.read_text(encoding="utf-8"))
