import importlib
import re

import duckdb
import frformat
import pytest
from frformat.formats.coordonnees_gps_francaises import CoordonneesGPSFrancaises
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.steps.validate.rules import french_values as values
from flows.steps.validate.rules.french import Check, compile_checks


def compiled(name, params, fields):
    checks, notes = compile_checks([{"name": name, "params": params}], fields)
    assert not notes
    return checks


def faults(checks: list[Check], rows):
    """The numbers of the wrong rows, from 0, by code. *rows* are those of the checks' fields."""
    return {
        check.type: [n for n, row in enumerate(rows) if not passes(check, row)] for check in checks
    }


def passes(check, row):
    if check.ok_value:
        return row[0] is None or check.ok_value(row[0])
    names = [f'"{field}"' for field in check.fields]
    query = f"select {check.ok_sql.format(*names)} from (values ({', '.join('?' * len(row))}))"
    with duckdb.connect() as con:
        verdict = con.execute(f"{query} as t({', '.join(names)})", row).fetchone()[0]
    assert verdict in (True, False, None)
    return verdict is not False


def one_column(name, rows, **params):
    checks = compiled(name, {"column": "a", **params}, ["a"])
    assert [(check.field, check.fields) for check in checks] == [("a", ("a",))] * len(checks)
    return faults(checks, [[row] for row in rows])


def holds(con, template, text):
    verdict = con.execute(f"select {template.format('t')} from (select ? as t)", [text]).fetchone()
    return verdict[0]


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as con:
        yield con


# -- SIREN, SIRET -------------------------------------------------------------------------------


def test_siren():
    # 732829320: 7 + 6 + 2 + 16-9 + 2 + 18-9 + 3 + 4 + 0 = 40
    wrong = ["732829321", "73282932", "7328293200", "abc", "", "٧٣٢٨٢٩٣٢٠"]
    right = ["732829320", "732 829 320", "732.829.320\t", "７３２829320", None]
    assert one_column("french-siren-value", wrong + right) == {
        "french-siren-value": [0, 1, 2, 3, 4, 5]
    }


def test_siret():
    # 5 + 3 + 4 + 8 + 4 + 9 + 6 + 2 + 0 + 0 + 0 + 0 + 5 + 4 = 50, and 732829320 holds
    rows = [
        "73282932000074",
        "732 829 320 00074",
        None,
        "73282932000075",
        "732829320",
        "7328293200007",
    ]
    assert one_column("french-siret-value", rows) == {"french-siret-value": [3, 4, 5]}


def test_siret_of_a_wrong_siren():
    # 00000001000009: 2 + 9 = 11 no; with 8, 2 + 8 = 10, yes; but 000000010 sums to 2
    assert one_column("french-siret-value", ["00000001000008"]) == {"french-siret-value": [0]}


def test_siret_of_la_poste():
    rows = [
        "35600000000048",  # the head office, by Luhn: 6 + 5 + 3 + 8 + 8 = 30
        "35600000049837",  # 3+5+6 + 4+9+8+3+7 = 45: a multiple of 5
        "35600000049838",  # 46
        "35600000000055",  # Luhn: 6 + 5 + 3 + 1 + 5 = 20, but the digits sum to 24
    ]
    assert one_column("french-siret-value", rows) == {"french-siret-value": [2, 3]}


def test_new_names_are_the_old_checks():
    for new, old in [("siren", "french-siren-value"), ("siret", "french-siret-value")]:
        assert compiled(new, {"column": "a"}, ["a"]) == compiled(old, {"column": "a"}, ["a"])


def luhn_key(digits):
    return next(d for d in "0123456789" if luhn_sum(digits + d) % 10 == 0)


def luhn_sum(digits):
    doubled = [int(d) * (1 + n % 2) for n, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled)


DIGITS = st.text("0123456789", min_size=1, max_size=16)
SIRENS = st.text("0123456789", min_size=8, max_size=8).map(lambda d: d + luhn_key(d))
NICS = st.text("0123456789", min_size=4, max_size=4)
SIRETS = st.one_of(
    st.builds(lambda siren, nic: siren + nic + luhn_key(siren + nic), SIRENS, NICS),
    st.text("0123456789", min_size=5, max_size=5).map("356000000".__add__),
)
BLANKS = " \u00a0\u202f\u2009\t\n\x1c\x85\u1680\u200b\u2028.\u00b7-_"
ODD_DIGITS = "٣３𝟗𝟎²①"


