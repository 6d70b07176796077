"""`jalon new source ADDRESS`: a description drafted from a publisher's file, that holds at once."""

import gzip
import json

import pytest
import yaml
from click.testing import CliRunner
from openpyxl import Workbook

from flows.catalog import load_catalog
from flows.cli import jalon
from flows.line import ingest
from flows.progress import call_directly
from flows.steps.fetch.by_hand import give_file
from flows.steps.inspect import inspect_catalog
from test_apis import serve

CODES = ["01033", "14666", "14712", "2A004", "2A041", "35024", "35051", "35238", "55039", "55545"]
HEADER = "insee_com;Nom du contact;Téléphone;Ouvert le;Places\n"
ROWS = "".join(
    f"{code};Jeanne Dupont;06 11 22 33 44;2024-01-{n:02};{n}\n" for n, code in enumerate(CODES, 1)
)


@pytest.fixture
def api(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve() as api:
        monkeypatch.setenv("JALON_SCHEMAS_URL", f"{api.base}/schemas")
        api.answer = lambda path, *_: gzip.compress((HEADER + ROWS).encode("cp1252"))
        yield api


@pytest.fixture
def run(project):
    def call(*arguments):
        return CliRunner().invoke(jalon, ["--root", str(project.root), *map(str, arguments)])

    return call


def files_of(project, name):
    told = yaml.safe_load((project.catalog / "sources" / f"{name}.yml").read_text("utf-8"))
    schema = json.loads((project.schemas / "sources" / f"{name}.json").read_text("utf-8"))
    sql = (project.catalog / "sources" / f"{name}.sql").read_text("utf-8")
    return told, schema, sql


def test_a_draft_from_an_address_holds_at_once(project, run, api, tmp_path):
    done = run("new", "source", f"{api.base}/Bibliothèques 2024.csv.gz", "--name", "libraries")

    assert done.exit_code == 0, done.output
    told, schema, sql = files_of(project, "libraries")
    assert told["csv"] == {"delimiter": ";", "encoding": "cp1252"}
    assert told["geography"]["level"] == "commune"
    assert told["private_columns"] == ["Nom du contact", "Téléphone"]
    assert {each["name"]: each["type"] for each in schema["fields"]} == {
        "insee_com": "string",  # a code, though it looks like a number
        "Ouvert le": "date",
        "Places": "integer",
    }
    assert "insee_com as commune_code" in sql
    assert "taken for private, and dropped: Nom du contact, Téléphone" in done.output
    assert "speaks of the map of" in done.output
    sample = (project.root / "tests" / "data" / "libraries.csv").read_text("utf-8")
    assert sample.splitlines()[:2] == ["insee_com;Ouvert le;Places", "01033;2024-01-01;1"]
    assert len(sample.splitlines()) == 11
    every = [path for path in project.root.rglob("*libraries*") if path.is_file()]
    assert not any("Dupont" in path.read_text("utf-8") for path in every)

    catalog = load_catalog(project.catalog)
    inspect_catalog(project, catalog)
    path = tmp_path / "x.csv"
    path.write_text(HEADER + ROWS, "cp1252")
    give_file(project, catalog.sources["libraries"], path)
    (report,) = ingest(project, "libraries", call_directly)
    assert (report.rows, report.rejected_rows) == (10, 0)


def test_a_file_that_follows_a_national_schema(project, run, api):
    schema = {
        "fields": [
            {"name": "insee_com", "type": "string", "constraints": {"required": True}},
            {"name": "places", "type": "integer", "constraints": {"minimum": 0}},
        ]
    }
    other = {"fields": [{"name": "siret", "type": "string", "constraints": {"required": True}}]}

    def answer(path, *_):
        if path.endswith("schemas.json"):
            listed = [("etalab/other", "other"), ("etalab/libraries", "ours"), ("x/gone", "gone")]
            return {
                "schemas": [
                    {"name": n, "schema_type": "tableschema", "schema_url": f"{api.base}/{u}"}
                    for n, u in listed
                ]
            }
        if path == "/gone":
            return 404, b"{}"
        if path in ("/other", "/ours"):
            return other if path == "/other" else schema
        return b"insee_com,places\n01033,5\n35238,7\n"

    api.answer = answer
    done = run("new", "source", f"{api.base}/places.csv")
    assert done.exit_code == 0, done.output
    assert "it follows etalab/libraries of schema.data.gouv.fr" in done.output
    told = files_of(project, "places")[1]
    assert told["fields"] == schema["fields"]


def test_a_workbook_with_a_banner(project, run, tmp_path):
    book = Workbook()
    book.active.append(["Un titre"])
    sheet = book.create_sheet("Données")
    for row in (["Un titre"], [], ["codgeo", "part"], *[[code, 1.5] for code in CODES]):
        sheet.append(row)
    path = tmp_path / "Parts.xlsx"
    book.save(path)

    done = run("new", "source", path)

    assert done.exit_code == 0, done.output
    told, schema, _ = files_of(project, "parts")
    assert told["format"] == "xlsx"
    assert told["layout"] == {"sheet": "Données", "header_row": 3}
    assert [each["type"] for each in schema["fields"]] == ["string", "number"]


def test_rows_deep_in_a_json(project, run, tmp_path):
    path = tmp_path / "points.json"
    rows = [{"insee": code, "n": 1} for code in CODES]
    path.write_text(json.dumps({"meta": {}, "data": {"items": rows}}))
    done = run("new", "source", path)
    assert done.exit_code == 0, done.output
    assert files_of(project, "points")[0]["layout"] == {"rows": "data/items"}


@pytest.mark.parametrize(
    ("told", "content", "words"),
    [
        ("empty.csv", "", "holds no row"),
        ("nowhere/x.csv", None, "is neither an address nor a file"),
        ("town_halls.csv", "a,b\n1,2\n", "the name of a source or table already"),
    ],
)
def test_what_cannot_be_drafted(project, run, tmp_path, told, content, words):
    path = tmp_path / told
    if content is not None:
        path.write_text(content)
    done = run("new", "source", path)
    assert done.exit_code == 1
    assert words in str(done.exception)
