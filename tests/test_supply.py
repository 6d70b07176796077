"""Where files come from: the last good one, older ones, given ones, private columns, drift."""

import bz2
import csv
import errno
import gzip
import hashlib
import io
import json
import os
import re
import stat
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import duckdb
import pytest
import xlwt
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.catalog import load_catalog
from flows.catalog.lineage import licence_of
from flows.cli import jalon
from flows.errors import CatalogError, PromiseError, SourceError
from flows.files import read_json, write_json
from flows.gather import accept_source, fetch_all, find_changes, gather, judge, tell_changes
from flows.progress import call_directly
from flows.pruning import find_prunable, find_replaced
from flows.publish.draft import Draft
from flows.publish.reports import write_reports
from flows.settings import Settings
from flows.spatial import load_spatial
from flows.state import sweep
from flows.steps.drift import find_drift
from flows.steps.fetch import fetch_source
from flows.steps.fetch.by_hand import give_file, replay
from flows.steps.fetch.history import find_files, read_tries
from flows.steps.fetch.private import drop_private
from flows.steps.fetch.store import store_pieces
from flows.steps.inspect import inspect_catalog
from flows.steps.validate import validate_file
from flows.warehouse import reads_of
from project import DATA, leave_out, make_source
from test_fetch import serve
from test_formats import MANIFEST, ODS, tarred, workbook, zipped

FIELDS = [
    {"name": "code", "type": "string", "constraints": {"required": True}},
    {"name": "nombre", "type": "integer"},
]


@pytest.fixture
def settings_(tmp_path):
    write_json(tmp_path / "schemas" / "sources" / "x.json", {"fields": FIELDS})
    return Settings(tmp_path)


