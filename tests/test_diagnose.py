"""A column of commune codes: which year's map it speaks of, and what is wrong with the rest."""

import json
import re
import sys
from pathlib import Path

import pytest

from flows.causes import CAUSES
from flows.cli import main
from flows.reference import open_reference
from flows.steps.diagnose import detect_vintage, diagnose, likely_causes
from flows.warehouse import shared_sql
from project import ROOT

DATACOM = ROOT.parent / "shared/data/sources/observatory/datacom.csv"
ON_MAP = (
    "select distinct former_code as code, 1 as row_count from core.commune_successors"
    " where is_on_map and {} between first_vintage and last_vintage"
)


def tell(con, *codes):
    """A relation of *codes*, each in one row."""
    values = ", ".join(f"('{code}', 1)" for code in codes)
    return con.sql(f"select * from (values {values}) as t (code, row_count)")


@pytest.mark.parametrize("year", [1950, 1967, 1975, 1990, 2007, 2013, 2016, 2018, 2019, 2021, 2024])
def test_the_codes_of_a_whole_map_are_those_of_its_year(reference, year):
    found = diagnose(reference, reference.sql(ON_MAP.format(year)))

    assert any(first <= year <= last for first, last in found.best.years)
    assert (found.best.fit, found.best.communes_lacking, found.causes) == (1, 0, ())
    assert found.is_right


def test_some_stale_codes_do_not_make_a_whole_map_older(reference):
    # 01091 and 14513 vanished before 2019, as the rows of 35,000 other communes tell.
    codes = reference.sql(f"{ON_MAP.format(2019)} union all values ('01091', 1), ('14513', 1)")

    found = diagnose(reference, codes)

    assert found.best.year == 2019
    assert {example.code for cause in found.causes for example in cause.examples} == {
        "01091",
        "14513",
    }


def test_years_that_fit_alike_are_told_as_spans(reference):
    # Troarn and Sannerville were one commune, 14712, on the maps of 2017 to 2019.
    found = diagnose(reference, tell(reference, "14666", "35238"))

    assert found.best.years == ((1943, 2016), (2020, 2026))
    assert (found.best.share, found.runner_up.years) == (1, ((2017, 2019),))
    assert found.deciding.best == ("14666",)


def test_the_codes_that_decide_are_on_one_of_the_two_maps(reference):
    found = diagnose(reference, reference.sql(ON_MAP.format(2018)))

    assert (found.best.year, found.runner_up.year) == (2018, 2017)
    assert (found.deciding.best, found.deciding.runner_up) == ((), ())
    assert "01144" in found.deciding.lacking  # merged on 1 January 2018


@pytest.mark.parametrize(
    ("code", "year", "kind", "meant"),
    [
        ("1004", 2024, "lost_leading_zero", "01004"),
        ("1004.0", 2024, "float_export", "01004"),
        ("35238.00", 2024, "float_export", "35238"),
        ("35238,0", 2024, "float_export", "35238"),
        (" 35238 ", 2024, "surrounding_blanks", "35238"),
        ("35 238", 2024, "surrounding_blanks", "35238"),
        ("2a004", 2024, "lower_case", "2A004"),
        ("971101", 2024, "six_characters", "97101"),
        ("971001", 2024, "six_characters", "97101"),
        ("010004", 2024, "six_characters", "01004"),
        ("001004", 2024, "six_characters", "01004"),
        ("02A004", 2024, "six_characters", "2A004"),
        ("20004", 2024, "corsica_before_1976", "2A004"),
        ("98511", 2024, "mayotte_before_2011", "97611"),
        ("97123", 2024, "guadeloupe_before_2007", "97701"),
        ("97127", 2024, "guadeloupe_before_2007", "97801"),
        ("97611", 2005, "commune_created_later", None),
        ("14666", 2018, "delegated_commune", "14712"),
        ("01091", 2024, "delegated_commune", "01033"),
        ("75101", 2024, "municipal_arrondissement", "75056"),
        ("35000", 2024, "postal_code", "35238"),
        ("35", 2024, "departement_code", None),
        ("971", 2024, "departement_code", None),
        ("1", 2024, "departement_code", None),
        ("243500139", 2024, "epci_code", None),
        ("99100", 2024, "foreign_country", None),
        ("98399", 2024, "unknown", None),
        ("98699", 2024, "overseas_collectivity", None),
        ("35999", 2024, "placeholder_code", None),
        ("75900", 2024, "placeholder_code", None),
        ("99999", 2024, "placeholder_code", None),
        ("", 2024, "empty", None),
        ("  ", 2024, "empty", None),
        ("Rennes", 2024, "unknown", None),
    ],
)
def test_each_code_has_its_likely_cause(reference, code, year, kind, meant):
    found = diagnose(reference, tell(reference, code), year)

    assert [(each.kind, each.examples[0].meant) for each in found.causes] == [(kind, meant)]


