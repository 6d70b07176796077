"""Site: what a person reads of a release, in French and English, from any static host."""

import gzip
from xml.sax.saxutils import escape

from flows.handover import Issue, Report
from flows.publish.dcat.records import CatalogRecord
from flows.publish.draft import Draft
from flows.publish.site.about import write_about
from flows.publish.site.barometer import write_barometers
from flows.publish.site.communes import write_communes
from flows.publish.site.console import write_console
from flows.publish.site.facts import Facts
from flows.publish.site.frame import Site
from flows.publish.site.home import write_home
from flows.publish.site.indicator import write_indicators
from flows.publish.site.innovation import write_innovation
from flows.publish.site.loaded import write_loaded
from flows.publish.site.maps import read_shapes
from flows.publish.site.search import write_index
from flows.publish.site.territory import write_territories
from flows.publish.site.words import LANGUAGES, Language, words_in

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
LEVELS = ("departement", "region", "epci")  # the first one frames the map


def write_site(
    draft: Draft,
    reports: dict[str, list[Report]],
    issues: list[Issue],
    newest: str,
    record: CatalogRecord,
) -> None:
    """Every page and all that pages load. *newest* is the date of the newest data."""
    shapes = read_shapes(draft.folder / "boundaries", LEVELS)
    site = Site(draft, Facts(draft), shapes, newest)
    write_loaded(site)
    write_index(site)
    write_home(site)
    write_indicators(site, reports, record)
    write_territories(site)
    write_communes(site)
    write_barometers(site, issues)
    write_about(site, reports, issues, record)
    write_innovation(site)
    write_console(site)
    _write_entrance(site)


def _write_entrance(site: Site) -> None:
    """The page that leads to a language, the list of all pages, and who may read them."""
    entrance = site.template("entrance.html").render(site=site, words=words_in("fr"))
    site.put("index.html", entrance)
    for language in LANGUAGES:
        _write_sitemap(site, language)
    maps = "".join(
        f"<sitemap><loc>{escape(site.base_url)}sitemap-{language}.xml.gz</loc></sitemap>\n"
        for language in LANGUAGES
    )
    site.put("sitemap.xml", f'{HEAD}<sitemapindex xmlns="{SITEMAPS}">\n{maps}</sitemapindex>\n')
    site.put("robots.txt", f"User-agent: *\nAllow: /\nSitemap: {site.base_url}sitemap.xml\n")


def _write_sitemap(site: Site, language: Language) -> None:
    """All pages of a language: gzipped, since most are communes, which compress well."""
    pages = "".join(
        f"<url><loc>{escape(site.base_url + address)}</loc></url>\n"
        for address in sorted(site.written)
        if address.startswith(f"{language}/")
    )
    text = f'{HEAD}<urlset xmlns="{SITEMAPS}">\n{pages}</urlset>\n'
    target = site.draft.folder / f"sitemap-{language}.xml.gz"
    target.write_bytes(gzip.compress(text.encode(), mtime=0))
