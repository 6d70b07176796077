"""Attack: each leak that is planted in a release is found, from its files alone."""

import json
import shutil

import duckdb
import pytest
from click.testing import CliRunner

from flows.attack import attack, refuse_leaks
from flows.attack.files import read_cells
from flows.cli import jalon
from flows.errors import PromiseError
from flows.settings import Settings
from project import ROOT

PERIOD = "2026"
VALUES = ("value", "numerator", "denominator")
# Two EPCI over two arrondissements, two communes each.
PLACES = {
    "COM-1": ("EPCI-1", "ARR-1"),
    "COM-2": ("EPCI-1", "ARR-2"),
    "COM-3": ("EPCI-2", "ARR-1"),
    "COM-4": ("EPCI-2", "ARR-2"),
}
TABLES = """
    create table territories (
        territory_id varchar, level varchar, code varchar, epci_id varchar, ept_id varchar,
        arrondissement_id varchar, departement_id varchar, region_id varchar, country_id varchar,
        collectivity_id varchar, valid_from date, valid_to date, successor_id varchar
    );
    create table observations (
        indicator varchar, territory_id varchar, period varchar, value double,
        numerator decimal(18, 6), denominator decimal(18, 6), coverage double, obs_status varchar
    );
"""


def totals(numbers, places=PLACES):
    """The number of each territory, from those of the communes."""
    found = dict(numbers)
    for commune, number in numbers.items():
        for upper in (*places[commune], "DEP-1", "REG-1", "FRA"):
            found[upper] = found.get(upper, 0) + number
    return found


def make_release(folder, series, hidden=(), places=PLACES, more="", published_from="commune"):
    """A release with the *series*, by name: numerators of communes, and denominators or None."""
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "jalon.duckdb")) as con:
        con.execute(TABLES)
        for commune, (epci, arrondissement) in places.items():
            row = [commune, commune[4:], epci, arrondissement]
            con.execute(
                "insert into territories values (?, 'commune', ?, ?, null, ?, 'DEP-1', 'REG-1',"
                " 'FRA', null, '1943-01-01', null, null)",
                row,
            )
        for name, (numerators, denominators) in series.items():
            tops = totals(numerators, places)
            bottoms = totals(denominators, places) if denominators else {}
            for territory, top in tops.items():
                if published_from == "epci" and territory.startswith("COM"):
                    continue
                is_hidden = (name, territory) in hidden
                bottom = bottoms.get(territory)
                told = [None] * 3 if is_hidden else [top / (bottom or 1), top, bottom]
                con.execute(
                    "insert into observations values (?, ?, ?, ?, ?, ?, 1, ?)",
                    [name, territory, PERIOD, *told, "Q" if is_hidden else "A"],
                )
        con.execute(more)
    return folder


def found_in(tmp_path, catalog, release, since=None):
    """What the attack finds: indicator, territory, way, between which values."""
    outcome = attack(Settings(tmp_path), catalog, release, since)
    return [(f.indicator, f.territory_id, f.way, f.low, f.high) for f in outcome.found]


FIRMS = {"COM-1": 2, "COM-2": 5, "COM-3": 7, "COM-4": 9}


def hide(*territories, name="firms"):
    return [(name, territory) for territory in territories]


def test_a_square_of_hidden_cells_is_not_found_and_one_alone_is(tmp_path, catalog):
    square = hide("COM-1", "COM-2", "COM-3", "COM-4")
    safe = make_release(tmp_path / "a", {"firms": (FIRMS, None)}, square)
    assert found_in(tmp_path, catalog, safe) == []
    # Without the totals of the EPCI, by subtraction of the other arrondissement from the country.
    leaky = make_release(tmp_path / "b", {"firms": (FIRMS, None)}, hide("COM-1", "COM-2", "EPCI-1"))
    assert found_in(tmp_path, catalog, leaky) == [
        ("firms", "COM-1", "totals", 2, 2),
        ("firms", "COM-2", "totals", 5, 5),
        ("firms", "EPCI-1", "totals", 7, 7),
    ]


