"""Push to a folder: what is sent and what is not, one step for readers, killed, full, damaged."""

import os
import random
import resource
import shutil
import subprocess
import sys
import threading
from itertools import count

import duckdb
import pytest
from click.testing import CliRunner

from flows.catalog import load_catalog
from flows.catalog.destinations import Folder
from flows.cli import jalon
from flows.errors import CatalogError, MachineError, PushError
from flows.files import write_json
from flows.publish.release import is_whole, write_seal
from flows.push.push import inspect_destinations
from flows.settings import Settings
from flows.state import describe_inputs, lock_file
from project import ROOT
from pushing import files_of, make_release, many_files, push, push_alone

FILES = {"data/a.csv": "code\n01001\n", "index.html": "<p>x", "reports/a/report.md": "# a"}


@pytest.fixture
def settings(tmp_path):
    return Settings(tmp_path / "project")


@pytest.fixture
def there(tmp_path):
    """The folder of the destination."""
    return tmp_path / "there"


@pytest.fixture
def to(there):
    return Folder(name="shared", kind="folder", path=str(there))


def test_a_release_is_sent_whole_and_nothing_else(settings, to, there):
    release = make_release(settings, "2026-11-25", FILES)
    sent = files_of(release)
    (release / "notes.txt").write_text("not among the sums")
    (release / "data/warehouse.duckdb").write_text("nor this")
    (settings.public / "releases/index.json").write_text('{"releases": ["2026-11-25"]}')
    (settings.public / "releases/.index.json.1.part").write_text("half")

    done, told = push(settings, to)

    listing = {"index.json": b'{"releases": ["2026-11-25"]}'}
    assert files_of(there / "releases/2026-11-25") == sent
    assert files_of(there / "releases") == listing | {f"2026-11-25/{k}": v for k, v in sent.items()}
    assert (there / "latest").readlink().as_posix() == "releases/2026-11-25"
    assert is_whole(there / "latest")
    assert str(done) == "shared: release 2026-11-25, 3 changes, 0.0 MB"
    assert told == [
        "✔ copy releases/2026-11-25: 7 files (0.0 MB)",
        "✔ point latest at releases/2026-11-25",
        "✔ copy releases/index.json (0.0 MB)",
    ]


def marks(folder):
    return {path: (s.st_ino, s.st_mtime_ns) for path in folder.rglob("*") if (s := path.lstat())}


def test_pushed_again_nothing_is_written(settings, to, there):
    make_release(settings, "2026-11-25", FILES)
    push(settings, to)
    before = marks(there)
    done, told = push(settings, to)
    assert (done.changes, told, marks(there)) == (0, [], before)
    assert str(done) == "shared: release 2026-11-25 is there already, nothing to change"


def test_a_dry_run_tells_what_would_change_and_changes_nothing(settings, to, there):
    make_release(settings, "2026-11-25", FILES)
    done, told = push(settings, to, dry_run=True)
    assert told == [
        "would copy releases/2026-11-25: 7 files (0.0 MB)",
        "would point latest at releases/2026-11-25",
    ]
    assert done.changes == 2
    assert not there.exists()


def test_a_newer_release_stands_beside_the_older_which_can_be_put_back(settings, to, there):
    make_release(settings, "2026-11-25", FILES)
    push(settings, to)
    make_release(settings, "2026-11-26", FILES | {"data/a.csv": "code\n01002\n"})
    push(settings, to)
    assert (there / "latest/data/a.csv").read_text() == "code\n01002\n"
    assert is_whole(there / "releases/2026-11-25")

    _, told = push(settings, to, name="2026-11-25")

    assert told == ["✔ point latest at releases/2026-11-25"]
    assert (there / "latest/data/a.csv").read_text() == "code\n01001\n"


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        (lambda r: (r / "data/a.csv").write_text("code\n"), "data/a.csv: is not what SHA256SUMS"),
        (lambda r: (r / "data/a.csv").unlink(), "data/a.csv: is missing"),
        (lambda r: (r / "jalon.duckdb").unlink(), "jalon.duckdb: is missing"),
        (lambda r: (r / "SHA256SUMS").unlink(), "2026-11-25: has no SHA256SUMS"),
        (lambda r: link_out(r), "data/a.csv: leads out of the release"),
    ],
)
def test_a_release_that_is_not_whole_is_not_pushed(harm, problem, settings, to, there):
    harm(make_release(settings, "2026-11-25", FILES))
    with pytest.raises(MachineError) as caught:
        push(settings, to)
    assert problem in str(caught.value)
    assert "nothing was pushed" in str(caught.value)
    assert not there.exists()


