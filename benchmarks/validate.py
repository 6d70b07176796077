"""Time of validation against frictionless and against a bare DuckDB read, in one run.

    python benchmarks/validate.py            the councillors' file, and one of ten million rows
    python benchmarks/validate.py --huge     also the peak memory for a file of 5 GB

Everything runs in this process or in children of it, in a temporary folder. The best of a few
runs is kept, since others use the machine. Frictionless reads as many rows as it can bear, and its
time is scaled to the whole; the bare read is `create table … as from read_csv(…, all_varchar)`.
"""

import argparse
import gzip
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import duckdb

from flows.steps.validate.schema import Schema
from flows.steps.validate.schema_file import read_schema
from flows.steps.validate.table import Request, validate_table

ROOT = Path(__file__).parent.parent
PACKED = ROOT / "catalog/snapshots/municipal_councillors/municipal_councillors-2026.csv.gz"
SCHEMA = ROOT / "schemas/sources/municipal_councillors.json"
BORNE_ROWS = 100_000  # by frictionless, in reasonable time
TEN_MILLION = 10_000_000
HUGE_BYTES = 5_000_000_000
RUNS = 5


def best(call: Callable[[], object], runs: int = RUNS) -> float:
    """The seconds of the fastest of *runs* calls."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def read_bare(path: Path, options: str = "") -> None:
    """Read a CSV into a table, every column as text."""
    with duckdb.connect() as con:
        con.execute(f"create table t as from read_csv('{path}', all_varchar = true{options})")


def judge(path: Path, schema: Schema, valid: Path | None = None) -> None:
    """Our verdict, with the typed valid rows in *valid* if it is given."""
    validate_table(Request(path, schema, valid=valid))


def judge_by_frictionless(path: Path) -> None:
    """The verdict of frictionless."""
    from frictionless import Resource, system
    from frictionless import Schema as TheirSchema

    schema = TheirSchema.from_descriptor(str(SCHEMA))
    with system.use_context(trusted=True):
        report = Resource(path=str(path), schema=schema).validate(limit_errors=10**9)
    if report.tasks[0].stats["rows"] != BORNE_ROWS:
        raise SystemExit(f"frictionless did not read the file: {report.flatten(['note'])[:1]}")


def repeat(lines: Iterable[bytes], rows: int) -> Iterator[bytes]:
    """*lines* again and again, until there are *rows* of them."""
    kept = list(lines)
    while rows > 0:
        yield from kept[:rows]
        rows -= len(kept)


def spoil(lines: Iterable[bytes]) -> Iterator[bytes]:
    """One row in ten made wrong: a code, a year, a date, an empty cell, one cell more or less."""
    for number, line in enumerate(lines):
        cells = line.rstrip(b"\n").split(b",")
        if number % 10 == 0:
            SPOILERS[number // 10 % len(SPOILERS)](cells)
        yield b",".join(cells) + b"\n"


SPOILERS: tuple[Callable[[list[bytes]], object], ...] = (
    lambda cells: cells.__setitem__(0, cells[0][1:]),
    lambda cells: cells.__setitem__(2, b"unknown"),
    lambda cells: cells.__setitem__(4, b"05/01/2026"),
    lambda cells: cells.__setitem__(1, b""),
    lambda cells: cells.append(b"more"),
    lambda cells: cells.pop(),
)


def compare(name: str, path: Path, rows: int, runs: int) -> None:
    """Print our times on *path* as ratios to the bare read and to frictionless."""
    schema = read_schema(SCHEMA)
    part = path.with_name("part.csv")
    with path.open("rb") as whole:
        part.write_bytes(b"".join(islice(whole, BORNE_ROWS + 1)))
    theirs = best(lambda: judge_by_frictionless(part), 2) * rows / BORNE_ROWS
    ragged = ", null_padding = true, strict_mode = false" if "wrong" in name else ""
    bare = best(lambda: read_bare(path, ragged), runs)
    ours = {
        "verdict alone": best(lambda: judge(path, schema), runs),
        "with typed Parquet": best(lambda: judge(path, schema, path.with_suffix(".parquet")), runs),
    }
    print(f"{name}: {rows:,} rows, bare read {bare:.2f} s, frictionless {theirs:.0f} s (scaled)")
    for what, seconds in ours.items():
        print(
            f"  {what:<20} {seconds:6.2f} s = {seconds / bare:4.2f} × the bare read,"
            f" {theirs / seconds:5.0f} times faster than frictionless"
        )


def tell_startup(path: Path) -> None:
    """Print how long the command takes on a file of one row."""
    command = [sys.executable, "-m", "flows", "validate", str(path), "--schema", str(SCHEMA)]
    started = best(lambda: subprocess.run(command, cwd=ROOT, check=True, capture_output=True))
    bare = best(lambda: subprocess.run([sys.executable, "-c", "import duckdb"], check=True))
    print(f"the command on one row: {started:.2f} s, of which Python and DuckDB {bare:.2f} s")


def tell_memory(path: Path) -> None:
    """Print the peak memory of a process that judges *path* and writes its valid rows."""
    code = (
        "import sys; from pathlib import Path;"
        "from flows.steps.validate.schema_file import read_schema;"
        "from flows.steps.validate.table import Request, validate_table;"
        "path = Path(sys.argv[1]); schema = read_schema(Path(sys.argv[2]));"
        "validate_table(Request(path, schema, valid=path.with_suffix('.parquet')))"
    )
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, str(path), str(SCHEMA)], cwd=ROOT, check=True)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    size = path.stat().st_size / 1e9
    print(f"{size:.1f} GB: peak memory {peak:.0f} MB, {seconds:.0f} s, valid rows written")


def write(path: Path, header: bytes, lines: Iterable[bytes]) -> Path:
    """A file of *header* and *lines*."""
    with path.open("wb") as file:
        file.write(header)
        file.writelines(lines)
    return path


def main(huge: bool) -> None:
    """Make the files, and print a line for each comparison."""
    with tempfile.TemporaryDirectory() as temporary, gzip.open(PACKED) as packed:
        folder = Path(temporary)
        header, *lines = packed.readlines()
        one = write(folder / "one.csv", header, lines[:1])
        tell_startup(one)
        path = write(folder / "councillors.csv", header, lines)
        compare("councillors", path, len(lines), RUNS)
        path = write(folder / "wrong.csv", header, spoil(lines))
        compare("councillors, one row in ten wrong", path, len(lines), RUNS)
        path = write(folder / "many.csv", header, repeat(lines, TEN_MILLION))
        compare("ten million rows", path, TEN_MILLION, 2)
        if huge:
            rows = HUGE_BYTES * len(lines) // sum(map(len, lines))
            tell_memory(write(folder / "huge.csv", header, repeat(lines, rows)))
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--huge", action="store_true", help="also a file of 5 GB (10 GB of disk)")
    main(parser.parse_args().huge)
