"""`jalon validate`: what it prints, what it writes, and one sentence for what cannot be judged."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import jsonschema
import pytest

from flows.cli import main
from project import ROOT

SHAPE = json.loads((ROOT / "schemas/verdict.schema.json").read_text(encoding="utf-8"))
HEAVY = {"frictionless", "pandas", "prefect", "great_expectations", "pydantic"}
SCHEMA = {
    "fields": [
        {"name": "a", "type": "integer"},
        {"name": "b", "type": "integer"},
        {"name": "c", "type": "string"},
    ]
}
GOOD = b"a,b,c\n1,2,x\n3,4,y\n"
WRONG = b"a,b,c\n1,2,x\nmany,4,y\n"


@pytest.fixture
def validate(monkeypatch, capsys):
    """Run the command; give its exit code, stdout and stderr."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["jalon", "validate", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return ended.value.code, told.out, told.err

    return call


@pytest.fixture
def refused(validate):
    """The command ends with 2 and says all of *words* in one sentence, and nothing else."""

    def call(words, *arguments):
        code, out, err = validate(*arguments)
        assert (code, out) == (2, ""), err
        assert err.startswith("jalon: ")
        assert err.count("\n") == 1
        for word in [words] if isinstance(words, str) else words:
            assert word in err

    return call


@pytest.fixture
def put(tmp_path):
    """Write a file: bytes, text, or what is then JSON."""

    def call(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, bytes | str) else json.dumps(content)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return call


@pytest.fixture
def schema(put):
    return put("schema.json", SCHEMA)


def read_verdict(out):
    verdict = json.loads(out)
    jsonschema.Draft202012Validator(SHAPE).validate(verdict)
    return verdict


# --- What it prints and writes ------------------------------------------------------------------


def test_the_exit_code_tells_valid_from_not_valid(validate, put, schema):
    assert validate(put("a.csv", GOOD), "--schema", schema) == (
        0,
        "a.csv: valid, 2 of 2 rows are right\n",
        "",
    )
    code, out, _ = validate(put("a.csv", WRONG), "--schema", schema)
    assert code == 1
    assert out.startswith("a.csv: not valid, 1 of 2 rows are right\n1 × type-error: Column “a”")
    assert "Row 3, column “a”: the value “many”" in out


def test_json_is_as_its_schema_says(validate, put, schema):
    jsonschema.Draft202012Validator.check_schema(SHAPE)
    code, out, err = validate(put("a.csv", WRONG), "--schema", schema, "--json")
    verdict = read_verdict(out)
    assert (code, err, verdict["valid"], verdict["rows"]) == (1, "", False, 2)
    assert verdict["counts"] == {"type-error": 1}
    assert (verdict["errors"][0]["row"], verdict["errors"][0]["cell"]) == (3, "many")

    _, out, _ = validate(put("a.csv", b"a,b\n1\n\n,,,\n"), "--schema", schema, "--json")
    assert read_verdict(out)["counts"]["missing-label"] == 1
    _, out, _ = validate(put("a.csv", GOOD), "--json")
    assert [field["name"] for field in read_verdict(out)["schema"]["fields"]] == ["a", "b", "c"]


def test_every_property_of_the_json_is_described():
    told = [SHAPE, *SHAPE["$defs"].values(), *SHAPE["$defs"]["fault"]["properties"].values()]
    assert all(each["description"] for each in told)


def test_a_schema_is_proposed_alone_on_stdout(validate, put):
    content = (
        "code_insee;siret;nom;poids;ouvert_le;nombre;actif\n"
        "01004;12345678901234;Ambérieu;1,5;31/12/2024;12;oui\n"
        "2A004;98765432109876;Ajaccio;2,25;01/02/2023;7;non\n"
    )
    code, out, err = validate(put("a.csv", content))
    assert code == 0
    assert "this one is proposed" in err
    types = {field["name"]: field for field in json.loads(out)["fields"]}
    assert types["code_insee"]["type"] == types["siret"]["type"] == "string"
    assert types["poids"] == {"name": "poids", "type": "number", "decimalChar": ","}
    assert types["ouvert_le"] == {"name": "ouvert_le", "type": "date", "format": "%d/%m/%Y"}
    assert types["nombre"]["type"] == "integer"
    assert types["actif"]["type"] == "boolean"


