"""Indicator: what it means, where it is high and low, how it moves, and where it comes from."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from flows.catalog.columns import Trace
from flows.catalog.lineage import sources_of
from flows.handover import Report
from flows.publish.dcat.periods import days_of
from flows.publish.dcat.records import CatalogRecord
from flows.publish.dcat.schema_org import as_data_block, indicator_as_schema_org
from flows.publish.site.charts import (
    AXIS,
    HIGH,
    LOW,
    PERIOD,
    UNIT,
    spread_spec,
    trend_spec,
    write_chart,
)
from flows.publish.site.choropleth import draw_choropleth
from flows.publish.site.facts import Row
from flows.publish.site.frame import Page, Site
from flows.publish.site.sources import due_of, files_of
from flows.publish.site.words import LANGUAGES, Words, words_in
from flows.warehouse import reads_of

MAPPED = ("departement", "region")  # the first that has values is drawn without a script
LEVELS = ("region", "departement", "epci", "commune")
BINS = 20


@dataclass(frozen=True)
class Lineage:
    """Where each indicator comes from: files by source, columns of publishers by column; and what
    the catalogues say.
    """

    sources: dict[str, list[str]]
    columns: dict[str, dict[str, list[str]]]
    record: CatalogRecord


def write_indicators(site: Site, reports: dict[str, list[Report]], record: CatalogRecord) -> None:
    """The page of every indicator, under its old names too, and the list of them all."""
    lineage = _trace(site, record)
    levels, bins = (_by_indicator(site.facts.rows(query)) for query in ("site_levels", "site_bins"))
    for language in LANGUAGES:
        words = words_in(language)
        for name, row in site.facts.indicators.items():
            _write(site, words, row, lineage, levels.get(name, []), bins.get(name, []), reports)
            _write_moved(site, words, row)
        themes = [
            (theme.name, getattr(theme.title, language), rows)
            for theme in site.draft.catalog.themes.values()
            if (rows := [r for r in site.facts.indicators.values() if r["theme"] == theme.name])
        ]
        site.write(words, Page("indicators"), "indicators.html", themes=themes, levels=levels)


def _write(
    site: Site,
    words: Words,
    row: Row,
    lineage: Lineage,
    levels: list[Row],
    bins: list[Row],
    reports: dict[str, list[Report]],
) -> None:
    name, catalog = row["indicator"], site.draft.catalog
    values = site.facts.mapped.get(name, {})
    drawn = next((level for level in MAPPED if level in values), None)
    rows = values.get(drawn or "", [])
    site.write(
        words,
        Page("indicator", name),
        "indicator.html",
        row=row,
        entry=catalog.indicators[name],
        dataset=catalog.datasets[row["dataset"]],
        theme=getattr(catalog.themes[row["theme"]].title, words.language),
        france=site.facts.cells.get("FRA", {}).get(name),
        levels=levels,
        map_levels=[level for level in LEVELS if any(each["level"] == level for each in levels)],
        map_period=rows[0]["period"] if rows else "",
        choropleth=draw_choropleth(
            site,
            words,
            drawn,
            {each["territory_id"]: each["value"] for each in rows},
            {each["territory_id"]: each["obs_status"] for each in rows},
            row["decimals"],
        )
        if drawn
        else None,
        trend=_trend(site, words, row),
        bins=bins,
        edges=edges,
        distribution=_distribution(site, words, row, bins),
        sources=[
            (source, _editions(reports[source.name]), due_of(source, reports[source.name]))
            for source in (catalog.sources[each] for each in lineage.sources[name])
        ],
        files_of=files_of,
        wide_levels=[
            level
            for level in LEVELS
            if (site.draft.folder / f"data/wide/{row['dataset']}_{level}.csv").is_file()
        ],
        columns=lineage.columns[name],
        block=_describe(site, words, row, lineage.record),
    )


def _describe(site: Site, words: Words, row: Row, record: CatalogRecord) -> str:
    """What search engines read in the page."""
    address = f"{site.base_url}{words.address('indicator', row['indicator'])}"
    dataset = next(each for each in record.datasets if each.name == row["dataset"])
    told = indicator_as_schema_org(record, dataset, row["indicator"], address, words.language)
    if row["first_period"]:
        days = days_of(row["first_period"])[0], days_of(row["last_period"])[1]
        told["temporalCoverage"] = "/".join(day.isoformat() for day in days)
    return as_data_block(told)


def _write_moved(site: Site, words: Words, row: Row) -> None:
    """At the address of each old name, a page that leads to the one of today."""
    name = row["indicator"]
    address, title = words.address("indicator", name), words.of(row, "title")
    told = {"words": words, "site": site, "name": name, "address": address, "title": title}
    for old in site.draft.catalog.indicators[name].formerly:
        text = site.template("moved.html").render(told)
        site.put(f"{words.address('indicator', old)}index.html", text)


def _trend(site: Site, words: Words, row: Row) -> str | None:
    """The chart of the national series, if it has a few periods."""
    cell = site.facts.cells.get("FRA", {}).get(row["indicator"])
    if cell is None or sum(value is not None for value in cell["series"]) < 2:
        return None
    told = zip(cell["periods"], cell["series"], cell["statuses"], strict=True)
    rows = [{"period": p, "value": value, "status": status} for p, value, status in told]
    told_in = {UNIT: words.of(row, "unit"), PERIOD: words["territory"]["period"]}
    return write_chart(site, words, f"{row['indicator']}-trend", trend_spec(), rows, told_in)


def _distribution(site: Site, words: Words, row: Row, bins: list[Row]) -> str | None:
    if not bins:
        return None
    rows = [
        {"low": low, "high": high, "count": each["territory_count"]}
        for each in bins
        for low, high in [edges(each)]
    ]
    told = {
        UNIT: words.of(row, "unit"),
        AXIS: words["levels_plural"][bins[0]["level"]],
        LOW: words["indicator"]["from"],
        HIGH: words["indicator"]["to"],
    }
    return write_chart(site, words, f"{row['indicator']}-spread", spread_spec(), rows, told)


def edges(row: Row) -> tuple[float, float]:
    """From where to where a class of the distribution goes, to six digits."""
    width = (row["high"] - row["low"]) / BINS
    low = row["low"] + width * row["bin"]
    return float(f"{low:.6g}"), float(f"{low + width:.6g}")


def _editions(files: list[Report]) -> list[Report]:
    """The reports on the files of a source, the newest edition first."""
    return sorted(files, key=lambda each: -(each.edition or 0))


def _by_indicator(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["indicator"]].append(row)
    return dict(found)


def _trace(site: Site, record: CatalogRecord) -> Lineage:
    catalog, names = site.draft.catalog, list(site.facts.indicators)
    tables: dict[str, dict[str, str]] = {}
    for row in site.facts.rows("warehouse_columns"):
        tables.setdefault(row["table_name"], {})[row["column_name"]] = row["data_type"]
    trace, reads = Trace(catalog, tables), reads_of(catalog.queries)
    columns: dict[str, dict[str, list[str]]] = {}
    for name in names:
        origins: dict[str, Any] = trace.origins(catalog.queries["indicators"][name])
        columns[name] = {
            column: sorted(each.removeprefix("raw.") for each in origin)
            for column, origin in origins.items()
        }
    return Lineage(
        {name: sources_of(catalog, reads, f"indicators/{name}") for name in names},
        columns,
        record,
    )
