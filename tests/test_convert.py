"""The rows of a file on the map of another year: counts, ratios, classes, and what is lost."""

import csv
import json
import sys
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.cli import main
from flows.errors import SourceError
from flows.steps.convert import Plan, Ratio, convert, result_sql
from project import ROOT

DATACOM = ROOT.parent / "shared/data/sources/observatory/datacom.csv"
LAW = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def carry(reference, catalog):
    """Convert rows of text, as the columns of *plan*; give the result and the conversion."""

    def call(plan, rows):
        width = len(plan.used)
        columns = ", ".join(f"t{n} varchar" for n in range(1, width + 1))
        reference.execute(f"create or replace temp table file_rows ({columns})")
        if rows:
            row = f"({', '.join('?' * width)})"
            values = ", ".join([row] * len(rows))
            cells = [cell for each in rows for cell in each]
            reference.execute(f"insert into file_rows values {values}", cells)
        done = convert(reference, catalog, plan)
        found = reference.execute(result_sql(plan))
        names = [each[0] for each in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()], done

    return call


def count(rows, name="n"):
    """Commune to its count."""
    return {row["code"]: row[name] for row in rows}


PLAN = Plan("code", 2026, 2018, counts=("n",))


@pytest.mark.parametrize(
    ("code", "from_", "to", "expected", "method"),
    [
        ("35238", 2005, 2026, {"35238": "10"}, "unchanged"),
        ("49144", 2017, 2026, {"44180": "10"}, "merged"),  # from one département to another in 2018
        ("01091", 2018, 2026, {"01033": "10"}, "merged"),  # in Valserhône since 2019
        ("01091", 2018, 2018, {"01091": "10"}, "unchanged"),
        # 3459 and 1906 residents in 2020, when they came apart.
        ("14712", 2018, 2026, {"14712": "6.44734389562", "14666": "3.55265610438"}, None),
        ("14666", 2016, 2018, {"14712": "10"}, "merged"),
        # Nobody's residents of then are known.
        ("14712", 2018, 2016, {"14712": "5", "14666": "5"}, "split_equally"),
        ("14697", 1995, 2026, {"14654": "10"}, "merged"),  # L'Oudon, and now Saint-Pierre-en-Auge
        ("75101", 2018, 2026, {"75056": "10"}, "merged"),
        ("75056", 2018, 2026, {"75056": "10"}, "unchanged"),
        ("20004", 1970, 2026, {"2A004": "10"}, "recoded"),
        ("2A004", 2018, 1970, {"20004": "10"}, "recoded"),
        ("98511", 2009, 2026, {"97611": "10"}, "recoded"),
        ("97611", 2020, 2009, {"98511": "10"}, "recoded"),
        ("97123", 2006, 2026, {"97701": "10"}, "recoded"),
        ("27676", 2015, 2026, {"27676": "10"}, "merged"),
        ("27676", 2018, 2021, {"27058": "10"}, "recoded"),  # Les Trois Lacs, until 2022
        ("27058", 2021, 2026, {"27676": "10"}, "recoded"),
    ],
)
def test_a_count_follows_its_commune(carry, code, from_, to, expected, method):
    plan = Plan("code", to, from_, counts=("n",))

    rows, done = carry(plan, [(code, "10")])

    assert count(rows) == expected
    assert {row["conversion_method"] for row in rows} == {method or "split_by_population"}
    assert done.totals["n"].after == 10
    assert done.lost_percent == 0


def test_essarts_en_bocage_is_shared_out_and_put_together_again(carry):
    rows, _ = carry(PLAN, [("85084", "100")])
    back, _ = carry(
        Plan("code", 2018, 2026, counts=("n",)), [(row["code"], row["n"]) for row in rows]
    )

    assert [row["code"] for row in rows] == ["85084", "85165", "85212"]
    assert count(back) == {"85084": "100"}