@pytest.fixture
def publisher(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve() as publisher:
        yield publisher


def answer(text, status=200, **headers):
    return status, {"Last-Modified": "Tue, 04 Aug 2026 10:11:12 GMT", **headers}, text.encode()


GOOD = "code,nombre\n01004,1\n2A004,2\n"
GONE = answer("gone", 404)


def fetch(settings_, source):
    (file,) = fetch_source(settings_, source, live=True)
    return file


# The last good file


def test_the_last_good_file_is_used_and_says_why(settings_, publisher):
    source = make_source(url=publisher.url)
    publisher.answers = [answer(GOOD)]
    first = fetch(settings_, source)
    publisher.answers = [GONE]

    second = fetch(settings_, source)

    assert second.path == first.path
    assert f"cannot fetch {publisher.url}: 404" in second.trouble
    assert [each.outcome for each in read_tries(settings_, source)] == ["fetched", "failed"]
    (offline,) = fetch_source(settings_, source)
    assert (offline.path, offline.trouble) == (first.path, "")


def test_a_file_that_did_not_change_is_not_sent_again(settings_, publisher):
    source = make_source(url=publisher.url)
    publisher.answers = [answer(GOOD, ETag='"1"')]
    first = fetch(settings_, source)
    publisher.answers = [(304, {"ETag": '"1"'}, b"")]
    assert fetch(settings_, source) == first
    assert [each.outcome for each in read_tries(settings_, source)] == ["fetched", "unchanged"]


def test_at_another_address_nothing_is_taken_for_unchanged(settings_, publisher):
    publisher.answers = [answer(GOOD, ETag='"1"')]
    fetch(settings_, make_source(url=publisher.url))
    moved = make_source(url=publisher.url.replace("file", "moved"))
    fetch(settings_, moved)
    fetch(settings_, moved)
    # Asked without a condition after the move, and with one once it is known there.
    assert publisher.conditions == [None, None, '"1"']


def age(settings_, days):
    """Make all that the history tells so many days older."""
    path = settings_.data / "raw" / "x" / "history.json"
    body = read_json(path)
    for each in body["tries"]:
        each["at"] = (datetime.fromisoformat(each["at"]) - timedelta(days=days)).isoformat()
    write_json(path, body)
    for path in (settings_.data / "raw" / "x").glob("*.provenance.json"):
        told = read_json(path)
        told["retrieved"] = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        write_json(path, told)


def test_a_last_good_file_that_is_too_old_stops(settings_, publisher):
    source = make_source(url=publisher.url, max_age_days=30)
    publisher.answers = [answer(GOOD)]
    fetch(settings_, source)
    publisher.answers = [GONE]
    age(settings_, 30)
    assert fetch(settings_, source).trouble
    age(settings_, 1)
    with pytest.raises(
        PromiseError, match=r"x: .*404.*the last good file is 31 days old, over the 30"
    ):
        fetch(settings_, source)


def test_a_newest_file_that_is_refused_gives_way_to_the_last_good_one(settings_, publisher):
    source = make_source(url=publisher.url)
    publisher.answers = [answer(GOOD)]
    good = fetch(settings_, source)
    publisher.answers = [answer("code,nombres\n01004,1\n")]
    bad = fetch(settings_, source)

    (used,), (report,) = accept_source(settings_, source, [bad])

    assert used.sha256 == good.sha256
    assert report.rows == 2
    assert used.trouble == (
        "the newest file is refused: new columns nombres; columns missing, perhaps renamed: nombre"
    )


def test_a_first_file_that_is_refused_is_said_as_it_is(settings_, publisher):
    source = make_source(url=publisher.url)
    publisher.answers = [answer("a,b\n1,2\n")]
    with pytest.raises(SourceError, match="new columns a, b"):
        accept_source(settings_, source, [fetch(settings_, source)])


def test_a_source_that_fails_touches_no_other(settings_, publisher):
    sources = [
        make_source(name="x", url=publisher.url),
        make_source(name="y", url=publisher.url.replace("file", "other")),
    ]
    publisher.answers = [GONE]
    found = fetch_all(settings_, sources)
    assert {name: type(each) for name, each in found.items()} == {
        "x": SourceError,
        "y": SourceError,
    }


# A whole project


def make_live(project, name, url):
    """Fetch *name* from *url*, and no other source from anywhere."""
    every = load_catalog(project.catalog).sources.values()
    leave_out(project, *(source.name for source in every if source.is_live))
    path = project.catalog / "sources" / f"{name}.yml"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [f"url: {url}" if line.startswith("snapshot:") else line for line in lines]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")


def test_what_needs_a_source_that_was_never_had_is_left_out(project, publisher):
    make_live(project, "town_halls", publisher.url)
    publisher.answers = [GONE]

    gathered = gather(project, call_directly, live=True)

    assert "town_halls" not in gathered.raw
    assert "town_hall_website_share" not in gathered.catalog.indicators
    assert "town_hall_hours" not in gathered.catalog.tables
    assert "town_halls" not in gathered.catalog.datasets
    assert "population" in gathered.catalog.indicators
    (told,) = [each for each in gathered.issues if each.subject == "town_halls"]
    assert (told.kind, told.severity) == ("source_absent", "warning")
    assert "404" in told.message_fr


def test_a_file_of_the_network_that_is_no_table_leaves_its_source_out(project, publisher):
    make_live(project, "town_halls", publisher.url)
    publisher.answers = [answer("nothing,of,this\n1,2,3\n")]
    gathered = gather(project, call_directly, live=True)
    assert "town_halls" in gathered.raw
    judge(project, gathered, call_directly)
    assert "town_halls" not in gathered.raw
    assert gathered.raw.keys() == gathered.reports.keys() == gathered.catalog.sources.keys()


def test_without_the_network_what_was_never_fetched_is_told_once(project):
    gathered = gather(project, call_directly)
    (told,) = [each for each in gathered.issues if each.kind == "never_fetched"]
    assert told.severity == "info"
    assert "france_services" in told.message_en
    assert "jalon" not in told.message_en  # the public reads it, and runs nothing


# By hand


def test_a_given_file_is_a_file_like_others(settings_, tmp_path):
    source = make_source(url="https://example.org/x.csv")
    given_ = tmp_path / "at-home.csv"
    given_.write_text(GOOD, encoding="utf-8")

    file = give_file(settings_, source, given_)

    assert fetch_source(settings_, source) == [file]
    told = json.loads((file.path.parent / f"{file.sha256}.provenance.json").read_text())
    assert told["address"] == "given:at-home.csv"
    assert str(tmp_path) not in json.dumps(told)


def test_an_edition_that_there_is_not(settings_, tmp_path):
    source = make_source(url="https://example.org/x-{edition}.csv", editions=[2024])
    with pytest.raises(SourceError, match=r"x: no edition None .its editions: 2024"):
        give_file(settings_, source, tmp_path / "x")


def test_an_older_file_is_put_back_until_the_next_fetch(settings_, publisher):
    source = make_source(url=publisher.url)
    publisher.answers = [answer(GOOD)]
    old = fetch(settings_, source)
    age(settings_, 10)
    publisher.answers = [answer("code,nombre\n97611,3\n")]
    new = fetch(settings_, source)

    assert replay(settings_, source, date.today() - timedelta(days=5)) == [old]
    assert fetch_source(settings_, source) == [old]
    assert fetch(settings_, source).sha256 == new.sha256
    with pytest.raises(SourceError, match="no file of 2001-01-01 is at hand"):
        replay(settings_, source, date(2001, 1, 1))


# Private columns

PRIVATE = 'nom,code,tel,nombre\n"Du\npont",01004,0611223344,1\nDurand,2A004,,2\n'


@pytest.mark.parametrize("pack", [str.encode, lambda text: gzip.compress(text.encode())])
def test_private_columns_are_never_stored(settings_, publisher, pack):
    source = make_source(url=publisher.url, private_columns=["nom", "tel"])
    publisher.answers = [(200, {}, pack(PRIVATE))]
    file = fetch(settings_, source)
    assert file.path.read_text() == "code,nombre\n01004,1\n2A004,2\n"
    every = b"".join(path.read_bytes() for path in settings_.root.rglob("*") if path.is_file())
    assert b"pont" not in every
    assert b"0611223344" not in every


@pytest.mark.parametrize(
    "rows",
    [
        '1,"x,0611223344,a\n2,y,0622334455,b\n',  # to the end of the file
        '1,"x,0611223344,a\n2,"y,0622334455,b\n',  # to the next quote
        '1,x,0611223344,"a\n2,y,0622334455,b\n',  # in the last column
    ],
)
def test_what_an_open_quote_swallowed_is_not_stored(settings_, tmp_path, rows):
    source = make_source(
        url="https://example.org/x.csv",
        private_columns=["tel"],
        ignored_columns=["libelle"],
        rejects={"max_percent": 100},
    )
    path = tmp_path / "x.csv"
    path.write_text(f"code,libelle,tel,nombre\n01004,z,0600000000,9\n{rows}", encoding="utf-8")
    kept = give_file(settings_, source, path).path.read_text()
    assert kept.startswith("code,libelle,nombre\n01004,z,9\n")
    assert "06" not in kept.replace("01004", "")


def test_a_renamed_private_column_is_refused_before_anything_is_stored(settings_, publisher):
    source = make_source(url=publisher.url, private_columns=["nom", "tel"])
    publisher.answers = [answer(PRIVATE.replace("tel", "telephone"))]
    with pytest.raises(SourceError, match="new columns telephone; nothing was stored"):
        fetch(settings_, source)
    assert not list(settings_.data.rglob("*.csv"))


def test_a_row_out_of_line_keeps_nothing_and_is_counted(settings_, tmp_path):
    source = make_source(
        url="https://example.org/x.csv", private_columns=["nom", "tel"], rejects={"max_percent": 50}
    )
    path = tmp_path / "x.csv"
    path.write_text(PRIVATE + "Dupond,Jean,35238,0699887766,5\n", encoding="utf-8")
    file = give_file(settings_, source, path)
    assert "Jean" not in file.path.read_text()
    report = validate_file(settings_, source, file)
    assert (report.rows, report.rejected_rows) == (3, 1)


def test_private_keys_of_json_and_geojson(settings_, tmp_path):
    rows = [{"code": "01004", "nombre": 1, "mail": "a@b.fr"}]
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"data": rows}))
    told = {"format": "json", "layout": {"rows": "data"}, "private_columns": ["mail"]}
    file = give_file(settings_, make_source(url="https://example.org/x.json", **told), path)
    assert json.loads(file.path.read_text()) == {"data": [{"code": "01004", "nombre": 1}]}

    features = [{"type": "Feature", "properties": dict(rows[0]), "geometry": None}]
    path.write_text(json.dumps({"features": features, "made by": "someone"}))
    told = {"format": "geojson", "private_columns": ["mail"]}
    file = give_file(settings_, make_source(url="https://example.org/x.json", **told), path)
    assert "a@b.fr" not in file.path.read_text()
    assert "someone" not in file.path.read_text()


