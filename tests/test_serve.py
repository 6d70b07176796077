"""`jalon serve` on loopback: what it answers, and what nobody can make it answer."""

import csv
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest
from jsonschema import Draft202012Validator

from flows.publish.api.shapes import schema_of
from flows.publish.release import point_latest, write_sums
from serving import Client, serving

FRANCE = "/api/v1/territories/FRA.json"


@pytest.fixture(scope="module")
def client(ran) -> Iterator[Client]:
    with serving(ran[0].public) as client:
        yield client


@pytest.fixture(scope="module")
def release(ran) -> Path:
    return ran[1].release


@pytest.fixture
def public(tmp_path: Path) -> Path:
    """Two tiny releases, and `latest` on the first."""
    for name in ("2026-01-01", "2026-01-02"):
        folder = tmp_path / "public" / "releases" / name
        (folder / "data").mkdir(parents=True)
        (folder / "index.html").write_text(f"<p>{name}</p>", encoding="utf-8")
        (folder / "data" / "big.csv").write_text(f"{name}\n" * 40_000, encoding="utf-8")
        write_sums(folder)
    point_latest(tmp_path / "public", tmp_path / "public" / "releases" / "2026-01-01")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    return tmp_path / "public"


def observations(client: Client, query: str) -> list[dict]:
    answer = client.ask(f"/api/v1/query?{query}")
    assert answer.status == 200, answer.body
    body = json.loads(answer.body)
    Draft202012Validator(schema_of("page")).validate(body)
    return body["observations"]


# Files


def test_a_file_is_what_stands_on_the_disk_with_the_hash_that_its_release_tells(client, release):
    answer = client.ask(FRANCE)
    body = (release / FRANCE[1:]).read_bytes()
    assert (answer.status, answer.body) == (200, body)
    assert answer.headers["etag"] == f'"{hashlib.sha256(body).hexdigest()}"'
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-length"] == str(len(body))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-location"] == f"/releases/{release.name}{FRANCE}"


def test_the_same_file_at_each_of_its_addresses(client, release):
    fixed = client.ask(f"/releases/{release.name}{FRANCE}")
    assert client.ask(FRANCE).body == client.ask(f"/latest{FRANCE}").body == fixed.body
    assert "immutable" in fixed.headers["cache-control"]
    assert "immutable" not in client.ask(FRANCE).headers["cache-control"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/data/observations.parquet", "application/vnd.apache.parquet"),
        ("/boundaries/region_small.topojson", "application/json"),
        ("/catalog.ttl", "text/turtle; charset=utf-8"),
        ("/catalog.jsonld", "application/ld+json"),
        ("/api/v1/feeds/population.atom", "application/atom+xml"),
        ("/jalon.duckdb", "application/octet-stream"),
        ("/data/territories.csv", "text/csv; charset=utf-8"),
        ("/SHA256SUMS", "text/plain; charset=utf-8"),
        ("/llms.txt", "text/plain; charset=utf-8"),
    ],
)
def test_media_types(client, path, kind):
    answer = client.ask(path, "HEAD")
    assert (answer.status, answer.headers["content-type"]) == (200, kind)


def test_packed_csv_wasm_and_strange_names(tmp_path):
    release = tmp_path / "public" / "releases" / "2026-01-01"
    release.mkdir(parents=True)
    for name in ("a.csv.gz", "a.wasm", "a.geojson", "a.unknown"):
        (release / name).write_bytes(b"x")
    point_latest(tmp_path / "public", release)
    with serving(tmp_path / "public") as client:
        kinds = [
            client.ask(f"/{path.name}").headers["content-type"]
            for path in sorted(release.iterdir())
        ]
        packed = client.ask("/a.csv.gz", accept_encoding="gzip")
    assert kinds == [
        "application/gzip",
        "application/geo+json",
        "application/octet-stream",
        "application/wasm",
    ]
    assert packed.headers["content-encoding"] is None
    assert packed.body == b"x"


def test_parts_of_a_file(client, release):
    path = "/data/observations.parquet"
    body = (release / path[1:]).read_bytes()
    end = client.ask(path, range="bytes=-4")
    assert (end.status, end.body) == (206, b"PAR1")
    assert end.headers["content-range"] == f"bytes {len(body) - 4}-{len(body) - 1}/{len(body)}"
    assert client.ask(path, range="bytes=10-19").body == body[10:20]
    assert client.ask(path, range=f"bytes={len(body) - 5}-").body == body[-5:]
    assert client.ask(path, range=f"bytes=0-{len(body) * 2}").body == body
    two = client.ask(path, range="bytes=0-3,10-12")
    assert two.status == 206
    assert two.headers["content-type"].startswith("multipart/byteranges")
    assert two.body.count(b"PAR1") == 1


