"""Releases, one after another: versions, the gate, the list, withdrawal, retention, verification.

Each is made of a warehouse of the small project in which a table was changed by hand.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from datetime import date
from xml.etree.ElementTree import parse as parse_xml

import duckdb
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from flows.catalog import load_catalog
from flows.catalog.lineage import restrict
from flows.catalog.promises import Retention
from flows.cli import jalon
from flows.errors import CatalogError, MachineError, PromiseError
from flows.files import files_of, read_json
from flows.handover import Issue
from flows.publish.release import (
    MANIFEST,
    find_latest,
    is_whole,
    place_draft,
    write_seal,
    write_sums,
)
from flows.releases.accept import accept_jump
from flows.releases.choose import roll_back
from flows.releases.index import list_releases, write_index
from flows.releases.make import make_release
from flows.releases.notice import refuse_unannounced
from flows.releases.promote import prune_releases
from flows.releases.retention import why_kept
from flows.releases.verify import verify_files, verify_release, verify_tables
from flows.settings import Settings
from flows.warehouse import reads_of
from project import ROOT
from serving import serving

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def first(ran_few, tmp_path_factory):
    """A project with one release, made of the warehouse of a small project; for copying."""
    folder = tmp_path_factory.mktemp("releases") / "project"
    left = shutil.ignore_patterns("snapshots", "raw", "valid", "checks", "public", "prefect")
    shutil.copytree(ran_few[0].root, folder, ignore=left)
    settings = Settings(folder)
    inputs = read_json(ran_few[1].release / MANIFEST)["inputs"]
    (folder / "inputs.json").write_text(json.dumps(inputs))
    publish(settings)
    return settings


@pytest.fixture
def project(first, tmp_path):
    shutil.copytree(first.root, tmp_path / "project", symlinks=True)
    return Settings(tmp_path / "project")


def publish(settings, issues=()):
    """Make a release of the warehouse as it stands."""
    inputs = read_json(settings.root / "inputs.json")
    catalog = load_catalog(settings.catalog)
    present = {each["source"] for each in inputs["sources"]}
    catalog = restrict(catalog, reads_of(catalog.queries), present)
    reports = {name: [] for name in catalog.sources}
    return make_release(settings, catalog, reports, list(issues), inputs)


def change(settings, statement):
    with duckdb.connect(str(settings.warehouse)) as con:
        con.execute(statement)


ONE = "update indicators.observations set value = value + 1 where indicator = 'population'"
RENNES = f"{ONE} and territory_id = 'COM-35238' and period = '2023'"
DOUBLE = "update indicators.observations set value = value * 2 where indicator = 'population'"
TITLE = "update indicators.indicators set title_en = title_en || '!' where indicator = 'population'"


def told(settings, name="changes.json"):
    return read_json(settings.public / "latest" / name)


def listed(settings):
    return read_json(settings.public / "releases/index.json")["releases"]


def assert_fits(body, schema):
    found = list(
        Draft202012Validator(read_json(ROOT / "schemas" / f"{schema}.schema.json")).iter_errors(
            body
        )
    )
    assert found == []


def test_the_first_release(first):
    changes = told(first)
    assert (changes["version"], changes["previous"], changes["kind"]) == ("1.0.0", None, "first")
    assert (first.public / "latest/delta.csv").read_text().splitlines() == [
        "indicator,territory_id,period,change,old_value,old_status,new_value,new_status,reasons"
    ]
    assert told(first, "errata.json") == {"errata": []}
    assert [each["version"] for each in listed(first)] == ["1.0.0"]


def test_the_same_data_are_the_same_release(project):
    before = (project.public / "latest").readlink()
    publish(project)
    assert (project.public / "latest").readlink() == before
    assert len(list_releases(project.public)) == 1


def test_a_value_that_changes_makes_a_patch_that_tells_it(project):
    addresses = files_of(find_latest(project.public))
    change(project, RENNES)
    release = publish(project)
    assert files_of(release) == addresses
    changes = told(project)
    assert (changes["version"], changes["previous"], changes["kind"]) == ("1.0.1", "1.0.0", "patch")
    assert changes["delta_rows"] == 1
    assert changes["indicators"][0]["modified"] == 1
    (row,) = (release / "delta.csv").read_text().splitlines()[1:]
    assert row.startswith("population,COM-35238,2023,modified,")
    old, new = (float(row.split(",")[place]) for place in (4, 6))
    assert new == old + 1
    for name in ("changes", "errata", "renamed"):
        assert_fits(told(project, f"{name}.json"), name)
    assert told(project, "datapackage.json")["version"] == "1.0.1"
    assert told(project, MANIFEST)["version"] == "1.0.1"
    assert verify_release(release) == []

    index = read_json(project.public / "releases/index.json")
    assert_fits(index, "releases")
    assert (index["latest"], [each["version"] for each in index["releases"]]) == (
        "1.0.1",
        ["1.0.1", "1.0.0"],
    )
    feed = parse_xml(project.public / "releases/feed.atom").getroot()
    titles = [each.findtext(f"{ATOM}title") for each in feed.iter(f"{ATOM}entry")]
    assert titles == ["Version 1.0.1", "Version 1.0.0"]

    before = changes["previous_name"]
    assert before == index["releases"][1]["name"]
    catalogue = (release / "catalog.ttl").read_text(encoding="utf-8")
    assert f"dcat:prev <https://jalon.example/releases/{before}/>" in catalogue


def feed_of(settings, dataset):
    """The entries of the feed of a dataset: version, moment and summary of each."""
    path = settings.public / "latest" / "api/v1/feeds" / f"{dataset}.atom"
    return [
        (
            each.findtext(f"{ATOM}id").partition("#")[2],
            each.findtext(f"{ATOM}updated"),
            each.findtext(f"{ATOM}summary").splitlines(),
        )
        for each in parse_xml(path).getroot().iter(f"{ATOM}entry")
    ]


def test_the_feed_of_a_dataset_tells_what_has_changed_in_it(project):
    """A correction moves that of its dataset alone; the same data leave all as they were."""
    old = {name: feed_of(project, name) for name in ("population", "road_safety", "territories")}
    change(project, RENNES)
    release = publish(project)
    (entry, *older) = feed_of(project, "population")
    version, moment, said = entry

    assert older == old["population"]
    assert version == "1.0.1"
    assert moment > older[0][1]
    assert said == [
        "population : observations 1 modifiées (cause inconnue).",
        "population: observations 1 modified (unknown cause).",
    ]
    for name in ("road_safety", "territories"):
        assert feed_of(project, name) == old[name]
    whole = feed_of(project, "jalon-territoires")
    assert [each[0] for each in whole] == ["1.0.1", "1.0.0"]
    # The files of an entry that others have followed are no longer those.
    feed = parse_xml(release / "api/v1/feeds/population.atom").getroot()
    links = [
        sum(link.get("rel") == "enclosure" for link in each.iter(f"{ATOM}link"))
        for each in feed.iter(f"{ATOM}entry")
    ]
    assert links[0] > 3
    assert links[1] == 0
    assert publish(project) == release  # of the same data, written again: the same bytes


def test_a_text_alone_makes_a_patch_without_any_change_of_data(project):
    publish(project, [Issue("warning", "mayors", "new", 1, "nouveau", "new")])
    changes = told(project)
    assert (changes["version"], changes["delta_rows"]) == ("1.0.1", 0)
    assert changes["summary"]["en"] == ["No data change: only texts or pages."]
    assert told(project, "datapackage.json")["version"] == "1.0.1"


def test_data_that_come_back_are_the_release_that_they_were(project):
    first = (project.public / "latest").readlink()
    change(project, TITLE)
    publish(project)
    assert (project.public / "latest").readlink() != first
    change(project, "update indicators.indicators set title_en = rtrim(title_en, '!')")
    publish(project)
    assert (project.public / "latest").readlink() == first
    assert len(list_releases(project.public)) == 2


def test_a_release_that_a_kill_left_unpointed_is_gone_on_with(project):
    first = find_latest(project.public)
    change(project, TITLE)
    second = publish(project)
    # As if the run had been killed before the list of releases and the link were written.
    (project.public / "latest").unlink()
    (project.public / "latest").symlink_to(f"releases/{first.name}")
    write_index(project.public, load_catalog(project.catalog), first)
    assert publish(project) == second
    assert find_latest(project.public) == second
    assert len(list_releases(project.public)) == 2


def test_an_old_name_leads_to_the_new_one_everywhere(project):
    path = project.catalog / "indicators/population.yml"
    path.write_text(f"{path.read_text('utf-8')}formerly: [residents]\n", encoding="utf-8")
    release = publish(project)

    assert told(project, "renamed.json") == {"indicators": {"residents": "population"}}
    for page in ("fr/indicateur", "en/indicator"):
        stub = (release / page / "residents/index.html").read_text(encoding="utf-8")
        assert 'http-equiv="refresh" content="0; url=../population/"' in stub
        assert f'rel="canonical" href="https://jalon.example/latest/{page}/population/"' in stub
        assert (release / page / "population/index.html").is_file()
    with duckdb.connect(str(release / "jalon.duckdb"), read_only=True) as con:
        for macro in ("observation(?, 'COM-35238')", "ranking(?, 'commune')"):
            rows = con.execute(f"from {macro}", ["population"]).fetchall()
            assert rows
            assert con.execute(f"from {macro}", ["residents"]).fetchall() == rows
    with serving(project.public) as client:
        answer = client.ask("/api/v1/query?indicator=residents&territory=COM-35238")
    page = json.loads(answer.body)
    assert page["renamed"] == {"residents": "population"}
    assert {each["indicator"] for each in page["observations"]} == {"population"}


def test_a_table_never_moves_to_another_address_because_it_has_grown(project):
    change(
        project,
        "insert into indicators.observations"
        " select here.* replace (concat('COM-', range) as territory_id) from range(100001),"
        " (from indicators.observations where indicator = 'innovation_labs' limit 1) as here",
    )
    said = (
        r"catalog/datasets/innovation\.yml: data/observations_innovation\.csv would have 100,0\d\d"
        r" rows, .*\(say packed: true there, which moves it to data/\S+\.csv\.gz for"
    )
    with pytest.raises(CatalogError, match=said):
        publish(project)
    assert told(project)["version"] == "1.0.0"


def test_a_jump_waits_for_a_person_and_is_published_as_an_erratum(project):
    change(project, DOUBLE)
    with pytest.raises(PromiseError) as refused:
        publish(project)
    said = str(refused.value)
    assert said.startswith("catalog/indicators/population.yml: jumps: of the ")
    assert "jalon accept population --by OFFICE" in said
    assert "values of level commune for 2023" in said
    assert "(COM-" in said
    assert len(list_releases(project.public)) == 1
    assert list(project.public.glob(".*")) == []

    with pytest.raises(CatalogError, match="no person"):
        accept_jump(project, "population", "someone@example.org", "right")
    with pytest.raises(PromiseError, match="does not jump"):
        accept_jump(project, "road_deaths", "Data office", "right")
    accept_jump(project, "population", "Data office", "INSEE has counted again: ‹100 %›")
    publish(project)

    (accepted,) = told(project)["accepted"]
    assert (accepted["indicator"], accepted["by"]) == ("population", "Data office")
    (erratum,) = told(project, "errata.json")["errata"]
    assert (erratum["version"], erratum["reason"]) == ("1.0.1", "INSEE has counted again: ‹100 %›")
    assert_fits(told(project), "changes")

    change(project, DOUBLE)  # another change, which nobody has accepted
    with pytest.raises(PromiseError, match="jumps"):
        publish(project)
    change(
        project,
        "update indicators.observations set value = value / 2 where indicator = 'population'",
    )
    change(project, RENNES)
    publish(project)
    assert len(told(project, "errata.json")["errata"]) == 1  # still told
    assert told(project)["accepted"] == []


def test_an_indicator_that_has_no_data_any_more_is_a_jump(project):
    change(project, "delete from indicators.observations where indicator = 'population'")
    change(project, "delete from indicators.indicators where indicator = 'population'")
    with pytest.raises(PromiseError, match=r"population\.yml: has no observation any more"):
        publish(project)


def test_a_withdrawn_release_is_not_published_again_by_a_run(project):
    first = find_latest(project.public)
    change(project, TITLE)
    second = publish(project)
    assert roll_back(project, None, "wrong title") == first
    assert find_latest(project.public) == first
    assert [each["withdrawn"] for each in listed(project)] == ["wrong title", None]
    feed = (project.public / "releases/feed.atom").read_text(encoding="utf-8")
    assert "withdrawn: wrong title" in feed
    with pytest.raises(PromiseError, match=f"{second.name}: was withdrawn"):
        publish(project)
    assert find_latest(project.public) == first

    change(project, "update indicators.indicators set title_en = rtrim(title_en, '!') || '?'")
    assert told(project)["version"] == "1.0.0"
    publish(project)
    assert told(project)["version"] == "1.0.2"  # 1.0.1 was given, though withdrawn
    assert roll_back(project, "1.0.1", "it was right") == second
    states = [(each["version"], each["withdrawn"]) for each in listed(project)]
    assert states == [("1.0.2", "it was right"), ("1.0.1", None), ("1.0.0", None)]


def test_a_release_that_is_not_whole_is_not_rolled_back_to(project):
    first = find_latest(project.public)
    change(project, TITLE)
    second = publish(project)
    (first / "issues.json").write_text("{}")
    with pytest.raises(MachineError, match=r"is not whole: issues.json: is not what SHA256SUMS"):
        roll_back(project, None, "wrong")
    assert find_latest(project.public) == second
    with pytest.raises(CatalogError, match="no such release"):
        roll_back(project, "3.0.0", "wrong")


def test_retention_removes_and_remembers(project):
    (project.catalog / "retention.yml").write_text("last: 1\nmonths: 0\nkept: {}\n")
    first = find_latest(project.public)
    change(project, TITLE)
    second = publish(project)
    assert list_releases(project.public) == [second]
    assert not first.exists()
    entries = [(each["version"], each["removed"], each["kept_because"]) for each in listed(project)]
    reasons = [
        {"fr": "la dernière version", "en": "the latest release"},
        {"fr": "parmi les 1 dernières", "en": "among the last 1"},
    ]
    assert entries == [("1.0.1", False, reasons), ("1.0.0", True, [])]
    change(project, "update indicators.indicators set title_en = rtrim(title_en, '!')")
    publish(project)
    assert told(project)["version"] == "1.0.2"  # 1.0.0 is gone, and is never given again
    assert find_latest(project.public).name not in (first.name, second.name)
    assert prune_releases(project, load_catalog(project.catalog)) == []


def folders(tmp_path, *names):
    return [tmp_path / name for name in names]


def test_what_retention_keeps(tmp_path):
    releases = folders(
        tmp_path, "2026-01-05", "2026-01-20", "2026-02-01", "2026-02-01.1", "2026-03-01"
    )
    kept = Retention(last=1, months=2, kept={"2026-01-05": {"fr": "enquête", "en": "survey"}})
    reasons = {
        name: [each["en"] for each in every]
        for name, every in why_kept(releases, releases[3], kept).items()
    }
    assert reasons == {
        "2026-01-05": ["survey"],
        "2026-01-20": [],
        "2026-02-01": [],
        "2026-02-01.1": ["the latest release", "the newest of the month 2026-02"],
        "2026-03-01": ["among the last 1", "the newest of the month 2026-03"],
    }


def test_a_name_that_was_given_is_never_given_again(tmp_path):
    def draft():
        folder = tmp_path / "draft"
        folder.mkdir()
        (folder / "SHA256SUMS").write_text(f"{len(list(tmp_path.iterdir()))}  a\n")
        (folder / MANIFEST).write_text('{"tables": {}, "database": {}}')
        return folder

    one = place_draft(draft(), tmp_path / "public")
    shutil.rmtree(one)
    two = place_draft(draft(), tmp_path / "public", {one.name})
    assert two.name == f"{one.name}.1"


def sealed(statement):
    """Other contents of the database, to which its sum was made to fit."""

    def damage(release):
        with duckdb.connect(str(release / "jalon.duckdb")) as con:
            con.execute(statement)
        write_seal(release)

    return damage


def damage_api(release):
    """A file of the API that breaks its schema, to which the sums were made to fit."""
    path = release / "api/v1/territories/FRA.json"
    path.write_text(path.read_text("utf-8").replace('"FRA"', '"France"', 1), "utf-8")
    write_sums(release)


def damage_csv(release):
    with (release / "data/indicators.csv").open("a") as file:
        file.write("\n")


PLUS = "update observations set value = value + 1 where territory_id = 'FRA'"
LESS = "delete from territories where territory_id = 'FRA'"
OTHER_VIEW = "create or replace view observations_country as select 1 as one"
OTHER_MACRO = "create or replace macro find_territory(words) as table select 1 as one"
OTHER_WORDS = "comment on column territories.name is 'Something else'"
OTHER_LICENCE = "update licences set title = 'none'"


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (damage_csv, "data/indicators.csv: is not what SHA256SUMS says"),
        (damage_api, "api/v1/territories/FRA.json: "),
        (sealed(PLUS), "observations: holds "),
        (sealed(LESS), "observations: territory_id FRA is not in territories"),
        (sealed(OTHER_LICENCE), "licences: is not the table of jalon.duckdb"),
        (sealed(OTHER_VIEW), "jalon.duckdb: a view, macro, type or comment is not"),
        (sealed(OTHER_MACRO), "jalon.duckdb: a view, macro, type or comment is not"),
        (sealed(OTHER_WORDS), "jalon.duckdb: a view, macro, type or comment is not"),
        (lambda release: (release / "more.txt").touch(), "more.txt: no sum knows it"),
        (lambda release: (release / "issues.json").unlink(), "issues.json: is missing"),
        (lambda release: (release / "jalon.duckdb").unlink(), "jalon.duckdb: is missing"),
        (
            lambda release: (release / "jalon.duckdb").write_bytes(b"no"),
            "jalon.duckdb: is not what",
        ),
        (lambda release: (release / "jalon.duckdb.sha256").unlink(), "SHA256SUMS and jalon.duckdb"),
        (lambda release: (release / "SHA256SUMS").unlink(), "SHA256SUMS and jalon.duckdb"),
    ],
)
def test_what_is_wrong_with_a_release_is_told(project, damage, fault):
    release = find_latest(project.public)
    damage(release)
    found = verify_release(release)
    assert not (is_whole(release) and fault.startswith("jalon.duckdb: is "))
    assert any(each.startswith(fault) for each in found), found


def trace(**removed):
    return {"version": "1.2.0", "indicators": {"old_rate": {**removed}}}


def test_what_was_published_goes_only_once_that_was_announced(catalog):
    today = date(2026, 11, 25)
    with pytest.raises(CatalogError, match=r"old_rate.yml: is gone, and release 1.2.0 does not"):
        refuse_unannounced(catalog, trace(), today)
    with pytest.raises(CatalogError, match="announces it for 2026-11-26"):
        refuse_unannounced(catalog, trace(removed_on="2026-11-26"), today)
    refuse_unannounced(catalog, trace(removed_on="2026-11-25"), today)
    population = catalog.indicators["population"].model_copy(update={"formerly": ("old_rate",)})
    renamed = catalog.model_copy(update={"indicators": {"population": population}})
    refuse_unannounced(renamed, trace(), today)
    refuse_unannounced(catalog, {"version": "0.1.0"}, today)  # of older code


def run(settings, *arguments):
    return CliRunner().invoke(
        jalon, ["--root", str(settings.root), *arguments], catch_exceptions=False
    )


def test_the_commands(project):
    change(project, RENNES)
    publish(project)
    said = run(project, "releases")
    lines = said.stdout.splitlines()
    assert lines[0].startswith("* ")
    assert " 1.0.1 " in lines[0]
    assert "population: observations 1 modified" in lines[0]
    assert "stays: the latest release, among the last 10" in lines[1]
    assert json.loads(run(project, "releases", "--json").stdout)[0]["is_latest"] is True
    assert run(project, "releases", "prune").stdout == "nothing to remove\n"

    said = run(project, "diff", "1.0.0", "latest", "--delta", str(project.root / "d.csv"))
    assert "population" in said.stdout.splitlines()[-1]
    assert len((project.root / "d.csv").read_text().splitlines()) == 2
    found = json.loads(run(project, "diff", "1.0.1", "1.0.0", "--json").stdout)
    assert (found["kind"], found["indicators"][0]["modified"]) == ("patch", 1)

    said = run(project, "verify")
    assert said.exit_code == 0, said.stdout
    (project.public / "latest/index.html").write_text("no")
    said = run(project, "verify", "1.0.1")
    assert said.exit_code == 1
    assert "index.html: is not what SHA256SUMS says" in said.stdout
    said = run(project, "rollback", "--reason", "a page was changed")
    assert (said.exit_code, said.stdout.startswith("latest is ")) == (0, True)


PUBLISH = """
import sys
from pathlib import Path
from flows.settings import Settings
from test_releases import publish