def test_what_bounds_alone_do_not_find_a_linear_program_does(tmp_path, catalog):
    # The table of sdcTable's test: two hidden cells in each line and column, and yet one is 47.
    rows = [[30, 47, 64, 89], [90, 124, 5, 31], [92, 100, 59, 85], [800, 991, 651, 685]]
    places = {f"COM-{r}{c}": (f"EPCI-{r}", f"ARR-{c}") for r in range(4) for c in range(4)}
    firms = {f"COM-{r}{c}": rows[r][c] for r in range(4) for c in range(4)}
    hidden = [f"COM-{place}" for place in ["00", "01", "02", "10", "12", "21", "23", "31", "33"]]
    release = make_release(tmp_path / "a", {"firms": (firms, None)}, hide(*hidden), places)
    assert found_in(tmp_path, catalog, release) == [("firms", "COM-01", "totals", 47, 47)]


def test_another_indicator_with_the_same_counts_tells(tmp_path, catalog):
    square = hide("COM-1", "COM-2", "COM-3", "COM-4")
    other = {"firms": (FIRMS, None), "size": (dict.fromkeys(FIRMS, 100), FIRMS)}
    release = make_release(tmp_path / "a", other, square)
    found = found_in(tmp_path, catalog, release)
    assert ("firms", "COM-1", "another indicator", 2, 2) in found


def test_a_share_is_within_its_whole(tmp_path, catalog):
    # Both arrondissements and EPCI are hidden: women of COM-1 and COM-4 are 9 of 9 in all.
    women, officials = {"COM-1": 2, "COM-2": 1, "COM-3": 1, "COM-4": 7}, dict(FIRMS)
    officials |= {"COM-1": 2, "COM-4": 7}
    hidden = hide("COM-1", "COM-4", "EPCI-1", "EPCI-2", "ARR-1", "ARR-2", name="women")
    series = {"women": (women, officials), "officials": (officials, None)}
    release = make_release(tmp_path / "a", series, hidden)
    found = {(name, low) for name, _, _, low, _ in found_in(tmp_path, catalog, release)}
    assert ("women", 2) in found
    assert ("women", 7) in found


def test_a_commune_that_is_not_published_is_found_between_territories(tmp_path, catalog):
    # By commune nothing is given. EPCI-1 is France less EPCI-2; COM-2 and COM-4 are arrondissements
    # of their own, COM-3 is EPCI-2 less COM-4, and COM-1 is the rest of ARR-1.
    mayors = {"mayors": (dict.fromkeys(PLACES, 1), None)}
    places = {**PLACES, "COM-2": ("EPCI-1", "ARR-3")}
    hidden = hide("EPCI-1", name="mayors")
    release = make_release(tmp_path / "a", mayors, hidden, places, published_from="epci")
    found = {(cell, low, high) for _, cell, _, low, high in found_in(tmp_path, catalog, release)}
    assert found == {("EPCI-1", 2, 2), *((commune, 1, 1) for commune in PLACES)}


DOORS = {
    "observations": "update observations set numerator = 2 where territory_id = 'COM-1'",
    "observations_as_published": """
        create table observations_as_published as
        select indicator, territory_id, period, 2026 as vintage, 2.0 as value, 2 as numerator
        from observations where territory_id = 'COM-1'""",
    "comparisons": """
        create table comparisons as
        select indicator, territory_id, '2027' as period, 3.0 as value, 1.0 as change_1_year,
            null::double as change_5_years, null::varchar as start_period,
            null::double as change_since_start
        from observations where territory_id = 'COM-1'""",
    "targets": """
        create table targets as
        select indicator, territory_id, period as initial_period, 2.0 as initial_value,
            '2027' as current_period, null::double as current_value
        from observations where territory_id = 'COM-1'""",
    "barometer_indicators": """
        create table barometer_indicators as
        select indicator, territory_id, 0.2 as normalised_value, false as is_imputed
        from observations where territory_id = 'COM-1'""",
}


