"""What tests of pushes share: small releases, and pushes of their own that can be killed."""

import json
import random
import subprocess
import sys
import time

from flows.files import write_json
from flows.publish.release import MANIFEST, point_latest, write_seal, write_sums
from flows.push.outgoing import find_outgoing
from flows.push.push import push_release
from project import ROOT

# Waits once all is imported, so that a kill falls into the push itself.
ALONE = """
import json, sys
from pathlib import Path
from flows.catalog.destinations import KINDS
from flows.push.outgoing import find_outgoing
from flows.push.push import push_release
from flows.settings import Settings
import {modules}
root, body = sys.argv[1], json.loads(sys.argv[2])
settings, destination = Settings(Path(root)), KINDS[body["kind"]].model_validate(body)
print("ready", flush=True)
sys.stdin.readline()
print(push_release(settings, destination, find_outgoing(settings, None), print, False))
"""


def make_release(settings, name, files, latest=True):
    """A release of *files*, path to text, at which `latest` points."""
    folder = settings.public / "releases" / name
    for path, text in {"jalon.duckdb": f"database {name}", **files}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    write_json(folder / MANIFEST, {"version": name, "tables": {}})
    write_seal(folder)
    write_sums(folder)
    if latest:
        point_latest(settings.public, folder)
    return folder


def many_files(seed, count=40, most=40_000):
    """Files of the sizes that a release has, all of which another seed changes but one."""
    chance = random.Random(seed)
    files = {f"data/{n:03}.csv": f"{seed}\n" + "x\n" * chance.randrange(most) for n in range(count)}
    return {"index.html": f"<p>{seed}", "data/same.csv": "code\n01001\n", **files}


def push(settings, destination, dry_run=False, name=None):
    """Push, and what it tells: its lines, and what it has changed."""
    told = []
    outgoing = find_outgoing(settings, name)
    return push_release(settings, destination, outgoing, told.append, dry_run), told


def start_alone(settings, destination, modules="json"):
    """A push in a process of its own, which waits for a line before it begins."""
    command = [sys.executable, "-c", ALONE.replace("{modules}", modules), str(settings.root)]
    body = json.dumps(destination.model_dump())
    running = subprocess.Popen(
        [*command, body], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout.readline() == "ready\n"
    return running


def push_alone(settings, destination, killed_after=None, modules="json"):
    """Such a push, killed after so many seconds; how long it lasted, and whether it ended well."""
    with start_alone(settings, destination, modules) as running:
        began = time.monotonic()
        running.stdin.write("\n")
        running.stdin.flush()
        if killed_after is not None:
            time.sleep(killed_after)
            running.kill()
        running.communicate()
    return time.monotonic() - began, running.returncode == 0


def files_of(folder):
    """Every file under *folder*, path to bytes, links not followed."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }
