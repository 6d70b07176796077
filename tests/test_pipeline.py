"""What only Prefect does, with a real server on loopback; what is noisy runs in a process apart."""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from flows.catalog import Catalog
from flows.catalog.models import Cadence
from flows.line import Outcome
from flows.publish.release import is_whole
from flows.settings import Settings
from project import DATA, ROOT, leave_out, make_project

PREFECT = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
SCHEDULES = [s for d in PREFECT["deployments"] for s in d["schedules"]]

# Calls that a slow machine may need; each is over in a few seconds on two cores.
PATIENCE_SECONDS = 180

VALIDATE = """
import json, sys
from importlib import import_module
for deployment in json.load(sys.stdin):
    path, name = deployment["entrypoint"].split(":")
    flow = getattr(import_module(path.removesuffix(".py").replace("/", ".")), name)
    flow.validate_parameters(deployment["parameters"])
    print(flow.name)
"""

INGEST_DAILY = """
import sys
from pathlib import Path
from flows.settings import Settings
from flows.temporary_prefect import temporary_server

root = Path(sys.argv[1])
with temporary_server(Settings(root), meanwhile=lambda: None):
    from flows.pipeline import ingest_cadence
    print(ingest_cadence("daily", root, live=True, return_state=True).type.value)
"""


Lend = Callable[[Path], None]


def environment(**more: str) -> dict[str, str]:
    """This process's, without any Prefect of the person who runs the tests."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "JALON_"))}
    return {**kept, "DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false", **more}


def call(*arguments: str, env: dict[str, str], **more: Any) -> subprocess.CompletedProcess[str]:
    """Run Python in the checkout, as a person would type it there."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=env,
        text=True,
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        check=False,
        **more,
    )


def run_jalon(settings: Settings, **more: str) -> subprocess.CompletedProcess[str]:
    return call("-m", "flows", "--root", str(settings.root), "run", env=environment(**more))


def wait_until(is_so: Any) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# prefect.yaml


def test_every_cadence_has_a_deployment(catalog: Catalog) -> None:
    deployed = [
        d["parameters"]["cadence"]
        for d in PREFECT["deployments"]
        if d["entrypoint"].endswith(":ingest_cadence")
    ]

    assert sorted(deployed) == sorted(get_args(Cadence))
    assert {source.cadence for source in catalog.sources.values()} <= set(deployed)


def test_everything_is_refreshed_daily() -> None:
    refresh = [d for d in PREFECT["deployments"] if d["entrypoint"].endswith(":refresh")]

    assert [s["cron"].split()[2:] for d in refresh for s in d["schedules"]] == [["*", "*", "*"]]
    assert refresh[0]["concurrency_limit"] == {"limit": 1, "collision_strategy": "ENQUEUE"}


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda s: s["cron"])
def test_schedules_avoid_the_hour_that_clocks_change(schedule: dict[str, str]) -> None:
    assert schedule["timezone"] == "Europe/Paris"
    assert int(schedule["cron"].split()[1]) not in {2, 3}


def test_deployments_name_real_flows_and_valid_parameters() -> None:
    by_hand = {"ingest_source": {"name": "town_halls"}}  # given when it is triggered
    asked = [
        {**d, "parameters": d.get("parameters") or by_hand.get(d["entrypoint"].split(":")[1], {})}
        for d in PREFECT["deployments"]
    ]

    done = call("-c", VALIDATE, env=environment(), input=json.dumps(asked))

    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == {"refresh", "ingest_source", "ingest_cadence", "push"}


def test_prefect_yaml_is_of_this_prefect_and_of_no_machine() -> None:
    dependencies = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    # Without a pull step, a run starts in the folder where `prefect deploy` was typed.
    assert "pull" not in PREFECT
    assert f'"prefect=={PREFECT["prefect-version"]}"' in dependencies
    assert {d["work_pool"]["name"] for d in PREFECT["deployments"]} == {"jalon"}


# A push

PUSH = """
import sys
from pathlib import Path
from flows.settings import Settings
from flows.temporary_prefect import temporary_server

root = Path(sys.argv[1])
with temporary_server(Settings(root), meanwhile=lambda: None):
    from prefect.blocks.system import Secret
    from flows.pipeline import push
    for name in ("jalon-s3-key", "jalon-s3-secret"):
        Secret(value="of-nobody").save(name)
    state = push(root=root, return_state=True)
    print(state.type.value, *(each.message for each in state.result(raise_on_failure=False)))
"""
DESTINATIONS = """
one: {kind: folder, path: public}
two:
  kind: s3
  bucket: open-data
  endpoint: http://127.0.0.1:9
  access_key: jalon-s3-key
  secret_key: jalon-s3-secret
three: {kind: folder, path: data/three}
"""


