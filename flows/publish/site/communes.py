"""Communes: a stub each, of at most 500 bytes, that draws itself from the API. Those that are no
more lead to today's, whose page says so.
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
            told = words["territory"]["commune_description"].format(**row)
            shard = folder_of(row["group_id"])
            _put(site, words, row["territory_id"], stub, title, told, shard=shard)
            site.written.append(words.address("territory", folder_of(row["territory_id"])))
        for row in site.facts.vanished:
            title = words["territory"]["vanished_title"].format(name=row["name"])
            code = folder_of(row["territory_id"]).removeprefix("COM-")
            to = folder_of(row["successor_id"])
            _put(site, words, row["territory_id"], led, title, to=to, code=code)


def _stub(words: Words) -> str:
    """The script finds the file of the API by the link; the style comes with the script."""
    return (
        f"<!doctype html><html lang={words.language}><meta charset=utf-8>"
        '<meta name=viewport content="width=device-width">'
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'self'\">"
        '<title>{title}</title><meta name=description content="{told}">'
        "<script type=module src=../../../assets/commune.js></script>"
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


def _put(
    site: Site, words: Words, territory_id: str, page: str, title: str, told: str = "", **led: str
) -> None:
    """Without title and description where a hostile name would make the page too long."""
    text = page.format(title=escape(title[:90]), told=escape(told[:90]), **led)
    if len(text.encode()) > STUB_BYTES:
        text = page.format(title="", told="", **led)
    site.put(f"{words.address('territory', folder_of(territory_id))}index.html", text)
