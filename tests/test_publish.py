"""What a release holds: read back with the tools that people use."""

import csv
import gc
import gzip
import json
import re
import warnings
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from frictionless import Package, Resource, system

from flows.catalog.lineage import licence_of
from flows.files import sha256_of
from flows.publish.release import find_latest, is_whole
from flows.warehouse import reads_of
from project import ROOT

THREE = ("territories", "indicators", "observations")
PUBLICATIONS = (
    "barometer_components",
    "barometer_indicators",
    "barometer_profiles",
    "barometer_scores",
    "barometer_sensitivity",
    "comparisons",
    "innovation_labs",
    "join_losses",
    "join_reports",
    "memberships",
    "observations_as_published",
    "similar_territories",
    "similarity_variables",
    "survey_results",
    "targets",
    "territory_events",
)


# Of the database alone: what it says of itself.
CATALOGUE = (
    "columns",
    "datasets",
    "example_queries",
    "licences",
    "newest_periods",
    "renamed",
    "release_facts",
    "source_files",
    "sources",
    "statuses",
    "themes",
)


@pytest.fixture(scope="session")
def release(ran) -> Path:
    return find_latest(ran[0].public)


@pytest.fixture(scope="session")
def package(release):
    return json.loads((release / "datapackage.json").read_text(encoding="utf-8"))


