import fcntl
import os
import pickle
from collections.abc import Iterator
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
from project import ROOT, make_project
from samples import give_samples

os.environ["GX_ANALYTICS_ENABLED"] = "false"
# A busy machine is slow, which is no fault of what is tested.
calm = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("calm", calm)
hypothesis.settings.load_profile("calm")


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """One process of the suite after another: the folder of the real files is theirs together."""
    with (settings.root / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The catalogue of the repository."""
    return load_catalog(ROOT / "catalog")


@pytest.fixture
def project(tmp_path: Path) -> Settings:
    """A small whole project that no run has touched."""
    return make_project(tmp_path / "project")


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Outcome]:
    """A small whole project after one run, and the outcome; only for reading."""
    settings = make_project(tmp_path_factory.mktemp("ran") / "project")
    return settings, refresh(settings, call_directly)


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
    told = whole.root / "national"
    with alone(whole):
        if told.is_file():
            uid, found = pickle.loads(told.read_bytes())  # written below
            if uid == testrun_uid:
                return whole, *found
        found = _build_national(whole)
        told.write_bytes(pickle.dumps((testrun_uid, found)))
    return whole, *found


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
    with alone(Settings(folder)):
        for name in ("catalog", "schemas"):
            link = folder / name
            link.unlink(missing_ok=True)
            link.symlink_to(ROOT / name)
    return Settings(folder)


@pytest.fixture(scope="session")
def reference(whole: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The reference of the real geography, in which a test leaves temporary tables alone."""
    with alone(whole), open_reference(whole):
        pass  # it is made now, if it is not there
    with open_reference(whole) as con:
        yield con
