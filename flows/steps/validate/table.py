"""Table: one file against one Table Schema, from its bytes to the verdict."""

import csv
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import duckdb

from flows.errors import SourceError
from flows.steps.validate.checks import bind_checks
from flows.steps.validate.faults import list_faults, read_first, read_rules
from flows.steps.validate.header import Header, match_header
from flows.steps.validate.judge import (
    Judgement,
    judge_verdict,
    keep_none_bad,
    set_bad_aside,
    write_if_right,
    write_right,
)
from flows.steps.validate.keys import find_repeats, find_strangers, mark_swallowing, write_keys
from flows.steps.validate.query import Column, compile_columns
from flows.steps.validate.reading.dialect import Dialect
from flows.steps.validate.reading.open import open_file, write_utf8
from flows.steps.validate.reading.rows import Table
from flows.steps.validate.reading.stage import (
    MAX_FAST_COLUMNS,
    NotProvenError,
    Stage,
    stage_in_place,
    stage_rows,
)
from flows.steps.validate.rejects import write_rejects
from flows.steps.validate.schema import Schema
from flows.steps.validate.verdict import Fault, Rule, Verdict

if TYPE_CHECKING:
    from flows.catalog.models import Layout

KEPT_ERRORS = 10_000
MEMORY = "450MB"  # of DuckDB; the process takes some more
MAX_COLUMNS = 2000  # DuckDB's plan for twice as many does not fit in that memory


@dataclass(frozen=True)
class Request:
    """What to judge, and what to write: the valid rows (typed, Parquet) and the others (CSV).

    `references` are the tables that foreign keys speak of: by name of resource and fields, a file
    of Parquet with their values; `key_files` are such files to be written, by fields. `edition` is
    added to the valid rows as a column. `watch` is entered with the connection while it works.
    """

    path: Path
    schema: Schema
    dialect: Dialect = field(default_factory=Dialect)
    format: str = "csv"
    layout: "Layout | None" = None
    valid: Path | None = None
    rejects: Path | None = None
    edition: int | None = None
    kept_errors: int = KEPT_ERRORS
    references: dict[tuple[str, ...], Path] = field(default_factory=dict)
    key_files: dict[tuple[str, ...], Path] = field(default_factory=dict)
    watch: Callable[[duckdb.DuckDBPyConnection], AbstractContextManager[Any]] = nullcontext


def validate_table(request: Request) -> Verdict:
    """The verdict on a file.

    Raises SourceError when it is no table or cannot be judged, CatalogError when the schema is
    wrong.
    """
    with make_workplace() as folder:
        try:
            table = _open(request, folder)
        except UnicodeDecodeError as error:
            return _stop(request.path, "encoding-error", str(error))
        except (LookupError, csv.Error) as error:
            return _stop(request.path, "source-error", str(error))
        with closing(table):
            return judge_table(request, table, folder)


def _open(request: Request, folder: Path) -> Table:
    return open_file(request.path, folder, request.dialect, request.format, request.layout)


def judge_table(request: Request, table: Table, folder: Path) -> Verdict:
    """The verdict on a *table* that is open; *folder* is for what is left over."""
    if table.is_empty:
        return _stop(request.path, "source-error", "the source is empty")
    if len(table.labels) > MAX_COLUMNS:
        problem = f"has {len(table.labels):,} columns; at most {MAX_COLUMNS:,} can be judged"
        hint = "see whether its delimiter is right and its lines end, or split it"
        raise SourceError(request.path.name, problem, hint)
    row = request.layout.header_row if request.layout else (table.dialect.header_rows or (1,))[0]
    header = match_header(request.schema, table.labels, row=row, case=table.dialect.header_case)
    if table.is_header_open:
        swallowed = Fault("swallowed-rows", row, row, None, None)
        header = replace(header, faults=(*header.faults, swallowed))
    if not header.fields:
        rules = tuple(map(_rule, header.faults))
        return Verdict(request.path.name, 0, 0, rules, header.faults)
    case = _judge(request, table, header, folder)
    with closing(case.con):
        verdict = _conclude(request, case, header)
        if request.rejects:
            write_rejects(case, verdict.rules, request.rejects, table.dialect.delimiter or ",")
        return verdict


def _stop(path: Path, type_: str, why: str) -> Verdict:
    fault = Fault(type_, None, None, None, None, expected=why)
    return Verdict(path.name, 0, 0, (_rule(fault),), (fault,))