def test_a_file_kept_before_a_column_was_private_is_used_no_more(settings_, publisher):
    publisher.answers = [answer(GOOD)]
    fetch(settings_, make_source(url=publisher.url))
    told = make_source(url=publisher.url, private_columns=["nombre"])
    assert find_files(settings_, told, None) == []
    assert len(find_prunable_of(settings_, told, 9999)) == 2


NAME = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=9)
SAFE = st.from_regex(r"[0-9A-C]{5}", fullmatch=True)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(NAME, SAFE)), st.integers(1, 40))
def test_whatever_the_pieces_the_public_columns_are_all_there(settings_, rows, size):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["nom", "code"], *rows])
    content = text.getvalue().encode()
    pieces = [content[i : i + size] for i in range(0, len(content), size)]
    source = make_source(url="https://example.org/x.csv", private_columns=["nom"])
    kept = b"".join(drop_private(settings_, source, pieces)).decode()
    assert kept.splitlines() == ["code", *(code for _, code in rows)]


def make_parquet(folder):
    path = folder / "made.parquet"
    rows = "('Dupont', '01004', '0611223344', 1), ('Durand', '2A004', null, 2)"
    with duckdb.connect() as con:
        con.sql(f"from (values {rows}) t(nom, code, tel, nombre)").write_parquet(str(path))
    return path.read_bytes()


