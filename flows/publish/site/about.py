"""About: the pages on the data themselves: files, quality, and how to compare."""

from typing import Any

from flows.catalog import Source
from flows.files import read_json
from flows.handover import Issue, Report
from flows.publish.dcat.grouping import dataset_of_file
from flows.publish.dcat.records import CatalogRecord
from flows.publish.dcat.schema_org import as_data_block, as_schema_org
from flows.publish.site.console import has_engine
from flows.publish.site.frame import Page, Site
from flows.publish.site.sources import due_of, modified_of
from flows.publish.site.words import LANGUAGES, Words, words_in

# What a release may hold beside its tables, in the order in which the page of the data names it.
OFFERED = (
    "jalon.duckdb",
    "datapackage.json",
    "SHA256SUMS",
    "manifest.json",
    "issues.json",
    "changes.json",
    "errata.json",
    "renamed.json",
    "catalog.ttl",
    "catalog.jsonld",
    "catalog-datagouv.ttl",
)
API = ("openapi.json", "territories.json", "indicators.json", "datasets.json", "issues.json")
LATER = {"SHA256SUMS", "manifest.json"}  # written once the site is


def write_about(
    site: Site, reports: dict[str, list[Report]], issues: list[Issue], record: CatalogRecord
) -> None:
    """All of them, in both languages."""
    for language in LANGUAGES:
        words = words_in(language)
        _write_data(site, words, record)
        _write_quality(site, words, reports, issues)
        site.write(words, Page("compare"), "compare.html")
        site.write(words, Page("accessibility"), "accessibility.html")


def offered(site: Site, paths: tuple[str, ...], folder: str = "") -> list[str]:
    """Those of *paths* that the release holds."""
    there = site.draft.folder
    return [folder + path for path in paths if path in LATER or (there / (folder + path)).is_file()]


def _write_data(site: Site, words: Words, record: CatalogRecord) -> None:
    resources = {each["path"]: each for each in _resources(site)}
    datasets = []
    for dataset in site.draft.catalog.datasets.values():
        files = [
            each
            for each in resources.values()
            if dataset_of_file(site.draft.catalog, each["name"]) == dataset.name
        ]
        rows = [site.facts.indicators[name] for name in dataset.indicators]
        feed = offered(site, (f"{dataset.name}.atom",), "api/v1/feeds/")
        datasets.append((dataset, rows, files, feed))
    told = {each["path"] for _, _, files, _ in datasets for each in files}
    others = [
        each
        for path, each in resources.items()
        if path not in told and not path.startswith("boundaries/commune/")
    ]
    site.write(
        words,
        Page("data"),
        "data.html",
        datasets=datasets,
        others=others,
        offered=offered(site, OFFERED),
        api=offered(site, API, "api/v1/"),
        has_engine=has_engine(site),
        changes=site.changed(words),
        releases=site.draft.catalog.package.releases_url(),
        blocks=[
            as_data_block(as_schema_org(record, each, words.language))
            for each in record.datasets
            if each.measures  # the others are told in metadata/, or the page would be heavy
        ],
        described=record.datasets,
    )


def _resources(site: Site) -> list[dict[str, Any]]:
    path = site.draft.folder / "datapackage.json"
    return list(read_json(path)["resources"]) if path.is_file() else []


def _write_quality(
    site: Site, words: Words, reports: dict[str, list[Report]], issues: list[Issue]
) -> None:
    catalog = site.draft.catalog
    sources = [_source(source, reports[name]) for name, source in catalog.sources.items()]
    hidden = [
        entry
        for name, entry in catalog.indicators.items()
        if entry.secrecy != "none" and name in site.facts.indicators
    ]
    site.write(
        words,
        Page("quality"),
        "quality.html",
        sources=sorted(sources, key=lambda row: words.told(row["source"].title)),
        issues=_issues(site, words, issues),
        hidden=hidden,
        levels=site.facts.rows("site_hidden"),
    )


def _issues(site: Site, words: Words, issues: list[Issue]) -> list[tuple[str, list[str]]]:
    """What is known, by the title of the source, indicator or barometer: warnings first."""
    catalog = site.draft.catalog
    found: dict[str, list[str]] = {}
    for each in sorted(issues, key=lambda issue: (issue.severity != "warning", issue.subject)):
        kinds = (catalog.sources, catalog.indicators, catalog.barometers)
        named = next((kind[each.subject] for kind in kinds if each.subject in kind), None)
        title = words.told(named.title) if named else words["quality"]["subjects"].get(each.subject)
        found.setdefault(title or each.subject, []).append(words.of(vars(each), "message"))
    return list(found.items())


def _source(source: Source, files: list[Report]) -> dict[str, Any]:
    """How fresh its files are: late once newer data than the newest were due."""
    return {
        "source": source,
        "files": files,
        "modified": modified_of(files),
        "due": due_of(source, files),
        "rows": sum(each.rows for each in files),
        "rejected": sum(each.rejected_rows for each in files),
        "drift": [words for each in files for words in each.drift],
    }