@pytest.mark.parametrize("door", DOORS)
def test_a_number_that_stands_elsewhere_is_found(tmp_path, catalog, door):
    square = hide("COM-1", "COM-2", "COM-3", "COM-4")
    release = make_release(tmp_path / "a", {"firms": (FIRMS, None)}, square, more=DOORS[door])
    ways = {(name, cell, way) for name, cell, way, _, _ in found_in(tmp_path, catalog, release)}
    assert ("firms", "COM-1", door) in ways


def test_a_wide_file_with_a_hidden_value_is_found(tmp_path, catalog):
    square = hide("COM-1", "COM-2", "COM-3", "COM-4")
    release = make_release(tmp_path / "a", {"firms": (FIRMS, None)}, square)
    (release / "data" / "wide").mkdir(parents=True)
    wide = release / "data" / "wide" / "x_commune.csv"
    wide.write_text("code_commune,nom_commune,firms\n1,A,\n2,B,\n", encoding="utf-8")
    assert found_in(tmp_path, catalog, release) == []
    wide.write_text("code_commune,nom_commune,firms\n1,A,2\n2,B,\n", encoding="utf-8")
    assert found_in(tmp_path, catalog, release) == [("firms", "COM-1", "x_commune.csv", 2, 2)]


def test_a_list_of_changes_with_a_hidden_value_is_found(tmp_path, catalog):
    square = hide("COM-1", "COM-2", "COM-3", "COM-4")
    release = make_release(tmp_path / "a", {"firms": (FIRMS, None)}, square)
    header = "indicator,territory_id,period,old_value,new_value\n"
    path = release / "delta.csv"
    path.write_text(header + "firms,COM-1,2026,,\nfirms,FRA,2026,3,23\n", encoding="utf-8")
    assert found_in(tmp_path, catalog, release) == []
    path.write_text(header + "firms,COM-1,2026,2,\nfirms,FRA,2026,3,23\n", encoding="utf-8")
    assert found_in(tmp_path, catalog, release) == [("firms", "COM-1", "delta.csv", 2, 2)]


def test_every_file_that_tells_a_hidden_number_is_named(ran, tmp_path, catalog):
    # All files of the small project tell the women of Rennes Métropole; its Parquet hides them now.
    name, rennes = "women_councillors_share", "EPCI-243500139"
    release = tmp_path / "copied"
    shutil.copytree(ran[1].release, release, ignore=shutil.ignore_patterns("fr", "en", "reports"))
    path = release / "data" / "observations.parquet"
    changed = path.with_suffix(".changed")
    is_it = f"indicator = '{name}' and territory_id = '{rennes}'"
    hidden = ", ".join(f"if({is_it}, null, {each}) as {each}" for each in VALUES)
    query = f"select * replace ({hidden}, if({is_it}, 'Q', obs_status) as obs_status) from '{path}'"
    duckdb.sql(f"copy ({query}) to '{changed}' (format parquet)")
    changed.replace(path)
    found = found_in(tmp_path, catalog, release)
    assert {way for indicator, cell, way, _, _ in found if (indicator, cell) == (name, rennes)} == {
        "comparisons",
        "barometer_indicators",
        "jalon.duckdb: observations",
        "jalon.duckdb: comparisons",
        "jalon.duckdb: barometer_indicators",
        "data/observations_local_democracy.csv.gz",
        "sdmx/local_democracy.csv.gz",
        "local_democracy_epci.csv",
        "boundaries_epci.parquet",
        "boundaries/epci.geojson",
        f"api/v1/territories/{rennes}.json",
        f"api/v1/indicators/{name}.json",
        "totals",
    }


def test_every_cell_of_the_api_is_read(ran, small):
    folder = ran[1].release / "api" / "v1"
    names = {
        row[0] for row in small.execute("select indicator from indicators.indicators").fetchall()
    }
    files = [*folder.glob("territories/*.json"), *folder.glob("communes/*.json")]
    cells = [cell[:3] for path in files for cell in read_cells(path, names) if cell[3] is not None]
    told = small.execute("""
        select indicator, territory_id, period from indicators.observations
        where value is not null order by all""")
    assert sorted(cells) == told.fetchall()


