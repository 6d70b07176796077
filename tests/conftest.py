import fcntl
import gc
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import hypothesis
import pytest

from flows.catalog import Catalog, load_catalog
from flows.gather import Gathered, gather, judge
from flows.line import Outcome, build_warehouse, refresh
from flows.progress import call_directly
from flows.publish.issues import find_issues
from flows.reference import open_reference
from flows.settings import Settings
from flows.warehouse import connect
from project import ROOT, leave_out, make_project
from samples import give_samples

os.environ["GX_ANALYTICS_ENABLED"] = "false"
# A busy machine is slow, which is no fault of what is tested.
calm = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("calm", calm)
hypothesis.settings.load_profile("calm")

# The files whose tests last minutes go first, so that no worker waits for another at the end.
LONG = [
    f"test_{name}.py"
    for name in ("real_files", "releases", "pipeline", "killed", "bad_input", "territories")
]
FEW_LEAVE = ("housing_tension", "local_tax", "municipal_councillors", "town_halls")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first; what remains keeps the order that chance gave it."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


def pytest_collection_finish() -> None:
    """What all tests stand on is not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One process of the suite after another: the folder is theirs together."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def once(folder: Path, uid: str, make: Callable[[], Any]) -> Any:
    """What *make* makes in *folder*: the first process that asks makes it, the others wait."""
    told = folder / "made"
    with alone(folder):
        if told.is_file():
            made_by, found = pickle.loads(told.read_bytes())  # written below
            if made_by == uid:
                return found
        found = make()
        told.write_bytes(pickle.dumps((uid, found)))
    return found


def run_once(folder: Path, uid: str, *left_out: str) -> tuple[Settings, Outcome]:
    """A small project without the sources *left_out* after one run, and the outcome."""

    def make() -> tuple[Settings, Outcome]:
        settings = make_project(folder / "project")
        if left_out:
            leave_out(settings, *left_out)
        return settings, refresh(settings, call_directly)

    folder.mkdir(exist_ok=True)
    found: tuple[Settings, Outcome] = once(folder, uid, make)
    return found


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The catalogue of the repository."""
    return load_catalog(ROOT / "catalog")


@pytest.fixture
def project(tmp_path: Path) -> Settings:
    """A small whole project that no run has touched."""
    return make_project(tmp_path / "project")


@pytest.fixture(scope="session")
def together(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this session share."""
    base = tmp_path_factory.getbasetemp()  # of this worker, where there are several
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "together"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def ran(together: Path, testrun_uid: str) -> tuple[Settings, Outcome]:
    """A small whole project after one run, and the outcome; only for reading."""
    return run_once(together / "ran", testrun_uid)


@pytest.fixture(scope="session")
def ran_few(together: Path, testrun_uid: str) -> tuple[Settings, Outcome]:
    """Few sources and indicators, whose runs do all that others do, but sooner; after one run.

    Only for copying.
    """
    return run_once(together / "few", testrun_uid, *FEW_LEAVE)


@pytest.fixture
def few(project: Settings, ran_few: tuple[Settings, Outcome]) -> Settings:
    """Such a project that no run has touched, but its charts are drawn: each takes a while."""
    leave_out(project, *FEW_LEAVE)
    shutil.copytree(ran_few[0].data / "drawn", project.data / "drawn")
    return project


START_PREFECT = """
import sys
from pathlib import Path
from flows.settings import Settings
from flows.temporary_prefect import temporary_server

with temporary_server(Settings(Path(sys.argv[1])), meanwhile=lambda: None):
    pass
"""


@pytest.fixture(scope="session")
def prefect_database(together: Path, testrun_uid: str) -> Callable[[Path], None]:
    """Puts the database of a new Prefect into a home: to make one takes longer than many tests."""
    folder = together / "prefect"
    folder.mkdir(exist_ok=True)

    def make() -> int:
        """By a process without any Prefect of the person who runs the tests."""
        env = {name: told for name, told in os.environ.items() if not name.startswith("PREFECT_")}
        command = [sys.executable, "-c", START_PREFECT, str(folder)]
        return subprocess.run(command, cwd=ROOT, env=env, check=True).returncode

    once(folder, testrun_uid, make)

    def lend(home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        for path in Settings(folder).data.glob("prefect/prefect.db*"):
            shutil.copy(path, home)

    return lend


@pytest.fixture
def small(ran: tuple[Settings, Outcome]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of the small project."""
    with duckdb.connect(str(ran[0].warehouse), read_only=True) as con:
        yield con


@pytest.fixture(scope="session")
def with_samples(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Gathered]:
    """The small project to which every source of the network has given its sample, built."""
    settings = make_project(tmp_path_factory.mktemp("samples") / "project")
    give_samples(settings)
    gathered = gather(settings, call_directly)
    judge(settings, gathered, call_directly)
    build_warehouse(settings, gathered.catalog, gathered.reports)
    return settings, gathered


@pytest.fixture
def sampled(
    with_samples: tuple[Settings, Gathered],
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of the small project with every sample."""
    with connect(with_samples[0].warehouse, read_only=True) as con:
        yield con


@pytest.fixture(scope="session")
def national(whole: Settings, testrun_uid: str) -> tuple[Any, ...]:
    """The national warehouse, with what was lost on the way; made once by all processes."""
    return whole, *once(whole.root, testrun_uid, lambda: _build_national(whole))


def _build_national(settings: Settings) -> tuple[Any, ...]:
    gathered = gather(settings, call_directly)
    judge(settings, gathered, call_directly)
    catalog, reports = gathered.catalog, gathered.reports
    losses = build_warehouse(settings, catalog, reports)
    return find_issues(catalog, reports, losses), reports, losses


@pytest.fixture
def con(national: tuple[Any, ...]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The national warehouse, for reading."""
    with connect(national[0].warehouse, read_only=True) as con:
        yield con


@pytest.fixture(scope="session")
def whole(pytestconfig: pytest.Config) -> Settings:
    """The real catalogue on the real files, in a folder that is kept from session to session.

    What it holds is made again when its inputs change.
    """
    folder = Path(pytestconfig.cache.mkdir("whole"))
    with alone(folder):
        for name in ("catalog", "schemas"):
            link = folder / name
            link.unlink(missing_ok=True)
            link.symlink_to(ROOT / name)
    return Settings(folder)


@pytest.fixture(scope="session")
def reference(whole: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The reference of the real geography, in which a test leaves temporary tables alone."""
    with alone(whole.root), open_reference(whole):
        pass  # it is made now, if it is not there
    with open_reference(whole) as con:
        yield con
