"""The `jalon` command. Exit codes: 0 done, 1 the data or the run failed, 2 wrong usage."""

import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from flows.attacker import attack
from flows.deliver import push
from flows.errors import PipelineError
from flows.files import machine_errors
from flows.foresee import preflight
from flows.geo import geo
from flows.history import accept, diff, releases, rollback, verify
from flows.officer import explain, indicator
from flows.serving import serve
from flows.settings import Settings, find_settings
from flows.supply import fetch, prune, sources

if TYPE_CHECKING:
    from flows.line import Outcome


STOPPED: list[int] = []  # Ctrl-C, once it was pressed


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--root", type=click.Path(path_type=Path), help="The project's folder.")
@click.pass_context
def jalon(context: click.Context, root: Path | None) -> None:
    """Open data of French territories: fetched, checked, joined, published."""
    if context.invoked_subcommand != "validate":  # which needs no project
        context.obj = find_settings(root)


@jalon.command()
@click.option("--direct", is_flag=True, help="Without Prefect: the same steps, seconds sooner.")
@click.option("--live", is_flag=True, help="Ask the publishers too, over the network.")
@click.option("--only", metavar="NAME", help="With --direct: one indicator anew, and no release.")
@click.pass_obj
def run(settings: Settings, direct: bool, live: bool, only: str | None) -> None:
    """Make a release from all sources, if anything has changed.

    Without --live no network is used: sources are as they stand in the project, or as they were
    fetched last. With --only, the indicator NAME alone is built again in the warehouse of the last
    run, and held to its promises.
    """
    if only:
        if live or not direct:
            raise click.UsageError("--only goes with --direct, and without --live")
        rebuild_indicator(settings, only)
        return

    from flows.line import find_unchanged
    from flows.progress import tell_outcome

    outcome = None if live else find_unchanged(settings)
    if outcome is None:
        outcome = run_directly(settings, live) if direct else run_under_prefect(settings, live)
    tell_outcome(settings, outcome)


def rebuild_indicator(settings: Settings, name: str) -> None:
    """One indicator in the warehouse; what has changed in it is told."""
    from flows.only import LEFT, rebuild

    rebuilt = rebuild(settings, name)
    told = ", ".join(f"{count:,} {change}" for change, count in rebuilt.changes.items())
    click.echo(f"{name}: {rebuilt.rows:,} observations, {told or 'none changed'}")
    for territory, period, old, new in rebuilt.samples:
        click.echo(f"  {territory} {period}: {_say_value(old)} → {_say_value(new)}")
    click.echo(
        "Its promises hold, as SQL finds (Great Expectations looks again at a release).\n"
        f"Its comparisons and targets are new too; {', '.join(LEFT)} are not.\n"
        "Nothing is published: jalon run does that, and makes all of them."
    )


def _say_value(value: float | None) -> str:
    return "no value" if value is None else f"{value:,.6g}"


def run_directly(settings: Settings, live: bool) -> "Outcome":
    """The line without an orchestrator."""
    from flows.line import refresh
    from flows.progress import Progress, call_directly

    return refresh(settings, Progress(call_directly), live)


def run_under_prefect(settings: Settings, live: bool) -> "Outcome":
    """The line as a flow; if Prefect itself is in trouble, the line all the same."""
    from flows.temporary_prefect import is_configured, temporary_server

    try:
        if is_configured():
            return _run_flow(settings, live)
        click.echo("Starting Prefect for this run (--direct does without it)")
        with temporary_server(settings, meanwhile=_import_ahead):
            return _run_flow(settings, live)
    except PipelineError:
        raise
    except Exception as error:
        if STOPPED:
            raise  # by Ctrl-C, not by Prefect
        # Whatever breaks in Prefect, the run goes on.
        log = settings.data / "prefect" / "server.log"
        click.echo(
            f"Prefect is in trouble ({type(error).__name__}, see {log}): going on without it"
        )
        return run_directly(settings, live)


