"""Communes: a stub each, of at most 500 bytes, that draws itself from the API. Those that are no
more lead to today's, whose page says so.

They are 39,000 in each language: a description in each would weigh 5 MB, so the script adds it.
"""

from html import escape

from flows.publish.site.facts import folder_of
from flows.publish.site.frame import Site
from flows.publish.site.words import LANGUAGES, Words, words_in

STUB_BYTES = 500


def write_communes(site: Site) -> None:
    """Every commune of today, and every id that one ever had, in both languages."""
    departements = {row["territory_id"]: row["name"] for row in site.facts.territories.values()}
    for language in LANGUAGES:
        words = words_in(language)
        stub, led = _stub(words), _led(words)
        for row in site.facts.communes:
            around = departements.get(row["departement_id"] or row["group_id"], "")
            title = f"{row['name']} ({row['code']}){', ' if around else ''}{around}"
            text = stub.format(title=_short(title), shard=folder_of(row["group_id"]))
            _put(site, words, row["territory_id"], text)
            site.written.append(words.address("territory", folder_of(row["territory_id"])))
        for row in site.facts.vanished:
            title = words["territory"]["vanished_title"].format(name=row["name"])
            code = folder_of(row["territory_id"]).removeprefix("COM-")
            to = folder_of(row["successor_id"])
            text = led.format(title=_short(title), to=to, code=code)
            _put(site, words, row["territory_id"], text)


def _stub(words: Words) -> str:
    """The script finds the file of the API by the link; the style comes with the script."""
    return (
        f"<!doctype html><html lang={words.language}><meta charset=utf-8>"
        '<meta name=viewport content="width=device-width">'
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'self'\">"
        "<title>{title}</title><script type=module src=../../../assets/commune.js></script>"
        "<a href=../{shard}/>{shard}</a>\n"
    )


def _led(words: Words) -> str:
    """The page of today's reads which commune was asked for."""
    return (
        f"<!doctype html><html lang={words.language}><meta charset=utf-8>"
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">"
        '<meta http-equiv=refresh content="0; url=../{to}/?was={code}">'
        "<title>{title}</title><a href=../{to}/>{to}</a>\n"
    )


def _short(title: str) -> str:
    """A title for HTML, cut where a hostile name would make the stub too long."""
    return escape(title[:90], quote=False)


def _put(site: Site, words: Words, territory_id: str, text: str) -> None:
    if len(text.encode()) > STUB_BYTES:  # a name of nothing but ampersands
        text = text[: text.index("<title>")] + "<title>" + text[text.index("</title>") :]
    site.put(f"{words.address('territory', folder_of(territory_id))}index.html", text)
