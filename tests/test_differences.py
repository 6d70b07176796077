"""Each deliberate difference from frictionless: a test for each row of DIFFERENCES.md."""

import gzip
import json
import re
import time

import frictionless
import pytest
from frictionless import system

from dirty import V2
from flows.errors import CatalogError, SourceError
from flows.steps.validate import ask
from flows.steps.validate.package import validate_package
from flows.steps.validate.schema_file import check_schema
from flows.steps.validate.table import Request, validate_table
from parity import Case, ask_frictionless, ask_us, judge, tell_errors
from project import ROOT

TABLE = ROOT / "flows" / "steps" / "validate" / "DIFFERENCES.md"
THREE = [{"name": "a"}, {"name": "b"}, {"name": "c"}]


@pytest.fixture
def write(tmp_path):
    """Write a table of *content*; give the case of it under a schema with *fields*."""

    def make(content, *fields, dialect=None, **schema):
        path = tmp_path / "table.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Case(path, {"fields": list(fields), **schema}, dialect or {})

    return make


def text(**more):
    return {"name": "a", "type": "string", **more}


def column(kind, **constraints):
    return {"name": "a", "type": kind, "constraints": constraints}


def raw_frictionless(case, **options):
    """The resource as frictionless takes it, with nothing said for it but its schema."""
    schema = frictionless.Schema.from_descriptor(json.loads(json.dumps(case.schema)))
    with system.use_context(trusted=True):
        return frictionless.Resource(path=str(case.path), schema=schema, **options).validate()


def test_every_row_has_a_test_and_every_test_a_row():
    rows = re.findall(r"^\| `(\w+)` \|", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    tests = [name.removeprefix("test_") for name in globals() if name.startswith("test_")]

    assert rows
    assert sorted(rows) == sorted(set(tests) - {"every_row_has_a_test_and_every_test_a_row"})


def test_encoding_not_told(write):
    case = write(
        "nom\nNîmes\n".encode("cp1252"), {"name": "nom", "constraints": {"enum": ["Nîmes"]}}
    )

    assert [error.cell for error in raw_frictionless(case).tasks[0].errors] == ["Nīmes"]  # cp1257
    assert validate_table(Request(case.path, check_schema(case.schema, "schema"))).valid


def test_sniffing_is_bounded(write):
    """The quotes that make frictionless choose the comma stand beyond 100,000 characters."""
    long = "".join(f"{n};{'x' * 3000}\n" for n in range(40))
    case = write("a;b\n" + long + 'z;,"q",y\n' * 50, *THREE[:2])

    assert ("missing-label", 1, "b", "") in ask_frictionless(case)
    assert judge(case).valid


@pytest.mark.parametrize(
    ("kind", "bound", "cell"),
    [("integer", "x", "2"), ("year", "20000", "2024"), ("date", "05/01/2024", "2024-01-05")],
)
def test_bound_not_of_its_type(write, kind, bound, cell):
    case = write(f"a\n{cell}\n", column(kind, minimum=bound))

    with pytest.raises(TypeError):
        raw_frictionless(case)
    with pytest.raises(CatalogError, match=f"field a: the minimum '{bound}' is not of type {kind}"):
        judge(case)


def test_offsets_compared(write):
    case = write("a\n10:20:30Z\n", column("time", minimum="10:20:30"))

    with pytest.raises(TypeError, match="can't compare"):
        raw_frictionless(case)
    with pytest.raises(
        SourceError, match=r"field a: frictionless cannot judge it: .*can't compare"
    ):
        judge(case)


def test_nan_as_key(write):
    case = write("a\nNaN\nNaN\n", column("number"), primaryKey="a")

    assert not ask_frictionless(case)
    assert ask_us(case) == {("primary-key", 3, None, None): 1}


def test_unique_keys(write):
    rows = (
        "a,b\n1,2\n1,2\n1,3\n,\n,2\n,2\n"  # row 5 has no value at all: blank; rows 6 and 7 repeat
    )
    case = write(rows, *THREE[:2], uniqueKeys=[["a", "b"]], **{"$schema": V2})

    assert ask_us(case) - ask_frictionless(case) == {
        ("unique-error", 3, "a, b", None): 1,
        ("unique-error", 7, "a, b", None): 1,
    }


LABELLED = [{"value": 1, "label": "one"}, {"value": "2", "label": "two"}]


@pytest.mark.parametrize(
    ("field", "cells", "wrong"),
    [
        (text(categories=["x", "y"]), ["x", "z", "", "X"], {3: "z", 5: "X"}),
        (text(categories=[{"value": "it's", "label": "L"}]), ["it's", "L"], {3: "L"}),
        (text(categories=["x"], missingValues=["-"]), ["-", "x", "."], {4: "."}),
        (text(categories=["x@y.fr"], format="email"), ["x@y.fr", "z@y.fr"], {3: "z@y.fr"}),
        (text(categories=["YWJj"], format="binary"), ["YWJj", "YWJk"], {3: "YWJk"}),
        ({**column("integer"), "categories": LABELLED}, ["1", "02", "3", " 4"], {4: "3", 5: " 4"}),
        (
            {**column("integer"), "categories": LABELLED, "bareNumber": False},
            ["1€", "3€"],
            {3: "3€"},
        ),
        ({**column("number"), "categories": [1]}, ["2"], {}),  # only text and integers have them
    ],
)
def test_categories(write, field, cells, wrong):
    rows = [f"{cell},{n}\n" for n, cell in enumerate(cells)]
    case = write("a,b\n" + "".join(rows), field, {"name": "b"})

    faults = judge(case).errors

    assert not ask_frictionless(case)
    assert {fault.row: fault.cell for fault in faults} == wrong
    assert {(fault.type, fault.rule) for fault in faults} <= {("constraint-error", "categories")}
    for told in ([], [None], "x", {"x": 1}, [["x"]], [1.5]):
        if field["type"] != "number":
            with pytest.raises(CatalogError, match="field a: its categories are not a list of"):
                judge(write("a\n", {**field, "categories": told}))


def test_deep_json(write):
    deep = "[" * 100_000 + "]" * 100_000
    case = write(f"a\n{deep}\n", column("array"))

    assert [key[0] for key in ask_frictionless(case)] == ["type-error"]
    assert judge(case).valid


def test_duplicate_labels_by_name(write):
    schema = {"$schema": V2, "fieldsMatch": "equal"}
    case = write("a,b,a\nz,1,x\n", column("integer"), {"name": "b"}, **schema)

    assert [error.type for error in raw_frictionless(case).tasks[0].errors] == ["error"]
    assert ask_us(case) == {("duplicate-label", 1, "a", "a"): 1, ("type-error", 2, "a", "z"): 1}


@pytest.mark.parametrize(
    "rows",
    ['1,"x,2\n2,y,3\n3,z",4\n', '1,x,"2\n2,y,3\n'],  # closed two rows later; never closed
)
def test_swallowed_rows(write, rows):
    case = write("a,b,c\n" + rows, *THREE)

    assert not ask_frictionless(case)
    assert [(fault.type, fault.row) for fault in judge(case).errors] == [("swallowed-rows", 2)]


def test_french_checks(write):
    declared = [{"name": "french-siren-value", "params": {"column": "a"}}]
    case = write("a\n123\n", text(), custom_checks=declared)

    assert not ask_frictionless(case)
    assert ask_us(case) == {("french-siren-value", 2, "a", "123"): 1}


def test_foreign_key_alone(write):
    key = {"fields": "a", "reference": {"resource": "other", "fields": "b"}}
    case = write("a\n1\n", text(), foreignKeys=[key])

    assert [error.type for error in raw_frictionless(case).tasks[0].errors] == ["resource-error"]
    with pytest.raises(CatalogError, match="its foreign key a speaks of the table other"):
        judge(case)


def test_endless_pattern(write, monkeypatch):
    cell = "a" * 40 + "!"
    linear = write(f"a\n{cell}\n", column("string", pattern="(a+)+b"))
    assert ask_us(linear) == {("constraint-error", 2, "a", cell): 1}

    monkeypatch.setattr(ask, "PATIENCE_SECONDS", 3)
    started = time.monotonic()
    with pytest.raises(SourceError, match="field a: judging its cells takes more than 3 s"):
        judge(write(f"a\n{cell}\n", column("string", pattern="(?=a)(a+)+b")))
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<!DOCTYPE html><html></html>\n", "a web page"),
        (b"PK\x03\x04" + bytes(50), "a ZIP archive or a spreadsheet"),
        (bytes(range(32)) * 4, "a binary file"),
    ],
)
def test_no_table(write, content, kind):
    case = write(content, text())
    unsaid = Request(case.path, check_schema(case.schema, "schema"))

    assert "incorrect-label" in {key[0] for key in ask_frictionless(case)}
    with pytest.raises(SourceError, match=f"table.csv: is {kind}"):
        validate_table(unsaid)