def link_out(release):
    """A link to the same bytes elsewhere: who can change these, changes the release."""
    outside = shutil.move(release / "data/a.csv", release.parent.parent.parent / "a.csv")
    (release / "data/a.csv").symlink_to(outside)


def test_what_was_damaged_there_is_mended(settings, to, there):
    make_release(settings, "2026-11-25", FILES)
    push(settings, to)
    (there / "releases/2026-11-25/index.html").write_text("<p>y")
    _, told = push(settings, to)
    assert told == ["✔ copy releases/2026-11-25: 7 files (0.0 MB)"]
    assert is_whole(there / "latest")


def test_another_release_of_that_name_is_left_alone(settings, to, there):
    other = Settings(settings.root.parent / "other")
    make_release(other, "2026-11-25", {"data/a.csv": "code\n99999\n"})
    push(other, to)
    before = files_of(there)
    make_release(settings, "2026-11-25", FILES)
    with pytest.raises(PushError, match="is another release of that name"):
        push(settings, to)
    assert files_of(there) == before


@pytest.mark.parametrize("path", ["public", "public/mirror", "."])
def test_the_folder_of_the_releases_is_no_destination(path, settings):
    make_release(settings, "2026-11-25", FILES)
    with pytest.raises(CatalogError, match=r"destinations\.yml: shared: .* stand in one another"):
        push(settings, Folder(name="shared", kind="folder", path=path))


def test_two_pushes_at_once_are_refused(settings, to, there):
    make_release(settings, "2026-11-25", FILES)
    hint = "wait until it ends, then push again"
    with (
        lock_file(settings.data / "push/shared.lock", "shared", "push"),
        pytest.raises(MachineError) as caught,
    ):
        push(settings, to)
    assert str(caught.value) == f"shared: another push is under way here ({hint})"
    assert not there.exists()


def test_a_disk_that_is_full_leaves_the_release_before(to, there, whole):
    other = Settings(there.parent / "other")
    make_release(other, "before", FILES)
    push(other, to)

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    declare(whole, f"shared:\n  kind: folder\n  path: {there}\n")
    command = [sys.executable, "-m", "flows", "--root", whole.root, "push"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, preexec_fn=limit, check=False
    )

    assert done.returncode == 1
    hint = "lift the limit on the size of files, then push again: what is there is whole"
    assert f": File too large ({hint})" in done.stderr
    assert "Traceback" not in done.stderr
    assert is_whole(there / "latest")
    assert (there / "latest").readlink().as_posix() == "releases/before"
    assert [p.name for p in (there / "releases").iterdir()] == ["before"]


# Killed


def read_all_the_time(there, over, seen):
    """What a reader of `latest` meets: who follows it once stays in one release."""
    while not over.is_set():
        release = (there / "latest").resolve()
        seen.append((release.name, is_whole(release)))


def kill_again_and_again(settings, to, there, moments):
    numbers = count()
    release = make_release(settings, "before", many_files(next(numbers)))
    push(settings, to)
    make_release(settings, "unkilled", many_files(next(numbers)))
    lasted, _ = push_alone(settings, to)
    for share in moments:
        shown = (there / "latest").resolve().name
        release = make_release(settings, f"release-{next(numbers)}", many_files(0))
        seen, over = [], threading.Event()
        reader = threading.Thread(target=read_all_the_time, args=[there, over, seen])
        reader.start()
        push_alone(settings, to, killed_after=share * lasted)
        over.set()
        reader.join()
        assert {whole for _, whole in seen} == {True}
        assert {name for name, _ in seen} <= {shown, release.name}

        push(settings, to)

        assert (there / "latest").resolve().name == release.name
        assert is_whole(there / "latest")
        assert [p for p in there.rglob("*") if p.name.endswith(".part")] == []


def test_killed_at_seeded_moments_readers_see_one_release(settings, to, there):
    chance = random.Random(20261125)
    kill_again_and_again(settings, to, there, [chance.random() for _ in range(3)])


@pytest.mark.soak
def test_killed_at_sixty_moments(settings, to, there):
    chance = random.Random(int(os.environ.get("JALON_SEED", "1")))
    kill_again_and_again(settings, to, there, [chance.random() for _ in range(60)])


# The command and the catalogue


@pytest.fixture
def bare(settings):
    """A whole catalogue, and a release that holds no table."""
    shutil.copytree(ROOT / "catalog", settings.catalog, ignore=shutil.ignore_patterns("snapshots"))
    make_release(settings, "2026-11-25", FILES)
    return settings


@pytest.fixture
def whole(ran, tmp_path):
    """A project and its release."""
    shutil.copytree(ran[0].root, tmp_path / "project", symlinks=True)
    return Settings(tmp_path / "project")


