"""Every territory that ever was, on the real files: figures that INSEE publishes, cases by hand."""

import shutil

import duckdb
import pytest

from flows.errors import CatalogError, SourceError
from flows.line import refresh
from flows.progress import call_directly


@pytest.mark.parametrize(
    ("year", "communes"),
    [
        (2012, 36700),
        (2013, 36681),
        (2015, 36658),
        (2016, 35885),
        (2017, 35416),
        (2018, 35357),
        (2019, 34970),
        (2020, 34968),
        (2021, 34965),
        (2022, 34955),
        (2023, 34945),
        (2024, 34935),
        (2025, 34875),
        (2026, 34875),
    ],
)
def test_the_communes_of_a_year_are_as_many_as_insee_says(con, year, communes):
    found = con.execute(
        "select count(*) from indicators.territories where level = 'commune'"
        " and make_date($year, 1, 1) >= valid_from"
        " and make_date($year, 1, 1) < coalesce(valid_to, date '9999-12-31')"
        " and left(code, 2) != '98' and left(code, 3) not in ('975', '977', '978')",
        {"year": year},
    ).fetchone()

    assert found == (communes,)


@pytest.mark.parametrize(
    ("territory", "lives"),
    [
        # Les Trois Lacs, whose seat moved to Bernières-sur-Seine for two years
        ("COM-27676", [("1943-01-01", "2021-01-01", "COM-27676"), ("2023-01-01", None, None)]),
        # Celles, in Neussargues en Pinatelle for eight years
        ("COM-15031", [("1943-01-01", "2016-12-01", "COM-15031"), ("2025-01-01", None, None)]),
        ("COM-01091", [("1943-01-01", "2019-01-01", "COM-01033")]),
        ("COMD-01091", [("2019-01-01", None, None)]),
        # L'Oudon: Notre-Dame-de-Fresnay was its seat from 2014 to 2016
        (
            "COM-14472",
            [("1943-01-01", "1973-01-01", "COM-14654"), ("2014-01-07", "2017-01-01", "COM-14654")],
        ),
        ("COM-97123", [("1943-01-01", "2007-02-23", "COM-97701")]),
        ("COM-98511", [("1943-01-01", "2011-03-31", "COM-97611")]),
        ("COM-97611", [("2011-03-31", None, None)]),
        ("COM-34344", [("1974-10-01", None, None)]),  # La Grande-Motte, carved out of Mauguio
        ("DEP-75", [("1943-01-01", "1968-01-01", "DEP-75"), ("1968-01-01", None, None)]),
        ("DEP-2A", [("1976-01-01", None, None)]),
        ("DEP-976", [("2011-03-31", None, None)]),
        ("REG-42", [("1983-01-01", "2016-01-01", "REG-44")]),
        ("REG-44", [("2016-01-01", None, None)]),
    ],
)
def test_a_territory_keeps_its_id(con, territory, lives):
    rows = con.execute(
        "select cast(valid_from as varchar), cast(valid_to as varchar), successor_id"
        " from indicators.territories where territory_id = ? order by valid_from",
        [territory],
    ).fetchall()

    assert rows == lives


def test_a_merger_says_what_goes_back_to_whom(con):
    """Valserhône: 11,809, 3,448 and 1,046 residents in 2015, 16,303 together."""
    rows = con.execute(
        "select from_id, forward_share, backward_share from indicators.territory_events"
        " where to_id = 'COM-01033' and event_date = '2019-01-01' order by 1"
    ).fetchall()

    assert [(name, float(forward)) for name, forward, _ in rows] == [
        ("COM-01033", 1),
        ("COM-01091", 1),
        ("COM-01205", 1),
    ]
    assert [float(share) for *_, share in rows] == pytest.approx(
        [11809 / 16303, 3448 / 16303, 1046 / 16303]
    )


@pytest.mark.parametrize(
    ("from_id", "to_id", "date", "kind"),
    [
        ("COM-01091", "COM-01033", "2019-01-01", "merger"),
        ("COM-14712", "COM-14666", "2020-01-01", "restoration"),
        ("COM-27676", "COM-27058", "2021-01-01", "code_change"),
        ("COM-20004", "COM-2A004", "1976-01-01", "departement_change"),
        ("COM-49144", "COM-44180", "2018-01-01", "merger"),  # Freigné, and into another département
        ("COM-34154", "COM-34344", "1974-10-01", "creation"),
        ("COM-28012", "COM-28012", "2023-01-01", "name_change"),  # Arrou, then Vald'Yerre
    ],
)
def test_events(con, from_id, to_id, date, kind):
    rows = con.execute(
        "select event_type from indicators.territory_events"
        " where from_id = ? and to_id = ? and event_date = ?",
        [from_id, to_id, date],
    ).fetchall()

    assert rows == [(kind,)]


@pytest.mark.parametrize(
    ("member", "year", "level", "territory"),
    [
        ("DEP-67", 2015, "region", "REG-42"),
        ("DEP-67", 2016, "region", "REG-44"),
        ("COM-49144", 2017, "departement", "DEP-49"),
        ("COM-49144", 2018, "departement", None),
        ("COM-85307", 2021, "epci", "EPCI-200073260"),
        ("COM-85307", 2022, "epci", None),
        ("COM-75056", 1967, "departement", "DEP-75"),
        ("ARM-75112", 2026, "commune", "COM-75056"),
        ("COMD-01091", 2026, "commune", "COM-01033"),
        ("COM-22016", 2026, "epci", None),  # Île-de-Bréhat
    ],
)
def test_memberships_by_year(con, member, year, level, territory):
    rows = con.execute(
        "select territory_id from indicators.memberships where member_id = $member"
        " and level = $level and $year between first_vintage and coalesce(last_vintage, 9999)",
        {"member": member, "year": year, "level": level},
    ).fetchall()

    assert rows == ([(territory,)] if territory else [])


