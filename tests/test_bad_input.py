"""What is wrong gives one sentence and an exit code, and leaves what is published as it was."""

import gzip
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from flows.catalog import load_catalog
from flows.cli import main
from flows.errors import CatalogError, MachineError, PromiseError, SourceError
from flows.line import refresh
from flows.progress import call_directly
from flows.settings import Settings
from flows.steps.fetch import fetch_source
from project import ROOT, describe_snapshot, put_snapshot

ACCIDENTS = "road_accidents/road_accidents-2020.csv.gz"
HALLS = "town_halls/town_halls-2026.csv.gz"
HEADER = "year,commune_code,accidents,killed,hospitalised,lightly_injured\n"


@pytest.fixture
def published(ran_few, tmp_path) -> Settings:
    """A copy of a small project that has published one release."""
    shutil.copytree(ran_few[0].root, tmp_path / "project", symlinks=True)
    return Settings(tmp_path / "project")


def jalon(*arguments, **options):
    """Run the command as a person does."""
    command = [sys.executable, "-m", "flows", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, **options
    )


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the line as `jalon run --direct` does, without waiting for a new Python."""

    def call(settings):
        command = ["jalon", "--root", str(settings.root), "run", "--direct"]
        monkeypatch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return subprocess.CompletedProcess(command, ended.value.code, told.out, told.err)

    return call


def bytes_published(settings):
    """Where `latest` points, and the hash of every file below it."""
    latest = settings.public / "latest"
    files = sorted(path for path in latest.resolve().rglob("*") if path.is_file())
    return latest.readlink(), [
        (str(path), hashlib.sha256(path.read_bytes()).hexdigest()) for path in files
    ]


@pytest.fixture
def assert_refused(run):
    """The run ends with *code*, says all of *words* in one sentence, and publishes nothing."""

    def call(settings, code, *words):
        before = bytes_published(settings)
        said = sentence_of(run(settings), code, *words)
        assert bytes_published(settings) == before
        assert leftovers(settings) == []
        return said

    return call


def sentence_of(done, code, *words):
    """The one sentence on stderr, which holds *words*."""
    assert done.returncode == code, done.stderr
    said = done.stderr.splitlines()
    assert len(said) == 1, done.stderr
    assert said[0].startswith("jalon: ")
    assert "Traceback" not in done.stdout
    for word in words:
        assert word in said[0]
    return said[0]


def leftovers(settings):
    return [*settings.data.rglob(".*.part*"), *settings.public.rglob(".*.part*")]


def edit(path, old, new):
    """Replace *old* in a file of the project, where it must stand."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def read_snapshot(settings, address):
    return gzip.decompress((settings.catalog / "snapshots" / address).read_bytes())


# --- Snapshots and their sidecars ---------------------------------------------------------------


def test_a_missing_snapshot(published, assert_refused):
    (published.catalog / "snapshots" / ACCIDENTS).unlink()
    assert_refused(
        published, 1, "road_accidents-2020.csv.gz is missing", "restore it", "build_road_accidents"
    )


def test_a_missing_sidecar(published, assert_refused):
    (published.catalog / "snapshots/road_accidents/snapshot.yml").unlink()
    assert_refused(published, 2, "road_accidents/snapshot.yml: missing", "restore it")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"files": None}, "gives no sha256 for road_accidents-2020.csv.gz"),
        ({"files": {}}, "gives no sha256 for road_accidents-2020.csv.gz"),
        ({"files": {"road_accidents-2020.csv.gz": 12}}, "gives no sha256"),
        ({"files": {"road_accidents-2020.csv.gz": {"sha256": 12}}}, "gives no sha256"),
        ({"modified": "last week"}, "modified: must be a date"),
        ({"retrieved": None}, "retrieved: must be a date"),
    ],
)
def test_a_sidecar_that_does_not_say_enough(published, assert_refused, change, words):
    path = published.catalog / "snapshots/road_accidents/snapshot.yml"
    body = yaml.safe_load(path.read_text(encoding="utf-8")) | change
    path.write_text(json.dumps(body, default=str), encoding="utf-8")
    assert_refused(published, 2, "road_accidents/snapshot.yml: ", words)


