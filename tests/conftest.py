import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On several cores, a file's tests stay together, and so do those of the real files."""
    for item in items:
        kept = {"whole", "national"} & set(getattr(item, "fixturenames", ()))
        item.add_marker(pytest.mark.xdist_group("whole" if kept else item.path.stem))


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
def national(whole: Settings) -> tuple[Any, ...]:
    """The national warehouse, with what was lost on the way."""
    settings = whole
    gathered = gather(settings, call_directly)
    judge(settings, gathered, call_directly)
    catalog, reports = gathered.catalog, gathered.reports
    losses = build_warehouse(settings, catalog, reports)
    return settings, find_issues(catalog, reports, losses), reports, losses


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
    for name in ("catalog", "schemas"):
        link = folder / name
        link.unlink(missing_ok=True)
        link.symlink_to(ROOT / name)
    return Settings(folder)


@pytest.fixture(scope="session")
def reference(whole: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The reference of the real geography, in which a test leaves temporary tables alone."""
    with open_reference(whole) as con:
        yield con