def test_every_cause_has_its_words():
    told = re.findall(r"then '(\w+)'$", shared_sql("likely_causes"), re.MULTILINE)
    told += re.findall(r"'fault': '(\w+)'", shared_sql("codes_read"))
    told += re.findall(r"then\s+'(\w+)'", shared_sql("likely_causes"))

    assert {*told, "unknown"} == set(CAUSES)


def test_a_column_of_postal_codes_is_known_as_such(reference):
    postal_codes = reference.sql(
        "select distinct unnest(postal_codes) as code, 1 as row_count"
        " from core.administrative_divisions_communes where edition = 2026"
    )

    found = diagnose(reference, postal_codes)

    assert found.column_kind == "postal_code"
    assert found.causes[0].kind == "postal_code"


def test_a_commune_beside_its_arrondissements_is_told_twice(reference):
    found = diagnose(reference, tell(reference, "75056", "75101", "13201"))

    assert found.counted_twice == ("75056",)
    assert not found.is_right


def test_a_column_without_codes_fits_every_year_alike(reference):
    found = diagnose(reference, tell(reference, "", "nothing"))

    assert (found.codes, found.best.fit, found.runner_up) == (1, 0, None)


def test_detect_vintage_compares_with_what_was_declared(reference):
    codes = tell(reference, "14666", "35238")

    best, declared = detect_vintage(reference, codes, 2018)
    assert declared.fit < best.fit
    best, declared = detect_vintage(reference, codes, 2021)
    assert declared == best
    with pytest.raises(ValueError, match="no map of 1800"):
        detect_vintage(reference, codes, 1800)


def test_likely_causes_are_by_code_and_know_its_year(reference):
    codes = reference.sql(
        "select * from (values ('1004', 3, 2019), ('14666', 2, 2018), (null, 1, null))"
        " as t (code, row_count, vintage)"
    )

    assert likely_causes(reference, codes) == {
        "1004": "lost_leading_zero",
        "14666": "delegated_commune",
        "": "empty",
    }


def test_the_reference_is_built_once(whole):
    path = whole.data / "reference.duckdb"
    with open_reference(whole):
        before = path.stat()
    with open_reference(whole):
        pass

    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.fixture
def geo(whole, monkeypatch, capsys):
    """Run `jalon geo`; give its exit code, stdout and stderr."""

    def call(*arguments):
        words = ["jalon", "--root", str(whole.root), "geo", *map(str, arguments)]
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return ended.value.code, told.out, told.err

    return call


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_the_command_tells_what_is_wrong(geo, tmp_path):
    path = write(tmp_path / "x.csv", "numéro;code\n1;01004\n2;1005\n3;1006\n", "cp1252")

    code, out, _ = geo("diagnose", path, "--column", "code")

    assert code == 1
    assert "x.csv, column code: 3 of 3 codes are on the map of" in out
    assert "2 codes in 2 rows, lost_leading_zero" in out
    assert "'1005' → 01005, '1006' → 01006" in out


def test_the_command_prints_json_with_stable_keys(geo, tmp_path):
    path = write(tmp_path / "x.csv", "code,n\n01004,1\n35000,2\n")

    code, out, _ = geo("diagnose", path, "--column", "code", "--json")
    body = json.loads(out)

    assert code == 1
    assert set(body) == {
        "file",
        "column",
        "is_right",
        "rows",
        "codes",
        "column_kind",
        "vintage",
        "best",
        "runner_up",
        "deciding",
        "causes",
        "counted_twice",
    }
    assert body["causes"] == [
        {
            "kind": "postal_code",
            "codes": 1,
            "rows": 1,
            "examples": [{"code": "35000", "rows": 1, "meant": "35238", "year": None}],
            "fr": "code postal, et non code INSEE",
            "en": "postal code, not an INSEE code",
        }
    ]


def test_all_codes_on_the_map_end_with_0(geo, tmp_path):
    path = write(tmp_path / "x.tsv", "code\tn\n01004\t1\n")

    assert geo("diagnose", path, "--column", "code")[0] == 0


@pytest.mark.parametrize(
    ("text", "column", "word"),
    [
        ("code,n\n01004,1\n", "insee", "has no column insee (its columns: code, n)"),
        ("code,n\n01004,1\n01005\n", "code", "1 rows have more or fewer cells than the header"),
        ("", "code", "has no column"),
        ("%PDF-1.4\n", "code", "is a PDF document"),
    ],
)
def test_what_cannot_be_read_ends_with_2_and_one_sentence(geo, tmp_path, text, column, word):
    code, out, err = geo("diagnose", write(tmp_path / "x.csv", text), "--column", column)

    assert (code, out) == (2, "")
    assert word in err
    assert err.count("\n") == 1


@pytest.mark.skipif(not DATACOM.is_file(), reason="the shared files are not here")
def test_a_file_of_the_observatory_speaks_of_2018(geo):
    code, out, _ = geo("diagnose", DATACOM, "--column", "CODGEO", "--json")
    body = json.loads(out)

    assert (code, body["best"]["years"], body["codes"]) == (0, [[2018, 2018]], 35357)
    assert (body["runner_up"]["year"], len(body["deciding"]["lacking"])) == (2017, 59)