def make_xls(_):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Feuille")
    for number, row in enumerate(TABLE):
        for place, cell in enumerate(row):
            sheet.write(number, place, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def make_ods(_):
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = ("".join(cell.format(each) for each in row) for row in TABLE)
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    head, _, tail = re.sub(r"\s*\n\s*", " ", ODS).replace("> <", "><").partition("<table:table-row")
    tail = tail[tail.rindex("</table:table-row>") + len("</table:table-row>") :]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", head + body + tail)
    return out.getvalue()


def make_gpkg(folder):
    path = folder / "made.gpkg"
    with duckdb.connect() as con:
        load_spatial(con)
        con.execute(
            "copy (select 'Dupont' as nom, '01004' as code, 1 as nombre, st_point(5.5, 46) as geom)"
            f" to '{path}' with (format gdal, driver 'GPKG', layer_name 'x', srs 'EPSG:4326')"
        )
    return path.read_bytes()


def make_xlsx(folder):
    return workbook(folder, [["Liste tenue par Dupont"], *TABLE]).read_bytes()


TABLE = [
    ["nom", "code", "tel", "nombre"],
    ["Dupont", "01004", "0611223344", 1],
    ["Durand", "2A004", "", 2],
]
SEMICOLONS = "nom;code;tel;nombre\nDupont;01004;0611223344;1\nDurand;2A004;;2\n".encode("utf-16")
OBJECTS = json.dumps([{"nom": "Dupont", "code": "01004", "nombre": 1}, {"code": "2A004"}]).encode()
MEMBER = {"layout": {"member": "*"}}
HALF = GOOD.replace(",2\n", ",\n")
HELD = {
    "xlsx": (make_xlsx, {"format": "xlsx", "layout": {"header_row": 2}}, GOOD),
    "xls": (make_xls, {"format": "xls"}, GOOD),
    "ods": (make_ods, {"format": "ods"}, GOOD),
    "gpkg": (
        make_gpkg,
        {"format": "gpkg", "ignored_columns": ["fid", "point_longitude", "point_latitude"]},
        "fid,code,nombre,point_longitude,point_latitude\n1,01004,1,5.5,46\n",
    ),
    "parquet": (make_parquet, {"format": "parquet"}, GOOD),
    "zip of csv": (
        lambda _: zipped(a__csv=SEMICOLONS, b__txt=b"Dupont"),
        {"layout": {"member": "*.csv"}, "csv": {"delimiter": ";", "encoding": "utf-16"}},
        GOOD,
    ),
    "bz2": (lambda _: bz2.compress(PRIVATE.encode()), MEMBER, GOOD),
    "gz of json": (lambda _: gzip.compress(OBJECTS), {"format": "json", **MEMBER}, HALF),
    "zip of json without a key": (
        lambda _: zipped(a__json=json.dumps([{"nom": "Dupont", "code": "01004"}]).encode()),
        {"format": "json", **MEMBER},
        "code,nombre\n01004,\n",
    ),
    "tar": (
        lambda _: tarred("w:gz", a__csv=PRIVATE.encode(), b__txt=b"Dupont"),
        {"layout": {"member": "*.csv"}},
        GOOD,
    ),
    "zip of xlsx": (
        lambda folder: zipped(a__xlsx=make_xlsx(folder)),
        {"format": "xlsx", "layout": {"member": "*", "header_row": 2}},
        GOOD,
    ),
    "json with ways to its cells": (
        lambda _: json.dumps([{"who": {"name": "Dupont"}, "c": "01004", "n": 1}]).encode(),
        {
            "format": "json",
            "layout": {"columns": {"nom": "who/name", "code": "c", "nombre": "n"}},
        },
        "code,nombre\n01004,1\n",
    ),
}


def find_bytes(folder, *words):
    """The files under *folder* that hold one of *words*."""
    every = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in every if any(word in path.read_bytes() for word in words)]