def test_the_data_package_is_valid_for_frictionless(release):
    """Every file is there with its bytes and hash, and every row of every CSV fits its schema."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves gzipped files open
        report = Package(str(release / "datapackage.json")).validate()
        gc.collect()

    assert report.valid, report.flatten(["title", "note"])
    assert report.stats["tasks"] > 20


def test_every_file_says_under_which_licence_it_is(package):
    found = {resource["licenses"][0]["name"] for resource in package["resources"]}
    assert found == {"etalab-2.0"}


OF_OTHERS = (
    "reports/",
    "schemas/",
    "metadata/",
    "api/",
    "fr/",
    "en/",
    "assets/",
)  # test_api, test_site …
SITEMAPS = ("sitemap.xml", "sitemap-fr.xml.gz", "sitemap-en.xml.gz")


def test_every_file_is_described_or_known(release, package):
    described = {resource["path"] for resource in package["resources"]}
    known = {"datapackage.json", "issues.json", "manifest.json", "SHA256SUMS", "jalon.duckdb"}
    known |= {"renamed.json", "catalog.ttl", "catalog.jsonld", "catalog-datagouv.ttl"}
    known |= {"changes.json", "errata.json", "llms.txt", "jalon.duckdb.sha256"}
    files = {p.relative_to(release).as_posix() for p in release.rglob("*") if p.is_file()}
    files = {path for path in files if not path.startswith(OF_OTHERS)}

    assert files == described | known | {"index.html", "robots.txt", *SITEMAPS}


def test_the_version_is_that_of_the_first_release_everywhere(release, package):
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    assert (package["version"], manifest["version"]) == ("1.0.0", "1.0.0")
    renamed = json.loads((release / "renamed.json").read_text(encoding="utf-8"))
    assert renamed == {"indicators": {}}


PROFILES = "https://datapackage.org/profiles/2.0"
NAME = r"[a-z0-9][-a-z0-9._]*"
TYPES = {"string", "number", "integer", "boolean", "date", "datetime", "year"}
TEXTS = ("title", "title_en", "description", "description_en")


def test_a_data_package_says_what_version_2_asks_for(package):
    """What describes the whole: all that the standard has words for."""
    assert package["$schema"] == f"{PROFILES}/datapackage.json"
    assert re.fullmatch(NAME, package["name"])
    assert not re.search(r"\d{4}", package["name"])  # no date: the name never changes
    assert package["id"] == "https://jalon.example/latest/datapackage.json"
    assert package["image"] == "https://jalon.example/latest/assets/icon.svg"
    assert package["homepage"].startswith("https://")
    assert all(package[text] for text in (*TEXTS, "keywords"))
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    assert package["created"] == "2026-08-04T00:00:00Z"  # the newest input, not the clock
    assert package["licenses"][0]["name"] == "etalab-2.0"
    assert {key for each in package["licenses"] for key in each} == {"name", "path", "title"}
    for each in package["contributors"]:
        assert set(each["roles"]) <= {"creator", "contact", "rightsHolder", "dataCurator"}
        assert each["title"]
        assert "role" not in each  # as version 1 said it
    for each in package["sources"]:
        assert each["title"]
        assert each["path"].startswith("https://")
        assert each["version"]


def test_a_resource_says_what_version_2_asks_for(release, package):
    names = [each["name"] for each in package["resources"]]
    assert len(names) == len(set(names))
    for each in package["resources"]:
        assert each["$schema"] == f"{PROFILES}/dataresource.json"
        assert "profile" not in each  # as version 1 said it
        assert re.fullmatch(NAME, each["name"]), each["name"]
        assert all(each[text] for text in TEXTS), each["name"]
        path = release / each["path"]
        assert path.resolve().is_relative_to(release.resolve())
        assert each["format"] in path.suffixes[0]
        assert each["licenses"]
        # Readers take a table for CSV; Parquet is a file, and still tells its columns.
        is_csv = each["format"] == "csv"
        assert each["type"] == ("table" if is_csv else "file")
        assert (each.get("encoding") == "utf-8", "dialect" in each) == (is_csv, is_csv)
        if is_csv or (each["format"] == "parquet" and "boundaries" not in each["name"]):
            _hold_schema(each["schema"])
        if each["format"] != "duckdb":  # whose bytes differ from build to build
            assert each["hash"] == f"sha256:{sha256_of(path)}"
            assert each["bytes"] == path.stat().st_size


def _hold_schema(schema):
    columns = [field["name"] for field in schema["fields"]]
    assert schema["$schema"] == f"{PROFILES}/tableschema.json"
    assert schema["fieldsMatch"] == "exact"
    assert len(columns) == len(set(columns))
    assert [set(each) for each in schema["missingValues"]] == [{"value", "label", "label_en"}]
    keys = [schema.get("primaryKey", []), *schema.get("uniqueKeys", [])]
    keys += [each["fields"] for each in schema.get("foreignKeys", [])]
    for key in keys:
        assert isinstance(key, list)
        assert set(key) <= set(columns)
    for field in schema["fields"]:
        assert field["type"] in TYPES
        assert field["title"]
        assert field["title_en"]
        if "categories" in field:  # the statuses, which have no order
            assert "categoriesOrdered" not in field
            values = [each["value"] for each in field["categories"]]
            assert values == field["constraints"]["enum"]


def test_unique_keys_are_told_where_a_table_has_a_second_key(package):
    of = {each["name"]: each for each in package["resources"]}
    table = of["similar_territories"]["schema"]
    assert table["uniqueKeys"] == [["territory_id", "similar_id"]]


def test_a_data_package_tells_where_its_data_come_from(package):
    """Sources with their vintage; who made it and whom to ask; what is behind each table."""
    sources = {each["title_en"]: each["version"] for each in package["sources"]}
    roles = [role for each in package["contributors"] for role in each["roles"]]
    of = {each["name"]: each for each in package["resources"]}

    assert sources["Road accidents with injury, by commune and year"] == "2026-08-04"
    assert re.match(
        r"2019, 2021, .*2026 \(2026-",
        sources["Communes, delegated and associated communes, municipal arrondissements"],
    )
    assert roles == ["creator", "rightsHolder", "dataCurator", "contact"]
    assert {each["path"] for each in of["town_halls_epci"]["sources"]} <= {
        each["path"] for each in package["sources"]
    }
    assert len(of["town_halls_epci"]["sources"]) < len(package["sources"])


def test_a_table_says_how_it_is_read_and_what_its_columns_mean(package):
    of = {each["name"]: each for each in package["resources"]}
    table = of["observations_population"]
    fields = {each["name"]: each for each in table["schema"]["fields"]}

    assert table["dialect"]["$schema"].endswith("2.0/tabledialect.json")
    assert table["schema"]["fieldsMatch"] == "exact"
    assert table["schema"]["missingValues"][0]["value"] == ""
    assert table["schema"]["missingValues"][0]["label"]
    assert fields["territory_id"]["example"] == "COM-35238"
    assert fields["value"]["rdfType"].endswith("measure#obsValue")
    for resource in (table, of["population_epci"]):
        for field in resource["schema"]["fields"]:
            if field["name"].endswith("_status") and field["name"] != "conf_status":
                assert [each["value"] for each in field["categories"]] == list("ABEPMOQ")
                assert field["constraints"]["enum"] == list("ABEPMOQ")
    for resource in package["resources"]:
        for key in resource.get("schema", {}).get("foreignKeys", []):
            asked = key["reference"]["resource"] or resource["name"]
            columns = [each["name"] for each in of[asked]["schema"]["fields"]]
            assert key["reference"]["fields"][0] in columns


def test_parquet_tells_units_and_terms(release):
    path = f"{release}/data/observations_road_safety.parquet"
    rows = duckdb.sql(f"select decode(key), decode(value) from parquet_kv_metadata('{path}')")
    told = dict(rows.fetchall())

    assert told["licence"] == "etalab-2.0"
    assert re.fullmatch(r"\d+\.\d+\.\d+", told["version"])
    assert json.loads(told["indicators"])["road_deaths_rate"]["unit_en"]
    assert json.loads(told["table_schema"])["primaryKey"] == ["indicator", "territory_id", "period"]


def test_parquet_is_sorted_for_range_requests(release):
    """By territory, then indicator: what is asked of one territory stands in one row group.

    So of each table that has rows for communes, and grows with them.
    """
    sorted_tables = set()
    for path in sorted((release / "data").glob("*.parquet")):
        if not {"territory_id", "indicator"} <= set(duckdb.read_parquet(str(path)).columns):
            continue
        rows = duckdb.sql(f"select territory_id, indicator from '{path}'").fetchall()
        if not any(territory_id.startswith("COM-") for territory_id, _ in rows):
            continue
        assert rows == sorted(rows), path
        sorted_tables.add(path.stem)
        (codec,) = duckdb.sql(
            f"select list(distinct compression) from parquet_metadata('{path}')"
        ).fetchone()
        assert codec == ["ZSTD"]
    assert {"observations", "observations_as_published", "comparisons"} <= sorted_tables


def test_a_licence_that_asks_to_be_shared_binds_all_that_is_made_of_its_source(catalog):
    town_halls = catalog.sources["town_halls"].model_copy(update={"licence": "odbl"})
    bound = catalog.model_copy(update={"sources": catalog.sources | {"town_halls": town_halls}})
    reads = reads_of(catalog.queries)
    free = [f"indicators/{name}" for name in catalog.datasets["population"].indicators]

    assert licence_of(bound, reads, *free).name == "lov2"
    assert licence_of(bound, reads, *free, "indicators/town_hall_website_share").name == "odbl"


@pytest.mark.parametrize("table", THREE)
def test_parquet_csv_and_duckdb_hold_the_same(release, table):
    con = duckdb.connect(str(release / "jalon.duckdb"), read_only=True)
    parquet = f"from '{release}/data/{table}.parquet'"
    rows = con.sql(f"select count(*) from {table}").fetchone()

    assert rows[0] > 0
    assert con.sql(f"select count(*) {parquet}").fetchone() == rows
    assert con.sql(f"select count(*) from ((from {table}) except ({parquet}))").fetchone() == (0,)
    con.close()


def test_csvs_hold_the_observations_once(release, package):
    paths = [r["path"] for r in package["resources"] if r["name"].startswith("observations_")]
    paths = [str(release / path) for path in paths if ".csv" in path and "as_pub" not in path]
    types = {"value": "double", "numerator": "decimal(18,6)", "denominator": "decimal(18,6)"}
    rows = duckdb.read_csv(paths, dtype={**types, "coverage": "double"}, all_varchar=False)
    query = f"select count(*) from '{release}/data/observations.parquet'"

    assert len(paths) == 6
    assert duckdb.sql("select count(*) from rows").fetchone() == duckdb.sql(query).fetchone()
    parquet = f"from '{release}/data/observations.parquet'"
    other = f"select * replace (cast(period as bigint) as period) {parquet}"
    assert duckdb.sql(f"select count(*) from ((from rows) except ({other}))").fetchone() == (0,)
    assert rows.columns == duckdb.sql(f"from '{release}/data/observations.parquet'").columns


def test_pandas_reads_a_csv_with_codes_as_text(release):
    frame = pd.read_csv(release / "data/wide/population_commune.csv", dtype={"code_commune": str})

    valserhone = frame.set_index("code_commune").loc["01033"]
    assert valserhone["nom_commune"] == "Valserhône"
    assert valserhone["population"] == 16712
    assert valserhone["nom_departement"] == "Ain"


def test_numbers_of_a_csv_carry_no_empty_zeros(release):
    with gzip.open(release / "data/observations_town_halls.csv.gz", "rt", encoding="utf-8") as file:
        rows = {(r["indicator"], r["territory_id"]): r for r in csv.DictReader(file)}

    assert rows["town_hall_weekly_hours", "DEP-35"]["numerator"] == "120"
    assert rows["town_hall_weekly_hours", "COM-35238"]["numerator"] == "42.5"
    assert rows["town_hall_weekly_hours", "COM-75056"]["value"] == ""


def test_the_database_opens_and_explains_itself(release):
    con = duckdb.connect(str(release / "jalon.duckdb"), read_only=True)
    tables = con.sql("select table_name, comment from duckdb_tables()").fetchall()
    silent = con.sql(
        "select table_name, column_name from duckdb_columns()"
        " where not internal and comment is null"
    ).fetchall()
    tags = con.sql("select tags from duckdb_databases() where not internal").fetchall()
    con.close()

    assert {name for name, _ in tables} == {*THREE, *PUBLICATIONS, *CATALOGUE}
    assert all(" — " in comment for _, comment in tables)
    assert silent == []
    assert "v1.0.0" in str(tags)


# Not in a release that was made without the network; tests/test_sources.py reads it.
OF_THE_NETWORK = {"policy_targets"}


def test_the_keys_of_the_schemas_hold(release):
    con = duckdb.connect(str(release / "jalon.duckdb"), read_only=True)
    for path in sorted((ROOT / "schemas/published").glob("*.json")):
        key = ", ".join(json.loads(path.read_text(encoding="utf-8")).get("primaryKey", []))
        if key:
            if path.stem in (*OF_THE_NETWORK, "delta"):  # the latter is no table of the database
                continue
            query = f"select count(*) - count(distinct ({key})) from {path.stem}"
            assert con.sql(query).fetchone() == (0,), path.stem
    con.close()


def test_sums_hold_and_leave_out_what_differs_from_build_to_build(release):
    sums = (release / "SHA256SUMS").read_text(encoding="utf-8")

    assert is_whole(release)
    assert "jalon.duckdb" not in sums
    seal = (release / "jalon.duckdb.sha256").read_text(encoding="utf-8")
    assert seal == f"{sha256_of(release / 'jalon.duckdb')}  jalon.duckdb\n"
    assert "data/observations.parquet" in sums


def test_nothing_of_this_machine_or_of_a_person_is_published(release, ran):
    """No path, no mail, no telephone; the texts are those of the catalogue."""
    for path in sorted(p for p in release.rglob("*") if p.is_file() and p.suffix != ".duckdb"):
        content = path.read_bytes()
        text = gzip.decompress(content) if path.suffix == ".gz" else content
        assert str(ran[0].root).encode() not in text, path
        assert not re.search(rb"[\w.]+@[\w]+\.[a-z]{2,}", text), path
        assert not re.search(rb"\b0[1-9](?:[ .]\d{2}){4}\b", text), path


def test_issues_are_told_in_both_languages_without_cells(release):
    issues = json.loads((release / "issues.json").read_text(encoding="utf-8"))["issues"]

    kinds = {issue["kind"] for issue in issues}
    assert {"correction", "brought_to_the_map", "profile_without_score"} <= kinds
    assert all(issue["message_fr"] and issue["message_en"] for issue in issues)
    page = (release / "en" / "barometer" / "index.html").read_text(encoding="utf-8")
    assert "gives no score (by département, " in page


def test_a_wide_csv_fits_its_schema(release, package):
    resource = next(r for r in package["resources"] if r["name"] == "local_democracy_epci")
    with system.use_context(trusted=True):
        report = Resource(resource, basepath=str(release)).validate()

    names = [field["name"] for field in resource["schema"]["fields"]]
    assert report.valid
    assert names[:4] == ["code_epci", "nom_epci", "code_departement", "nom_departement"]
    assert "2026" in resource["schema"]["fields"][-2]["title"]
    assert names[-1] == f"{names[-2]}_status"


def test_a_wide_csv_says_why_a_cell_is_empty(release, small):
    """Hidden, missing and not applicable stand beside the empty cell; nothing empty is silent."""
    statuses = set()
    for path in sorted((release / "data/wide").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for name, cell in row.items():
                    if status := row.get(f"{name}_status"):
                        assert (cell == "") == (status in "MOQ"), (path.name, name, row)
                        statuses.add(status)
    assert {"A", "M", "O", "Q"} <= statuses