def test_a_wrong_hash(published, assert_refused):
    path = published.catalog / "snapshots" / ACCIDENTS
    path.write_bytes(path.read_bytes()[:-20])
    assert_refused(published, 1, "road_accidents", "is not the file that its sidecar describes")


def test_a_truncated_gz_that_the_sidecar_describes(published, assert_refused):
    path = published.catalog / "snapshots" / ACCIDENTS
    path.write_bytes(path.read_bytes()[:-20])
    describe_snapshot(path)
    assert_refused(published, 1, "road_accidents", "is cut or damaged", "fetch it again")


def test_a_stored_file_that_was_cut_is_stored_again(published):
    stored = next((published.data / "raw/road_accidents").glob("*.csv.gz"))
    whole = stored.read_bytes()
    stored.write_bytes(whole[:-20])

    files = fetch_source(published, load_catalog(published.catalog).source("road_accidents"))

    assert [file.path for file in files] == [stored]
    assert stored.read_bytes() == whole


# --- Publishers' files --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (HEADER.encode(), "has 0 rows, under the 1 promised"),
        (HEADER.encode() + b"2016,01033,5,2,0,5,9\n", "1 of 1 rows"),  # a cell too many
        (HEADER.replace("\n", ",mail\n").encode() + b"2016,01033,5,2,0,5,x\n", "new columns mail"),
        (HEADER.replace("\n", ",\n").encode() + b"2016,01033,5,2,0,5,\n", "columns without a name"),
        (HEADER.replace(",killed", "").encode() + b"2016,01033,5,0,5\n", "columns missing: killed"),
        (HEADER.replace("year", "killed").encode() + b"5,1,5,2,0,5\n", "given twice: killed"),
        (HEADER.replace("year", "KILLED").encode() + b"5,1,5,2,0,5\n", "given twice: killed"),
        (HEADER.encode() + b"2016,01033,5,2,0,\xe9\n", "is not in utf-8: byte"),
        (HEADER.encode() + b'2016,01033,5,2,0,"5\n', "swallowed-rows"),  # a quote never closed
        (HEADER.encode() + b"2016,01033,five,2,0,5\n", "1 of 1 rows"),
        (HEADER.encode() + b"\x00\x01\x02\n", "1 of 1 rows"),
        (HEADER.encode() + b"2016;01033;5;2;0;5\n", "1 of 1 rows"),  # another delimiter
    ],
)
def test_a_file_that_is_not_as_described(published, assert_refused, content, words):
    put_snapshot(published.root, ACCIDENTS, content)
    assert_refused(published, 1, "road_accidents: ", words)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"[]", "the file is empty"),
        (b'{"code": "01"}', "not a JSON list of objects"),
        (b'[{"code": "01"', "is not JSON"),
        (b'[{"code": "01", "region": "84", "nom": "Ain", "mayor": "x"}]', "new columns mayor"),
    ],
)
def test_a_json_file_that_is_not_as_described(published, assert_refused, content, words):
    address = "administrative_divisions/departements-2022.json.gz"
    put_snapshot(published.root, address, content)
    assert_refused(published, 1, "administrative_divisions_departements 2022: ", words)


def test_too_few_rows(published, assert_refused):
    edit(published.catalog / "sources/road_accidents.yml", "min: 1,", "min: 1000,")
    assert_refused(
        published, 1, "road_accidents: ", "under the 1,000 promised", "ask the publisher"
    )


def test_too_many_rejects(published, assert_refused):
    rows = read_snapshot(published, ACCIDENTS) + b"2016,not-a-code,5,2,0,5\n"
    put_snapshot(published.root, ACCIDENTS, rows)
    said = assert_refused(published, 1, "1 of ", "over 0", "constraint-error commune_code (1 times")
    rejects = Path(re.search(r"see (\S+rejects\.csv)", said)[1])
    assert "not-a-code" in rejects.read_text(encoding="utf-8")
    assert "not-a-code" in (rejects.parent / "report.html").read_text(encoding="utf-8")


