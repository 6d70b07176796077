"""Every format and container gives the same rows, or is refused by name."""

import bz2
import csv
import gzip
import io
import json
import sqlite3
import tarfile
import zipfile
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from flows.catalog.models import Layout
from flows.errors import SourceError
from flows.spatial import load_spatial
from flows.steps.validate.reading import unwrap
from flows.steps.validate.reading.dialect import Dialect
from flows.steps.validate.reading.open import open_file

LABELS = ["code", "nombre"]
ROWS = [["01004", "12"], ["2A004", ""], ["97611", "3.5"]]
TEXT = "code,nombre\n01004,12\n2A004,\n97611,3.5\n"
PLAIN = TEXT.encode()


def read(path: Path, format_="csv", header_row=1, **layout):
    """Labels and rows of *path*, each row with its number."""
    dialect = Dialect("utf-8", ",", '"', skip_initial_space=False, header=True)
    dialect = Dialect(**{**dialect.__dict__, "header_rows": (header_row,)})
    told = Layout(header_row=header_row, **layout)
    folder = path.parent / "work"
    folder.mkdir(exist_ok=True)
    with closing(open_file(path, folder, dialect, format_, told)) as table:
        return table.labels, [(row.number, row.cells) for row in table.rows]


def cells(answer):
    return answer[0], [row for _, row in answer[1]]


def zipped(**members) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


def tarred(mode="w", **members) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name.replace("__", "."))
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


