"""Every described source on its publisher's real file, where this machine has these files."""

from pathlib import Path

import pytest

from flows.gather import gather, judge
from flows.line import build_warehouse
from flows.progress import call_directly
from flows.settings import Settings
from flows.warehouse import connect
from project import ROOT
from real import FILES, give_real_files, read_told

TOLD = read_told()
pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason="the real files are not here")


@pytest.fixture(scope="module")
def real(pytestconfig):
    """The national warehouse with every real file; stored and validated files are kept."""
    folder = Path(pytestconfig.cache.mkdir("real"))
    for name in ("catalog", "schemas"):
        link = folder / name
        link.unlink(missing_ok=True)
        link.symlink_to(ROOT / name)
    settings = Settings(folder)
    give_real_files(settings)
    gathered = gather(settings, call_directly)
    judge(settings, gathered, call_directly)
    losses = build_warehouse(settings, keep_totals(gathered.catalog), gathered.reports)
    return settings, gathered, {loss.source: loss for loss in losses}


def keep_totals(catalog):
    """The catalogue with the indicators alone whose totals are looked at."""
    wanted = {told["total"]["indicator"] for told in TOLD.values() if "total" in told}
    kept = {name: each for name, each in catalog.indicators.items() if name in wanted}
    return catalog.model_copy(update={"indicators": kept, "publications": {}, "targets": {}})


@pytest.mark.parametrize("name", TOLD)
def test_rows_read_and_rejected(real, name):
    reports = real[1].reports[name]
    assert sum(report.rows for report in reports) == TOLD[name]["rows"]
    assert sum(report.rejected_rows for report in reports) == TOLD[name]["rejected"]


TABLES = {
    "citizen_participation": "participation_by_commune",
    "commune_movements": "merged_communes",
    "policy_results": "policy_results_by_departement",
}


@pytest.mark.parametrize("name", [name for name, told in TOLD.items() if "lost" in told])
def test_rows_lost_in_the_join(real, name):
    assert real[2][TABLES.get(name, name)].lost_rows == TOLD[name]["lost"]


@pytest.mark.parametrize("name", [name for name, told in TOLD.items() if "total" in told])
def test_a_national_total_that_can_be_checked(real, name):
    total = TOLD[name]["total"]
    with connect(real[0].warehouse, read_only=True) as con:
        found = con.execute(
            "select round(value, 6) from indicators.observations"
            " where indicator = ? and territory_id = ? and period = ?",
            [total["indicator"], total["territory"], str(total["period"])],
        ).fetchall()
    assert found == [(total["value"],)]
    assert TOLD[name]["check"]


def test_no_private_cell_is_kept(real):
    settings, gathered, _ = real
    for source in gathered.catalog.sources.values():
        for report in gathered.reports[source.name] if source.private_columns else ():
            with connect(settings.data / "empty.duckdb") as con:
                columns = con.read_parquet(str(report.valid)).columns
            assert not set(columns) & set(source.private_columns)
