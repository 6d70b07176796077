"""Shown: texts from elsewhere made visible, short, and set by each language's rules."""

import re
import unicodedata

NO_BREAK = "\u00a0"
NARROW = "\u202f"
SPACES = (NO_BREAK, NARROW)
LIMIT = 60
VISIBLE = {"\r\n": "↵", "\n": "↵", "\r": "↵", "\t": "⇥", NO_BREAK: "⍽", NARROW: "⍽"}
QUOTES = {"fr": f"«{NO_BREAK}{{}}{NO_BREAK}»", "en": "“{}”"}
THOUSANDS = {"fr": NARROW, "en": ","}
COLONS = {"fr": f"{NO_BREAK}: ", "en": ": "}


def make_visible(text: str) -> str:
    """*text* on one line: line breaks, tabs, hidden characters and spaces at the ends are seen."""
    inner = text.strip(" ")
    if not inner:
        return "␣" * len(text)
    before, after = text.split(inner, 1)
    seen = re.sub(r"\r\n|.", lambda match: _show(match[0]), inner, flags=re.DOTALL)
    return "␣" * len(before) + seen + "␣" * len(after)


def flatten(text: str) -> str:
    """A sentence on one line: no hidden character but the spaces that typography asks for."""
    return "".join(c if c in SPACES else _show(c) for c in " ".join(re.split(r"[\r\n\t]+", text)))


def _show(character: str) -> str:
    if character in VISIBLE:
        return VISIBLE[character]
    if character.isprintable() and unicodedata.category(character) != "Cf":
        return character
    return f"‹U+{ord(character):04X}›"


def shorten(text: str, limit: int = LIMIT) -> str:
    """The beginning of *text*, made visible, with `…` where it was cut."""
    if len(text) <= limit:
        return make_visible(text)
    head = text[:limit]
    return make_visible(head.rstrip(" ") or head)[:limit] + "…"


def quote(text: str, language: str) -> str:
    """*text* shortened, between the quotation marks of *language*."""
    return QUOTES[language].format(shorten(text))


def typeset(text: str, language: str) -> str:
    """French asks for spaces that do not break before high punctuation and inside quotes."""
    if language != "fr":
        return text
    text = text.replace("« ", "«" + NO_BREAK).replace(" »", NO_BREAK + "»")
    return re.sub(r" ([;!?%€])", NARROW + r"\1", re.sub(r" :(?=\s|$)", NO_BREAK + ":", text))


def say_number(number: int, language: str) -> str:
    """34875 is 34 875 in French, with a narrow space, and 34,875 in English."""
    return f"{number:,}".replace(",", THOUSANDS[language])