def test_a_period_that_is_shown_beside_one_that_is_hidden_is_no_leak(tmp_path, catalog):
    # Two communes and two periods: COM-1 hidden then shown, COM-2 without any value.
    body = {"territories": {"territory_id": ["COM-1", "COM-2"]}, "series": {
        "indicator": ["firms"], "periods": [["2026", "2027"]], "values": [[[None, 4], None]],
        "statuses": [["QA", "OO"]]}}  # fmt: skip
    release = make_release(
        tmp_path / "a", {"firms": (FIRMS, None)}, hide("COM-1", "COM-2", "COM-3", "COM-4")
    )
    path = release / "api" / "v1" / "communes" / "EPCI-1.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(body), encoding="utf-8")
    assert found_in(tmp_path, catalog, release) == []
    body["series"]["values"][0][0][0] = 2
    path.write_text(json.dumps(body), encoding="utf-8")
    way = "api/v1/communes/EPCI-1.json"
    assert found_in(tmp_path, catalog, release) == [("firms", "COM-1", way, 2, 2)]


@pytest.mark.parametrize("body", ["[]", "{}", "{", '{"territories": {"territory_id": "COM-1"}}'])
def test_a_file_of_the_api_that_cannot_be_read_is_not_called_safe(tmp_path, catalog, body):
    square = hide("COM-1", "COM-2", "COM-3", "COM-4")
    release = make_release(tmp_path / "a", {"firms": (FIRMS, None)}, square)
    path = release / "api" / "v1" / "territories" / "COM-1.json"
    path.parent.mkdir(parents=True)
    path.write_text(body, encoding="utf-8")
    with pytest.raises(PromiseError, match=r"COM-1\.json: is not written as it should be"):
        found_in(tmp_path, catalog, release)


def test_what_an_older_release_told_and_what_it_hid_are_found(tmp_path, catalog):
    square = hide("COM-1", "COM-2", "COM-3", "COM-4")
    open_ = make_release(tmp_path / "open", {"firms": (FIRMS, None)}, hide("COM-2"))
    kept = make_release(tmp_path / "kept", {"firms": (FIRMS, None)}, square)
    way = "told by one release and hidden by the other"
    assert ("firms", "COM-1", way, 2, 2) in found_in(tmp_path, catalog, kept, open_)
    assert ("firms", "COM-1", way, 2, 2) in found_in(tmp_path, catalog, open_, kept)
    assert found_in(tmp_path, catalog, kept, kept) == []


def two_maps(tmp_path):
    """COM-2 went from EPCI-2 (release b) to EPCI-1 (a), with its one mayor."""
    mayors = {"mayors": ({"COM-1": 1, "COM-2": 1, "COM-3": 0, "COM-4": 1}, None)}
    places = {each: (epci, "ARR-1") for each, (epci, _) in PLACES.items()}
    then = {**places, "COM-2": ("EPCI-2", "ARR-1")}
    hidden = hide("ARR-1", name="mayors")
    return [
        make_release(tmp_path / name, mayors, hidden, where, published_from="epci")
        for name, where in (("a", places), ("b", then))
    ]


def test_the_difference_of_two_maps_is_found(tmp_path, catalog):
    # What COM-2 counts is the difference of EPCI-1 now and then.
    one, other = two_maps(tmp_path)
    alone = {cell for _, cell, _, _, _ in found_in(tmp_path, catalog, one)}
    both = {cell for _, cell, _, _, _ in found_in(tmp_path, catalog, one, other)}
    assert "COM-2" not in alone
    assert "COM-2" in both


