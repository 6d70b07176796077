"""What servers do wrong, and what comes of it: the table of docs/faults.md, row by row."""

import logging
import re
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.errors import SourceError
from flows.steps.fetch.hosts import Host, Hosts
from flows.steps.fetch.http import Client, Validators, shared_client
from flows.steps.fetch.judge import read_retry_after
from flows.steps.fetch.limits import Limits
from flows.steps.fetch.redirects import is_public
from misbehaving import (
    ARCHIVED,
    CONTENTS,
    CSV,
    DATE,
    PACKED,
    PACKED_TWICE,
    ROUTES,
    SQUEEZED,
    STRONG,
    ZIP,
    misbehave,
)
from project import ROOT

LIMITS = Limits(
    connect_seconds=0.5,
    read_seconds=0.4,
    answer_seconds=0.6,
    slow_seconds=0.6,
    slow_bytes_per_second=500,
    max_bytes=100_000,
    max_unpacked_bytes=1_000_000,
    max_json_bytes=50_000,
    attempts=3,
    resumes=10,
    backoff_seconds=0.01,
    retry_after_seconds=2,
    requests_per_second=10_000,
    connections_per_host=4,
)
RIGHT = "right data"
KEPT_PACKED = {
    "packed": PACKED,
    "packed-twice": PACKED_TWICE,
    "zipped": ZIP,
    "squeezed": SQUEEZED,
    "archived": ARCHIVED,
}


class Row(NamedTuple):
    fault: str
    server: str
    outcome: str
    path: str
    expects: str = "csv"


BROKE = "the connection broke after"
NO_MARK = "no ETag or Last-Modified tells how to go on"
CHANGED = "the file has changed while it was being read"
RANGE = "a wrong Content-Range"
EMPTY = "the answer is empty"
SLOW = "the server sends too slowly"
PRIVATE = "which is a private address"
DAMAGED = "a gzip file that is damaged"

