import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.catalog import Catalog, load_catalog
from flows.line import Outcome, build_warehouse, refresh, validate_source
from flows.progress import call_directly
from flows.publish.issues import find_issues
from flows.reference import open_reference
from flows.settings import Settings
from flows.steps.fetch import fetch_source
from flows.warehouse import connect
from project import ROOT, make_project

os.environ["GX_ANALYTICS_ENABLED"] = "false"


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
def national(whole: Settings) -> tuple[Any, ...]:
    """The national warehouse, with what was lost on the way."""
    settings, catalog = whole, load_catalog(ROOT / "catalog")
    reports = {
        name: validate_source(settings, source, fetch_source(settings, source))
        for name, source in catalog.sources.items()
    }
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