@pytest.mark.parametrize("name", HELD)
def test_private_columns_of_what_cannot_be_streamed_are_never_stored(
    settings_, publisher, name, tmp_path_factory
):
    make, told, stored = HELD[name]
    content = make(tmp_path_factory.mktemp("made"))
    source = make_source(url=publisher.url, private_columns=["nom", "tel"], **told)
    publisher.answers = [(200, {}, content)]

    file = fetch(settings_, source)

    assert file.path.read_text(encoding="utf-8") == stored
    assert file.path.suffix == ".csv"
    assert not find_bytes(settings_.root, b"Dupont", "Dupont".encode("utf-16-le"), b"0611223344")
    assert not list(settings_.data.glob(".held*"))
    assert fetch_source(settings_, source) == [file]
    told = read_json(file.path.with_name(f"{file.sha256}.provenance.json"))
    assert told["publisher_sha256"] == hashlib.sha256(content).hexdigest()
    assert (told["stored_as"], told["private_columns"]) == ("csv", ["nom", "tel"])
    report = validate_file(settings_, source, file)
    rows = duckdb.read_parquet(str(report.valid)).fetchall()
    assert [code for code in ("01004", "2A004") if code in stored] == [
        next(cell for cell in row if len(str(cell)) == 5) for row in rows
    ]
    assert report.rejected_rows == 0


@pytest.mark.parametrize("name", HELD)
def test_where_it_is_held_no_one_else_may_look(settings_, name, tmp_path):
    make, told, _ = HELD[name]
    source = make_source(url="https://example.org/x", private_columns=["nom", "tel"], **told)
    folders = []

    def look(pieces):
        yield from pieces
        folders.extend(settings_.data.glob(".held*"))
        assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700]

    list(drop_private(settings_, source, look([make(tmp_path)])))
    assert len(folders) == 1
    assert not folders[0].exists()


@pytest.mark.parametrize("fault", ["new column", "broken off", "no workbook", "no room"])
def test_what_is_held_goes_however_it_ends(settings_, tmp_path, fault):
    source = make_source(url="https://example.org/x.xlsx", format="xlsx", private_columns=["nom"])
    table = [[*row[:2], row[3]] for row in TABLE]
    if fault == "new column":
        table = TABLE
    book = workbook(tmp_path, table).read_bytes()
    words = {
        "new column": "new columns tel; nothing was stored",
        "broken off": "x: the connection broke",
        "no workbook": "received.xlsx is cut or damaged",
        "no room": "No space left",
    }

    def pieces():
        yield book[:100] if fault == "no workbook" else book
        if fault == "broken off":
            raise SourceError("x", "the connection broke")

    dropped = drop_private(settings_, source, pieces())
    if fault == "no room":
        dropped = fail_after(dropped)
    with pytest.raises((SourceError, OSError), match=words[fault]) as caught:
        store_pieces(settings_, source, dropped, "x.xlsx")

    assert "Dupont" not in str(caught.value)
    assert not [path for path in settings_.data.rglob("*") if path.is_file()]
    assert not list(settings_.data.glob(".held*"))


def fail_after(dropped):
    """The first piece of *dropped*, then a disk that is full; it is closed with what is around."""
    try:
        yield next(dropped)
        raise OSError(errno.ENOSPC, "No space left on device")
    finally:
        dropped.close()


