"""A publisher's file: had over HTTP from a real server, or from its snapshot, and stored once."""

import gzip
import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from flows.errors import SourceError
from flows.settings import Settings
from flows.steps.fetch import fetch_source
from project import make_source, put_snapshot

CONTENT = b"code\n01001\n"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
MODIFIED = {"Last-Modified": "Tue, 04 Aug 2026 10:11:12 GMT"}


class Publisher:
    """A server on loopback that gives its answers in turn, the last one again and again."""

    def __init__(self, port, asked):
        self.url = f"http://127.0.0.1:{port}/file.csv"
        self.answers = [(200, MODIFIED, CONTENT)]
        self.asked = asked
        self.conditions = []


@contextmanager
def serve() -> Iterator[Publisher]:
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers["User-Agent"]))
            publisher.conditions.append(self.headers["If-None-Match"])
            answers = publisher.answers
            status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Say nothing on stderr."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        publisher = Publisher(server.server_address[1], asked)
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield publisher
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def publisher(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve() as publisher:
        yield publisher


def fetch_live(settings, source):
    """What the network gives of *source*."""
    return fetch_source(settings, source, live=True)


@pytest.fixture
def settings(tmp_path):
    return Settings(tmp_path)


def files_of(settings):
    """Every file of the raw store, and when it was last written."""
    files = (path for path in settings.data.rglob("*") if path.is_file())
    files = (path for path in files if path.name != "history.json")
    return {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in files}


def provenance_of(settings, sha256=SHA256):
    path = settings.data / "raw" / "x" / f"{sha256}.provenance.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_a_file_is_stored_under_its_hash_with_where_it_comes_from(settings, publisher):
    (file,) = fetch_live(settings, make_source(url=publisher.url))

    assert file.path == settings.data / "raw" / "x" / f"{SHA256}.csv"
    assert file.path.read_bytes() == CONTENT
    assert (file.source, file.edition, file.sha256, file.modified) == (
        "x",
        None,
        SHA256,
        "2026-08-04",
    )
    told = provenance_of(settings)
    assert told.pop("retrieved").startswith("20")
    assert told == {
        "source": "x",
        "edition": None,
        "file": f"{SHA256}.csv",
        "address": publisher.url,
        "modified": "2026-08-04",
        "bytes": len(CONTENT),
        "sha256": SHA256,
        "publisher_sha256": SHA256,
        "private_columns": [],
        "licence": "lov2",
    }
    assert publisher.asked[0][1].startswith("Jalon ")


def test_each_edition_has_its_address(settings, publisher):
    url = publisher.url.replace("file", "file-{edition}")
    files = fetch_live(settings, make_source(url=url, editions=[2025, 2026]))
    assert [file.edition for file in files] == [2025, 2026]
    assert [path for path, _ in publisher.asked] == ["/file-2025.csv", "/file-2026.csv"]


def test_the_same_content_is_stored_once(settings, publisher):
    source = make_source(url=publisher.url)
    first = fetch_live(settings, source)
    before = files_of(settings)
    # The publisher uploads the same bytes again: no new data, so no new date.
    publisher.answers = [(200, {"Last-Modified": "Sat, 05 Sep 2026 10:11:12 GMT"}, CONTENT)]

    assert fetch_live(settings, source) == first
    assert files_of(settings) == before


def test_a_publishers_json_is_not_taken_for_its_provenance(settings, publisher):
    url = publisher.url.replace(".csv", ".json")
    content = b'[{"code": "01001"}]'
    publisher.answers = [(200, MODIFIED, content)]
    sha256 = hashlib.sha256(content).hexdigest()
    (file,) = fetch_live(settings, make_source(url=url, format="json"))
    assert file.path.name == f"{sha256}.json"
    assert file.path.read_bytes() == content
    assert provenance_of(settings, sha256)["file"] == file.path.name


@pytest.mark.parametrize("told", [None, "last week", "Tue, 99 Aug 2026 10:11:12 GMT"])
def test_without_a_date_a_file_is_of_today(settings, publisher, told):
    publisher.answers = [(200, {"Last-Modified": told} if told else {}, CONTENT)]
    (file,) = fetch_live(settings, make_source(url=publisher.url))
    assert file.modified == provenance_of(settings)["retrieved"][:10]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_can_heal_is_tried_again(settings, publisher, status):
    publisher.answers = [(status, {"Retry-After": "0"}, b""), *publisher.answers]
    (file,) = fetch_live(settings, make_source(url=publisher.url))
    assert file.path.read_bytes() == CONTENT
    assert len(publisher.asked) == 2


@pytest.mark.parametrize("status", [403, 404, 410])
def test_what_cannot_heal_is_not_tried_again(settings, publisher, status):
    publisher.answers = [(status, {}, b"gone")]
    with pytest.raises(SourceError, match=f"x: cannot fetch {publisher.url}: {status} ") as raised:
        fetch_live(settings, make_source(url=publisher.url))
    assert "look at the address in its YAML" in str(raised.value)
    assert str(raised.value).count(publisher.url) == 1
    assert len(publisher.asked) == 1
    assert files_of(settings) == {}


def test_a_body_cut_short_leaves_nothing(settings, publisher):
    publisher.answers = [(200, {"Content-Length": "100"}, CONTENT)]
    with pytest.raises(
        SourceError, match=r"cannot fetch .*: IncompleteRead.11 bytes read, 89 more"
    ):
        fetch_live(settings, make_source(url=publisher.url))
    assert files_of(settings) == {}


def test_a_refused_connection_says_so(settings, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve() as publisher:
        url = publisher.url  # a port that nobody listens to any more
    with pytest.raises(SourceError, match=f"x: cannot fetch {url}: .*Connection refused"):
        fetch_live(settings, make_source(url=url))
    assert files_of(settings) == {}


def test_a_snapshot_is_stored_under_its_hash_with_what_its_sidecar_tells(settings):
    packed = put_snapshot(settings.root, "x/x-2026.csv.gz", CONTENT).read_bytes()
    sha256 = hashlib.sha256(packed).hexdigest()
    source = make_source(snapshot="x/x-{edition}.csv.gz", editions=[2026])

    (file,) = fetch_source(settings, source)

    assert file.path == settings.data / "raw" / "x" / f"{sha256}.csv.gz"
    assert gzip.decompress(file.path.read_bytes()) == CONTENT
    assert (file.edition, file.sha256, file.modified) == (2026, sha256, "2026-08-04")
    assert provenance_of(settings, sha256) == {
        "source": "x",
        "edition": 2026,
        "file": f"{sha256}.csv.gz",
        "address": "snapshot:x/x-2026.csv.gz",
        "retrieved": "2026-11-22",
        "modified": "2026-08-04",
        "bytes": len(packed),
        "sha256": sha256,
        "publisher_sha256": sha256,
        "private_columns": [],
        "licence": "lov2",
    }
    before = files_of(settings)
    assert fetch_source(settings, source) == [file]
    assert files_of(settings) == before