def test_a_part_beyond_the_end_is_refused_with_the_size(client, release):
    size = (release / "data" / "territories.csv").stat().st_size
    answer = client.ask("/data/territories.csv", range=f"bytes={size}-")
    assert answer.status == 416
    assert answer.headers["content-range"] == f"bytes */{size}"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_part_of_what_has_changed_is_the_whole(client):
    etag = client.ask(FRANCE).headers["etag"]
    assert client.ask(FRANCE, range="bytes=0-3", if_range=etag).status == 206
    assert client.ask(FRANCE, range="bytes=0-3", if_range='"other"').status == 200
    assert client.ask(FRANCE, range="bytes=0-3", if_range=f"W/{etag}").status == 200


def test_what_is_known_is_not_sent_again(client):
    etag = client.ask(FRANCE).headers["etag"]
    for told in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        answer = client.ask(FRANCE, if_none_match=told)
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", etag)
    assert client.ask(FRANCE, if_none_match='"x"').status == 200
    modified = client.ask(FRANCE).headers["last-modified"]
    assert client.ask(FRANCE, if_modified_since=modified).status == 304
    assert client.ask(FRANCE, if_modified_since=modified, if_none_match='"x"').status == 200


def test_gzip_is_negotiated_has_a_tag_of_its_own_and_never_meets_a_range(client):
    plain, packed = client.ask(FRANCE), client.ask(FRANCE, accept_encoding="br, gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2
    assert packed.headers["etag"] != plain.headers["etag"]
    assert "accept-encoding" in plain.headers["vary"]
    again = client.ask(FRANCE, accept_encoding="gzip", if_none_match=packed.headers["etag"])
    assert again.status == 304
    part = client.ask(FRANCE, accept_encoding="gzip", range="bytes=0-3")
    assert (part.status, part.headers["content-encoding"]) == (206, None)
    assert part.body == plain.body[:4]
    for told in ("gzip;q=0", "identity", "br", "*;q=0"):
        assert client.ask(FRANCE, accept_encoding=told).headers["content-encoding"] is None
    packed = client.ask("/data/observations.parquet", accept_encoding="gzip")
    assert packed.headers["content-encoding"] is None


def test_head_and_options_and_what_is_not_allowed(client):
    head = client.ask(FRANCE, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == client.ask(FRANCE).headers["content-length"]
    asked = client.ask(
        FRANCE, "OPTIONS", origin="https://a.example", access_control_request_headers="range"
    )
    assert asked.status == 204
    assert "range" in asked.headers["access-control-allow-headers"]
    assert asked.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = client.ask(FRANCE, method)
        assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_every_answer_may_be_read_from_anywhere_and_runs_nothing(client):
    for path in (FRANCE, "/nothing", "/", "/api/v1/query?indicator=x"):
        headers = client.ask(path).headers
        assert headers["access-control-allow-origin"] == "*"
        assert headers["x-content-type-options"] == "nosniff"
        assert "content-security-policy" in headers
    assert "etag" in client.ask(FRANCE).headers["access-control-expose-headers"]
    assert "sandbox" in client.ask(FRANCE).headers["content-security-policy"]
    assert "sandbox" not in client.ask("/").headers["content-security-policy"]
    worker = client.ask("/assets/console.js").headers["content-security-policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in worker


def test_a_page_and_a_folder_without_its_slash(client, public):
    assert client.ask("/").headers["content-type"] == "text/html; charset=utf-8"
    assert client.ask("/latest/").body == client.ask("/").body
    (public / "latest" / "fr").mkdir()
    (public / "latest" / "fr" / "index.html").write_text("bonjour", encoding="utf-8")
    with serving(public) as other:
        answer = other.ask("/fr")
        assert (answer.status, answer.headers["location"]) == (307, "fr/")
        assert other.ask("/fr/").body == b"bonjour"
        assert other.ask("/latest").headers["location"] == "latest/"
        assert other.ask("/data/").status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/%2e%2e/secret.txt",
        "/latest/../../secret.txt",
        "/releases/2026-01-01/../../../secret.txt",
        "/releases/../../secret.txt",
        "/releases/..%2f..%2fsecret.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "//secret.txt",
        "/%2fetc%2fpasswd",
        "/data/big.csv%00.html",
        "/.hidden",
        "/releases/.draft/index.html",
        "/out.txt",
        "/away/secret.txt",
        "/releases/link/index.html",
        "/releases/nothing/index.html",
        "/releases/",
        "/index.html/",
        "/index.html/more",
        "/" + "a" * 5000,
    ],
)
def test_nothing_beside_what_is_published_is_ever_served(public, path):
    release = public / "releases" / "2026-01-01"
    (release / ".hidden").write_text("secret", encoding="utf-8")
    (release / "out.txt").symlink_to(public.parent / "secret.txt")
    (release / "away").symlink_to(public.parent)
    (public / "releases" / ".draft").mkdir()
    (public / "releases" / ".draft" / "index.html").write_text("secret", encoding="utf-8")
    (public.parent / "elsewhere").mkdir()
    (public.parent / "elsewhere" / "index.html").write_text("secret", encoding="utf-8")
    (public / "releases" / "link").symlink_to(public.parent / "elsewhere")
    with serving(public) as client:
        answer = client.ask(path)
    assert answer.status == 404
    assert b"secret" not in answer.body
    assert str(public).encode() not in answer.body


def test_latest_out_of_public_is_not_followed(public):
    (public.parent / "elsewhere").mkdir()
    (public.parent / "elsewhere" / "index.html").write_text("secret", encoding="utf-8")
    (public / "latest").unlink()
    (public / "latest").symlink_to(public.parent / "elsewhere")
    with serving(public) as client:
        assert client.ask("/").status == 404


def test_the_list_and_feed_of_releases_stand_beside_them(public):
    (public / "releases" / "index.json").write_text("[]", encoding="utf-8")
    with serving(public) as client:
        answer = client.ask("/releases/index.json")
        assert (answer.status, answer.body) == (200, b"[]")
        assert "immutable" not in answer.headers["cache-control"]
        (public / "releases" / "index.json").write_text("[1]", encoding="utf-8")
        again = client.ask("/releases/index.json", if_none_match=answer.headers["etag"])
        assert (again.status, again.body) == (200, b"[1]")


def test_latest_moves_between_requests_and_each_answer_is_of_one_release(public):
    releases = [public / "releases" / name for name in ("2026-01-01", "2026-01-02")]
    with serving(public) as client:
        first = client.ask("/data/big.csv")
        point_latest(public, releases[1])
        second = client.ask("/data/big.csv", if_none_match=first.headers["etag"])
        assert (second.status, second.body[:10]) == (200, b"2026-01-02")
        # What was begun on the old release goes on there, or starts anew: never half of each.
        part = client.ask("/data/big.csv", range="bytes=11-20", if_range=first.headers["etag"])
        assert (part.status, part.body) == (200, second.body)
        old = client.ask(first.headers["content-location"], range="bytes=11-20")
        assert (old.status, old.body) == (206, b"2026-01-01")
        index = client.ask("/")
        assert index.body == b"<p>2026-01-02</p>"


def test_a_download_goes_on_while_its_release_is_replaced(public):
    with serving(public) as client:
        url = f"http://127.0.0.1:{client.port}/data/big.csv"
        with urllib.request.urlopen(url) as response:
            start = response.read(11)
            point_latest(public, public / "releases" / "2026-01-02")
            rest = response.read()
    assert start + rest == b"2026-01-01\n" * 40_000


def test_nothing_is_published_yet(tmp_path):
    (tmp_path / "public").mkdir()
    with serving(tmp_path / "public") as client:
        assert client.ask("/").status == 404
        assert client.ask("/api/v1/query").status == 404
        assert client.ask("/releases/index.json").status == 404


# Queries


def test_a_query_gives_the_rows_of_the_table(client, small):
    told = observations(client, "indicator=population&territory=COM-35238,DEP-35&limit=100")
    rows = small.execute("""
        select territory_id, period, value, numerator, coverage, obs_status
        from indicators.observations
        where indicator = 'population' and territory_id in ('COM-35238', 'DEP-35')
        order by territory_id, indicator, period""").fetchall()
    names = ("territory_id", "period", "value", "numerator", "coverage", "obs_status")
    assert [tuple(each[name] for name in names) for each in told] == rows
    assert {each["name"] for each in told} == {"Rennes", "Ille-et-Vilaine"}


def test_level_and_period_and_repeated_parameters(client):
    told = observations(client, "indicator=population&level=region&level=country&period=2023")
    assert {each["level"] for each in told} == {"region", "country"}
    assert {each["period"] for each in told} == {"2023"}


def test_pages_follow_one_another_and_give_every_row_once(client, small):
    path, found = "query?indicator=road_deaths&limit=101", []
    while path:
        answer = client.ask(f"/api/v1/{path}")
        body = json.loads(answer.body)
        found += [(each["territory_id"], each["period"]) for each in body["observations"]]
        path = body["next"]
        assert (f'<{path}>; rel="next"' if path else None) == answer.headers["link"]
    rows = small.execute("""
        select territory_id, period from indicators.observations
        where indicator = 'road_deaths' order by all""").fetchall()
    assert found == rows
    assert len(found) > 200


def test_csv_and_parquet_hold_the_same_rows(client, tmp_path):
    query = "indicator=women_councillors_share&level=epci"
    told = observations(client, query)
    answer = client.ask(f"/api/v1/query?{query}&format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8"))))
    assert [row["territory_id"] for row in rows] == [each["territory_id"] for each in told]
    values = [float(row["value"]) if row["value"] else None for row in rows]
    assert values == [each["value"] for each in told]
    answer = client.ask(f"/api/v1/query?{query}&format=parquet")
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    path = tmp_path / "rows.parquet"
    path.write_bytes(answer.body)
    assert duckdb.sql(f"select value from '{path}'").fetchall() == [(v,) for v in values]