print("ready", flush=True)
publish(Settings(Path(sys.argv[1])))
"""


def start_publishing(settings):
    """A process that makes a release of the warehouse, once it has imported all that it needs."""
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    command = [sys.executable, "-c", PUBLISH, str(settings.root)]
    started = subprocess.Popen(
        command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": path}, text=True
    )
    assert started.stdout.readline() == "ready\n"
    return started


def kill_while_publishing(settings, count, seed):
    """Kill so many at moments all over the time that one takes, its very end above all."""
    change(settings, f"{TITLE}")
    began = time.monotonic()
    with start_publishing(settings) as whole:
        assert whole.wait() == 0
    lasted, chance = time.monotonic() - began, random.Random(seed)
    for number in range(count):
        change(settings, TITLE)
        with start_publishing(settings) as running:
            share = chance.random() if number % 2 else 1 - chance.random() ** 2 / 4
            time.sleep(share * lasted)
            running.kill()
        latest = find_latest(settings.public)
        assert verify_files(latest) == []
        assert verify_tables(latest) == []
        release = publish(settings)  # alone, it goes on from whatever was left
        index = read_json(settings.public / "releases/index.json")
        assert find_latest(settings.public) == release
        assert index["latest"] == told(settings, MANIFEST)["version"]
        versions = [each["version"] for each in index["releases"]]
        assert len(set(versions)) == len(versions)
        assert told(settings, "changes.json")["version"] == index["latest"]


def test_killed_while_publishing(project):
    kill_while_publishing(project, 2, seed=20261125)


@pytest.mark.soak
def test_killed_a_hundred_times_while_publishing(project):
    count = int(os.environ.get("JALON_KILLS", "100"))
    kill_while_publishing(project, count, seed=int(os.environ.get("JALON_SEED", "1")))
