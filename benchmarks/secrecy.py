"""Secrecy nationally: cells hidden first and second, time, memory, and what an attack finds.

    python benchmarks/secrecy.py [SECTIONS]

Establishments and jobs by commune and section of activity are invented (benchmarks/synthetic.py)
for all communes of the last warehouse, go through validation, SQL, roll-up and secrecy as any
source does, and what would be published of them is attacked from its files. It stands in a
temporary folder, and is no part of any release. The attack may take ten minutes. Before that, the
indicators under secrecy of the warehouse itself are hidden in memory, and counted; with 0 SECTIONS
nothing else is.
"""

import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from synthetic import NAME, SECTIONS, add_synthetic

from flows.attack import attack
from flows.catalog import Catalog, load_catalog
from flows.settings import Settings, find_settings
from flows.state import built_warehouse
from flows.steps import build, disclose
from flows.steps.disclose.read import read_table
from flows.steps.fetch import fetch_source
from flows.steps.load import build_core, load_raw
from flows.steps.validate import validate_file
from flows.warehouse import connect, shared_sql

MOST_ATTACK_SECONDS = 600
HOME = ("core.memberships", "core.communes", "core.territories")
TERRITORIES = (
    "territory_id, level, code, epci_id, ept_id, arrondissement_id, departement_id, region_id,"
    " country_id, collectivity_id, valid_from, valid_to, successor_id"
)


def make_project(folder: Path, warehouse: Path, sections: int) -> tuple[Settings, Catalog]:
    """A project with the invented source, and a catalogue of its indicators alone."""
    root = find_settings().root
    shutil.copytree(root / "catalog", folder / "catalog", ignore=shutil.ignore_patterns("*.gz"))
    shutil.copytree(root / "schemas", folder / "schemas")
    query = (
        "select commune_code, coalesce(population, 0) from core.communes"
        " join core.territories on territory_id = 'COM-' || commune_code and valid_to is null"
        " where not is_collectivity"
    )
    with duckdb.connect(str(warehouse), read_only=True) as con:
        inhabitants = dict(con.execute(query).fetchall())
    add_synthetic(folder, inhabitants)
    catalog = load_catalog(folder / "catalog")
    kept = tuple(SECTIONS)[:sections]
    chosen = {n: i for n, i in catalog.indicators.items()
              if n.startswith("synthetic_") and n.split("_")[2] in kept}  # fmt: skip
    return Settings(folder), catalog.model_copy(update={"indicators": chosen})


def prepare(con: duckdb.DuckDBPyConnection, settings: Settings, catalog: Catalog) -> None:
    """Load the invented source, and add it up at every level."""
    source = catalog.sources[NAME]
    reports = [validate_file(settings, source, file) for file in fetch_source(settings, source)]
    load_raw(con, source, reports)
    build_core(con, catalog, NAME)
    build.build_observations(con, catalog)


def count_first(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> int:
    """How many cells are under the thresholds."""
    con.execute(shared_sql("disclose_cells"))
    con.execute(shared_sql("disclose_parts"))
    disclose.read_before(con, None)
    count = 0
    for names, period, columns in disclose.find_groups(con):
        table = read_table(con, [catalog.indicators[name] for name in names], period, columns)
        if table:
            cells = (table.part_primary & table.part_published).sum()
            count += len(names) * int(cells + table.territory_primary.sum())
    return count


def publish(con: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    """The files of it that an attack reads."""
    (folder / "data").mkdir(parents=True)
    for name, query in (
        ("observations", "from indicators.observations"),
        ("territories", f"select {TERRITORIES} from core.territories"),
    ):
        con.execute(f"copy ({query}) to '{folder}/data/{name}.parquet' (format parquet)")
    return folder


def hide(con: duckdb.DuckDBPyConnection, catalog: Catalog, what: str) -> None:
    """Hide what must be hidden, and print how much: never which cells were first."""
    first = count_first(con, catalog)
    start, cpu = time.perf_counter(), time.process_time()
    hidden = disclose.disclose(con, catalog.indicators)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    cells = con.execute("select count(*) from indicators.observations").fetchall()[0][0]
    print(
        f"{what}: {len(catalog.indicators)} indicators, {cells:,} cells: {first:,} hidden first,"
        f" {hidden - first:,} second, {seconds:.1f} s ({cpu:.1f} s of processor),"
        f" {peak_gb():.2f} GB",
        flush=True,
    )


def hide_embedded(warehouse: Path) -> None:
    """The indicators under secrecy of the project itself, as a first release would."""
    catalog = load_catalog(find_settings().catalog)
    secret = {n: i for n, i in catalog.indicators.items() if i.secrecy != "none"}
    with connect(Path(":memory:")) as con:
        con.execute(shared_sql("floors"))
        con.execute(f"attach '{warehouse}' as home (read_only)")
        for schema, table in con.execute(shared_sql("tables_of_home")).fetchall():
            con.execute(f'create view {schema}."{table}" as from home.{schema}."{table}"')
        chosen = catalog.model_copy(update={"indicators": secret})
        build.build_observations(con, chosen)
        hide(con, chosen, "embedded")


def hide_invented(folder: Path, warehouse: Path, sections: int) -> None:
    """The invented ones, which are attacked too."""
    settings, catalog = make_project(folder / "project", warehouse, sections)
    path = folder / "project" / "data" / "warehouse.duckdb"
    path.parent.mkdir(exist_ok=True)
    with connect(path) as con:
        con.execute(shared_sql("floors"))
        con.execute(f"attach '{warehouse}' as home (read_only)")
        for table in HOME:
            con.execute(f"create table {table} as from home.{table}")
        prepare(con, settings, catalog)
        hide(con, catalog, "invented")
        release = publish(con, folder / "release")
    start = time.perf_counter()
    found = attack(settings, catalog, release)
    seconds = time.perf_counter() - start
    late = "" if seconds <= MOST_ATTACK_SECONDS else "   TOO MUCH"
    print(
        f"attack: {found.hidden:,} cells, {len(found.found):,} found,"
        f" {seconds:.1f} s, {peak_gb():.2f} GB{late}"
    )


def main() -> None:
    """Print what is hidden, then what an attack finds."""
    sections = int(sys.argv[1]) if len(sys.argv) > 1 else len(SECTIONS)
    warehouse = built_warehouse(find_settings())
    hide_embedded(warehouse)
    if sections:
        with tempfile.TemporaryDirectory() as name:
            hide_invented(Path(name), warehouse, sections)


def peak_gb() -> float:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    main()
