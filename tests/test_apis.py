"""The public interfaces, on a server of loopback that answers as they do."""

import io
import json
import logging
import os
import re
import subprocess
import sys
import threading
import traceback
import zipfile
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
from flows.steps.fetch.live import fetch_edition
from flows.steps.fetch.tokens import remember_token
from project import ROOT, make_source

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
    return json.loads(b"".join(read_pages(client, source, None)))


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
    target = find_target(client, source("datagouv", api, dataset="d", format="csv", **told), None)
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
        find_target(client, told, None)


def test_a_dataset_that_was_taken_away(api, client):
    api.answer = lambda *_: (410, {"message": "Dataset has been deleted"})
    with pytest.raises(SourceError, match=r"x: cannot fetch .*/api/1/datasets/d/: 410 Gone"):
        find_target(client, source("datagouv", api, dataset="d", title="a", format="csv"), None)


def test_of_files_with_one_title_the_one_in_our_format_is_taken(api, client):
    first, newer, notice = DATASET["resources"]
    files = [
        {**first, "title": "liste", "format": "csv"},
        {**newer, "title": "liste", "format": "xlsx", "type": "main"},
        {**notice, "title": "liste", "format": "csv", "type": "documentation"},
        {"id": "none", "title": "liste", "format": "csv", "last_modified": "2026-01-01"},
    ]
    api.answer = lambda *_: {"resources": files}
    asked = {"dataset": "d", "title": "^liste$"}
    found = find_target(client, source("datagouv", api, format="csv", **asked), None)
    other = find_target(client, source("datagouv", api, format="ods", **asked), None)
    assert (found.modified, other.modified) == ("2023-01-01", "2024-06-01")


def test_each_edition_has_the_file_of_its_title(api, client):
    api.answer = lambda *_: DATASET
    asked = {"kind": "datagouv", "dataset": "d", "title": "^liste-{edition}", "base": api.base}
    told = make_source(api=asked, editions=[2023, 2024])
    found = [find_target(client, told, edition).modified for edition in told.addresses()]
    assert found == ["2023-01-01", "2024-06-01"]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"api": {"title": "liste-{edition}"}}, "editions: and {edition}"),
        ({"api": {"title": "liste"}, "editions": [2024]}, "editions: and {edition}"),
        ({"api": {"title": "liste("}}, "title: is no regular expression"),
        ({"api": {"kind": "tabular", "resource": "r"}}, "api: gives json as it stands here"),
        ({"api": {"kind": "melodi", "filters": {"GEO": "COM"}}}, "api: gives json as it stands"),
        ({"api": {"kind": "melodi", "file": "A", "filters": {"GEO": "COM"}}}, "file: is whole"),
    ],
)
def test_descriptions_that_cannot_be_meant(told, words):
    given = {"kind": "datagouv", **told["api"]}
    dataset = {} if given["kind"] == "tabular" else {"dataset": "d"}
    with pytest.raises(ValueError, match=words):
        make_source(**{**told, "api": given | dataset})


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


def test_an_empty_resource(api, client):
    api.answer = tabular(api, [[]])
    assert rows(client, source("tabular", api, resource="r")) == []


def breaking(pages, breaks):
    """*pages*, of which the second is answered by *breaks* as often as there are any."""
    left = list(breaks)

    def answer(path, query, headers):
        return left.pop(0) if query.get("page") == "2" and left else pages(path, query, headers)

    return answer