def test_rejects_under_the_limit_go_on_and_are_kept_with_their_reasons(published):
    count = len(read_snapshot(published, ACCIDENTS).splitlines())  # the header, and the rows
    rows = read_snapshot(published, ACCIDENTS) + b"2016,not-a-code,5,2,0,5\n"
    put_snapshot(published.root, ACCIDENTS, rows)
    edit(
        published.catalog / "sources/road_accidents.yml",
        "rows:",
        "rejects: {max_percent: 10}\nrows:",
    )

    outcome = refresh(published, call_directly)

    report = next(r for r in outcome.reports if r.source == "road_accidents")
    assert (report.rows, report.rejected_rows) == (count, 1)
    kept = (report.folder / "rejects.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(kept) == 2
    assert kept[1].startswith(f"{count + 1},")  # as the publisher's file numbers its lines
    assert "must have the right form" in kept[1]
    assert kept[1].endswith("2016,not-a-code,5,2,0,5,")
    issues = (outcome.release / "issues.json").read_text(encoding="utf-8")
    assert "constraint-error commune_code" in issues
    assert "not-a-code" not in issues


def test_a_duplicate_primary_key(published, assert_refused):
    address = "administrative_divisions/departements-2022.json.gz"
    rows = json.loads(read_snapshot(published, address))
    put_snapshot(published.root, address, json.dumps([*rows, rows[0]]).encode())
    assert_refused(published, 1, "administrative_divisions_departements 2022: 1 of ", "primary-key")


def test_a_correction_that_no_longer_finds_its_value(published, assert_refused):
    correction = {
        "column": "killed",
        "found": "777",
        "use": "7",
        "rows": 1,
        "reason": {"fr": "x", "en": "x"},
        "reported": "2026-11-22",
    }
    path = published.catalog / "sources/road_accidents.yml"
    path.write_text(f"{path.read_text()}corrections: [{json.dumps(correction)}]\n")
    assert_refused(
        published, 1, "road_accidents: the correction of killed = '777' expects 1 rows and finds 0"
    )
    edit(path, '"killed"', '"nope"')
    assert_refused(published, 2, "catalog/sources/road_accidents.yml: ", "nope")


def test_commune_codes_on_no_map_over_the_limit(published, assert_refused):
    rows = read_snapshot(published, ACCIDENTS) + b"2016,01999,5,2,0,5\n"
    put_snapshot(published.root, ACCIDENTS, rows)
    assert_refused(published, 1, "road_accidents: ", "carry codes that no map knows: 01999")


def test_a_value_that_the_sql_cannot_convert(published, assert_refused):
    # A year that the schema lets through, and that is no date.
    path = published.catalog / "sources/road_accidents.sql"
    edit(path, "year as", "cast(cast(year || '-13-01' as date) as varchar) as")
    assert_refused(published, 1, "road_accidents: Conversion Error", "sources/road_accidents.sql")


# --- SQL ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("core.population", "core.nope", "unknown table 'core.nope' (known: core."),
        ("core.population", "raw.town_halls", "unknown table 'raw.town_halls'"),
        ("inhabitants as", "nope as", 'Referenced column "nope" not found'),
        ("as numerator", "as count_of_people", 'Referenced column "numerator" not found'),
        ("select", "selec", "syntax error at or near"),
        ("from core", "from from core", "syntax error at or near"),
        ("-- One row", "One row", "must begin with its grain"),
        ("inhabitants as", "cast(commune_code || 'x' as bigint) as", "Conversion Error"),
        ("inhabitants as", "inhabitants * 1000000000000 as", "Conversion Error"),  # 18 digits
        ("select", "create table x as select", "population.sql: "),
        ("select", "select 1; select", "population.sql: "),
    ],
)
def test_an_indicators_sql_that_does_not_hold(published, assert_refused, old, new, words):
    edit(published.catalog / "indicators/population.sql", old, new)
    assert_refused(published, 2, "catalog/indicators/population.sql: ", words)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("sources/road_accidents.sql", "killed as", "nope || killed as"),
        ("tables/communes.sql", "select", "select nope,"),
        ("publications/survey_results.sql", "    survey_year", "    nope as survey_year"),
    ],
)
def test_another_query_that_does_not_hold(published, assert_refused, path, old, new):
    edit(published.catalog / path, old, new)
    assert_refused(published, 2, f"catalog/{path}: ", "not found")