def test_a_leading_zero_makes_a_text(validate, put):
    _, out, _ = validate(put("a.csv", "valeur,x\n007,1\n12,2\n"))
    assert [field["type"] for field in json.loads(out)["fields"]] == ["string", "integer"]


def test_rejected_rows_keep_what_was_written(validate, put, schema, tmp_path):
    rejects = tmp_path / "rejects.csv"
    assert validate(put("a.csv", WRONG), "--schema", schema, "--rejects", rejects)[0] == 1
    lines = rejects.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "source_row,source_line,reasons_fr,reasons_en,a,b,c,extra_cells"
    assert lines[1].startswith("3,3,")
    assert lines[1].endswith("many,4,y,")


@pytest.mark.parametrize("suffix", ["html", "md", "csv", "json"])
def test_a_report_is_written_in_four_forms(validate, put, schema, tmp_path, suffix):
    report = tmp_path / f"report.{suffix}"
    assert validate(put("a.csv", WRONG), "--schema", schema, "--report", report)[0] == 1
    assert "many" in report.read_text(encoding="utf-8")


def test_a_data_package_is_judged_table_by_table(validate, put):
    key = {"fields": "a", "reference": {"resource": "towns", "fields": "a"}}
    put("towns.csv", GOOD)
    put("stops.csv", b"a,b,c\n1,2,x\n9,4,y\n")
    package = {
        "resources": [
            {"name": "towns", "path": "towns.csv", "schema": SCHEMA},
            {"name": "stops", "path": "stops.csv", "schema": {**SCHEMA, "foreignKeys": [key]}},
        ]
    }
    code, out, _ = validate(put("datapackage.json", package), "--json")
    verdict = read_verdict(out)
    assert (code, verdict["valid"]) == (1, False)
    assert [each["valid"] for each in verdict["resources"]] == [True, False]
    assert verdict["resources"][1]["counts"] == {"foreign-key": 1}


def test_a_clean_file_loads_nothing_heavy(put, schema):
    code = (
        "import sys; from flows.cli import jalon;"
        f" jalon(['validate', {str(put('a.csv', GOOD))!r}, '--schema', {str(schema)!r}],"
        " standalone_mode=False)"
    )
    probe = f"try:\n {code}\nexcept SystemExit: print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert HEAVY.isdisjoint(done.stdout.split()[8:])
    assert "duckdb" in done.stdout.split()


# --- Files that cannot be judged ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!DOCTYPE html><p>Not found</p>", "is a web page"),
        (b"\n <!-- moved --><HTML>", "is a web page"),
        (b'{"error": "not found"}', "is a JSON document"),
        (b"PK\x03\x04" + bytes(100), "a spreadsheet (XLSX"),
        (b"%PDF-1.4\n", "is a PDF"),
        (b"\x89PNG\r\n", "is an image"),
        (b"BZh91AY&SY", "is a compressed file"),
        (bytes(range(256)) * 8, "is a binary file"),
        (bytes(1000), "is a binary file"),
        ("a,b,c\n1,2,x\n".encode("utf-16-le"), "--encoding utf-16-le"),
        ("a,b,c\n1,2,x\n".encode("utf-32"), "--encoding utf-32"),
        (gzip.compress(GOOD * 100, mtime=0)[:-20], "is cut or damaged"),
        (b"a,b,c\n" + b"x" * 6_000_000, "begins on line 2 has more than 5,000,000"),
        (b'a,b,c\n1,2,"' + b"x,y,z\n" * 1_000_000, "begins on line 2 has more than"),
        (",".join(f"c{n}" for n in range(20_000)).encode(), "has 20,000 columns"),
    ],
)
def test_a_file_that_is_no_table(refused, put, schema, content, words):
    refused(words, put("a.csv", content), "--schema", schema)


@pytest.mark.parametrize("content", [b"", b"\n\n\n", gzip.compress(b"", mtime=0)])
def test_nothing_can_be_proposed_for_an_empty_file(refused, put, content):
    refused("holds no column", put("a.csv", content))


def test_a_path_that_holds_no_file(refused, tmp_path):
    refused("there is no such file", tmp_path / "no.csv")
    refused("is a folder", tmp_path)


