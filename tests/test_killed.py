"""Killed at any moment, run twice, or run two at once: what is published is whole, and the same."""

import hashlib
import os
import random
import shutil
import subprocess
import sys
import time

import pytest

from flows.files import read_json
from flows.line import refresh
from flows.progress import call_directly
from flows.publish.release import MANIFEST, SUMS, UNSUMMED, find_latest, is_whole
from flows.releases.verify import verify_tables
from flows.settings import Settings
from flows.state import hold_lock
from project import ROOT, make_project

HEAVY = {"prefect", "pandas", "great_expectations", "frictionless"}
# The last line that a run prints before each phase, and the last one of it: while Python imports,
# while files are fetched, validated, built, checked, and published.
PHASES = [
    ("", "✔ fetch administrative_divisions_arrondissements"),
    ("✔ fetch administrative_divisions_arrondissements", "✔ fetch road_accidents"),
    ("✔ fetch road_accidents", "✔ validate road_accidents"),
    ("✔ validate road_accidents", "✔ build indicators"),
    ("✔ build indicators", "✔ check promises"),
    ("✔ check promises", "Next:"),
]


def start(settings, options=("--direct",)):
    """A run of its own, whose lines come as it prints them; without options, under Prefect."""
    command = [sys.executable, "-u", "-m", "flows", "--root", str(settings.root), "run", *options]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=subprocess.STDOUT, text=True)


def wait_for(running, line):
    """Read what a run prints up to *line*."""
    while line:
        told = running.stdout.readline()
        assert told, f"the run ended before {line!r}"
        if told.startswith(line):
            return


def give_work(settings, number):
    """Change a title, and forget what was fetched and validated: no phase may be skipped."""
    path = settings.catalog / "indicators/population.yml"
    text = path.read_text(encoding="utf-8").splitlines()
    text[1] = f'  fr: "Population municipale {number}"'
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    for folder in ("raw", "valid"):
        shutil.rmtree(settings.data / folder, ignore_errors=True)


def time_phases(settings, options):
    """The seconds that each phase of an unkilled run takes."""
    lasted = []
    with start(settings, options) as running:
        for _, last in PHASES:
            began = time.monotonic()
            wait_for(running, last)
            lasted.append(time.monotonic() - began)
        running.communicate()
    assert running.returncode == 0
    return lasted


def kill_in(settings, phase, seconds, options):
    """Kill a run so many seconds into one of PHASES; what it printed from there on."""
    with start(settings, options) as running:
        wait_for(running, PHASES[phase][0])
        time.sleep(seconds)
        running.kill()
        return PHASES[phase][0] + running.communicate()[0]


def leftovers(settings):
    return [
        path
        for folder in (settings.data, settings.public)
        for path in folder.rglob("*")
        if ".part" in path.name or path.name.endswith(".wal")
    ]


def content_of(release):
    """The content hashes of the tables; the title that `give_work` changes stands in one only."""
    tables = read_json(release / MANIFEST)["tables"]
    return {name: told for name, told in tables.items() if name != "indicators"}


def kill_again_and_again(settings, moments, options=("--direct",)):
    """Kill a run at each moment: what is published stays whole, and the next run heals the rest."""
    lasted = time_phases(settings, options)
    assert leftovers(settings) == []
    told = content_of(find_latest(settings.public))
    for number, (phase, share) in enumerate(moments):
        give_work(settings, number)
        before = (settings.public / "latest").readlink()

        printed = kill_in(settings, phase, share * lasted[phase], options)

        release = find_latest(settings.public)
        assert is_whole(release)
        assert verify_tables(release) == []
        if PHASES[-1][0] not in printed:  # it was not publishing yet
            assert (settings.public / "latest").readlink() == before
        outcome = refresh(settings, call_directly)
        assert outcome.release == find_latest(settings.public)
        assert is_whole(outcome.release)
        assert content_of(outcome.release) == told
        assert f"municipale {number}" in (outcome.release / "data/indicators.csv").read_text(
            "utf-8"
        )
        assert leftovers(settings) == []


