"""Cells of a CSV: no spreadsheet takes one for a formula, and each gives its text back."""

import csv

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.publish.cells import as_cells
from flows.warehouse import shared_sql

FORMULAS = ("=1+1", "+cmd|'/C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "a;=1")
PLAIN = ("Saint-Denis", "L'Haÿ-les-Roses", "-12.5", "+33", "a, -b", "a - b", "", "35238", "01001")


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as con:
        con.execute(shared_sql("text_cell"))
        yield con


def cell(con, text):
    return con.execute("select text_cell($1)", [text]).fetchone()[0]


def text(con, told):
    return con.execute("select text_of_cell($1)", [told]).fetchone()[0]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_becomes_a_text(con, formula):
    at = min(place for place in map(formula.find, "=+-@＝") if place >= 0)

    assert cell(con, formula) == f"{formula[:at]}'{formula[at:]}"


@pytest.mark.parametrize("plain", PLAIN)
def test_what_is_no_formula_stays_as_it_is(con, plain):
    assert cell(con, plain) == plain


@given(st.text("=+-@'; \t\r\nxé1", max_size=12))
def test_every_text_comes_back(con, told):
    assert text(con, cell(con, told)) == told


def test_numbers_and_dates_are_no_texts(con, tmp_path):
    """Decimals lose their idle zeros and nothing else; a negative number is one."""
    rows = "select -1.50::decimal(9, 2) as a, -3::decimal(9, 0) as b, 100::decimal(9, 0) as c,"
    rows += " -0.5::double as d, date '2026-01-01' as e, '=x' as \"f\"\"g\", null::varchar as h"
    path = tmp_path / "x.csv"
    con.execute(f"copy (select {as_cells(con, rows)} from ({rows})) to '{path}' (header)")

    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.reader(file))
    assert found == [
        ["a", "b", "c", "d", "e", 'f"g', "h"],
        ["-1.5", "-3", "100", "-0.5", "2026-01-01", "'=x", ""],
    ]
