"""Time of carrying a million rows to another map, against the bare join that it needs, in one run.

    python benchmarks/geography.py

The bare join reads the same CSV, joins it with the same successors, adds up exactly and writes the
result; it checks and tells nothing. Both are run by turns, and the median of each is kept, since
others use the machine. The reference is built in a temporary folder from the embedded files.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flows.catalog import Catalog, load_catalog
from flows.geography import convert_loaded, diagnose_file
from flows.reference import open_reference
from flows.settings import Settings
from flows.steps.convert import Plan
from flows.steps.validate.reading.dialect import Dialect
from flows.steps.validate.reading.text import load_text
from flows.steps.validate.table import make_workplace

ROOT = Path(__file__).parent.parent
ROWS = 1_000_000
RUNS = 5
FROM, TO = 2018, 2026
CODES = f"""
    select distinct former_code from core.commune_successors
    where is_on_map and {FROM} between first_vintage and last_vintage order by former_code
"""
BARE = """
    copy (
        select commune_code, part, sum(number * population_share) as amount
        from (
            -- Of 18 digits it is read fast, and of 20 its product does not overflow.
            select *, cast(cast(amount as decimal(18, 2)) as decimal(20, 2)) as number
            from read_csv('{path}', all_varchar = true)
        )
        inner join core.commune_successors
            on code = former_code and {year} between first_vintage and last_vintage
        group by all order by all
    ) to '{output}' (format csv, header)
"""


def seconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def write_rows(path: Path, codes: list[str]) -> Path:
    """A CSV of a million rows: some thirty for each commune, a decimal in each."""
    draw = random.Random(0)
    with path.open("w", encoding="utf-8") as file:
        file.write("code,part,amount\n")
        for number in range(ROWS):
            part = number // len(codes)
            file.write(f"{codes[number % len(codes)]},{part},{draw.randrange(10**6) / 100}\n")
    return path


def compare(
    settings: Settings, path: Path, groups: tuple[str, ...], drops: tuple[str, ...]
) -> None:
    """Print the time of `jalon geo convert` on *path*, and of the bare join."""
    catalog = load_catalog(settings.catalog)
    output = path.with_name("out.csv")
    plan = Plan("code", TO, FROM, counts=("amount",), groups=groups, drops=drops)
    bare = BARE.format(path=path, output=output, year=FROM)
    bare = bare if groups else bare.replace("commune_code, part", "commune_code")
    ours, theirs = [], []
    with open_reference(settings) as con:
        for _ in range(RUNS):
            theirs.append(seconds(lambda: con.execute(bare)))
            ours.append(seconds(lambda: carry(con, catalog, path, plan, output)))
    a, b = statistics.median(ours), statistics.median(theirs)
    kept = "one row per commune and part" if groups else "one row per commune"
    print(f"{ROWS:,} rows, {kept}: {a:.2f} s = {a / b:.2f} × the bare join ({b:.2f} s)")


def carry(con: Any, catalog: Catalog, path: Path, plan: Plan, output: Path) -> None:
    """What `jalon geo convert` does once the reference is open."""
    with make_workplace() as folder:
        load_text(con, path, Dialect(), folder, plan.used)
        convert_loaded(con, catalog, plan, output)


def main() -> None:
    """Build the reference, write the file, and print a line for each comparison."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in ("catalog", "schemas"):
            (folder / name).symlink_to(ROOT / name)
        settings = Settings(folder)
        for what in ("from nothing", "again"):
            print(f"the reference, {what}: {seconds(lambda: open_once(settings)):.1f} s")
        (folder / "data" / "reference.duckdb").unlink()
        print(f"the reference, its files validated: {seconds(lambda: open_once(settings)):.1f} s")
        with open_reference(settings) as con:
            codes = [code for (code,) in con.execute(CODES).fetchall()]
        path = write_rows(folder / "rows.csv", codes)
        compare(settings, path, ("part",), ())
        compare(settings, path, (), ("part",))
        took = seconds(lambda: diagnose_file(settings, path, "code", Dialect()))
        print(f"diagnosis of {ROWS:,} rows: {took:.2f} s")


def open_once(settings: Settings) -> None:
    """Open the reference and close it."""
    with open_reference(settings):
        pass


if __name__ == "__main__":
    main()
