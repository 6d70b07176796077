import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from flows.catalog import Catalog, load_catalog
from flows.line import Outcome, refresh
from flows.progress import call_directly
from flows.settings import Settings
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