def declare(settings, text):
    (settings.catalog / "destinations.yml").write_text(text, encoding="utf-8")


def run(settings, *words):
    return CliRunner().invoke(jalon, ["--root", str(settings.root), *words])


def test_the_command_sends_to_all_or_to_those_named(whole):
    declare(
        whole,
        "one:\n  kind: folder\n  path: data/one\ntwo:\n  kind: folder\n  path: data/two\n",
    )
    told = run(whole, "push", "--dry-run")
    assert told.exit_code == 0
    assert told.output.startswith("would copy releases/20")
    assert run(whole, "push", "two").exit_code == 0
    assert not (whole.data / "one").exists()
    assert run(whole, "push").exit_code == 0
    assert is_whole(whole.data / "one/latest")


def test_a_target_that_fails_does_not_stop_the_others(whole):
    declare(
        whole,
        "one:\n  kind: folder\n  path: data/file/one\ntwo:\n  kind: folder\n  path: data/two\n",
    )
    (whole.data / "file").write_text("in the way")
    told = run(whole, "push")
    assert told.exit_code == 1
    assert "Not a directory" in told.stderr
    assert is_whole(whole.data / "two/latest")


def test_the_destinations_of_the_repository_call_no_network(whole):
    assert {each.kind for each in load_catalog(whole.catalog).destinations.values()} == {"folder"}
    assert run(whole, "push").exit_code == 0
    assert is_whole(whole.data / "shared/latest")


def test_a_database_that_is_not_what_the_manifest_says_is_not_pushed(whole):
    with duckdb.connect(str(whole.public / "latest/jalon.duckdb")) as con:
        con.execute("update observations set value = value + 1 where indicator = 'population'")
    error = run(whole, "push").exception
    assert "jalon.duckdb: is not what jalon.duckdb.sha256 says" in str(error)
    write_seal(whole.public / "latest")  # another build, with its sum
    error = run(whole, "push").exception
    assert "observations: holds" in str(error)
    assert "nothing was pushed" in str(error)
    assert not (whole.data / "shared").exists()


def test_a_release_that_was_withdrawn_is_not_pushed(bare):
    entry = {"name": "2026-11-25", "version": "1.0.0", "withdrawn": "wrong sums"}
    write_json(bare.public / "releases/index.json", {"releases": [entry]})
    assert "2026-11-25: was withdrawn (jalon releases tells why" in str(run(bare, "push").exception)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["push", "nowhere"], "no destination nowhere (known: shared_folder)"),
        (["push", "--release", "2020-01-01"], "no release 2020-01-01 here (known: 20"),
    ],
)
def test_an_unknown_name_is_told_with_those_that_would_do(words, problem, bare):
    error = run(bare, *words).exception
    assert problem in str(error)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a:\n  kind: ftp\n", "a: unknown kind 'ftp' (known: folder"),
        ("a:\n  path: x\n", "a: unknown kind 'None' (known: folder"),
        ("a: folder\n", "a: unknown kind"),
        ("a:\n  kind: folder\n", "path: Field required"),
        ("a:\n  kind: folder\n  path: x\n  to: y\n", "to: unknown key (known: kind, path)"),
        ("A b:\n  kind: folder\n  path: x\n", "name: String should match pattern"),
    ],
)
def test_destinations_are_read_strictly(text, problem, bare):
    declare(bare, text)
    with pytest.raises(CatalogError) as caught:
        load_catalog(bare.catalog)
    assert problem in str(caught.value)
    assert "destinations.yml" in str(caught.value)


BUCKET = "kind: s3\n  bucket: open\n  access_key: a-key\n  secret_key: a-secret\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a:\n  kind: folder\n  path: public/b\n", "stand in one another"),
        ("a:\n  kind: folder\n  path: x\nb:\n  kind: folder\n  path: y/../x\n", "b and a are the"),
        (f"a:\n  {BUCKET}b:\n  {BUCKET}", "b and a are the same place"),
    ],
)
def test_the_check_finds_destinations_in_each_other_s_way(text, problem, bare):
    declare(bare, text)
    with pytest.raises(CatalogError) as caught:
        inspect_destinations(bare, load_catalog(bare.catalog))
    assert problem in str(caught.value)


def test_without_a_destination_the_command_says_so(bare):
    declare(bare, "{}\n")
    assert "names no destination" in str(run(bare, "push").exception)


def test_where_a_release_is_sent_is_no_input_of_it(bare):
    before = describe_inputs(bare, {})
    declare(bare, "one:\n  kind: folder\n  path: data/one\n")
    assert describe_inputs(bare, {}) == before
