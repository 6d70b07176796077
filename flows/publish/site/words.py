"""Words: every string of the site in one file a language, and numbers as it writes them."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from flows.catalog import Text
from flows.catalog.read import read_yaml

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")
HERE = Path(__file__).parent / "words"
NARROW_SPACE, WIDE_SPACE = "\u202f", "\u00a0"  # neither of which ends a line
APOSTROPHE = (re.compile(r"(?<=\w)'(?=\w)"), "’")
TYPESET = {
    "fr": (  # as the Imprimerie nationale has it
        (re.compile(r" (?=[:»%€])|(?<=«) "), WIDE_SPACE),
        (re.compile(r" (?=[;!?])"), NARROW_SPACE),
        APOSTROPHE,
    ),
    "en": ((re.compile(r"(?<=\d) (?=%)"), ""), APOSTROPHE),
}
MARKS = {"fr": (NARROW_SPACE, ","), "en": (",", ".")}  # of thousands, of decimals


@dataclass(frozen=True)
class Words:
    """What the site says in one language; `paths` are the names of its folders."""

    language: Language
    texts: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        """The text, or the group of texts, under *key*."""
        return self.texts[key]

    @property
    def other(self) -> Language:
        """The other language."""
        return "en" if self.language == "fr" else "fr"

    def address(self, section: str, name: str = "") -> str:
        """Where a page stands, from the root of the release: `fr/territoire/DEP-35/`."""
        folders = [self.language, self.texts["paths"][section], name]
        return "/".join(folder for folder in folders if folder) + "/"

    def number(self, value: float | None, decimals: int = 0) -> str:
        """34875.5 with one decimal: 34 875,5 with a narrow space, or 34,875.5; – for none."""
        if value is None:
            return "–"
        thousands, point = MARKS[self.language]
        told = f"{value:,.{decimals}f}"
        told = told.replace(",", "\0").replace(".", point).replace("\0", thousands)
        is_zero = not told.strip("-0.," + NARROW_SPACE)
        return told.replace("-", "" if is_zero else "\u2212")

    def counted(self, forms: list[str], count: int, **values: str) -> str:
        """The first of two *forms* if one is counted (in French, none too), else the second."""
        few = count < 2 if self.language == "fr" else count == 1
        return forms[0 if few else 1].format(count=self.number(count), **values)

    def ordinal(self, rank: int) -> str:
        """1er, 2e; 1st, 2nd, 11th."""
        if self.language == "fr":
            return f"{self.number(rank)}{'er' if rank == 1 else 'e'}"
        is_teen = rank % 100 in (11, 12, 13)
        suffix = "th" if is_teen else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
        return f"{self.number(rank)}{suffix}"

    def of(self, row: dict[str, Any], stem: str) -> str:
        """The text of a row that has it in both languages: `title` of title_fr and title_en."""
        return typeset(str(row[f"{stem}_{self.language}"]), self.language)

    def told(self, text: Text) -> str:
        """A text of the catalogue."""
        return typeset(getattr(text, self.language), self.language)

    def date(self, iso: str) -> str:
        """2026-08-04: 4 août 2026, or 4 August 2026."""
        year, month, day = iso[:10].split("-")
        told = "1er" if self.language == "fr" and int(day) == 1 else str(int(day))
        return f"{told} {self.texts['months'][int(month) - 1]} {year}"


@cache
def words_in(language: Language) -> Words:
    """The words of *language*."""
    return Words(language, _typeset_all(read_yaml(HERE / f"{language}.yml"), language))


def typeset(text: str, language: Language) -> str:
    """*text* with the spaces of its language, where no line breaks, and one kind of apostrophe."""
    for found, put in TYPESET[language]:
        text = found.sub(put, text)
    return text


def _typeset_all(texts: Any, language: Language) -> Any:
    if isinstance(texts, dict):
        return {key: _typeset_all(each, language) for key, each in texts.items()}
    if isinstance(texts, list):
        return [_typeset_all(each, language) for each in texts]
    return typeset(texts, language) if isinstance(texts, str) else texts