def test_a_source_on_the_map_without_its_columns(published, assert_refused):
    path = published.catalog / "sources/road_accidents.sql"
    edit(path, "end as commune_code,", "end as code,")
    assert_refused(published, 2, "road_accidents.sql: gives no commune_code", "geography")
    edit(path, "end as code,", "end as commune_code,")
    edit(path, "as accident_year", "as year")
    assert_refused(published, 2, "road_accidents.sql: gives no accident_year", "geography")


def test_a_query_that_is_not_utf8(published, assert_refused):
    path = published.catalog / "indicators/population.sql"
    path.write_bytes(b"-- \xe9\n" + path.read_bytes())
    assert_refused(published, 2, "indicators/population.sql: not written in UTF-8")


# --- YAML and schemas ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "old", "new", "words"),
    [
        (
            "indicators/population.yml",
            "theme: population",
            "theme: x",
            "unknown theme 'x' (known: ",
        ),
        (
            "indicators/population.yml",
            "theme: population",
            "themes: x",
            "themes: unknown key (known",
        ),
        (
            "indicators/population.yml",
            "{min: 0,",
            "{least: 0,",
            "value.least: unknown key (known: max",
        ),
        (
            "indicators/population.yml",
            "rollup: sum",
            "rollup: mean",
            "rollup: Input should be 'sum'",
        ),
        ("indicators/population.yml", "direction: neutral", "", "direction: Field required"),
        (
            "indicators/population.yml",
            "theme:",
            "name: x\ntheme:",
            "it is called population already",
        ),
        ("indicators/population.yml", "rollup: sum", "theme: x", "key given twice: theme"),
        ("indicators/population.yml", "min: 0", "min: 00", "would lose its zero: write '00'"),
        (
            "indicators/population.yml",
            "max: 75000000",
            "max: -1",
            "value: min 0.0 is above max -1.0",
        ),
        ("indicators/population.yml", "theme: ", "theme:\t- [", "not YAML that we read at line "),
        (
            "sources/road_accidents.yml",
            "licence: lov2",
            "licence: x",
            "unknown licence 'x' (known: ",
        ),
        (
            "sources/road_accidents.yml",
            "snapshot: ",
            "homepages: ",
            "homepages: unknown key",
        ),
        ("sources/road_accidents.yml", "rows: {min: 1,", "rows: {min: 01001,", "write '01001'"),
        ("datasets/population.yml", "indicators:", "indicators: [x]\nold:", "old: unknown key"),
        ("publications/survey_results.yml", "[survey_id", "[nope", "unknown column 'nope'"),
    ],
)
def test_yaml_that_does_not_hold(published, assert_refused, path, old, new, words):
    edit(published.catalog / path, old, new)
    assert_refused(published, 2, f"catalog/{path}: ", words)


def test_an_unknown_indicator_in_a_dataset(published, assert_refused):
    path = published.catalog / "datasets/population.yml"
    body = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(body | {"indicators": [*body["indicators"], "nope"]}))
    assert_refused(published, 2, "datasets/population.yml: unknown indicator 'nope' (known: ")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "must be a list of `key: value`"),
        (b"- a\n- b\n", "must be a list of `key: value`"),
        (b"01001", "would lose its zero: write '01001'"),
        (b"title: [", "not YAML that we read at line "),
        (b"title: \xe9\n", "not written in UTF-8"),
        (b"title: \x07\n", "not YAML that we read"),
        (b"? [a]\n: b\n", "not YAML that we read"),
        (b"title: *nobody\n", "not YAML that we read"),
        (b"title: !!python/object:os.system {}\n", "not YAML that we read"),
        (b"lov2: {title: a, path: b}\nx: c\n", "x: must be a list of `key: value`"),
        (b"1: {title: a, path: b}\n", "name: Input should be a valid string"),
    ],
)
def test_a_file_that_is_not_the_yaml_we_want(published, assert_refused, content, words):
    (published.catalog / "licences.yml").write_bytes(content)
    assert_refused(published, 2, "catalog/licences.yml: ", words)


