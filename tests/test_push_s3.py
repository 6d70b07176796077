"""Push to storage that speaks S3: a real server on loopback, refusing, losing answers, killed."""

import hashlib
import json
import os
import random
import threading

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)

from faulty import Faulty, at, serve, since
from flows.catalog.destinations import S3
from flows.errors import PushError
from flows.media_types import served_type_of
from flows.settings import Settings
from pushing import files_of, make_release, push, start_alone

FILES = {"data/a.csv": "code\n01001\n", "data/same.csv": "code\n", "index.html": "<p>x"}
NEWER = {"data/b.csv": "code\n01002\n", "data/same.csv": "code\n", "index.html": "<p>y"}
SECRET = "s3cr3t/of-the+bucket"


class Handler(MotoRequestHandler):
    def log(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def server():
    with pytest.MonkeyPatch.context() as env:
        env.setenv("JALON_S3_KEY", "AKIDEXAMPLE")
        env.setenv("JALON_S3_SECRET", SECRET)
        env.setenv("AWS_MAX_ATTEMPTS", "1")  # a fault is one: the tests of retries say otherwise
        faulty = Faulty(DomainDispatcherApplication(create_backend_app), "Credential=reader/")
        with serve(faulty, Handler) as faulty.address:
            yield faulty


class Store:
    """One bucket as readers see it."""

    def __init__(self, server, name):
        self.server, self.name = server, name
        self.client = boto3.client(
            "s3",
            endpoint_url=server.address,
            region_name="us-east-1",
            aws_access_key_id="reader",
            aws_secret_access_key="reader",
        )
        self.client.create_bucket(Bucket=name)

    def to(self, **changes):
        body = {
            "name": "bucket",
            "kind": "s3",
            "bucket": self.name,
            "prefix": "jalon/",
            "endpoint": self.server.address,
            "access_key": "jalon-s3-key",
            "secret_key": "jalon-s3-secret",
        }
        return S3.model_validate(body | changes)

    def objects(self):
        told = self.client.list_objects_v2(Bucket=self.name).get("Contents", [])
        return {each["Key"]: self.read(each["Key"]) for each in told}

    def read(self, key):
        with self.client.get_object(Bucket=self.name, Key=key)["Body"] as body:
            return body.read()

    def head(self, key):
        return self.client.head_object(Bucket=self.name, Key=key)

    def pointer(self):
        try:
            return json.loads(self.read("jalon/latest.json"))
        except ClientError:
            return None

    def is_whole(self, folder):
        """Whether every file that the sums of *folder* name is there, and is what they say."""
        try:
            sums = self.read(f"{folder}SHA256SUMS").decode().splitlines()
            told = dict(reversed(line.split("  ", 1)) for line in sums)
            found = {path: self.read(folder + path) for path in told}
        except ClientError:
            return False
        return all(hashlib.sha256(found[path]).hexdigest() == told[path] for path in told)

    def look(self):
        """What a reader may rely on, by either way: it must always hold."""
        pointer = self.pointer()
        if pointer is None:
            return None
        assert self.is_whole("jalon/" + pointer["path"])
        if not pointer["changing"]:
            whole = self.is_whole("jalon/latest/")
            assert whole or self.pointer() != pointer  # it began to change while we read
        return pointer["release"]


@pytest.fixture
def store(server, request):
    server.reset()
    name = hashlib.sha256(request.node.name.encode()).hexdigest()[:30]
    return Store(server, name)


@pytest.fixture
def settings(tmp_path):
    return Settings(tmp_path / "project")


def test_a_release_stands_under_its_own_address_and_under_latest(settings, store):
    release = make_release(settings, "2026-11-25", FILES)
    (release / "notes.txt").write_text("not among the sums")
    (settings.public / "releases/index.json").write_text("[]")

    done, told = push(settings, store.to())

    (release / "notes.txt").unlink()
    sent = files_of(release)
    objects = store.objects()
    pointer = json.loads(objects.pop("jalon/latest.json"))
    assert objects.pop("jalon/releases/index.json") == b"[]"
    homes = ("jalon/releases/2026-11-25/", "jalon/latest/")
    assert objects == {home + path: body for home in homes for path, body in sent.items()}
    assert pointer == {
        "release": "2026-11-25",
        "path": "releases/2026-11-25/",
        "sha256sums": hashlib.sha256(sent["SHA256SUMS"]).hexdigest(),
        "changing": False,
    }
    assert done.changes == 7 + 1 + 7 + 1 + 1 + 1
    assert told[-1] == "✔ send releases/index.json (0.0 MB)"


def test_what_is_said_of_each_object(settings, store):
    make_release(settings, "2026-11-25", FILES)
    push(settings, store.to(acl="public-read"))
    release = store.head("jalon/releases/2026-11-25/data/a.csv")
    assert release["ContentType"] == "text/csv; charset=utf-8"
    assert release["CacheControl"] == "public, max-age=31536000, immutable"
    assert release["Metadata"]["sha256"] == hashlib.sha256(b"code\n01001\n").hexdigest()
    assert "ContentEncoding" not in release
    for key in ("jalon/latest/data/a.csv", "jalon/latest.json"):
        assert store.head(key)["CacheControl"] == "no-cache"
    assert store.head("jalon/latest/data/a.csv")["ContentType"] == "text/csv; charset=utf-8"
    grants = store.client.get_object_acl(Bucket=store.name, Key="jalon/latest/data/a.csv")["Grants"]
    assert "READ" in {g["Permission"] for g in grants if "AllUsers" in g["Grantee"].get("URI", "")}


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("data/a.parquet", "application/vnd.apache.parquet"),
        ("data/a.csv.gz", "application/gzip"),
        ("boundaries/a.topojson", "application/json"),
        ("catalog.ttl", "text/turtle; charset=utf-8"),
        ("SHA256SUMS", "text/plain; charset=utf-8"),
        ("jalon.duckdb", "application/octet-stream"),
        ("a.folder/file", "application/octet-stream"),
    ],
)
def test_media_types(path, media_type):
    assert served_type_of(path) == media_type


