"""Workbooks: what Excel and LibreOffice make of them."""

import zipfile

import openpyxl
import pytest

from flows.publish.release import find_latest


@pytest.fixture(scope="module")
def release(ran):
    return find_latest(ran[0].public)


@pytest.fixture(scope="module")
def book(release):
    return openpyxl.load_workbook(release / "data/wide/local_democracy.xlsx")


def test_a_workbook_begins_with_what_it_is(book):
    told = {row[0].value: row[1].value for row in book["lisez-moi"].iter_rows(max_col=3)}

    assert book.sheetnames[:4] == ["lisez-moi", "dictionnaire", "communes", "intercommunalités"]
    assert told["jeu de données"] == "Démocratie locale"
    assert told["licence"] == "Licence Ouverte / Open Licence 2.0"
    assert told["données au"] == "2026-08-04"
    assert told["Q"] == "Masquée par le secret statistique"
    assert {"A", "B", "E", "P", "M", "O", "Q"} <= told.keys()


def test_a_dictionary_tells_every_column_of_every_sheet(book):
    rows = list(book["dictionnaire"].iter_rows(values_only=True))
    told = {row[:2]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}

    for name in book.sheetnames[2:]:
        columns = [cell.value for cell in book[name][1]]
        assert [column for sheet, column in told if sheet == name] == columns
    women = told["départements", "women_mayors_share"]
    assert (women["unité"], women["période"]) == ("%", "2026")
    assert "élus" in women["sources"] or "municipaux" in women["sources"]
    assert told["départements", "women_mayors_share_status"]["unit"] == "status"


def test_headers_stay_in_sight_and_filter(book):
    for name in book.sheetnames[1:]:
        sheet = book[name]
        assert sheet.freeze_panes == "C2", name
        assert sheet.auto_filter.ref.startswith("A1:"), name
        assert sheet.auto_filter.ref.endswith(str(sheet.max_row)), name


def test_codes_are_texts_and_numbers_numbers(book):
    """01033 keeps its zero; a share has one decimal; what has no value is empty, and says why."""
    sheet = book["communes"]
    columns = {cell.value: number for number, cell in enumerate(sheet[1])}
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    code = rows["01033"][0]
    share = rows["35238"][columns["women_councillors_share"]]

    assert (code.data_type, code.number_format) == ("s", "@")
    assert (share.data_type, share.number_format) == ("n", "#,##0.0")
    empty = [
        (row[number].value, row[number + 1].value)
        for row in rows.values()
        for name, number in columns.items()
        if f"{name}_status" in columns and row[number + 1].value in ("M", "O", "Q")
    ]
    assert empty
    assert {value for value, _ in empty} == {None}


def test_no_cell_is_a_formula_and_nothing_tells_the_time(release):
    for path in sorted((release / "data/wide").glob("*.xlsx")):
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                assert member.date_time[0] == 1980
                assert b"<f>" not in archive.read(member), (path.name, member.filename)
            assert b"2026-08-04T00:00:00Z" in archive.read("docProps/core.xml")