# Containers


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        gzip.compress(PLAIN),
        bz2.compress(PLAIN),
        zipped(a__csv=PLAIN),
        tarred(a__csv=PLAIN),
        tarred("w:gz", a__csv=PLAIN),
        tarred("w:bz2", a__csv=PLAIN),
        zipped(a__gz=gzip.compress(PLAIN)),
    ],
    ids=["plain", "gz", "bz2", "zip", "tar", "tar.gz", "tar.bz2", "gz in zip"],
)
def test_every_container_gives_what_it_holds(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    assert cells(read(path)) == (LABELS, ROWS)


def layers_of(tmp_path, *names, srs=", srs 'EPSG:2154'") -> bytes:
    """A GeoPackage with a layer of one point for the first name, and tables for the others."""
    path = tmp_path / "made.gpkg"
    with duckdb.connect() as con:
        load_spatial(con)
        con.execute(
            "copy (select '01004' as code, st_point(700000, 6600000) as geom)"
            f" to '{path}' with (format gdal, driver 'GPKG', layer_name '{names[0]}'{srs})"
        )
    with closing(sqlite3.connect(path)) as db:
        for name in names[1:]:
            db.execute(f"create table {name} (fid integer primary key, code text, n integer)")
            db.execute(f"insert into {name} values (1, '01004', 7), (2, '2A004', null)")
            listed = f"values ('{name}', 'attributes', '{name}')"
            db.execute(f"insert into gpkg_contents (table_name, data_type, identifier) {listed}")
        db.commit()
    return path.read_bytes()


def test_a_member_is_found_by_its_pattern(tmp_path):
    path = tmp_path / "file.zip"
    path.write_bytes(zipped(lisez__txt=b"x", data__csv=PLAIN))
    assert cells(read(path, member="*.csv")) == (LABELS, ROWS)


def encrypted() -> bytes:
    """A zip whose one member says that it is encrypted."""
    content = bytearray(zipped(a__csv=PLAIN))
    content[6] |= 1  # the flags of the local header
    content[content.index(b"PK\x01\x02") + 8] |= 1  # and of the directory
    return bytes(content)


def linked() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("a.csv")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(info)
    return out.getvalue()


REFUSED = {
    "encrypted": (encrypted(), "a.csv in it is encrypted"),
    "climbs": (zipped(**{"../a__csv": PLAIN}), r"\.\./a.csv in it climbs out of its folder"),
    "absolute": (zipped(**{"/a__csv": PLAIN}), "climbs out of its folder"),
    "drive": (zipped(**{"C:\\a__csv": PLAIN}), "climbs out of its folder"),
    "link": (linked(), "a.csv in it is a link or a device"),
    "two members": (zipped(a__csv=PLAIN, b__csv=PLAIN), "holds 2 files: a.csv, b.csv"),
    "no member": (zipped(), "holds no file"),
    "cut zip": (zipped(a__csv=PLAIN)[:-10], "is cut or damaged"),
    "cut gz": (gzip.compress(PLAIN)[:-6], "is cut or damaged"),
    "cut bz2": (bz2.compress(PLAIN)[:-6], "is cut or damaged"),
    "too deep": (gzip.compress(gzip.compress(gzip.compress(PLAIN))), "packed more than twice"),
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_what_may_harm_is_refused_by_name(tmp_path, name):
    content, words = REFUSED[name]
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=f"file: .*({words})"):
        read(path)


@pytest.mark.parametrize("pack", [gzip.compress, lambda b: zipped(a__csv=b)], ids=["gz", "zip"])
def test_a_bomb_is_stopped_while_it_unpacks(tmp_path, monkeypatch, pack):
    monkeypatch.setattr(unwrap, "FREE_BYTES", 1_000_000)
    path = tmp_path / "file"
    path.write_bytes(pack(b"0" * 20_000_000))  # packs a thousand times
    with pytest.raises(SourceError, match="a bomb"):
        read(path)
    assert not any((tmp_path / "work").iterdir())


def test_a_member_with_another_checksum_is_damaged(tmp_path):
    content = bytearray(zipped(a__csv=PLAIN))
    content[content.index(b"PK\x01\x02") + 16] ^= 0xFF
    path = tmp_path / "file"
    path.write_bytes(bytes(content))
    with pytest.raises(SourceError, match="is cut or damaged: Bad CRC"):
        read(path)


# CSV with more than a table in it


def test_a_banner_is_left_out_and_rows_keep_their_numbers(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text(f"Titre,\n,\n{TEXT}", encoding="utf-8")
    labels, rows = read(path, header_row=3)
    assert labels == LABELS
    assert rows == [(4, ROWS[0]), (5, ROWS[1]), (6, ROWS[2])]


# Workbooks


def workbook(tmp_path, rows, title="Données", before=()) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in (*before, *rows):
        sheet.append(row)
    path = tmp_path / "book.xlsx"
    book.save(path)
    return path


def test_a_sheet_by_name_with_banner_and_merged_note(tmp_path):
    book = Workbook()
    book.active.title = "Lisez-moi"
    sheet = book.create_sheet("Données")
    sheet.append(["Une note", None])
    sheet.merge_cells("A1:B1")
    sheet.append(["code", "nombre d’\nagents"])
    sheet.append(["CODE", "NB"])
    sheet.append(["01004", 12])
    sheet.append([None, None])
    sheet.append(["97611", 3.5])
    path = tmp_path / "book.xlsx"
    book.save(path)

    labels, rows = read(path, "xlsx", header_row=2, sheet="Données", skipped_rows=1)

    assert labels == ["code", "nombre d’ agents"]
    assert rows == [(4, ["01004", "12"]), (6, ["97611", "3.5"])]


def test_a_formula_gives_the_value_that_was_computed_last(tmp_path):
    path = workbook(tmp_path, [["code", "nombre"], ["01004", 0]])
    cell = b'<c r="B2"><f>6*7</f><v>42</v></c>'  # as a spreadsheet stores it; openpyxl cannot
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b'<c r="B2" t="n"><v>0</v></c>', cell)
                assert cell in content
            new.writestr(name, content)
    path.write_bytes(out.getvalue())
    assert cells(read(path, "xlsx"))[1] == [["01004", "42"]]


def test_a_workbook_in_a_zip(tmp_path):
    path = workbook(tmp_path, [LABELS, *ROWS])
    packed = tmp_path / "file.zip"
    packed.write_bytes(zipped(book__xlsx=path.read_bytes(), note__txt=b"x"))
    assert cells(read(packed, "xlsx", member="*.xlsx")) == (LABELS, ROWS)


ODS = """<?xml version="1.0"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="F"><table:table-row>
<table:table-cell office:value-type="string"><text:p>code</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>nombre</text:p></table:table-cell>
</table:table-row><table:table-row>
<table:table-cell office:value-type="string"><text:p>01004</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="12"><text:p>12</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
MANIFEST = f'<manifest:manifest xmlns:manifest="{NAMESPACE}"/>'


def test_an_open_document_sheet(tmp_path):
    path = tmp_path / "file.ods"
    with zipfile.ZipFile(path, "w") as archive:  # whose first member is not packed
        archive.writestr("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", ODS.replace("\n", " ").replace("> <", "><"))
    assert cells(read(path, "ods")) == (LABELS, [["01004", "12"]])


@pytest.mark.parametrize(
    ("rows", "layout", "words"),
    [
        ([["code", None, "nombre"], ["01004", "x", 1]], {}, "column B holds data and has no label"),
        ([["code"], ["01004", "x"]], {}, "column B holds data and has no label"),
        ([["code"], ["01004"]], {"sheet": "Nulle"}, "has no sheet Nulle: Données"),
        ([["code"]], {"header_row": 9}, "has 1 rows, and no header in row 9"),
    ],
)
def test_a_sheet_that_is_not_as_told(tmp_path, rows, layout, words):
    with pytest.raises(SourceError, match=words):
        read(workbook(tmp_path, rows), "xlsx", **layout)


def test_what_is_no_workbook(tmp_path):
    path = tmp_path / "file.xlsx"
    path.write_bytes(PLAIN)
    with pytest.raises(SourceError, match="is no workbook that can be read"):
        read(path, "xlsx")


# Documents


def test_a_way_to_the_rows_and_to_each_cell(tmp_path):
    path = tmp_path / "file.json"
    body = {
        "data": {
            "items": [
                {"x.geo": "53", "v": {"id_7": 1.5, "why": None}},
                {"x.geo": "75", "v": {"id_7": None}},
            ]
        }
    }
    path.write_text(json.dumps(body), encoding="utf-8")
    columns = {"region_code": "*.geo", "value": "v/id_*"}
    answer = read(path, "json", rows="data/items", columns=columns)
    assert cells(answer) == (["region_code", "value"], [["53", "1.5"], ["75", ""]])


def test_lines_of_json(tmp_path):
    path = tmp_path / "file.json"
    path.write_text('{"code": "01004", "nombre": 12}\n{"code": "2A004"}\n', encoding="utf-8")
    assert cells(read(path, "json")) == (LABELS, [["01004", "12"], ["2A004", ""]])


@pytest.mark.parametrize(
    ("text", "layout", "words"),
    [
        ('[{"a": 1, "a": 2}]', {}, "gives a twice in one object"),
        ('[{"a": NaN}]', {}, "holds NaN, which is no JSON number"),
        ("[1]", {}, "is not a JSON list of objects"),
        ('{"x": []}', {"rows": "data"}, "has nothing at data"),
        ('[{"id_1": 1, "id_2": 2}]', {"columns": {"v": "id_*"}}, "has 2 keys that fit id_"),
        ("<html>", {}, "is not JSON"),
    ],
)
def test_a_document_that_is_not_as_told(tmp_path, text, layout, words):
    path = tmp_path / "file.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=words):
        read(path, "json", **layout)


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_points_and_shapes_of_a_geojson(tmp_path):
    path = tmp_path / "file.geojson"
    line = {"type": "LineString", "coordinates": [[0, 1], [2, 3]]}
    features = [
        feature({"type": "Point", "coordinates": [5.8, 46.1]}, code="01033"),
        feature(None, code="2A004"),
        feature(line, code="35238"),
    ]
    body = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(body), encoding="utf-8")
    labels, rows = cells(read(path, "geojson"))
    assert labels == ["code", "point_longitude", "point_latitude", "geometry"]
    assert rows == [
        ["01033", "5.8", "46.1", ""],
        ["2A004", "", "", ""],
        ["35238", "", "", json.dumps(line)],
    ]


def test_a_geojson_in_metres_is_refused(tmp_path):
    path = tmp_path / "file.geojson"
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    path.write_text(json.dumps({"features": [], "crs": crs}), encoding="utf-8")
    with pytest.raises(SourceError, match="is not in WGS 84"):
        read(path, "geojson")


# Columns


def test_a_parquet_with_nested_values(tmp_path):
    path = tmp_path / "file.parquet"
    with duckdb.connect() as con:
        query = """
            select '01004' as code, 12.0 as nombre, [1, 2] as liste, 'a "b"
c' as texte
            union all select '2A004', null, null, ''
        """
        con.sql(query).write_parquet(str(path))
    labels, rows = cells(read(path, "parquet"))
    assert labels == ["code", "nombre", "liste", "texte"]
    assert rows == [["01004", "12.0", "[1,2]", 'a "b"\nc'], ["2A004", "", "", ""]]


def test_a_geopackage_in_metres(tmp_path):
    path = tmp_path / "file.gpkg"
    # 700,000 m and 6,600,000 m of Lambert 93 are 3° east, 46.5° north, by its definition.
    path.write_bytes(layers_of(tmp_path, "points"))
    labels, rows = cells(read(path, "gpkg"))
    assert labels == ["fid", "code", "point_longitude", "point_latitude"]
    assert rows[0][:2] == ["1", "01004"]
    assert [round(float(cell), 6) for cell in rows[0][2:]] == [3, 46.5]


# The same table in every format

CELL = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=8).map(
    str.strip
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.from_regex(r"[0-9A-Z]{5}", fullmatch=True), CELL), max_size=5))
def test_the_same_table_in_every_format_gives_the_same_rows(tmp_path, rows):
    wanted = (LABELS, [list(row) for row in rows])
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([LABELS, *rows])
    plain = tmp_path / "file.csv"
    plain.write_bytes(text.getvalue().encode())
    packed = tmp_path / "file.zip"
    packed.write_bytes(zipped(a__csv=plain.read_bytes()))
    book = workbook(tmp_path, [LABELS, *rows])
    table = tmp_path / "file.parquet"
    with duckdb.connect() as con:
        con.read_csv(str(plain), all_varchar=True, header=True).write_parquet(str(table))

    assert cells(read(plain)) == wanted
    assert cells(read(packed)) == wanted
    assert cells(read(book, "xlsx")) == wanted
    assert cells(read(table, "parquet")) == wanted
    if rows:
        document = tmp_path / "file.json"
        document.write_text(json.dumps([dict(zip(LABELS, row, strict=True)) for row in rows]))
        assert cells(read(document, "json")) == wanted
