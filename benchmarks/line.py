"""Time of each step against the bare DuckDB statements that it executes, in one run.

    python benchmarks/line.py

Works on the embedded data, in a temporary folder. Statements are timed inside the step itself, by
a connection that notes how long each of its calls takes, so that both figures come from one run
on one machine. Validating has a benchmark of its own (validate.py), and checking (Great
Expectations) runs no statement to compare with: both are timed apart.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows import line, warehouse
from flows.catalog import load_catalog
from flows.line import build_warehouse, check_warehouse, validate_source
from flows.publish.issues import find_issues
from flows.releases import make
from flows.settings import Settings
from flows.state import describe_inputs
from flows.steps.fetch import fetch_source

ROOT = Path(__file__).parent.parent


class Timed:
    """A connection or relation of DuckDB that adds the seconds of its calls to `Timed.seconds`."""

    seconds = 0.0

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._inner, name)
        return self._time(value) if callable(value) else value

    def _time(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            start = time.perf_counter()
            result = call(*arguments, **named)
            Timed.seconds += time.perf_counter() - start
            return Timed(result) if "duckdb" in type(result).__module__ else result

        return timed


@contextmanager
def timed_connect(path: Path, read_only: bool = False) -> Iterator[Any]:
    """The connection of the warehouse, timed."""
    with warehouse.connect(path, read_only) as con:
        yield Timed(con)


def measure(function: Callable[..., Any], *arguments: Any) -> tuple[Any, float, float]:
    """What *function* gives, its seconds, and the seconds inside DuckDB."""
    Timed.seconds = 0.0
    start = time.perf_counter()
    result = function(*arguments)
    return result, time.perf_counter() - start, Timed.seconds


def show(name: str, seconds: float, inside: float | None = None) -> None:
    """One line of the table."""
    if inside is None:
        print(f"{name:<34} {seconds:8.2f} s")
    else:
        print(f"{name:<34} {seconds:8.2f} s {inside:8.2f} s {seconds / inside:6.2f}")


def main() -> None:
    """Run the line once, step by step."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("catalog", "schemas", "requirements.lock"):
            (Path(folder) / name).symlink_to(ROOT / name)
        run(Settings(Path(folder)))


def run(settings: Settings) -> None:
    """Print the table."""
    line.connect = make.connect = timed_connect
    catalog = load_catalog(settings.catalog)
    print(f"{'step':<34} {'wall':>10} {'statements':>10} {'ratio':>6}")
    raw, fetching, _ = measure(
        lambda: {name: fetch_source(settings, s) for name, s in catalog.sources.items()}
    )
    reports, validating, _ = measure(
        lambda: {n: validate_source(settings, catalog.sources[n], f) for n, f in raw.items()}
    )
    losses, building, inside_build = measure(build_warehouse, settings, catalog, reports)
    _, checking, _ = measure(check_warehouse, settings, catalog)
    issues = find_issues(catalog, reports, losses)
    inputs = describe_inputs(settings, raw)
    _, publishing, inside_publish = measure(
        make.make_release, settings, catalog, reports, issues, inputs
    )
    show("load and build", building, inside_build)
    show("publish", publishing, inside_publish)
    total = fetching + building + publishing
    show("fetch, load, build and publish", total, inside_build + inside_publish)
    print("timed apart:")
    show("fetch (hash and copy)", fetching)
    show("validate (frictionless)", validating)
    show("check (Great Expectations)", checking)


if __name__ == "__main__":
    main()
