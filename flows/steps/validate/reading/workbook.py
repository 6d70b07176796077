"""Workbook: what must be known of an XLSX before a reader lays it out as a grid.

The reader keeps every cell up to the last, so one that stands far off fills the memory; and it
gives an error (#N/A) as an empty cell.
"""

import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from flows.errors import SourceError
from flows.steps.validate.reading.unwrap import DISTRUST, FREE_BYTES, MAX_RATIO, PIECE, damage_told

MAX_BYTES = 2_000_000_000  # of all that a workbook holds, once unpacked
MAX_CELLS = 50_000_000
CELL = re.compile(rb'<(?:\w+:)?c\s([^>]*?)\br=["\']([A-Z]{1,3})(\d{1,7})["\']([^>]*[^>/])?>')
ERROR = re.compile(rb'\bt=["\']e["\']')
VALUE = re.compile(rb"\s*(?:<(?:\w+:)?f.*?(?:/>|</(?:\w+:)?f>))?\s*<(?:\w+:)?v>([^<]*)<", re.DOTALL)
OLE = b"\xd0\xcf\x11\xe0"
ENCRYPTED = re.compile(
    rb"\x09\x08\x10\0.{16}\x2f\0|" + "EncryptedPackage".encode("utf-16-le"), re.DOTALL
)


def refuse_bomb(path: Path, name: str) -> None:
    """Raise SourceError for a workbook that is out of all proportion once unpacked, or damaged."""
    size, written = path.stat().st_size, 0
    with damage_told(name), zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            with archive.open(info) as file:
                while piece := file.read(PIECE):
                    written += len(piece)
                    if written > MAX_BYTES or (written > FREE_BYTES and written > MAX_RATIO * size):
                        problem = f"holds over {written:,} bytes in {size:,}: a bomb"
                        raise SourceError(name, problem, DISTRUST)


def is_encrypted(path: Path) -> bool:
    """Whether a workbook that is not read has a password, as Excel notes it in old and new ones."""
    content = path.read_bytes()
    return content.startswith(OLE) and bool(ENCRYPTED.search(content))


def read_errors(path: Path, name: str, sheet: str) -> dict[tuple[int, int], str]:
    """The errors (#N/A) of the *sheet* of an XLSX, by row and column from 0.

    Raises SourceError when its last cell is so far off that the sheet would fill the memory.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            content = archive.read(_find_sheet(archive, sheet))
    except (KeyError, StopIteration, ElementTree.ParseError) as error:
        problem = f"does not say where its sheet {sheet} stands"
        raise SourceError(name, problem, "open it in a spreadsheet, and save it again") from error
    errors, height, width = {}, 0, 0
    for cell in CELL.finditer(content):
        place = int(cell[3]) - 1, _number(cell[2]) - 1
        height, width = max(height, place[0] + 1), max(width, place[1] + 1)
        if ERROR.search(cell[1] + b" " + (cell[4] or b"")) and (
            value := VALUE.match(content, cell.end())
        ):
            errors[place] = value[1].decode()
    if height * width > MAX_CELLS:
        problem = f"has a cell in row {height:,} or so and one in column {width:,}, far off"
        raise SourceError(name, problem, "ask the publisher to delete what is outside of the table")
    return errors


def _find_sheet(archive: zipfile.ZipFile, sheet: str) -> str:
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    chosen = next(each for each in _each(book, "sheet") if each.get("name") == sheet)
    # Its prefix stands for another address in the strict kind of XLSX.
    key = next(value for name, value in chosen.items() if name.endswith("}id"))
    targets = {each.get("Id"): str(each.get("Target")) for each in _each(links, "Relationship")}
    return targets[key].lstrip("/") if targets[key].startswith("/") else f"xl/{targets[key]}"


def _each(tree: Any, tag: str) -> list[Any]:
    return [each for each in tree.iter() if each.tag.endswith(f"}}{tag}")]


def _number(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number