ROWS = [
    # What is allowed, though unusual
    Row("none", "sends the file with its length", RIGHT, "whole"),
    Row("chunks", "sends the file in chunks", RIGHT, "chunked"),
    Row("no length", "sends the file and closes", RIGHT, "without-length"),
    Row("wrong type", "calls a CSV text/html", RIGHT, "called-html"),
    Row("gzip unasked", "packs the answer with Content-Encoding gzip", RIGHT, "packed-on-the-way"),
    # Connections that break
    Row("break", "breaks off half-way, then honours Range", RIGHT, "break"),
    Row("break, dated", "the same with Last-Modified alone", RIGHT, "break-dated"),
    Row("reset", "resets the connection half-way, then honours Range", RIGHT, "reset"),
    Row(
        "break in chunks", "breaks off between chunks, then honours Range", RIGHT, "chunked-resumed"
    ),
    Row("stall", "falls silent half-way, then honours Range", RIGHT, "silent-once"),
    Row("breaks again and again", "gives 1,000 bytes at a time", RIGHT, "range-short"),
    Row("break, then busy", "breaks off, then answers 503 once", RIGHT, "break-busy"),
    Row("Range ignored", "breaks off, then sends the same file whole", RIGHT, "break-no-range"),
    Row(
        "Range ignored, dated",
        "the same with Last-Modified and length alone",
        RIGHT,
        "break-no-range-dated",
    ),
    Row("file replaced", "breaks off, then sends a file of another ETag", CHANGED, "break-other"),
    Row(
        "file grown",
        "breaks off, then sends a file of the same date and another length",
        CHANGED,
        "break-other-length",
    ),
    Row("no validator", "breaks off, and had given no ETag or date", NO_MARK, "break-unknown"),
    Row("weak ETag", "breaks off, and had given a weak ETag alone", NO_MARK, "break-weak"),
    Row("break at one place", "breaks off at the same byte each time", BROKE, "break-always"),
    Row("file removed", "breaks off, then answers 404", "404 Not Found", "break-gone"),
    Row("Range refused", "breaks off, then answers 416", "416 Range", "break-unsatisfied"),
    Row("wrong part", "answers Range with other bytes", RANGE, "range-wrong"),
    Row("part without its place", "answers 206 without Content-Range", RANGE, "range-missing"),
    Row("part of another file", "answers 206 with another ETag", CHANGED, "range-other-etag"),
    Row("part of a longer file", "answers 206 with another length", CHANGED, "range-other-size"),
    Row("no answer, once", "closes without answering, once", RIGHT, "drop-once"),
    Row("no answer", "closes without answering, always", "closed connection without", "drop"),
    Row("reset at once", "resets each connection", "Connection reset by peer", "reset-always"),
    Row("nobody listens", "refuses the connection", "Connection refused", "REFUSED"),
    Row("nobody accepts", "lets the connection hang", "timed out", "FULL"),
    Row("chunks cut", "closes before the last chunk", BROKE, "chunked-cut"),
    Row("chunks without size", "writes a word for the size of a chunk", BROKE, "chunked-wrong"),
    Row("headers cut", "closes within the headers", EMPTY, "head-cut"),
    Row("no HTTP", "answers good morning", "BadStatusLine good morning", "nonsense"),
    Row("too many headers", "sends 200 headers", "got more than 100 headers", "headers-many"),
    Row("too long a header", "sends a header of 70 kB", "got more than 65536", "header-long"),
    # Lengths
    Row("length too short", "sends more than it announces", "more bytes than its", "length-short"),
    Row("length too long", "sends less than it announces", BROKE, "length-long"),
    Row("length in words", "announces many bytes", "is no number", "length-word"),
    Row("negative length", "announces -5 bytes", "is no number", "length-negative"),
    Row("two lengths", "announces two lengths", "multiple unmatching values", "length-two"),
    Row("too large", "announces 10 GB", "over the 100,000 that we take", "huge"),
    Row("endless", "sends chunks for ever", "over the 100,000 bytes that we take", "endless"),
    Row(
        "unknown transfer",
        "answers with Transfer-Encoding squeezed",
        "Transfer-Encoding squeezed, which nobody asked for",
        "transfer-unknown",
    ),
    # Statuses
    Row("bad request", "answers 400", "400 Bad Request", "400"),
    Row("unauthorised", "answers 401", "401 Unauthorized", "401"),
    Row("forbidden", "answers 403", "403 Forbidden", "403"),
    Row("not found", "answers 404", "404 Not Found", "404"),
    Row("gone", "answers 410", "410 Gone", "410"),
    Row("range refused at once", "answers 416", "416 Range Not Satisfiable", "416"),
    Row("too many requests", "answers 429, once", RIGHT, "429-once"),
    Row("server error", "answers 500, once", RIGHT, "500-once"),
    Row("bad gateway", "answers 502, once", RIGHT, "502-once"),
    Row("unavailable", "answers 503, once", RIGHT, "503-once"),
    Row("gateway timeout", "answers 504, once", RIGHT, "504-once"),
    Row("unavailable for ever", "answers 503, always", "503 Service Unavailable", "503"),
    Row("wait a second", "answers 429 with Retry-After of 1 s", RIGHT, "wait-a-little"),
    Row("wait until past", "answers 503 with a Retry-After of yesterday", RIGHT, "wait-past"),
    Row("wait an hour", "asks to wait 3,600 s", "asks to wait 3,600 s, over the 2 s", "wait-long"),
    Row("wait until tomorrow", "gives a date in Retry-After", "and asks to wait 86,", "wait-until"),
    Row("wait soon", "writes a word in Retry-After", "503 Service Unavailable", "wait-nonsense"),
    Row("accepted", "answers 202", "202 Accepted, which brings no file", "202"),
    Row("no content", "answers 204", "204 No Content, which brings no file", "no-content"),
    Row("reset content", "answers 205", "205 Reset Content, which brings no file", "205"),
    Row("part unasked", "answers 206", "where the whole file was asked", "206"),
    Row("choices", "answers 300", "300 Multiple Choices", "300"),
    Row("unchanged unasked", "answers 304", "where we hold no file", "not-modified"),
    # Something else than the file
    Row("page", "sends an HTML page with 200", "an HTML page where csv is expected", "page"),
    Row("page in disguise", "calls an HTML page text/csv", "an HTML page where", "page-called-csv"),
    Row("piece of a page", "sends a fragment of HTML", "an HTML page where csv", "fragment"),
    Row("page for ODS", "sends a page for a spreadsheet", "an HTML page where ods", "page", "ods"),
    Row("XML", "sends an XML error with 200", "an XML document where csv is expected", "xml"),
    Row("JSON error", "sends a JSON error with 200", "a JSON document where csv", "json-error"),
    Row("text for JSON", "sends a sentence for JSON", "a text where json", "text", "json"),
    Row("PDF", "sends a PDF", "a PDF document where csv is expected", "pdf"),
    Row("text for XLSX", "sends a CSV for XLSX", "a text where xlsx is expected", "whole", "xlsx"),
    Row("XLSX for XLS", "sends an XLSX for XLS", "(XLSX) where xls is", "whole-xlsx", "xls"),
    Row("XLSX for CSV", "sends an XLSX for CSV", "(XLSX) where csv is expected", "whole-xlsx"),
    Row("ODS for XLSX", "sends an ODS for XLSX", "(ODS) where xlsx is", "whole-ods", "xlsx"),
    Row("text for Parquet", "sends a CSV for Parquet", "a text where parquet", "whole", "parquet"),
    Row("text for GPKG", "sends a CSV for GeoPackage", "a text where gpkg", "whole", "gpkg"),
    Row("empty", "sends nothing with 200", EMPTY, "empty"),
    Row("blank", "sends blank lines", EMPTY, "blank"),
    Row("JSON cut", "ends within a JSON", "a JSON document that ends early", "json-cut", "json"),
    Row("Parquet cut", "ends before PAR1", "a Parquet file that ends", "parquet-cut", "parquet"),
    Row("ZIP cut", "ends before a ZIP does", "(XLSX) that ends early", "zip-cut", "xlsx"),
    Row("gzip cut", "ends before a gzip does", "a gzip file that ends early", "packed-cut"),
    Row("gzip damaged", "sends a gzip of a wrong CRC", DAMAGED, "packed-damaged"),
    Row("gzip and more", "adds bytes to a gzip", "other bytes after its end", "packed-and-more"),
    Row("packed page", "packs an HTML page", "an HTML page where csv", "packed-page"),
    Row("packed twice", "packs a gzip again", "a gzip file within a gzip", "packed-in-packed"),
    Row("packed nothing", "packs an empty file", EMPTY, "packed-nothing"),
    Row("gzip bomb", "packs 2 MB into 2 kB", "with over 1,000,000 bytes in it", "packed-bomb"),
    Row("coding cut", "ends within its gzip", "Content-Encoding of gzip that ends", "coded-cut"),
    Row("coding damaged", "packs wrongly", "of gzip that is damaged", "coded-damaged"),
    Row("coding bomb", "packs 2 MB on the way", "with over 100,000 bytes in it", "coded-bomb"),
    Row("coding br", "uses Content-Encoding br", "which nobody asked for", "coded-strangely"),
    Row("coding feigned", "says gzip and does not pack", "gzip that is damaged", "coded-not"),
    # Slowness
    Row("drip", "sends 20 bytes a second", SLOW, "drip-body"),
    Row("headers drip", "never ends its headers", "no whole answer within 0.6 s", "drip-head"),
    Row("chunk size drips", "never ends the size of a chunk", SLOW, "drip-chunk-size"),
    Row("silence", "never answers", "timed out", "silent"),
    Row("silence after headers", "sends headers and no body", BROKE, "silent-body"),
    # Redirects
    Row("moved, 301", "redirects", RIGHT, "moved-301"),
    Row("moved, 302", "redirects", RIGHT, "moved-302"),
    Row("moved, 303", "redirects", RIGHT, "moved-303"),
    Row("moved, 307", "redirects", RIGHT, "moved-307"),
    Row("moved, 308", "redirects", RIGHT, "moved-308"),
    Row("moved, relative", "redirects by a relative path", RIGHT, "moved-relative"),
    Row("moved, same server", "redirects by a whole address", RIGHT, "moved-absolute"),
    Row("five redirects", "redirects five times", RIGHT, "moved-3"),
    Row("six redirects", "redirects six times", "more than 5 redirects", "moved-2"),
    Row("round", "redirects in a circle", "redirects that go round", "moved-round"),
    Row("to TLS", "redirects to https", "a redirect from http to https", "moved-https"),
    Row("to a file", "redirects to file:", "a redirect from http to file", "moved-file"),
    Row("with a password", "redirects to user:pass@", "brings a user and password", "moved-user"),
    Row("nowhere", "redirects without Location", "leads nowhere", "moved-nowhere"),
    Row("to nonsense", "redirects to http://[1/", "what is no address", "moved-nonsense"),
    Row("to localhost", "redirects to localhost by name", PRIVATE, "moved-name"),
    Row("to another port", "redirects to another port of itself", PRIVATE, "moved-port"),
    Row("to a private network", "redirects to 10.0.0.1", PRIVATE, "moved-inside"),
    Row("to the cloud", "redirects to 169.254.169.254", PRIVATE, "moved-cloud"),
    Row("to a number", "redirects to 2130706433", PRIVATE, "moved-decimal"),
    Row("to IPv6", "redirects to ::ffff:127.0.0.1", PRIVATE, "moved-v6"),
    Row("moved and gone", "redirects to a 404", "404 Not Found at http", "moved-gone"),
    # Formats as they should be
    Row("gzip", "sends a CSV in gzip", RIGHT, "packed"),
    Row("gzip in two", "sends two gzip members and zeros", RIGHT, "packed-twice"),
    Row("ZIP of a CSV", "sends a ZIP for a CSV", RIGHT, "zipped"),
    Row("bzip2 of a CSV", "sends a bzip2 for a CSV", RIGHT, "squeezed"),
    Row("tar of a CSV", "sends a tar.gz for a CSV", RIGHT, "archived"),
    *(Row(kind, f"sends {kind}", RIGHT, f"whole-{kind}", kind) for kind in CONTENTS),
]