def test_a_name_in_a_csv_is_no_formula(release, public):
    path = public / "latest" / "jalon.duckdb"
    shutil.copy(release / "jalon.duckdb", path)
    with duckdb.connect(str(path)) as con:
        con.execute("update territories set name = '=1+1' where territory_id = 'FRA'")
    query = "indicator=population&territory=FRA&limit=1"
    with serving(public) as client:
        assert observations(client, query)[0]["name"] == "=1+1"
        rows = client.ask(f"/api/v1/query?{query}&format=csv").body.decode("utf-8")
    assert next(csv.DictReader(io.StringIO(rows)))["name"] == "'=1+1"


def test_what_is_hidden_stays_hidden(client, small):
    hidden = small.execute("""
        select territory_id, indicator from indicators.observations
        where obs_status = 'Q' order by all limit 1""").fetchone()
    told = observations(client, f"territory={hidden[0]}&indicator={hidden[1]}")
    cell = next(each for each in told if each["obs_status"] == "Q")
    assert (cell["value"], cell["numerator"], cell["conf_status"]) == (None, None, "C")


@pytest.mark.parametrize(
    ("query", "parameter", "says"),
    [
        ("indicator=populatoin", "indicator", "population"),
        ("indicator=", "indicator", "empty"),
        ("level=canton", "level", "departement"),
        ("territory=COM-99999", "territory", "not known"),
        ("territory=REG-42", "territory", "REG-44"),
        ("indicator=population&period=1999", "period", "2023"),
        ("format=xml", "format", "parquet"),
        ("format=csv&format=json", "format", "more than once"),
        ("limit=0", "limit", "10000"),
        ("limit=10001", "limit", "10000"),
        ("limit=%D9%A3", "limit", "10000"),
        ("limit=99999999999999999999", "limit", "10000"),
        ("after=x", "after", "link"),
        ("sql=select", "sql", "territory"),
        ("territory=" + ",".join(f"COM-{n:05}" for n in range(101)), "territory", "100"),
        ("indicator=" + quote("population' or 1=1 --"), "indicator", "not known"),
        ("indicator=" + quote("x'; drop table observations; --"), "indicator", "not known"),
        (
            "territory=" + quote("x') union select * from read_csv('/etc/passwd')"),
            "territory",
            "known",
        ),
        ("indicator=" + "x" * 5000, "indicator", "…"),
    ],
)
def test_a_wrong_query_is_told_what_would_do(client, query, parameter, says):
    answer = client.ask(f"/api/v1/query?{query}")
    body = json.loads(answer.body)
    assert (answer.status, body["parameter"]) == (400, parameter)
    assert says in json.dumps(body, ensure_ascii=False)
    Draft202012Validator(schema_of("refusal")).validate(body)


