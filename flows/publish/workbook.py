"""Workbook: one XLSX per dataset, a sheet per level, for people who open it with a double click.

A sheet holds the columns of the wide CSV of its level: codes are texts, so that no zero is lost;
beside each value stands its status, which says why a cell is empty. No text is a formula. Two
sheets before them say what the columns and the statuses mean. The bytes tell no time.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from flows.catalog import Text
from flows.catalog.lineage import sources_of
from flows.publish.draft import Draft
from flows.publish.wide import WideTable, list_wides
from flows.warehouse import reads_of

SHEETS = {
    "commune": "communes",
    "epci": "intercommunalités",
    "ept": "EPT",
    "arrondissement": "arrondissements",
    "departement": "départements",
    "region": "régions",
    "country": "France",
    "zone": "zones",
    "user": "territoires déclarés",
    "collectivity": "collectivités",
}
FORMULA = tuple("=+-@\t\r＝＋－＠")
DICTIONARY = (
    ("feuille", 16),
    ("colonne", 32),
    ("titre", 46),
    ("title", 46),
    ("unité", 22),
    ("unit", 22),
    ("période", 10),
    ("définition", 60),
    ("definition", 60),
    ("sources", 40),
)
DESCRIPTION = Text(
    fr="Classeur : une feuille par niveau, un dictionnaire des colonnes, la légende des statuts.",
    en="Workbook: a sheet per level, a dictionary of the columns, the legend of the statuses.",
)


def write_workbooks(draft: Draft, created: str) -> None:
    """A workbook of each dataset; *created* is the date of the newest input."""
    for _, group in groupby(list_wides(draft), lambda wide: wide.dataset.name):
        wides = list(group)
        dataset = wides[0].dataset
        path = f"data/wide/{dataset.name}.xlsx"
        _Book(draft, wides, draft.folder / path).write(datetime.fromisoformat(created))
        texts = (dataset.title, DESCRIPTION)
        draft.add(f"{dataset.name}_workbook", path, {}, *texts, dataset.made_of)


class _Book:
    """One workbook while it is written, row by row: nothing of it is kept in memory."""

    def __init__(self, draft: Draft, wides: list[WideTable], path: Path) -> None:
        import xlsxwriter

        self.draft, self.wides = draft, wides
        path.parent.mkdir(parents=True, exist_ok=True)
        options = {"constant_memory": True, "tmpdir": str(path.parent)}
        self.book = xlsxwriter.Workbook(str(path), options)
        self.plain = self.book.add_format({"num_format": "@"})
        self.guarded = self.book.add_format({"num_format": "@", "quote_prefix": True})
        self.wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.head = self.book.add_format({"bold": True, "bg_color": "#E8EDF3", "num_format": "@"})
        self.numbers = {
            places: self.book.add_format(
                {"num_format": "#,##0" + ("." + "0" * places) * (places > 0)}
            )
            for places in range(7)
        }

    def write(self, created: datetime) -> None:
        """Every sheet; on an error the file is not whole, and the draft goes."""
        package, dataset = self.draft.catalog.package, self.wides[0].dataset
        self.book.set_properties(
            {"title": dataset.title.fr, "author": package.publisher, "created": created}
        )
        with self.book:
            self._write_head(created)
            self._write_dictionary()
            for wide in self.wides:
                self._write_level(wide)

    def _write_head(self, created: datetime) -> None:
        """What this is, from whom, under which terms; then the legend of the statuses."""
        sheet = self.book.add_worksheet("lisez-moi")
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 2, 70)
        lines = [*self._tell(created), ("", "", ""), ("statut", "signification", "meaning")]
        lines += [(each["value"], each["label"], each["label_en"]) for each in self._statuses()]
        for row, line in enumerate(lines):
            head = row == 0 or line[0] == "statut"
            for column, text in enumerate(line):
                self._write_text(sheet, row, column, text, self.head if head else self.wrapped)

    def _tell(self, created: datetime) -> Iterator[tuple[str, str, str]]:
        package, dataset = self.draft.catalog.package, self.wides[0].dataset
        licence = self.draft.licence(dataset.made_of)
        yield "jeu de données", dataset.title.fr, dataset.title.en
        yield "description", dataset.description.fr, dataset.description.en
        yield "éditeur", package.publisher, package.publisher
        yield "adresse", package.base_url, package.base_url
        yield "version", self.draft.version, self.draft.version
        yield "données au", created.date().isoformat(), created.date().isoformat()
        yield "licence", licence.title, licence.path

    def _statuses(self) -> list[dict[str, str]]:
        fields = self.draft.schema("observations")["fields"]
        return next(each["categories"] for each in fields if each["name"] == "obs_status")

    def _write_dictionary(self) -> None:
        """One line a column of each sheet."""
        sheet = self.book.add_worksheet("dictionnaire")
        for column, (name, width) in enumerate(DICTIONARY):
            sheet.set_column(column, column, width)
            self._write_text(sheet, 0, column, name, self.head)
        row = 0
        for wide in self.wides:
            for field in wide.schema["fields"]:
                row += 1
                for column, text in enumerate(self._explain(wide, field)):
                    self._write_text(sheet, row, column, text)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, row, len(DICTIONARY) - 1)

    def _explain(self, wide: WideTable, field: dict[str, Any]) -> list[str]:
        """The cells of a line of the dictionary; a column of statuses is that of its values."""
        catalog, sheet = self.draft.catalog, SHEETS[wide.level]
        told = [sheet, field["name"], field["title"], field["title_en"]]
        name = field["name"].removesuffix("_status")
        if name not in wide.periods:
            return [*told, *[""] * 6]
        indicator = catalog.indicators[name]
        unit = indicator.unit if name == field["name"] else Text(fr="statut", en="status")
        sources = sources_of(catalog, reads_of(catalog.queries), f"indicators/{name}")
        return [
            *told,
            unit.fr,
            unit.en,
            wide.periods[name],
            field["description"],
            field["description_en"],
            " ; ".join(catalog.sources[each].title.fr for each in sources),
        ]

    def _write_level(self, wide: WideTable) -> None:
        sheet = self.book.add_worksheet(SHEETS[wide.level])
        fields = wide.schema["fields"]
        formats = [self._format_of(field) for field in fields]
        for column, field in enumerate(fields):
            is_narrow = field["name"].endswith("_status")
            sheet.set_column(column, column, 4 if is_narrow else 16)
            self._write_text(sheet, 0, column, field["name"], self.head)
        rows = self.draft.con.execute(f"{wide.query} order by code_{wide.level}").fetchall()
        for row, cells in enumerate(rows, 1):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    self._write_text(sheet, row, column, cell, formats[column])
                elif cell is not None:
                    sheet.write_number(row, column, cell, formats[column])
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, len(rows), len(fields) - 1)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def _format_of(self, field: dict[str, Any]) -> Any:
        """Codes and names are texts; numbers have the decimals of their indicator."""
        if field["type"] == "string":
            return self.plain if field["name"].startswith("code_") else None
        return self.numbers[self.draft.catalog.indicators[field["name"]].decimals]

    def _write_text(self, sheet: Any, row: int, column: int, text: str, form: Any = None) -> None:
        """A text whatever it begins with; one like a formula stays one when it is edited."""
        sheet.write_string(row, column, text, self.guarded if text.startswith(FORMULA) else form)