def moments_of(count, seed):
    """So many moments, all phases in turn: which phase, and how far into it."""
    chance = random.Random(seed)
    return [(number % len(PHASES), chance.random()) for number in range(count)]


def test_killed_before_anything_was_published_and_once_in_each_phase(few):
    with start(few) as running:
        wait_for(running, "✔ build indicators")
        running.kill()
        running.communicate()
    assert find_latest(few.public) is None
    kill_again_and_again(few, moments_of(len(PHASES), seed=20261122))


@pytest.mark.soak
def test_killed_at_a_hundred_moments(few):
    count = int(os.environ.get("JALON_KILLS", "100"))
    kill_again_and_again(few, moments_of(count, seed=int(os.environ.get("JALON_SEED", "1"))))


@pytest.mark.soak
def test_killed_while_prefect_publishes(few):
    chance = random.Random(int(os.environ.get("JALON_SEED", "1")))
    kill_again_and_again(few, [(5, chance.random()) for _ in range(3)], options=())


def test_what_killed_runs_left_is_swept(ran, tmp_path):
    """Also what stands in a folder that is swept itself, and what bears this process's number."""
    settings = copy_of(ran, tmp_path)
    for number in (os.getpid(), dead_process()):
        draft = settings.public / f".draft.{number}.part"
        draft.mkdir()
        (draft / f".manifest.json.{number}.part").touch()
        (settings.public / f".latest.{number}.part").symlink_to("releases/none")
        (settings.data / f".warehouse.duckdb.{number}.part").touch()
        (settings.data / f".warehouse.duckdb.{number}.part.wal").touch()
    alive = settings.data / f"raw/.download.{os.getppid()}.part"
    alive.touch()

    assert not refresh(settings, call_directly).is_new
    assert leftovers(settings) == [alive]


def dead_process():
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    return ended.pid


def copy_of(ran, tmp_path):
    shutil.copytree(ran[0].root, tmp_path / "project", symlinks=True)
    return Settings(tmp_path / "project")


def test_a_second_run_at_the_same_time_is_refused(project):
    with hold_lock(project), start(project) as second:
        said = second.communicate()[0]
    assert second.returncode == 1
    hint = "wait until it ends, then run again"
    assert said == f"jalon: {project.root}: another run is under way here ({hint})\n"


def state_of(settings):
    """Every file, folder and link of what a run writes, but the lock: its inode, time and bytes."""
    return {
        path: (path.lstat().st_ino, path.lstat().st_mtime_ns, path.lstat().st_size)
        for folder in (settings.data, settings.public)
        for path in folder.rglob("*")
        if path.name != "run.lock"
    }


def test_run_again_on_the_same_inputs_nothing_is_written(ran, tmp_path):
    settings = copy_of(ran, tmp_path)
    before = state_of(settings)
    code = (
        "import sys; from flows.cli import jalon;"
        "jalon(sys.argv[1:], standalone_mode=False); print('loaded', *sys.modules)"
    )
    command = [sys.executable, "-c", code, "--root", settings.root, "run", "--direct"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert "Nothing has changed since release" in done.stdout
    loaded = done.stdout.splitlines()[-1].split()
    assert loaded[0] == "loaded"
    assert "flows.line" in loaded
    assert HEAVY.isdisjoint(loaded)
    assert state_of(settings) == before


def test_a_release_made_again_in_another_folder_has_the_same_bytes(ran, tmp_path):
    settings, outcome = ran
    other = make_project(tmp_path / "a folder of another name")
    again = refresh(other, call_directly).release

    def sums(release):
        files = (path for path in release.rglob("*") if path.is_file())
        return {
            path.relative_to(release).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files
            if path.name not in UNSUMMED - {SUMS}
        }

    assert sums(again) == sums(outcome.release)
    for path in again.rglob("*"):
        if path.is_file():
            assert str(other.root).encode() not in path.read_bytes(), path
    assert settings.root != other.root