def test_the_method_is_the_least_exact_of_what_came_together(carry):
    # 01033 and 01091 are one commune since 2019.
    rows, _ = carry(PLAN, [("01033", "1"), ("01091", "2.5")])

    assert rows == [
        {
            "code": "01033",
            "n": "3.5",
            "conversion_method": "merged",
            "source_codes": "01033 01091",
            "from_vintage": "2018",
            "to_vintage": 2026,
        }
    ]


def test_a_missing_part_makes_the_sum_null_and_is_told(carry):
    cells = [("01033", ""), ("01091", "2.5"), ("35238", "1")]

    rows, done = carry(PLAN, cells)
    total = done.totals["n"]

    assert count(rows) == {"01033": None, "35238": "1"}
    assert (total.before, total.after, total.withheld) == (Decimal("3.5"), 1, Decimal("2.5"))
    assert (total.missing_cells, total.withheld_rows) == (1, 2)

    rows, done = carry(Plan("code", 2026, 2018, counts=("n",), missing="ignore"), cells)
    assert count(rows) == {"01033": "2.5", "35238": "1"}
    assert done.totals["n"].withheld == 0


def test_a_ratio_is_divided_after_adding_up(carry):
    plan = Plan("code", 2026, 2018, ratios=(Ratio("rate", "a", "b"),))

    # (1 + 3) / (10 + 10), not the mean of the two rates; nothing divided by nothing.
    rows, _ = carry(plan, [("01033", "1", "10"), ("01091", "3", "10"), ("35238", "0", "0")])
    assert {row["code"]: row["rate"] for row in rows} == {"01033": 0.2, "35238": None}

    rows, _ = carry(plan, [("01033", "1", ""), ("01091", "3", "10")])
    assert rows[0]["rate"] is None


@pytest.mark.parametrize(
    ("policy", "cells", "expected"),
    [
        ("same", ("x", "x"), "x"),
        ("same", ("x", "y"), None),
        ("same", ("x", ""), None),
        ("list", ("y", "x"), "x | y"),
        ("largest", ("x", "x"), "x"),
        # Troarn had 3459 residents in 2020, and Sannerville 1906.
        ("largest", ("x", "y"), "x"),
    ],
)
def test_a_class_follows_its_policy(carry, policy, cells, expected):
    plan = Plan("code", 2018, 2021, classes=(("k", policy),))

    rows, done = carry(plan, list(zip(("14712", "14666"), cells, strict=True)))

    assert [row["k"] for row in rows] == [expected]
    assert done.undecided == {"k": int(expected is None)}


def test_groups_stay_apart_and_years_may_be_told_by_row(carry):
    plan = Plan("code", 2026, vintage_column="y", counts=("n",), groups=("sex",))

    rows, _ = carry(
        plan,
        [
            ("14712", "2018", "f", "10"),
            ("14712", "2021", "f", "10"),
            ("14712", "2021", "m", "5"),
        ],
    )

    assert [(row["code"], row["y"], row["sex"], row["n"]) for row in rows] == [
        ("14666", "2018", "f", "3.55265610438"),
        ("14712", "2018", "f", "6.44734389562"),
        ("14712", "2021", "f", "10"),
        ("14712", "2021", "m", "5"),
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1,5", "2"], "3.5"),
        (["1.5", "2"], "3.5"),
        (["+1", "-3"], "-2"),
        (["1e3", "2.5E-2"], "1000.025"),
        (["0.1", "0.2"], "0.3"),
        ([" 1 ", "2"], "3"),
        (["12345678901234567", "0.25"], "12345678901234567.25"),
    ],
)
def test_numbers_are_read_exactly(carry, cells, expected):
    rows, _ = carry(PLAN, list(zip(("01033", "01091"), cells, strict=True)))

    assert count(rows) == {"01033": expected}


@pytest.mark.parametrize("cells", [["1,5", "2.5"], ["1", "many"], ["1", "NA"], ["1", "1 000"]])
def test_a_column_is_never_read_half(carry, cells):
    with pytest.raises(SourceError, match=r"column n: '.*' is not written as the other numbers"):
        carry(PLAN, list(zip(("01033", "01091"), cells, strict=True)))


