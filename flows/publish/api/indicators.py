"""Indicators: the card of each one, and its newest values at every level but the communes."""

from itertools import groupby
from operator import itemgetter
from typing import Any

from flows.catalog import Indicator
from flows.publish.api.columns import number, write_body
from flows.publish.dcat.vocabulary import WARNINGS
from flows.publish.draft import Draft
from flows.warehouse import shared_sql

NUMBERS = ("minimum", "first_quartile", "median", "third_quartile", "maximum")
Card = dict[str, Any]


def write_indicators(draft: Draft) -> list[str]:
    """indicators.json, and a file of each indicator, under its old names too; their paths."""
    cards = _cards(draft)
    write_body(draft, "indicators.json", {"indicators": cards})
    draft.con.execute(shared_sql("api_newest"))
    levels, spreads = _levels(draft), _spreads(draft)
    paths = ["indicators.json"]
    for card in cards:
        name = card["indicator"]
        told = {
            level: spread | levels.get((name, level), {}) for level, spread in spreads.get(name, [])
        }
        for each in (name, *card["formerly"]):
            paths.append(f"indicators/{each}.json")
            write_body(draft, paths[-1], {**card, "levels": told})
    return paths


def _cards(draft: Draft) -> list[Card]:
    rows = draft.con.execute(shared_sql("api_described"))
    names = [column[0] for column in rows.description]
    described = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    return [_card(draft, draft.catalog.indicators[row["indicator"]], row) for row in described]


def _card(draft: Draft, indicator: Indicator, row: dict[str, Any]) -> Card:
    """All that is to be known of an indicator, typed; `secrecy` says what is hidden, and why."""
    catalog = draft.catalog
    return {
        "indicator": indicator.name,
        "formerly": list(indicator.formerly),
        "dataset": row["dataset"],
        "theme": {"name": indicator.theme, **catalog.themes[indicator.theme].title.model_dump()},
        "headline": indicator.headline,
        "title": indicator.title.model_dump(),
        "description": indicator.description.model_dump(),
        "method": indicator.method.model_dump(),
        "unit": indicator.unit.model_dump(),
        "type": "integer" if indicator.rollup == "sum" and not indicator.decimals else "number",
        "bounds": {"minimum": number(indicator.value.min), "maximum": number(indicator.value.max)},
        "direction": indicator.direction,
        "rollup": indicator.rollup,
        "per": indicator.per,
        "decimals": indicator.decimals,
        "coverage_threshold": number(indicator.coverage),
        "published_from": indicator.published_from,
        "first_period": row["first_period"],
        "last_period": row["last_period"],
        "breaks": [each.model_dump() for each in indicator.breaks],
        "secrecy": None if indicator.secrecy == "none" else indicator.secrecy.model_dump(),
        "usage_warnings": [
            {"code": code, **WARNINGS[code].model_dump()} for code in indicator.usage_warnings
        ],
        "sources": [
            {
                "name": name,
                "title": catalog.sources[name].title.model_dump(),
                "publisher": catalog.sources[name].publisher,
                "homepage": catalog.sources[name].homepage,
                "licence": catalog.sources[name].licence,
            }
            for name in row["sources"].split(", ")
            if name
        ],
        "licences": [each for each in row["licences"].split(", ") if each],
        "vintages": [each for each in row["vintages"].split("; ") if each],
    }


def _levels(draft: Draft) -> dict[tuple[str, str], Card]:
    rows = draft.con.execute(shared_sql("api_levels")).fetchall()
    return {key: _level(list(told)) for key, told in groupby(rows, itemgetter(0, 1))}


def _level(rows: list[tuple[Any, ...]]) -> Card:
    ids, values, statuses, coverage, ranks = list(zip(*rows, strict=True))[3:]
    return {
        "territory_id": list(ids),
        "values": [number(each) for each in values],
        "statuses": "".join(statuses),
        "coverage": [number(each) for each in coverage],
        "ranks": list(ranks),
    }


def _spreads(draft: Draft) -> dict[str, list[tuple[str, Card]]]:
    rows = draft.con.execute(shared_sql("api_spreads"))
    names = [column[0] for column in rows.description]
    told = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    for row in told:
        row |= {name: number(row[name]) for name in NUMBERS}
    return {
        name: [(row.pop("level"), {k: v for k, v in row.items() if k != "indicator"}) for row in of]
        for name, of in groupby(told, itemgetter("indicator"))
    }