def test_a_row_out_of_line_or_an_open_quote_of_a_packed_file_keeps_nothing(settings_, tmp_path):
    told = {"private_columns": ["nom", "tel"], "rejects": {"max_percent": 100}}
    source = make_source(url="https://example.org/x.zip", **MEMBER, **told)
    path = tmp_path / "x.zip"
    text = PRIVATE + 'Dupond,Jean,35238,0699887766,5\nDurant,01004,,"3\nMartin,2A004,0699887766,4\n'
    path.write_bytes(zipped(a__csv=text.encode()))
    file = give_file(settings_, source, path)
    stored = file.path.read_text(encoding="utf-8")
    assert stored == "code,nombre\n01004,1\n2A004,2\n,,\n,,\n"
    report = validate_file(settings_, source, file)
    assert (report.rows, report.rejected_rows) == (4, 2)


def test_what_a_killed_run_held_is_swept(settings_):
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    left = settings_.data / f".held_x.{gone.pid}.part-abc"
    left.mkdir(parents=True)
    (left / "received.xlsx").write_bytes(b"Dupont")
    settings_.public.mkdir()
    sweep(settings_)
    assert not left.exists()


def test_a_file_stored_in_another_format_is_used_no_more(settings_, publisher):
    publisher.answers = [answer(json.dumps([{"code": "01004", "nombre": 1}]))]
    streamed = {"url": publisher.url, "format": "json", "private_columns": ["nom"]}
    fetch(settings_, make_source(**streamed))
    held = make_source(**streamed, layout={"columns": {"code": "code", "nombre": "nombre"}})
    assert len(find_files(settings_, make_source(**streamed), None)) == 1
    assert find_files(settings_, held, None) == []
    fetch(settings_, held)
    assert len(find_files(settings_, held, None)) == 1


# Retention


def find_prunable_of(settings_, source, days):
    few = SimpleNamespace(sources={source.name: source})
    return find_prunable(settings_, few, days, date.today())


def test_what_is_old_and_used_by_no_release_may_go(settings_, publisher):
    source = make_source(url=publisher.url)
    files = []
    for number in range(3):
        publisher.answers = [answer(f"code,nombre\n01004,{number}\n")]
        files.append(fetch(settings_, source))
        age(settings_, 100)
    write_json(
        settings_.public / "releases" / "r" / "manifest.json",
        {"inputs": {"sources": [{"sha256": files[0].sha256}]}},
    )
    # The first is used by a release, the last is in force; the second is 100 days old or more.
    assert find_prunable_of(settings_, source, 1000) == []
    paths = find_prunable_of(settings_, source, 50)
    assert {path.name.split(".")[0] for path in paths} == {files[1].sha256}


# Drift


def report_of(settings_, text, source):
    path = settings_.root / "given.csv"
    path.write_text(text, encoding="utf-8")
    return validate_file(settings_, source, give_file(settings_, source, path))


DRIFTS = {
    "an ignored column renamed": (
        "code,nombre,libelle\n1,1,a\n",
        "code,nombre,libelles\n1,1,a\n",
        ["column libelle seems to be renamed libelles"],
    ),
    "a column gone, another new": (
        "code,nombre,x\n1,1,a\n",
        "code,nombre,autre\n1,1,a\n",
        ["column x is gone", "new column autre"],
    ),
    "another order": (
        "code,nombre\n1,1\n",
        "nombre,code\n1,1\n",
        ["columns in another order"],
    ),
    "a jump in rows": (
        "code,nombre\n" + "1,1\n" * 10,
        "code,nombre\n" + "1,1\n" * 13,
        ["number of rows: 10 → 13 (+30 %)"],
    ),
    "more empty cells": (
        "code,nombre\n" + "1,1\n" * 10,
        "code,nombre\n" + "1,1\n" * 8 + "1,\n" * 2,
        ["empty cells of nombre: 0 % → 20 %"],
    ),
    "another type": (
        "code,nombre,x\n1,1,7\n",
        "code,nombre,x\n1,1,sept\n",
        ["values of x, new / gone: 1 / 1", "x now holds texts where it did not"],
    ),
    "other categories": (
        "code,nombre,x\n1,1,a\n1,1,b\n",
        "code,nombre,x\n1,1,a\n1,1,c\n",
        ["values of x, new / gone: 1 / 1"],
    ),
    "the same": ("code,nombre\n1,1\n", "code,nombre\n1,1\n", []),
}