@pytest.fixture(scope="module")
def client():
    """The patience of tests; one for all, as it is for all threads."""
    return Client(LIMITS)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    with misbehave() as server:
        yield server


def read(client, url, **named):
    with client.open("x", url, **named) as answer:
        return b"".join(answer.pieces)


@pytest.fixture
def full():
    """The address of a port whose queue is full, so that no connection comes to stand."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        waiting = []
        for _ in range(4):
            each = socket.socket()
            each.setblocking(False)
            each.connect_ex(address)
            waiting.append(each)
        yield f"http://127.0.0.1:{address[1]}/"
        for each in waiting:
            each.close()


def find_address(path, server, request):
    if path == "FULL":
        return request.getfixturevalue("full")
    return "http://127.0.0.1:1/" if path == "REFUSED" else f"{server.url}/{path}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault)
def test_fault(row, client, server, request):
    address = find_address(row.path, server, request)
    if row.outcome == RIGHT:
        data = read(client, address, expects=row.expects)
        assert data == KEPT_PACKED.get(row.path, CONTENTS[row.expects])
        return
    with pytest.raises(SourceError, match=re.escape(row.outcome)) as raised:
        read(client, address, expects=row.expects)
    subject, problem, hint = raised.value.args
    assert (subject, bool(hint)) == ("x", True)
    assert problem.startswith(f"cannot fetch {address}: ")
    assert problem.count(address) == 1 or "redirects" in problem
    assert "\n" not in problem


def test_the_table_for_people_is_this_one():
    text = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    lines = [line.strip("| ") for line in text.splitlines() if line.startswith("| ")]
    told = [tuple(re.split(r"\s+\|\s+", line)) for line in lines[2:]]
    assert told == [(row.fault, row.server, row.outcome) for row in ROWS]
    assert len({row.fault for row in ROWS}) == len(ROWS)


# What is told of a file


def test_a_file_that_we_hold_is_not_sent_again(client, server):
    held = Validators('"one"', DATE)
    ROUTES["held"] = lambda to: to.head("304 Not Modified") if asks(to, held) else to.answer()
    with client.open("x", f"{server.url}/held", known=held) as answer:
        assert answer.unchanged
        assert list(answer.pieces) == []
        assert answer.validators == held


def asks(to, held):
    told = (to.headers.get("if-none-match"), to.headers.get("if-modified-since"))
    return told == (held.etag, held.last_modified)


def test_another_file_comes_with_its_own_validators(client, server):
    with client.open("x", f"{server.url}/whole", known=Validators(etag='"old"')) as answer:
        assert not answer.unchanged
        assert (answer.validators, answer.modified) == (Validators(None, DATE), "2026-08-04")
        assert b"".join(answer.pieces) == CSV


@pytest.mark.parametrize("kind", CONTENTS)
def test_any_table_may_be_asked_for(client, server, kind):
    assert read(client, f"{server.url}/whole-{kind}", expects="any") == CONTENTS[kind]
    with pytest.raises(SourceError, match="an HTML page where any is expected"):
        read(client, f"{server.url}/page", expects="any")


def test_where_redirects_lead_is_told_without_secrets(client, server):
    ROUTES["far"] = lambda to: to.answer(b"", "302 Found", Location="/whole?token=hush&page=2")
    with client.open("x", f"{server.url}/far") as answer:
        assert answer.address == f"{server.url}/whole?token=***&page=2"
        assert b"".join(answer.pieces) == CSV


# Secrets


@pytest.mark.parametrize("path", ["403", "503", "drop", "break-unknown", "page", "moved-https"])
def test_no_secret_is_told(client, server, caplog, path):
    caplog.set_level(logging.DEBUG)
    address = f"{server.url}/{path}?api_key=hushhush&page=1"
    with pytest.raises(SourceError) as raised:
        read(client, address, headers={"Authorization": "Bearer mumsword"})
    chain, error = [], raised.value
    while error is not None:
        chain.append(f"{error} {error.args}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    told = "\n".join([*chain, caplog.text])
    assert "page=1" in told
    assert "hushhush" not in told
    assert "mumsword" not in told


def test_a_header_that_cannot_be_sent_is_not_quoted(client, server):
    with pytest.raises(SourceError, match="the request cannot be written") as raised:
        read(client, f"{server.url}/whole", headers={"Authorization": "mumsword\nX: y"})
    assert "mumsword" not in repr(raised.value.__context__)


def test_secrets_go_to_no_other_server(server):
    with misbehave() as other:
        ROUTES["away"] = lambda to: to.answer(b"", "302 Found", Location=f"{other.url}/whole")
        client = Client(LIMITS, inside=[("127.0.0.1", other.port)])
        headers = {"Authorization": "Bearer mumsword", "X-Api-Key": "k", "Accept": "text/csv"}
        assert read(client, f"{server.url}/away", headers=headers) == CSV
        (_, seen), (_, sent) = server.asked[0], other.asked[0]
    assert seen["authorization"] == "Bearer mumsword"
    assert sent["accept"] == "text/csv"
    assert not {"authorization", "x-api-key"} & set(sent)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::a00:1", False),
    ],
)
def test_which_addresses_are_public(address, public):
    assert is_public(address) is public


# Turns


def test_a_host_gets_no_more_connections_than_allowed(server):
    now, most, lock = [0], [0], threading.Lock()

    def busy(to):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.03)
        with lock:
            now[0] -= 1
        to.answer()

    ROUTES["busy"] = busy
    client = Client(Limits(connections_per_host=2, requests_per_second=1000))
    with ThreadPoolExecutor(12) as pool:
        read_one = lambda _: read(client, f"{server.url}/busy")  # noqa: E731
        assert list(pool.map(read_one, range(12))) == [CSV] * 12
    assert most == [2]


def test_requests_to_a_host_keep_their_distance(server):
    client = Client(Limits(requests_per_second=20))
    begin = time.monotonic()
    for _ in range(5):
        read(client, f"{server.url}/whole")
    assert time.monotonic() - begin >= 4 / 20


class Time:
    """A clock that nothing but sleep moves on, and when a turn came."""

    def __init__(self):
        self.now, self.turns = 100.0, []

    def sleep(self, seconds):
        self.now += seconds

    def take(self, host, count):
        for _ in range(count):
            with host.turn():
                self.turns.append(self.now - 100)


def test_requests_come_at_the_rate_of_the_host_without_a_burst():
    told = Time()
    host = Host(1, 0.5, clock=lambda: told.now, sleep=told.sleep)
    told.take(host, 3)
    assert told.turns == [0, 2, 4]
    told.now += 60  # what was not used is not saved up
    told.take(host, 2)
    assert told.turns[3:] == [64, 66]
    host.rest(30)
    told.take(host, 2)
    assert told.turns[5:] == [96, 98]


@given(rate=st.floats(0.1, 100), pauses=st.lists(st.floats(0, 20), max_size=30))
def test_no_window_holds_more_requests_than_the_rate(rate, pauses):
    told = Time()
    host = Host(1, rate, clock=lambda: told.now, sleep=told.sleep)
    for pause in pauses:
        told.now += pause
        told.take(host, 1)
    assert all(after - before > 1 / rate - 1e-6 for before, after in pairwise(told.turns))


def test_the_quota_of_a_host_holds_where_it_is_lower_than_ours():
    hosts = Hosts(Limits(requests_per_second=10, quotas={"few.example": 0.5, "many.example": 50}))
    port = {"https": 443, "http": 80}
    few, many, any_ = (
        hosts["https", f"{name}.example", 443]._gap for name in ("few", "many", "any")
    )
    assert (few, many, any_) == (2, 0.1, 0.1)
    assert len({hosts[scheme, "few.example", port[scheme]] for scheme in port}) == 1
    assert hosts["http", "few.example", 8080] is not hosts["http", "few.example", 80]
    assert Hosts(Limits())["https", "api.insee.fr", 443]._gap == 2  # 30 a minute


def test_threads_share_the_rate_of_a_host():
    waits = []  # where time stands still, each turn is told how far away it is
    host = Host(8, 0.5, clock=lambda: 100.0, sleep=waits.append)

    def take(_):
        with host.turn():
            pass

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, range(40)))
    assert sorted(waits) == [2 * number for number in range(40)]


def test_to_wait_for_a_turn_is_no_fault_of_the_server(server):
    told = {"answer_seconds": 0.9, "read_seconds": 0.9, "attempts": 1}
    client = Client(Limits(**told, connections_per_host=3, quotas={"127.0.0.1": 2}))
    begin = time.monotonic()
    with ThreadPoolExecutor(3) as pool:
        read_one = lambda _: read(client, f"{server.url}/whole")  # noqa: E731
        assert list(pool.map(read_one, range(3))) == [CSV] * 3
    assert time.monotonic() - begin >= 1  # longer than any answer may take


def test_a_host_is_left_alone_for_as_long_as_it_asks(client, server):
    begin = time.monotonic()
    assert read(client, f"{server.url}/wait-a-little") == CSV
    assert time.monotonic() - begin >= 1


def test_the_time_of_whoever_reads_is_not_that_of_the_server(client, server):
    with client.open("x", f"{server.url}/chunked") as answer:
        first = next(answer.pieces)
        time.sleep(0.6)
        assert first + b"".join(answer.pieces) == CSV


def test_a_file_left_half_read_gives_its_connection_back(server):
    client = Client(Limits(connections_per_host=1))
    for _ in range(3):
        with client.open("x", f"{server.url}/chunked") as answer:
            next(answer.pieces)
    assert read(client, f"{server.url}/whole") == CSV


def test_a_process_has_one_client():
    assert shared_client() is shared_client()


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (None, None),
        ("7", 7),
        ("-7", None),
        ("soon", None),
        ("Tue, 04 Aug 2026 10:11:12 GMT", 72),
        ("Tue, 04 Aug 2020 10:11:12 GMT", 0),
    ],
)
def test_how_long_a_server_asks_to_wait(told, seconds):
    assert read_retry_after(told, datetime(2026, 8, 4, 10, 10, 0, tzinfo=UTC)) == seconds


# JSON


def test_json_is_asked_with_its_parameters(client, server):
    ROUTES["api"] = lambda to: to.answer(b'{"a": [1, 2.5, null]}')
    params = {"page": 2, "q": ["a b", "é"], "none": None}
    assert client.get_json("x", f"{server.url}/api?z=1", params=params) == {"a": [1, 2.5, None]}
    (path, headers) = server.asked[0]
    assert path == "/api?z=1&page=2&q=a+b&q=%C3%A9"
    assert headers["accept"] == "application/json"


def test_json_that_breaks_off_is_asked_again(client, server):
    def breaking(to):
        to.answer(b"[1, 2]" if to.times == 3 else b"[1", Content_Length=6)

    ROUTES["breaking"] = breaking
    assert client.get_json("x", f"{server.url}/breaking") == [1, 2]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"a": 1, "a": 2}', "names a key twice"),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": 1]}', "no JSON"),
        (b'{"a": "\xff"}', "no JSON"),
        (b"[" * 10_000 + b"]" * 10_000, "no JSON"),
        (b"[" + b"1," * 30_000 + b"1]", "over the 50,000"),
        (b"<html>", "an HTML page where json is expected"),
    ],
)
def test_what_is_no_json_is_refused(client, server, body, message):
    ROUTES["no-json"] = lambda to: to.answer(body)
    with pytest.raises(SourceError, match=message):
        client.get_json("x", f"{server.url}/no-json")


def test_a_token_among_parameters_is_not_told(client, server):
    with pytest.raises(SourceError, match=r"403 Forbidden") as raised:
        client.get_json("x", f"{server.url}/403", params={"token": "hushhush", "page": 3})
    assert "token=***&page=3" in str(raised.value)


# Any breaks


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    breaks=st.lists(st.integers(0, len(CSV)), max_size=6),
    ranges=st.lists(st.booleans(), min_size=7, max_size=7),
    is_chunked=st.booleans(),
)
def test_wherever_a_connection_breaks_the_bytes_are_those_of_the_file(
    client, server, breaks, ranges, is_chunked
):
    """Each answer ends at the next of *breaks*, and honours Range or sends all again."""
    ends, honours = [*sorted(breaks), len(CSV)], iter(ranges)

    def breaking(to):
        is_part = "range" in to.headers and next(honours, True)
        start = int(to.headers["range"][6:-1]) if is_part else 0
        end = ends.pop(0)
        to.head("206 Part" if is_part else "200 OK", describe(is_part, start, is_chunked))
        for piece in (CSV[start:end],) if end > start else ():
            to.chunk(piece) if is_chunked else to.send(piece)
        if is_chunked and end == len(CSV):
            to.chunk(b"")

    ROUTES["breaking-anywhere"] = breaking
    patient = Client(Limits(attempts=8, backoff_seconds=0, requests_per_second=10_000))
    assert read(patient, f"{server.url}/breaking-anywhere") == CSV


def describe(is_part, start, is_chunked):
    told = dict(STRONG)
    if is_part:
        told["Content-Range"] = f"bytes {start}-{len(CSV) - 1}/{len(CSV)}"
    length = {"Content-Length": len(CSV) - start}
    return told | ({"Transfer-Encoding": "chunked"} if is_chunked else length)
