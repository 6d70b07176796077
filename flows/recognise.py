"""Recognise: how a file that nobody has described is written, and what its columns hold."""

import json
import re
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from flows.catalog.models import Layout
from flows.errors import SourceError
from flows.reference import open_reference
from flows.settings import Settings
from flows.steps.diagnose import diagnose
from flows.steps.validate.propose import propose_schema
from flows.steps.validate.reading.dialect import Dialect
from flows.steps.validate.reading.open import open_file
from flows.steps.validate.reading.unwrap import unwrap
from flows.steps.validate.table import make_workplace

MAGICS = {b"PAR1": "parquet", b"\xd0\xcf\x11\xe0": "xls", b"SQLite format 3": "gpkg"}
COMMUNE_CODE = re.compile(r"(\d{2}|2[AB])\d{3}")
SAMPLE_ROWS = 10
# A column is of communes if so many of its codes are known to one map.
COMMUNE_SHARE = 0.9
PERSONAL_NAME = re.compile(
    r"(^|[^a-z])(nom|prenom|prénom|name|firstname|lastname|mail|email|courriel|mel|tel|telephone"
    r"|téléphone|phone|portable|mobile|fax|contact|naissance|civilite|civilité)([^a-z]|$)",
    re.IGNORECASE,
)
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
PHONE = re.compile(r"(\+33|0)\s?[1-9]([ .-]?\d{2}){4}")


@dataclass
class Recognised:
    """What was found of a file. `private` are columns that may speak of a person.

    `commune_column` holds codes of communes, best of the map of `vintage`; `notes` are sentences
    for whoever reviews the description.
    """

    format: str
    dialect: Dialect
    layout: dict[str, Any]
    schema: dict[str, Any]
    labels: list[str]
    sample: list[list[str]]
    row_count: int
    private: list[str]
    commune_column: str | None = None
    vintage: int | None = None
    notes: list[str] = field(default_factory=list)


def recognise(settings: Settings, path: Path) -> Recognised:
    """How *path* is written, its columns, types and geography.

    Raises SourceError when it is no table, or a zip or workbook in which it is not clear which is.
    """
    with make_workplace() as folder:
        format_, layout = _find_format(path, folder)
        told = Layout.model_validate(layout)
        with closing(open_file(path, folder, Dialect(), format_, told)) as table:
            dialect, labels = table.dialect, table.labels
            schema = propose_schema(table)
        row = dialect.header_rows[0] if dialect.header_rows and format_ == "csv" else 1
        layout |= {"header_row": row} if row > 1 else {}
        with closing(open_file(path, folder, dialect, format_, told)) as table:
            rows = [row.cells for row in table.rows]
    if not labels or not rows:
        raise SourceError(path.name, "holds no row", "look at the address")
    found = Recognised(format_, dialect, layout, schema, labels, rows, len(rows), [])
    found.private = [name for place, name in enumerate(labels) if _is_private(name, rows, place)]
    _find_communes(settings, found, rows)
    found.sample = rows[:SAMPLE_ROWS]
    return found


def _find_format(path: Path, folder: Path) -> tuple[str, dict[str, Any]]:
    head = path.read_bytes()[:4096]
    if head.startswith(b"PK"):
        content = head + path.read_bytes()[-4096:]
        if b"[Content_Types].xml" in content or b"xl/workbook" in content:
            return "xlsx", _find_sheet(path)
        if b"opendocument.spreadsheet" in head:
            return "ods", _find_sheet(path)
    plain = unwrap(path, folder, Layout(), "csv")
    head = plain.read_bytes()[:4096]
    packed = {"member": "*"} if plain != path and path.read_bytes()[:2] == b"PK" else {}
    for magic, format_ in MAGICS.items():
        if head.startswith(magic):
            return format_, packed | (_find_sheet(plain) if format_ == "xls" else {})
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"["):
        is_geo = b'"FeatureCollection"' in head
        return ("geojson" if is_geo else "json"), packed | ({} if is_geo else _find_rows(plain))
    return "csv", packed


def _find_sheet(path: Path) -> dict[str, Any]:
    """The longest sheet, and the first row that is as wide as it: its header."""
    from python_calamine import CalamineWorkbook

    with path.open("rb") as file:
        book = CalamineWorkbook.from_filelike(file)
        grids = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        }
    name = max(grids, key=lambda each: len(grids[each]))
    widths = [sum(cell != "" for cell in row) for row in grids[name]]
    header = next((n for n, width in enumerate(widths, start=1) if width >= 0.8 * max(widths)), 1)
    told: dict[str, Any] = {"sheet": name} if len(grids) > 1 else {}
    return told | ({"header_row": header} if header > 1 else {})


def _find_rows(path: Path) -> dict[str, Any]:
    """The way to the first list of objects of a JSON document."""
    try:
        body = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        return {}  # lines of JSON, or none: reading it will say
    way: list[str] = []
    while isinstance(body, dict):
        inner = next((k for k, v in body.items() if isinstance(v, list | dict) and v), None)
        if inner is None:
            break
        way.append(inner)
        body = body[inner]
    return {"rows": "/".join(way)} if way else {}


def _is_private(name: str, rows: list[list[str]], place: int) -> bool:
    """Whether a column may speak of a person: by its name, or by mails and telephones in it."""
    if PERSONAL_NAME.search(name.replace("_", " ")):
        return True
    cells = [row[place] for row in rows[:1000] if len(row) > place and row[place]]
    odd = sum(bool(MAIL.search(cell) or PHONE.fullmatch(cell.strip())) for cell in cells)
    return odd > 0.05 * len(cells)


def _find_communes(settings: Settings, found: Recognised, rows: list[list[str]]) -> None:
    """Look for the column whose values are codes of communes, and for the map they speak of."""
    with open_reference(settings) as con:
        for place, name in enumerate(found.labels):
            cells = [row[place] for row in rows if len(row) > place and row[place]]
            matching = sum(bool(COMMUNE_CODE.fullmatch(cell)) for cell in cells)
            if not cells or matching < COMMUNE_SHARE * len(cells):
                continue
            fit = _diagnose(con, cells)
            if fit.share >= COMMUNE_SHARE:
                found.commune_column, found.vintage = name, fit.year
                found.notes.append(f"{name} speaks of the map of {fit.tell_years(' and ')}")
                return


def _diagnose(con: duckdb.DuckDBPyConnection, cells: list[str]) -> Any:
    con.execute("create or replace temp table told (code varchar)")
    con.execute("insert into told select unnest(?)", [cells])
    codes = con.sql("select code, count(*) as row_count from told group by code")
    return diagnose(con, codes).best