@pytest.mark.parametrize("path", ["package.yml", "themes.yml", "indicators/population.sql"])
def test_a_file_of_the_catalogue_that_is_missing(published, assert_refused, path):
    (published.catalog / path).unlink()
    assert_refused(published, 2, f"catalog/{path.removesuffix('.sql')}", "no ")


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        ("sources/road_accidents.json", "{", "not JSON"),
        ("sources/road_accidents.json", "[]", "not a Table Schema"),
        ("sources/road_accidents.json", '{"fields": [{"type": "string"}]}', "no 'name'"),
        ("sources/road_accidents.json", '{"fields": 3}', "not a Table Schema"),
        ("sources/road_accidents.json", None, "missing"),
        ("published/observations.json", "{", "not JSON"),
        ("published/observations.json", '{"fields": [{"name": "x"}]}', "no 'description'"),
        ("published/observations.json", None, "missing"),
    ],
)
def test_a_schema_that_does_not_hold(published, assert_refused, path, content, words):
    schema = published.schemas / path
    schema.unlink()
    if content is not None:
        schema.write_text(content, encoding="utf-8")
    assert_refused(published, 2, f"schemas/{path}: ", words)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("sources/road_accidents.json", '"integer"', '"whole number"'),
        ("sources/road_accidents.json", '"^(0', '"^((((0'),
    ],
)
def test_a_schema_that_frictionless_refuses(published, assert_refused, path, old, new):
    edit(published.schemas / path, old, new)
    assert_refused(published, 2, f"schemas/{path}: ")


# --- Promises -----------------------------------------------------------------------------------


def test_a_value_out_of_its_promised_range(published):
    edit(published.catalog / "indicators/population.yml", "max: 75000000", "max: 10")
    before = bytes_published(published)

    with pytest.raises(PromiseError) as raised:
        refresh(published, call_directly)

    said = str(raised.value)
    assert "population: value breaks column_values_to_be_between" in said
    assert "'max_value': 10.0" in said
    assert len(re.findall(r"\b[A-Z]+(?:-\w+)? \d{4} = ", said)) == 10  # of more than that
    assert "the release is stopped; see " in said
    assert bytes_published(published) == before


def test_an_indicator_without_any_row(published):
    path = published.catalog / "indicators/population.sql"
    path.write_text(f"{path.read_text()}where false\n")
    with pytest.raises(PromiseError, match="population: the table breaks table_row_count"):
        refresh(published, call_directly)


def test_two_equal_indicators(published, assert_refused):
    folder = published.catalog / "indicators"
    for suffix in (".yml", ".sql"):
        shutil.copy(folder / f"population{suffix}", folder / f"residents{suffix}")
    path = published.catalog / "datasets/population.yml"
    body = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(body | {"indicators": [*body["indicators"], "residents"]}))
    assert_refused(
        published,
        1,
        "catalog/indicators/residents.yml: equals population in 100.0 %",
        "publish one",
    )


# --- The machine --------------------------------------------------------------------------------

# A root that may write everywhere would see no refusal: it gives up that right first.
PLAIN_OWNER = """
import ctypes, os, sys
if os.geteuid() == 0:
    drop_from_bounding_set, cap_dac_override, cap_dac_read_search = 24, 1, 2
    for right in (cap_dac_override, cap_dac_read_search):
        assert ctypes.CDLL(None).prctl(drop_from_bounding_set, right, 0, 0, 0) == 0
os.execv(sys.executable, [sys.executable, "-m", "flows", *sys.argv[1:]])
"""


@contextmanager
def read_only(folder):
    folder.chmod(0o555)
    try:
        yield
    finally:
        folder.chmod(0o755)


