"""The typed values of valid rows, where DuckDB reads them and where frictionless was asked."""

from datetime import datetime

import duckdb
import pytest

from flows.steps.validate.schema_file import check_schema
from flows.steps.validate.table import Request, validate_table


@pytest.fixture
def read(tmp_path):
    """The values of the valid rows of a table with one column of text that is quoted."""

    def run(cells, **field):
        path, valid = tmp_path / "table.csv", tmp_path / "valid.parquet"
        rows = ['"' + cell.replace('"', '""') + '"\n' for cell in cells]
        path.write_text("a\n" + "".join(rows), encoding="utf-8")
        schema = check_schema({"fields": [{"name": "a", **field}]}, "schema")
        validate_table(Request(path, schema, valid=valid))
        return [value for (value,) in duckdb.read_parquet(str(valid)).fetchall()]

    return run


MORNING = datetime(2024, 1, 5, 9, 20, 30)  # 10:20:30 at one hour east of Greenwich


@pytest.mark.parametrize("more", [[], ["x"], ["2024-01-05T09:20:30.0000001Z"]])
def test_moments_with_an_offset_are_in_universal_time(read, more):
    cells = [
        "2024-01-05T10:20:30+01:00",
        "2024-01-05T09:20:30Z",
        "2024-01-05T09:20:30",
        "2024-01-04T23:20:30-10:00",
        "2024-01-05T10:20:30+0100",  # a spelling that frictionless is asked about
    ]

    assert set(read([*cells, *more], type="datetime")) == {MORNING}


@pytest.mark.parametrize("wrong", [[], ["x"]])
@pytest.mark.parametrize("has_enum", [False, True])
@pytest.mark.parametrize(
    ("kind", "form", "cell"),
    [
        ("duration", "default", "P1D"),
        ("string", "binary", "YWJj"),
        ("object", "default", '{"b": 1, "a": 1.0}'),
        ("geopoint", "default", "1.0,2"),
    ],
)
def test_what_is_kept_as_text_is_kept_as_written(read, kind, form, cell, has_enum, wrong):
    constraints = {"enum": [cell]} if has_enum else {}

    assert read([cell, *wrong], type=kind, format=form, constraints=constraints) == [cell]


def test_a_value_too_large_for_its_type_is_told(tmp_path):
    path, valid = tmp_path / "table.csv", tmp_path / "valid.parquet"
    path.write_text("a\n7\n12345678901234567890123\n", encoding="utf-8")
    schema = check_schema({"fields": [{"name": "a", "type": "integer"}]}, "schema")

    verdict = validate_table(Request(path, schema, valid=valid))

    assert verdict.valid
    assert duckdb.read_parquet(str(valid)).fetchall() == [(7,), (None,)]
    assert verdict.notes == (
        "1 distinct values of a are valid and too large for BIGINT:"
        " the typed rows hold null for them",
    )