def test_marks_of_a_page_are_values_and_nothing_else(client):
    mark = quote("x' or 1=1 --~y~z")
    assert observations(client, f"indicator=population&after={mark}") == []


def test_a_query_is_conditional_too_and_each_release_has_its_own(client, release):
    path = "/api/v1/query?indicator=population&territory=FRA"
    etag = client.ask(path).headers["etag"]
    assert client.ask(path, if_none_match=etag).status == 304
    fixed = client.ask(f"/releases/{release.name}{path}")
    assert fixed.body == client.ask(path).body == client.ask(f"/latest{path}").body
    assert "immutable" in fixed.headers["cache-control"]
    assert client.ask(f"/releases/nothing{path}").status == 404
    assert client.ask(path, "OPTIONS").status == 204
    assert client.ask(path, "HEAD").body == b""
    assert client.ask(path, "POST").status == 405


def test_the_database_reads_nothing_else_and_writes_nothing(release, tmp_path):
    from flows.serve.store import Store

    store = Store(release)
    try:
        for query in (
            "select * from read_text('/etc/passwd')",
            f"copy (select 1) to '{tmp_path / 'x.csv'}'",
            f"attach '{tmp_path / 'x.duckdb'}'",
            "set enable_external_access = true",
            "drop table observations",
            "install httpfs",
        ):
            with pytest.raises(duckdb.Error):
                store.rows(query, {})
    finally:
        store.close()
    assert not list(tmp_path.iterdir())