def test_what_means_no_value_may_be_told(carry):
    rows, done = carry(Plan("code", 2026, 2018, counts=("n",), nulls=("NA",)), [("01033", "NA")])

    assert (count(rows), done.totals["n"].missing_cells) == ({"01033": None}, 1)


def test_lost_codes_are_told_with_their_counts(carry):
    rows, done = carry(PLAN, [("35238", "1"), ("1004", "2"), ("1004", "3"), ("", "4")])
    total = done.totals["n"]

    assert count(rows) == {"35238": "1"}
    assert [(each.code, each.rows, each.is_lost) for each in done.strange] == [
        ("1004", 2, True),
        ("", 1, True),
    ]
    assert (total.before, total.after, total.lost) == (10, 1, 9)
    assert (done.lost_rows, done.lost_percent) == (3, 75)
    assert "01001" in done.without_data
    assert "35238" not in done.without_data


def test_a_code_told_twice_is_added_up_and_told(carry):
    rows, done = carry(PLAN, [("35238", "1"), ("35238", "2"), ("14712", "1")])

    assert (count(rows)["35238"], done.repeated_rows) == ("3", 1)


@cache
def codes_of(con, year):
    found = con.execute(
        "select distinct former_code from core.commune_successors"
        f" where is_on_map and {year} between first_vintage and last_vintage order by former_code"
    )
    return [code for (code,) in found.fetchall()]


years = st.sampled_from([1948, 1975, 2007, 2016, 2018, 2026])  # a map takes two seconds
counts = st.decimals(min_value=-(10**6), max_value=10**6, places=2).map(str)


@LAW
@given(data=st.data(), from_=years, to=years)
def test_the_total_of_a_count_is_kept(carry, reference, data, from_, to):
    codes = data.draw(
        st.lists(st.sampled_from(codes_of(reference, from_)), unique=True, max_size=40)
    )
    cells = [(code, data.draw(counts)) for code in codes]

    rows, done = carry(Plan("code", to, from_, counts=("n",)), cells)
    kept = sum(Decimal(row["n"]) for row in rows)
    total = done.totals["n"]

    assert total.before == sum(Decimal(cell) for _, cell in cells) == kept + total.lost
    assert done.lost_rows == 0
    if not any(row["conversion_method"].startswith("split") for row in rows):
        assert all(Decimal(row["n"]).as_tuple().exponent >= -2 for row in rows)


@LAW
@given(data=st.data(), from_=years, to=years)
def test_there_and_back_is_the_identity_where_nothing_changed(carry, reference, data, from_, to):
    codes = data.draw(
        st.lists(st.sampled_from(codes_of(reference, from_)), unique=True, max_size=40)
    )
    cells = [(code, f"{number}") for number, code in enumerate(codes)]

    there, _ = carry(Plan("code", to, from_, counts=("n",)), cells)
    back, _ = carry(
        Plan("code", from_, to, counts=("n",)), [(row["code"], row["n"]) for row in there]
    )

    came = count(back)
    same = {row["code"] for row in there if row["conversion_method"] == "unchanged"}
    same &= {row["code"] for row in back if row["conversion_method"] == "unchanged"}
    assert {code: came[code] for code in same} == {
        code: cell for code, cell in cells if code in same
    }


@LAW
@given(data=st.data(), to=years)
def test_the_order_of_the_rows_does_not_matter(carry, reference, data, to):
    codes = data.draw(
        st.lists(st.sampled_from(codes_of(reference, 2018)), unique=True, max_size=30)
    )
    cells = [(code, data.draw(counts), data.draw(st.sampled_from("xyz"))) for code in codes]
    plan = Plan("code", to, 2018, counts=("n",), classes=(("k", "largest"),))
    other = Plan("code", to, 2018, counts=("n",), classes=(("k", "list"),))

    for each in (plan, other):
        assert carry(each, cells)[0] == carry(each, data.draw(st.permutations(cells)))[0]


