"""What data.gouv.fr will make of a release: foreseen, and held to its own code."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner
from rdflib import XSD, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS

from catalogued import make_record
from environments import make_environment, run_script
from flows.cli import jalon
from flows.errors import CatalogError
from flows.preflight.before import compare
from flows.preflight.harvested import read_harvested
from flows.preflight.known import guess_licence
from flows.preflight.served import check_served
from flows.preflight.verdicts import Judged, judge
from flows.publish.dcat.graph import as_turtle, make_graph
from flows.publish.dcat.vocabulary import DCAT, SPDX, authority
from flows.publish.dcat.write import DATAGOUV
from serving import serving as serving_releases

BASE = "https://data.collectivite.fr/latest/"
NODE = URIRef(f"{BASE}catalog.ttl#ours")
FILE = URIRef(f"{BASE}catalog.ttl#file/ours")
TODAY = date(2026, 5, 20)


@pytest.fixture
def record(catalog):
    made = make_record(catalog)
    return replace(made, package=made.package.model_copy(update={"base_url": BASE}))


def write_catalogue(folder: Path, graph: Graph) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DATAGOUV).write_text(as_turtle(graph), encoding="utf-8")
    return folder


def foresee(folder: Path, graph: Graph, today: date = TODAY) -> list[Judged]:
    return judge(read_harvested(write_catalogue(folder, graph)), today)


def levels(judged: Judged) -> dict[str, str]:
    return {each.criterion: each.level for each in judged.verdicts}


def test_a_dataset_that_lacks_nothing_is_taken_with_nine_of_nine(record, tmp_path):
    (judged,) = foresee(tmp_path, make_graph(record, is_strict=False))

    assert judged.name == "jalon-territoires-ours"
    assert (judged.level, judged.score) == ("ok", 9)
    told = {each.criterion: each.message for each in judged.verdicts}
    assert told["licence"] == "lov2"
    assert told["temporal"] == "2024-01-01/2025-12-31"
    assert told["spatial"] == "1 polygons"
    assert told["frequency"] == "MONTHLY"
    assert told["checksum"] == "of 1 of 1 files"


Edit = Callable[[Graph], object]


def without(predicate: URIRef, subject: URIRef = NODE) -> Edit:
    return lambda graph: graph.remove((subject, predicate, None))


def with_value(predicate: URIRef, value, subject: URIRef = NODE) -> Edit:
    return lambda graph: graph.set((subject, predicate, value))


def typed_checksum(graph: Graph) -> None:
    node = graph.value(FILE, SPDX.checksum)
    graph.set((node, SPDX.checksumValue, Literal("ab" * 32, datatype=XSD.hexBinary)))


def unknown_licence(graph: Graph) -> None:
    """The address that SPDX gives to the Licence Ouverte, without a label."""
    for subject in (NODE, FILE):
        graph.set((subject, DCTERMS.license, URIRef("https://spdx.org/licenses/etalab-2.0.html")))


def named_place(graph: Graph) -> None:
    graph.set((NODE, DCTERMS.spatial, URIRef("http://id.insee.fr/geo/departement/35")))


def period_with_address(graph: Graph) -> None:
    period = graph.value(NODE, DCTERMS.temporal)
    for predicate, value in list(graph.predicate_objects(period)):
        graph.add((URIRef(f"{BASE}period"), predicate, value))
    graph.set((NODE, DCTERMS.temporal, URIRef(f"{BASE}period")))


def same_identifier_twice(graph: Graph) -> None:
    other = URIRef(f"{BASE}catalog.ttl#other")
    for predicate, value in list(graph.predicate_objects(NODE)):
        graph.add((other, predicate, value))


FAULTS: dict[str, tuple[Edit, str, str]] = {
    "no identifier": (without(DCTERMS.identifier), "identifier", "refused"),
    "same identifier twice": (same_identifier_twice, "identifier", "refused"),
    "no title": (without(DCTERMS.title), "title", "refused"),
    "example address": (
        with_value(DCAT.downloadURL, URIRef("https://jalon.example/a.csv"), FILE),
        "address",
        "refused",
    ),
    "address of this machine": (
        with_value(DCAT.downloadURL, URIRef("http://localhost/a.csv"), FILE),
        "address",
        "refused",
    ),
    "typed checksum": (typed_checksum, "checksum", "refused"),
    "future date": (
        with_value(DCTERMS.modified, Literal("2126-01-01", datatype=XSD.date)),
        "modified",
        "poor",
    ),
    "no keyword": (without(DCAT.keyword), "tags", "poor"),
    "unknown licence": (unknown_licence, "licence", "poor"),
    "period with an address": (period_with_address, "temporal", "poor"),
    "place by name": (named_place, "spatial", "poor"),
    "unknown frequency": (
        with_value(DCTERMS.accrualPeriodicity, authority("frequency", "SOMETIMES")),
        "frequency",
        "poor",
    ),
    "short description": (
        with_value(DCTERMS.description, Literal("Trop court.", lang="fr")),
        "description",
        "poor",
    ),
    "closed format": (
        with_value(DCTERMS["format"], Literal("xlsx"), FILE),
        "open_format",
        "poor",
    ),
    "no file": (without(DCAT.distribution), "resources", "poor"),
    "files without description": (without(DCTERMS.description, FILE), "documentation", "poor"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_foreseen(record, tmp_path, name):
    edit, criterion, level = FAULTS[name]
    graph = make_graph(record, is_strict=False)
    edit(graph)
    judged = foresee(tmp_path, graph)[0]

    assert levels(judged)[criterion] == level
    assert judged.level == level
    assert judged.score == 9 - sum(each.counts and each.level != "ok" for each in judged.verdicts)


def test_a_very_long_title_is_refused(record, tmp_path):
    graph = make_graph(record, is_strict=False)
    graph.set((NODE, DCTERMS.title, Literal("a" * 351, lang="fr")))
    assert levels(foresee(tmp_path, graph)[0])["title"] == "refused"


@pytest.mark.parametrize(("today", "level"), [(date(2026, 6, 1), "ok"), (date(2026, 6, 2), "poor")])
def test_a_dataset_is_late_the_day_after_it_was_due(record, tmp_path, today, level):
    """Of 1 May, monthly: due on 1 June."""
    (judged,) = foresee(tmp_path, make_graph(record, is_strict=False), today)
    assert levels(judged)["up_to_date"] == level


def test_the_files_tell_the_date_where_the_dataset_does_not(record, tmp_path):
    graph = make_graph(record, is_strict=False)
    graph.remove((NODE, DCTERMS.modified, None))
    (late,) = foresee(tmp_path, graph, date(2026, 6, 2))
    graph.remove((FILE, DCTERMS.modified, None))
    (unknown,) = foresee(tmp_path, graph, date(2026, 6, 2))

    assert levels(late)["up_to_date"] == "poor"
    assert levels(unknown)["up_to_date"] == "ok"  # counted from the harvest


def test_the_strict_catalogue_would_be_refused(record, tmp_path):
    """Why there are two: its checksums are typed. Its series and sources count as datasets too."""
    judged = foresee(tmp_path, make_graph(record, is_strict=True))
    ours = next(each for each in judged if each.name == "jalon-territoires-ours")

    assert levels(ours)["checksum"] == "refused"
    assert len(judged) > 1


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        ("lov2", "lov2"),
        ("http://www.etalab.gouv.fr/licence-ouverte-open-licence/", "lov2"),
        ("etalab-2.0", "lov2"),
        ("odc-odbl", "odc-odbl"),
        ("https://spdx.org/licenses/etalab-2.0.html", None),
        ("All rights reserved", None),
    ],
)
def test_licences_are_known_by_id_address_or_title(text, licence):
    assert guess_licence((text,)) == licence


def test_what_lasts_from_release_to_release_is_the_same(record, tmp_path):
    graph = make_graph(record, is_strict=False)
    now = read_harvested(write_catalogue(tmp_path, graph))
    (judged,) = compare(judge(now, TODAY), now, now)
    assert (levels(judged)["same_identifier"], levels(judged)["same_files"]) == ("ok", "ok")


def test_a_new_identifier_makes_another_dataset(record, tmp_path):
    graph = make_graph(record, is_strict=False)
    old = read_harvested(write_catalogue(tmp_path / "old", graph))
    graph.set((NODE, DCTERMS.identifier, Literal("another")))
    now = read_harvested(write_catalogue(tmp_path / "now", graph))
    (judged,) = compare(judge(now, TODAY), now, old)

    assert levels(judged)["same_identifier"] == "refused"
    assert "was jalon-territoires-ours" in judged.verdicts[-2].message


def test_a_new_address_makes_another_file_and_a_dataset_may_go(record, tmp_path):
    graph = make_graph(record, is_strict=False)
    old = read_harvested(write_catalogue(tmp_path / "old", graph))
    gone = replace(old[0], identifier="gone", title="Parti")
    graph.set((FILE, DCAT.downloadURL, URIRef(f"{BASE}data/2026-05/ours.csv")))
    now = read_harvested(write_catalogue(tmp_path / "now", graph))
    ours, other = compare(judge(now, TODAY), now, [*old, gone])

    assert levels(ours)["same_identifier"] == "ok"
    assert levels(ours)["same_files"] == "poor"
    assert (other.name, other.level) == ("gone", "poor")


@contextmanager
def serving(folder: Path, headers: dict[str, str], ranges: bool) -> Iterator[str]:
    """A web server on the folder, which gives *headers*, and parts of files if it is told to."""

    class Handler(SimpleHTTPRequestHandler):
        def end_headers(self):
            for name, value in headers.items():
                self.send_header(name, value)
            super().end_headers()

        def do_GET(self):
            if not ranges or "Range" not in self.headers:
                return super().do_GET()
            self.send_response(206)
            self.send_header("Content-Length", "4")
            self.end_headers()
            return self.wfile.write(b"PAR1")

        def log_message(self, *arguments):
            pass

    Handler.extensions_map = {".csv": "text/csv", ".parquet": "application/vnd.apache.parquet"}
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


CORS = {"Access-Control-Allow-Origin": "*"}
SERVED = ("reachable", "size", "media_type", "ranges", "cors")


@pytest.fixture
def with_parquet(record, tmp_path):
    """The dataset with a Parquet of eight bytes, and both its files in a folder."""
    csv = record.datasets[0].files[0]
    parquet = replace(csv, name="parquet", path="data/ours.parquet", bytes=8)
    dataset = replace(record.datasets[0], files=(csv, parquet))
    (tmp_path / "data").mkdir()
    (tmp_path / "data/ours.csv").write_bytes(b"a,b\n1,2\n3,4\n")
    (tmp_path / "data/ours.parquet").write_bytes(b"PAR1PAR1")
    write_catalogue(tmp_path, make_graph(replace(record, datasets=(dataset,)), is_strict=False))
    return tmp_path


def test_a_good_server_gives_parts_and_lets_other_sites_ask(with_parquet):
    datasets = read_harvested(with_parquet)
    with serving(with_parquet, CORS, ranges=True) as url:
        (judged,) = check_served(judge(datasets, TODAY), datasets, BASE, url)
    assert judged.level == "ok"
    assert set(SERVED) <= set(levels(judged))


def test_a_server_that_gives_whole_files_alone_is_told(with_parquet):
    datasets = read_harvested(with_parquet)
    (with_parquet / "data/ours.csv").write_bytes(b"a")
    with serving(with_parquet, {}, ranges=False) as url:
        (judged,) = check_served(judge(datasets, TODAY), datasets, BASE, url)

    found = levels(judged)
    assert (found["ranges"], found["cors"], found["size"]) == ("poor", "poor", "poor")
    assert (found["reachable"], found["media_type"]) == ("ok", "ok")


def test_a_file_that_is_not_served_is_refused(with_parquet):
    datasets = read_harvested(with_parquet)
    (with_parquet / "data/ours.csv").unlink()
    with serving(with_parquet, CORS, ranges=True) as url:
        (judged,) = check_served(judge(datasets, TODAY), datasets, BASE, url)
    assert levels(judged)["reachable"] == "refused"
    assert judged.level == "refused"


def test_a_server_that_is_down_is_told_as_such(with_parquet):
    datasets = read_harvested(with_parquet)
    with pytest.raises(CatalogError, match="does not answer"):
        check_served(judge(datasets, TODAY), datasets, BASE, "http://127.0.0.1:9/")


def test_our_own_server_says_of_each_file_what_the_catalogues_say(ran):
    """Every file of the release: in the catalogue, the data package and the list of the API."""
    release = ran[0].public / "latest"
    package = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
    listed = json.loads((release / "api/v1/datasets.json").read_text(encoding="utf-8"))
    told = {each["path"]: {each["mediatype"]} for each in package["resources"]}
    for dataset in listed["datasets"]:
        for each in dataset["files"]:
            told[each["path"]].add(each["media_type"])
    datasets = read_harvested(release)
    with serving_releases(ran[0].public) as client:
        url = f"http://127.0.0.1:{client.port}/latest/"
        judged = check_served(
            judge(datasets, TODAY), datasets, "https://jalon.example/latest/", url
        )
        served = {
            path: {client.ask(f"/latest/{path}", "HEAD").headers.get_content_type()}
            for path in told
        }

    assert served == told
    for each in judged:
        found = [v for v in each.verdicts if v.criterion in SERVED and v.level != "ok"]
        assert found == []


def test_a_packed_csv_is_gzip_to_all(record, tmp_path):
    """text/csv is what is inside, and stands so in the strict catalogue alone, beside gzip."""
    packed = replace(record.datasets[0].files[0], path="data/ours.csv.gz")
    graph = make_graph(
        replace(record, datasets=(replace(record.datasets[0], files=(packed,)),)), is_strict=False
    )
    (dataset,) = read_harvested(write_catalogue(tmp_path, graph))
    assert [each.media_type for each in dataset.resources] == ["application/gzip"]
    assert (packed.media_type, packed.content_type) == ("application/gzip", "text/csv")


def test_a_release_without_a_catalogue_is_told(tmp_path):
    with pytest.raises(CatalogError, match="no such file"):
        read_harvested(tmp_path)
    (tmp_path / DATAGOUV).write_text("this is { not Turtle")
    with pytest.raises(CatalogError, match="is not Turtle"):
        read_harvested(tmp_path)


@pytest.fixture
def published(project, record) -> Path:
    """A project with three releases, of which the catalogue alone is there."""
    graph = make_graph(record, is_strict=False)
    for name in ("2026-05-01", "2026-05-01.2", "2026-05-01.10"):
        folder = write_catalogue(project.public / "releases" / name, graph)
        (folder / "manifest.json").write_text("{}")
    (project.public / "latest").symlink_to("releases/2026-05-01.10")
    return project.root


def ask(root: Path, *arguments: str):
    return CliRunner().invoke(jalon, ["--root", str(root), "preflight", *arguments])


def test_the_command_tells_each_dataset(published):
    done = ask(published, "--on", "2026-05-20")
    assert done.exit_code == 0, done.output
    assert "jalon-territoires-ours  taken    9/9" in done.output


def test_the_command_compares_with_the_release_before(published, record):
    graph = make_graph(record, is_strict=False)
    graph.set((NODE, DCTERMS.identifier, Literal("older")))
    write_catalogue(published / "public/releases/2026-05-01.2", graph)
    done = ask(published, "--on", "2026-05-20", "--json")

    assert done.exit_code == 1
    (told,) = json.loads(done.output)["datasets"]
    assert (told["level"], told["score"]) == ("refused", 9)
    assert "was older" in next(
        each["message"] for each in told["verdicts"] if each["criterion"] == "same_identifier"
    )
    assert ask(published, "--on", "2026-05-20", "--before", "2026-05-01").exit_code == 0


def test_an_unknown_release_names_those_that_are(published):
    done = ask(published, "2020-01-01")
    assert "known: 2026-05-01, 2026-05-01.2, 2026-05-01.10" in str(done.exception)


HARVEST = """
import json, sys
from pathlib import Path
import mongoengine, mongomock, requests
from udata import settings
from udata.app import create_app

