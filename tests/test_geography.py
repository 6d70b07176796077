"""Any commune code that the editions know, on today's map."""

from decimal import Decimal

import pytest

from flows.catalog.models import Geography
from flows.errors import PromiseError, SourceError
from flows.steps.harmonise import create_reports, harmonise_table
from flows.warehouse import connect, shared_sql


@pytest.mark.parametrize(
    ("code", "year", "expected"),
    [
        ("35238", 2005, {"35238": 1}),
        ("01091", 2018, {"01033": 1}),  # Châtillon-en-Michaille, in Valserhône since 2019
        ("75101", 2019, {"75056": 1}),  # an arrondissement of Paris
        ("97127", 2006, {"97801": 1}),  # Saint-Martin, a commune of Guadeloupe until 2007
        ("14712", 2016, {"14712": 1}),  # Troarn before it merged with Sannerville
        ("14712", 2018, {"14712": 0.644734389562, "14666": 0.355265610438}),  # 3459 : 1906
        ("14712", 2021, {"14712": 1}),  # and since they came apart
        ("14666", 2018, {"14666": 1}),
        ("99999", 2020, {}),
    ],
)
def test_successors(small, code, year, expected):
    query = (
        "select commune_code, population_share from core.commune_successors"
        " where former_code = ? and ? between first_vintage and last_vintage"
    )

    found = dict(small.execute(query, [code, year]).fetchall())

    assert found == {code: Decimal(str(share)) for code, share in expected.items()}


def test_shares_of_a_split_add_up_to_exactly_one(small):
    sums = small.execute(
        "select distinct sum(population_share) from core.commune_successors"
        " where 2018 between first_vintage and last_vintage group by former_code"
    ).fetchall()

    assert sums == [(1,)]


@pytest.fixture
def published(tmp_path):
    """A table with five rows: kept, merged, split, lost twice; and successors to follow."""
    with connect(tmp_path / "w.duckdb") as con:
        con.execute(shared_sql("floors"))
        create_reports(con)
        con.execute(
            "create table core.x as select * from (values ('A', 2018, 10), ('B', 2018, 20),"
            " ('S', 2018, 100), ('?', 2018, 1), ('?', 2018, 2)) as t (commune_code, y, amount)"
        )
        con.execute(
            "create table core.communes as select unnest(['A', 'S', 'T', 'Z']) as commune_code"
        )
        con.execute(
            "create table core.commune_successors as select former_code, commune_code,"
            " cast(share as decimal(18, 12)) as population_share,"
            " first_vintage, last_vintage, method, true as is_on_map from (values"
            " ('A', 'A', 1, 1943, 9999, 'unchanged'), ('B', 'A', 1, 1943, 9999, 'merged'),"
            " ('S', 'S', 0.7, 2016, 2019, 'split_by_population'),"
            " ('S', 'T', 0.3, 2016, 2019, 'split_by_population'),"
            " ('S', 'S', 1, 2020, 9999, 'unchanged'))"
            " as t (former_code, commune_code, share, first_vintage, last_vintage, method)"
        )
        yield con


def geography(**changes):
    return Geography(level="commune", vintage="y", counts=("amount",), **changes)


def test_harmonise_adds_up_shares_out_and_tells_what_it_lost(published):
    loss = harmonise_table(published, "x", geography(max_lost_percent=40))

    amounts = published.execute(
        "select commune_code, sum(amount * population_share) from core.x group by 1 order by 1"
    ).fetchall()
    assert amounts == [("A", 30), ("S", 70), ("T", 30)]
    assert (loss.rows, loss.merged_rows, loss.split_rows) == (5, 1, 2)
    assert loss.lost_codes == {"?": 2}


def test_the_join_report_tells_totals_before_and_after(published):
    harmonise_table(published, "x", geography(max_lost_percent=40))

    told = published.execute(
        "select measure, total_before, unchanged, merged, split, lost, total_after, lost_codes,"
        " communes_without_data from core.join_reports order by 1"
    ).fetchall()
    assert told == [("amount", 133, 10, 20, 100, 3, 130, 1, 1), ("rows", 5, 1, 1, 1, 2, 3, 1, 1)]
    losses = published.execute(
        "select direction, code, row_count from core.join_losses order by 1"
    ).fetchall()
    assert losses == [("lost", "?", 2), ("without_data", "Z", 0)]


def test_a_total_that_is_not_kept_stops(published):
    published.execute("delete from core.commune_successors where commune_code = 'T'")

    with pytest.raises(PromiseError, match=r"the total of \w+ of 2018 is not kept"):
        harmonise_table(published, "x", geography(max_lost_percent=40))


def test_more_lost_rows_than_the_source_allows_stops(published):
    with pytest.raises(SourceError, match=r"2 of 5 rows carry codes that no map knows: \?"):
        harmonise_table(published, "x", geography())


@pytest.mark.parametrize(
    ("territory", "column", "expected"),
    [
        ("COM-35238", "epci_id", "EPCI-243500139"),
        ("COM-35238", "country_id", "FRA"),
        ("COM-97801", "country_id", None),  # a collectivity has no parent
        ("COM-97801", "collectivity_id", "COL-978"),
        ("COL-978", "name", "Saint-Martin"),
        ("EPCI-243500139", "departement_id", "DEP-35"),
        ("EPCI-200054781", "departement_id", None),  # Greater Paris lies across several
        ("EPCI-200054781", "region_id", "REG-11"),
        ("DEP-35", "region_id", "REG-53"),
        ("REG-53", "country_id", "FRA"),
        ("ARM-75101", "commune_id", "COM-75056"),
        ("COM-97611", "arrondissement_id", None),
        ("FRA", "population", 2662636),
    ],
)
def test_territories(small, territory, column, expected):
    found = small.execute(
        f"select {column} from indicators.territories where territory_id = ? and valid_to is null",
        [territory],
    ).fetchall()

    assert found == [(expected,)]


def test_every_territory_has_a_name_and_begins_once_on_a_day(small):
    rows = small.execute(
        "select count(*), count(distinct (territory_id, valid_from)), count(name)"
        " from indicators.territories"
    ).fetchone()

    assert len(set(rows)) == 1
