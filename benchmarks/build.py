"""Time and memory of the national build, against the bare statements that it executes.

    python benchmarks/build.py

The build of the embedded data is recorded, call by call, and the same calls are made again on a
bare connection to another file, in the same process: the ratio of both times is what the build
adds. `jalon run --direct --only` is timed for four indicators, of one to sixteen years, as a person
would wait for it who has changed every number of theirs. Then indicators invented for every commune
and ten years are built, 10 to 60 of them: time per indicator should stay the same, and memory
within its bound. Each figure comes from a process of its own, since its peak memory is told
(`ru_maxrss`). Everything is in a temporary folder. A line that does not keep its bound says so, and
the exit code is then 1.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from flows import line
from flows.catalog import Catalog
from flows.gather import Gathered, gather, judge
from flows.progress import call_directly
from flows.settings import Settings
from flows.steps import build
from flows.warehouse import connect

ROOT = Path(__file__).parent.parent
COUNTS = (10, 20, 40, 60)
YEARS = 10
MOST_RATIO = 4.0
MOST_GB = 1.5
MOST_ONLY_SECONDS = 3.0
MOST_GROWTH = 1.5  # of the time per indicator, from the fewest to the most
ONLY = ("town_hall_website_share", "road_deaths_rate", "population", "road_accidents")
# Rows of a number of residents and of some share of them, for each commune and year.
INVENTED = f"""
    create table core.invented as
    select
        communes.commune_code,
        cast(years.year as varchar) as period,
        1 + hash(communes.commune_code, years.year) % 1000 as numerator,
        1000 + hash(communes.commune_code) % 100000 as denominator
    from core.communes as communes
    cross join range({2026 - YEARS}, 2026) as years(year)
    where not communes.is_collectivity
"""
INVENTED_INDICATOR = """
    select
        commune_code,
        period,
        numerator + {number} as numerator,
        denominator
    from core.invented
"""


class Tape:
    """The calls to a connection of DuckDB and to what it gave, in order, to be made again."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, str, tuple[Any, ...], dict[str, Any]]] = []

    def replay(self, con: Any) -> float:
        """Make the same calls on *con*; the seconds that they take."""
        given: list[Any] = [con]
        start = time.perf_counter()
        for number, name, arguments, named in self.calls:
            given.append(getattr(given[number], name)(*arguments, **named))
        return time.perf_counter() - start