class Offline(settings.Testing):
    URLS_ALLOW_LOCAL = False  # as in production
    URLS_RESOLVE_HOSTNAME = False

app = create_app(settings.Defaults, override=Offline)
mongoengine.disconnect_all()
client = mongoengine.connect(
    "udata", host="mongodb://localhost", mongo_client_class=mongomock.MongoClient
)
from udata.core.dataset.models import Dataset, License
from udata.harvest.backends.dcat import DcatBackend
from udata.harvest.models import HarvestSource

class FromFile(DcatBackend):
    def get(self, url, **options):
        answer = requests.Response()
        answer.status_code, answer.encoding = 200, "utf-8"
        answer._content = Path(folder, "catalog-datagouv.ttl").read_bytes()
        return answer

def harvest():
    url = "https://data.collectivite.fr/latest/catalog-datagouv.ttl"
    source = HarvestSource(name="jalon", url=url, backend="dcat")
    source.save()
    first, ids = run(source)
    again, ids_again = run(source)
    assert ids == ids_again
    return again

def run(source):
    backend = FromFile(source)
    backend.harvest()
    assert not backend.job.errors, [each.message for each in backend.job.errors]
    told = [tell(item) for item in backend.job.items]
    ids = {
        each.harvest.remote_id: (str(each.id), sorted((r.url, str(r.id)) for r in each.resources))
        for each in Dataset.objects
    }
    return told, ids