def test_a_zip_is_named_as_such(refused, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.csv", "w") as file:
        file.writestr("a.csv", "a,b\n")
    refused("is a ZIP archive", tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", 1, "cannot be read as a table"),
        (b"a,b,c\n", 0, "0 of 0 rows"),
        (b"a,b,c\n1,2\n1,2,x,4\n\n", 1, "the row ends before this column"),
        (b"a,a,\n1,2,3\n", 1, "a column has no title"),
        (b'a,b,c\n1,2,"x\n3,4,y\n', 1, "Row 2: a quotation mark is not closed"),
        (b'"a,b,c\n1,2,x\n', 1, "Row 1: a quotation mark is not closed"),
        (b"a,b,c\r1,2,x\r", 0, "1 of 1 rows"),
        (b"a,b,c\r\n1,2,x\n3,4,y\r5,6,z\r\n", 0, "3 of 3 rows"),
        ("a,b,c\n1,2,é\n".encode("utf-16"), 0, "1 of 1 rows"),
        (b"a,b,c\n1,\0,x\n", 1, "‹U+0000›"),
        (GOOD + "1,2,é\n".encode() * 50_000 + b"1,2,\xe9\n", 1, "unreadable characters"),
    ],
)
def test_a_file_that_is_odd_is_judged_all_the_same(validate, put, schema, content, code, words):
    done = validate(put("[red]a.csv", content), "--schema", schema)
    assert done[0] == code
    assert words in done[1]
    assert done[1].startswith("[red]a.csv: ")


def test_a_nul_in_a_title_or_in_a_schema(validate, put):
    odd = {"name": "a\0'", "type": "string", "constraints": {"enum": ["\0", "'", "\ue001"]}}
    schema = put("s.json", {"fields": [odd], "missingValues": ["\0\0"]})
    content = ("a\0'\n\0\n\ue001\nx\n" + "'\n" * 20).encode()
    rejects = schema.with_name("r.csv")
    code, out, err = validate(put("a.csv", content), "--schema", schema, "--rejects", rejects)
    assert (code, err) == (1, "")
    assert "22 of 23 rows" in out


@pytest.mark.parametrize("columns", [1200, pytest.param(2000, marks=pytest.mark.soak)])
def test_many_columns_with_ragged_rows(validate, put, columns):
    fields = [{"name": f"c{n}", "type": "integer"} for n in range(columns)]
    names = ",".join(field["name"] for field in fields)
    row = ",".join(map(str, range(columns)))
    content = f"{names}\n{row}\nx{row[1:]}\n{row},9\n1,2\n"
    schema = put("s.json", {"fields": fields})
    code, out, _ = validate(put("a.csv", content), "--schema", schema, "--json")
    assert code == 1
    assert read_verdict(out)["counts"] == {
        "extra-cell": 1,
        "missing-cell": columns - 2,
        "type-error": 1,
    }


# --- Schemas that are none ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{fields: [", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "no `fields`"),
        ({"fields": {}}, "no `fields`"),
        ({"fields": ["http://127.0.0.1:1/x"]}, "field 1 is no object"),
        ({"fields": [{"type": "string"}]}, "'name' is a required property"),
        ({"fields": [{"name": "a", "type": "nombre"}]}, "nombre"),
        ({"fields": [{"name": "a", "type": ["string"]}]}, "not supported"),
        ({"fields": [{"name": "a", "constraints": {"pattern": "(["}}]}, "the pattern of a"),
        ({**SCHEMA, "uniqueKeys": None}, "uniqueKeys is no list"),
        ({**SCHEMA, "uniqueKeys": [[1]]}, "uniqueKeys has other than names"),
        ({**SCHEMA, "custom_checks": 3}, "custom_checks is no list"),
        ({**SCHEMA, "primaryKey": "z"}, "primary key"),
    ],
)
def test_a_schema_that_is_none(refused, put, content, words):
    refused(["s.json", words], put("a.csv", GOOD), "--schema", put("s.json", content))


def test_a_bound_that_is_no_value(refused, put):
    field = {"name": "a", "type": "integer", "constraints": {"minimum": "low"}}
    refused("the minimum 'low'", put("a.csv", GOOD), "--schema", put("s.json", {"fields": [field]}))


def test_a_schema_that_is_not_there_is_not_asked_of_the_network(refused, put):
    refused("no such schema", put("a.csv", GOOD), "--schema", "folder/schema.json")


@pytest.mark.soak
def test_a_pattern_that_takes_for_ever_is_stopped(refused, put):
    field = {"name": "a", "constraints": {"pattern": "(?=a)(a+)+$"}}
    schema = put("s.json", {"fields": [field]})
    began = time.monotonic()
    refused("write a simpler one", put("a.csv", "a\n" + "a" * 40 + "b\n"), "--schema", schema)
    assert time.monotonic() - began < 120


