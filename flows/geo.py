"""The `jalon geo` commands. Exit codes: 0 all is right, 1 something is not, 2 cannot be read."""

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from flows.errors import PipelineError, UnjudgedError
from flows.settings import Settings

RATIO = re.compile(r"(?P<name>[^=]+)=(?P<numerator>[^/]+)/(?P<denominator>.+)")
POLICIES = ("same", "largest", "list")
file_argument = click.argument("file", type=click.Path(readable=False, path_type=Path))
column_option = click.option("--column", required=True, help="The column of commune codes.")
encoding_option = click.option("--encoding", help="As in utf-8 or cp1252; else it is found.")
delimiter_option = click.option("--delimiter", help="The mark between cells; else it is found.")


@click.group()
def geo() -> None:
    """Commune codes of a CSV: what they are, and on the map of another year."""


@geo.command()
@file_argument
@column_option
@click.option("--json", "as_json", is_flag=True, help="Print the diagnosis as JSON.")
@encoding_option
@delimiter_option
@click.pass_obj
def diagnose(
    settings: Settings,
    file: Path,
    column: str,
    as_json: bool,
    encoding: str | None,
    delimiter: str | None,
) -> None:
    """Tell which year's map the codes of the CSV FILE speak of, and what is wrong with them.

    Exit codes: 0 the map has every code, 1 it has not, 2 the file cannot be read.
    """
    from flows.geography import diagnose_file
    from flows.steps.validate.reading.dialect import Dialect
    from flows.tell_geography import tell_diagnosis

    try:
        dialect = Dialect(encoding=encoding, delimiter=delimiter)
        found = diagnose_file(settings, file, column, dialect)
    except PipelineError as error:
        raise UnjudgedError(*error.args) from error
    tell_diagnosis(file.name, column, found, as_json)
    sys.exit(0 if found.is_right else 1)


@geo.command()
@file_argument
@column_option
@click.option("--from", "from_", default="auto", help="The year of its map; auto: it is found.")
@click.option("--to", type=int, help="The year of the map of the result; else the newest.")
@click.option("--vintage-column", help="The column that tells the year of the map of each row.")
@click.option("--count", "counts", multiple=True, help="A column that is added up.")
@click.option("--ratio", "ratios", multiple=True, help="NAME=NUM/DEN: divided after adding up.")
@click.option("--class", "classes", multiple=True, help="A category: COL, or COL=same|largest|list")
@click.option("--group", "groups", multiple=True, help="A column that stays part of the key.")
@click.option("--drop", "drops", multiple=True, help="A column to leave out.")
@click.option("--missing", type=click.Choice(["null", "ignore"]), default="null")
@click.option("--null", "nulls", multiple=True, help="What means no value, beside an empty cell.")
@click.option("--decimal", type=click.Choice([".", ","]), help="Found if it is not given.")
@click.option("--output", type=click.Path(path_type=Path), help="Write the CSV there.")
@click.option("--report", type=click.Path(path_type=Path), help="Write what was lost there (JSON).")
@click.option("--max-lost-percent", type=float, default=0, help="Of the rows; more ends in 1.")
@encoding_option
@delimiter_option
@click.pass_obj
def convert(settings: Settings, /, file: Path, **options: Any) -> None:
    """Carry the rows of the CSV FILE to the map of another year, with a report of the losses.

    Every column has to be declared. A missing part makes a sum null, unless --missing ignore.
    Exit codes: 0 nothing lost, 1 more than --max-lost-percent lost, 2 nothing could be done.
    """
    try:
        lost_percent = _convert(settings, file, options)
    except PipelineError as error:
        raise UnjudgedError(*error.args) from error
    sys.exit(0 if lost_percent <= options["max_lost_percent"] else 1)


def _convert(settings: Settings, file: Path, options: dict[str, Any]) -> float:
    """Write the result and the report; how much was lost. The result alone is on stdout."""
    from rich.console import Console

    from flows.files import write_json
    from flows.geography import convert_file
    from flows.steps.validate.reading.dialect import Dialect
    from flows.tell_geography import conversion_as_json, tell_conversion

    dialect = Dialect(encoding=options["encoding"], delimiter=options["delimiter"])
    plan = _read_plan(settings, options)
    output, report = options["output"], options["report"]
    with TemporaryDirectory(prefix="jalon-") as folder:
        written = output or Path(folder) / "converted.csv"
        done = convert_file(settings, file, plan, dialect, written)
        if output is None:
            click.echo(written.read_text(encoding="utf-8"), nl=False)
    if report:
        write_json(report, conversion_as_json(file.name, done))
    console = Console(stderr=output is None, highlight=False, soft_wrap=True, markup=False)
    tell_conversion(file.name, done, console)
    return done.conversion.lost_percent


def _read_plan(settings: Settings, options: dict[str, Any]) -> Any:
    from flows.geography import newest_vintage
    from flows.steps.convert import Plan

    year, vintage_column = options["from_"], options["vintage_column"]
    if year != "auto" and not re.fullmatch(r"\d{4}", year):
        raise UnjudgedError(f"--from {year}", "is not a year", "give a year, or auto")
    if year != "auto" and vintage_column:
        raise UnjudgedError("--from", "--vintage-column tells the years", "give one of them")
    return Plan(
        column=options["column"],
        to_vintage=options["to"] or newest_vintage(settings),
        from_vintage=None if year == "auto" else int(year),
        vintage_column=vintage_column,
        counts=options["counts"],
        ratios=tuple(map(_read_ratio, options["ratios"])),
        classes=tuple(map(_read_class, options["classes"])),
        groups=options["groups"],
        drops=options["drops"],
        missing=options["missing"],
        decimal=options["decimal"],
        nulls=options["nulls"],
    )


def _read_ratio(told: str) -> Any:
    from flows.steps.convert import Ratio

    if not (found := RATIO.fullmatch(told)):
        raise UnjudgedError(f"--ratio {told}", "is no ratio", "write NAME=NUMERATOR/DENOMINATOR")
    return Ratio(**found.groupdict())


def _read_class(told: str) -> Any:
    column, mark, policy = told.rpartition("=")
    if not mark:
        return told, "same"
    if policy not in POLICIES:
        hint = f"give one of {', '.join(POLICIES)}"
        raise UnjudgedError(f"--class {told}", f"no such policy: {policy}", hint)
    return column, policy
