"""Propose: a Table Schema for a file that has none, from its first rows.

What only looks like a number stays text: a code, or anything with a leading zero.
"""

import re
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Any

from flows.steps.validate.header import name_apart
from flows.steps.validate.reading.rows import Table

ROWS = 10_000
MISSING = {"", "-", "NA", "N/A", "n/a", "NC", "ND", "null", "NULL"}
CODE_NAME = re.compile(
    r"(^|[^a-z])(codes?|cod|insee|cog|siren|siret|rna|finess|uai|cp|postal|id|ids|num|numero|ref"
    r"|tel|telephone|phone|iris|dep|reg|epci|commune|departement|region)($|[^a-z])",
    re.IGNORECASE,
)
LONGEST_NUMBER = 15  # digits: longer ones are identifiers
BOOLEANS = (
    ("true", "false"),
    ("True", "False"),
    ("TRUE", "FALSE"),
    ("oui", "non"),
    ("Oui", "Non"),
    ("OUI", "NON"),
    ("vrai", "faux"),
    ("O", "N"),
)
DATES = ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%d-%m-%Y")
INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
POINT = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
COMMA = re.compile(r"-?(0|[1-9][0-9]*)(,[0-9]+)?")


def propose_schema(table: Table) -> dict[str, Any]:
    """A descriptor with a field for each label of *table*; reads its first rows.

    A column without a label is `field<n>`, and one whose label is taken gets a number.
    """
    rows = [row.cells for row in islice(table.rows, ROWS)]
    width = len(table.labels) or max(map(len, rows), default=0)
    labels = table.labels or [""] * width
    names = name_apart([label or f"field{n}" for n, label in enumerate(labels, start=1)])
    fields = []
    missing: set[str] = set()
    for index, name in enumerate(names):
        cells = {row[index] for row in rows if len(row) > index}
        missing |= cells & MISSING
        values = cells - MISSING
        fields.append({"name": name, **_propose_type(name, values)})
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": fields,
        "missingValues": sorted(missing | {""}),
    }


def _propose_type(name: str, values: set[str]) -> dict[str, Any]:
    if not values:
        return {"type": "string"}
    for yes, no in BOOLEANS:
        if values == {yes, no}:
            return {"type": "boolean", "trueValues": [yes], "falseValues": [no]}
    for format_ in DATES:
        if all(_is_date(value, format_) for value in values):
            return {"type": "date"} | ({} if format_ == DATES[0] else {"format": format_})
    if CODE_NAME.search(name) or any(_is_long(value) for value in values):
        return {"type": "string"}
    return next((kind for test, kind in NUMBERS if all(map(test, values))), {"type": "string"})


NUMBERS: tuple[tuple[Callable[[str], object], dict[str, Any]], ...] = (
    (INTEGER.fullmatch, {"type": "integer"}),
    (POINT.fullmatch, {"type": "number"}),
    (COMMA.fullmatch, {"type": "number", "decimalChar": ","}),
)


def _is_long(text: str) -> bool:
    return text.isdigit() and len(text) > LONGEST_NUMBER


def _is_date(text: str, format_: str) -> bool:
    """Whether *text* is a date of these times: 20240105 may be one, 75056001 is a code."""
    if len(text) != len(datetime(2000, 1, 1).strftime(format_)):
        return False
    try:
        return 1800 <= datetime.strptime(text, format_).year <= 2200
    except ValueError:
        return False