@pytest.fixture
def geo(whole, monkeypatch, capsys):
    """Run `jalon geo convert`; give its exit code, stdout and stderr."""

    def call(*arguments):
        words = ["jalon", "--root", whole.root, "geo", "convert", *arguments]
        monkeypatch.setattr(sys, "argv", list(map(str, words)))
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return ended.value.code, told.out, told.err

    return call


def test_the_result_alone_is_on_stdout(geo, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text('Code;"Naissances";note\n01033;"1,5";a\n01091;2;b\n', encoding="utf-8")
    words = (path, "--column", "Code", "--from", 2018, "--count", "Naissances", "--drop", "note")

    code, out, err = geo(*words)

    assert (code, out.splitlines()) == (
        0,
        [
            "Code,Naissances,conversion_method,source_codes,from_vintage,to_vintage",
            "01033,3.5,merged,01033 01091,2018,2026",
        ],
    )
    assert "Naissances: 3.5 → 3.5, lost 0, withheld 0" in err


def test_losses_end_with_1_unless_they_are_allowed(geo, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("code,n\n01033,1\n1004,2\n", encoding="utf-8")
    words = (path, "--column", "code", "--from", 2018, "--count", "n", "--output", tmp_path / "o")

    assert geo(*words)[0] == 1
    assert geo(*words, "--max-lost-percent", 50)[0] == 0
    assert (tmp_path / "o").read_text(encoding="utf-8").count("\n") == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--count", "n"], "columns are not declared: k (declare each: --count"),
        (["--count", "n", "--drop", "k", "--drop", "z"], "has no column z"),
        (["--count", "n", "--drop", "k", "--group", "k"], "declared in two ways: k"),
        (["--count", "n", "--count", "k"], "'a' is not written as the other numbers"),
        (["--ratio", "n", "--drop", "k"], "write NAME=NUMERATOR/DENOMINATOR"),
        (["--class", "k=first", "--drop", "n"], "no such policy: first"),
        (["--count", "n", "--drop", "k", "--to", "2035"], "no map of that year is known"),
        (["--count", "n", "--drop", "k", "--from", "now"], "is not a year"),
        (["--drop", "n", "--vintage-column", "k"], "'a' is not a year"),
        (["--count", "n", "--ratio", "n=n/n", "--drop", "k"], "would be named n"),
    ],
)
def test_wrong_usage_ends_with_2_and_one_sentence(geo, tmp_path, words, told):
    path = tmp_path / "x.csv"
    path.write_text("code,n,k\n01033,1,a\n", encoding="utf-8")

    code, out, err = geo(path, "--column", "code", *words)

    assert (code, out) == (2, "")
    assert told in err
    assert err.count("\n") == 1


@pytest.mark.skipif(not DATACOM.is_file(), reason="the shared files are not here")
def test_a_file_of_the_observatory_comes_to_the_newest_map(geo, tmp_path):
    output, report = tmp_path / "o.csv", tmp_path / "o.json"
    drops = [word for n in (1, 4, 5, 6, 7, 8, 9) for word in ("--drop", f"ID_{n}")]
    words = ("--count", "ID_2", "--count", "ID_3", "--null", "NA", "--output", output)

    code, _, _ = geo(DATACOM, "--column", "CODGEO", *words, *drops, "--report", report)
    told = json.loads(report.read_text(encoding="utf-8"))
    with output.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    assert (code, told["from_vintage"], told["to_vintage"]) == (0, 2018, 2026)
    assert (told["rows"], told["result_rows"], len(rows)) == (35357, 34875, 34875)
    assert told["totals"]["ID_2"]["before"] == "108056.62526991280396"
    assert told["totals"]["ID_2"]["after"] == "108056.62526991280396"
    assert sum(Decimal(row["ID_2"]) for row in rows if row["ID_2"]) == Decimal(
        "108056.62526991280396"
    )
    assert told["lost"] == {"rows": 0, "codes": []}
    assert told["communes_without_data"]["count"] == 94
