"""Push to data.gouv.fr: a server on loopback that speaks its interface, refuses, fails, kills."""

import hashlib
import json
import os
import random

import pytest
from tenacity import wait_none

from datagouv_server import KEY, ORGANIZATION, Platform
from faulty import Faulty, at, serve, since
from flows.catalog.destinations import DataGouv
from flows.errors import CatalogError, MachineError, PushError
from flows.files import read_json
from flows.push.datagouv import account
from flows.push.datagouv.records import read_records
from flows.push.outgoing import find_outgoing
from flows.settings import Settings
from pushing import make_release, push, start_alone

HEAD = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <https://jalon.example/latest/catalog.ttl#> .
<https://licence.example> rdfs:label "lov2" .
:contact a vcard:Kind ; vcard:fn "Service des données"@fr, "Data office"@en ;
    vcard:hasURL <https://jalon.example/contact> .
"""
DATASET = """
:{name} a dcat:Dataset ; dct:identifier "jalon-{name}" ;
    dct:title "{title}"@fr, "In English"@en ; dct:description "Ce que c’est."@fr, "What it is."@en ;
    dct:license <https://licence.example> ; dcat:contactPoint :contact ;
    dcat:keyword "départements"@fr, "ab"@fr, "population"@fr ;
    dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/ANNUAL> ;
    dct:temporal [ a dct:PeriodOfTime ; dcat:startDate "2019-01-01"^^xsd:date ;
        dcat:endDate "2026-12-31"^^xsd:date ] ;
    dcat:landingPage <https://jalon.example/latest/index.html> .
"""
FILE = """
:{dataset} dcat:distribution <#{name}> .
<#{name}> a dcat:Distribution ; dct:identifier "{name}" ; dct:title "{name}"@fr, "x"@en ;
    dct:description "Le fichier {name}."@fr ; dct:format "{format}" ;
    dct:conformsTo <https://jalon.example/latest/schemas/{name}.json> ;
    dcat:downloadURL <https://jalon.example/latest/{path}> .