def run_as_plain_owner(settings):
    command = [sys.executable, "-c", PLAIN_OWNER, "--root", settings.root, "run", "--direct"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def change_a_title(settings):
    edit(settings.catalog / "indicators/population.yml", 'en: "Municipal', 'en: "The municipal')


@pytest.mark.parametrize("folder", ["data", "public"])
def test_no_right_to_write(published, folder):
    change_a_title(published)
    before = bytes_published(published)
    with read_only(published.root / folder):
        done = run_as_plain_owner(published)
    sentence_of(done, 1, f"{published.root / folder}: no right to write here", "run again")
    assert bytes_published(published) == before


def test_no_right_to_begin(project):
    with read_only(project.root):
        done = run_as_plain_owner(project)
    sentence_of(done, 1, f"{project.root}/", "Permission denied", "give the right", "run again")


def test_no_right_to_read(published):
    path = published.catalog / "indicators/population.yml"
    path.chmod(0o000)
    done = run_as_plain_owner(published)
    sentence_of(done, 1, f"{path}: Permission denied", "give the right", "run again")


def test_nothing_is_written_where_nothing_has_changed(published):
    with read_only(published.data), read_only(published.public):
        done = run_as_plain_owner(published)
    assert done.returncode == 0
    assert "Nothing has changed" in done.stdout


@contextmanager
def disk_of(kilobytes, folder):
    """A file system of its own, so small that it fills up."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", folder]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize(
    ("kilobytes", "where"),
    [
        (40, "data/raw/"),
        (700, "data/valid/"),
        (1_000, "warehouse.duckdb"),  # no room for DuckDB's journal
        (4_000, "warehouse.duckdb"),  # nor for the database
    ],
)
def test_a_full_disk(project, run, kilobytes, where):
    with disk_of(kilobytes, project.data):
        sentence_of(run(project), 1, where, "No space left on device", "make room")
        assert leftovers(project) == []
    assert not (project.public / "latest").exists()


@pytest.mark.parametrize("spare", [0, 600])
def test_a_disk_that_fills_up_while_publishing(published, run, spare):
    change_a_title(published)
    kept = published.root / "kept"
    published.public.rename(kept)
    used = sum(-(-path.stat().st_size // 4096) * 4 + 4 for path in kept.rglob("*"))
    with disk_of(used + spare, published.public):
        shutil.copytree(kept, published.public, symlinks=True, dirs_exist_ok=True)
        before = bytes_published(published)
        sentence_of(run(published), 1, "/public/", "No space left on device", "make room")
        assert bytes_published(published) == before
        assert leftovers(published) == []


@pytest.mark.parametrize(
    ("kilobytes", "where"), [(1, "data/raw/"), (5, "data/valid/"), (100, "warehouse.duckdb")]
)
def test_a_limit_on_the_size_of_files(project, kilobytes, where):
    """What a full disk does, for those who cannot mount one."""
    command = f'ulimit -f {kilobytes} && exec "$0" -m flows --root "$1" run --direct'
    done = subprocess.run(
        ["bash", "-c", command, sys.executable, project.root],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    sentence_of(done, 1, where, "File too large")
    assert leftovers(project) == []
    assert not (project.public / "latest").exists()


# --- The command --------------------------------------------------------------------------------


def test_a_sentence_and_no_traceback_in_a_new_python(published):
    (published.catalog / "snapshots" / ACCIDENTS).unlink()
    done = jalon("--root", published.root, "run", "--direct")
    sentence_of(done, 1, "road_accidents-2020.csv.gz is missing")
    done = jalon("--root", published.root, "check")
    assert done.returncode == 0  # it needs no data


def test_a_folder_without_catalogue(tmp_path):
    done = jalon("--root", tmp_path, "run", "--direct")
    assert done.returncode == 2
    assert done.stderr == (
        f"jalon: {tmp_path}: no folder catalog/ here"
        " (give the project's folder with --root or JALON_ROOT)\n"
    )


@pytest.mark.parametrize(
    "arguments", [["nope"], ["run", "--nope"], ["--nope", "run"], ["run", "x"]]
)
def test_wrong_usage(arguments):
    done = jalon(*arguments)
    assert done.returncode == 2
    assert "Usage: " in done.stderr
    assert "Error: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("kind", [CatalogError, SourceError, PromiseError, MachineError])
def test_an_error_says_who_must_act_and_how(kind):
    error = kind("road_accidents", "the file is empty", "ask the publisher")
    assert str(error) == "road_accidents: the file is empty (ask the publisher)"
    assert error.exit_code == (2 if kind is CatalogError else 1)


@pytest.mark.parametrize("after", ["fetch", "validate local_tax", "build indicators"])
def test_ctrl_c(project, after):
    command = [sys.executable, "-u", "-m", "flows", "--root", project.root, "run", "--direct"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True) as running:
        while after not in running.stdout.readline():
            assert running.poll() is None
        running.send_signal(signal.SIGINT)
        said = running.communicate(timeout=60)[1]
    assert running.returncode in {1, 130, -signal.SIGINT}
    assert said.split() == ["Aborted!"]
    assert leftovers(project) == []
    assert not (project.public / "latest").exists()