class Recorded:
    """A connection or relation whose calls are written down on a tape; `number` is its own."""

    def __init__(self, inner: Any, tape: Tape, number: int) -> None:
        self._inner, self._tape, self._number = inner, tape, number

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._inner, name)
        return self._record(name, value) if callable(value) else value

    def _record(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def recorded(*arguments: Any, **named: Any) -> Any:
            self._tape.calls.append((self._number, name, arguments, named))
            number = len(self._tape.calls)
            result = call(*arguments, **named)
            told = "duckdb" in type(result).__module__
            return Recorded(result, self._tape, number) if told else result

        return recorded


def at_hand(settings: Settings) -> Gathered:
    """The embedded files, validated."""
    gathered = gather(settings, call_directly)
    judge(settings, gathered, call_directly)
    return gathered


def peak_gb() -> float:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def build_plainly(settings: Settings) -> tuple[float, float]:
    """The seconds of a build, and the peak memory of the process that made it."""
    gathered = at_hand(settings)
    start = time.perf_counter()
    line.build_warehouse(settings, gathered.catalog, gathered.reports)
    return time.perf_counter() - start, peak_gb()


def build_and_replay(settings: Settings) -> tuple[float, float, int]:
    """The seconds of a build, those of its calls made again, and how many these are."""
    gathered, tape = at_hand(settings), Tape()

    @contextmanager
    def recording(path: Path) -> Iterator[Any]:
        with connect(path) as con:
            yield Recorded(con, tape, 0)

    line.connect = recording  # type: ignore[assignment]
    start = time.perf_counter()
    line.build_warehouse(settings, gathered.catalog, gathered.reports)
    seconds = time.perf_counter() - start
    again = settings.data / "again" / settings.warehouse.name  # calls name it: `use warehouse`
    again.parent.mkdir()
    with connect(again) as con:
        return seconds, tape.replay(con), len(tape.calls)


def invent(catalog: Catalog, count: int) -> Catalog:
    """The catalogue with *count* indicators of every commune and year, and no other."""
    model = catalog.indicators["women_councillors_share"]
    names = [f"invented_{number}" for number in range(count)]
    indicators = {n: model.model_copy(update={"name": n, "breaks": ()}) for n in names}
    queries = {n: INVENTED_INDICATOR.format(number=i) for i, n in enumerate(names)}
    queries_of = {**catalog.queries, "indicators": queries}
    return catalog.model_copy(update={"indicators": indicators, "queries": queries_of})


def build_invented(settings: Settings, count: int) -> tuple[float, float, float, int]:
    """Seconds, those of a bare replay, the peak memory, and the rows of the observations."""
    catalog, tape = invent(line.load_catalog(settings.catalog), count), Tape()
    with connect(prepare(settings, "invented")) as con:
        start = time.perf_counter()
        build.build_observations(Recorded(con, tape, 0), catalog)  # type: ignore[arg-type]
        seconds, peak = time.perf_counter() - start, peak_gb()
        rows = con.sql("select count(*) from indicators.observations").fetchall()[0][0]
    with connect(prepare(settings, "again")) as con:
        return seconds, tape.replay(con), peak, rows


def prepare(settings: Settings, name: str) -> Path:
    """A warehouse that holds the territories of the real one, and the invented counts."""
    path = settings.data / f"{name}.duckdb"
    path.unlink(missing_ok=True)
    with connect(path) as con:
        con.execute("create schema core; create schema parts; create schema indicators")
        con.execute(f"attach '{settings.warehouse}' as home (read_only)")
        for table in ("communes", "memberships"):
            con.execute(f"create table core.{table} as from home.core.{table}")
        con.execute(f"detach home; {INVENTED}")
    return path


def apart(function: Callable[..., Any], *arguments: Any) -> Any:
    """What *function* gives in a process of its own, which inherits no memory."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def time_only(settings: Settings, name: str) -> float:
    """The seconds that a person waits for one indicator to be built again, all of it changed."""
    query = settings.catalog / "indicators" / f"{name}.sql"
    changed = f"select * replace (0.999 * numerator as numerator) from (\n{query.read_text()}\n)\n"
    query.write_text(changed)
    command = [sys.executable, "-m", "flows", "--root", str(settings.root), "run", "--direct"]
    start = time.perf_counter()
    subprocess.run([*command, "--only", name], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


class Bounds:
    """What is measured, and whether every bound was kept so far."""

    def __init__(self) -> None:
        self.are_kept = True

    def tell(self, line: str, *kept: bool) -> None:
        """Print the line, and that it is too much unless every bound is kept."""
        self.are_kept &= all(kept)
        print(line + ("" if all(kept) else "   TOO MUCH"), flush=True)


def measure_build(settings: Settings, bounds: Bounds) -> None:
    """The national build, and one indicator of it anew."""
    apart(at_hand, settings)  # validated here, and read by those below
    seconds, bare, calls = apart(build_and_replay, settings)
    told = f"national build: {seconds:.1f} s = {seconds / bare:.2f} × its {calls:,} calls"
    bounds.tell(f"{told} ({bare:.1f} s)", seconds / bare <= MOST_RATIO)
    seconds, peak = apart(build_plainly, settings)
    bounds.tell(f"alone: {seconds:.1f} s, {peak:.2f} GB at most", peak <= MOST_GB)
    for name in ONLY:
        seconds = time_only(settings, name)
        told = f"--only {name}: {seconds:.1f} s (bound: {MOST_ONLY_SECONDS:g} s)"
        bounds.tell(told, seconds <= MOST_ONLY_SECONDS)


def measure_invented(settings: Settings, bounds: Bounds) -> None:
    """More and more indicators: their time, each, and the memory of all."""
    each = {}
    for count in COUNTS:
        seconds, bare, peak, rows = apart(build_invented, settings, count)
        each[count] = seconds / count
        told = f"{count} indicators, {rows:>10,} observations: {seconds:6.1f} s"
        told += f" = {seconds / bare:.2f} × bare, {each[count]:.2f} s each, {peak:.2f} GB"
        bounds.tell(told, peak <= MOST_GB, seconds / bare <= MOST_RATIO)
    growth = each[COUNTS[-1]] / each[COUNTS[0]]
    bounds.tell(
        f"time per indicator: × {growth:.2f} from {COUNTS[0]} to {COUNTS[-1]}",
        growth <= MOST_GROWTH,
    )


def main() -> None:
    """Print a line for each figure, and fail where one is over its bound."""
    bounds = Bounds()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "catalog", Path(folder) / "catalog")
        for name in ("schemas", "requirements.lock"):
            (Path(folder) / name).symlink_to(ROOT / name)
        measure_build(Settings(Path(folder)), bounds)
        measure_invented(Settings(Path(folder)), bounds)
    sys.exit(0 if bounds.are_kept else 1)


if __name__ == "__main__":
    main()