def _import_ahead() -> None:
    """Import what the run needs and is slow, while the server starts on another core."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # Great Expectations reads it when imported
    for name in ("flows.pipeline", "great_expectations", "frictionless"):
        import_module(name)


def _run_flow(settings: Settings, live: bool) -> "Outcome":
    from flows.pipeline import refresh

    return refresh(settings.root, live)


jalon.add_command(serve)


@jalon.command()
@click.pass_obj
def check(settings: Settings) -> None:
    """Check the catalogue: all that needs no data."""
    from flows.catalog import load_catalog
    from flows.push.push import inspect_destinations
    from flows.releases.notice import inspect_notice
    from flows.steps.inspect import inspect_catalog, inspect_schemas

    catalog = load_catalog(settings.catalog)
    inspect_catalog(settings, catalog)
    inspect_destinations(settings, catalog)
    inspect_notice(settings, catalog)
    inspect_schemas(settings.schemas)
    if settings.warehouse.is_file():
        from flows.steps.check import refuse_doubles
        from flows.warehouse import connect

        with connect(settings.warehouse, read_only=True) as con:
            refuse_doubles(con)
    click.echo(f"{len(catalog.sources)} sources, {len(catalog.indicators)} indicators: all is well")


@jalon.command()
@click.argument("name")
@click.option("--live", is_flag=True, help="Ask its publisher, over the network.")
@click.pass_obj
def ingest(settings: Settings, name: str, live: bool) -> None:
    """Fetch and validate the source NAME, without a release."""
    from flows.line import ingest as ingest_source
    from flows.progress import Progress, call_directly

    for report in ingest_source(settings, name, Progress(call_directly), live):
        click.echo(f"{report.rows:,} rows, {report.rejected_rows:,} rejected: {report.folder}")


@jalon.command()
@click.argument("file", type=click.Path(readable=False, path_type=Path))
@click.option("--schema", help="A path, a URL, or owner/name@version of schema.data.gouv.fr.")
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
@click.option("--rejects", type=click.Path(path_type=Path), help="Write rejected rows there (CSV).")
@click.option("--report", type=click.Path(path_type=Path), help="As .html, .md, .csv or .json.")
@click.option("--encoding", help="As in utf-8 or cp1252; found if it is not given.")
@click.option("--delimiter", help="The mark between cells; found if it is not given.")
def validate(
    file: Path,
    schema: str | None,
    as_json: bool,
    rejects: Path | None,
    report: Path | None,
    encoding: str | None,
    delimiter: str | None,
) -> None:
    """Judge the CSV FILE, or each CSV of a datapackage.json, against a Table Schema.

    Exit codes: 0 valid, 1 not valid, 2 could not be judged. Without a schema, one is proposed.
    """
    from flows import tell
    from flows.errors import UnjudgedError
    from flows.examine import AGAIN, examine
    from flows.steps.validate.reading.dialect import Dialect

    try:
        tell.refuse_report(report)
        dialect = Dialect(encoding=encoding, delimiter=delimiter)
        watch = tell.bar_for if tell.wants_bar(file) else None
        examined = list(examine(file, schema, dialect, rejects=rejects, watch=watch))
        with machine_errors(report or file, AGAIN):
            if report:
                tell.write_reports(report, examined, rejects)
        tell.tell(examined, as_json)
    except PipelineError as error:
        raise UnjudgedError(*error.args) from error
    sys.exit(0 if all(each.verdict.valid for each in examined) else 1)


jalon.add_command(geo)
for command in (
    *(fetch, sources, prune, indicator, explain, push, preflight, attack),
    *(releases, diff, accept, rollback, verify),
):
    jalon.add_command(command)


@jalon.group()
def new() -> None:
    """Write the files of a new source or indicator."""


@new.command("source")
@click.argument("told", metavar="NAME|URL|FILE")
@click.option("--name", help="The name of what is drafted from a URL or a file.")
@click.pass_obj
def new_source(settings: Settings, told: str, name: str | None) -> None:
    """Write the YAML, SQL, schema and sample of the source NAME.

    From an address or a file they are drafted: encoding, dialect, header, types, the column of
    communes and the map that it speaks of are found, to be reviewed.
    """
    if "/" not in told and "." not in told:
        from flows.new import create_source

        _tell_files(settings, create_source(settings, told))
        return
    from flows.new_from import create_from

    paths, todo = create_from(settings, told, name)
    for line in todo:
        click.echo(f"- {line}")
    _tell_files(settings, paths)


@new.command("indicator")
@click.argument("name")
@click.option("--dataset", required=True, help="The dataset that publishes it.")
@click.pass_obj
def new_indicator(settings: Settings, name: str, dataset: str) -> None:
    """Write the YAML and SQL of the indicator NAME, and add it to a dataset."""
    from flows.new import create_indicator

    _tell_files(settings, create_indicator(settings, name, dataset))


def _tell_files(settings: Settings, paths: list[Path]) -> None:
    for path in paths:
        click.echo(path.relative_to(settings.root))
    click.echo("Edit them as CONTRIBUTING.md says, then: jalon check")


def main() -> None:
    """Run the command; a PipelineError is one sentence on stderr, and its exit code."""
    _note_ctrl_c()
    try:
        with machine_errors(Path()):
            jalon()
    except PipelineError as error:
        click.echo(f"jalon: {error}", err=True)
        sys.exit(error.exit_code)
    except Exception:
        if not STOPPED:
            raise
        click.echo("\nAborted!", err=True)  # as click says it
        sys.exit(1)


def _note_ctrl_c() -> None:
    """Let Ctrl-C be known as such: DuckDB, numpy and Great Expectations make other errors of it."""

    def stop(number: int, frame: FrameType | None) -> None:
        STOPPED.append(number)
        signal.default_int_handler(number, frame)

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, stop)