# Of what the keeper's warehouse knows: what the officer was told, and no unit of any cell.
KEEPER = """
    create schema core; create schema parts;
    create table core.memberships (
        territory_id varchar, level varchar, part_id varchar, part_level varchar);
    create table parts.observations (
        indicator varchar, part_id varchar, period varchar, numerator double, denominator double,
        unit_count double, largest double);
    create table parts.known_before (indicator varchar, period varchar, territory_id varchar);
"""


def make_keeper(folder, query, values):
    """A project with such a warehouse, and what *query* adds to it."""
    settings = Settings(folder)
    settings.warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(settings.warehouse)) as con:
        con.execute(KEEPER)
        con.execute(query, [values])
    return settings


def test_a_leak_through_a_declared_territory_is_found(tmp_path, catalog):
    # USR-1 is all but COM-4: 14 of 23. Its communes are told by its declaration, in the warehouse.
    square = hide("COM-1", "COM-2", "COM-3", "COM-4")
    told = "insert into observations values ('firms', 'USR-1', '2026', {}, {}, null, 1, '{}')"
    members = "insert into core.memberships select 'USR-1', 'user', unnest(?), 'commune'"
    settings = make_keeper(tmp_path / "keeper", members, ["COM-1", "COM-2", "COM-3"])
    firms = {"firms": (FIRMS, None)}
    leaky = make_release(tmp_path / "a", firms, square, more=told.format(14, 14, "A"))
    assert found_in(tmp_path, catalog, leaky) == []  # who does not know its communes
    found = attack(settings, catalog, leaky).found
    assert {(each.territory_id, each.low, each.high) for each in found} == {
        (commune, number, number) for commune, number in FIRMS.items()
    }
    safe = make_release(tmp_path / "b", firms, square, more=told.format("null", "null", "Q"))
    assert attack(settings, catalog, safe).found == []


def test_what_only_two_releases_tell_together_stops_a_run_unless_it_was_told(tmp_path, catalog):
    one, other = two_maps(tmp_path)
    told = {cell for _, cell, _, _, _ in found_in(tmp_path, catalog, one, other)}
    refuse_leaks(Settings(tmp_path), catalog, one, None)
    known = "insert into parts.known_before select 'mayors', '2026', unnest(?)"
    officer = make_keeper(tmp_path / "told", known, sorted(told))
    refuse_leaks(officer, catalog, one, other)
    nobody = make_keeper(tmp_path / "untold", known, sorted(told - {"COM-2"}))
    problem = "mayors: is hidden in COM-2 2026, and is known from totals, with the release b"
    with pytest.raises(PromiseError, match=problem):
        refuse_leaks(nobody, catalog, one, other)


def test_revised_numbers_of_an_older_release_are_left_alone(tmp_path, catalog):
    square = hide("COM-1", "COM-2", "COM-3", "COM-4")
    kept = make_release(tmp_path / "a", {"firms": (FIRMS, None)}, square)
    revised = {name: number + 3 for name, number in FIRMS.items()}
    older = make_release(tmp_path / "b", {"firms": (revised, None)}, square)
    assert found_in(tmp_path, catalog, kept, older) == []


def test_the_command_says_what_it_found_and_fails(tmp_path):
    (tmp_path / "catalog").symlink_to(ROOT / "catalog")
    release = make_release(tmp_path / "a", {"firms": (FIRMS, None)}, hide("COM-1"))
    ran = CliRunner().invoke(jalon, ["--root", str(tmp_path), "attack", str(release)])
    assert ran.exit_code == 1
    assert "firms COM-1 2026: 2 (totals)" in ran.output
    assert "1 hidden cells attacked, 1 found" in ran.output


def test_a_release_that_is_not_there_is_named(tmp_path):
    (tmp_path / "catalog").symlink_to(ROOT / "catalog")
    ran = CliRunner().invoke(jalon, ["--root", str(tmp_path), "attack", "nope"])
    assert "no such release" in str(ran.exception)


def test_a_small_release_tells_nothing_that_it_hides(ran, catalog):
    settings, outcome = ran
    result = attack(settings, catalog, outcome.release)
    assert result.hidden > 0  # the one mayor of Paris
    assert result.found == []
