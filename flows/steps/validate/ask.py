"""Ask: frictionless's own field on the distinct cells of a column that DuckDB cannot judge."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb

from flows.errors import SourceError
from flows.steps.validate.query import Column
from flows.steps.validate.rules.expressions import quote, read_categories

PATIENCE_SECONDS = 60  # for the start and for a hundred cells; more for more of them
CELLS_A_SECOND = 1000
MIN_OBJECT_BYTES = 1 << 20
WORKER = Path(__file__).with_name("fallback_worker.py")
SHAPE = (
    "{cell: 'VARCHAR', is_fine: 'BOOLEAN', notes: 'VARCHAR[]', value: 'VARCHAR', shown: 'VARCHAR'}"
)


def ask_frictionless(
    con: duckdb.DuckDBPyConnection, folder: Path, asked: dict[int, Column], cells: dict[int, str]
) -> None:
    """Make the table judged<n> of each column: a row for each text of the query *cells*[n].

    Raises SourceError when a cell takes too long, as some regular expressions may.
    """
    jobs, count = [], 0
    for number, column in asked.items():
        job = _describe_job(folder, number, column)
        query = f"copy ({cells[number]}) to {quote(job['cells'])} (format json)"
        count += con.execute(query).fetchall()[0][0]
        jobs.append(job)
    names = [column.field.name for column in asked.values()]
    _run_worker(folder, jobs, names, PATIENCE_SECONDS + count // CELLS_A_SECOND)
    for number, job in zip(asked, jobs, strict=True):
        con.execute(
            f"create or replace table judged{number} as"
            f" select * from read_json({quote(job['verdicts'])}, format = 'newline_delimited',"
            f" columns = {SHAPE}, maximum_object_size = {_longest_line(Path(job['verdicts']))})"
        )


def _longest_line(path: Path) -> int:
    with path.open("rb") as file:
        return max(MIN_OBJECT_BYTES, 2 * max(map(len, file), default=0))


def _describe_job(folder: Path, number: int, column: Column) -> dict[str, Any]:
    return {
        "descriptor": {**column.field.descriptor, "missingValues": []},
        "categories": read_categories(column.field),
        "cells": str(folder / f"cells{number}.json"),
        "verdicts": str(folder / f"verdicts{number}.json"),
    }


def _run_worker(folder: Path, jobs: list[dict[str, Any]], names: list[str], seconds: int) -> None:
    """Run the jobs in a process that can be stopped: Python's engine cannot be, from within."""
    path = folder / "jobs.json"
    path.write_text(json.dumps(jobs), encoding="utf-8")
    command = [sys.executable, "-P", str(WORKER), str(path)]
    listed = ", ".join(names)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        problem = f"judging its cells takes more than {seconds} s"
        hint = "its pattern may take for ever on some texts: write a simpler one"
        raise SourceError(f"field {listed}", problem, hint) from error
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise SourceError(f"field {listed}", f"frictionless cannot judge it: {reason}")