def spoil(text, odd):
    """*text* with *odd* characters put in, or in place of a digit where they are digits."""
    for place, char in odd:
        at = place % (len(text) + 1)
        text = text[:at] + char + text[at + (char in ODD_DIGITS) :]
    return text


ODD = st.lists(st.tuples(st.integers(0, 20), st.sampled_from(BLANKS + ODD_DIGITS)), max_size=4)
WRITTEN = st.one_of(DIGITS, SIRENS, SIRETS)


@settings(max_examples=400, deadline=None)
@given(st.one_of(WRITTEN, st.builds(spoil, WRITTEN, ODD), st.text(max_size=16)))
@example("35600000000048")
@example("35600000000055")
@example("")
@example("0x00000000")
@example("{0}")
def test_siren_and_siret_agree_with_frformat(con, text):
    assert holds(con, values.SIREN, text) is frformat.Siren().is_valid(text)
    assert holds(con, values.SIRET, text) is frformat.Siret().is_valid(text)


def test_each_character_that_frformat_forgives(con):
    # Between the digits of a number that holds, and instead of its last digit.
    planes = [*range(1, 0xD800), *range(0xE000, 0x11000), *range(0x1D7C0, 0x1D800)]
    texts = list(map(chr, planes))
    siren = frformat.Siren()
    right = [c for c in texts if siren.is_valid(f"7328{c}29320") or siren.is_valid(f"73282932{c}")]
    between, last = (
        values.SIREN.format(f"concat({text})") for text in ("'7328', t, '29320'", "'73282932', t")
    )
    found = con.execute(f"select t from unnest(?) as u(t) where {between} or {last}", [texts])
    assert sorted(row[0] for row in found.fetchall()) == sorted(right)


# -- values of one column -----------------------------------------------------------------------


def test_nomenclature_of_acts():
    wrong = ["Urbanisme", "Urbanisme /Permis", "Urbanisme/ Permis", "Voirie/Permis", "Urbanisme!"]
    right = ["Urbanisme/Permis", "LIBERTES publiques et pouvoirs de police/x", "Urbanisme/", None]
    assert one_column("nomenclature-actes-value", wrong + right) == {
        "nomenclature-actes-value": [0, 1, 2, 3, 4]
    }


HEADINGS = st.sampled_from(
    sorted(importlib.import_module("frformat.formats.nomenclature_acte_format").AUTHORIZED_VALUES)
)


@settings(deadline=None)
@given(
    HEADINGS, st.sampled_from([str, str.upper, str.lower, str.title]), st.text("/ é", max_size=3)
)
def test_nomenclature_agrees_with_frformat_where_there_is_a_slash(con, heading, spell, rest):
    text = f"{spell(heading)}{rest}/x"
    assert holds(con, values.NOMENCLATURE_ACTE, text) is frformat.NomenclatureActe().is_valid(text)


def test_phone_number():
    right = ["01.42.76.40.40", "+33 1 42 76 40 40", "+44 20 7946 0018", "3949", "115", None]
    wrong = ["01 42 76 40", "téléphone", "+33 1 42", "", "0142764040 / 0142764041"]
    assert one_column("phone-number-value", wrong + right) == {
        "phone-number-value": [0, 1, 2, 3, 4]
    }


def test_opening_hours():
    rows = ["Mo-Fr 09:00-18:00; PH off", "24/7", None, "lundi", "Mo-Fr 9h-18h", "Mo-Fr 25:00-26:00"]
    assert one_column("opening-hours-value", rows) == {"opening-hours-value": [3, 4, 5]}


def test_gps_coordinates():
    rows = [
        "2.35, 48.85",  # Paris
        "48.85, 2.35",  # the same turned round
        "13.40, 52.52",  # Berlin
        "[55.45, -20.88]",  # Saint-Denis of Réunion
        '{"lat": 48.85, "lon": 2.35}',
        "9.560091, 45",  # on the edge
        None,
        "Paris",  # no geopoint: the fault of its type
    ]
    assert one_column("french-gps-coordinates", rows) == {
        "french-gps-coordinates": [2, 5],
        "reversed-french-gps-coordinates": [1],
    }


DEGREES = st.floats(-90, 90, allow_nan=False).map(lambda x: round(x, 6))


