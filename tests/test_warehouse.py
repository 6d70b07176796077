"""The warehouse: what a connection allows itself."""

from pathlib import Path

import pytest

from flows import warehouse

# More than the limit of the test holds, with the two tables beside it.
MANY = "select count(*) from (select range as number from range(5000000) group by all)"


def test_a_query_that_needs_more_memory_goes_on_beside_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warehouse, "MEMORY", "100MB")
    beside = tmp_path / "warehouse.duckdb.tmp"

    with warehouse.connect(tmp_path / "warehouse.duckdb") as con:
        con.execute("create temp table many as select range as number from range(5000000)")
        con.execute("create temp table more as select hash(number) as number from many")
        assert beside.is_dir()
        assert con.sql(MANY).fetchall() == [(5000000,)]

    assert not beside.exists()  # nothing is left


def test_memory_is_bounded(tmp_path: Path) -> None:
    with warehouse.connect(tmp_path / "warehouse.duckdb") as con:
        told = con.sql("select current_setting('memory_limit')").fetchall()

    assert told == [("810.6 MiB",)]