def test_a_query_that_takes_too_long_is_stopped(release, monkeypatch):
    from flows.serve import store as stores

    monkeypatch.setattr(stores, "SECONDS", 0.2)
    store = stores.Store(release)
    try:
        with pytest.raises(stores.TooLongError):
            store.rows("select count(*) from range(1000000000) a, range(1000000) b", {})
        assert store.rows("select 1", {}) == [(1,)]
    finally:
        store.close()


def test_when_many_ask_at_once_the_last_are_told_to_wait(ran, monkeypatch):
    from flows.serve import query

    asked, go_on = threading.Event(), threading.Event()
    read = query.read_query

    def read_slowly(*arguments):
        asked.set()
        assert go_on.wait(30)
        return read(*arguments)

    monkeypatch.setattr(query, "read_query", read_slowly)
    monkeypatch.setattr(query, "AT_ONCE", 1)
    monkeypatch.setattr(query, "WAITING", 0)
    path = "/api/v1/query?indicator=population&limit=1"
    with serving(ran[0].public) as client, ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.ask, path)
        assert asked.wait(30)
        second = client.ask(path)
        assert (second.status, second.headers["retry-after"]) == (503, "5")
        assert client.ask(FRANCE).status == 200  # files do not wait for queries
        go_on.set()
        assert first.result().status == 200
        assert client.ask(path).status == 200


def test_a_release_without_its_database_says_so(public):
    with serving(public) as client:
        answer = client.ask("/api/v1/query?indicator=population")
        assert answer.status == 503
        assert str(public).encode() not in answer.body
        (public / "latest" / "jalon.duckdb").write_bytes(b"no database")
        assert client.ask("/api/v1/query").status == 503
        assert client.ask("/").status == 200


# The command


def test_the_command_serves_on_loopback_until_it_is_stopped(ran):
    command = [sys.executable, "-m", "flows", "--root", str(ran[0].root), "serve", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        address = re.search(r"http://127\.0\.0\.1:\d+/", run.stdout.readline())[0]
        with urllib.request.urlopen(f"{address}api/v1/territories/FRA.json") as response:
            assert json.load(response)["level"] == "country"
        busy = subprocess.run(
            [*command[:-1], address.rsplit(":", 1)[1].strip("/")],
            capture_output=True,
            text=True,
            check=False,
        )
        assert busy.returncode == 1
        assert "--port" in busy.stderr
        assert "Traceback" not in busy.stderr
        run.send_signal(signal.SIGINT)
        assert run.wait(30) == 0
        assert "Traceback" not in run.stderr.read()


def test_the_command_says_what_to_do_where_nothing_is_published(project):
    environment = os.environ | {"JALON_ROOT": str(project.root)}
    run = subprocess.run(
        [sys.executable, "-m", "flows", "serve"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert run.returncode == 2
    assert "jalon run publishes" in run.stderr
