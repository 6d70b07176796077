"""From a file in any format to its valid and rejected rows; and what a reader must not trust."""

import csv
import io
import json
import stat
import zipfile

import duckdb
import pytest
import xlwt
from openpyxl import Workbook
from xlwt.CompoundDoc import XlsDoc

from flows.errors import SourceError
from flows.files import sha256_of
from flows.handover import RawFile
from flows.settings import Settings
from flows.steps.validate import table as judging
from flows.steps.validate import validate_file
from project import make_source
from test_formats import cells, feature, layers_of, read, workbook, zipped

SCHEMA = {
    "fields": [
        {"name": "code", "type": "string", "constraints": {"required": True, "pattern": "\\w{5}"}},
        {"name": "n", "type": "integer"},
    ]
}
RIGHT = [("01004", 7), ("2A004", None)]


@pytest.fixture
def judge(tmp_path):
    """Write a file, validate it as a source of that format and layout, give the report."""
    settings = Settings(tmp_path)
    (tmp_path / "schemas" / "sources").mkdir(parents=True)
    (tmp_path / "schemas" / "sources" / "x.json").write_text(json.dumps(SCHEMA), encoding="utf-8")

    def run(content, format_="csv", **told):
        path = tmp_path / "stored"  # without a suffix: it is known by its bytes
        path.write_bytes(content)
        raw = RawFile("x", None, path, sha256_of(path), "2026-01-01")
        about = {"snapshot": "x/x", "rejects": {"max_percent": 100}, "format": format_}
        return validate_file(settings, make_source(**about | told), raw)

    return run


def rows_of(report):
    return duckdb.read_parquet(str(report.valid)).fetchall()


