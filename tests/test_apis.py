"""The public interfaces, on a server of loopback that answers as they do."""

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from flows.errors import SourceError
from flows.settings import Settings
from flows.steps.fetch import fetch_source
from flows.steps.fetch.apis import cube, find_target, read_pages
from flows.steps.fetch.http import Client
from flows.steps.fetch.limits import Limits
from flows.steps.fetch.tokens import remember_token
from project import make_source

LIMITS = Limits(requests_per_second=10_000, backoff_seconds=0.01, attempts=2)
TOKEN = "secret-of-the-tests"


class Api:
    """What is asked of it, and what it answers: a function of path, query and headers."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"
        self.asked = []
        self.answer = None


@contextmanager
def serve() -> Iterator[Api]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            told = urlsplit(self.path)
            query = {key: each[0] for key, each in parse_qs(told.query).items()}
            api.asked.append((told.path, query))
            answer = api.answer(told.path, query, self.headers)
            status, body = answer if isinstance(answer, tuple) else (200, answer)
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            """Say nothing on stderr."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        api = Api(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield api
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def api(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve() as api:
        yield api


@pytest.fixture
def client():
    return Client(LIMITS)


def source(kind, api, **more):
    format_ = more.pop("format", "json")
    return make_source(api={"kind": kind, "base": api.base, **more}, format=format_)


def rows(client, source):
    return json.loads(b"".join(read_pages(client, source)))


# data.gouv.fr


def resource(id_, title, date, schema=None):
    return {
        "id": id_,
        "title": title,
        "url": f"https://static.data.gouv.fr/{id_}-{date}.csv",
        "last_modified": f"{date}T10:00:00+00:00",
        "schema": {"name": schema} if schema else {},
    }


DATASET = {
    "id": "d",
    "resources": [
        resource("old", "liste-2023.csv", "2023-01-01", "etalab/irve"),
        resource("new", "liste-2024.csv", "2024-06-01", "etalab/irve"),
        resource("doc", "notice.pdf", "2025-01-01"),
    ],
}


@pytest.mark.parametrize(
    ("told", "url"),
    [
        ({"resource": "old"}, "https://static.data.gouv.fr/old-2023-01-01.csv"),
        ({"title": r"^liste-\d{4}\.csv$"}, "https://static.data.gouv.fr/new-2024-06-01.csv"),
        ({"schema_name": "etalab/irve"}, "https://static.data.gouv.fr/new-2024-06-01.csv"),
    ],
)
def test_the_current_file_of_a_dataset_is_found(api, client, told, url):
    api.answer = lambda *_: DATASET
    target = find_target(client, source("datagouv", api, dataset="d", format="csv", **told))
    assert target.address == url
    assert target.modified == url[-14:-4]
    assert api.asked == [("/api/1/datasets/d/", {})]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({**DATASET, "archived": "2025-02-03T00:00:00"}, "d was archived on 2025-02-03"),
        ({**DATASET, "deleted": "2025-02-03T00:00:00"}, "d was deleted on 2025-02-03"),
        (DATASET, "no file of d fits: it has liste-2023.csv, liste-2024.csv, notice.pdf"),
        ([], "does not answer with a dataset"),
    ],
)
def test_a_dataset_without_the_file(api, client, body, words):
    api.answer = lambda *_: body
    told = source("datagouv", api, dataset="d", title="nothing", format="csv")
    with pytest.raises(SourceError, match=f"x: .*{words}"):
        find_target(client, told)


def test_an_address_that_rots_is_found_again_and_its_file_kept_once(api, tmp_path):
    first = {**DATASET["resources"][0], "url": f"{api.base}/2023.csv"}
    newer = {**DATASET["resources"][1], "url": f"{api.base}/2024.csv"}
    listed = [first]

    def answer(path, *_):
        if path.endswith(".csv"):
            return b"code\n01001\n" if path == f"/{listed[-1]['url'][-8:]}" else (404, b"gone")
        return {"resources": listed}

    api.answer = answer
    told = source("datagouv", api, dataset="d", title="^liste", format="csv")
    (before,) = fetch_source(Settings(tmp_path), told, live=True)
    listed[:] = [newer]  # the publisher puts another file in its place

    (after,) = fetch_source(Settings(tmp_path), told, live=True)

    assert (before.modified, after.modified) == ("2023-01-01", "2023-01-01")  # the same bytes
    assert before.path == after.path
    assert not after.trouble


# The tabular API


def tabular(api, pages, total=None):
    """The pages of a resource, each with the address of the next."""

    def answer(path, query, _):
        number = int(query.get("page", "1"))
        following = f"{api.base}{path}?page={number + 1}" if number < len(pages) else None
        count = total(number) if total else sum(map(len, pages))
        return {
            "data": [{"__id": 7, **row} for row in pages[number - 1]],
            "links": {"next": following},
            "meta": {"page": number, "total": count},
        }

    return answer


def test_the_pages_of_the_tabular_api(api, client):
    api.answer = tabular(api, [[{"code": "01001"}, {"code": "2A004"}], [{"code": "é"}]])
    told = source("tabular", api, resource="r", filters={"dep__exact": "35"})
    assert rows(client, told) == [{"code": "01001"}, {"code": "2A004"}, {"code": "é"}]
    assert api.asked[0] == (
        "/api/resources/r/data/",
        {"page_size": "200", "dep__exact": "35"},
    )