def tell(item):
    told = {
        "identifier": item.remote_id,
        "status": item.status,
        "errors": [each.message for each in item.errors],
        "is_dataset": item.dataservice is None,
    }
    if item.status != "done" or item.dataservice:
        return told
    dataset = item.dataset
    quality = dataset.quality
    return told | {
        "score": round(9 * quality["score"]),
        "licence": quality["license"] and dataset.license.id,
        "temporal": quality["temporal_coverage"],
        "spatial": quality["spatial"] and len(dataset.spatial.geom["coordinates"]),
        "frequency": quality["update_frequency"],
        "up_to_date": quality.get("update_fulfilled_in_time", False),
        "description": quality["dataset_description_quality"],
        "open_format": quality.get("has_open_format", False),
        "resources": quality.get("has_resources", False),
        "documentation": quality.get("resources_documentation", False),
        "tags": bool(dataset.tags),
        "modified": bool(dataset.harvest.modified_at),
        "checksums": sum(bool(each.checksum) for each in dataset.resources),
        "schemas": sum(bool(each.schema) for each in dataset.resources),
        "title": dataset.title,
    }

harvested = {}
with app.app_context(), app.test_request_context():
    for folder in sys.argv[1:]:
        client.drop_database("udata")
        License(
            id="lov2",
            title="Licence Ouverte / Open Licence version 2.0",
            url="https://www.etalab.gouv.fr/licence-ouverte-open-licence",
        ).save()
        harvested[folder] = harvest()