def test_a_push_is_a_flow_that_fails_where_one_of_its_destinations_does(
    ran: tuple[Settings, Outcome], tmp_path: Path, prefect_database: Lend
) -> None:
    """Secrets come from blocks: with them, storage that is not there is all that is wrong."""
    settings = Settings(tmp_path / "project")
    shutil.copytree(ran[0].root, settings.root, symlinks=True)
    (settings.catalog / "destinations.yml").write_text(DESTINATIONS, encoding="utf-8")
    prefect_database(settings.data / "prefect")

    done = call("-c", PUSH, str(settings.root), env=environment(AWS_MAX_ATTEMPTS="1"))

    assert done.stdout.startswith("FAILED "), done.stderr
    assert "stand in one another" in done.stdout
    assert "no answer (EndpointConnectionError)" in done.stdout
    assert "of-nobody" not in done.stdout + done.stderr
    assert is_whole(settings.data / "three" / "latest")


# A server, its deployments and a worker


@contextmanager
def prefect_server(home: Path) -> Iterator[dict[str, str]]:
    """A server such as an administration would run; the environment of those who talk to it."""
    port = free_port()
    env = environment(PREFECT_HOME=str(home), PREFECT_API_URL=f"http://127.0.0.1:{port}/api")
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen([*command, "--port", str(port)], env=env, stdout=log, stderr=log)
    try:
        wait_until(lambda: is_open(port) or server.poll() is not None)
        assert server.poll() is None, (home / "server.log").read_text()
        yield env
    finally:
        server.terminate()
        server.wait(PATIENCE_SECONDS)