def test_pushed_again_nothing_is_written(server, settings, store):
    make_release(settings, "2026-11-25", FILES)
    push(settings, store.to())
    server.reset()
    done, told = push(settings, store.to())
    assert (done.changes, told) == (0, [])
    assert server.writes() == []
    assert len(server.asked) == 3  # two listings and the pointer


def test_of_a_newer_release_what_is_unchanged_is_not_copied_to_latest(server, settings, store):
    make_release(settings, "2026-11-25", FILES)
    push(settings, store.to())
    make_release(settings, "2026-11-26", NEWER)
    server.reset()
    _, planned = push(settings, store.to(), dry_run=True)
    assert server.writes() == []

    push(settings, store.to())

    home = f"/{store.name}/jalon/"
    written = [(method, path.removeprefix(home)) for method, path in server.writes()]
    names = ("index.html", "jalon.duckdb", "jalon.duckdb.sha256", "manifest.json")
    top = [("PUT", f"latest/{name}") for name in names]
    assert len(written) == len(planned) - 2  # the checks only read
    assert written[7] == ("PUT", "latest.json")  # before anything of latest/ changes
    assert written[8] == ("PUT", "latest/data/b.csv")
    assert sorted(written[9:13]) == top
    assert written[13:] == [
        ("PUT", "latest/SHA256SUMS"),
        ("PUT", "latest.json"),
        ("DELETE", "latest/data/a.csv"),
    ]
    assert written[6] == ("PUT", "releases/2026-11-26/SHA256SUMS")
    assert "would send releases/2026-11-26/data/b.csv (0.0 MB)" in planned
    assert store.look() == "2026-11-26"
    assert store.is_whole("jalon/releases/2026-11-25/")


def test_an_older_release_is_put_back(settings, store):
    make_release(settings, "2026-11-25", FILES)
    push(settings, store.to())
    make_release(settings, "2026-11-26", NEWER)
    push(settings, store.to())
    push(settings, store.to(), name="2026-11-25")
    assert store.look() == "2026-11-25"
    assert store.read("jalon/latest/data/a.csv") == b"code\n01001\n"


def test_what_was_changed_there_is_mended(settings, store):
    make_release(settings, "2026-11-25", FILES)
    push(settings, store.to())
    home = {"Bucket": store.name}
    store.client.put_object(**home, Key="jalon/latest/index.html", Body=b"<p>z")
    store.client.put_object(**home, Key="jalon/releases/2026-11-25/index.html", Body=b"<p>z")
    store.client.put_object(**home, Key="jalon/releases/2026-11-25/more.html", Body=b"<p>z")
    store.client.put_object(**home, Key="jalon/latest.json", Body=b"not JSON")
    store.client.put_object(**home, Key="other/file", Body=b"of someone else")
    push(settings, store.to())
    assert store.look() == "2026-11-25"
    assert store.is_whole("jalon/releases/2026-11-25/")
    assert "jalon/releases/2026-11-25/more.html" not in store.objects()
    assert store.read("other/file") == b"of someone else"


def test_another_release_of_that_name_is_left_alone(settings, store):
    other = Settings(settings.root.parent / "other")
    make_release(other, "2026-11-25", NEWER)
    push(other, store.to())
    before = store.objects()
    make_release(settings, "2026-11-25", FILES)
    with pytest.raises(PushError, match="2026-11-25/ is another release of that name"):
        push(settings, store.to())
    assert store.objects() == before


def test_an_etag_that_is_no_hash_is_not_trusted(server, settings, store, monkeypatch):
    """As of storage that encrypts with its own keys: what was noted at the sending tells."""
    from flows.push import bucket

    monkeypatch.setattr(bucket, "md5_of", lambda file: "0" * 32)
    release = make_release(settings, "2026-11-25", {"index.html": "<p>x"})
    to = bucket.Bucket(store.to())
    stored = bucket.Stored(4, "1" * 32)
    file = push_file(settings, "index.html")
    store.client.put_object(Bucket=store.name, Key="jalon/a", Body=b"<p>x")
    assert not to.is_same("a", stored, file)
    noted = {"sha256": file.sha256}
    store.client.put_object(Bucket=store.name, Key="jalon/a", Body=b"<p>x", Metadata=noted)
    assert to.is_same("a", stored, file)
    assert release.is_dir()