print(json.dumps(harvested))
"""


@pytest.fixture(scope="session")
def harvest(tmp_path_factory) -> Callable[..., dict]:
    """What the harvester of udata makes of catalogues, twice each; its database is in memory."""
    folder = tmp_path_factory.mktemp("udata")
    python = make_environment(folder / "udata", "udata==17.18.0", "mongomock")

    def run(*folders: Path) -> dict:
        printed = run_script(python, HARVEST, *map(str, folders))
        return json.loads(printed.splitlines()[-1])

    return run


CRITERIA = {
    *("licence", "temporal", "spatial", "frequency", "up_to_date", "description", "open_format"),
    *("resources", "documentation", "tags", "modified"),
}


def hold(told: dict, judged: Judged) -> None:
    """What was foreseen of a dataset is what came of it, criterion by criterion."""
    if judged.level == "refused":
        assert told["status"] != "done", (judged, told)
        return
    assert told["status"] == "done", (judged, told)
    assert told["score"] == judged.score, (judged, told)
    for criterion, level in levels(judged).items():
        if criterion in CRITERIA:
            assert bool(told[criterion]) == (level == "ok"), (criterion, judged, told)


@pytest.mark.soak
def test_each_fault_is_one_for_the_harvester_of_data_gouv_fr(harvest, record, tmp_path):
    foreseen = {}
    for name, (edit, _, _) in {"none": (print, "", ""), **FAULTS}.items():
        graph = make_graph(record, is_strict=False)
        edit(graph)
        folder = tmp_path / name.replace(" ", "_")
        foreseen[str(folder)] = foresee(folder, graph, datetime.now(UTC).date())
    harvested = harvest(*map(Path, foreseen))

    for folder, every in foreseen.items():
        told = [each for each in harvested[folder] if each["is_dataset"]]
        # The API is a service there, that serves the dataset.
        assert sum(not each["is_dataset"] for each in harvested[folder]) == 1
        for judged in every:
            found = [each for each in told if each["identifier"] in (judged.name, None)]
            # Of two under one identifier the first is taken, and the second refused.
            hold(found[-1], judged)


@pytest.mark.soak
def test_a_whole_release_is_harvested_as_foreseen(harvest, ran, tmp_path):
    """With a real host in place of the example: each dataset, licence, period, place and file."""
    text = (ran[0].public / "latest" / DATAGOUV).read_text(encoding="utf-8")
    (tmp_path / DATAGOUV).write_text(text.replace("https://jalon.example/latest/", BASE))
    datasets = {each.identifier: each for each in read_harvested(tmp_path)}
    judged = judge(datasets.values(), datetime.now(UTC).date())
    told = {each["identifier"]: each for each in harvest(tmp_path)[str(tmp_path)]}

    assert len(judged) == 20
    for each in judged:
        found, read = told[each.name], datasets[each.name]
        hold(found, each)
        assert found["title"] == read.title
        assert found["licence"] == "lov2"
        assert found["spatial"] == read.polygons == 2
        assert found["checksums"] == sum(bool(file.checksum) for file in read.resources)
        assert found["schemas"] == sum(bool(file.schema) for file in read.resources)


@pytest.mark.soak
def test_the_strict_catalogue_is_refused_by_the_harvester(harvest, record, tmp_path):
    write_catalogue(tmp_path, make_graph(record, is_strict=True))
    told = {each["identifier"]: each for each in harvest(tmp_path)[str(tmp_path)]}
    assert "only accepts string values" in told["jalon-territoires-ours"]["errors"][0]