def test_every_observation_is_on_the_map_of_the_release(con):
    lost = con.sql(
        "select count(*) from indicators.observations as observations anti join"
        " (select territory_id from indicators.territories where valid_to is null) as today"
        " on observations.territory_id = today.territory_id"
    ).fetchone()

    assert lost == (0,)


def test_the_publishers_values_stand_on_their_own_map(con):
    """Châtillon-en-Michaille, in Valserhône since 2019; the file of 2019 still speaks of 2018."""
    rows = con.sql(
        "select period, vintage, round(value, 2) from indicators.observations_as_published"
        " where indicator = 'housing_tax_rate' and territory_id = 'COM-01091' order by 1"
    ).fetchall()

    assert rows == [("2017", 2017, 16.79), ("2018", 2017, 17.14), ("2019", 2018, 17.14)]


def test_what_hides_something_is_not_given_on_another_map(con):
    names = {
        name
        for (name,) in con.sql(
            "select distinct indicator from indicators.observations_as_published"
        ).fetchall()
    }

    assert "women_mayors_share" not in names
    assert {"population", "road_accidents", "housing_tax_rate"} <= names


def test_local_tax_gives_continuous_series(con):
    """Of 34,875 communes, those that merged at different rates since 2017 have gaps."""
    found = con.sql(
        "select count(*) from (select territory_id from indicators.observations"
        " where indicator = 'housing_tax_rate' and value is not null"
        " group by territory_id having count(*) = 6)"
    ).fetchone()

    assert found == (34482,)


def test_no_total_is_lost_unseen(con):
    """What came in is what is on the map and what is lost; and the residents are those of INSEE."""
    odd = con.sql(
        "select * from core.join_reports where abs(total_before - total_after - lost) > 1e-6"
    ).fetchall()
    residents = con.sql(
        "select total_before from core.join_reports"
        " where source = 'census_population' and vintage = 2021 and measure = 'inhabitants'"
    ).fetchone()
    overseas = con.sql(
        "select sum(inhabitants) from core.administrative_divisions_communes"
        " where edition = 2021 and kind = 'commune-actuelle' and is_collectivity"
    ).fetchone()

    assert odd == []
    assert residents[0] - overseas[0] == 66988403 + 256518


def test_lost_codes_have_a_likely_cause(con):
    causes = dict(
        con.sql(
            "select code, likely_cause from core.join_losses where source = 'road_accidents'"
            " and direction = 'lost' and code in ('', '97440', '83900')"
        ).fetchall()
    )

    assert causes == {"": "empty", "97440": "postal_code", "83900": "placeholder_code"}


def test_paris_has_its_accidents_of_2005(con):
    """7,340 under its postal codes, 17 under its arrondissements, 4 under its own code."""
    value = con.sql(
        "select value from indicators.observations"
        " where indicator = 'road_accidents' and territory_id = 'COM-75056' and period = '2005'"
    ).fetchone()

    assert value == (7361,)


def test_zones_and_declared_territories_have_every_indicator(con):
    zones = con.sql(
        "select territory_id, value from indicators.observations"
        " where indicator = 'commune_count' and starts_with(territory_id, 'ABC-') order by 1"
    ).fetchall()
    residents = dict(
        con.sql(
            "select territory_id, value from indicators.observations"
            " where indicator = 'population' and period = '2023'"
        ).fetchall()
    )
    members = ("243500139", "243500659", "243500667", "243500774")

    assert [value for _, value in zones] == [815, 124, 2216, 3152, 28568]  # 34,875 together
    assert sum(residents[zone] for zone, _ in zones) == residents["FRA"]
    assert residents["USR-pays_de_rennes"] == sum(residents[f"EPCI-{each}"] for each in members)


def test_a_member_that_vanished_is_refused_with_its_successor(project):
    path = project.catalog / "territories" / "old.yml"
    shutil.copy(project.catalog / "territories" / "pays_de_rennes.yml", path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("EPCI-243500139", "COM-01091"), encoding="utf-8")

    with pytest.raises(CatalogError, match=r"old\.yml: COM-01091 is no territory .* COM-01033"):
        refresh(project, call_directly)


def test_a_zone_without_a_name_is_refused(project):
    path = project.catalog / "sources" / "housing_tension.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("    C: {fr:", "    D: {fr:"), encoding="utf-8")

    with pytest.raises(SourceError, match="zone ABC-C has no name"):
        refresh(project, call_directly)


def test_the_published_tables_hold_their_keys(ran):
    data = ran[0].public / "latest" / "data"
    keys = {
        "territories": "territory_id, valid_from",
        "territory_events": "event_date, from_id, to_id, event_type",
        "memberships": "member_id, level, first_vintage",
        "observations_as_published": "indicator, territory_id, period, vintage",
        "join_reports": "source, vintage, measure",
    }

    for table, key in keys.items():
        query = (
            f"select count(*) = count(distinct ({key})), count(*) > 0 from '{data}/{table}.parquet'"
        )
        assert duckdb.sql(query).fetchone() == (True, True), table