@settings(deadline=None, max_examples=300)
@given(DEGREES, DEGREES)
@example(-61.809839, 16.0)
@example(2.35, 48.85)
def test_places_agree_with_frformat(con, lon, lat):
    here, turned = values.place_in_france()
    assert holds(con, here, f"{lon}, {lat}") is CoordonneesGPSFrancaises.is_valid(lon, lat)
    assert holds(con, turned, f"[{lon},{lat}]") is CoordonneesGPSFrancaises.is_valid(lat, lon)


def test_year_interval():
    rows = ["2016/2017", None, "2017/2016", "2017/2017", "2016-2017", "2016", "2016/20171", "toto"]
    assert one_column("year-interval-value", rows) == {"year-interval-value": [2, 3, 4, 5, 6, 7]}
    for yes in ("yes", "true", True):
        found = one_column("year-interval-value", rows, **{"allow-year-only": yes})
        assert found == {"year-interval-value": [2, 3, 4, 6, 7]}


@pytest.mark.parametrize(
    ("name", "right", "wrong", "params"),
    [
        ("code-commune-insee", "75056", "75056 ", {"version": "latest"}),
        ("code-commune-insee", "2A004", "20004", {"version": "2023"}),
        ("code-departement", "2A", "20", {"version": "2024"}),
        ("code-region", "84", "82", {"version": "2016"}),
        ("region", "Bretagne", "bretagne", {"version": "latest"}),
        ("departement", "Ain", "01", {"version": "latest"}),
        ("commune", "Paris", "Lutèce", {"version": "latest"}),
        ("canton", "Ambérieu-en-Bugey", "?", {"version": "latest"}),
        ("pays", "France", "Gaule", {"version": "latest"}),
        ("code-pays-iso2", "FR", "XX", {"version": "latest"}),
        ("code-pays-iso3", "FRA", "XXX", {"version": "latest"}),
        ("code-postal", "75001", "7500", {}),
        ("code-fantoir", "7755A", "77550", {}),
        ("id-rnb", "GXYWM47Z7C1G", "GXYWM47Z7C1O", {}),
    ],
)
def test_lists_of_frformat(name, right, wrong, params):
    assert one_column(name, [wrong, right, None], **params) == {name: [0]}


# -- several columns ----------------------------------------------------------------------------


def compare(op, *rows):
    (check,) = checks = compiled(
        "compare-columns-value", {"column": "a", "column2": "b", "op": op}, "ab"
    )
    assert (check.field, check.fields, check.expected) == ("a", ("a", "b"), f"a {op} b")
    return faults(checks, rows)["compare-columns-value"]


def test_compare_numbers():
    rows = [["10", "9"], ["9", "10"], ["1.50", "1.5"], [None, "1"], ["1", None], [None, None]]
    assert compare(">", *rows) == [1, 2]
    assert compare(">=", *rows) == [1]
    assert compare("==", *rows) == [0, 1]
    assert compare("<=", *rows) == [0]
    assert compare("<", *rows) == [0, 2]


def test_compare_large_and_small_numbers():
    assert compare("<", ["9007199254740992", "9007199254740993"]) == []  # one double, two decimals
    assert compare("<=", ["9007199254740993", "9007199254740992"]) == [0]
    assert compare("<", ["1e30", "1e31"]) == []  # too large for a decimal
    assert compare("<=", ["1e30", "1e30"]) == []
    assert compare("<", ["-1", "0.000001"]) == []


def test_compare_dates_and_times():
    rows = [
        ["2024-01-31", "2024-02-01"],
        ["2024-02-01", "2024-01-31"],
        ["2024-1-5", "2024-01-10"],
        ["2024-01-01T10:00:00", "2024-01-01T09:00:00"],
        ["2024-01-01T10:00:00+02:00", "2024-01-01T09:00:00Z"],  # 8 h before 9 h
        ["9:00", "10:00"],
    ]
    assert compare("<", *rows) == [1, 3]


def test_compare_texts():
    assert compare("<", ["abc", "abd"], ["b", "a"]) == [1]
    assert compare("<", ["10", "abc"], ["abc", "10"]) == [0, 1]  # a number and none: an error


def test_sum():
    (check,) = checks = compiled("sum-columns-value", {"column": "t", "columns": ["a", "b"]}, "abt")
    rows = [
        ["3", "1", "2"],
        ["4", "1", "2"],
        ["0.3", "0.1", "0.2"],  # exact: as doubles, 0.1 + 0.2 is more
        ["12", "10", "2.0"],
        [None, "1", "2"],
        ["1", "1", None],
        ["x", "1", "2"],  # the fault of its type
        ["20000000000000.00001", "1e13", "10000000000000.00001"],
        ["20000000000000.00001", "1e13", "10000000000000.00002"],
        ["1", "9e25", "9e25"],  # too large to add up
    ]
    assert (check.field, check.fields, check.expected) == ("t", ("t", "a", "b"), "t = a + b")
    assert faults(checks, rows) == {"sum-columns-value": [1, 8]}


