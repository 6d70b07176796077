"""A file against its Table Schema: valid rows, rejected rows with their reasons, a report."""

import gzip
import json

import duckdb
import pytest

from flows.errors import CatalogError, SourceError
from flows.files import sha256_of
from flows.handover import RawFile
from flows.settings import Settings
from flows.steps.validate import validate_file
from project import make_source

DEFAULTS = {"snapshot": "x/x.csv.gz", "rejects": {"max_percent": 100}}
SCHEMA = {
    "fields": [
        {"name": "code", "type": "string", "constraints": {"required": True, "pattern": "\\d{5}"}},
        {"name": "n", "type": "integer"},
    ],
    "primaryKey": ["code"],
}


@pytest.fixture
def judge(tmp_path):
    """Write the bytes of a file, validate it, give the report."""
    settings = Settings(tmp_path)
    (tmp_path / "schemas" / "sources").mkdir(parents=True)
    (tmp_path / "schemas" / "sources" / "x.json").write_text(json.dumps(SCHEMA), encoding="utf-8")

    def run(content, suffix=".csv", edition=None, **changes):
        path = tmp_path / f"file{suffix}"
        path.write_bytes(content)
        raw = RawFile("x", edition, path, sha256_of(path), "2026-01-01")
        return validate_file(settings, make_source(**DEFAULTS | changes), raw)

    return run


def rows_of(report):
    return duckdb.read_parquet(str(report.valid)).fetchall()


def test_valid_rows_are_typed_as_the_schema_says(judge):
    report = judge(b"code,n\n01001,007\n01002,\n")

    assert rows_of(report) == [("01001", 7), ("01002", None)]
    assert (report.rows, report.rejected_rows, report.counts) == (2, 0, {})


def test_rejected_rows_keep_their_text_line_and_reasons(judge):
    report = judge(b"code,n\n01001,1\n1001,2\n01003,many\n01001,4\n")

    told = (report.folder / "report.md").read_text(encoding="utf-8").splitlines()[0]
    assert told.endswith("`x.csv.gz`")  # the publisher's name of it

    assert rows_of(report) == [("01001", 1)]
    assert report.rejected_rows == 3
    assert report.counts == {"constraint-error code": 1, "primary-key": 1, "type-error n": 1}
    assert [(s["row"], s["type"], s["cell"]) for s in report.samples] == [
        (3, "constraint-error", "1001"),
        (4, "type-error", "many"),
        (5, "primary-key", None),
    ]
    rejects = (report.folder / "rejects.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rejects[0] == "source_row,source_line,reasons_fr,reasons_en,code,n,extra_cells"
    assert rejects[2].startswith("4,4,")
    assert rejects[2].endswith("01003,many,")


def test_rows_of_another_length_are_rejected_and_the_others_kept(judge):
    report = judge(b"code,n\n01001,1,9\n01002\n01003,3\n")

    assert rows_of(report) == [("01003", 3)]
    assert report.counts == {"extra-cell": 1, "missing-cell n": 1}


def test_columns_may_come_in_any_order_and_a_cell_may_hold_lines(judge):
    report = judge(b'n,note,code\n1,"a ""b""\nc",01001\n', ignored_columns=["note"])

    assert rows_of(report) == [(1, 'a "b"\nc', "01001")]


def test_an_edition_is_a_column(judge):
    changes = {"snapshot": "x/x-{edition}.csv.gz", "editions": [2020]}

    assert rows_of(judge(b"code,n\n01001,1\n", edition=2020, **changes)) == [("01001", 1, 2020)]


@pytest.mark.parametrize(
    ("content", "csv"),
    [
        ("code;n\n01001;1\n".encode("cp1252"), {"delimiter": ";", "encoding": "cp1252"}),
        ("code,n\n01001,1\n".encode("utf-16"), {"encoding": "utf-16"}),
        ("\ufeffcode,n\n01001,1\n".encode(), {}),
    ],
)
def test_encodings_and_delimiters(judge, content, csv):
    assert rows_of(judge(content, csv=csv)) == [("01001", 1)]


def test_json_is_flattened_to_text_and_an_absent_key_is_empty(judge):
    content = gzip.compress(json.dumps([{"code": "01001"}, {"code": "01002", "n": 5}]).encode())

    report = judge(content, suffix=".json.gz", format="json")

    assert rows_of(report) == [("01001", None), ("01002", 5)]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the file is empty"),
        (b"code,n\n", "has 0 rows, under the 1 promised"),
        (b"code,n,mail\n01001,1,x\n", "new columns mail"),
        (b"code\n01001\n", "columns missing: n"),
        (b"code,n,n\n01001,1,1\n", "columns given twice: n"),
        (b"code,n\n01001,\xe9\n", "is not in utf-8: byte"),
    ],
)
def test_a_file_that_is_not_as_described_is_refused(judge, content, problem):
    with pytest.raises(SourceError, match=problem):
        judge(content)


def test_a_gzip_that_ends_early_is_refused(judge):
    whole = gzip.compress(b"code,n\n" + b"01001,1\n" * 1000)

    with pytest.raises(SourceError, match="is cut or damaged"):
        judge(whole[: len(whole) // 2], suffix=".csv.gz")


def test_too_many_rejects_stop_the_source_and_name_the_worst_fault(judge):
    with pytest.raises(SourceError, match=r"1 of 2 rows .* over 10.0 %: type-error n \(1 times\)"):
        judge(b"code,n\n01001,1\n01002,x\n", rejects={"max_percent": 10})


def test_the_same_file_is_judged_once(judge):
    first = judge(b"code,n\n01001,1\n")
    made = first.valid.stat().st_mtime_ns

    assert judge(b"code,n\n01001,1\n").valid.stat().st_mtime_ns == made
    assert judge(b"code,n\n01001,2\n").folder != first.folder


def test_a_schema_that_is_none_names_itself(judge, tmp_path):
    path = tmp_path / "schemas" / "sources" / "x.json"
    path.write_text('{"fields": [{"name": "code", "type": "nonsense"}]}', encoding="utf-8")

    with pytest.raises(CatalogError, match=r"x\.json: not a Table Schema"):
        judge(b"code,n\n01001,1\n")
