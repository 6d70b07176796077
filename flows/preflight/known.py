"""Known: the licences, update frequencies and limits of data.gouv.fr."""

import re
from datetime import timedelta
from unicodedata import normalize

# Its licences for open data: id, the addresses and the titles by which it knows each.
LICENCES: dict[str, tuple[str, ...]] = {
    "lov2": (
        "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
        "Licence Ouverte / Open Licence version 2.0",
        "etalab-2.0",
    ),
    "fr-lo": (
        "https://www.etalab.gouv.fr/wp-content/uploads/2014/05/Licence_Ouverte.pdf",
        "Licence Ouverte / Open Licence",
    ),
    "odc-odbl": (
        "http://opendatacommons.org/licenses/odbl/summary/",
        "Open Data Commons Open Database License (ODbL)",
    ),
    "odc-by": (
        "http://opendatacommons.org/licenses/by/summary/",
        "Open Data Commons Attribution License",
    ),
    "odc-pddl": (
        "http://opendatacommons.org/licenses/pddl/summary",
        "Open Data Commons Public Domain Dedication and Licence (PDDL)",
    ),
    "cc-by": ("http://www.opendefinition.org/licenses/cc-by", "Creative Commons Attribution"),
    "cc-by-sa": (
        "http://www.opendefinition.org/licenses/cc-by-sa",
        "Creative Commons Attribution Share-Alike",
    ),
    "cc-zero": ("http://www.opendefinition.org/licenses/cc-zero", "Creative Commons CCZero"),
}

# By the code of the EU's table: how long after an update the next one is due there.
FREQUENCIES: dict[str, timedelta | None] = {
    "DAILY": timedelta(days=1),
    "WEEKLY": timedelta(weeks=1),
    "MONTHLY": timedelta(days=31),
    "QUARTERLY": timedelta(days=93),
    "ANNUAL_2": timedelta(days=365),
    "ANNUAL": timedelta(days=365),
    "BIENNIAL": timedelta(days=730),
    "IRREG": None,
    "NEVER": None,
    "NOT_PLANNED": None,
}
LONGEST_TITLE = 350
SHORTEST_DESCRIPTION = 101  # characters
CLOSED_FORMATS = frozenset(("pdf", "doc", "docx", "word", "xls", "excel", "xlsx"))
SCHEMAS = "https://schema.data.gouv.fr/schemas/"
# Of addresses that nobody can reach, which are refused.
UNREACHABLE = re.compile(r"(^|\.)(example|invalid|localhost|local|test|internal)$|^[\d.]+$|^\[")


def guess_licence(texts: tuple[str, ...]) -> str | None:
    """The id of the first text that is that of a licence, its address or its title."""
    for text in texts:
        asked = _plain(text)
        for identifier, names in LICENCES.items():
            if asked in {_plain(each) for each in (identifier, *names)}:
                return identifier
    return None


def _plain(text: str) -> str:
    """Without case, scheme, final slash, accents and punctuation."""
    bare = re.sub(r"^https?://", "", text.strip().lower()).rstrip("/")
    letters = normalize("NFKD", bare).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