@pytest.mark.parametrize(
    ("total", "words"),
    [
        (lambda number: 2 + number, "its rows change while they are read: 3, then 4"),
        (lambda _: 9, "its pages give 2 rows of 9"),
        (lambda _: None, "does not tell its meta/total"),
    ],
)
def test_pages_that_do_not_add_up(api, client, total, words):
    api.answer = tabular(api, [[{"a": "1"}], [{"a": "2"}]], total)
    with pytest.raises(SourceError, match=words):
        rows(client, source("tabular", api, resource="r"))


@pytest.mark.parametrize(
    ("following", "words"),
    [
        ("http://elsewhere.example/x", "the next page is on another server: elsewhere.example"),
        ("{base}/again", "the same page comes again and again"),
    ],
)
def test_a_next_page_that_leads_astray(api, client, following, words):
    def answer(*_):
        links = {"next": following.format(base=api.base)}
        return {"data": [{"a": "1"}], "links": links, "meta": {"total": 9}}

    api.answer = answer
    with pytest.raises(SourceError, match=words):
        rows(client, source("tabular", api, resource="r"))


# OpenDataSoft


def test_an_export_names_its_columns_and_delimiter(api, client):
    told = source("opendatasoft", api, dataset="d", where="exer=2025", refine=["a:b"], format="csv")
    assert find_target(client, told).address == (
        f"{api.base}/api/explore/v2.1/catalog/datasets/d/exports/csv"
        "?use_labels=false&delimiter=%2C&where=exer%3D2025&refine=a%3Ab"
    )


def test_records_page_by_page(api, client):
    every = [{"n": number} for number in range(230)]

    def answer(_, query, __):
        first = int(query["offset"])
        return {"total_count": 230, "results": every[first : first + int(query["limit"])]}

    api.answer = answer
    told = source("opendatasoft", api, dataset="d", mode="pages")
    assert rows(client, told) == every
    assert [query["offset"] for _, query in api.asked] == ["0", "100", "200"]


def test_more_records_than_pages_can_give(api, client):
    api.answer = lambda *_: {"total_count": 10_001, "results": [{"n": 1}]}
    with pytest.raises(SourceError, match="has 10,001 rows, and pages end at 10,000"):
        rows(client, source("opendatasoft", api, dataset="d", mode="pages"))


# Melodi


def test_statuses_of_melodi_are_kept(api, client):
    def observation(geo, value, status):
        return {
            "dimensions": {"GEO": geo, "TIME_PERIOD": "2021"},
            "measures": {"OBS_VALUE_NIVEAU": {"value": value}},
            "attributes": {"OBS_STATUS": "A", "CONF_STATUS": status},
        }

    def answer(path, *_):
        last = path == "/next"
        told = observation("2024-COM-01002", None, "C") if last else None
        return {
            "observations": [told or observation("2024-COM-01001", 1.5, "F")],
            "paging": {"isLast": last, "next": None if last else f"{api.base}/next"},
        }

    api.answer = answer
    told = source("melodi", api, dataset="DS", filters={"GEO": "COM"})
    first, second = rows(client, told)
    assert first["OBS_VALUE"] == 1.5
    assert (second["OBS_VALUE"], second["CONF_STATUS"]) == (None, "C")  # secret, not missing
    assert api.asked[0][1]["GEO"] == "COM"


# geo.api.gouv.fr


def test_a_list_of_geo_api(api, client):
    told = source("geo", api, path="communes", fields=["code", "nom"])
    assert find_target(client, told).address == f"{api.base}/communes?fields=code,nom&format=json"


# Cube


@pytest.fixture
def cube_source(api, monkeypatch):
    monkeypatch.setattr(cube, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr(cube, "PAGE_ROWS", 2)
    monkeypatch.setenv("TOKEN_OF_TESTS", TOKEN)
    return source("cube", api, query={"measures": ["c.id_1"]}, token="token-of-tests")


def test_a_query_with_a_token_that_is_computed_first(api, client, cube_source):
    every = [{"c.id_1": number} for number in range(3)]
    waits = iter([True, False, False])

    def answer(_, query, headers):
        assert headers["Authorization"] == TOKEN
        if next(waits):
            return {"error": "Continue wait"}
        told = json.loads(query["query"])
        return {"data": every[told["offset"] : told["offset"] + told["limit"]]}

    api.answer = answer
    assert rows(client, cube_source) == every


@pytest.mark.parametrize("status", [200, 403])
def test_a_refusal_says_nothing_of_the_token(status, api, cube_source, caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    api.answer = lambda *_: (status, {"error": f"bad token {TOKEN}"})
    with pytest.raises(SourceError) as raised:
        fetch_source(Settings(tmp_path), cube_source, live=True)
    chain, error = [], raised.value
    while error:
        chain.append(f"{error!r} {error}")
        error = error.__cause__ or error.__context__
    written = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert TOKEN not in "\n".join([*chain, *written, caplog.text])


def test_a_token_that_is_nowhere(api, client, monkeypatch):
    monkeypatch.delenv("TOKEN_OF_TESTS", raising=False)
    told = source("cube", api, query={}, token="other-token")
    with pytest.raises(SourceError, match="needs the token other-token"):
        rows(client, told)
    remember_token("other-token", TOKEN)
    api.answer = lambda *_: {"data": []}
    assert rows(client, told) == []
    remember_token("other-token", "")