def ask(env: dict[str, str], path: str, body: dict[str, Any] | None = None) -> Any:
    """The API's answer: to a GET, or to the POST of *body*."""
    request = urllib.request.Request(
        f"{env['PREFECT_API_URL']}/{path}",
        None if body is None else json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        return json.load(answer)


def prefect(env: dict[str, str], *arguments: str) -> None:
    done = call("-m", "prefect", "--no-prompt", *arguments, env=env)
    assert done.returncode == 0, done.stdout + done.stderr


def test_deployments_run_through_a_worker(tmp_path: Path, prefect_database: Lend) -> None:
    settings = make_project(tmp_path / "project")
    leave_out(settings, "local_tax", "municipal_councillors", "road_accidents")
    home = tmp_path / "home"
    prefect_database(home)
    with prefect_server(home) as env:
        prefect(env, "work-pool", "create", "jalon", "--type", "process")
        prefect(env, "deploy", "--all")
        for name in ("refresh/daily", "ingest_cadence/monthly"):
            deployment = ask(env, f"deployments/name/{name}")
            given = {**deployment["parameters"], "root": str(settings.root)}
            ask(env, f"deployments/{deployment['id']}/create_flow_run", {"parameters": given})
        prefect(env, "worker", "start", "--pool", "jalon", "--type", "process", "--run-once")

        runs = ask(env, "flow_runs/filter", {"flow_runs": {"expected_start_time": None}})
        runs = [r for r in runs if r["state_type"] != "SCHEDULED"]  # the coming mornings
        tasks = ask(env, "task_runs/filter", {})
        artifacts = {a["key"]: a for a in ask(env, "artifacts/filter", {})}

    # The only monthly source is that of the town halls.
    assert {r["name"]: r["state_type"] for r in runs} == {
        "refresh all sources": "COMPLETED",
        "ingest monthly sources": "COMPLETED",
        "ingest town_halls": "COMPLETED",
    }
    assert {t["state_type"] for t in tasks} == {"COMPLETED"}
    assert {"fetch town_halls", "build indicators", "publish release"} <= {t["name"] for t in tasks}
    assert {a["type"] for a in artifacts.values()} == {"markdown"}
    assert (settings.public / "latest").resolve().name in artifacts["refresh"]["data"]
    assert "| town_halls |  | 19 | 0 |" in artifacts["ingest-town-halls"]["data"]  # 19 sample rows
    assert "| town_halls | Completed |" in artifacts["ingest-monthly"]["data"]


# The network


class Publisher(BaseHTTPRequestHandler):
    """Breaks off the first answer for the town halls; knows nothing else."""

    whole = (DATA / "town_halls-2026.csv").read_bytes()
    times = 0

    def do_GET(self) -> None:
        if self.path != "/town_halls.csv":
            self.send_error(404)
            return
        type(self).times += 1
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.whole)))
        self.end_headers()
        self.wfile.write(self.whole[:100] if self.times == 1 else self.whole)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def publisher() -> Iterator[str]:
    """The address of a publisher on loopback."""
    Publisher.times = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Publisher) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def fetch_daily_from(settings: Settings, source: str, url: str) -> None:
    """Make *source* a daily one, fetched from *url*."""
    path = settings.catalog / "sources" / f"{source}.yml"
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^snapshot: .*$", f"url: {url}", text, flags=re.MULTILINE)
    text = re.sub(r"^cadence: .*$", "cadence: daily", text, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")


def test_an_ingest_of_the_network_fails_if_one_source_does_once_all_were_tried(
    project: Settings, publisher: str, prefect_database: Lend
) -> None:
    prefect_database(project.data / "prefect")
    fetch_daily_from(project, "innovation_labs", f"http://127.0.0.1:{free_port()}/labs.csv")
    fetch_daily_from(project, "municipal_councillors", f"{publisher}/wrong.csv")
    fetch_daily_from(project, "town_halls", f"{publisher}/town_halls.csv")

    done = call("-c", INGEST_DAILY, str(project.root), env=environment())

    assert done.stdout.splitlines()[-1:] == ["FAILED"], done.stdout + done.stderr
    # Read once the server has stopped: what a run did outlives it.
    with closing(sqlite3.connect(project.data / "prefect" / "prefect.db")) as con:
        rows = con.execute("select name, state_type, run_count from task_run").fetchall()
    # A flow called by a flow counts as a task too, under the name of the flow.
    assert sorted(row for row in rows if not row[0].startswith("ingest_source")) == [
        ("fetch innovation_labs", "FAILED", 1),  # nobody listens
        ("fetch municipal_councillors", "FAILED", 1),  # 404: no use
        ("fetch town_halls", "COMPLETED", 1),  # broken off, then whole
        ("validate town_halls", "COMPLETED", 1),
    ]


# The temporary server


def test_jalon_run_shows_nothing_of_prefect(few: Settings) -> None:
    done = run_jalon(few)

    first, *others = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert first == "Starting Prefect for this run (--direct does without it)"
    assert "prefect" not in "\n".join(others).lower()
    assert (few.public / "latest" / "manifest.json").is_file()
    with closing(sqlite3.connect(few.data / "prefect" / "prefect.db")) as con:
        states = con.execute("select distinct state_type from task_run").fetchall()
    assert states == [("COMPLETED",)]


def test_jalon_run_goes_on_without_a_prefect_that_does_not_start(few: Settings) -> None:
    done = run_jalon(few, PREFECT_SERVER_DATABASE_CONNECTION_URL="nonsense://")

    assert (done.returncode, done.stderr) == (0, "")
    assert "going on without it" in done.stdout
    assert "ChildProcessError" in done.stdout
    assert (few.public / "latest" / "manifest.json").is_file()


@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 1), (signal.SIGKILL, -signal.SIGKILL)])
def test_no_server_outlives_its_run(
    project: Settings, prefect_database: Lend, how: signal.Signals, code: int
) -> None:
    prefect_database(project.data / "prefect")
    command = [sys.executable, "-m", "flows", "--root", str(project.root), "run"]
    said = project.root / "said"
    with said.open("wb") as file:
        run = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=file, stderr=file)
    wait_until(lambda: "validate" in said.read_text() or run.poll() is not None)
    log = (project.data / "prefect" / "server.log").read_text()
    told = re.search(r"http://127\.0\.0\.1:(\d+)/api", log)
    assert told, log
    port = int(told[1])
    assert is_open(port)

    run.send_signal(how)

    assert run.wait(PATIENCE_SECONDS) == code
    wait_until(lambda: not is_open(port))
    assert "Traceback" not in said.read_text()
    assert not (project.public / "latest").exists()