@pytest.mark.parametrize("name", DRIFTS)
def test_drift(settings_, name):
    before, after, words = DRIFTS[name]
    ignored = ["libelle", "libelles", "x", "autre"]
    source = make_source(url="https://example.org/x.csv", ignored_columns=ignored)
    old, new = report_of(settings_, before, source), report_of(settings_, after, source)
    issues = find_drift(old, new)
    assert sorted(each.message_en for each in issues) == sorted(words)
    assert all(each.message_fr and each.severity == "warning" for each in issues)
    if words:
        told = read_json(new.folder / "drift.json")
        assert [each["en"] for each in told["changes"]] == [each.message_en for each in issues]


CHANGED = "code,nombre,libelle\n1,1,a\n", "code,nombre,libelle\n" + "1,1,\n" * 1500


def judge_given(settings_, source, text):
    """The report on *text*, which has been given by hand, as a run knows it."""
    path = settings_.root / "given.csv"
    path.write_text(text, encoding="utf-8")
    file = give_file(settings_, source, path)
    report = validate_file(settings_, source, file)
    return tell_changes(settings_, source, report, find_changes(settings_, source, file, report))


def test_the_publisher_of_a_valid_file_is_told_what_has_changed(settings_):
    source = make_source(url="https://example.org/x.csv", ignored_columns=["libelle"])
    first = judge_given(settings_, source, CHANGED[0])
    assert not first.drift
    assert not (first.folder / "report.md").exists()

    second = judge_given(settings_, source, CHANGED[1])

    assert sorted(each.en for each in second.drift) == [
        "empty cells of libelle: 0 % → 100 %",
        "number of rows: 1 → 1,500 (+149900 %)",
    ]
    text = (second.folder / "report.md").read_text(encoding="utf-8")
    assert "**Le fichier respecte le schéma.**" in text
    assert "- number of rows: 1 → 1,500 (+149900 %)\n" in text
    assert "nombre de lignes : 1 → 1\u202f500" in text
    page = (second.folder / "report.html").read_bytes()
    assert b"<li>empty cells of libelle: 0 % \xe2\x86\x92 100 %</li>" in page
    # The same two files tell the same, byte for byte.
    assert judge_given(settings_, source, CHANGED[1]).drift == second.drift
    assert (second.folder / "report.html").read_bytes() == page


def test_what_has_changed_is_told_beside_the_errors_and_goes_when_it_is_over(settings_):
    told = {"ignored_columns": ["libelle"], "rejects": {"max_percent": 50}}
    source = make_source(url="https://example.org/x.csv", **told)
    bad = "code,nombre,libelle\n1,1,a\n1,deux,a\n"
    alone = judge_given(settings_, source, bad)
    bare = [(alone.folder / f"report.{suffix}").read_bytes() for suffix in ("html", "md")]
    assert b"rejects.csv" in bare[1]

    judge_given(settings_, source, CHANGED[1])
    again = judge_given(settings_, source, bad)
    assert again.folder == alone.folder
    text = (again.folder / "report.md").read_text(encoding="utf-8")
    assert "number of rows: 1,500 → 2 (-100 %)" in text
    assert "rejects.csv" in text

    tell_changes(settings_, source, again, [])
    assert [(alone.folder / f"report.{suffix}").read_bytes() for suffix in ("html", "md")] == bare


def test_what_has_changed_is_published_with_the_report(settings_, tmp_path):
    source = make_source(url="https://example.org/x.csv", ignored_columns=["libelle"])
    judge_given(settings_, source, CHANGED[0])
    report = judge_given(settings_, source, CHANGED[1])
    catalog = SimpleNamespace(sources={"x": source})
    with duckdb.connect() as con:
        draft = Draft(con, settings_, catalog, tmp_path / "release")
        write_reports(draft, {"x": [report]})
    folder = tmp_path / "release" / "reports" / "x"
    told = read_json(folder / "report.json")["drift"]
    assert [each["en"] for each in told] == [each.en for each in report.drift]
    for suffix in ("html", "md"):
        text = (folder / f"report.{suffix}").read_text(encoding="utf-8")
        assert "empty cells of libelle: 0 % → 100 %" in text


# Licences


def test_a_licence_that_cannot_be_combined_stops(project):
    path = project.catalog / "sources" / "town_halls.yml"
    path.write_text(path.read_text("utf-8").replace("licence: lov2", "licence: odbl"), "utf-8")
    with pytest.raises(CatalogError, match="and cannot be combined with lov2"):
        inspect_catalog(project, load_catalog(project.catalog))


def test_a_source_of_which_nothing_is_made_may_have_any_licence(project):
    path = project.catalog / "sources" / "cycle_ways.yml"
    text = path.read_text("utf-8")
    assert "licence: odbl" in text
    inspect_catalog(project, load_catalog(project.catalog))