def test_a_server_that_is_asked_too_much_is_asked_again(api, client):
    every = [[{"a": "1"}], [{"a": "2"}], [{"a": "3"}]]
    api.answer = breaking(tabular(api, every), [(429, b"slow down")])
    assert rows(client, source("tabular", api, resource="r")) == [row for [row] in every]
    assert [query.get("page") for _, query in api.asked] == [None, "2", "2", "3"]


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ((500, b"no"), "500 Internal Server Error"),
        ((429, b"no"), "429 Too Many Requests"),
        (b"<html>An error</html>", "/api/resources/r/data/"),
        ({"errors": [{"title": "Database error"}]}, "gives no list of rows under data"),
        ({"data": [None], "meta": {"total": 3}}, "gives no list of rows under data"),
        (b'{"data": [{"a": "\\ud800"}], "links": {}, "meta": {"total": 2}}', "half a character"),
        (
            b'{"data": [{"a": 1e999}], "links": {}, "meta": {"total": 2}}',
            "number that is too large",
        ),
    ],
)
def test_nothing_is_kept_of_pages_that_break_off(api, client, tmp_path, broken, words):
    api.answer = breaking(tabular(api, [[{"a": "1"}], [{"a": "2"}]]), [broken] * 9)
    with pytest.raises(SourceError, match=words):
        fetch_edition(client, Settings(tmp_path), source("tabular", api, resource="r"), None)
    kept = [path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert kept == ["history.json"]  # that it was tried, and why it failed


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
    assert find_target(client, told, None).address == (
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


def test_no_record_at_all(api, client):
    api.answer = lambda *_: {"total_count": 0, "results": []}
    assert rows(client, source("opendatasoft", api, dataset="d", mode="pages")) == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda n: (250, 0), "the same page comes again and again"),  # the offset is not heeded
        (lambda n: (250 - n // 100, n), "its rows change while they are read: 250, then 249"),
        (lambda n: (250, 500 if n else 0), "its pages give 100 rows of 250"),
    ],
)
def test_records_that_do_not_add_up(api, client, answer, words):
    def page(_, query, __):
        total, first = answer(int(query["offset"]))
        return {"total_count": total, "results": [{"n": n} for n in range(250)][first:][:100]}

    api.answer = page
    with pytest.raises(SourceError, match=words):
        rows(client, source("opendatasoft", api, dataset="d", mode="pages"))


def test_more_records_than_pages_can_give(api, client):
    api.answer = lambda *_: {"total_count": 10_001, "results": [{"n": 1}]}
    with pytest.raises(SourceError, match="has 10,001 rows, and pages end at 10,000"):
        rows(client, source("opendatasoft", api, dataset="d", mode="pages"))


# Melodi: answers as its recordings in https://github.com/InseeFrLab/melodi show them


def observation(geo, value, attributes=None):
    """One has no attributes where its dataset has none."""
    measures = {} if value is None else {"OBS_VALUE_NIVEAU": {"value": value}}
    told = {"dimensions": {"GEO": geo, "TIME_PERIOD": "2021"}, "measures": measures}
    return {**told, "attributes": attributes} if attributes else told


def melodi(api, pages, count=None, is_last=True):
    """The pages of a dataset; `isLast` and `next` stand only where there are several."""

    def answer(path, query, _):
        number, paging = int(query.get("page", "1")), {"first": f"{api.base}{path}?page=1"}
        if query.get("totalCount") == "TRUE":
            paging["count"] = sum(map(len, pages)) if count is None else count(number)
        if number < len(pages):
            following = f"{api.base}{path}?maxResult=1&totalCount=TRUE&page={number + 1}"
            paging |= {"next": following} | ({"isLast": False} if is_last else {})
        elif len(pages) > 1 and is_last:
            paging["isLast"] = True
        return {"identifier": "DS", "observations": pages[number - 1], "paging": paging}

    return answer


FREE, SECRET = {"OBS_STATUS": "A", "CONF_STATUS": "F"}, {"OBS_STATUS": "A", "CONF_STATUS": "C"}


@pytest.mark.parametrize("is_last", [True, False])
def test_statuses_of_melodi_are_kept(api, client, is_last):
    pages = [
        [observation("2024-COM-01001", 1.5, FREE)],
        [observation("2024-COM-01002", None, SECRET), observation("2024-COM-2A004", 0)],
    ]
    api.answer = melodi(api, pages, is_last=is_last)

    told = rows(client, source("melodi", api, dataset="DS", filters={"GEO": "COM"}))

    assert told == [
        {"GEO": "2024-COM-01001", "TIME_PERIOD": "2021", "OBS_VALUE": 1.5, **FREE},
        {"GEO": "2024-COM-01002", "TIME_PERIOD": "2021", "OBS_VALUE": None, **SECRET},
        {"GEO": "2024-COM-2A004", "TIME_PERIOD": "2021", "OBS_VALUE": 0},
    ]
    asked = {"GEO": "COM", "maxResult": "10000", "totalCount": "TRUE"}
    assert api.asked[0] == ("/data/DS", asked)
    assert len(api.asked) == 2


@pytest.mark.parametrize("pages", [[[observation("2024-FRANCE-F", 3.0)]], [[]]])
def test_one_page_of_melodi(api, client, pages):
    api.answer = melodi(api, pages)
    assert len(rows(client, source("melodi", api, dataset="DS"))) == len(pages[0])


@pytest.mark.parametrize(
    ("pages", "count", "words"),
    [
        ([[1], [2]], lambda _: 3, "its pages give 2 rows of 3"),
        ([[1], [2]], lambda number: 1 + number, "its rows change while they are read: 2, then 3"),
        ([[1], [1], [2]], None, "the same page comes again and again"),
        ([[1], [], [2]], None, "its pages give 1 rows of 2"),
    ],
)
def test_pages_of_melodi_that_do_not_add_up(api, client, pages, count, words):
    api.answer = melodi(api, [[observation("F", each) for each in page] for page in pages], count)
    with pytest.raises(SourceError, match=words):
        rows(client, source("melodi", api, dataset="DS"))


def test_an_observation_of_two_measures_is_not_halved(api, client):
    two = {"dimensions": {}, "measures": {"OBS_VALUE_A": {"value": 1}, "OBS_VALUE_B": {"value": 2}}}
    api.answer = melodi(api, [[two]])
    with pytest.raises(SourceError, match="an observation has 2 measures"):
        rows(client, source("melodi", api, dataset="DS"))


def product(api, id_, format_, language="FR"):
    address = f"{api.base}/file/DS/{id_}"
    modified = "2025-11-28T11:51:35"
    told = {"id": id_, "format": format_, "language": language, "modified": modified}
    return {**told, "accessURL": address, "packageFormat": "application/zip"}


def test_the_zip_of_melodi_is_stored(api, client, tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("DS_data.csv", '"GEO";"OBS_VALUE"\n"é";1\n')
        file.writestr("DS_metadata.csv", '"COD_VAR";"LIB_VAR"\n')
    files = [product(api, "DS_CSV_FR", "CSV"), product(api, "DS_CSV_EN", "CSV", "EN")]
    catalogue = {"identifier": "DS", "product": [*files, product(api, "T1_FR", "XLSX")]}
    found = {"/catalog/DS": catalogue, "/file/DS/DS_CSV_FR": packed.getvalue()}
    api.answer = lambda path, *_: found[path]
    told = make_source(
        api={"kind": "melodi", "dataset": "DS", "base": api.base},
        csv={"delimiter": ";"},
        layout={"member": "*_data.csv"},
    )

    file = fetch_edition(client, Settings(tmp_path), told, None)

    assert file.path.read_bytes() == packed.getvalue()
    assert file.modified == "2025-11-28"


def test_one_of_several_files_of_melodi_by_edition(api, client):
    files = [product(api, f"DS_{year}_CSV_FR", "CSV") for year in (2023, 2024)]
    api.answer = lambda *_: {"product": files}
    asked = {"kind": "melodi", "dataset": "DS", "base": api.base}
    several = make_source(api=asked)
    told = make_source(api={**asked, "file": "_{edition}_"}, editions=[2023, 2024])
    assert find_target(client, told, 2023).address.endswith("/DS_2023_CSV_FR")
    with pytest.raises(SourceError, match="2 files of DS fit as csv, of DS_2023_CSV_FR, DS_2024_C"):
        find_target(client, several, None)


# geo.api.gouv.fr


def test_a_list_of_geo_api(api, client):
    told = source("geo", api, path="communes", fields=["code", "nom"])
    assert (
        find_target(client, told, None).address
        == f"{api.base}/communes?fields=code,nom&format=json"
    )


# Cube


@pytest.fixture
def cube_source(api, monkeypatch):
    monkeypatch.setattr(cube, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr(cube, "PAGE_ROWS", 2)
    monkeypatch.setenv("TOKEN_OF_TESTS", f"{TOKEN}\n")
    return source("cube", api, query=QUERY, token="token-of-tests")


QUERY = {
    "measures": ["bio_dpt.id_23"],
    "dimensions": ["bio_dpt.geocode_region"],
    "timeDimensions": [
        {"dimension": "bio_dpt.date_mesure", "granularity": "year"},
        {"dimension": "bio_dpt.depuis", "dateRange": ["2008-01-01", "2025-01-01"]},
        {"dimension": "bio_dpt.jusque", "granularity": None},  # a filter, no column
    ],
}


def bio_row(region, value):
    """Numbers come as numbers or as text, as the database has them."""
    return {
        "bio_dpt.geocode_region": region,
        "bio_dpt.date_mesure.year": "2008-01-01T00:00:00.000",
        "bio_dpt.date_mesure": "2008-01-01T00:00:00.000",
        "bio_dpt.id_23": value,
    }


BIO = [bio_row("01", 0.20999999999999996), bio_row("03", "8.97"), bio_row("é", None)]


def cube_server(every, total="as it is", most=None, waits=0):
    """A server which counts, gives at most so many rows a page, and computes first."""
    left = [waits]

    def answer(_, query, headers):
        assert headers["Authorization"] == TOKEN
        left[0] -= 1
        if left[0] >= 0:
            return {"error": "Continue wait", "stage": "Executing query", "timeElapsed": 0}
        told = json.loads(query["query"])
        size = min(told["limit"], most or told["limit"])
        page = {"query": told, "data": every[told["offset"] : told["offset"] + size]}
        assert told["total"] is True
        counted = len(every) if total == "as it is" else total(told["offset"])
        return page if counted is None else {**page, "total": counted}

    return answer


@pytest.mark.parametrize(
    ("server", "requests"),
    [
        ({"waits": 1}, 3),
        ({"total": lambda _: "3"}, 2),
        ({"most": 1}, 3),
        ({"most": 1, "total": lambda _: None}, 4),
    ],
)
def test_all_rows_of_a_query_come(api, client, cube_source, server, requests):
    api.answer = cube_server(BIO, **server)
    assert rows(client, cube_source) == BIO
    assert len(api.asked) == requests


def test_pages_of_a_query_are_in_an_order_without_ties(api, client, cube_source):
    api.answer = cube_server([])
    assert rows(client, cube_source) == []
    told = json.loads(api.asked[0][1]["query"])
    assert told["order"] == [["bio_dpt.date_mesure", "asc"], ["bio_dpt.geocode_region", "asc"]]
    assert {**told, **QUERY} == told


def test_a_query_of_one_row_needs_no_order(api, client, cube_source):
    api.answer = cube_server([{"bio_dpt.id_23": 1}])
    query = {"measures": ["bio_dpt.id_23"]}
    told = source("cube", api, query=query, token="token-of-tests")
    assert rows(client, told) == [{"bio_dpt.id_23": 1}]
    assert "order" not in json.loads(api.asked[0][1]["query"])


def test_a_limit_in_a_query_is_that_of_a_page(api, client, cube_source):
    api.answer = cube_server(BIO)
    query = {**QUERY, "limit": 1, "order": {"bio_dpt.geocode_region": "desc"}}
    told = source("cube", api, query=query, token="token-of-tests")
    assert rows(client, told) == BIO
    assert len(api.asked) == 3
    assert json.loads(api.asked[0][1]["query"])["order"] == {"bio_dpt.geocode_region": "desc"}


@pytest.mark.parametrize(
    ("server", "words"),
    [
        (cube_server(BIO, total=lambda _: 5), "its pages give 3 rows of 5"),
        (cube_server(BIO, total=lambda offset: 3 + offset), "its rows change .*: 3, then 5"),
        (cube_server(BIO, waits=99), "the server is still computing after"),
        (lambda *_: {"data": BIO[:2], "total": 9}, "the same page comes again and again"),
        (lambda *_: {"results": []}, "a page gives no list of rows under data"),
        (lambda *_: [], "the server answers no object"),
    ],
)
def test_a_query_that_is_not_answered_whole(api, client, cube_source, server, words):
    api.answer = server
    with pytest.raises(SourceError, match=words):
        rows(client, cube_source)


def leaky_page(*_):
    return {"data": BIO[:1], "total": 2, "note": TOKEN}


def leaky_then(answer):
    """A page, and then something else."""
    answers = iter([leaky_page])
    return lambda *told: next(answers, answer)(*told)


@pytest.mark.parametrize(
    "answer",
    [
        lambda *_: (403, {"error": f"bad token {TOKEN}"}),
        lambda *_: {"error": f"bad token {TOKEN}"},  # as Cube tells faults of a query
        lambda *_: {"error": {"message": f"no Bearer {TOKEN}"}},
        lambda *_: f"<html>{TOKEN}".encode(),
        leaky_then(lambda *_: (500, {"error": TOKEN})),
        leaky_then(lambda *_: {"data": [TOKEN]}),
    ],
)
def test_a_refusal_says_nothing_of_the_token(api, client, cube_source, caplog, tmp_path, answer):
    caplog.set_level(logging.DEBUG)
    api.answer = answer
    with pytest.raises(SourceError) as raised:
        fetch_edition(client, Settings(tmp_path), cube_source, None)
    chain, error = [], raised.value
    while error:
        chain += traceback.format_exception(error, chain=False)
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


# Under Prefect: a token that stands in a Secret block alone

INGEST = """
import logging, sys
from pathlib import Path
from flows.settings import Settings
from flows.temporary_prefect import temporary_server

root, token, name = Path(sys.argv[1]), sys.stdin.read(), "ecolab-token"
with temporary_server(Settings(root), meanwhile=lambda: None):
    from prefect.blocks.system import Secret
    from flows.pipeline import ingest_source
    logging.getLogger().setLevel(logging.DEBUG)
    state = ingest_source("innovation_labs", root, live=True, return_state=True)
    print(state.type.value)
    print(state.message)
    Secret(value=token).save(name)
    state = ingest_source("innovation_labs", root, live=True, return_state=True)
    print(state.type.value)
    state.result()
"""


def test_a_token_of_a_block_is_in_no_output_of_a_run(api, project, prefect_database):
    """First there is no block, then the server refuses its token and quotes it."""
    api.answer = lambda *_: {"error": f"no such user: {TOKEN}"}
    path = project.catalog / "sources" / "innovation_labs.yml"
    query = {"kind": "cube", "base": api.base, "token": "ecolab-token", "query": {}}
    text = re.sub(r"(?m)^snapshot: .*$", f"api: {json.dumps(query)}", path.read_text())
    path.write_text(re.sub(r"(?m)^format: .*$", "format: json", text))

    prefect_database(project.data / "prefect")
    told = {
        k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "JALON_", "ECOLAB_"))
    }
    quiet = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    command = [sys.executable, "-c", INGEST, str(project.root)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**told, **quiet, "PREFECT_LOGGING_LEVEL": "DEBUG"},
        input=TOKEN,
        text=True,
        capture_output=True,
        timeout=180,
        check=False,
    )

    said = done.stdout + done.stderr
    assert re.findall(r"(?m)^FAILED$", done.stdout) == ["FAILED", "FAILED"], said
    assert "set ECOLAB_TOKEN, or save a Prefect Secret block named ecolab-token" in said
    assert "the server refuses the query: no such user: ***" in said  # it was asked with the token
    assert TOKEN not in said
    # The database of Prefect holds the block, and holds it encrypted.
    for path in project.root.rglob("*"):
        assert not path.is_file() or TOKEN.encode() not in path.read_bytes(), path