def rejected(report):
    text = (report.folder / "rejects.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))[1:]
    return [row[:2] + row[4:] for row in rows]


def columns_of(query, tmp_path) -> bytes:
    path = tmp_path / "made.parquet"
    with duckdb.connect() as con:
        con.sql(query).write_parquet(str(path))
    return path.read_bytes()


# Every format, to its typed rows

LIST = [{"code": "01004", "n": 7}, {"code": "2A004", "n": None}]


def test_sheets_documents_and_columns_give_the_same_valid_rows(judge, tmp_path):
    book = workbook(tmp_path, [["code", "n"], ["01004", 7], ["2A004", None]]).read_bytes()
    table = columns_of("from (values ('01004', 7.0::double), ('2A004', null)) t(code, n)", tmp_path)
    rows = {"layout": {"rows": "data"}}
    assert rows_of(judge(book, "xlsx")) == RIGHT
    assert rows_of(judge(zipped(a__xlsx=book), "xlsx")) == RIGHT
    assert rows_of(judge(table, "parquet")) == RIGHT
    assert rows_of(judge(json.dumps(LIST).encode(), "json")) == RIGHT
    assert rows_of(judge(json.dumps({"data": LIST}).encode(), "json", **rows)) == RIGHT


def test_a_rejected_row_of_a_sheet_has_its_number_and_commas(judge, tmp_path):
    book = workbook(tmp_path, [["code", "n"], ["01004", 7], ["2A004", "x"]], before=[["Titre"]])
    # The delimiter of csv: says nothing of a sheet.
    told = {"layout": {"header_row": 2}, "csv": {"delimiter": ";"}}
    report = judge(book.read_bytes(), "xlsx", **told)
    assert rows_of(report) == RIGHT[:1]
    assert rejected(report) == [["4", "4", "2A004", "x", ""]]


# CSV under a banner

BANNERS = {
    "lines": ("Titre\n\n", 3, 0, ""),
    "rows below": ("Titre\n", 2, 2, "le code,le nombre\n1,2\n"),
    "open quote": ('"Titre\n', 2, 0, ""),
    "quoted break": ('"Titre\nsuite"\n', 3, 0, ""),
    "quoted break below": ("Titre\n", 2, 1, '"le\ncode",le nombre\n'),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("name", BANNERS)
def test_rows_under_a_banner_have_the_numbers_of_the_file(judge, name, encoding):
    above, header_row, skipped_rows, below = BANNERS[name]
    text = f"{above}code,n\n{below}01004,7\n2A004,\n97611,é\n"
    layout = {"header_row": header_row, "skipped_rows": skipped_rows}
    report = judge(text.encode(encoding), layout=layout, csv={"encoding": encoding})
    line = text.count("\n")
    assert rows_of(report) == RIGHT
    row = line - 1 if "below" in name and below.startswith('"') else line
    assert rejected(report) == [[str(row), str(line), "97611", "é", ""]]


def test_a_file_under_a_banner_is_read_by_duckdb(judge, monkeypatch):
    def refuse(*_):
        raise AssertionError("read row by row")

    monkeypatch.setattr(judging, "stage_rows", refuse)
    report = judge(b"Titre\ncode,n\n01004,7\n2A004,\n", layout={"header_row": 2})
    assert rows_of(report) == RIGHT


def test_a_file_shorter_than_its_banner(judge):
    with pytest.raises(SourceError, match="has 2 lines, and no header on line 5"):
        judge(b"Titre\ncode,n\n", layout={"header_row": 5})


def test_a_row_too_long_under_a_banner_is_named_as_in_the_file(judge, monkeypatch):
    monkeypatch.setattr("flows.steps.validate.reading.rows.MAX_ROW_CHARS", 30)
    with pytest.raises(SourceError, match=r"x: stored the row that begins on line 4 has"):
        judge(b"Titre\ncode,n\n01004,7\n" + b"9" * 40 + b",1\n", layout={"header_row": 2})


# Workbooks


def test_an_error_of_a_sheet_is_told_as_shown(judge, tmp_path):
    book = workbook(tmp_path, [["code", "n"], ["01004", "#N/A"], ["2A004", None], ["97611", 3]])
    assert cells(read(book, "xlsx"))[1] == [["01004", "#N/A"], ["2A004", ""], ["97611", "3"]]
    assert rejected(judge(book.read_bytes(), "xlsx")) == [["2", "2", "01004", "#N/A", ""]]


def test_a_far_cell_does_not_fill_the_memory(tmp_path):
    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = "code", 1
    book.save(tmp_path / "book.xlsx")
    with pytest.raises(SourceError, match="has a cell in row 1,048,576 or so"):
        read(tmp_path / "book.xlsx", "xlsx")


def test_a_workbook_that_is_a_bomb(tmp_path, monkeypatch):
    monkeypatch.setattr("flows.steps.validate.reading.workbook.MAX_BYTES", 1000)
    with pytest.raises(SourceError, match=r"book.xlsx: holds over [\d,]+ bytes in [\d,]+: a bomb"):
        read(workbook(tmp_path, [["code"]]), "xlsx")


def test_an_old_workbook(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("COM")
    for row, values in enumerate([["code", "n"], ["01004", 7], ["2A004", 0.5]]):
        for column, value in enumerate(values):
            sheet.write(row, column, value)
    path = tmp_path / "file.zip"
    book.save(str(tmp_path / "a.xls"))
    path.write_bytes(zipped(a__xls=(tmp_path / "a.xls").read_bytes()))
    assert cells(read(path, "xls")) == (["code", "n"], [["01004", "7"], ["2A004", "0.5"]])


@pytest.mark.parametrize("kind", ["old", "new"])
def test_an_encrypted_workbook(tmp_path, kind):
    start = "0908100000060500bb0dcc0700000000060000002f00060001000000abcd"  # then its encryption
    path = tmp_path / "file.xls"
    XlsDoc().save(str(path), bytes.fromhex(start).ljust(4096, b"\0"))
    if kind == "new":  # the stream has another name, and its length in bytes after it
        old, new = ("Workbook\0".encode("utf-16-le"), "EncryptedPackage\0".encode("utf-16-le"))
        old, new = (each.ljust(64, b"\0") + bytes([len(each), 0]) for each in (old, new))
        assert old in path.read_bytes()
        path.write_bytes(path.read_bytes().replace(old, new))
    with pytest.raises(SourceError, match=r"file.xls: is encrypted"):
        read(path, "xls")


def test_an_old_workbook_cut_within(tmp_path):
    book = xlwt.Workbook()
    book.add_sheet("COM").write(0, 0, "code")
    book.save(str(tmp_path / "a.xls"))
    content = (tmp_path / "a.xls").read_bytes()
    for end in (6, 107, 512, 700, 3000, len(content) - 9):
        (tmp_path / "file.xls").write_bytes(content[:end])
        with pytest.raises(SourceError, match=r"file.xls: is (cut or damaged|no workbook)"):
            read(tmp_path / "file.xls", "xls")


# Archives


def test_a_zip_of_a_version_to_come(tmp_path):
    content = bytearray(zipped(a__csv=b"n"))
    content[content.index(b"PK\x01\x02") + 6] = 120
    (tmp_path / "file.zip").write_bytes(content)
    with pytest.raises(SourceError, match=r"is cut or damaged: zip file version 12.0"):
        read(tmp_path / "file.zip")


def test_members_of_one_name_are_several(tmp_path):
    path = tmp_path / "file.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "code\n1\n")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.csv", "code\n2\n")
    with pytest.raises(SourceError, match=r"holds 2 files: a.csv, a.csv"):
        read(path)


def test_a_link_in_a_zip(tmp_path):
    path = tmp_path / "file.zip"
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(SourceError, match=r"a.csv in it is a link or a device"):
        read(path)


def test_a_member_is_found_by_its_folder_too(tmp_path):
    path = tmp_path / "file.zip"
    path.write_bytes(zipped(**{"2020/a__csv": b"n\n1\n", "2021/a__csv": b"n\n2\n"}))
    assert cells(read(path, member="2021/*")) == (["n"], [["2"]])


# Documents


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"a": 1}\n{"a": 1, "a": 2}\n', "gives a twice in one object"),
        (b'[{"a": 1e999}]', "holds 1e999, which is too large for a number"),
        (b"[" * 200_000, "is nested too deep to be a table"),
        (b'[{"a": "\\ud800"}]', "holds half a character"),
    ],
    ids=["key twice on line 2", "too large", "too deep", "half a character"],
)
def test_json_that_means_nothing(tmp_path, content, words):
    path = tmp_path / "file.json"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=words):
        read(path, "json")


