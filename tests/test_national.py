"""The real embedded files, all of them: figures that anyone can check against their publishers."""

import pytest

from flows.steps.check import refuse_doubles


@pytest.mark.parametrize(
    ("indicator", "territory", "period", "expected"),
    [
        ("commune_count", "FRA", "2026", 34875),
        ("women_councillors_share", "FRA", "2026", 48.14),
        ("women_mayors_share", "FRA", "2026", 22.88),
        ("women_councillors_share", "DEP-35", "2026", 48.90),
        ("women_mayors_share", "DEP-35", "2026", 26.20),
        ("road_deaths", "FRA", "2019", 3406),
        ("population", "COM-35238", "2023", 230890),
        # INSEE's totals without Mayotte, and the 256 518 residents of its census of 2017
        ("population", "FRA", "2019", 66988403 + 256518),
        ("population", "FRA", "2020", 67162154 + 256518),
    ],
)
def test_figures(con, indicator, territory, period, expected):
    query = (
        "select round(value, 2) from indicators.observations"
        " where indicator = ? and territory_id = ? and period = ?"
    )

    assert con.execute(query, [indicator, territory, period]).fetchall() == [(expected,)]


@pytest.mark.parametrize(
    ("indicator", "numerator", "denominator"),
    [("women_councillors_share", 244922, 508788), ("women_mayors_share", 7948, 34742)],
)
def test_counts_behind_the_figures(con, indicator, numerator, denominator):
    query = (
        "select numerator, denominator from indicators.observations"
        " where indicator = ? and territory_id = 'FRA'"
    )

    assert con.execute(query, [indicator]).fetchall() == [(numerator, denominator)]


def test_deaths_of_the_source_are_all_somewhere(con):
    """3 498 killed in 2019 in the source: 3 406 in France and 92 in the collectivities."""
    source = con.sql("select sum(cast(killed as int)) from raw.road_accidents where year = '2019'")
    apart = con.sql(
        "select sum(value) from indicators.observations where indicator = 'road_deaths'"
        " and period = '2019' and starts_with(territory_id, 'COL-')"
    )

    assert source.fetchone() == (3498,)
    assert apart.fetchone() == (92,)


@pytest.mark.parametrize("level", ["epci", "departement", "region", "country"])
def test_a_ratio_is_the_ratio_of_sums_at_every_level(con, level):
    wrong = con.execute(
        """
        select count(*)
        from (
            select
                observations.territory_id,
                rules.per * sum(parts.numerator) / sum(parts.denominator) as expected,
                any_value(observations.value) as value
            from parts.observations as parts
            inner join parts.rules as rules on parts.indicator = rules.indicator
            inner join core.memberships as memberships on parts.part_id = memberships.part_id
            inner join indicators.observations as observations
                on
                    memberships.territory_id = observations.territory_id
                    and parts.indicator = observations.indicator
                    and parts.period = observations.period
            where
                rules.rollup = 'ratio'
                and memberships.level = ?
                and parts.denominator is not null
                and parts.numerator is not null
                and observations.value is not null
            group by observations.territory_id, parts.indicator, parts.period, rules.per
        )
        -- Counts are published with six decimals, where a split makes fractions of them.
        where abs(value - expected) > 1e-7 * greatest(abs(expected), 1)
        """,
        [level],
    ).fetchone()

    assert wrong == (0,)


def test_counts_are_conserved_on_the_way_to_the_map(con):
    """Accidents on today's map, and those whose code no map knows, are those of the source."""
    on_the_map = con.sql(
        "select sum(accident_count * population_share) from core.road_accidents"
    ).fetchone()[0]
    off_the_map, told = con.sql(
        "select sum(lost), sum(total_before) from core.join_reports"
        " where source = 'road_accidents' and measure = 'accident_count'"
    ).fetchone()

    assert con.sql("select sum(accidents) from raw.road_accidents").fetchone() == (1065053,)
    assert (on_the_map + off_the_map, told, off_the_map) == (1065053, 1065053, 443)


def test_communes_that_vanished_keep_their_id_and_name_their_successor(con):
    rows = con.sql(
        "select name, cast(valid_to as varchar), successor_id from indicators.territories"
        " where territory_id = 'COM-93059'"
    ).fetchall()

    assert rows == [("Pierrefitte-sur-Seine", "2025-01-01", "COM-93066")]


def test_four_communes_stand_in_no_epci(con):
    rows = con.sql(
        "select code from indicators.territories where level = 'commune' and valid_to is null"
        " and country_id = 'FRA' and epci_id is null order by code"
    ).fetchall()

    assert rows == [("22016",), ("29083",), ("29155",), ("85113",)]


def test_every_row_was_read_and_what_was_lost_is_told(national):
    reports = [report for files in national[2].values() for report in files]
    lost = {issue.subject: issue.count for issue in national[1] if issue.kind == "lost_on_the_map"}

    assert sum(report.rows for report in reports) == 1341052
    assert sum(report.rejected_rows for report in reports) == 0
    assert set(lost) == {"local_tax", "road_accidents"}
    assert lost["local_tax"] == 12


def test_residents_of_communes_that_split_come_together_to_the_unit(con):
    fractions = con.sql(
        "select count(*) from indicators.observations where indicator = 'population'"
        " and numerator != trunc(numerator) and not starts_with(territory_id, 'COM-')"
    ).fetchone()

    assert fractions == (0,)


def test_no_indicator_repeats_another(con):
    refuse_doubles(con)


@pytest.mark.parametrize("indicator", ["mayor_mean_age", "women_mayors_share"])
@pytest.mark.parametrize("level", ["DEP", "ARR"])
def test_the_mayor_of_paris_cannot_be_found_by_subtraction(con, indicator, level):
    # Paris is a département and an arrondissement of one mayor: the région less the others of its
    # own would give this one person, if all others were shown.
    query = (
        "select count(*) filter (where obs_status = 'Q') from indicators.observations as o"
        " inner join indicators.territories as t on o.territory_id = t.territory_id"
        " where indicator = ? and t.region_id = 'REG-11' and t.valid_to is null"
        " and o.territory_id like ? || '-%'"
    )
    assert con.execute(query, [indicator, level]).fetchall()[0][0] > 1