# --- Packages -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("resource", "words"),
    [
        ({"path": "/etc/passwd.csv"}, "leaves the folder"),
        ({"path": "../a.csv"}, "leaves the folder"),
        ({"path": "no.csv"}, "is not there"),
        ({"path": "a.csv", "schema": "../schema.json"}, "leaves the folder"),
        ({"path": "a.csv", "schema": "/etc/passwd"}, "leaves the folder"),
        ({"path": "a.csv", "dialect": "../schema.json"}, "leaves the folder"),
        ({"path": "a.csv", "schema": "no.json"}, "cannot be read"),
        ({"path": "a.csv", "dialect": 3}, "not a Data Package"),
        ({"path": "a.pdf"}, "lists no CSV"),
    ],
)
def test_a_package_that_is_wrong(refused, put, resource, words):
    put("schema.json", SCHEMA)
    put("inner/a.csv", GOOD)
    package = {"resources": [{"name": "a", "schema": SCHEMA, **resource}]}
    refused(words, put("inner/datapackage.json", package))


@pytest.mark.parametrize("content", ["", "[]", "3", '{"resources": 3}', '{"resources": [3]}'])
def test_a_descriptor_that_is_none(refused, put, content):
    refused("not a Data Package", put("datapackage.json", content))


# --- Schemas from the network -------------------------------------------------------------------


class Server(SimpleHTTPRequestHandler):
    """Serves a folder; /huge has no end, and /slow never answers."""

    def do_GET(self):
        if self.path == "/slow":
            time.sleep(3)
        elif self.path == "/huge":
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(100):
                    self.wfile.write(bytes(1 << 20))
            except OSError:
                self.close_connection = True
        else:
            super().do_GET()

    def log_message(self, *_):
        pass


@contextmanager
def serving(folder):
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Server, directory=folder)) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_a_schema_by_its_name_and_version(validate, put, tmp_path, monkeypatch):
    put("etalab/stops/1.0/schema.json", SCHEMA)
    put("etalab/stops/latest/schema.json", SCHEMA)
    path = put("a.csv", GOOD)
    with serving(tmp_path) as address:
        monkeypatch.setenv("JALON_SCHEMAS_URL", address)
        assert validate(path, "--schema", "etalab/stops@1.0")[0] == 0
        assert validate(path, "--schema", "etalab/stops")[0] == 0
        assert validate(path, "--schema", f"{address}/etalab/stops/1.0/schema.json")[0] == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [("no", "404"), ("page.html", "not JSON"), ("huge", "10,000,000"), ("slow", "timed out")],
)
def test_a_schema_that_does_not_come(refused, put, tmp_path, monkeypatch, name, words):
    monkeypatch.setattr("flows.examine.TIMEOUT_SECONDS", 1)
    put("page.html", "<html>")
    path = put("a.csv", GOOD)
    with serving(tmp_path) as address:
        refused(words, path, "--schema", f"{address}/{name}")


def test_a_server_that_is_not_there(refused, put):
    refused("Connection refused", put("a.csv", GOOD), "--schema", "http://127.0.0.1:1/schema.json")


# --- The machine --------------------------------------------------------------------------------


def test_a_report_of_no_known_kind(refused, put, schema):
    refused("no such kind of report", put("a.csv", GOOD), "--schema", schema, "--report", "r.doc")


@pytest.mark.parametrize("option", ["--report", "--rejects"])
def test_a_place_that_cannot_be_written(refused, put, schema, option):
    path = put("a.csv", WRONG)
    below_a_file = path / "out.csv"
    refused("a.csv", path, "--schema", schema, option, below_a_file)


@pytest.mark.soak
def test_ctrl_c_ends_a_long_validation(put, schema, tmp_path):
    path = put("a.csv", b"a,b,c\n" + b'1,2,"x\ny"\n' * 3_000_000)
    command = [sys.executable, "-m", "flows", "validate", path, "--schema", schema]
    running = subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, env={**os.environ, "TMPDIR": str(tmp_path)}
    )
    time.sleep(3)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert b"Traceback" not in said
    assert running.returncode in (1, 130)
    assert not list(tmp_path.glob("jalon-*"))