def give_licence(project, source, licence):
    path = project.catalog / "sources" / f"{source}.yml"
    path.write_text(re.sub("licence: .*", f"licence: {licence}", path.read_text("utf-8")), "utf-8")


def test_a_table_of_its_own_bears_the_licence_of_its_sources(project):
    give_licence(project, "innovation_surveys", "odbl")
    catalog = load_catalog(project.catalog)
    inspect_catalog(project, catalog)

    reads = reads_of(catalog.queries)
    assert licence_of(catalog, reads, "publications/survey_results").name == "odbl"
    assert licence_of(catalog, reads, "publications/memberships").name == "lov2"


def test_two_licences_that_each_ask_for_all_cannot_meet(project):
    with (project.catalog / "licences.yml").open("a", encoding="utf-8") as file:
        file.write("other: {title: O, path: https://example.org, share_alike: true}\n")
    give_licence(project, "commune_history", "odbl")
    give_licence(project, "administrative_divisions_communes", "other")
    with pytest.raises(CatalogError, match="cannot be combined"):
        inspect_catalog(project, load_catalog(project.catalog))


# The commands


@pytest.fixture
def run(project):
    def call(*arguments):
        return CliRunner().invoke(jalon, ["--root", str(project.root), *map(str, arguments)])

    return call


def test_a_file_given_is_fetched_listed_and_put_back(project, run, tmp_path):
    path = tmp_path / "liste.csv"
    path.write_text("id_fs,insee_com,type_fs,format_fs\n1,35238,Principal,Fixe\n", "utf-8")
    os.utime(path, (0, datetime(2024, 8, 1, tzinfo=UTC).timestamp()))

    done = run("fetch", "france_services", "--from", path)
    assert done.exit_code == 0, done.output
    assert "of 2024-08-01" in done.output
    row = next(x for x in run("sources").output.splitlines() if x.startswith("france_services "))
    assert date.today().isoformat() in row
    assert "quarterly" in row
    put_back = run("fetch", "france_services", "--at", date.today().isoformat())
    assert put_back.exit_code == 0, put_back.output
    assert "0 files and folders, 0.0 MB would be" in run("prune", "--dry-run").output


def test_valid_rows_go_with_their_file_and_when_they_are_made_again(project, run):
    assert run("ingest", "innovation_labs").exit_code == 0
    valid = project.data / "valid" / "innovation_labs"
    (first,) = valid.iterdir()
    schema = project.schemas / "sources" / "innovation_labs.json"
    schema.write_text(schema.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert run("ingest", "innovation_labs").exit_code == 0
    assert len(list(valid.iterdir())) == 2

    assert "1 files and folders" in run("prune").output
    (second,) = valid.iterdir()
    assert second != first
    (file,) = (path for path in (project.data / "raw/innovation_labs").iterdir()
               if path.suffix != ".json")  # fmt: skip
    assert find_replaced(project, {file.name.split(".")[0]}) == [second]


def test_a_live_run_goes_on_with_the_last_good_file_and_says_so(few, run, publisher):
    make_live(few, "innovation_labs", publisher.url)
    publisher.answers = [(200, {}, (DATA / "labs.csv").read_bytes())]
    first = run("run", "--direct", "--live")
    assert first.exit_code == 0, first.output
    publisher.answers = [GONE]

    second = run("run", "--direct", "--live")

    assert second.exit_code == 0, second.output
    assert "Nothing has changed since release" in second.output
    assert "the last good file, of" in second.output
    assert "404" in second.output
    asked = len(publisher.asked)
    offline = run("run", "--direct")
    assert "Nothing has changed" in offline.output
    assert len(publisher.asked) == asked  # without --live nothing is asked


def test_an_unseen_source_is_not_fetched(run):
    done = run("fetch", "charging_points")
    assert isinstance(done.exception, SourceError)
    assert "its real file was never seen" in str(done.exception)


@pytest.mark.parametrize(
    "arguments",
    [
        ("fetch", "town_halls", "--from", "x", "--at", "2026-01-01"),
        ("fetch", "town_halls", "--edition", "3"),
        ("fetch", "town_halls", "--at", "yesterday"),
    ],
)
def test_wrong_usage(run, arguments):
    assert run(*arguments).exit_code == 2