"""
LEVELS = (
    "indicator,dataset,published_from\na,housing,epci\nb,housing,region\nc,population,commune\n"
)
FILES = {
    "data/housing_all.csv": "code\n01001\n",
    "data/housing.parquet": "PAR1",
    "data/population.csv.gz": "packed",
    "data/indicators.csv": LEVELS,
}


def make(settings, name="2026-11-25", title="Logement", without=(), **changes):
    """A release of two datasets; *changes* are the contents of files, by name of the resource."""
    files = {path: text for path, text in FILES.items() if path not in without}
    turtle = HEAD + DATASET.format(name="housing", title=title)
    turtle += DATASET.format(name="population", title="Population")
    for path in files:
        if path != "data/indicators.csv":
            stem, _, suffix = path.removeprefix("data/").partition(".")
            key = f"{stem}_{suffix.replace('.', '_')}"
            files[path] = changes.get(key, files[path])
            dataset = stem.split("_")[0]
            turtle += FILE.format(dataset=dataset, name=key, path=path, format=suffix)
    return make_release(settings, name, files | {"catalog-datagouv.ttl": turtle})


@pytest.fixture(scope="module")
def server():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JALON_DATAGOUV_KEY", KEY)
        patch.setattr(account.BaseObject.update.retry, "wait", wait_none())
        patch.setattr(account.Account._ask.retry, "wait", wait_none())
        faulty = Faulty(None)
        with serve(faulty) as faulty.address:
            yield faulty


@pytest.fixture
def platform(server):
    server.app = Platform()
    server.reset()
    return server.app


@pytest.fixture
def settings(tmp_path):
    return Settings(tmp_path / "project")


@pytest.fixture
def to(server):
    return destination(server)


def destination(server, **changes):
    body = {
        "name": "national",
        "kind": "datagouv",
        "address": server.address,
        "organization": ORGANIZATION,
        "api_key": "jalon-datagouv-key",
    }
    return DataGouv.model_validate(body | changes)


def test_datasets_are_made_with_all_that_is_known_of_them(settings, platform, to):
    make(settings)
    push(settings, to)
    dataset = dict(platform.dataset("jalon-housing"))
    extras = dataset.pop("extras")
    assert {key: extras[key] for key in ("jalon:dataset", "jalon:state")} == {
        "jalon:dataset": "jalon-housing",
        "jalon:state": "open",
    }
    del dataset["id"], dataset["resources"]
    assert dataset == {
        "title": "Logement",
        "description": "Ce que c’est.",
        "license": "lov2",
        "frequency": "annual",
        "temporal_coverage": {"start": "2019-01-01", "end": "2026-12-31"},
        "spatial": {"zones": ["country:fr"], "granularity": "fr:epci"},
        "tags": ["d-partements", "population"],
        "contact_points": [{"id": "0" * 24}],
        "organization": ORGANIZATION,
        "private": False,
        "deleted": None,
    }
    assert platform.contacts == [
        {
            "name": "Service des données",
            "role": "contact",
            "contact_form": "https://jalon.example/contact",
            "organization": ORGANIZATION,
        }
    ]
    population = platform.dataset("jalon-population")
    assert population["spatial"]["granularity"] == "fr:commune"


def test_files_are_stored_or_linked_and_described(settings, platform, to):
    make(settings)
    push(settings, to)
    stored = platform.resource("jalon-housing", "housing_all_csv")
    assert platform.files[stored["url"]] == b"code\n01001\n"
    assert stored["filetype"] == "file"
    assert stored["title"] == "housing_all_csv"
    assert stored["description"] == "Le fichier housing_all_csv."
    assert stored["schema"] == {"url": "https://jalon.example/latest/schemas/housing_all_csv.json"}
    linked = platform.resource("jalon-housing", "housing_parquet")
    assert linked["filetype"] == "remote"
    assert linked["url"] == "https://jalon.example/latest/data/housing.parquet"
    sha256 = hashlib.sha256(b"PAR1").hexdigest()
    assert linked["checksum"] == {"type": "sha256", "value": sha256}
    assert (linked["filesize"], linked["mime"]) == (4, "application/vnd.apache.parquet")
    page = platform.resource("jalon-housing", "page")
    assert (page["type"], page["url"]) == (
        "documentation",
        "https://jalon.example/latest/index.html",
    )
    order = [r["extras"]["jalon:resource"] for r in platform.dataset("jalon-housing")["resources"]]
    assert order == ["housing_all_csv", "housing_parquet", "page"]


def test_a_dataset_is_private_until_all_of_it_was_compared(server, settings, platform, to):
    make(settings)
    seen = []

    def watch(number):
        seen.extend((d["private"], len(d["resources"])) for d in platform.datasets.values())

    server.reset(watch)
    push(settings, to)
    housing, population = 3, 2  # resources
    assert {count for private, count in seen if not private} == {housing}  # or the last request
    assert all(d["private"] is False for d in platform.datasets.values())
    assert len(platform.dataset("jalon-population")["resources"]) == population


def test_pushed_again_nothing_is_written(server, settings, platform, to):
    make(settings)
    push(settings, to)
    state = platform.state()
    server.reset()
    done, told = push(settings, to)
    assert (done.changes, told) == (0, [])
    assert server.writes() == []
    assert len(server.asked) == 2  # each dataset is read
    assert platform.state() == state


def test_without_its_memory_the_datasets_are_found_again(server, settings, platform, to):
    make(settings)
    push(settings, to)
    memory = settings.data / "push/national.json"
    ids = read_json(memory)
    for harm in (memory.unlink, lambda: memory.write_text("not JSON")):
        harm()
        server.reset()
        assert push(settings, to)[0].changes == 0
        assert server.writes() == []
        assert read_json(memory) == ids


def test_ids_of_another_platform_are_not_believed(server, settings, platform, to):
    make(settings)
    push(settings, to)
    first = platform.state()
    server.app = Platform()
    push(settings, to)
    assert server.app.state() == first


def test_a_resource_is_replaced_under_its_id(server, settings, platform, to):
    make(settings)
    push(settings, to)
    before = {r["id"]: r for r in platform.dataset("jalon-housing")["resources"]}
    make(settings, "2026-11-26", title="Logements", housing_all_csv="code\n01002\n")
    server.reset()

    _, told = push(settings, to)

    after = platform.dataset("jalon-housing")["resources"]
    assert {r["id"] for r in after} == before.keys()
    stored = platform.resource("jalon-housing", "housing_all_csv")
    assert platform.files[stored["url"]] == b"code\n01002\n"
    assert stored["title"] == "housing_all_csv"
    assert platform.dataset("jalon-housing")["title"] == "Logements"
    assert told == ["✔ Logements: 5 changes, 0.0 MB"]
    # Marked, sent, described, the contact, the dataset, marked no more.
    writes = [method for method, _ in server.writes()]
    assert writes == ["PUT", "POST", "PUT", "POST", "PUT", "PUT"]
    assert platform.dataset("jalon-housing")["extras"]["jalon:state"] == "open"


def test_an_open_dataset_says_that_it_changes_until_all_of_it_was_compared(
    server, settings, platform, to
):
    make(settings)
    push(settings, to)
    make(settings, "2026-11-26", title="Logements", housing_all_csv="code\n01002\n")
    seen = []

    def watch(number):
        dataset = platform.dataset("jalon-housing")
        stored = platform.resource("jalon-housing", "housing_all_csv")
        state = dataset["extras"]["jalon:state"]
        seen.append((state, platform.files[stored["url"]], dataset["title"]))

    server.reset(watch)
    push(settings, to)
    changing = [each for each in seen if each[0] == "changing"]
    # The old file, the new one, then the new title: a mix, and said to be one.
    assert list(dict.fromkeys(each[1:] for each in changing)) == [
        (b"code\n01001\n", "Logement"),
        (b"code\n01002\n", "Logement"),
        (b"code\n01002\n", "Logements"),
    ]
    assert {each[1:] for each in seen if each[0] == "open"} <= {
        (b"code\n01001\n", "Logement"),
        (b"code\n01002\n", "Logements"),
    }


def test_a_mark_that_a_kill_left_is_taken_away_once_all_is_compared(server, settings, platform, to):
    make(settings)
    push(settings, to)
    state = platform.state()
    dataset = platform.dataset("jalon-housing")
    dataset["extras"] = dataset["extras"] | {"jalon:state": "changing"}
    dataset["private"] = True  # a person closed it meanwhile
    _, told = push(settings, to, dry_run=True)
    assert told == ["would check Logement", "would unmark Logement"]
    push(settings, to)
    assert dataset["private"] is True
    dataset["private"] = False
    assert platform.state() == state


def test_a_dry_run_tells_what_would_change_and_changes_nothing(server, settings, platform, to):
    make(settings)
    done, told = push(settings, to, dry_run=True)
    assert server.writes() == []
    assert told[:6] == [
        "would create Logement, private",
        "would link page of Logement",
        "would link data/housing.parquet of Logement",
        "would send data/housing_all.csv of Logement (0.0 MB)",
        "would check Logement",
        "would open Logement",
    ]
    assert done.changes == len(told)


def test_what_a_release_no_longer_holds_is_said_to_be_so_and_comes_back(settings, platform, to):
    make(settings)
    push(settings, to)
    resource_id = platform.resource("jalon-housing", "housing_all_csv")["id"]
    make(settings, "2026-11-26", without=["data/housing_all.csv"])
    for _ in range(2):
        push(settings, to)
        gone = platform.resource("jalon-housing", "housing_all_csv")
        assert gone["title"] == "housing_all_csv (n’est plus mis à jour)"
        assert gone["type"] == "other"
    push(settings, to, name="2026-11-25")
    back = platform.resource("jalon-housing", "housing_all_csv")
    assert (back["id"], back["title"], back["type"]) == (resource_id, "housing_all_csv", "main")


def test_what_others_have_done_there_stays(server, settings, platform, to):
    make(settings)
    push(settings, to)
    dataset = platform.dataset("jalon-housing")
    dataset["extras"]["check:date"] = "today"
    dataset["tags"] = ["mended-by-hand"]
    stored = platform.resource("jalon-housing", "housing_all_csv")
    stored["extras"]["analysis:rows"] = 1
    own = {"id": "0", "title": "notes.csv", "filetype": "file", "description": None, "extras": {}}
    dataset["resources"].append(own | {"url": "x", "checksum": None, "filesize": 1})
    assert push(settings, to)[0].changes == 0
    assert dataset["tags"] == ["mended-by-hand"]

    make(settings, "2026-11-26", title="Logements", housing_all_csv="code\n01002\n")
    push(settings, to)
    assert dataset["extras"]["check:date"] == "today"
    assert stored["extras"]["analysis:rows"] == 1
    assert dataset["resources"][-1]["title"] == "notes.csv"


def test_what_a_person_has_closed_stays_closed(settings, platform, to):
    make(settings)
    push(settings, to)
    platform.dataset("jalon-housing")["private"] = True
    make(settings, "2026-11-26", title="Logements")
    push(settings, to)
    dataset = platform.dataset("jalon-housing")
    assert (dataset["title"], dataset["private"]) == ("Logements", True)


def test_what_was_damaged_there_is_mended(settings, platform, to):
    make(settings)
    push(settings, to)
    state = platform.state()
    platform.resource("jalon-housing", "housing_all_csv")["checksum"]["value"] = "0"
    platform.resource("jalon-population", "population_csv_gz")["title"] = "population.csv.gz"
    platform.dataset("jalon-housing")["resources"].pop()
    push(settings, to)
    assert platform.state() == state


def test_a_dataset_that_someone_removed_is_not_made_again(settings, platform, to):
    make(settings)
    push(settings, to)
    platform.dataset("jalon-housing")["deleted"] = "2026-11-26"
    with pytest.raises(PushError, match="dataset jalon-housing was removed there"):
        push(settings, to)
    assert len(platform.datasets) == 2


def test_some_datasets_small_files_and_no_links(server, settings, platform):
    make(settings, housing_all_csv="x" * 1_000_001)
    push(settings, destination(server, datasets=["jalon-housing"], largest_megabytes=1))
    assert len(platform.datasets) == 1
    assert platform.resource("jalon-housing", "housing_all_csv")["filetype"] == "remote"

    server.app = Platform()
    push(settings, destination(server, links=False, stays_private=True))
    dataset = server.app.dataset("jalon-housing")
    assert [r["extras"]["jalon:resource"] for r in dataset["resources"]] == ["housing_all_csv"]
    assert (dataset["private"], dataset["extras"]["jalon:state"]) == (True, "draft")


def test_a_file_that_was_stored_and_is_now_linked(server, settings, platform, to):
    """Of which kind it is cannot be changed: there are two, and one is told to be old."""
    make(settings, housing_all_csv="x" * 1_000_001)
    push(settings, to)
    for _ in range(2):
        push(settings, destination(server, largest_megabytes=1))
    every = platform.dataset("jalon-housing")["resources"]
    named = [r for r in every if r["extras"]["jalon:resource"] == "housing_all_csv"]
    told = {r["filetype"]: r["title"] for r in named}
    assert told == {
        "remote": "housing_all_csv",
        "file": "housing_all_csv (n’est plus mis à jour)",
    }


# Refusals


def refused(settings, to):
    with pytest.raises(PushError) as caught:
        push(settings, to)
    assert KEY not in str(caught.value)
    return str(caught.value)


def test_refusals_name_what_and_who_must_act(server, settings, platform, to, monkeypatch, capsys):
    make(settings)
    said = refused(settings, destination(server, zones=["fr:nowhere"]))
    assert "dataset Logement: refused with 400" in said
    assert "Unknown geoid(s)" in said
    said = refused(settings, destination(server, organization="0" * 24))
    assert "the datasets of the organisation: refused with 404" in said
    platform.most_bytes = 1
    said = refused(settings, to)
    assert said.startswith("national: data/housing_all.csv: refused with 413")
    assert "lower largest_megabytes" in said
    monkeypatch.setenv("JALON_DATAGOUV_KEY", f"{KEY}x")
    said = refused(settings, to)
    assert "refused with 401" in said
    assert "look at the secret that api_key: names" in said
    monkeypatch.delenv("JALON_DATAGOUV_KEY")
    hint = "set JALON_DATAGOUV_KEY, or save a Prefect Secret block named jalon-datagouv-key"
    assert refused(settings, to) == (
        f"national: needs the secret jalon-datagouv-key, and has none ({hint})"
    )
    assert "".join(capsys.readouterr()) == ""


def test_a_server_that_tells_the_key_back_is_not_repeated(server, settings, platform, to):
    class Chatty(Platform):
        def create(self, request):
            return 409, {"message": f"conflict, said {request.headers['X-API-KEY']}"}

    server.app = Chatty()
    make(settings)
    said = refused(settings, to)
    assert "refused with 409" in said
    assert "said …" in said
    assert "push again" in said


def test_an_answer_that_is_no_json_is_told(server, settings, platform, to):
    server.app = lambda environ, start: (
        start("200 OK", [("Content-Type", "text/html")]),
        [b"<p>"],
    )[1]
    make(settings)
    assert "no answer to use (JSONDecodeError) (push again" in refused(settings, to)


@pytest.mark.parametrize(
    "wrong",
    [
        {"api_key": KEY},
        {"organization": "my-commune"},
        {"environment": "production"},
        {"address": "https://user:key@platform.example"},
        {"address": "http://platform.example"},
    ],
)
def test_a_destination_is_read_strictly(wrong, server):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        destination(server, **wrong)


def test_an_unknown_dataset_is_told_with_those_that_are(server, settings, platform):
    make(settings)
    with pytest.raises(CatalogError, match=r"no dataset x \(known: jalon-housing, jalon-pop"):
        push(settings, destination(server, datasets=["x"]))


def test_a_release_without_its_catalogue_is_told(settings, platform, to):
    make_release(settings, "2026-11-25", FILES)
    with pytest.raises(MachineError, match=r"catalog-datagouv\.ttl: is missing"):
        push(settings, to)


def test_the_catalogue_of_a_real_release_is_read(ran):
    outgoing = find_outgoing(ran[0], None)
    records = read_records(outgoing, ("country:fr",))
    named = {record.name: record for record in records}
    population = named["jalon-territoires-population"]
    assert population.metadata["license"] == "lov2"
    assert population.metadata["frequency"] == "annual"
    assert population.metadata["spatial"]["granularity"] == "fr:commune"
    assert population.metadata["title"] == "Population et territoires"
    every = {file.file.path for record in records for file in record.files}
    told = read_json(outgoing.folder / "datapackage.json")["resources"]
    assert {each["path"] for each in told} <= every


# Faults


def test_a_server_that_fails_at_any_request_is_asked_again(server, settings, platform, to):
    """Reading and changing may be repeated, and are; what makes or sends something is not."""
    make(settings)
    push(settings, to)
    make(settings, "2026-11-26", title="Logements")
    server.reset(at(3, "refuse"))
    push(settings, to)
    assert platform.dataset("jalon-housing")["title"] == "Logements"


def test_an_answer_that_comes_too_late_makes_nothing_twice(
    server, settings, platform, to, monkeypatch
):
    make(settings)
    push(settings, to)
    wanted = platform.state()
    server.app = Platform()
    with monkeypatch.context() as patch:
        patch.setattr(account, "PATIENCE_SECONDS", 0.3)
        server.reset(at(5, "linger"))  # after two listings of what is there, and the contact point
        said = refused(settings, to)
    assert "dataset Logement: no answer to use (ReadTimeout)" in said
    server.reset()
    push(settings, to)
    assert server.app.state() == wanted


@pytest.mark.parametrize("fault", ["refuse", "lose"])
def test_a_server_that_fails_from_any_request_on(fault, server, settings, platform, to):
    """From nothing, and from one release to the next: the push after it ends in the same state."""
    make(settings)
    push(settings, to)
    first = platform.state()
    make(settings, "2026-11-26", title="Logements", housing_all_csv="code\n01002\n")
    push(settings, to)
    wanted = [first, platform.state()]
    for number in range(1, 100):
        server.app = Platform()
        (settings.data / "push/national.json").unlink(missing_ok=True)
        failed = []
        for release, state in zip(("2026-11-25", "2026-11-26"), wanted, strict=True):
            server.reset(since(number, fault))
            try:
                push(settings, to, name=release)
            except PushError as error:
                failed.append(error)
            server.reset()
            push(settings, to, name=release)
            assert server.app.state() == state
            assert all(d["private"] is False for d in server.app.datasets.values())
        assert all("push again" in str(error) for error in failed)
        if not failed:
            break
    assert number > 15


def kill_again_and_again(server, settings, to, numbers):
    make(settings)
    push(settings, to)
    wanted = {"Logement": server.app.state()}
    make(settings, "2", title="Logements", housing_all_csv="code\n01002\n")
    push(settings, to)
    wanted["Logements"] = server.app.state()
    for turn, number in enumerate(numbers):
        if turn % 3 == 0:  # from nothing
            server.app = Platform()
        title, text = [("Logement", "01001"), ("Logements", "01002")][turn % 2]
        make(settings, str(turn), title=title, housing_all_csv=f"code\n{text}\n")
        with start_alone(settings, to, "flows.push.datagouv.plan") as running:
            server.reset(at(number, "kill"), client=running.pid)
            running.stdin.write("\n")
            running.stdin.flush()
            running.communicate()
        server.reset()
        for name, there in server.app.state().items():
            said = there["said"]
            is_marked = said["extras"]["jalon:state"] == "changing"
            is_whole = there in [state[name] for state in wanted.values()]
            assert said["private"] or is_marked or is_whole, there
        push(settings, to)
        assert server.app.state() == wanted[title]


def test_killed_at_seeded_requests_the_next_push_ends_it(server, settings, platform, to):
    chance = random.Random(20261125)
    kill_again_and_again(server, settings, to, [chance.randrange(2, 16) for _ in range(3)])


@pytest.mark.soak
def test_killed_at_sixty_requests(server, settings, platform, to):
    chance = random.Random(int(os.environ.get("JALON_SEED", "1")))
    kill_again_and_again(server, settings, to, [chance.randrange(1, 20) for _ in range(60)])


def test_what_is_kept_on_this_machine_holds_no_secret(settings, platform, to):
    make(settings)
    push(settings, to)
    told = read_json(settings.data / "push/national.json")
    assert sorted(told) == ["jalon-housing", "jalon-population"]
    assert KEY not in json.dumps(told)