def test_lines_of_json_end_where_json_says(tmp_path):
    path = tmp_path / "file.json"
    path.write_text('{"a": "x\u2028y"}\r\n{"a": "\\ud83d\\ude00"}\r\n', "utf-8", newline="")
    assert cells(read(path, "json")) == (["a"], [["x\u2028y"], ["😀"]])


@pytest.mark.parametrize("odd", [None, 3, {"properties": [1]}, {"geometry": "POINT (1 2)"}])
def test_what_is_no_feature(tmp_path, odd):
    path = tmp_path / "file.geojson"
    path.write_text(json.dumps({"features": [feature(None, a=1), odd]}), "utf-8")
    with pytest.raises(SourceError, match="holds no feature where its feature 2 should be"):
        read(path, "geojson")


def test_an_empty_point_has_no_place(tmp_path):
    path = tmp_path / "file.geojson"
    path.write_text(json.dumps({"features": [feature({"type": "Point", "coordinates": []})]}))
    assert cells(read(path, "geojson"))[1] == [["", ""]]


# Columns


def test_moments_of_a_parquet_are_iso_8601(tmp_path):
    query = "select timestamp '2024-01-02 03:04:05' a, timestamptz '2024-01-02 03:04:05+02' b"
    path = tmp_path / "file.parquet"
    path.write_bytes(columns_of(query, tmp_path))
    assert cells(read(path, "parquet"))[1] == [["2024-01-02T03:04:05", "2024-01-02T01:04:05Z"]]


def test_a_layer_of_several_in_a_zip(tmp_path):
    path = tmp_path / "file.zip"
    path.write_bytes(zipped(a__gpkg=layers_of(tmp_path, "points", "listed")))
    labels, rows = cells(read(path, "gpkg", layer="listed"))
    assert (labels, rows) == (["fid", "code", "n"], [["1", "01004", "7"], ["2", "2A004", ""]])


@pytest.mark.parametrize(
    ("layer", "words"),
    [(None, "has 2 layers: points, listed"), ("none", "has no layer none: points, listed")],
)
def test_a_layer_that_is_not_told(tmp_path, layer, words):
    path = tmp_path / "file.gpkg"
    path.write_bytes(layers_of(tmp_path, "points", "listed"))
    with pytest.raises(SourceError, match=words):
        read(path, "gpkg", layer=layer)


def test_a_layer_without_a_reference_system(tmp_path):
    path = tmp_path / "file.gpkg"
    path.write_bytes(layers_of(tmp_path, "points", srs=""))
    with pytest.raises(SourceError, match="does not say in which coordinates its layer points is"):
        read(path, "gpkg")


def test_a_file_that_sends_on_to_another_is_not_followed(tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("a\nsecret\n")
    path = tmp_path / "file.gpkg"
    layer = f'<OGRVRTLayer name="secret"><SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer>'
    path.write_text(f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>")
    with pytest.raises(SourceError, match="is not a file of format gpkg"):
        read(path, "gpkg")


@pytest.mark.parametrize("format_", ["parquet", "gpkg"])
def test_columns_that_are_cut(tmp_path, format_):
    made = columns_of("from range(9)", tmp_path) if format_ == "parquet" else None
    path = tmp_path / f"file.{format_}"
    path.write_bytes((made or layers_of(tmp_path, "points"))[: -60000 if made is None else -20])
    with pytest.raises(SourceError, match=f"file.{format_}: (cannot be read|is cut or damaged)"):
        read(path, format_)
