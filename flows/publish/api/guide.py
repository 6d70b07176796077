"""Guide: llms.txt, what an agent should know before it reads, and where things stand."""

from typing import Any

from flows.catalog import Catalog
from flows.publish.api.columns import API
from flows.publish.draft import Draft

STATUSES = """\
- A value always has a status (SDMX): A normal, B the series breaks here, E estimated,
  P provisional, M cannot exist, O missing, Q hidden. M, O and Q have no value.
- Missing, hidden, not applicable and zero are four different things. Never put one for another.
- Q is hidden because it would speak of too few people. Do not try to compute it from other values,
  nor tell a person or firm apart: it is against the law and against the terms.
- Rates are never summed or averaged: add numerators and denominators, which the tables have, and
  divide last.
- Do not compare periods across a break (status B, `breaks` of the indicator).
- Coverage is the share of the residents of whom the data are known. Tell it where it is below 1.
- Every value, of any period, is on the map in `map`; vanished communes are in successors.json.
- FRA is metropolitan France and the five overseas départements; the collectivities are apart.
- Name the indicator, the territory, the period, the source and the licence with each value.
"""


def write_guide(draft: Draft) -> None:
    """Write llms.txt at the root of the release."""
    package = draft.catalog.package
    base = package.base_url
    lines = [
        f"# {package.title.en}",
        "",
        f"> {package.description.en} {package.description.fr}",
        "",
        f"Licence: {draft.catalog.licences[package.licence].title}.",
        "",
        "## Rules",
        "",
        STATUSES,
        "## Where things stand",
        "",
        *(f"- [{title}]({base}{path}): {told}" for title, path, told in PLACES),
        "",
        *_indicators(draft.catalog, base),
    ]
    (draft.folder / "llms.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


PLACES = (
    ("OpenAPI 3.1", f"{API}/openapi.json", "every address, parameter and shape of the API"),
    ("Index", f"{API}/index.json", "every file of the API"),
    (
        "Indicator cards",
        f"{API}/indicators.json",
        "typed: unit, bounds, direction, method, secrecy",
    ),
    ("Territories", f"{API}/territories.json", "ids, names and parents of today's territories"),
    ("One territory", f"{API}/territories/FRA.json", "all series and comparisons; also DEP-35 …"),
    ("Communes", f"{API}/communes/EPCI-243500139.json", "those of one EPCI, same shape"),
    ("Successors", f"{API}/successors.json", "where a vanished territory lies today"),
    ("Issues", f"{API}/issues.json", "what was rejected, corrected or lost"),
    ("Query", f"{API}/query?indicator=population&territory=COM-35238", "where `jalon serve` runs"),
    ("SDMX", "sdmx/structure.json", "structures; the CSV beside it are the observations"),
    ("Data package", "datapackage.json", "every table, column by column"),
    ("Database", "jalon.duckdb", "every table, with comments, for DuckDB"),
)


def _indicators(catalog: Catalog, base: str) -> list[str]:
    lines: list[str] = []
    for dataset in catalog.datasets.values():
        lines += [f"## {dataset.title.en}", ""]
        lines += [_line(catalog, name, base) for name in dataset.indicators]
        lines.append("")
    return lines[:-1]


def _line(catalog: Catalog, name: str, base: str) -> str:
    indicator = catalog.indicators[name]
    cautions: list[Any] = [f"use with care: {', '.join(indicator.usage_warnings)}"]
    if indicator.secrecy != "none":
        cautions.append("small counts are hidden")
    told = "; ".join(cautions if indicator.usage_warnings else cautions[1:])
    end = f" ({told})" if told else ""
    title = f"{indicator.title.en} ({indicator.unit.en})"
    return (
        f"- [{name}]({base}{API}/indicators/{name}.json): {title},"
        f" from the {indicator.published_from} up{end}"
    )
