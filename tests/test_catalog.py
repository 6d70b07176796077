"""The catalogue of the repository, file by file."""

import re

import pytest
import yaml
from pydantic import ValidationError

from flows.catalog import load_catalog
from flows.catalog.secrecy import Secrecy
from flows.errors import CatalogError
from flows.settings import Settings
from flows.steps.inspect import inspect_catalog, inspect_schemas
from flows.steps.load import DECLARED, order_core
from flows.warehouse import tables_read
from project import ROOT

CATALOG = ROOT / "catalog"
INDICATORS = sorted((CATALOG / "indicators").glob("*.yml"))
SNAPSHOTS = sorted((CATALOG / "snapshots").glob("*/snapshot.yml"))


def test_the_catalogue_holds(catalog):
    inspect_catalog(Settings(ROOT), catalog)
    inspect_schemas(ROOT / "schemas")


def test_a_table_comes_after_what_it_reads(catalog):
    order = order_core(catalog)
    queries = catalog.queries["sources"] | catalog.queries["tables"]

    for place, name in enumerate(order):
        if name == DECLARED:
            continue  # made by a step
        read = {table.removeprefix("core.") for table in tables_read(queries[name])}
        assert not read & set(order[place:])
    assert order.index("commune_successors") < order.index("road_accidents")


def test_themes_and_sources_are_spread(catalog):
    """At least twenty indicators in five themes; of the first twenty, six from one source."""
    themes = {indicator.theme for indicator in catalog.indicators.values()}
    data = {"municipal_councillors", "town_halls", "road_accidents", "local_tax"}
    tables = {name: tables_read(q) for name, q in catalog.queries["indicators"].items()}
    tables = {name: {t.split(".")[1] for t in read} for name, read in tables.items()}
    counted = sum(min(6, sum(source in read for read in tables.values())) for source in data)

    assert len(themes) >= 5
    assert len(catalog.indicators) >= 20
    assert counted <= len(catalog.indicators)


@pytest.mark.parametrize("path", INDICATORS, ids=lambda path: path.stem)
def test_an_indicator_tells_its_method_in_both_languages(path, catalog):
    indicator = catalog.indicators[path.stem]

    for text in (indicator.title, indicator.description, indicator.method, indicator.unit):
        assert text.fr.strip()
        assert text.en.strip()
    assert indicator.title.fr != indicator.title.en
    assert len(indicator.method.fr) > 80


@pytest.mark.parametrize("path", INDICATORS, ids=lambda path: path.stem)
def test_an_indicator_reads_only_core(path, catalog):
    assert all(
        name.startswith("core.") for name in tables_read(catalog.queries["indicators"][path.stem])
    )


@pytest.mark.parametrize("path", SNAPSHOTS, ids=lambda path: path.parent.name)
def test_a_sidecar_tells_where_its_files_come_from(path):
    sidecar = yaml.safe_load(path.read_text(encoding="utf-8"))

    wanted = {"title", "publisher", "data_licence", "package_licence", "retrieved", "modified"}
    assert wanted | {"removed", "notes", "files"} <= set(sidecar)
    assert set(sidecar["files"]) == {p.name for p in path.parent.glob("*.gz")}


def test_the_snapshots_weigh_at_most_25_mb():
    assert sum(path.stat().st_size for path in CATALOG.rglob("*.gz")) <= 25_000_000


def test_census_years_are_those_of_the_sidecar(catalog):
    """The years in census_population.sql say what the sidecar of the snapshots says."""
    told = yaml.safe_load(
        (CATALOG / "snapshots/administrative_divisions/snapshot.yml").read_text(encoding="utf-8")
    )["files"]
    pairs = re.findall(r"\((\d{4}), (\d{4})\)", catalog.queries["tables"]["census_population"])

    assert pairs
    for edition, year in pairs:
        assert told[f"communes-{edition}.json.gz"]["census_reference_year"]["default"] == int(year)


def test_no_snapshot_or_catalogue_file_names_a_registry_or_a_machine():
    paths = [p for p in CATALOG.rglob("*") if p.suffix in {".yml", ".sql", ".py", ".md"}]
    words = ["registry." + "npmjs", "pypi" + ".org", "files.python" + "hosted", "/wo" + "rk/"]

    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert not [word for word in words if word in text], path


def test_headlines_come_in_the_order_of_their_datasets(catalog):
    """Few enough for a map, and some for each large theme."""
    names = [each.name for each in catalog.headlines]
    order = [name for each in catalog.datasets.values() for name in each.indicators]

    assert {"population", "women_councillors_share", "road_deaths_rate"} < set(names)
    assert names == sorted(names, key=order.index)
    assert len(names) < 20


def test_loading_twice_gives_the_same(catalog):
    assert load_catalog(CATALOG) == catalog


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"met": ["*"]}, "does not read met_is_secret"),
        ({"annee": ["s"]}, "annee is read as integer, which no mark is"),
        ({"Met": ["*"]}, "unknown column 'Met'"),
    ],
)
def test_a_mark_of_secrecy_must_reach_the_sql(catalog, changes, problem):
    """Or it would be rejected, or be found missing."""
    source = catalog.sources["hiring_needs"].model_copy(update={"secret_values": changes})
    query = catalog.queries["sources"]["hiring_needs"].replace("met_is_secret", "true")
    queries = {**catalog.queries, "sources": {**catalog.queries["sources"], "hiring_needs": query}}
    sources = {**catalog.sources, "hiring_needs": source}
    broken = catalog.model_copy(update={"sources": sources, "queries": queries})
    with pytest.raises(CatalogError, match=re.escape(problem)):
        inspect_catalog(Settings(ROOT), broken)


@pytest.mark.parametrize(
    ("told", "thresholds"),
    [
        ({"kind": "persons"}, (11, 100)),
        ({"kind": "enterprises"}, (3, 85)),
        ({"kind": "fiscal"}, (11, 85)),
        ({"kind": "fiscal", "min_units": 50}, (50, 85)),
    ],
)
def test_an_indicator_has_the_thresholds_of_its_kind(catalog, told, thresholds):
    rule = Secrecy.model_validate(told, context={"secrecy": catalog.secrecy})
    assert (rule.min_units, rule.dominance_percent) == thresholds


def test_a_kind_of_secrecy_that_is_not_known_is_refused(catalog):
    with pytest.raises(
        ValidationError, match=r"kind 'firms' \(known: persons, enterprises, fiscal\)"
    ):
        Secrecy.model_validate({"kind": "firms"}, context={"secrecy": catalog.secrecy})


@pytest.mark.parametrize("looser", [{"min_units": 10}, {"dominance_percent": 90}])
def test_who_hides_less_than_the_rule_says_why(catalog, looser):
    rule = Secrecy.model_validate(
        {"kind": "fiscal", **looser}, context={"secrecy": catalog.secrecy}
    )
    with pytest.raises(CatalogError, match="hides less than the rule of fiscal"):
        inspect_catalog(Settings(ROOT), with_rule(catalog, rule))
    reason = {"fr": "parce que", "en": "because"}
    inspect_catalog(Settings(ROOT), with_rule(catalog, rule.model_copy(update={"reason": reason})))


def with_rule(catalog, rule):
    """The catalogue, with that secrecy of the population."""
    changed = catalog.indicators["population"].model_copy(update={"secrecy": rule})
    return catalog.model_copy(update={"indicators": {**catalog.indicators, "population": changed}})