@contextmanager
def make_workplace(parent: Path | None = None) -> Iterator[Path]:
    """A folder for what a judgement leaves on the way, in *parent* or where such folders stand."""
    folder = Path(mkdtemp(prefix="jalon-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _judge(request: Request, table: Table, header: Header, folder: Path) -> Judgement:
    schema = request.schema
    groups = [schema.primary_key, *schema.unique_keys, *request.key_files]
    groups += [key.fields for key in schema.foreign_keys]
    keys = {name for group in groups for name in group}
    keys |= {each.name for each in header.fields if each.constraints.get("unique")}
    columns = compile_columns(header.fields, keys)
    if stage := _stage_in_place(table, columns, folder):
        try:
            return _run(request, stage, columns, folder)
        except (NotProvenError, duckdb.Error):
            table = _open(request, folder)
    with closing(table):
        stage = stage_rows(folder / "rows.csv", table.rows, len(columns))
    return _run(request, stage, columns, folder)


def _stage_in_place(table: Table, columns: list[Column], folder: Path) -> Stage | None:
    """The file as DuckDB reads it, where that may be as Python does."""
    if not (table.is_csv and table.dialect.is_plain and table.header_lines == 1):
        return None
    if not 0 < len(columns) <= MAX_FAST_COLUMNS:
        return None
    try:
        path = write_utf8(table, folder)
    except UnicodeDecodeError:
        return None
    return stage_in_place(
        path, table.dialect.delimiter or ",", len(columns), first=2 + table.dropped
    )


def _run(request: Request, stage: Stage, columns: list[Column], folder: Path) -> Judgement:
    con = duckdb.connect()
    con.execute(f"set memory_limit = '{MEMORY}'; set temp_directory = '{folder / 'spilled'}'")
    if len(columns) > MAX_FAST_COLUMNS:
        con.execute("set threads = 1; set memory_limit = '900MB'")  # each thread holds whole rows
    con.execute("set disabled_optimizers = 'in_clause'")  # it makes a join of every list of values
    case = Judgement(con, folder, stage, list(columns), edition=request.edition)
    try:
        with request.watch(con):
            _find_all(request, case)
    except BaseException:
        con.close()
        raise
    return case


def _find_all(request: Request, case: Judgement) -> None:
    schema, valid = request.schema, request.valid
    bind_checks(case, schema.custom_checks)
    case.ask_always()
    is_right = write_if_right(case, valid) if valid else judge_verdict(case)
    if is_right:
        case.stage.prove(case.rows)
        keep_none_bad(case)
    else:
        set_bad_aside(case)
        list_faults(case)
    more = [find_repeats(case, *key) for key in _keys(schema, case.columns)]
    more += [find_strangers(case, key, request.references) for key in schema.foreign_keys]
    more += [mark_swallowing(case)]
    if valid and (not is_right or any(more)):
        write_right(case, valid, but_bad=any(more))
    for fields, path in request.key_files.items():
        write_keys(case, fields, path)


def _keys(schema: Schema, columns: list[Column]) -> Iterator[tuple[str, str | None, list[Column]]]:
    by_name = {column.field.name: column for column in columns}
    for column in columns:
        if column.field.constraints.get("unique"):
            yield "unique-error", column.field.name, [column]
    if schema.primary_key and set(schema.primary_key) <= set(by_name):
        yield "primary-key", None, [by_name[name] for name in schema.primary_key]
    for key in schema.unique_keys:
        if set(key) <= set(by_name):
            yield "unique-error", ", ".join(key), [by_name[name] for name in key]


def _conclude(request: Request, case: Judgement, header: Header) -> Verdict:
    stopped = [case.stage.stopped] if case.stage.stopped else []
    first = [*header.faults, *stopped]
    return Verdict(
        file=request.path.name,
        rows=case.rows,
        rejected_rows=case.count("select count(*) from bad"),
        rules=(*(_rule(fault) for fault in first), *read_rules(case)),
        errors=(*first, *read_first(case, request.kept_errors))[: request.kept_errors],
        fallback_fields=tuple(case.asked[number].field.name for number in sorted(case.asked)),
        notes=tuple(case.notes),
    )


def _rule(fault: Fault) -> Rule:
    return Rule(fault.type, fault.field, fault.rule, fault.expected, 1, (fault,))