def test_cohesive():
    params = {"column": "a", "othercolumns": ["b", "c"]}
    (check,) = checks = compiled("cohesive-columns-value", params, "abc")
    rows = [["1", "2", "3"], [None] * 3, ["1", None, "3"], [None, "2", None], ["0", "0", "0"]]
    assert (check.field, check.expected) == ("a", "a, b, c")
    assert faults(checks, rows) == {"cohesive-columns-value": [2, 3]}


def test_one_of_required():
    params = {"column1": "a", "column2": "b"}
    (check,) = checks = compiled("one-of-required", params, "ab")
    assert (check.field, check.fields, check.expected) == (None, ("a", "b"), "a, b")
    rows = [["1", "2"], [None, "0"], ["1", None], [None, None]]
    assert faults(checks, rows) == {"one-of-required": [3]}


def test_absent_column_is_empty_for_the_checks_on_missing_values():
    declared = [
        {"name": "one-of-required", "params": {"column1": "a", "column2": "b"}},
        {"name": "cohesive-columns-value", "params": {"column": "a", "othercolumns": ["b"]}},
    ]
    checks, notes = compile_checks(declared, ["b"])
    assert faults(checks, [["1"], [None]]) == {
        "one-of-required": [1],
        "cohesive-columns-value": [0],
    }
    assert [check.field for check in checks] == [None, None]
    assert notes == [
        "check one-of-required: no column a, taken as empty",
        "check cohesive-columns-value: no column a, taken as empty",
    ]


# -- what cannot run ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({"name": "french-siret-value", "params": {"column": "z"}}, "the table has no column z"),
        ({"name": "french-siret-value", "params": {}}, "its parameter column is not a column name"),
        (
            {"name": "french-siret-value", "params": {"column": ["a"]}},
            "its parameter column is not",
        ),
        ({"name": "french-siret-value"}, "not an object with a name and params"),
        ("french-siret-value", "not an object with a name and params"),
        ({"name": "french-nir-value", "params": {"column": "a"}}, "unknown (known: canton, "),
        ({"params": {"column": "a"}}, "unknown"),
        (
            {
                "name": "compare-columns-value",
                "params": {"column": "a", "column2": "b", "op": "=>"},
            },
            "its parameter op is => (known: >, >=, ==, <=, <)",
        ),
        (
            {
                "name": "compare-columns-value",
                "params": {"column": "a", "column2": "b", "op": [">"]},
            },
            "its parameter op is ['>']",
        ),
        (
            {"name": "sum-columns-value", "params": {"column": "a", "columns": []}},
            "its parameter columns is not a list of column names",
        ),
        (
            {"name": "sum-columns-value", "params": {"column": "a", "columns": ["b", "z", "y"]}},
            "the table has no column z, y",
        ),
        (
            {"name": "cohesive-columns-value", "params": {"column": "z", "othercolumns": "b"}},
            "its parameter othercolumns is not a list of column names",
        ),
        (
            {"name": "one-of-required", "params": {"column1": "y", "column2": "z"}},
            "the table has no column y, z",
        ),
        ({"name": "code-region", "params": {"column": "a"}}, "No data available for version: None"),
        (
            {"name": "code-region", "params": {"column": "a", "version": "1789"}},
            "No data available for version: 1789",
        ),
        (
            {"name": "year-interval-value", "params": {"column": "a", "allow-year-only": "maybe"}},
            "its parameter allow-year-only is maybe",
        ),
    ],
)
def test_what_cannot_run_is_said(entry, why):
    good = {"name": "french-siren-value", "params": {"column": "b"}}
    checks, (note,) = compile_checks([entry, good], ["a", "b"])
    assert re.match("check .* cannot run: ", note)
    assert why in note
    assert [check.field for check in checks] == ["b"]


def test_a_column_name_is_never_part_of_the_sql():
    name = 'a"; {0} drop table t --'
    (check,) = compiled("french-siren-value", {"column": name}, [name])
    assert check.fields == (name,)
    assert name not in check.ok_sql