def push_file(settings, path):
    from flows.push.outgoing import find_outgoing

    return next(file for file in find_outgoing(settings, None).files if file.path == path)


# Refusals


def refused(settings, to):
    with pytest.raises(PushError) as caught:
        push(settings, to)
    assert SECRET not in str(caught.value)
    return str(caught.value)


def test_refusals_name_the_destination_the_object_and_what_to_do(settings, store):
    make_release(settings, "2026-11-25", FILES)
    said = refused(settings, store.to(bucket="nowhere"))
    assert said.startswith("bucket: nowhere/jalon/releases/2026-11-25/: refused with NoSuchBucket")
    assert "make the bucket" in said
    said = refused(settings, store.to(endpoint="http://127.0.0.1:9"))
    assert "no answer (EndpointConnectionError) (push again" in said


def test_a_secret_that_is_not_there_is_named(settings, store, monkeypatch):
    make_release(settings, "2026-11-25", FILES)
    said = refused(settings, store.to(secret_key="other-secret"))
    hint = "set OTHER_SECRET, or save a Prefect Secret block named other-secret"
    assert said == f"bucket: needs the secret other-secret, and has none ({hint})"


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret_key": SECRET},
        {"access_key": "AKIDEXAMPLE"},
        {"endpoint": "https://key:secret@s3.example.org"},
        {"prefix": "no-slash"},
        {"bucket": "No_Bucket"},
    ],
)
def test_a_secret_in_place_of_its_name_is_refused(wrong, store):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        store.to(**wrong)


# Faults


def final_state(settings, store):
    """What an undisturbed push of both releases leaves."""
    make_release(settings, "1", FILES)
    push(settings, store.to())
    make_release(settings, "2", NEWER)
    push(settings, store.to())
    return store.objects()


def fail_from_any_request_on(server, settings, store, fault_of, step=1):
    """The push fails in words, readers see one release, and the next push does the rest."""
    wanted = final_state(settings, store)
    for number in range(1, 100, step):
        again = Store(server, f"{store.name}-{number}")
        push(settings, again.to(), name="1")
        server.reset(since(number, fault_of(number)))
        try:
            push(settings, again.to())
        except PushError as error:
            assert "push again" in str(error)  # noqa: PT017
        else:
            return number
        server.reset()
        assert again.look() in ("1", "2")
        push(settings, again.to())
        assert again.look() == "2"
        assert again.objects() == wanted
    return None


def test_a_server_that_fails_from_any_request_on(server, settings, store):
    asked = fail_from_any_request_on(
        server, settings, store, lambda n: ("refuse", "lose")[n % 2], step=3
    )
    assert asked > 20


@pytest.mark.soak
@pytest.mark.parametrize("fault", ["refuse", "lose"])
def test_a_server_that_fails_in_either_way_from_any_request_on(fault, server, settings, store):
    assert fail_from_any_request_on(server, settings, store, lambda _: fault) > 20


def test_one_failing_request_is_tried_again_by_itself(server, settings, store, monkeypatch):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    make_release(settings, "2026-11-25", FILES)
    server.reset(at(6, "refuse"))
    push(settings, store.to())
    assert store.look() == "2026-11-25"


def kill_again_and_again(server, settings, store, numbers):
    """Killed once a request has been done, and before the push hears of it."""
    make_release(settings, "0", FILES)
    push(settings, store.to())
    for turn, number in enumerate(numbers, start=1):
        make_release(settings, str(turn), NEWER if turn % 2 else FILES)
        server.reset()
        over, seen = threading.Event(), []
        reader = threading.Thread(target=look_all_the_time, args=[store, over, seen])
        with start_alone(settings, store.to(), "flows.push.s3") as running:
            reader.start()
            server.reset(at(number, "kill"), client=running.pid)
            running.stdin.write("\n")
            running.stdin.flush()
            running.communicate()
        over.set()
        reader.join()
        server.reset()
        assert set(seen) <= {str(turn - 1), str(turn)}
        assert store.look() in (str(turn - 1), str(turn))
        push(settings, store.to())
        assert store.look() == str(turn)
        assert store.is_whole("jalon/latest/")


def look_all_the_time(store, over, seen):
    while not over.is_set():
        seen.append(store.look())


def test_killed_at_seeded_requests_readers_see_one_release(server, settings, store):
    chance = random.Random(20261125)
    kill_again_and_again(server, settings, store, [chance.randrange(4, 40) for _ in range(3)])


@pytest.mark.soak
def test_killed_at_sixty_requests(server, settings, store):
    chance = random.Random(int(os.environ.get("JALON_SEED", "1")))
    kill_again_and_again(server, settings, store, [chance.randrange(1, 60) for _ in range(60)])