def test_packed_by_content(write):
    case = write(gzip.compress(b"a\n1\n"), text())

    assert [key[0] for key in ask_frictionless(case)] == ["encoding-error"]
    assert judge(case).valid


def test_version_of_a_schema(write):
    missing = [{"value": "-", "label": "not known"}]
    case = write("a\n-\n", column("integer"), missingValues=missing, **{"$schema": V2})

    errors = raw_frictionless(case).tasks[0].errors
    assert [error.note for error in errors] == [
        "missing values in object form require datapackage v2"
    ]
    assert ask_us(case) == {("blank-row", 2, None, None): 1}
    with pytest.raises(CatalogError, match="require datapackage v2"):
        judge(write("a\n-\n", column("integer"), missingValues=missing))


def test_long_cells(write):
    case = write("a\n" + "x" * 2000 + "\n", column("integer"))

    assert ask_frictionless(case) == {("type-error", 2, "a", "x" * 2000): 1}
    assert ask_us(case) == {("type-error", 2, "a", "x" * 1000): 1}


def test_all_errors_counted(write):
    case = write("a\n" + "x\n" * 1500, column("integer"))
    request = Request(case.path, check_schema(case.schema, "schema"), kept_errors=10)

    verdict = validate_table(request)

    assert len(raw_frictionless(case).tasks[0].errors) == 1000
    assert verdict.counts == {"type-error": 1500}
    assert len(verdict.errors) == 10


def test_tables_of_a_package(tmp_path):
    (tmp_path / "a.csv").write_text("a\nx\n", encoding="utf-8")
    schema = {"fields": [column("integer")]}
    resources = [
        {"name": "one", "path": "a.csv", "schema": schema},
        {"name": "parts", "path": ["a.csv", "a.csv"], "schema": schema},
        {"name": "inside", "data": [["a"], ["x"]], "schema": schema},
        {"name": "free", "path": "a.csv"},
    ]
    path = tmp_path / "datapackage.json"
    path.write_text(json.dumps({"name": "all", "resources": resources}), encoding="utf-8")

    with system.use_context(trusted=True):
        report = frictionless.Package(str(path)).validate()
    theirs = {task.name: sum(tell_errors(task.errors).values()) for task in report.tasks}
    ours = {resource.name: verdict for resource, verdict in validate_package(path)}

    assert theirs == {"one": 1, "parts": 2, "inside": 1, "free": 0}
    assert {name: verdict.counts for name, verdict in ours.items()} == {"one": {"type-error": 1}}
    assert ours["one"].notes == ("Not judged, being no CSV with a schema: parts, inside, free",)
